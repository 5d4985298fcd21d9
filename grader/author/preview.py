"""What students would see of a lesson: its release, and each misconception as a student who hands it in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from grader.author import mistakes, release
from grader.author.expectations import build_key
from grader.files.source import LessonFiles
from grader.files.submission import of_cells
from grader.judge import assess
from grader.judge.result import Result
from grader.sandbox.run import phases, run
from grader.sandbox.session import Worker


def build(files: LessonFiles, worker: Worker, exercises: Path) -> None:
    """Write a lesson's release into a folder in which nobody works.

    Raises:
        CourseError: the lesson is not fit to be given out.
    """
    release.write(exercises / files.name, release.build(files, worker), replace=True)


def told(files: LessonFiles, worker: Worker) -> Iterator[Result]:
    """What each misconception is told when it is handed in, and for each exercise first the untouched stub: results whose
    student is called after what was handed in.

    Raises:
        CourseError: the lesson's own code fails.
    """
    key = build_key(files, worker, release.PUBLIC_SEED, public_only=False)
    stubs = {cell.exercise: release.stubbed(cell.source) for cell in files.cells if cell.exercise}
    wrong = mistakes.as_handed_in(files)
    for exercise in key.exercises:
        alone = msgspec.structs.replace(key, exercises=[exercise], written=[])
        answers = {"stub": stubs[exercise.name]} | {name: text for name, (of, text) in wrong.items() if of == exercise.name}
        for name, text in answers.items():
            cells = [text if cell.exercise == exercise.name else cell.source for cell in files.cells if cell.kind == "code"]
            handed_in = replace(of_cells(files.name, cells), student=name)
            ran = run(worker, handed_in, phases(files, alone.checks_of(exercise.name)), [exercise.name], key.seed)
            yield assess.assess(alone, handed_in, ran, worker.isolation)
