"""A failing case as Python to paste: it makes what the answer was given, calls it, and says what was expected. Where that
can't be written down truthfully, there is none."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from grader.checks import Check
from grader.files.translated import columns
from grader.judge.compare import compare, numbers
from grader.judge.observation import Call, Mapping, Module, Node, Observation, Plain, Sequence, Tensor
from grader.judge.result import Shown
from grader.judge.show import text
from grader.messages import say

NUMBERS_AT_MOST, LINES_AT_MOST = 200, 60
"""Numbers of a tensor that is still written down, and lines of a case."""
WIDTH = 100
"""Columns from which on the rows of a tensor stand on lines of their own."""
_LEAF = ", requires_grad=True)"
_TRACKED = f"{_LEAF}.clone()"
"""How a tensor ends that requires a gradient: as a leaf, or as a probe is given inputs, which may be changed in place."""


def replay(
    check: Check, want: Observation, got: Observation, shown: Shown | None, probes: str, called: dict[str, str] | None = None
) -> str:
    """The lines, or nothing.

    Args:
        shown: the same case as it is shown, if it is.
        probes: the text of the `checks.py` that the student has.
        called: how it is told in another language what the check calls things by.
    """
    as_a_value = got.error is not None or compare(want.value, got.value, check.tolerance) is not None
    try:
        if want.call:
            lines = list(_called(check, want.call, want, got, shown, as_a_value))
        else:
            backward = got.error is not None and got.value is not None  # which the probe does not do
            lines = list(_probed(check, want, shown, probes, called or {})) if as_a_value and not backward else []
    except _Unwritten:
        return ""
    code = "\n".join(lines)
    return code if code.count("\n") < LINES_AT_MOST else ""


class _Unwritten(Exception):
    """Something that can't be written down as it was."""


def _expected(text: str, place: str = "") -> Iterator[str]:
    """What should come out, as a comment."""
    first, *more = text.split("\n")
    start = f"# {say('replay_expected_in', place=place) if place else say('replay_expected')}"
    yield from [start + first] * bool(first)
    yield from ("#" + " " * (columns(start) - 1) + row for row in more)


def _outcome(check: Check, want: Observation, shown: Shown | None) -> Iterator[str]:
    if want.error:
        words = ", ".join(check.mentions)
        return _expected(say("replay_error_mentions" if words else "replay_error", type=check.raises, words=words))
    return _expected(shown.expected, shown.place) if shown else _expected("")


# From the call itself


def _called(
    check: Check, call: Call, want: Observation, got: Observation, shown: Shown | None, as_a_value: bool
) -> Iterator[str]:
    """The call that was recorded, with its arguments, and what it is about: its value, a gradient, or an argument that has
    changed."""
    changed = [name for name in got.changed if name not in want.changed and name in call.arguments]
    backward = got.error is not None and got.value is not None
    of = shown.of if shown else ""
    held = _held(call, want) if of else {}
    if (of or backward) and not _goes_backward(call, want, of, held):
        raise _Unwritten
    if not (as_a_value or of or changed):
        raise _Unwritten
    yield "import torch"
    passed = []
    for name, node in call.arguments.items():
        for each in held.get(name, []):
            yield f"{each} = {_literal((want.inputs or {})[each], _LEAF)}"
        if name in held:
            yield f"{name} = [{', '.join(held[name])}]"
        elif not isinstance(node, Plain):
            tracked = name in call.tracked
            yield f"{name} = {_literal(node, _LEAF if tracked and of else _TRACKED if tracked and got.error else '')}"
        passed.append(_literal(node) if isinstance(node, Plain) else name)
    made = f"{call.name}({', '.join(passed)})"
    if of or backward:
        assert call.cotangent is not None
        yield f"{made}.backward({_literal(call.cotangent)})"
        yield from [f"print({of}.grad)", *_expected(shown.expected if shown else "")] if of else []
    elif as_a_value:
        yield from [f"print({made})", *_outcome(check, want, shown)]
    else:
        yield from [made, *(f"print({name})" for name in changed)]
        yield from _expected("\n".join(text(call.arguments[name]) for name in changed))


