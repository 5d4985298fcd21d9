"""The bytes of a .py or .ipynb → its cells. Bad files become sentences; nothing of a student's is executed here."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import stat
import tokenize
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from grader.digest import digest
from grader.files import percent
from grader.messages import say

MEGABYTES_AT_MOST = 20
CODE_AT_MOST = 1 << 20
"""Characters of one cell that are run; a longer one is no answer to an exercise."""
CELLS_AT_MOST, COMMAS_AT_MOST = 1000, 1_000_000
"""Cells of a file, and commas of a notebook, of which each may begin a thing to be made of it; outputs may hold many."""
_ASCII = "".join(map(chr, range(32, 127))).replace("\\", "") + r" \u0041 +2AA- .xn--bcher-kva."
"""A Python file's encoding gives this as it stands; one that does not would find text in it that is not there."""
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""Encodings that a file names by its first bytes, and that editors on Windows still write."""


class Unreadable(Exception):
    """A file that can't be graded. The message is a sentence for the student."""


class Code(NamedTuple):
    """A code cell as it was written, and where it is found: its number in a notebook, its first line in a script."""

    source: str
    at: int


class Written(NamedTuple):
    """A cell as its writer sees it. `grade_id` is what nbgrader calls it, in a script the name of
    a cell of text, `is_check` whether it holds a check, `is_example`
    whether it holds an example as it was given out."""

    kind: str
    source: str
    grade_id: str = ""
    is_check: bool = False
    is_example: bool = False


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    metadata: dict[str, Any] | None = None

    @property
    def written(self) -> Written:
        text = self.source if isinstance(self.source, str) else "".join(self.source)
        about, ours = (
            found if isinstance(found := (self.metadata or {}).get(name), dict) else {} for name in ("nbgrader", "grader")
        )
        name = about.get("grade_id")
        is_check = about.get("grade") is True and about.get("solution") is not True
        is_example = ours.get("example") == _digest_of(text)
        return Written(self.cell_type, text, name if isinstance(name, str) else "", is_check, is_example)


def as_example(source: str) -> dict[str, Any]:
    """The metadata of a cell with an example: it is not run where answers are, as long as it is as it was given out. In a
    kernel it may stop with an error, where the answer is not written yet, and the cells below it are run."""
    return {"grader": {"example": _digest_of(source)}, "tags": ["raises-exception"]}


def _digest_of(source: str) -> str:
    return digest([line.rstrip() for line in source.strip().splitlines()])[:16]


class _Notebook(msgspec.Struct):
    cells: list[msgspec.Raw] | None = None
    nbformat: Any = 0
    metadata: Any = None


def read(path: Path, notes: list[str]) -> list[Code]:
    """The code cells of a file. Those of a notebook have the numbers that Jupyter gives them where all are run. One with an
    example as it was given out is empty.

    Raises:
        Unreadable: the file can't be graded at all.
    """
    return parse(path.name, content(path), notes)


def parse(name: str, data: bytes, notes: list[str]) -> list[Code]:
    """The same of a file's bytes; what its name ends in says how to read them."""
    if is_notebook(name):
        code = [cell for cell in _notebook(name, data, notes) if cell.kind == "code"]
        # Jupyter passes over a cell with nothing in it.
        numbers = accumulate(int(bool(cell.source.strip())) for cell in code)
        found = [("" if cell.is_example else cell.source, number) for cell, number in zip(code, numbers, strict=True)]
    else:
        found = [(cell.source, cell.line) for cell in _script(name, data, notes) if cell.kind == "code"]
    return [Code(text[:CODE_AT_MOST], at) for text, at in found]


def as_written(path: Path) -> list[Written]:
    """All cells of a file that was handed in, prose and checks too, as they stand there; none where it can't be read."""
    try:
        data = content(path)
        if is_notebook(path.name):
            return _notebook(path.name, data, [])
        return [Written(cell.kind, cell.source, cell.name) for cell in _script(path.name, data, [])]
    except Unreadable:
        return []


def is_notebook(name: str) -> bool:
    """Whether a file's name is a notebook's, also where a browser or a mail program made `.ipynb.txt` of it."""
    return ".ipynb" in name.lower()


def release_digest(code: list[Code]) -> str:
    """A digest of code cells that does not change with white space at the ends of lines or cells."""
    cells = [cell.source.strip() for cell in code]
    return digest(["\n".join(line.rstrip() for line in cell.splitlines()) for cell in cells if cell])


