"""A lesson's source files as text, with the figures they name: their cells, and what of them is public."""

from __future__ import annotations

import ast
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path, PurePath
from typing import Any

from grader.edits import SOLUTION as SOLUTION
from grader.errors import CourseError
from grader.exercise import Exercise
from grader.files import percent, prose
from grader.files.hidden import Cut, cut
from grader.files.names import DATA
from grader.language import ENGLISH

DEFINES = re.compile(r"^(?:def|class)\s+(\w+)", re.MULTILINE)
FIGURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>\.\./\.\./img/(?P<name>[\w-]+\.png))\)")
"""A figure as a handout names it: a text for whoever can't see it, and where it lies."""

DATA_BYTES_AT_MOST = 1_000_000
"""The size of all files of data of a lesson together."""
_GITHUB = re.compile(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?(?:/tree/(?P<branch>[\w./-]+?))?/?")


def figure_in(language: str, name: str) -> str:
    """What a figure is called where its words are in another language: `Join-1-zh_CN.png`."""
    return f"{PurePath(name).stem}-{language}.png"


@dataclass(frozen=True)
class Cell:
    """One cell of a handout: its kind ("code" or "markdown"), its text and its first line. One of prose that has a name
    says what a good answer in words is."""

    kind: str
    source: str
    line: int = 1
    name: str = ""

    @property
    def exercise(self) -> str | None:
        """The name that a cell with a solution defines."""
        found = DEFINES.search(self.source) if SOLUTION.search(self.source + "\n") else None
        return found[1] if found else None


@dataclass(frozen=True)
class LessonFiles:
    """The text of a lesson's `lesson.py` and `checks.py`, of `misconceptions.py`, `equivalents.toml` and `words.txt` (what
    its prose explains before it uses it), if any, and the figures that the handout names, in all languages. `repository` is
    where its course lies on GitHub, `owner/name/blob/branch`, if it does. `catalogues` are the texts of its `.po` files, by
    language; `language` is the one that these sources are in. `data` are the files in `data/`, which its exercises read."""

    name: str
    handout: str
    checks: str
    misconceptions: str = ""
    equivalents: str = ""
    figures: dict[str, bytes] = field(default_factory=dict)
    repository: str = ""
    words: str = ""
    catalogues: dict[str, str] = field(default_factory=dict)
    language: str = ENGLISH
    data: dict[str, bytes] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Its folder, as its author knows it."""
        return f"solutions/{self.name}"

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of the handout."""
        return [Cell(cell.kind, cell.source, cell.line, cell.name) for cell in percent.split(self.handout)]

    @property
    def code_cells(self) -> list[str]:
        return [cell.source for cell in self.cells if cell.kind == "code"]

    @property
    def cut(self) -> Cut:
        """`checks.py` without its hidden checks, and these."""
        return cut(self.checks)

    @property
    def public_checks(self) -> str:
        """`checks.py` as a student gets it."""
        return self.cut.public

    @property
    def references(self) -> dict[str, str]:
        """The text of the cell that defines each exercise, its markers included."""
        return {cell.exercise: cell.source for cell in self.cells if cell.exercise}

    @property
    def declarations(self) -> dict[str, Any]:
        """What a worker takes in of the lesson."""
        return {"checks": self.checks, "misconceptions": self.misconceptions, "references": self.references}

    def about(self, exercise: str) -> Exercise:
        """What the prose above an exercise says of it. Of one that is not defined by one cell there is nothing to say; that
        is told by `publishable.names`.

        Raises:
            CourseError: the prose does not say it in the way it has to.
        """
        pairs = zip([None, *self.cells], self.cells, strict=False)
        above = [before for before, cell in pairs if cell.exercise == exercise]
        return prose.about(exercise, above[0], f"{self.place}/lesson.py") if above else Exercise(exercise, 1, 1, [])

    def is_optional(self, exercise: str) -> bool:
        """Whether the prose above an exercise says that it is optional."""
        pairs = zip(self.cells, self.cells[1:], strict=False)
        return any(prose.is_optional(above.source) for above, cell in pairs if cell.exercise == exercise)

    def where(self, name: str) -> str:
        """The file and the line at which a check, a misconception or an exercise is defined."""
        defines = re.compile(rf"^[ \t]*(?:def|class)[ \t]+{name}\b|^[^#\n]*\bname=[\"']{name}[\"']", re.MULTILINE)
        for file, text in (
            ("checks.py", self.checks), ("misconceptions.py", self.misconceptions), ("lesson.py", self.handout),
        ):  # fmt: skip
            if found := defines.search(text):
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
    handout, checks = (_text(folder / name) for name in ("lesson.py", "checks.py"))
    misconceptions, equivalents, words = (
        _text(folder / name) if (folder / name).exists() else ""
        for name in ("misconceptions.py", "equivalents.toml", "words.txt")
    )
    paths = {match["name"]: folder / match["path"] for match in FIGURE.finditer(handout)}
    paths |= {
        name: path.with_name(name)
        for path in [*paths.values()]
        for language in (folder / "locale").glob("*.po")
        for name in [figure_in(language.stem, path.name)]
    }
    figures = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
    repository = _repository(folder.parents[1] / "pyproject.toml")
    catalogues = {path.stem: _text(path) for path in sorted((folder / "locale").glob("*.po"))}
    data = _data(folder / DATA, f"solutions/{folder.name}/{DATA}")
    texts = handout, checks, misconceptions, equivalents
    return LessonFiles(folder.name, *texts, figures, repository, words, catalogues, data=data)


def _data(folder: Path, place: str) -> dict[str, bytes]:
    """The files that exercises read, by name. Those that begin with a dot are nobody's.

    Raises:
        CourseError: one is not an ordinary file, has a name that other systems don't take, or they are too large.
    """
    found: dict[str, bytes] = {}
    if folder.is_symlink():
        raise CourseError(f"{place} is a link. Put the files themselves there.")
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith("."):
            continue
        if path.is_symlink() or not path.is_file():
            what = "link" if path.is_symlink() else "folder"
            raise CourseError(f"{place}/{path.name} is a {what}. Put files there, and no more.")
        if not re.fullmatch(r"\w[\w.-]*", path.name, re.ASCII):
            raise CourseError(f"{place}/{path.name}: name it with letters from a to z, digits, `_`, `-` and `.` only.")
        found[path.name] = path.read_bytes()
    if (size := sum(map(len, found.values()))) > DATA_BYTES_AT_MOST:
        raise CourseError(
            f"{place}: its files are {size / 1e6:.2g} MB together, and {DATA_BYTES_AT_MOST / 1e6:g} MB is the most, since "
            "every hand-in gets a copy of its own. Make them smaller."
        )
    return found


def _repository(project: Path) -> str:
    """Where a course lies on GitHub, by what its `pyproject.toml` calls `Repository`; nothing where it has none."""
    with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        urls = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("urls", {})
        if found := _GITHUB.fullmatch(str(urls.get("Repository", ""))):
            return f"{found['name']}/blob/{found['branch'] or 'main'}"
    return ""


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
