"""A .py or .ipynb as it was handed in → cells. Bad files become sentences; nothing of a student's is executed here."""

from __future__ import annotations

import io
import re
import stat
import tokenize
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader import source
from grader.key import digest
from grader.messages import say
from grader.result import storable

MEGABYTES_AT_MOST = 20
CODE_AT_MOST = 1 << 20
"""Characters of one cell that are run; a longer one is no answer to an exercise."""
SUFFIXES = (".ipynb", ".py")
NOT_ANSWERS = {"checks.py"}
"""Files of a release that lie beside the answer."""
_CELL_MAGIC = re.compile(r"\s*+(?P<name>%%\w*).*")
_SAME_CODE = {"%%time", "%%timeit", "%%capture", "%%prun"}
"""Cell magics below which stands ordinary Python."""
_LINE_MAGIC = re.compile(
    r"(?P<indent>\s*+)(?:[%!?]"  # %matplotlib inline, !pip install torch, ?help
    r"|[^#=!<>\"'%?]*=\s*[%!]"  # files = !ls
    r"|[%\w.*\[\]]+\?{1,2}\s*$)"  # help?
)
_TURNS = {"": re.compile(r"\"{3}|'{3}|[\"'#()\[\]{}]|\\$")} | {
    quotes: re.compile(rf"{quotes}|\\.?") for quotes in ("'", '"', "'''", '"""')
}
"""What decides whether the next line begins a statement, by the quotes that are open."""
_ASCII = "".join(map(chr, range(32, 127))).replace("\\", "") + r" \u0041 +2AA- .xn--bcher-kva."
"""A Python file's encoding gives this as it stands; one that does not would find text in it that is not there."""


class Code(NamedTuple):
    """A code cell as Python, and where it is found: its number in a notebook, its first line in a script."""

    source: str
    at: int


@dataclass
class Submission:
    """What a student handed in for a lesson: its code cells, and sentences about what is odd about the files."""

    student: str
    lesson: str
    code: list[Code] = field(default_factory=list)
    file: str = ""
    notes: list[str] = field(default_factory=list)
    handed_in: str = ""
    """When, as nbgrader wrote it into `timestamp.txt`; nothing where it did not."""

    @property
    def cells(self) -> list[str]:
        return [cell.source for cell in self.code]

    @property
    def digest(self) -> str:
        return digest([self.file, *map(str, self.code), *self.notes])

    def place(self, index: int, line: int) -> str:
        """Where a student finds a line of a cell, lines counted from 1."""
        at = self.code[index].at
        if self.file.endswith(".ipynb"):
            return say("in_notebook", line=line, cell=at)
        return say("in_script", line=at + line - 1, file=self.file)


class Unreadable(Exception):
    """A file that can't be graded. The message is a sentence for the student."""


class Written(NamedTuple):
    """A cell as its writer sees it. `grade_id` is what nbgrader calls it, `is_check` whether it holds a check."""

    kind: str
    source: str
    grade_id: str = ""
    is_check: bool = False


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    metadata: dict[str, object] = {}

    @property
    def text(self) -> str:
        return self.source if isinstance(self.source, str) else "".join(self.source)

    @property
    def grade_id(self) -> str:
        found = self._nbgrader.get("grade_id")
        return found if isinstance(found, str) else ""

    @property
    def is_check(self) -> bool:
        """Whether it holds a check of the release: nbgrader marks those, and they are not a student's to run."""
        return self._nbgrader.get("grade") is True and self._nbgrader.get("solution") is not True

    @property
    def _nbgrader(self) -> dict[str, object]:
        about = self.metadata.get("nbgrader")
        return about if isinstance(about, dict) else {}


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    nbformat: int = 0
    metadata: dict[str, object] = {}


