"""A failing case as Python to paste: it makes what the answer was given, calls it, and says what was expected. Where that
can't be written down truthfully, there is none."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain

import numpy as np

from grader.checks import Check
from grader.files.translated import columns
from grader.judge.compare import Path, compare, wrong_gradient
from grader.judge.literal import LEAF, TRACKED, Unwritten, literal
from grader.judge.observation import Call, Mapping, Module, Node, Observation, Plain, Sequence, Tensor
from grader.judge.probed import (
    binds,
    imports,
    is_answer,
    keys_in_functions,
    needed,
    stored,
    walk,
    walk_own,
    without_answer,
)  # fmt: skip
from grader.judge.result import Shown
from grader.judge.show import part, text
from grader.messages import say

LINES_AT_MOST = 60
"""Lines of a case that is still pasted."""


def replay(
    check: Check,
    want: Observation,
    got: Observation,
    shown: Shown | None,
    probes: str,
    cotangents: np.random.Generator,
    called: dict[str, str] | None = None,
) -> tuple[str, str]:
    """The lines, or a sentence that says why there are none; nothing at all where there is none of that either.

    Args:
        shown: the same case as it is shown, if it is.
        probes: the text of the `checks.py` that the student has.
        cotangents: what the check drew them from that it went backward with.
        called: how it is told in another language what the check calls things by.
    """
    ways = [_called(check, want.call, want, got, shown)] if want.call else []
    why = ""
    for lines in [*ways, _probed(check, want, got, shown, probes, cotangents, called or {})]:
        try:
            code = "\n".join(lines)
        except Unwritten as reason:
            why = why or str(reason)
        else:
            lines_needed = code.count("\n") + 1
            return (code, "") if lines_needed <= LINES_AT_MOST else ("", say("too_long_to_paste", lines=lines_needed))
    return "", why


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


def _called(check: Check, call: Call, want: Observation, got: Observation, shown: Shown | None) -> Iterator[str]:
    """The call that was recorded, with its arguments, and what it is about: its value, a gradient, or an argument that has
    changed."""
    as_a_value = got.error is not None or compare(want.value, got.value, check.tolerance) is not None
    changed = [name for name in got.changed if name not in want.changed and name in call.arguments]
    backward = got.error is not None and got.value is not None
    of = shown.of if shown else ""
    held = _held(call, want) if of else {}
    if (of or backward) and not _goes_backward(call, want, of, held):
        raise Unwritten
    if not (as_a_value or of or changed):
        raise Unwritten
    yield "import torch"
    passed = []
    for name, node in call.arguments.items():
        for each in held.get(name, []):
            yield f"{each} = {literal((want.inputs or {})[each], LEAF)}"
        if name in held:
            yield f"{name} = [{', '.join(held[name])}]"
        elif not isinstance(node, Plain):
            tracked = name in call.tracked
            yield f"{name} = {literal(node, LEAF if tracked and of else TRACKED if tracked and got.error else '')}"
        passed.append(literal(node) if isinstance(node, Plain) else name)
    made = f"{call.name}({', '.join(passed)})"
    if of or backward:
        assert call.cotangent is not None
        yield f"{made}.backward({literal(call.cotangent)})"
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


# From the probe


def _probed(
    check: Check,
    want: Observation,
    got: Observation,
    shown: Shown | None,
    probes: str,
    cotangents: np.random.Generator,
    called: dict[str, str],
) -> Iterator[str]:
    """What the probe does, without the answer that it is handed: the exercise is called by its name. Then what it is about:
    its value, something in it, an input that has changed, or a gradient."""
    try:
        module = ast.parse(probes)
    except SyntaxError:
        raise Unwritten from None
    literal_keys = list(keys_in_functions(module))
    names = {str(key.value): called.get(str(key.value), str(key.value)) for key in literal_keys}
    for key in literal_keys:
        key.value = names[str(key.value)]
    known = {name: node for node in module.body for name in binds(node)}
    probe = known.get(check.name)
    if not isinstance(probe, ast.FunctionDef) or want.inputs is None:
        raise Unwritten
    helpers = needed(probe, known)
    used = {node.attr for node in walk([probe, *helpers]) if isinstance(node, ast.Attribute) and is_answer(node.value)}
    if used & {name for node in walk([probe, *helpers]) for name in stored(node)}:
        raise Unwritten  # a name of the probe's own would hide the answer
    own = {name for node in walk(probe.body) for name in stored(node)}
    taken = used | own | known.keys() | want.inputs.keys()
    result, outputs, weights = (_free(name, taken) for name in ("result", "outputs", "weights"))
    value = _Value(want.value, result, names)
    below = _below(check, want, got, shown, value, partial(_backward, value, outputs, weights, cotangents))
    yield from imports([*probe.body, *helpers], module)
    for node in helpers:
        yield from ["", ast.unparse(without_answer(node, known))]
    yield ""
    for name, item in want.inputs.items():
        floating = isinstance(item, Tensor) and "float" in item.dtype
        yield f"{name} = {literal(item, TRACKED if check.gradients and floating else '')}"
        if below and f"print({name}.grad)" in below:
            if name in own:
                raise Unwritten  # it is another tensor by then
            yield f"{name}.retain_grad()"
    yield "torch.manual_seed(0)"
    yield from _run(probe, known, result if below else "")
    yield from below or _outcome(check, want, shown)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


class _Value:
    """What a probe gave back, and the code for a part of it.

    Args:
        name: of the variable that holds it.
        keys: those of dictionaries that the check makes, as they are told.
    """

    def __init__(self, node: Node | None, name: str, keys: dict[str, str]) -> None:
        self.node, self._name, self._keys = node, name, keys

    def part(self, where: Path) -> tuple[str, bool]:
        """The code for what lies there, and whether it lies in a module."""
        code, node = self._name, self.node
        for step in where:
            if isinstance(node, Module):
                return f"{code}.state_dict()[{step!r}]", True
            if isinstance(node, Mapping) and isinstance(step, str):
                if re.fullmatch(r".+ \(\w+\)", step):
                    raise Unwritten  # no text, but told as one
                code, node = f"{code}[{self._keys.get(step, step)!r}]", node.items[step]
            elif isinstance(node, Sequence) and isinstance(step, int):
                code, node = f"{code}[{step}]", node.items[step]
        return code, False

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """The code for each tensor that a check goes backward from, in its order (`grader.worker.observe`)."""
        for where, node in _tensors(self.node, ()):
            if "float" in node.dtype:
                yield self.part(where)[0], node


def _tensors(node: Node | None, where: Path) -> Iterator[tuple[Path, Tensor]]:
    if isinstance(node, Tensor):
        yield where, node
    elif isinstance(node, Mapping):
        for name, item in sorted(node.items.items()):
            yield from _tensors(item, (*where, name))
    elif isinstance(node, Sequence):
        for at, item in enumerate(node.items):
            yield from _tensors(item, (*where, at))


def _below(
    check: Check,
    want: Observation,
    got: Observation,
    shown: Shown | None,
    value: _Value,
    backward: Callable[[], Iterable[str]],
) -> list[str]:
    """What follows the run of a probe; nothing where it is enough to print what it gives.

    Args:
        backward: makes the lines that go backward from what it gives.
    """
    if want.error or (got.error and got.value is None):
        return []
    if compare(want.value, got.value, check.tolerance):
        where, expected, seen = part(want.value, got.value, check.tolerance)
        code, inside = value.part(where)
        if isinstance(expected, Module) and isinstance(seen, Module):
            name = wrong_gradient(expected.gradients, seen.gradients, check.tolerance)
            if not name:
                raise Unwritten
            told = _expected(text(expected.gradients[name]))
            return [*(backward() if check.gradients else []), f"print({code}.get_parameter({name!r}).grad)", *told]
        return [f"print({code})", *_outcome(check, want, shown)] if inside else []
    if got.error:
        return [*backward()]
    if changed := [name for name in got.changed if name not in want.changed]:
        given = want.inputs or {}
        if not given.keys() >= set(changed):
            raise Unwritten
        return [*(f"print({name})" for name in changed), *_expected("\n".join(text(given[name]) for name in changed))]
    if not (shown and shown.of):
        raise Unwritten
    return [*backward(), f"print({shown.of}.grad)", *_expected(shown.expected)]


def _backward(value: _Value, outputs: str, weights: str, rng: np.random.Generator) -> Iterator[str]:
    """Go backward as a check does: from every tensor of floating numbers that a gradient flows through, each with its own
    weights."""
    found = [(code, node, rng.standard_normal(node.shape)) for code, node in value.tensors()]
    written = [literal(Tensor(node.dtype, node.shape, data=drawn.astype(node.dtype))) for _, node, drawn in found]
    if len(found) == 1:
        yield from [f"if {found[0][0]}.requires_grad:", f"    {found[0][0]}.backward({written[0]})"]
        return
    yield f"{outputs} = [{', '.join(code for code, _, _ in found)}]"
    yield from [f"{weights} = [", textwrap.indent(",\n".join(written), "    ") + ",", "]"]
    yield f"for output, weight in zip({outputs}, {weights}):"
    yield from ["    if output.requires_grad:", "        output.backward(weight, retain_graph=True)"]


def _run(probe: ast.FunctionDef, known: dict[str, ast.stmt], result: str) -> Iterator[str]:
    """The body of a probe, which prints what it would give back, or puts it into a variable; where it does so in several
    places, as a function."""
    body = without_answer(probe, known)
    assert isinstance(body, ast.FunctionDef)
    last = body.body[-1]
    returns = [node for item in body.body for node in walk_own(item) if isinstance(node, ast.Return)]
    taken = [item.arg for item in [*body.args.args, *body.args.kwonlyargs]]
    given = f"{body.name}({', '.join(taken)})"
    if all(node is last for node in returns):
        yield from (ast.unparse(item) for item in body.body[:-1])
        given = ast.unparse(last.value) if isinstance(last, ast.Return) and last.value else ""
        if not given:
            yield ast.unparse(last)
            return
    else:
        body.args.defaults, body.args.kw_defaults = [], [None] * len(body.args.kwonlyargs)
        yield from ["", ast.unparse(body), ""]
    yield f"{result} = {given}" if result else f"print({given})"
