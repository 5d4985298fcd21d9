"""Edits of statements: how a value is kept, what is indented how far, and which line is missing.

Imports nothing but the standard library: it runs in the sandbox, on text of strangers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.worker.edits import JUMPS, Edit, is_text, name_of, replaced, rewritten
from grader.worker.mend_places import Place, Scope, a_method, a_name

_OPTIMIZER, _MODEL, _LOSS = (
    re.compile(r"opt|train|sgd|updat"),
    re.compile(r"model|net|layer"),
    re.compile(r"l$|loss|err"),
)


def of_expression(place: Place, value: ast.expr) -> Iterator[Edit]:
    """A statement that throws its value away."""
    yield place.put("result", "a return added", ast.Return(value), 0)
    if not isinstance(value, ast.Call):
        return
    if name_of(value.func).endswith(("Error", "Exception")):
        yield place.put("result", "a raise added", ast.Raise(value), 0)
    if isinstance(value.func, ast.Attribute) and len(value.args) == 1 and value.func.attr in ("copy_", "fill_", "append"):
        target = a_name(ast.unparse(value.func.value))
        if isinstance(target, (ast.Name, ast.Attribute)):
            target.ctx = ast.Store()
            yield place.put("assignment", "assigned, not copied", ast.Assign([target], value.args[0]), 1)
    if isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Name):
        name = ast.Name(value.func.value.id, ast.Store())
        yield place.put("assignment", "assigned", ast.Assign([name], value), 0)


def of_assignment(place: Place, node: ast.Assign) -> Iterator[Edit]:
    target = node.targets[0]
    if isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)):
        yield place.put("assignment", "added, not assigned", ast.AugAssign(target, ast.Add(), node.value), 0)
    if not isinstance(node.value, ast.Constant):
        for start in (ast.Constant(0), ast.Constant(0.0), ast.List([], ast.Load())):
            yield place.put("number", "another start", ast.Assign(node.targets, start), 2)
    if isinstance(target, (ast.Name, ast.Attribute)):
        loaded = a_name(ast.unparse(target))
        yield place.put("assignment", "copied", ast.Expr(a_method(loaded, "copy_", node.value)), 1)
    if isinstance(target, ast.Tuple) and len(target.elts) == 2:
        swapped = ast.Assign([ast.Tuple(target.elts[::-1], ast.Store())], node.value)
        yield place.put("name", "names swapped", swapped, 0)


def of_parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Edit]:
    """Two parameters of a function swapped; their defaults stay where they are."""
    taken = node.args.args
    for index in range(len(taken) - 1):
        other = [*taken[:index], taken[index + 1], taken[index], *taken[index + 2 :]]
        yield replaced("argument", "parameters swapped", node.args.__dict__, "args", taken, other)._replace(  # type: ignore[arg-type]
            line=node.lineno, far=1
        )


def of_block(body: list[ast.stmt], parent: ast.AST, scope: Scope) -> Iterator[Edit]:
    """Edits of a block of statements."""
    first = 1 if is_text(body[0]) else 0
    if first == len(body):
        return
    yield from _indented(body)
    yield from _moved(body, first)
    if not isinstance(parent, ast.ClassDef):
        yield from _recorded(body, first)
        yield from _inserted(body, first, parent, scope)
    function = isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef))
    if function and not isinstance(body[-1], (ast.Return, ast.Raise)):
        for name in scope.names:
            new = [*body, ast.Return(a_name(name))]
            yield rewritten("result", "a return added", body[-1].lineno, body, new, 1)


def _moved(body: list[ast.stmt], first: int) -> Iterator[Edit]:
    """A statement that goes further than to the next place."""
    for index in range(first, len(body)):
        rest = [*body[:index], *body[index + 1 :]]
        for place in range(first, len(body)):
            passed = [body[index]] if place < index else body[index + 1 : place + 1]
            if abs(place - index) > 1 and not any(isinstance(item, JUMPS) for item in passed):
                new = [*rest[:place], body[index], *rest[place:]]
                yield rewritten("order", "a statement moved", body[index].lineno, body, new, 2)


@dataclass
class _Blocks:
    """Two blocks that are given other statements at once."""

    outer: list[ast.stmt]
    inner: list[ast.stmt]
    was: tuple[list[ast.stmt], list[ast.stmt]] = field(init=False)

    def __post_init__(self) -> None:
        self.was = list(self.outer), list(self.inner)

    def put(self, what: str, line: int, outer: list[ast.stmt], inner: list[ast.stmt], far: int = 0) -> Edit:
        def make() -> None:
            self.outer[:], self.inner[:] = outer, inner

        def undo() -> None:
            self.outer[:], self.inner[:] = self.was

        return Edit("indentation", what, line, make, undo, far)


def _indented(body: list[ast.stmt]) -> Iterator[Edit]:
    """Statements at the edges of a loop, an `if` or a `with`, which go in or out."""
    for index, compound in enumerate(body):
        if isinstance(compound, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(compound, name, None)
            if not inner:
                continue
            blocks, before, after = _Blocks(body, inner), body[:index], body[index + 1 :]
            for cut in range(1, len(inner)):
                line, kept, out = inner[cut].lineno, inner[:cut], inner[cut:]
                yield blocks.put("out of a block", line, [*before, compound, *out, *after], kept)
            for cut in range(1, min(len(after), 3) + 1):
                line = after[0].lineno
                yield blocks.put("into a block", line, [*before, compound, *after[cut:]], [*inner, *after[:cut]])
            if len(inner) > 1:
                yield blocks.put("out of a block", inner[0].lineno, [*before, inner[0], *body[index:]], inner[1:], 1)
            if before and not is_text(before[-1]):
                line = before[-1].lineno
                yield blocks.put("into a block", line, [*before[:-1], *body[index:]], [before[-1], *inner], 1)


def _recorded(body: list[ast.stmt], first: int) -> Iterator[Edit]:
    """Statements put below `torch.no_grad()`: one, or all from there on."""
    item = ast.withitem(a_name("torch.no_grad()"))
    for index in range(first, len(body)):
        for end in dict.fromkeys((index + 1, len(body))):
            guarded: ast.stmt = ast.With([item], body[index:end])
            new = [*body[:index], guarded, *body[end:]]
            yield rewritten("recording", "no_grad added", body[index].lineno, body, new, 1)


def _inserted(body: list[ast.stmt], first: int, parent: ast.AST, scope: Scope) -> Iterator[Edit]:
    """Calls that have a line of their own."""
    calls = []
    for name in scope.names:
        if _OPTIMIZER.search(name):
            calls += [f"{name}.zero_grad()", f"{name}.step()"]
        if _MODEL.search(name):
            calls += [f"{name}.train()", f"{name}.eval()", f"{name}.zero_grad()"]
        if _LOSS.search(name):
            calls += [f"{name}.backward()"]
    if isinstance(parent, ast.For) and isinstance(parent.target, ast.Name):
        name = parent.target.id
        calls += [f"{name}.grad = None", f"{name}.grad.zero_()", f"if {name}.grad is None:\n    continue"]
    if getattr(parent, "name", "") == "__init__":
        calls += ["super().__init__()"]
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for name in scope.names:
            for copied in (f"{name} = list({name})", f"{name} = {name}.clone()"):
                new = [*body[:first], *ast.parse(copied).body, *body[first:]]
                yield rewritten("missing_line", "copied first", body[first].lineno, body, new, 2)
    for call in calls:
        statements = ast.parse(call).body
        for index in range(first, len(body) + 1):
            line = body[max(index - 1, first)].lineno
            yield rewritten("missing_line", "a call added", line, body, [*body[:index], *statements, *body[index:]], 1)
