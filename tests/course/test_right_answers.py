"""Right answers written in other ways earn full marks: a false alarm is the worst thing a grader does.

They stand in `tests/submissions/textbook/` (as a textbook has them) and `tests/submissions/other/`, a cell each, under
a title such as `# %% corr2d: windows and einsum`.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from grader.author.expectations import build_key
from grader.files import course
from grader.files.percent import MARKER
from grader.files.submission import of_cells
from grader.judge import assess
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases, run

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[1] / "submissions"
COURSE = course.find()
SEEDS = ("right-1", "right-2")
OTHERS_AT_LEAST = 3


class RightAnswer(NamedTuple):
    lesson: str
    exercise: str
    how: str
    cell: str


def answers(kind, lesson):
    """The answers of one file, in its order."""
    text = (FOLDER / kind / f"{lesson}.py").read_text(encoding="utf-8")
    markers = list(MARKER.finditer(text))
    ends = [marker.start() for marker in markers[1:]] + [len(text)]
    for marker, end in zip(markers, ends, strict=True):
        exercise, _, how = marker["title"].partition(": ")
        yield RightAnswer(lesson, exercise, how, text[marker.end() : end])


TEXTBOOK = [answer for lesson in COURSE.lessons() for answer in answers("textbook", lesson)]
OTHER = [answer for lesson in COURSE.lessons() for answer in answers("other", lesson)]


@pytest.fixture(scope="module")
def worker():
    worker = Sandbox()
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def keys(worker):
    return {
        (lesson, seed): build_key(COURSE.files(lesson), worker, seed, public_only=False)
        for lesson in COURSE.lessons()
        for seed in SEEDS
    }


@pytest.mark.parametrize("answer", TEXTBOOK + OTHER, ids=lambda answer: f"{answer.lesson}/{answer.exercise}: {answer.how}")
def test_a_right_answer_earns_full_marks(answer, worker, keys):
    files = COURSE.files(answer.lesson)
    cells = [*files.code_cells, "import torch\nfrom torch import nn", answer.cell]
    for seed in SEEDS:
        known = keys[answer.lesson, seed]
        checks = known.checks_of(answer.exercise)
        handed_in = of_cells(answer.lesson, cells)
        ran = run(worker, handed_in, phases(files, checks), [answer.exercise], seed)
        result = assess.assess(known, handed_in, ran, "sandbox")
        (got,) = [item for item in result.exercises if item.exercise == answer.exercise]
        assert got.earned == got.points > 0, [verdict.message for verdict in got.verdicts if not verdict.passed]


@pytest.mark.parametrize("lesson", COURSE.lessons())
def test_every_exercise_has_a_textbook_answer_and_three_others(lesson, keys):
    for exercise in keys[lesson, SEEDS[0]].exercises:
        assert [answer.exercise for answer in TEXTBOOK if answer.lesson == lesson].count(exercise.name) >= 1
        others = [answer for answer in OTHER if (answer.lesson, answer.exercise) == (lesson, exercise.name)]
        assert len({answer.how for answer in others}) >= OTHERS_AT_LEAST
