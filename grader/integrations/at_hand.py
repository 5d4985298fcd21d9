"""Which lesson a notebook belongs to, and where the answer key and the checks of it lie: beside the notebook, or in a
package that is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader import language
from grader.errors import CourseError
from grader.files import course
from grader.files.names import CHECKS_NAME, JSON_NAME, TENSORS_NAME
from grader.judge.key import Key, load_key
from grader.lesson.declare import Lesson
from grader.messages import in_a_row, say
from grader.student import own_check
from grader.worker.observe import load_checks

_STARTED_IN = Path.cwd()
"""The notebook's own folder: a kernel starts there, and a cell may have moved away since."""


@dataclass(frozen=True)
class Found:
    """A lesson and the folder that it was found in."""

    folder: Path
    key: Key
    lesson: Lesson
    checks: str

    @property
    def exercises(self) -> list[str]:
        return self.key.names


@dataclass
class _Notebook:
    """What a notebook's first cell says of it."""

    lesson: str = ""
    release: str = ""


_notebook = _Notebook()


def use_lesson(lesson: str, release: str = "") -> None:
    """Say which lesson the notebook in this kernel belongs to. Its first cell does.

    Args:
        release: what the digest of the release's `checks.py` begins with.
    """
    _notebook.lesson, _notebook.release = lesson, release


def named(exercise: str | Callable[..., object]) -> str:
    """The name of an exercise, which may be given as in the terminal, with that of its lesson in front, or as what it
    is itself."""
    return str(getattr(exercise, "__name__", exercise)).rpartition("/")[2]


def find(exercise: str = "", folder: Path | None = None) -> Found:
    """The lesson in a folder; where none is named, the one that the notebook says it belongs to; where it says nothing, or
    that lesson has no such exercise, the first one at hand that has it.

    From then on the program speaks its language, unless somebody chose another one.

    Raises:
        CourseError: there is none, or only one of another release.
    """
    found = _found(exercise, folder)
    language.of_course(found.key.language)
    return found


def _found(exercise: str, folder: Path | None) -> Found:
    if folder:
        return _read(folder)
    problem = None
    if _notebook.lesson:
        own = _own(_notebook.lesson, _notebook.release)
        if not exercise or exercise in own.exercises:
            return own
        problem = own_check.unknown(own.key, exercise)
    for found in _all():
        if not exercise or exercise in found.exercises:
            return found
        if found.folder == Path.cwd().resolve():
            problem = problem or own_check.unknown(found.key, exercise)
    raise problem or CourseError(say("no_lesson_here", name=exercise) if exercise else say("no_lessons_here"))


def _own(lesson: str, release: str) -> Found:
    """The lesson of that name and that release."""
    others = []
    for found in _all(lesson):
        if found.key.lesson == lesson:
            if found.key.files.get(CHECKS_NAME, "").startswith(release):
                return found
            others.append(found.folder)
    if others:
        raise CourseError(say("other_notebook", lesson=lesson, folder=others[0], python=sys.executable))
    raise CourseError(say("lesson_not_here", lesson=lesson, python=sys.executable))


def _all(likely: str = "") -> Iterator[Found]:
    """The lessons at hand, the one that the notebook lies in first, then those whose folder has a likely name.

    Raises:
        CourseError: the one that the notebook lies in can't be read. It is the notebook's own: another one will not do.
    """
    here = Path.cwd().resolve()
    for place in sorted(_places(), key=lambda place: (place != here, not place.name.endswith(likely))):
        try:
            yield _read(place)
        except CourseError:
            if place == here:
                raise


def _places() -> list[Path]:
    """Folders of lessons: the one that the notebook lies in, those below and beside it, those that are installed."""
    found = []
    for start in dict.fromkeys([Path.cwd(), _STARTED_IN]):
        for pattern in ("{}", "*/{}", "exercises*/*/{}", "../*/{}"):
            found += [path.parent for path in sorted(start.glob(pattern.format(JSON_NAME)))]
    for folder in course.all_installed():
        found += [path.parent for path in sorted(folder.glob(f"*/{JSON_NAME}"))]
    return list(dict.fromkeys(path.resolve() for path in found))


def _read(folder: Path) -> Found:
    """The lesson that lies in a folder, read again when a file of it has changed."""
    folder = folder.resolve()
    files = [folder / name for name in (JSON_NAME, TENSORS_NAME, CHECKS_NAME)]
    return Found(folder, *_read_once(folder, tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)))


@lru_cache(maxsize=64)
def _read_once(folder: Path, changed: tuple[int, ...]) -> tuple[Key, Lesson, str]:
    key = load_key(folder)
    try:
        source = (folder / CHECKS_NAME).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise CourseError(say("no_checks", folder=folder)) from None
    try:
        lesson = load_checks(source)
    except Exception as error:
        raise CourseError(say("bad_checks", folder=folder, error=f"{type(error).__name__}: {error}")) from None
    if missing := [check.name for check in key.checks if check.name not in lesson.checks]:
        raise CourseError(say("other_checks", folder=folder, names=in_a_row(missing)))
    return key, lesson, source
