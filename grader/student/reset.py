"""Puts the stub of one exercise back into a student's file, and keeps a copy of that file as it was."""

from __future__ import annotations

import copy
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from grader.errors import CourseError
from grader.files.course import Course
from grader.messages import say
from grader.student import document, progress, released
from grader.student.document import Cell, Document

BACKUPS = "backup"
"""The folder in `.grader/` for copies of a student's files from before they were changed."""


def reset(course: Course, lesson: str, exercise: str) -> list[str]:
    """Put the stub of an exercise back; sentences that say what was done, and where the copy is.

    Raises:
        CourseError: the stub is nowhere on this machine, or the student's file can't be read.
    """
    file = _file(course, lesson)
    original = document.parse(file.name, released.as_given_out(course, lesson, file.suffix))
    stub = next((cell for cell in original.cells if cell.defines(exercise)), None)
    if stub is None:
        raise CourseError(say("no_stub", name=exercise, lesson=lesson))
    if not file.exists():
        file.write_bytes(original.bytes())
        return [say("file_restored", file=course.relative(file))]
    mine = document.read(file)
    before = [cell.source for cell in mine.cells]
    _put_back(mine, exercise, stub)
    if [cell.source for cell in mine.cells] == before:
        return [say("nothing_to_restore", name=f"{lesson}/{exercise}", file=course.relative(file))]
    kept = keep(course, file)
    file.write_bytes(mine.bytes())
    return [
        say("was_reset", name=f"{lesson}/{exercise}", file=course.relative(file)),
        say("kept", file=course.relative(kept)),
    ]


def _file(course: Course, lesson: str) -> Path:
    """The file that a student works in."""
    folder = course.folder(lesson)
    answers = progress.lesson(course, lesson).answers
    if answers.file:
        return folder / answers.file
    there = [folder / f"{lesson}{suffix}" for suffix in (".ipynb", ".py") if (folder / f"{lesson}{suffix}").exists()]
    return there[0] if there else folder / f"{lesson}.ipynb"


def _put_back(mine: Document, exercise: str, stub: Cell) -> None:
    defining = [cell for cell in mine.cells if cell.defines(exercise)]
    for cell in defining[:-1]:  # the last one counts; one that stays above would be in the way
        cell.write(document.replaced(cell.source, exercise, ""))
    if defining:
        defining[-1].write(document.replaced(defining[-1].source, exercise, stub.source))
        return
    at = next((n for n, cell in enumerate(mine.cells) if f'check("{exercise}")' in cell.source), len(mine.cells))
    mine.cells.insert(at, copy.deepcopy(stub))


def keep(course: Course, file: Path) -> Path:
    """Copy a file into `.grader/backup/`; the path of the copy."""
    folder = progress.made(course.exercises / progress.FOLDER) / BACKUPS / file.parent.name
    folder.mkdir(parents=True, exist_ok=True)
    for name in _names(f"{file.stem}-{time.strftime('%Y-%m-%d-%H%M%S')}", file.suffix):
        if not (folder / name).exists():
            break
    return Path(shutil.copy2(file, folder / name))


def _names(stem: str, suffix: str) -> Iterator[str]:
    yield f"{stem}{suffix}"
    number = 2
    while True:
        yield f"{stem}-{number}{suffix}"
        number += 1
