"""Shows a failing case: inputs, what was expected and what came, small enough to be read."""

from __future__ import annotations

import math
import re

import numpy as np

from grader.checks import Check, Tolerance
from grader.judge.compare import (
    MOST_DIGITS,
    Path,
    bounds,
    close,
    compare,
    number,
    numbers,
    placed,
    written,
    wrong_gradient,
)  # fmt: skip
from grader.judge.observation import Mapping, Module, Node, Observation, Plain, Sequence, Tensor
from grader.judge.result import Figure, FigureKind, Grid, Shown
from grader.messages import say

SHOWN_AT_MOST, SHOWN_DEEP = 48, 20
"""Numbers of a value that are still shown, and how deep they may lie."""
SIDE_AT_MOST = 32
"""Rows and columns up to which two shapes are still drawn beside each other."""
HANDFUL, DRAWN_AT_MOST, AXES_AT_MOST = 16, 1024, 4
"""Numbers in a matrix from which on it is drawn too, and up to which, and the axes of what is drawn or a grid."""
ROW_AT_LEAST, BARS_AT_MOST = 5, 24
"""Numbers in a row that are drawn, and bars."""


def show(check: Check, want: Observation, got: Observation | None) -> Shown | None:
    """The case itself: the inputs that are small enough to be read, and the part that came out wrong, or if all is
    right, the gradient that is not."""
    given = want.call.arguments if want.call else want.inputs
    if given is None:
        return None
    inputs = [(name, text(node) or _size(node)) for name, node in given.items()]
    shown = Shown(want.kind, inputs, starts_from=bool(inputs) and want.call is None)
    if got is None:
        shown.expected = text(want.value)
        return shown if shown.expected else None
    expected, seen = want.value, got.value
    if want.error or got.error:
        pass
    elif compare(expected, seen, check.tolerance):
        where, expected, seen = part(expected, seen, check.tolerance)
        shown.place = placed(where)
    else:
        shown.of = wrong_gradient(want.gradients, got.gradients, check.tolerance)
        if shown.of:
            expected, seen = (
                (want.gradients or {})[shown.of],
                (got.gradients or {}).get(shown.of) or Plain("NoneType", "None"),
            )
    digits = next((some for some in range(4, MOST_DIGITS) if text(expected, some) != text(seen, some)), 4)
    wrong = add_numbers(shown, expected, seen, check.tolerance)
    shown.expected, shown.got = text(expected, digits), text(seen, digits, wrong)
    few = sum(map(count, given.values())) <= SHOWN_AT_MOST
    return shown if few or shown.figure or (shown.expected and shown.got) else None


def part(
    want: Node | None, got: Node | None, tolerance: Tolerance | None, where: Path = ()
) -> tuple[Path, Node | None, Node | None]:
    """The first part of a value that differs, and the way to it: a tensor, a list of numbers, or what is in nothing else."""
    pairs: list[tuple[str | int, Node, Node]] = []
    if isinstance(want, Mapping) and isinstance(got, Mapping) and want.items.keys() == got.items.keys():
        pairs = [(name, item, got.items[name]) for name, item in want.items.items()]
    elif isinstance(want, Module) and isinstance(got, Module) and want.state.keys() == got.state.keys():
        pairs = [(name, item, got.state[name]) for name, item in want.state.items()]
    elif isinstance(want, Sequence) and isinstance(got, Sequence):
        whole = len(want.items) != len(got.items) or not (_array(want) is None or _array(got) is None)
        pairs = [] if whole else [(at, item, got.items[at]) for at, item in enumerate(want.items)]
    for step, one, other in pairs:
        if compare(one, other, tolerance):
            return part(one, other, tolerance, (*where, step))
    return where, want, got


def count(node: Node | None, depth: int = 0) -> int:
    """How many numbers or words a person has to read; more than `SHOWN_AT_MOST` for what is not shown at all."""
    if isinstance(node, Tensor):
        return max(1, math.prod(node.shape))
    if isinstance(node, Sequence) and depth < SHOWN_DEEP:
        return sum(count(item, depth + 1) for item in node.items)
    return 1 if isinstance(node, Plain) else SHOWN_AT_MOST + 1


def _size(node: Node) -> str:
    """What is said of a value that is too large to be shown."""
    return say("of_shape", shape=tuple(node.shape)) if isinstance(node, Tensor) else ""


