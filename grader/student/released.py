"""The files of a lesson as they were given out: kept in a student's course, for a reset and for the next release."""

from __future__ import annotations

from grader.digest import file_digest
from grader.errors import CourseError
from grader.files.course import Course, in_all_languages, installed
from grader.files.names import JSON_NAME
from grader.files.outline import outline
from grader.files.submission import SUFFIXES
from grader.messages import say
from grader.student.adapted import adapted
from grader.student.progress import FOLDER, made

RELEASED = "released"


def keep(release: Course, mine: Course, lesson: str) -> None:
    """Keep a copy of the files that a student writes into."""
    folder = made(mine.exercises / FOLDER) / RELEASED / lesson
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in SUFFIXES:
        name = f"{lesson}{suffix}"
        (folder / name).write_bytes(adapted(release.folder(lesson) / name))


def same(release: Course, mine: Course, lesson: str) -> bool:
    """Whether a student's lesson is of the release that is installed."""
    return len({(course.folder(lesson) / JSON_NAME).read_bytes() for course in (release, mine)}) == 1


def before(mine: Course, lesson: str, suffix: str) -> bytes | None:
    """The copy that was kept; None where there is none."""
    file = mine.exercises / FOLDER / RELEASED / lesson / f"{lesson}{suffix}"
    return file.read_bytes() if file.is_file() else None


def as_given_out(course: Course, lesson: str, suffix: str) -> bytes:
    """A lesson's script or notebook as it was given out: a copy that `grader start` kept, or else the installed one, if it
    is of the same release.

    Raises:
        CourseError: there is neither.
    """
    name = f"{lesson}{suffix}"
    if (kept := before(course, lesson, suffix)) is not None:
        return kept
    wanted = outline(course.folder(lesson)).files.get(name)
    home = installed()
    for file in [course.folder(lesson) / name, *(each / lesson / name for each in (in_all_languages(home) if home else []))]:
        if file.is_file() and file_digest(file.read_bytes()) == wanted:
            return adapted(file)
    raise CourseError(say("not_given_out", file=name))
