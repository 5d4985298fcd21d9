"""Runs a probe on an answer and records what happened, as plain data. Says nothing about right or wrong.

Imports only torch, numpy, the standard library and what a lesson is declared with: it runs in students' kernels and in
the sandbox.
"""

from __future__ import annotations

import linecache
import random
import sys
from bdb import BdbQuit
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np
import torch
from torch.utils._mode_utils import no_dispatch

from grader import seeded
from grader.checks import ADVICE, NUMPY, Check
from grader.lesson import inputs
from grader.lesson.declare import Lesson
from grader.wire import NAME_AT_MOST
from grader.worker.calls import only_call
from grader.worker.count import looking_on, ready_made
from grader.worker.errors import describe_error
from grader.worker.noticed import unnoticed
from grader.worker.printed import Printed, captured
from grader.worker.record import DEPTH_AT_MOST, TENSOR_BYTES_AT_MOST, Recorder, Tree

_clone, _detach, _equal = torch.Tensor.clone, torch.Tensor.detach, torch.equal
"""Bound before an answer runs: one that puts others in their place would hide what it does to its inputs."""


class MissingName(Exception):
    """The answer does not define a name that the probe asks for."""


class NoDebugger(BaseException):
    """The answer called `breakpoint()`, and nobody would see a debugger in a check. It is not an Exception: an answer that
    catches those would go on as if nothing had happened."""


