"""Packs what a student hands in for a lesson, after reading it as the class will read it."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from grader.errors import CourseError
from grader.files import submission
from grader.files.answer_file import is_notebook
from grader.files.course import Course
from grader.messages import in_a_row, more_checks, say
from grader.student import progress
from grader.student.overview import DONE, Row
from grader.student.progress import Lesson

FOLDER = "hand_in"


def submit(course: Course, lesson: Lesson, rows: list[Row]) -> Iterator[str]:
    """Write `hand_in/LESSON.zip`, with the file that would be graded and the scripts that it may import; sentences that say
    what it holds, how it stands, and what is unfinished.

    Raises:
        CourseError: nothing is written, or what was packed is not read back as it was.
    """
    if not lesson.answers.cells or lesson.untouched:
        why = lesson.answers.notes[-1] if not lesson.answers.cells and lesson.answers.notes else say("nothing_written")
        raise CourseError(say("not_packed", lesson=lesson.name, why=why))
    archive = course.exercises / FOLDER / f"{lesson.name}.zip"
    archive.parent.mkdir(exist_ok=True)
    partial = archive.with_suffix(".partial")
    _pack(course, lesson, partial)
    _read_back(lesson, partial)
    partial.replace(archive)
    yield say("packed", archive=course.relative(archive), file=lesson.answers.file)
    yield from lesson.answers.notes
    done = [row for row in rows if row.state in DONE]
    yield say("stands", done=len(done), total=len(rows), lesson=lesson.name)
    yield from more_checks(lesson.outline.hidden)
    for state in ("wrong", "stub", "missing", None):
        if names := [row.exercise for row in rows if row.state == state]:
            yield say(f"unfinished_{state or 'unjudged'}", names=in_a_row(names))
    yield say("upload", archive=course.relative(archive))


def _pack(course: Course, lesson: Lesson, archive: Path) -> None:
    file = course.folder(lesson.name) / lesson.answers.file
    suffix = ".ipynb" if is_notebook(file.name) else ".py"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        target.write(file, f"{lesson.name}/{lesson.name}{suffix}")
        for name in sorted(lesson.answers.beside):
            if name not in (file.name, f"{lesson.name}.py"):
                target.write(file.with_name(name), f"{lesson.name}/{name}")


def _read_back(lesson: Lesson, archive: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(archive) as source:
            source.extractall(folder)
        packed = submission.read(Path(folder, lesson.name), "", lesson.name, lesson.outline.released, lesson.names)
    if packed.cells != lesson.answers.cells:
        archive.unlink()
        raise CourseError(say("not_read_back", lesson=lesson.name))


def with_answers(course: Course) -> list[str]:
    """The lessons in which anything is written."""
    lessons = (progress.lesson(course, name) for name in course.lessons())
    return [lesson.name for lesson in lessons if lesson.answers.cells and not lesson.untouched]