def _goes_backward(call: Call, want: Observation, of: str, held: dict[str, list[str]]) -> bool:
    """Whether going backward from the call gives what is shown: the gradients of the inputs themselves."""
    leaves = [name for name in call.tracked if name not in held]
    same = [_same(call.arguments[name], (want.inputs or {}).get(name)) for name in leaves]
    return call.cotangent is not None and all(same) and (not of or of in [*leaves, *chain(*held.values())])


def _held(call: Call, want: Observation) -> dict[str, list[str]]:
    """Of lists among the arguments the inputs that they hold, each in its place, where they hold nothing else."""
    found = {}
    for name, node in call.arguments.items():
        if isinstance(node, Sequence) and node.type == "list" and name in call.tracked:
            inputs = list((want.inputs or {}).items())
            names = [next((each for each, one in inputs if _same(item, one)), "") for item in node.items]
            if all(names) and len(set(names)) == len(names) and not {*names} & call.arguments.keys():
                found[name] = names
    return found


def _same(one: Node, other: Node | None) -> bool:
    return isinstance(one, Tensor) and isinstance(other, Tensor) and np.array_equal(one.data, other.data)  # type: ignore[arg-type]


def _literal(node: Node, grows: str = "") -> str:
    """A value as Python writes it.

    Args:
        grows: what makes tensors require a gradient, `_LEAF` or `_TRACKED`.

    Raises:
        _Unwritten: it has no such form.
    """
    if isinstance(node, Tensor):
        return _tensor(node, grows)
    if isinstance(node, Sequence):
        items = [_literal(item, grows) for item in node.items]
        if node.type == "tuple":
            return f"({', '.join(items)}{',' * (len(items) == 1)})"
        one = f"[{', '.join(items)}]"
        return one if len(one) <= WIDTH else "[\n" + textwrap.indent(",\n".join(items), "    ") + ",\n]"
    if isinstance(node, Plain):
        return _plain(node)
    raise _Unwritten


def _plain(node: Plain) -> str:
    if node.type == "str":
        return repr(node.value)
    if node.type in ("float", "complex") and any(word in node.value for word in ("inf", "nan")):
        return f'{node.type}("{node.value}")'
    if node.type in ("bool", "int", "float", "complex", "NoneType"):
        return node.value
    if node.type == "dtype":
        return f"torch.{node.value}"
    if node.type in ("device", "Size"):
        return f"torch.{node.type}({node.value!r})" if node.type == "device" else f"torch.Size({node.value})"
    raise _Unwritten


def _tensor(node: Tensor, grows: str) -> str:
    data = numbers(node)
    if data is None or node.device != "cpu" or data.size > NUMBERS_AT_MOST or data.dtype.kind == "c" or not data.size:
        raise _Unwritten
    like = "" if node.dtype in ("float32", "int64", "bool") else f", dtype=torch.{node.dtype}"
    return f"torch.tensor({_rows(data)}{like}{grows or ')'}"


def _rows(data: np.ndarray) -> str:
    """Numbers as nested lists, with a line for each where they are too long for one."""
    if not data.ndim:
        return str(data[()]) if np.isfinite(data) else f'float("{data[()]}")'
    inner = [_rows(item) for item in data]
    one = f"[{', '.join(inner)}]"
    if data.ndim == 1 or (len(one) <= WIDTH and "\n" not in one):
        return one
    return "[\n" + textwrap.indent(",\n".join(inner), "    ") + ",\n]"


# From the probe


def _probed(check: Check, want: Observation, shown: Shown | None, probes: str, called: dict[str, str]) -> Iterator[str]:
    """What the probe does, without the answer that it is handed: the exercise is called by its name."""
    try:
        module = ast.parse(probes)
    except SyntaxError:
        raise _Unwritten from None
    for key in _keys_in_functions(module):
        key.value = called.get(str(key.value), key.value)
    known = {name: node for node in module.body for name in _binds(node)}
    probe = known.get(check.name)
    if not isinstance(probe, ast.FunctionDef) or want.inputs is None or (check.gradients and _has_module(want.value)):
        raise _Unwritten  # the gradients in a module would come from going backward
    needed = _needed(probe, known)
    used = {node.attr for node in _walk([probe, *needed]) if isinstance(node, ast.Attribute) and _is_answer(node.value)}
    if used & {name for node in _walk([probe, *needed]) for name in _stored(node)}:
        raise _Unwritten  # a name of the probe's own would hide the answer
    yield from _imports([*probe.body, *needed], module)
    for node in needed:
        yield from ["", ast.unparse(_without_answer(node, known))]
    yield ""
    for name, value in want.inputs.items():
        floating = isinstance(value, Tensor) and "float" in value.dtype
        yield f"{name} = {_literal(value, _TRACKED if check.gradients and floating else '')}"
    yield "torch.manual_seed(0)"
    yield from _run(probe, known)
    yield from _outcome(check, want, shown)