class Answer:
    """What a probe sees of an answer: its names, as attributes. Its functions are watched for what they do to a list, a
    dictionary or a set that they are given, and for whether they return anything."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.__dict__ |= {"_names": names, "_changed": [], "_returned": []}

    def __getattr__(self, name: str) -> Any:
        try:
            found = self._names[name]
        except KeyError:
            raise MissingName(name) from None
        return _watched(found, self._changed, self._returned) if isinstance(found, FunctionType) else found


def _watched(function: FunctionType, changed: list[str], returned: list[bool]) -> Callable[..., Any]:
    """The function; a call adds to `changed` the parameters whose container does not hold afterwards what it held before,
    and to `returned` whether it gave anything but None."""

    @wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        given = [*zip(function.__code__.co_varnames, args, strict=False), *named.items()]
        held = [(name, item, _held(item)) for name, item in given if type(item) in (list, dict, set)]
        try:
            result = function(*args, **named)
        finally:
            changed.extend(name for name, item, before in held if _held(item) != before and name not in changed)
        returned.append(result is not None)
        return result

    return call


def _held(container: Any) -> list[int]:
    """The things in a container, to be told from others."""
    return list(map(id, [*container, *(container.values() if isinstance(container, dict) else ())]))


@contextmanager
def without_debugger() -> Iterator[None]:
    """Have `breakpoint()` stop the answer: a debugger would wait for words that nobody can type."""
    before = sys.breakpointhook
    sys.breakpointhook = _no_debugger
    try:
        yield
    finally:
        sys.breakpointhook = before


def _no_debugger(*_: object, **__: object) -> None:
    raise NoDebugger


@torch.inference_mode(False)  # a cell may have entered it for good; leaving it switches gradients on as well
def run_check(
    lesson: Lesson,
    check: Check,
    answer: Answer,
    seed: str,
    *,
    advice: bool = True,
    show_inputs: bool = False,
    given: dict[str, torch.Tensor] | None = None,
    interruptible: bool = False,
    only: int | None = None,
    recorder: Recorder | None = None,
    debugged: bool = False,
) -> list[Tree]:
    """Run a check's probe on each of its cases.

    Args:
        seed: picks the numbers; the same seed gives the same inputs on every machine.
        advice: also run the variants on which advice is given (`cuda` only where there is a GPU), as long as the answer
            does not stop.
        show_inputs: record the inputs too, and the call of the answer that they come to.
        given: the inputs of a check that makes none of its own; then there is one case.
        interruptible: whoever sits at the keyboard can end it, by a KeyboardInterrupt.
        only: the number of the one case that is asked for.
        recorder: what takes in the observations, where several runs share the room of one message.
        debugged: `breakpoint()` opens a debugger, what is printed is seen and not kept, and no operations are looked at.

    Returns:
        One observation a case, in the order of the cases.
    """
    observations: list[Tree] = []
    name = f"{lesson.name}/{check.name}"
    recorder = recorder or Recorder()
    if given is not None:
        return [
            {
                "case": 0,
                "kind": "given",
                **observe(lesson.probes[check.name], answer, given, recorder=recorder, interruptible=interruptible),
            }
        ]
    for case in inputs.cases(name, lesson.inputs[check.name], seed, check.vectorized):
        variant = case.kind in ADVICE
        if (variant and not advice) or only not in (None, case.index):
            continue
        if variant and not check.raises and any(seen["error"] for seen in observations):
            continue  # who stops has other worries, and the first use of `meta` takes a second
        if case.kind == "cuda" and not torch.cuda.is_available():
            continue
        made = inputs.make(name, lesson.inputs[check.name], case, seed)
        cotangents = None
        if check.gradients and not variant:
            cotangents = seeded.cotangents(seed, lesson.name, check.name, case.index)
        count = not debugged and (case.kind in ("small", "large") or bool(check.forbids and not variant))
        forbids = None if case.kind in ("small", "large") else check.forbids
        observation = observe(
            lesson.probes[check.name], answer, made, cotangents=cotangents, count=count, forbids=forbids,
            numpy=NUMPY in check.forbids, show_inputs=show_inputs, recorder=recorder, interruptible=interruptible,
            debugged=debugged,
        )  # fmt: skip
        if show_inputs and not variant:
            again = inputs.make(name, lesson.inputs[check.name], case, seed)
            if cotangents:
                cotangents = seeded.cotangents(seed, lesson.name, check.name, case.index)
            observation["call"] = only_call(lesson.probes[check.name], answer.__dict__["_names"], again, cotangents)
        observations.append({"case": case.index, "kind": case.kind, **observation})
    return observations


@torch.inference_mode(False)
def observe(
    probe: Any,
    answer: Answer,
    made: dict[str, Any],
    *,
    cotangents: np.random.Generator | None = None,
    count: bool = False,
    forbids: list[str] | None = None,
    numpy: bool = False,
    show_inputs: bool = False,
    recorder: Recorder | None = None,
    interruptible: bool = False,
    debugged: bool = False,
) -> Tree:
    """Run one probe on one set of inputs and record what came out: also the gradients, where cotangents are given.

    Floating inputs are given to the probe as non-leaf tensors that require a gradient, so that an answer may change them
    in place (which is recorded) without an error, and a gradient still flows back.
    """
    recorder = recorder or Recorder()
    record: Tree = {
        "value": None,
        "error": None,
        "gradients": None,
        "changed": [],
        "operations": None,
    }
    if show_inputs:
        record["inputs"] = {name: recorder.tree(item) for name, item in made.items()}
    printed = Printed()
    counts, later, left = Counter[str](), Counter[str](), list[str]()
    changed, returned = answer.__dict__["_changed"], answer.__dict__["_returned"]
    changed.clear()
    returned.clear()
    _same_start()
    with nullcontext() if debugged else captured(printed), nullcontext() if debugged else without_debugger():
        originals, arguments = _arguments(made, cotangents is not None)
        try:
            with looking_on(counts, left, forbids=forbids, numpy=numpy) if count else nullcontext():
                result = probe(answer, **arguments)
            record["changed"] = [name for name in originals if not _same(originals[name], arguments[name])]
            record["changed"] += [name[:NAME_AT_MOST] for name in changed if name not in record["changed"]]
            with looking_on(later, [], forbids=forbids) if count else nullcontext():
                try:
                    if cotangents is not None:
                        gradients = _gradients(result, originals, cotangents)
                        record["gradients"] = {name: recorder.gradient(found) for name, found in gradients.items()}
                finally:  # after going backward: a module that was returned has its gradients then
                    record["value"] = recorder.tree(result)
        except BaseException as error:  # a student's SystemExit is an observation like any other
            if (interruptible and isinstance(error, KeyboardInterrupt)) or (debugged and isinstance(error, BdbQuit)):
                raise
            record["error"] = describe_error(error, answer.__dict__["_names"])
    record["operations"] = {name: 0 for name in later if ready_made(name)} | counts if count else None
    record["left"] = left
    record["nothing"] = bool(returned) and not any(returned)
    record["printed"] = printed.text
    return record


def _arguments(made: dict[str, Any], gradients: bool) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    originals, arguments = {}, dict(made)
    for name, item in made.items():
        if not isinstance(item, torch.Tensor):
            continue
        if gradients and item.is_floating_point():
            originals[name] = item.requires_grad_()
            arguments[name] = _clone(item)
        else:
            originals[name] = _clone(item)
    return originals, arguments


def _same_start() -> None:
    """The same random numbers and settings for every run, whatever an answer did before."""
    random.seed(0)
    np.random.seed(0)
    torch.default_generator.manual_seed(0)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(0)
    if torch.get_default_dtype() is not torch.float32:
        torch.set_default_dtype(torch.float32)
    if torch.get_default_device().type != "cpu":
        torch.set_default_device(None)


def _same(original: torch.Tensor, argument: torch.Tensor) -> bool:
    if (original.dtype, original.device) != (argument.dtype, argument.device):
        return False
    return original.device.type == "meta" or _equal(_detach(original), _detach(argument))


def _gradients(result: Any, leaves: dict[str, torch.Tensor], rng: np.random.Generator) -> dict[str, torch.Tensor | None]:
    """Go backward from every output under a random cotangent, and read the gradient of each floating input; parameters of
    a module that was returned get theirs too. A plain sum would hide mistakes that cancel: softmax has gradient zero
    under it.

    Each floating output takes its cotangent in turn, whether a gradient flows through it or not: what an output gets may
    not depend on how another one came about.
    """
    outputs = [
        item
        for item in _tensors(result)
        if item.is_floating_point() and item.numel() * item.element_size() <= TENSOR_BYTES_AT_MOST
    ]
    if any(item.requires_grad for item in outputs):
        weights = [torch.from_numpy(np.asarray(rng.standard_normal(tuple(item.shape)))).to(item) for item in outputs]
        flowing = [number for number, item in enumerate(outputs) if item.requires_grad]
        _go_backward([outputs[number] for number in flowing], [weights[number] for number in flowing])
    return {name: leaf.grad for name, leaf in leaves.items() if leaf.requires_grad}


def _go_backward(outputs: list[torch.Tensor], weights: list[torch.Tensor]) -> None:
    """As `torch.autograd.backward`, which would have a function mode look away from what an answer calls on the way back.
    What PyTorch does there by itself is nobody's use of it, and to look on would take as long again."""
    with no_dispatch(), unnoticed():
        torch.autograd.Variable._execution_engine.run_backward(
            tuple(outputs), tuple(weights), False, False, (), allow_unreachable=True, accumulate_grad=True
        )


