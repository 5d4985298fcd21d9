"""Exercises that docs/authoring.md shows how to express: a prediction with choices, and an optional one."""

from dataclasses import replace

from support.lessons import TINY

from grader.author import preview
from grader.author.verify import SEEDS, verify

CHOICE = replace(
    TINY,
    handout=TINY.handout.replace('def double(X):\n    """Twice X."""', 'def double():\n    """A letter."""').replace(
        "return X * torch.tensor(2.0)", 'return "b"'
    ),
    checks='''"""Checks of a prediction."""

from grader import Lesson

lesson = Lesson("tiny")
double = lesson.exercise("double")


@double.check(points=0.5)
def is_one_of_the_choices(answer):
    """Your answer is "a", "b" or "c"."""
    return answer.double() in ("a", "b", "c")


@double.check(points=1, hidden=True)
def the_prediction_is_right(answer):
    """Your prediction is right."""
    return answer.double()
''',
    misconceptions='''"""The other choices."""

from checks import double


@double.misconception
def took_the_sum(): "That is the sum of the columns."; return "a"


@double.misconception
def took_the_mean(): "That is the mean of each row."; return "c"
''',
)
OPTIONAL = replace(
    TINY,
    handout=TINY.handout.replace("about 1 minute.", "about 1 minute. Optional."),
    checks=TINY.checks.replace("points=1", "points=0"),
)


def test_a_prediction_shows_its_answer_to_nobody_and_tells_why_another_is_wrong(worker, tmp_path):
    assert verify(CHOICE, worker, SEEDS[:1]) == []
    told = {result.student: result.exercises[0] for result in preview.told(CHOICE, worker)}
    assert told["took_the_sum"].earned == 0.5
    assert told["took_the_sum"].mistakes == {"took_the_sum": "That is the sum of the columns."}


def test_an_optional_exercise_is_checked_and_gives_no_points(worker, tmp_path):
    assert verify(OPTIONAL, worker, SEEDS[:1]) == []
    preview.build(OPTIONAL, worker, tmp_path)
    assert "This exercise is optional" in (tmp_path / "tiny" / "tiny.ipynb").read_text()
    paid = replace(OPTIONAL, checks=TINY.checks)
    assert any("double is optional, and its checks are worth 2 points" in said for said in verify(paid, worker, SEEDS[:1]))
