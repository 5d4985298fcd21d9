"""Errors whose message is a whole sentence for a person: what is wrong, where, and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = str(Path(__file__).parent)


class CourseError(Exception):
    """Something about the course is not as it has to be. The message is a sentence for its author or user."""


class LessonError(ValueError):
    """A declaration of a lesson is at fault. The message is a sentence for its author.

    Attributes:
        file: the name of the file that the declaration stands in, `checks.py` for instance; the empty text if unknown.
        line: its line there.
    """

    def __init__(self, message: str) -> None:
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename.startswith(_HERE):
            frame = frame.f_back
        path = frame.f_code.co_filename
        self.file, self.line = (Path(path).name, frame.f_lineno) if path.endswith(".py") else ("", 0)
        super().__init__(f"{self.file}, line {self.line}: {message}" if self.file else message)
