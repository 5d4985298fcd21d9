"""What is in a release's answer key, without what is expected: all that a list of exercises needs."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import msgspec

from grader.errors import CourseError
from grader.exercise import Exercise, Solution, Written
from grader.files.names import JSON_NAME
from grader.language import ENGLISH
from grader.messages import say


class OutlinedCheck(msgspec.Struct):
    """The name of a check, and of the exercise that it belongs to."""

    name: str
    exercise: str


class Outline(msgspec.Struct):
    """A key's outline. It is read in a millisecond, since the expectations are passed over."""

    lesson: str
    exercises: list[Exercise]
    checks: list[OutlinedCheck]
    released: dict[str, str] = {}
    files: dict[str, str] = {}
    hidden: int = 0
    solutions: dict[str, Solution] = {}
    self_study: bool = False
    language: str = ENGLISH
    written: list[Written] = []

    @property
    def names(self) -> list[str]:
        """All that is asked for: the exercises, and what is answered in words."""
        return [*(item.name for item in self.exercises), *(item.name for item in self.written)]


def outline(folder: Path) -> Outline:
    """Read the outline of the answer key in a lesson's folder.

    Raises:
        CourseError: there is no key, or it can't be read.
    """
    file = os.path.abspath(folder / JSON_NAME)
    try:
        about = os.stat(file)
        return _read(file, about.st_mtime_ns, about.st_size)
    except OSError:
        raise CourseError(say("no_key", folder=folder)) from None
    except msgspec.MsgspecError as error:
        raise CourseError(say("bad_key", folder=folder, error=error)) from None


@lru_cache(maxsize=100)
def _read(file: str, changed: int, size: int) -> Outline:
    """Whoever asks for a lesson's folder or its name asks for its outline: once read, it is kept until its file changes."""
    with open(file, "rb") as source:
        return msgspec.json.decode(source.read(), type=Outline)
