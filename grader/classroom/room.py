"""A class on disk: `submitted/`, what grading makes beside it, and who is in it."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from os.path import isdir  # unlike that of Path, it raises nothing where nothing may be read
from pathlib import Path
from typing import IO

from grader.classroom import configured, folders
from grader.classroom.database import Server, named
from grader.digest import digest, keyed
from grader.errors import CourseError
from grader.files import names
from grader.judge.result import Result, load
from grader.messages import told
from grader.report.printable import printable
from grader.whole import write_whole

if sys.platform != "win32":
    import fcntl

VARIANTS = 8
"""Sets of inputs that a class is spread over at most. Each costs one run of the reference, and of the misconceptions of what
is wrong."""
STUDENTS_A_VARIANT = 40
"""Students for whom another set of inputs pays."""
NAME_AT_MOST = 240
"""Bytes of a file's name without its ending; file systems hold 255 with it."""


@dataclass
class Classroom:
    """A class on disk: `submitted/`, and beside it what grading makes."""

    submitted: Path
    book: Path | Server | None = None
    """The gradebook, where somebody has named one for this run."""

    def __post_init__(self) -> None:
        if not isdir(self.submitted):
            raise CourseError(
                told("There is no folder {folder}. It should hold one folder for each student.", folder=self.submitted)
            )

    @cached_property
    def secret(self) -> str:
        """What the seeds of this class are made from, drawn when it is first needed."""
        path = self.kept / "secret"
        if not path.is_file():
            self.variants  # noqa: B018, settled before there is a secret
            write_whole(path, secrets.token_hex(32).encode(), 0o600)
        return path.read_text()

    @cached_property
    def variants(self) -> int:
        """Sets of inputs that this class is spread over. Settled when it is first graded: each student keeps theirs."""
        path = self.kept / "variants"
        if path.is_file() and (kept := path.read_text().strip()).isdecimal() and int(kept):
            return int(kept)
        begun = self.is_begun()  # before this was kept
        chosen = VARIANTS if begun else min(VARIANTS, max(2, len(self.students()) // STUDENTS_A_VARIANT))
        write_whole(path, str(chosen).encode(), 0o600)
        return chosen

    def is_begun(self) -> bool:
        """Whether anything of this class was graded before."""
        return (self.kept / "secret").is_file()

    def claim(self) -> IO[str]:
        """Keep other graders away from this class for as long as the file that is given back stays open.

        Raises:
            CourseError: another one works on it.
        """
        path = self.kept / "lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        claimed = path.open("w")
        if sys.platform != "win32":
            try:
                fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                claimed.close()
                raise CourseError(
                    told(
                        "Another grader works on {folder}. Wait until it is done, then run this again.",
                        folder=self.submitted,
                    )
                ) from None
            except OSError:
                pass  # a file system without locks
        return claimed

    @property
    def root(self) -> Path:
        return self.submitted.parent

    @property
    def kept(self) -> Path:
        """The folder of what is the instructor's alone."""
        return self.root / names.OWN_FOLDER

    @cached_property
    def gradebook(self) -> Path | Server:
        """The one that was named, now or for a run before, or that the configuration beside `submitted/` names, or the file
        beside it.

        Raises:
            CourseError: the configuration fails, or what it names is not a gradebook's address.
        """
        if self.book:
            return self.book
        if self._remembered.is_file():
            return named(os.fsdecode(self._remembered.read_bytes()))
        return configured.book(self.root) or self.root / "gradebook.db"

    def remember(self) -> None:
        """Keep in mind which gradebook was named, but no password, so that the next command does not begin another."""
        if self.book:
            address = self.book.resolve() if isinstance(self.book, Path) else self.book
            write_whole(self._remembered, os.fsencode(str(address)), 0o600)

    @property
    def _remembered(self) -> Path:
        return self.kept / "gradebook"

    def feedback(self, student: str, lesson: str) -> Path:
        return self.root / "feedback" / student / f"{_short(lesson)}.html"

    def result(self, student: str, lesson: str) -> Path:
        return self.kept / "results" / student / f"{_short(lesson)}.json"

    def results(self) -> Iterator[tuple[str, Path]]:
        """Where the results of everyone in `submitted/` lie that were written already, each with the student's folder."""
        for student in self.students():
            for path in sorted((self.kept / "results" / student).glob("*.json")):
                yield student, path

    def graded(self, student: str, path: Path) -> Result | None:
        """The result in one of these files; None where there is none that can be read, or somebody has put it there that
        belongs to another student or another lesson."""
        found = load(path)
        own = found and found.student == names.as_told(student)
        named = found and (not found.exercises or path == self.result(student, found.lesson))
        return found if own and named else None

    def seed(self, student: str) -> str:
        """The seed of a student's inputs: one of a few, picked by their name and the course's secret. What hidden checks
        draw from follows from its second part, which enters no sandbox (`grader.judge.key.seed_of`)."""
        variant = int(keyed(self.secret, f"student/{student}"), 16) % self.variants
        return f"{keyed(self.secret, f'variant/{variant}')[:16]}:{keyed(self.secret, f'hidden/{variant}')}"

    def students(self) -> list[str]:
        """Every folder in `submitted/` is a student's, but for those that nobody handed in; files are not."""
        return sorted(item.name for item in folders.subfolders(self.submitted))

    def look_alikes(self) -> list[str]:
        """Sentences about students whose names differ in nothing but case or Unicode form."""
        groups = names.look_alike(self.students())
        return [
            told("These may be one student: {students}. Each has a row of their own.", students=", ".join(map(ascii, group)))
            for group in groups
        ]

    def strays(self) -> str:
        """The names of files that may hold answers and are in no student's folder; nothing where there are none."""
        return printable(folders.named(folders.answers(self.submitted)))


def _short(lesson: str) -> str:
    """A lesson's name as a file's: one that leaves no room for an ending is cut, and its digest tells it apart."""
    name = os.fsencode(lesson)
    return lesson if len(name) <= NAME_AT_MOST else f"{name[:200].decode(errors='ignore')}-{digest([lesson])}"
