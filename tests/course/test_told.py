"""What wrong answers are told is true of them, and a sentence: what a probe returns has names, and no path leads to it.

Those with the effect of a known mistake from another cause stand in `tests/submissions/aliases/`, a cell each, under a
title such as `# %% train_step: gradients_cleared_before_use: backward is never called`.
"""

import re
from pathlib import Path

import pytest

from grader.author.expectations import build_key
from grader.files import course
from grader.files.percent import MARKER
from grader.files.submission import of_cells
from grader.judge import assess
from grader.judge.verdict import judge
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases, run

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[1] / "submissions" / "aliases"
COURSE = course.find()
SEEDS = ("told-1", "told-2")
PATH = re.compile(r"item \d+ of item|\b[Ii]n (?:in|on|at)\b|\]\[|\['|→|^In [^:]*(?: of [^:]*){3}:")
"""What a beginner can't read: a place by numbers alone, a name that is none, signs of Python's, and a way of many steps."""


def aliases():
    """The lesson, the exercise, the mistake that is named, how it was made, and the answer."""
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        markers = list(MARKER.finditer(text))
        ends = [marker.start() for marker in markers[1:]] + [len(text)]
        for marker, end in zip(markers, ends, strict=True):
            yield path.stem, *marker["title"].split(": "), text[marker.end() : end]


@pytest.fixture(scope="module")
def worker():
    worker = Sandbox()
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def keys(worker):
    lessons = {lesson for lesson, *_ in aliases()}
    return {
        (lesson, seed): build_key(COURSE.files(lesson), worker, seed, public_only=False)
        for lesson in lessons
        for seed in SEEDS
    }


@pytest.mark.parametrize("lesson", COURSE.lessons())
def test_what_differs_is_told_by_names_and_not_by_a_path(lesson, keys):
    known = keys[lesson, SEEDS[0]]
    told = {
        f"{mistake.name}, {check.name}": judge(check, known.expected[check.name], mistake.observations[check.name]).message
        for mistake in known.mistakes
        for check in known.compared(mistake.exercise)
    }
    ends = re.compile(r" stopped with | It says: |(?<=\.) ")
    first = {name: ends.split(re.sub("`[^`]*`", "`code`", message))[0] for name, message in told.items()}
    assert {name: message for name, message in first.items() if PATH.search(message)} == {}


@pytest.mark.parametrize(("lesson", "exercise", "mistake", "how", "cell"), list(aliases()), ids=lambda part: str(part)[:40])
def test_an_answer_of_another_cause_is_told_what_was_seen(lesson, exercise, mistake, how, cell, worker, keys):
    files = COURSE.files(lesson)
    for seed in SEEDS:
        known = keys[lesson, seed]
        handed_in = of_cells(lesson, [*files.code_cells, "import torch\nfrom torch import nn", cell])
        ran = run(worker, handed_in, phases(files, known.checks_of(exercise)), [exercise], seed)
        result = assess.assess(known, handed_in, ran, "sandbox")
        (got,) = [item for item in result.exercises if item.exercise == exercise]
        assert list(got.mistakes) == [mistake], got.summary
