"""Brings a newer release into a student's course, and keeps every answer: `grader start --update`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.errors import CourseError
from grader.files.course import Course
from grader.files.names import CHECKS_NAME, JSON_NAME
from grader.files.outline import outline
from grader.files.submission import SUFFIXES
from grader.messages import say
from grader.student import document, released
from grader.student.adapted import adapted
from grader.student.merge import merge
from grader.student.reset import keep


def update(release: Course, course: Course, lesson: str) -> Iterator[str]:
    """Bring the newer release of a lesson in; sentences that say what was done.

    The student's files come first and the answer key last: where this is stopped, the next run goes on.

    Raises:
        CourseError: a file of the student can't be read, and so nothing of this lesson was changed.
    """
    folder, told = course.folder(lesson), outline(release.folder(lesson))
    if released.same(release, course, lesson) and released.before(course, lesson, ".py") is not None:
        yield say("up_to_date", lesson=lesson)
        return
    exercises = [item.name for item in told.exercises]
    made = [_merged(release, course, lesson, suffix, exercises) for suffix in SUFFIXES]
    for file, data, is_mine, lost in made:
        if data is None or (file.exists() and file.read_bytes() == data):
            continue
        if lost:
            beside = shutil.copyfile(file, file.with_name(f"{file.name}.before-update"))
            yield say("not_merged", file=course.relative(file), beside=course.relative(Path(beside)))
        elif is_mine:
            yield say("merged", file=course.relative(file), kept=course.relative(keep(course, file)))
        file.write_bytes(data)
    for source in sorted(release.released(lesson), key=lambda file: file.name == JSON_NAME):
        if source.suffix not in SUFFIXES or source.name == CHECKS_NAME:
            shutil.copyfile(source, folder / source.name)
    released.keep(release, course, lesson)
    yield say("updated", lesson=lesson)


class _Made(NamedTuple):
    """A file to write: its bytes (None where it is left alone), whether the student has written into it, and the texts of
    the student's cells that are not in it."""

    file: Path
    data: bytes | None
    is_mine: bool = False
    lost: Sequence[str] = ()


def _merged(release: Course, course: Course, lesson: str, suffix: str, exercises: list[str]) -> _Made:
    file = course.folder(lesson) / f"{lesson}{suffix}"
    newer, base = adapted(release.folder(lesson) / file.name), released.before(course, lesson, suffix)
    if not file.exists():
        return _Made(file, None if base is not None else newer)  # who deleted it does not want it
    if (mine := file.read_bytes()) == base:
        return _Made(file, newer)
    was = document.parse(file.name, base) if base is not None else None
    merged, lost = merge(was, document.parse(file.name, mine), document.parse(file.name, newer), exercises)
    return _Made(file, merged.bytes(), True, lost)


def refused(lesson: str, error: CourseError) -> str:
    """What is said of a lesson that was left as it is."""
    return say("not_updated", lesson=lesson, reason=error)
