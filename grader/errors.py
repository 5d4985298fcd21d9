"""What can go wrong: errors whose message is a whole sentence for a person, and the faults of a step in a worker."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

FaultKind = Literal["time", "waited", "ended", "flood", "large", "failed", "much", "overtime"]
_HERE = str(Path(__file__).parent)
LESSON_FILES = ("checks.py", "misconceptions.py")
"""The names under which a lesson's declarations are run."""


class CourseError(Exception):
    """Something about the course is not as it has to be. The message is a sentence for its author or user."""


class LessonError(ValueError):
    """A declaration of a lesson is at fault. The message is a sentence for its author; where the declaration stands in a
    lesson's file, it begins with the file and the line.

    Attributes:
        file: the file that the declaration stands in: the nearest caller outside this package.
        line: its line there.
    """

    def __init__(self, message: str) -> None:
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename.startswith(_HERE):
            frame = frame.f_back
        self.file, self.line = frame.f_code.co_filename, frame.f_lineno
        super().__init__(f"{self.file}, line {self.line}: {message}" if self.file in LESSON_FILES else message)


class SandboxError(Exception):
    """The sandbox is not available on this machine. The message says why, and what to do."""


class Fault(Exception):
    """A step did not come back, and `kind` says why: "time" (it used too much of a processor), "waited" (it did nothing for
    too long), "ended" (its process ended), "flood" (what it sent is no answer), "large" (what it gave back is too much),
    "failed" (the grader's own part of it stopped), "much" and "overtime" (`Spent`). `detail` says more, for a
    sentence or for the instructor."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail

    def __str__(self) -> str:
        return self.detail or {"time": "it took too long", "flood": "what it sent can't be read"}.get(self.kind, self.kind)


class Stalled(Fault):
    """The process did nothing for too long. It may sleep, or the machine may hold it up: what was running deserves another
    try."""


class Killed(Fault):
    """The process was killed, or its server died under it. An answer can do neither, as far as we know: so it was somebody
    else, such as a system that is out of memory, and what was running deserves another try. Twice is no chance any more."""


class Spent(Fault):
    """A hand-in has used up what it may cost (`grader.sandbox.budget`), and the rest of it is not run: what came back is too
    "much", or it took too long altogether ("overtime")."""
