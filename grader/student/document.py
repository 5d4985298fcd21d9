"""A student's file as cells that can be changed one by one: what is not changed stays as it was written, to the byte."""

from __future__ import annotations

import ast
import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from grader.errors import CourseError
from grader.files import percent
from grader.files.answer_file import is_notebook
from grader.files.submission import definition
from grader.messages import say


@dataclass
class Cell:
    """A cell: its kind ("code", "markdown" or "raw"), its text without blank lines around it, and what it is made of: the
    cell of a notebook, or the text of a script with its marker."""

    kind: str
    source: str
    made_of: dict[str, Any] | str = field(repr=False)

    def write(self, source: str) -> None:
        """Put another text into the cell. A notebook's cell loses what running it showed."""
        if isinstance(self.made_of, str):
            self.made_of = self.made_of.replace(self.source, source, 1) if self.source else f"{self.made_of}{source}\n"
        else:
            self.made_of = {**self.made_of, "source": source.splitlines(keepends=True)}
            if self.kind == "code":
                self.made_of |= {"outputs": [], "execution_count": None}
        self.source = source

    def defines(self, name: str) -> bool:
        return self.kind == "code" and definition(self.source, name) is not None


@dataclass
class Document:
    """A script in the percent format or a notebook, as cells; `rest` is what a notebook has besides."""

    cells: list[Cell]
    rest: dict[str, Any] | None = None
    ending: str = "\n"

    def bytes(self) -> bytes:
        """The file's bytes. A notebook is written as Jupyter writes it."""
        if self.rest is None:
            text = "".join(str(cell.made_of) for cell in self.cells)
            return text.replace("\n", self.ending).encode()
        notebook = {"cells": [cell.made_of for cell in self.cells], **self.rest}
        return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def read(path: Path) -> Document:
    """Read a file that is to be changed.

    Raises:
        CourseError: it can't be read as what its name says.
    """
    return parse(path.name, path.read_bytes())


def parse(name: str, data: bytes) -> Document:
    """The same of a file's bytes."""
    try:
        text = data.decode("utf-8-sig")
        return _notebook(json.loads(text)) if is_notebook(name) else _script(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise CourseError(say("cannot_change", file=name)) from None


def _notebook(found: dict[str, Any]) -> Document:
    cells = []
    for cell in found["cells"]:
        text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        cells.append(Cell(cell["cell_type"], text, cell))
    return Document(cells, {name: item for name, item in found.items() if name != "cells"})


def _script(text: str) -> Document:
    ending = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    starts = [match.start() for match in percent.MARKER.finditer(text)]
    bounds = [0, *(start for start in starts if start), len(text)]
    cells = []
    for start, end in pairwise(bounds):
        piece = text[start:end]
        found = percent.split(piece)
        kind, below = (found[0].kind if found else "raw"), piece
        if match := percent.MARKER.match(piece):
            below = piece[match.end() :]
        cells.append(Cell(kind, below.strip("\n"), piece))
    return Document(cells, ending=ending)


def replaced(source: str, name: str, stub: str) -> str:
    """The text of a cell with a stub in the place of the definition of `name`; where the text is not valid Python, that is
    the whole cell."""
    with suppress(SyntaxError, ValueError, RecursionError):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        nodes = [node for node in ast.parse(source).body if isinstance(node, kinds) and node.name == name]
        if nodes:
            lines = source.split("\n")
            for node in reversed(nodes[:-1]):
                del lines[_first(node) - 1 : node.end_lineno]
            shift = sum((node.end_lineno or 0) - _first(node) + 1 for node in nodes[:-1])
            last = nodes[-1]
            lines[_first(last) - 1 - shift : (last.end_lineno or 0) - shift] = stub.strip("\n").split("\n")
            return "\n".join(lines)
    return stub


def _first(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(item.lineno for item in node.decorator_list)])
