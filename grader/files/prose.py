"""What the prose of an exercise ends with: its difficulty, the time it takes, and its hints."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from grader.errors import CourseError
from grader.exercise import Exercise

FORM = "`**Difficulty.** 3 of 5, about 20 minutes.`"
BEGINS = re.compile(r"^\*\*(?:Difficulty|Hint)", re.MULTILINE | re.IGNORECASE)
"""Where the difficulty and the hints of an exercise begin."""
_DIFFICULTY = re.compile(
    r"\*\*Difficulty\.\*\* (?P<difficulty>[1-5]) of 5, about (?P<minutes>[1-9]\d*) minutes?\.(?: Optional\.)?"
)
_OPTIONAL = re.compile(r"^\*\*Difficulty\.\*\* .* Optional\.$", re.MULTILINE)
_HINT = re.compile(r"\*\*Hint\.\*\* (?P<text>\S.*)", re.DOTALL)
_END_OF_CELL = re.compile(r"(?:^#[ \t]*\n)*^# \*\*Difficulty\.\*\*.*\n(?:^#(?![ \t]*%%).*(?:\n|\Z))*", re.MULTILINE)


class Cell(Protocol):
    """A cell of a handout."""

    @property
    def kind(self) -> str: ...

    @property
    def source(self) -> str: ...

    @property
    def line(self) -> int: ...


def about(exercise: str, cell: Cell | None, path: str) -> Exercise:
    """The difficulty, the minutes and the hints of an exercise.

    Args:
        cell: the cell of prose above the one that defines it, if there is one.
        path: that of its file, for an error.

    Raises:
        CourseError: they are missing, or not written as they have to be. The message says where.
    """
    begins = BEGINS.search(cell.source) if cell and cell.kind == "markdown" else None
    if cell is None or begins is None:
        raise CourseError(
            f"{path}{f', line {cell.line}' if cell else ''}: the prose above {exercise} has to end with its difficulty and "
            f"its hints. Write a line such as {FORM} there, and below it paragraphs that begin with `**Hint.** `."
        )
    line = cell.line + cell.source.count("\n", 0, begins.start())
    first, *hints = _paragraphs(cell.source[begins.start() :], line)
    found = _DIFFICULTY.fullmatch(first[1])
    if not found:
        raise CourseError(f"{path}, line {first[0]}: `{first[1][:80]}` has to read like {FORM}.")
    for line, text in hints:
        if not _HINT.fullmatch(text):
            raise CourseError(
                f"{path}, line {line}: below the difficulty of {exercise} there are hints alone, and each paragraph begins "
                "with `**Hint.** `. Move other prose above it."
            )
    told = [" ".join(text.removeprefix("**Hint.** ").split()) for _, text in hints]
    return Exercise(exercise, int(found["difficulty"]), int(found["minutes"]), told)


def is_optional(cell: str) -> bool:
    """Whether a cell of prose says that its exercise is optional."""
    return bool(_OPTIONAL.search(cell))


def _paragraphs(text: str, line: int) -> Sequence[tuple[int, str]]:
    """The paragraphs of a text, each with its first line."""
    found = [(line + text.count("\n", 0, match.start()), match[0]) for match in re.finditer(r"(?:.+\n?)+", text)]
    return [(number, paragraph.rstrip()) for number, paragraph in found if paragraph.strip()]


def ending(text: str, told: Callable[[int], str]) -> str:
    """A handout in the percent format with a sentence in the place of each difficulty and the hints below it: a student's
    .py is not to give the hints away.

    Args:
        told: gives that sentence, for the number of the line at which the difficulty begins.
    """
    return _END_OF_CELL.sub(lambda found: f"#\n# {told(text.count(chr(10), 0, found.start()) + 1)}\n", text)


def statement(cell: str) -> str:
    """A cell of prose without them."""
    begins = BEGINS.search(cell)
    return cell[: begins.start()].rstrip() if begins else cell
