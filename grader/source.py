"""A lesson's source files as text, with the figures they name: their cells, and what of them is public."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS[ \t]*\n.*?^[ \t]*### END HIDDEN TESTS[ \t]*\n?", re.DOTALL | re.MULTILINE
)
SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION[ \t]*\n(?P<body>.*?)^[ \t]*### END SOLUTION[ \t]*\n?",
    re.DOTALL | re.MULTILINE,
)
DEFINES = re.compile(r"^(?:def|class)\s+(\w+)", re.MULTILINE)
FIGURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>\.\./\.\./img/(?P<name>[\w-]+\.png))\)")
"""A figure as a handout names it: a text for whoever can't see it, and where it lies."""


@dataclass(frozen=True)
class Cell:
    """One cell of a handout: its kind ("code" or "markdown") and its text."""

    kind: str
    source: str

    @property
    def exercise(self) -> str | None:
        """The name that a cell with a solution defines."""
        found = DEFINES.search(self.source) if SOLUTION.search(self.source + "\n") else None
        return found[1] if found else None


@dataclass(frozen=True)
class LessonFiles:
    """The text of `lesson.py`, `checks.py` and `misconceptions.py` of one lesson, of `equivalents.toml`, if any, and the
    figures that the handout names."""

    name: str
    handout: str
    checks: str
    misconceptions: str
    equivalents: str = ""
    figures: dict[str, bytes] = field(default_factory=dict)

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of the handout, as jupytext reads them."""
        import jupytext  # takes a second, and a student's own check need not have it

        notebook = jupytext.reads(self.handout, fmt="py:percent")
        return [Cell(cell.cell_type, cell.source) for cell in notebook.cells]

    @property
    def code_cells(self) -> list[str]:
        return [cell.source for cell in self.cells if cell.kind == "code"]

    @property
    def public_checks(self) -> str:
        """`checks.py` without what lies between the markers of hidden tests."""
        return HIDDEN.sub("", self.checks).rstrip() + "\n"


def read(folder: Path) -> LessonFiles:
    """Read a lesson's folder.

    Raises:
        OSError: a file is missing, or a figure.
    """
    handout, checks, misconceptions = (
        (folder / name).read_text(encoding="utf-8") for name in ("lesson.py", "checks.py", "misconceptions.py")
    )
    listed = folder / "equivalents.toml"
    equivalents = listed.read_text(encoding="utf-8") if listed.is_file() else ""
    figures = {match["name"]: (folder / match["path"]).read_bytes() for match in FIGURE.finditer(handout)}
    return LessonFiles(folder.name, handout, checks, misconceptions, equivalents, figures)