def text(node: Node | None, digits: int = 4, wrong: list[int] | None = None) -> str:
    """A small value as a person would write it, with so many digits; the empty text for a large one.

    Args:
        wrong: the places of numbers that get a sign.
    """
    if node is None or count(node) > SHOWN_AT_MOST:
        return ""
    found = ""
    if isinstance(node, Tensor):
        data = numbers(node)
        if data is None:
            return ""
        lines = np.array2string(data, separator=", ", precision=digits, suppress_small=True)
        found = re.sub(r"\n\n+", "\n", lines)  # NumPy leaves lines empty between matrices
    elif isinstance(node, Plain):
        found = written(node, 90, max(digits, 6))
    elif isinstance(node, Sequence):
        items = [text(item, digits).replace("\n", "\n ") for item in node.items]
        between = ",\n " if any("\n" in item for item in items) else ", "
        found = f"[{between.join(items)}]"
    return _marked(found, wrong) if wrong and len(wrong) < count(node) else found  # where all differ, no sign tells more


def _marked(text: str, wrong: list[int]) -> str:
    """Numbers with a sign before those at some places, and as much room before the others."""
    places = iter(range(len(text)))
    return re.sub(r"[^\s\[\],]+", lambda found: ("≠" if next(places) in wrong else " ") + found[0], text)


def _array(node: Node | None) -> np.ndarray | None:
    """The numbers of a tensor, or of a list of numbers, such as losses."""
    if isinstance(node, Tensor):
        return numbers(node)
    if isinstance(node, Sequence) and node.items:
        items = [item for item in node.items if isinstance(item, Plain) and item.type in ("int", "float")]
        if len(items) == len(node.items):
            found = np.array([item.value for item in items], dtype="float64")
            whole = all(item.type == "int" for item in items) and (abs(found) < 2**53).all()
            return found.astype("int64") if whole else found
    return None


def add_numbers(shown: Shown, want: Node | None, got: Node | None, tolerance: Tolerance | None) -> list[int]:
    """Add what numbers beside numbers allow, grids and a figure. Gives the places of those that differ."""
    expected, seen = _array(want), _array(got)
    if expected is None or seen is None or not all(0 < item.ndim <= AXES_AT_MOST and item.size for item in (expected, seen)):
        return []
    wrong: list[int] = []
    if expected.shape == seen.shape:
        dtype = want.dtype if isinstance(want, Tensor) else "float"
        wrong = np.flatnonzero(~close(expected, seen, *bounds(dtype, tolerance))).tolist()
    size = max(expected.size, seen.size)
    if size <= SHOWN_AT_MOST:
        pairs = [(expected.flat[place], seen.flat[place]) for place in wrong]
        enough = (some for some in range(4, MOST_DIGITS) if all(number(a, some) != number(b, some) for a, b in pairs))
        digits = next(enough, MOST_DIGITS)
        shown.expected_grid, shown.got_grid = _grid(expected, [], digits), _grid(seen, wrong, digits)
    tall = expected.shape != seen.shape and max(*expected.shape[-2:], *seen.shape[-2:]) > SIDE_AT_MOST
    drawn = expected.ndim == seen.ndim and expected.dtype.kind in "fiub" and size <= DRAWN_AT_MOST and not tall
    if drawn and (kind := _kind(expected)):
        shown.figure = Figure(kind, list(expected.shape), _plain(expected), list(seen.shape), _plain(seen), wrong)
    return wrong


def _kind(data: np.ndarray) -> FigureKind | None:
    """How numbers are drawn that are many enough for it. Whole numbers in a row, such as labels, are neither a course nor
    shares of anything."""
    if data.ndim > 1:
        return "map" if data.size > HANDFUL else None
    if data.dtype.kind != "f" or data.size < ROW_AT_LEAST:
        return None
    return "bars" if (data >= 0).all() and abs(data.sum() - 1) < 1e-3 and data.size <= BARS_AT_MOST else "lines"


def _plain(data: np.ndarray) -> list[float | None]:
    """Numbers for a figure, to four digits; None for what is not finite."""
    return [float(f"{item:.4g}") if np.isfinite(item) else None for item in data.astype("float64").flat]


def _grid(data: np.ndarray, wrong: list[int], digits: int) -> Grid:
    return Grid(list(data.shape), [number(item, digits) for item in data.flat], wrong)
