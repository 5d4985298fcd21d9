"""A student's own copy of the lessons: written from the release that is installed, never over anything that is there."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.errors import CourseError
from grader.files import course
from grader.messages import say
from grader.student.adapted import adapted


def start(folder: Path) -> Iterator[str]:
    """Write each lesson of the installed release into `folder/<lesson>/`, and its figures into `folder/img/`; say of each
    whether it was written, and at last what to do next. A lesson whose folder is there is left alone, whatever is in it.

    Raises:
        CourseError: no lessons are installed, or `folder` is a file.
    """
    release = course.installed()
    if release is None:
        raise CourseError(say("no_lessons", python=sys.executable))
    if folder.exists() and not folder.is_dir():
        raise CourseError(say("a_file_there", folder=folder))
    lessons = course.Course(release)
    names = lessons.lessons()
    for lesson in names:
        if (folder / lesson).exists():
            yield say("started_before", lesson=lesson)
        else:
            _write(lessons, lesson, folder)
            yield say("started", lesson=lesson)
    yield say("next", folder=folder, lesson=names[0])


def _write(lessons: course.Course, lesson: str, folder: Path) -> None:
    """Write one lesson, all of it or nothing: half of one would be left alone by the next start."""
    (folder / "img").mkdir(parents=True, exist_ok=True)
    for figure in lessons.figures(lesson):
        if not (folder / "img" / figure.name).exists():
            shutil.copyfile(figure, folder / "img" / figure.name)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".start-") as partial:
        made = Path(partial, lesson)
        made.mkdir()
        for file in lessons.released(lesson):
            (made / file.name).write_bytes(adapted(file))
        made.rename(folder / lesson)