def read(folder: Path, student: str, lesson: str, released: dict[str, str]) -> Submission:
    """Read what a student handed in, `folder` being `submitted/<student>/<lesson>`.

    Args:
        released: digests of the files as they were given out, by suffix (`release_digest`).

    Returns:
        A submission in every case; one without cells has a note that says why.
    """
    submission = Submission(storable(student), storable(lesson), handed_in=noted(folder, "timestamp.txt"))
    try:
        _choose(folder, submission, released)
    except Unreadable as reason:
        submission.notes.append(str(reason))
    except OSError as error:
        submission.notes.append(say("cannot_read", file=folder.name, reason=error.strerror))
    submission.file = storable(submission.file)
    submission.notes = [storable(note) for note in submission.notes]
    return submission


def _choose(folder: Path, submission: Submission, released: dict[str, str]) -> None:
    """Read the one file to grade: the one that differs from the release, and of two such the notebook."""
    lesson = submission.lesson
    for link in (folder, folder.parent):
        if link.is_symlink():
            raise Unreadable(say("a_link", file=link.name))
    if not folder.exists():
        raise Unreadable(say("no_folder", lesson=lesson))
    if not folder.is_dir():
        raise Unreadable(say("not_a_folder", name=folder.name, lesson=lesson))
    found = sorted(
        item
        for item in folder.iterdir()
        if item.suffix in SUFFIXES and item.name not in NOT_ANSWERS and not item.name.startswith(".")
    )
    named = [folder / f"{lesson}{suffix}" for suffix in SUFFIXES if folder / f"{lesson}{suffix}" in found]
    if not found:
        raise Unreadable(say("no_file" if any(folder.iterdir()) else "empty_folder", lesson=lesson))
    if not named:
        notebooks = [item for item in found if item.suffix == ".ipynb"]
        if len(found) > 1 and len(notebooks) != 1:
            raise Unreadable(say("several", files=", ".join(item.name for item in found), lesson=lesson))
        named = notebooks or found
        submission.notes.append(say("other_name", file=named[0].name, lesson=lesson))
    readings = {}
    for path in named:
        notes: list[str] = []
        try:
            readings[path] = (cells(path, notes), notes)
        except Unreadable as reason:
            submission.notes.append(str(reason))
    changed = [path for path, (read, _) in readings.items() if release_digest(read) != released.get(path.suffix)]
    if len(changed) == 2:
        submission.notes.append(say("both", notebook=changed[0].name, script=changed[1].name))
    if readings:
        path = (changed or list(readings))[0]
        submission.code, notes = readings[path]
        submission.notes += notes
        submission.file = path.name
        if not submission.code:
            submission.notes.append(say("no_code", file=path.name))


def noted(folder: Path, name: str) -> str:
    """What nbgrader noted of a hand-in, in a small file beside it; nothing where there is none, or none that can be read."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return ""
    try:
        return _bytes(folder / name)[:200].decode("ascii", "replace").strip()
    except Unreadable:
        return ""


def release_digest(code: list[Code]) -> str:
    """A digest of code cells that does not change with white space at the ends of lines or cells."""
    cells = [cell.source.strip() for cell in code]
    return digest(["\n".join(line.rstrip() for line in cell.splitlines()) for cell in cells if cell])


def cells(path: Path, notes: list[str]) -> list[Code]:
    """The code cells of a file as Python, without magics and without the cells that hold checks. Those of a notebook
    have the numbers that Jupyter gives them where all are run, the checks too.

    Raises:
        Unreadable: the file can't be graded at all.
    """
    return parse(path.name, _bytes(path), notes)


def parse(name: str, data: bytes, notes: list[str]) -> list[Code]:
    """The same of a file's bytes; what its name ends in says how to read them."""
    if name.endswith(".ipynb"):
        code = [cell for cell in _notebook_cells(name, data) if cell.cell_type == "code"]
        # Jupyter passes over a cell with nothing in it.
        numbers = accumulate(int(bool(cell.text.strip())) for cell in code)
        found = [(cell.text, number) for cell, number in zip(code, numbers, strict=True) if not cell.is_check]
    else:
        found = [(cell.source, cell.line) for cell in source.split(_text(name, data, notes)) if cell.kind == "code"]
    return [Code(plain_python(text), at) for text, at in found]


