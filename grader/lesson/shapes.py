"""Symbolic shapes such as `"ci h w"`: parsed once, and given sizes case by case."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from grader.errors import LessonError

SMALL, LARGE = 2, 6
"""The sizes of every symbol in the two cases whose numbers of tensor operations are compared. Not 1: PyTorch has short
cuts for axes of a single entry."""

_AXIS = re.compile(r"(?P<name>[^\W\d]\w*)(?:>=(?P<low>\d+))?(?:<=(?P<bound>[^\W\d]\w*|\d+))?|(?P<size>\d+)")


@dataclass(frozen=True)
class Axis:
    """One axis: a literal size, or a symbol with a lower bound and perhaps an upper one (a number or a symbol)."""

    name: str
    low: int = 1
    bound: str | None = None
    size: int | None = None


def parse(text: str) -> tuple[Axis, ...]:
    """Read a shape. `"n 28 28"` mixes symbols and sizes, `"kh<=h"` is a symbol no larger than another, `"n>=2"` one
    of at least 2. The empty text is the shape of a scalar.

    Raises:
        LessonError: where a word is none of these; the message shows the word and the shape.
    """
    axes = []
    for word in text.split():
        match = _AXIS.fullmatch(word)
        if match is None:
            raise LessonError(f"{word!r} in the shape {text!r} is neither a size, a symbol, nor a bound such as 'kh<=h'.")
        if match["size"]:
            axes.append(Axis(name=word, size=int(word)))
        else:
            axes.append(Axis(name=match["name"], low=int(match["low"] or 1), bound=match["bound"]))
    return tuple(axes)


def symbols(shapes: Iterable[tuple[Axis, ...]]) -> dict[str, Axis]:
    """The symbols of several shapes, each once; where one carries a bound anywhere, the bound counts everywhere.

    Raises:
        LessonError: a symbol has two upper bounds, or one that is no symbol of these shapes.
    """
    found: dict[str, Axis] = {}
    for axis in (axis for shape in shapes for axis in shape if axis.size is None):
        known = found.get(axis.name, axis)
        if known.bound and axis.bound and known.bound != axis.bound:
            raise LessonError(
                f"The symbol {axis.name} is bounded by {known.bound} and by {axis.bound}. A symbol may have one upper bound."
            )
        found[axis.name] = Axis(axis.name, max(known.low, axis.low), known.bound or axis.bound)
    for axis in found.values():
        if axis.bound and not axis.bound.isdigit() and axis.bound not in found:
            raise LessonError(f"The symbol {axis.name} is bounded by {axis.bound}, which is in none of the shapes.")
    return found


def resolve(shape: tuple[Axis, ...], sizes: dict[str, int]) -> tuple[int, ...]:
    """The shape in numbers."""
    return tuple(axis.size if axis.size is not None else sizes[axis.name] for axis in shape)


def choose(kind: str, axes: dict[str, Axis], rng: np.random.Generator, literals: Set[int] = frozenset()) -> dict[str, int]:
    """Sizes for the symbols of one case.

    `smallest` gives every symbol the smallest size that the bounds allow; `different` gives all symbols different sizes
    of at least 2 that no literal has, so that a swapped axis can't hide, and, where the bounds allow it, leaves each
    bounded symbol another distance to its bound, so that no result is square; `tight` makes each bounded symbol as large
    as its bound, and the others different; `small` and `large` make every symbol `SMALL` and `LARGE`, or as near to it as
    the bounds allow; `drawn` is random.

    Args:
        literals: the sizes that the shapes name as numbers.

    Raises:
        LessonError: no sizes satisfy the bounds.
    """
    ordered = _by_bound(*axes.values())
    if kind in ("different", "tight"):
        tight = kind == "tight"
        tries: list[tuple[Set[int], bool]] = [(literals, not tight), (literals, False), (frozenset(), False)]
        dealt = (_all_different(ordered, {}, tight, rng, *rules) for rules in tries)
        sizes = next((found for found in dealt if found is not None), None)
        if sizes is None:
            raise LessonError(f"No sizes of at least 2 that are all different fit the bounds of {', '.join(axes)}.")
    else:
        sizes = {}
        for axis in ordered:
            drawn = int(rng.integers(axis.low, max(5, axis.low) + 1)) if kind == "drawn" else axis.low
            wanted = max(axis.low, {"small": SMALL, "large": LARGE}.get(kind, drawn))
            sizes[axis.name] = min(wanted, _highest(axis, sizes))
    return {name: sizes[name] for name in axes}


def _highest(axis: Axis, sizes: dict[str, int]) -> int:
    """The largest size that a symbol may have, given those of the symbols that may bound it."""
    if axis.bound is None:
        return sys.maxsize
    return int(axis.bound) if axis.bound.isdigit() else sizes[axis.bound]


@cache
def _by_bound(*symbols: Axis) -> list[Axis]:
    """The symbols in an order in which each can be given its size: after the one that bounds it, those bounded by a number
    first. A symbol is at least as large as what it bounds.

    Raises:
        LessonError: symbols bound each other in a circle, or no size lies between a symbol's bounds.
    """
    ordered: list[Axis] = []
    axes = {axis.name: axis for axis in symbols}
    waiting = dict(axes)
    while waiting:
        ready = [axis for axis in waiting.values() if axis.bound not in waiting]
        if not ready:
            raise LessonError(f"The bounds of the symbols {', '.join(waiting)} go round in a circle.")
        ordered += sorted(ready, key=lambda axis: axis.bound is None)
        waiting = {name: axis for name, axis in waiting.items() if axis not in ready}
    low = {name: axis.low for name, axis in axes.items()}
    for axis in reversed(ordered):
        if axis.bound in low:
            low[axis.bound] = max(low[axis.bound], low[axis.name])
    highest: dict[str, int] = {}
    for axis in ordered:
        highest[axis.name] = _highest(axis, highest)
        if low[axis.name] > highest[axis.name]:
            raise LessonError(
                f"The symbol {axis.name} has to be at least {low[axis.name]} and at most {highest[axis.name]}, and no "
                "size is both."
            )
    return [replace(axis, low=low[axis.name]) for axis in ordered]


def _all_different(
    ordered: list[Axis], sizes: dict[str, int], tight: bool, rng: np.random.Generator, literals: Set[int], uneven: bool
) -> dict[str, int] | None:
    """Different sizes for the symbols that have none yet, or None where there are none. If there are any, some lie within
    as many sizes above each lower bound as there are others to differ from: so none are tried that are much larger, as
    the sums of large cases are rounded, each right answer's in its own way.

    Args:
        uneven: symbols that are bounded by another one have to be smaller than it, each by another number.
    """
    if len(sizes) == len(ordered):
        return sizes
    axis = ordered[len(sizes)]
    low, highest = max(2, axis.low), _highest(axis, sizes)
    if tight and axis.bound is not None:
        return _all_different(ordered, sizes | {axis.name: highest}, tight, rng, literals, uneven)
    steps = {_step(other, sizes) for other in ordered[: len(sizes)]} | {0}
    others = len(ordered) + sum(size >= low for size in literals) - 1
    bounded = sum(other.bound is not None for other in ordered)
    most = low + max(1, others, uneven * (others + bounded - 1))
    for size in rng.permutation(np.arange(low, min(most, highest) + 1)).tolist():
        if size in sizes.values() or size in literals:
            continue
        dealt = sizes | {axis.name: size}
        step = _step(axis, dealt)
        if uneven and step is not None and step in steps:
            continue
        found = _all_different(ordered, dealt, tight, rng, literals, uneven)
        if found is not None:
            return found
    return None


def _step(axis: Axis, sizes: dict[str, int]) -> int | None:
    """How much smaller a symbol is than the one that bounds it."""
    return sizes[axis.bound] - sizes[axis.name] if axis.bound in sizes else None
