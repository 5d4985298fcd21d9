"""What is told of an exercise, without its checks. It imports nothing, so what only lists exercises starts quickly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass
class Exercise:
    """One thing to write: its difficulty from 1 to 5, about how many minutes it takes, and hints, each a step further."""

    name: str
    difficulty: int
    minutes: int
    hints: list[str]
    points: float = 0.0
    """What all its checks are worth, the hidden ones included."""
    hidden: int = 0
    """How many checks it has that students don't have, and that run when it is graded."""

    def hint(self, number: int) -> str:
        """The hint of a number, from 1 on, without the marks with which Markdown stresses a word."""
        return re.sub(r"(`[^`]*`)|\*(\w[^*`\n]*)\*", lambda found: found[1] or found[2], self.hints[number - 1])


@dataclass
class Written:
    """A question that is answered in words: a person grades it."""

    name: str
    points: float


@dataclass
class Way:
    """Another way to write an exercise: a sentence on what it does better, and its code."""

    says: str
    code: str


@dataclass
class Solution:
    """What a student may read whose answer is right: the reference, and other ways."""

    code: str
    ways: list[Way] = field(default_factory=list)
