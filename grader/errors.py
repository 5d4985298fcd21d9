"""Errors whose message is a whole sentence for a person: what is wrong, where, and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

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
