"""Finds checks that hold nothing to account: no wrong answer loses them."""

from __future__ import annotations

from collections.abc import Iterator

from grader.author import audit
from grader.checks import Check
from grader.files.source import LessonFiles
from grader.files.submission import of_cells
from grader.judge.key import Key
from grader.judge.verdict import judge
from grader.sandbox.run import phases, run
from grader.sandbox.session import Worker


def find(files: LessonFiles, key: Key, worker: Worker) -> list[str]:
    """Sentences about the checks that pass whatever is handed in: each misconception, each edit of the reference, and the
    reference with its results spoiled. A check that some misconception loses costs no run."""
    return [
        f"{files.where(check.name)}: no wrong answer loses {check.name}: it passes with everything that was tried. Does its "
        "probe return what comes out?"
        for check in key.checks
        if not any(_lose(files, key, worker, check))
    ]


def _lose(files: LessonFiles, key: Key, worker: Worker, check: Check) -> Iterator[bool]:
    """Whether each wrong answer loses a check, those first that have been run already."""
    expected = key.expected[check.name]
    for mistake in key.mistakes:
        if mistake.exercise == check.exercise and check.name in mistake.observations:
            yield not judge(check, expected, mistake.observations[check.name]).passed
    for wrong in [*audit.spoiled(files), *audit.edits(files)]:
        if wrong.exercises == (check.exercise,):
            ran = run(worker, of_cells(key.lesson, wrong.cells), phases(files, [check]), [check.exercise], key.seed)
            yield not judge(check, expected, ran.observations.get(check.name, [])).passed