def content(path: Path) -> bytes:
    """The bytes of an ordinary file of bearable size, and not of one that a link leads to, whatever is put in its place
    meanwhile.

    Raises:
        Unreadable: it is anything else.
    """
    try:
        if stat.S_ISLNK(path.lstat().st_mode):  # where a system can't refuse to follow one
            raise Unreadable(say("a_link", file=path.name))
        # Without a wait: a pipe would have us wait for whoever writes to it.
        opened = os.open(path, os.O_RDONLY | _flag("O_NOFOLLOW") | _flag("O_NONBLOCK") | _flag("O_BINARY"))
        try:
            return _bytes_of(opened, path)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unreadable(say("a_link", file=path.name)) from None
        if os.path.isdir(path):  # which some systems don't open
            raise Unreadable(say("a_directory", file=path.name)) from None
        reason = error.strerror or os.strerror(error.errno or 0)
        raise Unreadable(say("cannot_read", file=path.name, reason=reason)) from None


def _bytes_of(opened: int, path: Path) -> bytes:
    about = os.fstat(opened)
    if stat.S_ISDIR(about.st_mode):
        raise Unreadable(say("a_directory", file=path.name))
    if not stat.S_ISREG(about.st_mode):
        raise Unreadable(say("not_regular", file=path.name))
    if about.st_size > MEGABYTES_AT_MOST << 20:
        size = round(about.st_size / (1 << 20))
        raise Unreadable(say("too_large", file=path.name, size=size, limit=MEGABYTES_AT_MOST))
    with os.fdopen(opened, "rb", closefd=False) as file:
        return file.read(MEGABYTES_AT_MOST << 20)


def _flag(name: str) -> int:
    return int(getattr(os, name, 0))


def _script(name: str, data: bytes, notes: list[str]) -> list[percent.Cell]:
    """The cells of a script."""
    text = _text(name, data, notes)
    if sum(1 for _ in islice(percent.MARKER.finditer(text), CELLS_AT_MOST + 1)) > CELLS_AT_MOST:
        raise Unreadable(say("many_cells", file=name, limit=CELLS_AT_MOST))
    return percent.split(text)


def _text(name: str, data: bytes, notes: list[str]) -> str:
    """A Python file's text, in the encoding that it declares, UTF-8, or Latin-1 with a note."""
    data = _wide(name, data, notes)
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


def _wide(name: str, data: bytes, notes: list[str]) -> bytes:
    """A file in UTF-16, which its first two bytes tell, as UTF-8."""
    encoding = _WIDE.get(data[:2])
    if encoding is None:
        return data
    notes.append(say("utf16", file=name))
    return data.decode(encoding, "replace").encode("utf-8", "replace")


def _notebook(name: str, data: bytes, notes: list[str]) -> list[Written]:
    """The cells of a notebook. One that can't be read costs that cell; outputs and all else are passed over."""
    data = _wide(name, data, notes)
    if b"\0" in data:
        raise Unreadable(say("nul", file=name))
    if data.count(b",") > COMMAS_AT_MOST:
        raise Unreadable(say("many_parts", file=name))
    notebook = _decoded(name, data, notes)
    if notebook.nbformat in (1, 2, 3):
        raise Unreadable(say("old_notebook", file=name, version=notebook.nbformat))
    if notebook.cells is None:
        raise Unreadable(say("no_notebook", file=name))
    if len(notebook.cells) > CELLS_AT_MOST:
        raise Unreadable(say("many_cells", file=name, limit=CELLS_AT_MOST))
    language = _language(notebook.metadata)
    if language.lower() not in ("", "python", "python3", "ipython"):
        raise Unreadable(say("language", file=name, language=language[:50]))
    cells, bad = [], 0
    for number, raw in enumerate(notebook.cells, 1):
        try:
            cells.append(msgspec.json.decode(raw, type=_Cell).written)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            notes.append(say("bad_cell", file=name, number=number))
            bad += 1
            cells.append(Written("raw", ""))
    if cells and bad == len(cells):
        raise Unreadable(say("no_notebook", file=name))
    return cells


def _decoded(name: str, data: bytes, notes: list[str]) -> _Notebook:
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode("utf-8")  # what msgspec passes over unread it does not look at
        return msgspec.json.decode(data, type=_Notebook)
    except msgspec.ValidationError:
        raise Unreadable(say("no_notebook", file=name)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _repaired(name, data, notes)


def _repaired(name: str, data: bytes, notes: list[str]) -> _Notebook:
    """A notebook that is not quite JSON: NaN or half a character in an output, or an old Windows encoding."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        notes.append(say("latin", file=name))
        text = data.decode("latin-1")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(say("not_json", file=name)) from None
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise Unreadable(say("no_notebook", file=name))
    for cell in found["cells"]:
        if isinstance(cell, dict):
            cell.pop("outputs", None)  # where NaN and half a character come from; and they decide nothing
    try:
        clean = json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
        return msgspec.json.decode(clean, type=_Notebook)
    except (msgspec.MsgspecError, RecursionError):
        raise Unreadable(say("not_json", file=name)) from None


def _language(metadata: Any) -> str:
    for group, key in (("language_info", "name"), ("kernelspec", "language")):
        about = metadata.get(group) if isinstance(metadata, dict) else None
        if isinstance(about, dict) and isinstance(about.get(key), str):
            return str(about[key])
    return ""
