"""A student's own check: their file against the public checks and the answer key that lie beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from grader.errors import CourseError, Fault
from grader.files import submission
from grader.files.answer_file import is_notebook, release_digest
from grader.files.course import Course
from grader.judge import assess
from grader.judge.key import Key, load_key
from grader.judge.result import Result
from grader.lesson import pictures
from grader.messages import say
from grader.sandbox import faultline
from grader.sandbox.run import Phase, run
from grader.sandbox.session import Worker

ABOUT_GPU = say("gpu_too"), say("gpu_not")


@dataclass
class Checked:
    """What a check came to, and the search for the lines at fault, which takes seconds: it can wait until that is shown.
    What it finds is noted in the result."""

    result: Result
    locate: Callable[[], object] = lambda: None

    @property
    def right(self) -> bool:
        return all(item.state == "right" for item in self.result.exercises)


def check(course: Course, lesson: str, exercise: str | None, worker: Worker) -> Result:
    """What `begin` comes to, without a search for the lines at fault."""
    return begin(course, lesson, exercise, worker).result


def begin(course: Course, lesson: str, exercise: str | None, worker: Worker) -> Checked:
    """Check one lesson, or one exercise of it.

    Raises:
        CourseError: the release is not whole, or there is no such exercise.
    """
    folder = course.exercises / lesson
    whole = load_key(folder)
    key = only(whole, exercise)
    try:
        checks = (folder / "checks.py").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CourseError(say("no_checks", folder=folder)) from None
    names = [item.name for item in whole.exercises]
    handed_in = submission.read(folder, "", lesson, key.released, names)
    if not handed_in.cells:
        return Checked(assess.nothing(key, handed_in, worker.isolation))
    suffix = ".ipynb" if is_notebook(handed_in.file) else ".py"
    if release_digest(handed_in.code) == key.released.get(suffix):
        return Checked(assess.untouched(key, handed_in, worker.isolation))
    pictures.prepare(key.pictures)
    phases = [Phase(checks, key.checks)]
    ran = run(worker, handed_in, phases, [item.name for item in key.exercises], key.seed)
    if ran.gpu:
        seen = [item for found in ran.observations.values() if isinstance(found, list) for item in found]
        handed_in.notes.append(ABOUT_GPU[not any(item.kind == "cuda" for item in seen)])
    result = assess.assess(key, handed_in, ran, worker.isolation)

    def locate() -> None:
        used: set[str] = set()
        if exercise and not isinstance(ran.names, Fault):  # the others were not checked
            used = set(ran.names[exercise].uses) & set(names) - {exercise}
        if not used or _all_right(_cut(whole, used), checks, handed_in, worker):
            faultline.locate(worker, handed_in, phases, key, result, ran, names)

    return Checked(result, locate)


def _all_right(key: Key, checks: str, handed_in: submission.Submission, worker: Worker) -> bool:
    """Whether all exercises of a key are right."""
    ran = run(worker, handed_in, [Phase(checks, key.checks)], [item.name for item in key.exercises], key.seed)
    result = assess.assess(key, handed_in, ran, worker.isolation)
    return all(item.state == "right" for item in result.exercises)


def _cut(key: Key, exercises: set[str]) -> Key:
    """The key, cut down to some exercises."""
    chosen = [item for item in key.exercises if item.name in exercises]
    return msgspec.structs.replace(
        key, exercises=chosen, checks=[item for item in key.checks if item.exercise in exercises]
    )


def unknown(key: Key, exercise: str) -> CourseError:
    """What is wrong where a lesson has no such exercise."""
    known = ", ".join(item.name for item in key.exercises)
    return CourseError(f"The lesson {key.lesson} has no exercise {exercise}. It has {known}.")


def only(key: Key, exercise: str | None) -> Key:
    """The key, cut down to one exercise where one is named."""
    if exercise is None:
        return key
    if exercise not in (item.name for item in key.exercises):
        raise unknown(key, exercise)
    return _cut(key, {exercise})
