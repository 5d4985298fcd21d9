"""Edits that change nothing: those that a rule tells, and those that a lesson's `equivalents.toml` lists."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.errors import CourseError
from grader.files.source import LessonFiles
from grader.whole import write_whole

HEADER = "# Edits of the reference answers that change nothing a student could be blamed for. `grader audit` reads them.\n"
_SWAPS = {"transpose", "swapaxes", "swapdims"}
_WITHOUT_GRADIENT = {"argmax", "argmin", "argsort", "long", "int", "bool", "isnan", "isinf", "isfinite", "any", "all"}
"""Methods whose result is of whole numbers or bools, which carry no graph that could be cut off."""


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An edit that changes nothing that a student could be blamed for, and why."""

    exercise: str
    was: str
    now: str
    because: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    equivalent: list[Equivalent] = []


def listed(files: LessonFiles) -> list[Equivalent]:
    """The edits that a lesson's `equivalents.toml` lists.

    Raises:
        CourseError: the file is not as it has to be.
    """
    try:
        return msgspec.convert(tomllib.loads(files.equivalents), _File).equivalent
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CourseError(f"{files.place}/equivalents.toml can't be read: {error}.") from None


def unexplained(files: LessonFiles) -> list[str]:
    """Sentences about the edits that are listed without a reason."""
    empty = [number for number, line in enumerate(files.equivalents.split("\n"), 1) if line.replace(" ", "") == 'because=""']
    return [
        f"{files.place}/equivalents.toml, line {number}: write why this edit changes nothing. If it does change something, "
        "delete it here, and add a check that sees it."
        for number in empty
    ]


def write(folder: Path, found: Iterable[tuple[str, tuple[str, str]]]) -> int:
    """Add edits, each with its exercise, to a lesson's `equivalents.toml`, with an empty reason; how many there were."""
    path = folder / "equivalents.toml"
    blocks = [
        "\n[[equivalent]]\n"
        + "".join(
            f"{name} = {json.dumps(text, ensure_ascii=False)}\n"
            for name, text in (("exercise", exercise), ("was", was), ("now", now), ("because", ""))
        )
        for exercise, (was, now) in found
    ]
    if blocks:
        before = path.read_text(encoding="utf-8-sig").rstrip("\n") + "\n" if path.exists() else HEADER
        write_whole(path, (before + "".join(blocks)).encode())
    return len(blocks)


def by_rule(was: str, now: str) -> bool:
    """Whether two pieces of Python do the same by a rule: a pair of axes is swapped in the other order, two assignments that
    don't meet stand in the other order, or what carries no gradient is detached."""
    try:
        one, other = (_Plain().visit(ast.parse(text)) for text in (was, now))
    except SyntaxError:
        return False
    return ast.dump(one) == ast.dump(other) or _are_swapped(one.body, other.body)


class _Plain(ast.NodeTransformer):
    """Writes what can be written in several ways in one."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        called = node.func
        if not isinstance(called, ast.Attribute):
            return node
        if called.attr in _SWAPS and len(node.args) >= 2 and not node.keywords:
            node.args[-2:] = sorted(node.args[-2:], key=ast.dump)
        return called.value if called.attr == "detach" and _has_no_gradient(called.value) else node


def _has_no_gradient(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in _WITHOUT_GRADIENT
    return isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and _has_no_gradient(node.operand))


def _are_swapped(one: list[ast.stmt], other: list[ast.stmt]) -> bool:
    """Whether two statements that don't meet have changed places, and all else is as it was."""
    if len(one) != len(other):
        return False
    differ = [at for at, pair in enumerate(zip(one, other, strict=True)) if ast.dump(pair[0]) != ast.dump(pair[1])]
    if len(differ) != 2 or differ[1] != differ[0] + 1:
        return False
    first, second = one[differ[0]], one[differ[1]]
    there = ast.dump(other[differ[0]]), ast.dump(other[differ[1]])
    return there == (ast.dump(second), ast.dump(first)) and _are_apart(first, second)


def _are_apart(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether both are assignments of what is only read or computed with operators, and neither uses what the other sets. A
    call may do anything, and draw random numbers."""
    if not (isinstance(first, ast.Assign) and isinstance(second, ast.Assign)):
        return False
    if any(
        isinstance(node, (ast.Call, ast.NamedExpr, ast.Await, ast.Yield)) for it in (first, second) for node in ast.walk(it)
    ):
        return False
    sets, uses = zip(*map(_touched, (first, second)), strict=True)
    return not (sets[0] & (sets[1] | uses[1]) or sets[1] & uses[0])


def _touched(statement: ast.Assign) -> tuple[set[str], set[str]]:
    """What an assignment sets, and what it uses: names, and attributes with what they belong to."""
    sets: set[str] = set()
    uses: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, (ast.Name, ast.Attribute)):
            (sets if isinstance(node.ctx, ast.Store) else uses).add(ast.unparse(node))
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            sets |= {ast.unparse(each) for each in ast.walk(node.value) if isinstance(each, (ast.Name, ast.Attribute))} - {
                "self"
            }
    return sets, uses
