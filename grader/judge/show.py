"""Shows a failing case: inputs, what was expected and what came, small enough to be read."""

from __future__ import annotations

import math
import re

import numpy as np

from grader.checks import Check, Tolerance
from grader.judge.compare import MOST_DIGITS, all_zero, bounds, close, compare, number, numbers, written
from grader.judge.observation import Node, Observation, Plain, Sequence, Tensor
from grader.judge.result import Grid, Shown

SHOWN_AT_MOST, SHOWN_DEEP = 48, 20
"""Numbers of a case that are still shown, and how deep they may lie."""


def show(check: Check, want: Observation, got: Observation | None) -> Shown | None:
    """The case itself, where it is small enough to be read: what came out, or if that is right, the gradient that is not."""
    given = want.call.arguments if want.call else want.inputs
    if given is None or sum(map(count, given.values())) > SHOWN_AT_MOST:
        return None
    inputs = [(name, text(node)) for name, node in given.items()]
    if got is None:
        return Shown(want.kind, inputs, text(want.value))
    expected, seen, of = want.value, got.value, ""
    if not (want.error or got.error or compare(expected, seen, check.tolerance)):
        for name, gradient in (want.gradients or {}).items():
            other = (got.gradients or {}).get(name)
            if gradient and not (other is None and all_zero(gradient)) and compare(gradient, other, check.tolerance):
                expected, seen, of = gradient, other or Plain("NoneType", "None"), name
                break
    digits = next((some for some in range(4, MOST_DIGITS) if text(expected, some) != text(seen, some)), 4)
    shown = Shown(want.kind, inputs, text(expected, digits), text(seen, digits), of)
    shown.expected_grid, shown.got_grid = grids(expected, seen, check.tolerance) or (None, None)
    return shown


def count(node: Node | None, depth: int = 0) -> int:
    """How many numbers or words a person has to read; more than `SHOWN_AT_MOST` for what is not shown at all."""
    if isinstance(node, Tensor):
        return math.prod(node.shape)
    if isinstance(node, Sequence) and depth < SHOWN_DEEP:
        return sum(count(item, depth + 1) for item in node.items)
    return 1 if isinstance(node, Plain) else SHOWN_AT_MOST + 1


def text(node: Node | None, digits: int = 4) -> str:
    """A small value as a person would write it, with so many digits; the empty text for a large one."""
    if node is None or count(node) > SHOWN_AT_MOST:
        return ""
    if isinstance(node, Tensor):
        data = numbers(node)
        if data is None:
            return ""
        lines = np.array2string(data, separator=", ", precision=digits, suppress_small=True)
        return re.sub(r"\n\n+", "\n", lines)  # NumPy leaves lines empty between matrices
    if isinstance(node, Plain):
        return written(node, 90, max(digits, 6))
    if isinstance(node, Sequence):
        return "[" + ", ".join(text(item, digits) for item in node.items) + "]"
    return ""


def grids(want: Node | None, got: Node | None, tolerance: Tolerance | None) -> tuple[Grid, Grid] | None:
    """Two small tensors of one to three axes as grids, with the numbers marked that differ; None for anything else."""
    if not (isinstance(want, Tensor) and isinstance(got, Tensor)):
        return None
    expected, seen = numbers(want), numbers(got)
    if expected is None or seen is None or not all(1 <= each.ndim <= 3 and each.size for each in (expected, seen)):
        return None
    if max(expected.size, seen.size) > SHOWN_AT_MOST:
        return None
    wrong: list[int] = []
    if expected.shape == seen.shape:
        wrong = np.flatnonzero(~close(expected, seen, *bounds(want.dtype, tolerance))).tolist()
    pairs = [(expected.flat[place], seen.flat[place]) for place in wrong]
    enough = (some for some in range(4, MOST_DIGITS) if all(number(a, some) != number(b, some) for a, b in pairs))
    digits = next(enough, MOST_DIGITS)
    return _grid(expected, wrong, digits), _grid(seen, wrong, digits)


def _grid(data: np.ndarray, wrong: list[int], digits: int) -> Grid:
    return Grid(list(data.shape), [number(item, digits) for item in data.flat], wrong)
