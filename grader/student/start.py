"""A student's own copy of the lessons: written from the release that is installed, never over anything that is there."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader import language
from grader.errors import CourseError
from grader.files import course
from grader.files.course import Course
from grader.files.names import DATA
from grader.files.outline import outline
from grader.messages import say
from grader.student import beside, released
from grader.student.adapted import adapted


def start(folder: Path, *, update: bool = False) -> Iterator[str]:
    """Write each lesson of the installed release into `folder/<number>_<lesson>/`, and its figures into `folder/img/`; say
    of each whether it was written, and at last what to do next. What is there is left alone, whatever is in it. Lessons come
    in the language that is spoken, where they are translated.

    Args:
        update: bring a newer release into the lessons that are there, and keep every answer.

    Raises:
        CourseError: no lessons are installed, or `folder` is a file.
    """
    home = course.installed()
    if home is None:
        raise CourseError(say("no_lessons", python=sys.executable))
    if folder.exists() and not folder.is_dir():
        raise CourseError(say("a_file_there", folder=folder))
    english, mine = Course(home), Course(folder)
    translated = english.in_language(language.current())
    there, others = set(translated.lessons_there()), False
    for place, lesson in enumerate(english.lessons(), 1):
        release = translated if lesson in there else english
        number = course.number_in(release.folder(lesson)) or place
        target = folder / f"{number}_{lesson}"
        if lesson in mine.lessons_there():
            same = english.in_language(outline(mine.folder(lesson)).language)
            release = same if lesson in same.lessons_there() else english
            if update:
                yield from _update(release, mine, lesson)
            else:
                others |= (other := not released.same(release, mine, lesson))
                yield say("another_release" if other else "started_before", lesson=lesson)
        elif target.exists() or (folder / lesson).exists():
            yield say("started_before", lesson=lesson)
        else:
            _write(release, lesson, target)
            released.keep(release, mine, lesson)
            yield say("started" if release is translated else "not_in_language", lesson=target.name)
    beside.write(mine)
    if others:
        yield say("to_update")
    here = folder.resolve() == Path.cwd()
    yield say("next_here") if here else say("next", folder=folder)


def _update(release: Course, mine: Course, lesson: str) -> Iterator[str]:
    from grader.student import update

    try:
        yield from update.update(release, mine, lesson)
        _write_figures(release, lesson, mine.exercises)
        _write_data(release, lesson, mine.folder(lesson))
    except CourseError as error:
        yield update.refused(lesson, error)


def _write(release: Course, lesson: str, target: Path) -> None:
    """Write one lesson, all of it or nothing: half of one would be left alone by the next start."""
    folder = target.parent
    _write_figures(release, lesson, folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".start-") as partial:
        whole = Path(partial, lesson)
        whole.mkdir()
        for file in release.released(lesson):
            (whole / file.name).write_bytes(adapted(file))
        _write_data(release, lesson, whole)
        whole.rename(target)


def _write_data(release: Course, lesson: str, folder: Path) -> None:
    for file in release.data(lesson):
        (folder / DATA).mkdir(exist_ok=True)
        shutil.copyfile(file, folder / DATA / file.name)


def _write_figures(release: Course, lesson: str, folder: Path) -> None:
    (folder / "img").mkdir(parents=True, exist_ok=True)
    for figure in release.figures(lesson):
        if not (folder / "img" / figure.name).exists():
            shutil.copyfile(figure, folder / "img" / figure.name)