def _keys_in_functions(module: ast.Module) -> Iterator[ast.Constant]:
    """The keys of dictionaries that functions make: the names in what is printed, as `called` tells them."""
    for node in _walk([node for node in module.body if isinstance(node, ast.FunctionDef)]):
        if isinstance(node, ast.Dict):
            yield from (key for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def _has_module(node: Node | None) -> bool:
    items = node.items if isinstance(node, (Sequence, Mapping)) else []
    return isinstance(node, Module) or any(map(_has_module, items.values() if isinstance(items, dict) else items))


def _run(probe: ast.FunctionDef, known: dict[str, ast.stmt]) -> Iterator[str]:
    """The body of a probe, which prints what it would give back; where it does so in several places, as a function."""
    body = _without_answer(probe, known)
    assert isinstance(body, ast.FunctionDef)
    last = body.body[-1]
    returns = [node for item in body.body for node in _walk_own(item) if isinstance(node, ast.Return)]
    if all(node is last for node in returns):
        yield from (ast.unparse(item) for item in body.body[:-1])
        yield f"print({ast.unparse(last.value)})" if isinstance(last, ast.Return) and last.value else ast.unparse(last)
    else:
        taken = [item.arg for item in [*body.args.args, *body.args.kwonlyargs]]
        body.args.defaults, body.args.kw_defaults = [], [None] * len(body.args.kwonlyargs)
        yield from ["", ast.unparse(body), ""]
        yield f"print({body.name}({', '.join(taken)}))"


def _walk_own(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and what is in it, but for what functions in it hold."""
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
        for below in ast.iter_child_nodes(node):
            yield from _walk_own(below)


def _walk(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in nodes:
        yield from ast.walk(node)


def _binds(node: ast.stmt) -> list[str]:
    """What a statement of a module gives names to, but for imports."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _stored(node: ast.AST) -> list[str]:
    if isinstance(node, ast.arg):
        return [node.arg]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def _read(nodes: list[ast.stmt]) -> set[str]:
    return {node.id for node in _walk(nodes) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _needed(probe: ast.FunctionDef, known: dict[str, ast.stmt]) -> list[ast.stmt]:
    """The helpers and constants that a probe uses, and those that these use, in the order in which they stand."""
    body: list[ast.stmt] = [*probe.body]
    found: set[str] = set()
    while new := (_read([*body, *(known[name] for name in found)]) & known.keys()) - found:
        found |= new
    if any(isinstance(node, ast.Assign) and "exercise" in ast.unparse(node.value) for node in map(known.get, found)):
        raise _Unwritten
    order = list(known.values())
    return sorted((known[name] for name in found), key=order.index)


def _imports(nodes: list[ast.stmt], module: ast.Module) -> Iterator[str]:
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


def _is_answer(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "answer"


def _without_answer(node: ast.stmt, known: dict[str, ast.stmt]) -> ast.stmt:
    """The same statement, in which nobody is handed the answer.

    Raises:
        _Unwritten: it does something else with the answer.
    """
    made = _Without(known).visit(ast.parse(textwrap.dedent(ast.unparse(node))).body[0])
    if any(_is_answer(item) for item in ast.walk(made)):
        raise _Unwritten
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
        return ast.Name(node.attr, ast.Load()) if _is_answer(node.value) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        helper = self.known.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if isinstance(helper, ast.FunctionDef):
            places = [number for number, item in enumerate(helper.args.args) if item.arg == "answer"]
            given = [number for number, item in enumerate(node.args) if _is_answer(item)]
            if places == given:
                node.args = [item for item in node.args if not _is_answer(item)]
        return self.generic_visit(node)