def _tensors(value: Any, depth: int = 0) -> Iterator[torch.Tensor]:
    """The tensors of a structure, in an order that does not depend on that of a dictionary's keys."""
    if isinstance(value, torch.Tensor):
        yield value
    elif depth <= DEPTH_AT_MOST:
        if isinstance(value, dict):
            value = [item for _, item in sorted(value.items(), key=lambda pair: str(pair[0]))]
        if isinstance(value, (list, tuple)):
            for item in value:
                yield from _tensors(item, depth + 1)


def kind_of_name(names: Mapping[str, Any], name: str) -> str:
    """How a name is bound: "missing", "callable", or the name of the type of what stands there."""
    if name not in names:
        return "missing"
    found = names[name]
    return "callable" if callable(found) else type(found).__name__[:100]


def load_checks(source: str, module_name: str = "checks") -> Lesson:
    """Execute the text of a `checks.py` as the module `checks` and return the lesson it declares.

    Raises:
        LookupError: the text declares no lesson.
    """
    module = type(sys)(module_name)
    sys.modules[module_name] = module
    filename = f"{module_name}.py"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    exec(compile(source, filename, "exec"), module.__dict__)
    lesson = module.__dict__.get("lesson")
    if not isinstance(lesson, Lesson):
        raise LookupError("checks.py has to bind the name `lesson` to a Lesson.")
    return lesson
