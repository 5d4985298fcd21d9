"""Places in a definition where an edit can be made: what stands there, and what could be named there.

Imports nothing but the standard library: it runs in the sandbox, on text of strangers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from grader.worker.edits import Edit, is_axis, replaced

Role = Literal["function", "axis", "argument", "value", "operand", "index", "test", ""]
"""What a node is to the one that holds it."""


@dataclass(frozen=True)
class Scope:
    """What can be named at a place: parameters and local names, the attributes of `self`, other functions of the file."""

    functions: Sequence[str]
    names: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    expressions: tuple[ast.expr, ...] = ()

    def inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Scope:
        """The scope of a function's body."""
        taken = node.args
        found = [item.arg for item in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
        found += [item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)]
        return replace(self, names=tuple(dict.fromkeys([*self.names, *(name for name in found if name != "self")])))


@dataclass
class Place:
    """A node, where it hangs, and what it is there."""

    holder: Any
    key: Any
    node: ast.AST
    parent: ast.AST
    scope: Scope
    role: Role = ""

    def put(self, kind: str, what: str, new: ast.AST, far: int) -> Edit:
        return replaced(kind, what, self.holder, self.key, self.node, new, far)


Block = tuple[list[ast.stmt], ast.AST, Scope]


def walk(node: ast.AST, scope: Scope) -> Iterator[Place | Block]:
    """All places below a node, and all blocks of statements."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        scope = scope.inside(node)
    for name, value in list(ast.iter_fields(node)):
        if name in ("annotation", "returns", "type_params", "args") and not isinstance(node, ast.Call):
            continue
        if isinstance(value, list):
            if value and isinstance(value[0], ast.stmt):
                yield value, node, scope
            for index, item in enumerate(list(value)):
                if isinstance(item, ast.AST):
                    yield Place(value, index, item, node, scope, _role(node, name, item))
                    yield from walk(item, scope)
        elif isinstance(value, ast.AST):
            yield Place(node.__dict__, name, value, node, scope, _role(node, name, value))
            yield from walk(value, scope)


def _role(parent: ast.AST, name: str, node: ast.AST) -> Role:
    if isinstance(parent, ast.Call) and name == "func":
        return "function"
    if is_axis(parent, node) and (whole_number(node) is not None or isinstance(node, (ast.Tuple, ast.Name))):
        return "axis"
    if name in ("value",) and isinstance(parent, (ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign)):
        return "value"
    if name == "elt":
        return "value"
    if (isinstance(parent, ast.Call) and name == "args") or isinstance(parent, ast.keyword):
        return "argument"
    if isinstance(parent, (ast.BinOp, ast.UnaryOp, ast.Compare)):
        return "operand"
    if name in ("slice", "lower", "upper") or (isinstance(parent, ast.Tuple) and name == "elts"):
        return "index"
    return "test" if name == "test" else ""


def whole_number(node: ast.AST) -> int | None:
    """The whole number that is written there, with a sign or without."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = whole_number(node.operand)
        return None if inner is None else -inner
    plain = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if plain else None  # type: ignore[attr-defined]


def a_number(value: float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def a_name(name: str) -> ast.expr:
    """A name, with dots or without."""
    return ast.parse(name, mode="eval").body


def a_method(value: ast.expr, name: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.Call:
    function = ast.Attribute(value, name, ast.Load())
    return ast.Call(function, list(arguments), [ast.keyword(*item) for item in keywords.items()])
