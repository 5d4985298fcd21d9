"""The solutions that a release may show: which exercises allow it, and what is proven before another way is shown."""

from dataclasses import replace
from functools import cache

import pytest
from support.classroom import Here
from support.lessons import TINY, tiny

from grader.author.expectations import build_key
from grader.author.solutions import solutions
from grader.errors import CourseError

WAY = """

@double.way
def added(X):
    "No number is made."
    return X + X
"""


@cache
def key():
    return build_key(TINY, Here(), "public", public_only=True)


def test_nothing_is_shown_unless_somebody_says_so(classroom):
    assert solutions(TINY, Here(), key(), self_study=False) == {}


def test_an_exercise_may_allow_it_by_itself(classroom):
    files = tiny(checks=('lesson.exercise("double")', 'lesson.exercise("double", solution="after")'))
    (found,) = solutions(files, Here(), key(), self_study=False).values()
    assert found.code == "def double(X):\n    return X * torch.tensor(2.0)" and not found.ways


@pytest.mark.parametrize(
    ("code", "check"),
    [("X + 2", "doubles"), ("X * 2 if X.dim() == 2 else X", "doubles_a_block_of_numbers"), ("X + [1]", "doubles")],
)
def test_another_way_has_to_be_right_in_hidden_checks_too(classroom, code, check):
    files = replace(TINY, misconceptions=TINY.misconceptions + WAY.replace("X + X", code))
    with pytest.raises(CourseError, match=rf"misconceptions\.py, line \d+: the way added does not pass the check {check}\."):
        solutions(files, Here(), key(), self_study=True)
