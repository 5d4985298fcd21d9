"""A lesson's source files as text, with the figures they name: their cells, and what of them is public."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from grader import percent
from grader.errors import CourseError

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
    """One cell of a handout: its kind ("code" or "markdown"), its text and its first line."""

    kind: str
    source: str
    line: int = 1

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

    @property
    def place(self) -> str:
        """Its folder, as its author knows it."""
        return f"solutions/{self.name}"

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of the handout."""
        return [Cell(cell.kind, cell.source, cell.line) for cell in percent.split(self.handout)]

    @property
    def code_cells(self) -> list[str]:
        return [cell.source for cell in self.cells if cell.kind == "code"]

    @property
    def public_checks(self) -> str:
        """`checks.py` without what lies between the markers of hidden tests."""
        return HIDDEN.sub("", self.checks).rstrip() + "\n"

    @property
    def blanked_checks(self) -> str:
        """The public checks in the lines in which they stand in `checks.py`."""
        return HIDDEN.sub(lambda hidden: "\n" * hidden[0].count("\n"), self.checks)

    def where(self, name: str) -> str:
        """The file and the line at which a check, a misconception or an exercise is defined."""
        for file, text in (
            ("checks.py", self.checks), ("misconceptions.py", self.misconceptions), ("lesson.py", self.handout),
        ):  # fmt: skip
            if found := re.search(rf"^[ \t]*(?:def|class)[ \t]+{re.escape(name)}\b", text, re.MULTILINE):
                return f"{self.place}/{file}, line {text.count(chr(10), 0, found.start()) + 1}"
        return f"{self.place}/checks.py"


def read(folder: Path) -> LessonFiles:
    """Read a lesson's folder. A figure that does not exist is left out.

    Raises:
        CourseError: the folder's name is none for a lesson, or a file is missing or not in UTF-8.
    """
    if not (folder.name.isidentifier() and folder.name.isascii()):
        raise CourseError(
            f"solutions/{folder.name}: a lesson's folder needs a name of letters from a to z, digits and _, that does not "
            "begin with a digit: its files are called after it."
        )
    handout, checks, misconceptions = (_text(folder / name) for name in ("lesson.py", "checks.py", "misconceptions.py"))
    listed = folder / "equivalents.toml"
    equivalents = _text(listed) if listed.is_file() else ""
    paths = {match["name"]: folder / match["path"] for match in FIGURE.finditer(handout)}
    figures = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
    return LessonFiles(folder.name, handout, checks, misconceptions, equivalents, figures)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = str(error.strerror)
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} is not UTF-8. Save the file as UTF-8"
    raise CourseError(f"solutions/{path.parent.name}/{path.name} can't be read: {reason}.")


@lru_cache(maxsize=100)
def declared(checks: str) -> dict[str, object]:
    """The name and the number that the text of a `checks.py` gives its lesson, without running it: those that it writes as
    they are, `Lesson("convolution", number=5)`."""
    try:
        tree = ast.parse(checks)
    except (SyntaxError, ValueError):
        return {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Lesson":
            given = [*(("name", item) for item in node.args[:1]), *((item.arg, item.value) for item in node.keywords)]
            return {name: item.value for name, item in given if name and isinstance(item, ast.Constant)}
    return {}


def begun(definition: ast.stmt) -> bool:
    """Whether a function or a class holds more than a stub does: a docstring, `super().__init__()`, an error that says what
    is missing."""
    return any(
        isinstance(item, ast.stmt) and not isinstance(item, (ast.FunctionDef, ast.ClassDef)) and not _of_a_stub(item)
        for item in ast.walk(definition)
    )


def _of_a_stub(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or ast.unparse(node).startswith("super()")
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node))