def as_written(path: Path) -> list[Written]:
    """All cells of a file that was handed in, prose and checks too, as they stand there; none where it can't be read."""
    try:
        data = _bytes(path)
        if path.suffix == ".ipynb":
            return [
                Written(cell.cell_type, cell.text, cell.grade_id, cell.is_check)
                for cell in _notebook_cells(path.name, data)
            ]
        return [Written(cell.kind, cell.source) for cell in source.split(_text(path.name, data, []))]
    except Unreadable:
        return []


def _bytes(path: Path) -> bytes:
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            raise Unreadable(say("a_link", file=path.name))
        if stat.S_ISDIR(about.st_mode):
            raise Unreadable(say("a_directory", file=path.name))
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable(say("not_regular", file=path.name))
        if about.st_size > MEGABYTES_AT_MOST << 20:
            size = round(about.st_size / (1 << 20))
            raise Unreadable(say("too_large", file=path.name, size=size, limit=MEGABYTES_AT_MOST))
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(say("cannot_read", file=path.name, reason=error.strerror)) from None


def _text(name: str, data: bytes, notes: list[str]) -> str:
    """A Python file's text, in the encoding that it declares, UTF-8, or Latin-1 with a note."""
    if b"\0" in data:
        raise Unreadable(say("nul", file=name))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if _ASCII.encode().decode(encoding) != _ASCII:
            raise LookupError(encoding)
        text = data.decode(encoding)
    except (SyntaxError, ValueError, LookupError):
        notes.append(say("latin", file=name))
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notebook_cells(name: str, data: bytes) -> list[_Cell]:
    if b"\0" in data:
        raise Unreadable(say("nul", file=name))
    try:
        raw = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable(say("not_json", file=name)) from None
    try:
        notebook = msgspec.convert(raw, _Notebook)
    except (msgspec.ValidationError, RecursionError):
        raise Unreadable(say("no_notebook", file=name)) from None
    if notebook.nbformat in (1, 2, 3):
        raise Unreadable(say("old_notebook", file=name, version=notebook.nbformat))
    if notebook.cells is None:
        raise Unreadable(say("no_notebook", file=name))
    language = _language(notebook.metadata)
    if language.lower() not in ("", "python", "python3", "ipython"):
        raise Unreadable(say("language", file=name, language=language[:50]))
    return notebook.cells


def _language(metadata: dict[str, object]) -> str:
    for group, key in (("language_info", "name"), ("kernelspec", "language")):
        about = metadata.get(group)
        if isinstance(about, dict) and isinstance(about.get(key), str):
            return str(about[key])
    return ""


def plain_python(cell: str) -> str:
    """A cell without magics and shell lines; each becomes `pass`, so that lines keep their numbers. A cell in another
    language is dropped."""
    cell, above = cell[:CODE_AT_MOST].replace("\r\n", "\n"), ""
    if magic := _CELL_MAGIC.match(cell):
        if magic["name"] not in _SAME_CODE:
            return ""
        cell, above = cell[magic.end() :], "\n" * magic[0].count("\n")
    return above + (_without_magics(cell) if any(mark in cell for mark in "%!?") else cell)


def _without_magics(code: str) -> str:
    """Only a line that begins a statement can be a magic: inside of brackets or quotes, what looks like one is Python."""
    lines, depth, quotes, goes_on = code.split("\n"), 0, "", False
    for number, line in enumerate(lines):
        if not (depth or quotes or goes_on) and (magic := _LINE_MAGIC.match(line)):
            lines[number] = magic["indent"] + "pass"
            continue
        at, goes_on = 0, False
        while (turn := _TURNS[quotes].search(line, at)) and turn[0] != "#":
            at, goes_on = turn.end(), turn[0] == "\\"
            if turn[0] == quotes:
                quotes = ""
            elif not quotes and turn[0][0] in "\"'":
                quotes = turn[0]
            elif not quotes and not goes_on:
                depth = max(0, depth + (1 if turn[0] in "([{" else -1))
        if len(quotes) == 1 and not goes_on:
            quotes = ""  # such a text ends with its line
    return "\n".join(lines)
