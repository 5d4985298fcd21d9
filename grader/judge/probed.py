"""The text of a probe, taken apart: what of it can be pasted below an answer."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from typing import Any

from grader.judge.literal import Unwritten


def keys_in_functions(module: ast.Module) -> Iterator[ast.Constant]:
    """The keys of dictionaries that functions make: the names in what is printed, as `called` tells them."""
    for node in walk([node for node in module.body if isinstance(node, ast.FunctionDef)]):
        if isinstance(node, ast.Dict):
            yield from (key for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def walk_own(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and what is in it, but for what functions in it hold."""
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
        for below in ast.iter_child_nodes(node):
            yield from walk_own(below)


def walk(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in nodes:
        yield from ast.walk(node)


def binds(node: ast.stmt) -> list[str]:
    """What a statement of a module gives names to, but for imports."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def stored(node: ast.AST) -> list[str]:
    if isinstance(node, ast.arg):
        return [node.arg]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def _read(nodes: list[ast.stmt]) -> set[str]:
    return {node.id for node in walk(nodes) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def needed(probe: ast.FunctionDef, known: dict[str, ast.stmt]) -> list[ast.stmt]:
    """The helpers and constants that a probe uses, and those that these use, in the order in which they stand."""
    body: list[ast.stmt] = [*probe.body]
    found: set[str] = set()
    while new := (_read([*body, *(known[name] for name in found)]) & known.keys()) - found:
        found |= new
    if any(isinstance(node, ast.Assign) and "exercise" in ast.unparse(node.value) for node in map(known.get, found)):
        raise Unwritten
    order = list(known.values())
    return sorted((known[name] for name in found), key=order.index)


def imports(nodes: list[ast.stmt], module: ast.Module) -> Iterator[str]:
    """The imports of a module that are used, and that of torch, which the inputs need."""
    read = _read(nodes) | {"torch"}
    told = False
    for node in module.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [name for name in node.names if (name.asname or name.name).split(".")[0] in read]
            told |= any(name.name == "torch" and isinstance(node, ast.Import) for name in names)
            if names:
                made: Any = ast.Import(names) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, names, 0)
                yield ast.unparse(made)
    if not told:
        yield "import torch"


def is_answer(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "answer"


def without_answer(node: ast.stmt, known: dict[str, ast.stmt]) -> ast.stmt:
    """The same statement, in which nobody is handed the answer.

    Raises:
        Unwritten: it does something else with the answer.
    """
    made = _Without(known).visit(ast.parse(textwrap.dedent(ast.unparse(node))).body[0])
    if any(is_answer(item) for item in ast.walk(made)):
        raise Unwritten
    return made  # type: ignore[no-any-return]


class _Without(ast.NodeTransformer):
    """Takes the answer out: `answer.f(X)` is `f(X)`, and no helper takes or is given it."""

    def __init__(self, known: dict[str, ast.stmt]) -> None:
        self.known = known

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.args.args = [item for item in node.args.args if item.arg != "answer"]
        node.decorator_list = []
        if ast.get_docstring(node) and len(node.body) > 1:
            del node.body[0]
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return ast.Name(node.attr, ast.Load()) if is_answer(node.value) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        helper = self.known.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if isinstance(helper, ast.FunctionDef):
            places = [number for number, item in enumerate(helper.args.args) if item.arg == "answer"]
            given = [number for number, item in enumerate(node.args) if is_answer(item)]
            if places == given:
                node.args = [item for item in node.args if not is_answer(item)]
        return self.generic_visit(node)
