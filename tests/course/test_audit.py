"""An audit finds the holes in a lesson's checks, and holds its author to the list of edits that change nothing."""

import random
from dataclasses import replace

import pytest
import torch
from support.lessons import TINY

from grader.author import audit, mistakes, simulate, verify
from grader.errors import CourseError
from grader.files import course
from grader.sandbox.bubblewrap import Sandbox

LISTED = """
[[equivalent]]
exercise = "double"
was = "return X * torch.tensor(2.0)"
now = "{now}"
because = "it is the same number"
"""


@pytest.fixture(scope="module")
def worker():
    worker = Sandbox()
    yield worker
    worker.close()


SAME = ("return X * torch.tensor(2.0)", "return X * 2.0")
"""An edit of the tiny lesson's reference that changes nothing."""


def audited(files):
    return audit.audit(files, Sandbox, 1)


def test_checks_without_a_hole_let_nothing_through():
    found = audited(TINY)
    assert found.tried > 15
    assert [answer.edit for answer in found.survivors] == [SAME]


def test_a_hole_is_found_and_shown_as_an_edit():
    blind = replace(TINY, checks=TINY.checks.replace('normal("n m")', "2.0").replace('normal("a b c")', "2.0"))
    edits = {answer.edit for answer in audited(blind).survivors}
    assert ("return X * torch.tensor(2.0)", "return X + torch.tensor(2.0)") in edits
    assert ("return X * torch.tensor(2.0)", "return X - torch.tensor(2.0)") not in edits


def test_an_edit_that_is_listed_with_its_reason_is_no_survivor():
    found = audited(replace(TINY, equivalents=LISTED.format(now=SAME[1])))
    assert (found.survivors, found.stale) == ([], [])


def test_a_listed_edit_that_a_check_catches_is_stale():
    files = replace(TINY, equivalents=LISTED.format(now="return X + torch.tensor(2.0)"))
    assert [item.now for item in audited(files).stale] == ["return X + torch.tensor(2.0)"]


def test_verify_says_which_listed_edit_can_no_longer_be_made(worker):
    files = replace(TINY, equivalents=LISTED.format(now="return 7"))
    assert any("return 7" in problem for problem in verify.verify(files, worker))


ONE = TINY.misconceptions.partition("@double.misconception\ndef three")[0]


@pytest.mark.parametrize("misconceptions", [ONE, ONE.partition("@")[0]])
def test_a_lesson_with_fewer_than_two_misconceptions_is_audited_and_makes_a_class(misconceptions, tmp_path):
    files = replace(TINY, misconceptions=misconceptions)
    assert list(audit.pairs(files)) == []
    assert audited(files).tried > 10
    author = simulate.Author(files)
    for profile in simulate.SOUND:
        profile(author, tmp_path, random.Random(1))


@pytest.mark.parametrize("lesson", course.find().lessons())
def test_a_pair_is_of_two_exercises(lesson):
    pairs = list(audit.pairs(course.find().files(lesson)))
    assert len(pairs) == audit.PAIRS
    assert all(len(set(pair.exercises)) == 2 for pair in pairs)


CALLS = """
import math

import lesson as reference
from checks import double

def halved(X):
    return reference.double(X) / math.sqrt(4)

@double.misconception
def one_more(X, double_too=True):
    "You added one to the double."
    return reference.double(X) + 1 if double_too else X.double()

@double.misconception
def left_as_it_is(X):
    "You halved the double."
    return halved(X)

double.slip("2.0", "4.0", name="four_times", says="You doubled the double.")
"""


@pytest.mark.parametrize(("name", "gives"), [("one_more", 7), ("left_as_it_is", 3), ("four_times", 12)])
def test_a_misconception_is_handed_in_under_the_name_of_its_exercise_and_still_finds_the_reference(name, gives):
    exercise, text = mistakes.as_handed_in(replace(TINY, misconceptions=CALLS))[name]
    names = {"torch": torch}
    exec(text, names)
    assert names[exercise](torch.tensor(3.0)) == gives


def test_a_list_that_can_not_be_read_is_said_to_be_so():
    with pytest.raises(CourseError, match=r"equivalents\.toml can't be read"):
        audited(replace(TINY, equivalents="[[equivalent]]\nexercise = 3\n"))
