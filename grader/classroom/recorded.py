"""What lies in a class's gradebook as grading left it there: as long as nobody has changed it, it need not be written and
read back again, nor nbgrader imported, which takes longer than all else where nothing has changed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from grader.classroom import finals
from grader.classroom.configured import CONFIG
from grader.classroom.room import Classroom
from grader.digest import digest, file_digest
from grader.whole import write_whole

Place = tuple[str, str]
"""A student's folder and a lesson."""


class _Kept(msgspec.Struct):
    """What the file holds: a digest of what it holds good for, digests of the results that were recorded, by student and
    lesson, and who is in the roster."""

    about: str
    results: dict[str, dict[str, str]]
    enrolled: list[str]


class Recorded:
    """Knows which results lie in a gradebook that is a file, with what it holds by hand besides.

    Args:
        folders: where nbgrader's configuration may lie, which says what comes of late hand-ins.
    """

    def __init__(self, room: Classroom, folders: Iterable[Path]) -> None:
        self._room = room
        self._configurations = [folder / CONFIG for folder in folders]
        self._path = room.kept / "recorded.json"
        self._left = self._book()
        self._done: set[Place] = set()
        kept = self._read()
        self._kept = kept.results if kept else {}
        self.enrolled = set(kept.enrolled) if kept else None
        """The students whom the roster names, where that is known without the gradebook."""

    def _read(self) -> _Kept | None:
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return None
        return kept if self._left and kept.about == self._about() else None

    def holds(self, places: Iterable[Place]) -> bool:
        """Whether all of these were recorded as they are, and the gradebook is as it was left then."""
        return self._is_as_left() and all(
            self._kept.get(who, {}).get(lesson) == self._digest(who, lesson) for who, lesson in places
        )

    def begin(self) -> None:
        """Take note that results are about to be recorded. Where somebody else has written meanwhile, what was read back
        before is not trusted."""
        if not self._is_as_left():
            self._kept, self._done = {}, set()

    def leave(self) -> None:
        """Take note of what was written. What is read back after this was there then, or it is told the next time."""
        self._left = self._book()

    def recorded(self, places: Iterable[Place]) -> None:
        """Take note that these are recorded, and read back."""
        self._done.update(places)

    def keep(self) -> None:
        """Write down what was recorded, for the next run."""
        if not self._done or not self._left:
            return
        enrolled = finals.enrolled(self._room)
        if enrolled is None or not self._is_as_left():
            return
        for who, lesson in self._done:
            self._kept.setdefault(who, {})[lesson] = self._digest(who, lesson)
        kept = _Kept(self._about(), self._kept, sorted(enrolled))
        with suppress(OSError):
            write_whole(self._path, msgspec.json.encode(kept), 0o600)

    def _about(self) -> str:
        """A digest of what decides, beside the results, what recording them would write and read back."""
        configurations = [path.read_text("utf-8", "replace") if path.is_file() else "" for path in self._configurations]
        return digest([str(self._room.gradebook), self._left, *configurations, *self._room.students()])

    def _is_as_left(self) -> bool:
        return bool(self._left) and self._book() == self._left

    def _book(self) -> str:
        """A digest of the gradebook; nothing where there is none, or it is on a server."""
        book = self._room.gradebook
        if not isinstance(book, Path) or not (found := _of_file(book)):
            return ""
        return found + _of_file(book.with_name(f"{book.name}-wal"))  # what SQLite may have put there first

    def _digest(self, who: str, lesson: str) -> str:
        return _of_file(self._room.result(who, lesson))


def _of_file(path: Path) -> str:
    try:
        return file_digest(path.read_bytes())
    except OSError:
        return ""
