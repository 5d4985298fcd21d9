"""A student's own check: their file against the public checks and the answer key that lie beside it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader import assess, pictures, submission
from grader import key as keys
from grader.course import Course
from grader.key import CourseError, Key
from grader.messages import say
from grader.result import Result
from grader.run import Phase, run
from grader.sandbox.pool import Worker


def check(course: Course, lesson: str, exercise: str | None, worker: Worker) -> Result:
    """Check one lesson, or one exercise of it.

    Raises:
        CourseError: the release is not whole, or there is no such exercise.
    """
    folder = course.exercises / lesson
    key = only(keys.load(folder), exercise)
    try:
        checks = (folder / "checks.py").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CourseError(say("no_checks", folder=folder)) from None
    handed_in = submission.read(folder, "", lesson, key.released)
    if not handed_in.cells:
        return assess.nothing(key, handed_in, worker.isolation)
    if submission.release_digest(handed_in.code) == key.released.get(Path(handed_in.file).suffix):
        return assess.untouched(key, handed_in, worker.isolation)
    pictures.prepare(key.pictures)
    names = [item.name for item in key.exercises]
    ran = run(worker, handed_in.cells, [Phase(checks, key.checks)], names, key.seed)
    return assess.assess(key, handed_in, ran, worker.isolation)


def only(key: Key, exercise: str | None) -> Key:
    """The key, cut down to one exercise where one is named."""
    if exercise is None:
        return key
    chosen = [item for item in key.exercises if item.name == exercise]
    if not chosen:
        known = ", ".join(item.name for item in key.exercises)
        raise CourseError(f"The lesson {key.lesson} has no exercise {exercise}. It has {known}.")
    return msgspec.structs.replace(key, exercises=chosen, checks=key.checks_of(exercise))
