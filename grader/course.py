"""Where a course lies on disk: its lessons, their sources, and what students get of them."""

from __future__ import annotations

import difflib
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader import slips, source
from grader.key import JSON_NAME, CourseError


@dataclass(frozen=True)
class Course:
    """A course's folders. A student's copy has no `solutions`."""

    exercises: Path
    solutions: Path | None = None

    def lessons(self) -> list[str]:
        """The names of the lessons, in the order in which they are taught."""
        folder, mark = (self.solutions, "checks.py") if self.solutions else (self.exercises, JSON_NAME)
        return sorted((item.name for item in folder.iterdir() if (item / mark).is_file()), key=partial(_place, folder))

    def chosen(self, names: list[str]) -> list[str]:
        """The named lessons, or all of them.

        Raises:
            CourseError: a name is no lesson's; the message says which is meant, perhaps.
        """
        known = self.lessons()
        for name in names:
            if name not in known:
                close = difflib.get_close_matches(name, known, 1)
                raise CourseError(
                    f"There is no lesson called {name}. "
                    + (f"Did you mean {close[0]}?" if close else f"The lessons are {', '.join(known)}.")
                )
        return names or known

    def authored(self, names: list[str]) -> list[str]:
        """The same, for a command that reads their sources.

        Raises:
            CourseError: a name is no lesson's, or there are no sources here.
        """
        self._sources()
        return self.chosen(names)

    def same_place(self, lesson: str) -> list[str]:
        """A sentence where another lesson has the same number: which of them comes first then is decided by their names."""
        place, _ = _place(self._sources(), lesson)
        others = [each for each in self.lessons() if each != lesson and _place(self._sources(), each)[0] == place]
        if not others or place == float("inf"):
            return []
        return [
            f"solutions/{lesson}/checks.py: the number {place:g} is that of {' and '.join(others)} too. Choose another."
        ]

    def _sources(self) -> Path:
        if self.solutions is None:
            raise CourseError("This needs the folder solutions/, which only a course's authors have.")
        return self.solutions

    def files(self, lesson: str) -> source.LessonFiles:
        """The three sources of a lesson.

        Raises:
            CourseError: there are no sources here, one is missing, or they hold a slip that would let a solution out.
        """
        files = source.read(self._sources() / lesson)
        slips.refuse(files)
        return files


def _place(folder: Path, lesson: str) -> tuple[float, str]:
    """Where a lesson stands in its course: by the number in its `checks.py`, or else at the end, by name."""
    with suppress(OSError, UnicodeDecodeError):
        number = source.declared((folder / lesson / "checks.py").read_text(encoding="utf-8-sig")).get("number")
        return number if isinstance(number, int) and number else float("inf"), lesson
    return float("inf"), lesson


def find(start: Path | None = None) -> Course:
    """The course that a folder belongs to: the nearest one above it with `solutions/` or `exercises/`, or with lessons.

    Raises:
        CourseError: there is none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "solutions").is_dir() and any((folder / "solutions").glob("*/checks.py")):
            return Course(folder / "exercises", folder / "solutions")
        for lessons in (folder, folder / "exercises"):
            if any(lessons.glob(f"*/{JSON_NAME}")):
                return Course(lessons)
    raise CourseError(f"{start} is not in a course. Go to the folder that holds the lessons, and try again.")
