"""A digest of what an answer defines, the same whatever its names and its layout are: equal code has equal digests."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Container

from grader.worker.magics import as_python

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
CHARACTERS_AT_MOST = 200_000
"""Characters of all cells together of which a digest is made: an answer has some thousands."""


def normalized(cells: list[str], exercises: Container[str]) -> str:
    """The digest of all functions and classes that cells define at their left margin, the last of each name, sorted by
    themselves. Left out are comments, docstrings, annotations and all other statements; every name that the code binds
    itself is replaced by a number, but for those of exercises. Nothing of it is run. The empty text where nothing is
    defined, or it can't be told."""
    if sum(map(len, cells)) > CHARACTERS_AT_MOST:
        return ""
    found: dict[str, ast.stmt] = {}
    try:
        for cell in cells:
            found |= {node.name: node for node in _body(cell) if isinstance(node, _DEFINITIONS)}
        texts = [_text(node, exercises, found) for node in found.values()]
    except (RecursionError, MemoryError):  # nested too deeply
        return ""
    return hashlib.sha256("\0".join(sorted(texts)).encode()).hexdigest()[:16] if texts else ""


def _body(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(as_python(cell, ())).body
    except (SyntaxError, ValueError):
        return []


def _text(node: ast.stmt, kept: Container[str], beside: Container[str]) -> str:
    """A definition, which it changes, as text. Other definitions that it calls have one name for all: their own text tells
    them apart."""
    named = _Names(kept, beside)
    named.bind(node)
    return ast.dump(named.visit(node))


class _Names(ast.NodeTransformer):
    def __init__(self, kept: Container[str], beside: Container[str]) -> None:
        self._kept, self._beside = kept, beside
        self._bound: set[str] = set()
        self._attributes: set[str] = set()
        self._numbers: dict[str, str] = {}

    def bind(self, tree: ast.AST) -> None:
        """Learn which names and attributes the code binds."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._bound.add(node.id)
            elif isinstance(node, ast.arg):
                self._bound.add(node.arg)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                self._bound.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                self._attributes.add(node.attr)

    def _called(self, name: str) -> str:
        if name in self._kept:
            return name
        if name in self._bound:
            return self._numbers.setdefault(name, f"_{len(self._numbers)}")
        return "_" if name in self._beside else name

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._called(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg, node.annotation = self._called(node.arg), None
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr in self._attributes:
            node.attr = self._numbers.setdefault(f".{node.attr}", f"_{len(self._numbers)}")
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._called(node.name) if node.name else None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        plain: ast.AST = self.visit(ast.Assign([node.target], node.value))
        return plain

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._definition(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._definition(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._definition(node)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        """What is defined inside keeps its name, if only because PyTorch calls `forward`, and Python `__init__`."""
        if node.name in self._beside and node.name not in self._kept:
            node.name = "_"
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if not isinstance(node, ast.ClassDef):
            node.returns = None
        return self.generic_visit(node)
