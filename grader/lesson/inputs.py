"""What an author declares as the inputs of a check, and the cases the grader makes of them."""

from __future__ import annotations

import copy
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from grader.checks import ADVICE
from grader.errors import LessonError
from grader.lesson import shapes
from grader.seeded import generator

NUMBERS_AT_MOST = 1 << 20
"""Entries that an input may have: a result as large can still be compared."""


@dataclass(frozen=True)
class Drawn:
    """A tensor with a symbolic shape whose entries are drawn anew for every case."""

    axes: tuple[shapes.Axis, ...]
    draw: Callable[[np.random.Generator, tuple[int, ...], dict[str, int]], np.ndarray]
    classes: str = ""
    """The symbol whose size `draw` asks for, if any."""


@dataclass(frozen=True)
class Choice:
    """A value that differs from case to case; each of them is in at least one case."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class AnyOf:
    """A value that is drawn anew for every case, from several."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Value:
    """The same value in every case: a number, a string, a list, or a tensor. Each run gets a copy."""

    value: Any


Input = Drawn | Choice | AnyOf | Value


@dataclass(frozen=True)
class Case:
    """One set of inputs: its place among the check's cases, why it is there, and the sizes of the symbols."""

    index: int
    kind: str
    sizes: dict[str, int]
    source: int
    """The index of the case whose numbers and choices it takes: its own, for a variant that of the case it is a variant
    of, for the large case that of the small one."""


def normal(shape: str, dtype: str = "float32") -> Drawn:
    """Entries from the standard normal distribution, rounded to 2 decimals so that a person can read them.

    A shape names its axes by symbols, each of which has one size throughout a case, or by numbers; bounds are allowed.

    >>> X, K = normal("ci h w"), normal("co>=2 ci kh<=h 3", dtype="float64")
    """
    number = _dtype(dtype)
    return Drawn(shapes.parse(shape), lambda rng, size, _: np.round(rng.standard_normal(size), 2).astype(number))


def uniform(shape: str, low: float = 0.0, high: float = 1.0, dtype: str = "float32") -> Drawn:
    """Entries drawn evenly from [low, high), cut to 2 decimals: rounded up, they could reach `high`.

    >>> probabilities = uniform("n", 0.1, 0.9)
    """
    number = _dtype(dtype)
    if not low < high:
        raise LessonError(f"uniform() draws from {low!r} up to {high!r}, and that is no range.")

    def draw(rng: np.random.Generator, size: tuple[int, ...], _: dict[str, int]) -> np.ndarray:
        return np.maximum(low, np.floor(rng.uniform(low, high, size) * 100) / 100).astype(number)

    return Drawn(shapes.parse(shape), draw)


def integers(shape: str, low: int, high: int) -> Drawn:
    """Whole numbers (int64) from low to high - 1.

    >>> pixels = integers("n 1 28 28", 0, 256)
    """
    if not low < high:
        raise LessonError(f"integers() draws from {low!r} to {high!r} - 1, and there is no number.")
    return Drawn(shapes.parse(shape), lambda rng, size, _: rng.integers(low, high, size))


def labels(shape: str, classes: str | int) -> Drawn:
    """Class labels (int64) from 0 to classes - 1, where `classes` is a number or a symbol of another input's shape.

    >>> logits, y = normal("n k"), labels("n", "k")
    """
    if isinstance(classes, str):
        drawn = shapes.parse(shape)
        return Drawn(drawn, lambda rng, size, sizes: rng.integers(0, sizes[classes], size), classes)
    if classes < 1:
        raise LessonError(f"labels() of {classes!r} classes: there has to be one at least.")
    return integers(shape, 0, classes)


def _dtype(name: str) -> np.dtype:
    try:
        return np.dtype(name)
    except TypeError:
        raise LessonError(f"There is no dtype {name!r} to draw numbers in: NumPy has float32 and float64, say.") from None


def choice(*values: Any) -> Choice:
    """One of several values; every one is in at least one case. Case number i takes value number i (modulo how many there
    are), so two choices of the same check go through their values side by side, not through all pairs. Each run gets a
    copy.

    >>> choice("mean", "sum").values
    ('mean', 'sum')
    """
    if not values:
        raise LessonError("choice() needs at least one value to choose from.")
    return Choice(values)


def any_of(*values: Any) -> AnyOf:
    """One of several values, drawn anew for every case; also as a value of `choice`. Each run gets a copy.

    >>> side, shape = any_of(*range(5, 29)), choice(any_of((2, 3), (3, 4)), any_of((5,), (6,), (7,)))
    """
    if not values:
        raise LessonError("any_of() needs at least one value to draw from.")
    return AnyOf(values)


def cases(name: str, inputs: dict[str, Input], seed: str, vectorized: bool) -> list[Case]:
    """The cases of a check: the smallest legal one, one whose sizes are all different, one where every bounded size
    meets its bound, drawn ones until each choice has been made, a small and a large one where operations are counted; then
    the variants on which advice is given.

    Raises:
        LessonError: no sizes satisfy the bounds of the shapes, an input would be too large, or no shape has the symbol that
            labels are of.
    """
    drawn = [item for item in inputs.values() if isinstance(item, Drawn)]
    axes = shapes.symbols(item.axes for item in drawn)
    literals = {axis.size for item in drawn for axis in item.axes if axis.size is not None}
    for item in drawn:
        if item.classes and item.classes not in axes:
            raise LessonError(f"labels() are of {item.classes!r} classes, a symbol that no shape of the check {name} has.")
    kinds = ["smallest", "different"] if axes else ["smallest"]
    kinds += ["tight"] * any(axis.bound for axis in axes.values())
    kinds += ["drawn"] * bool(axes)
    longest = max((len(item.values) for item in inputs.values() if isinstance(item, Choice)), default=1)
    kinds += ["drawn"] * (longest - len(kinds))
    kinds += ["small", "large"] * vectorized
    rng = generator(seed, name, "sizes")
    made = [
        # The large case goes on with the choices of the small one: only the sizes may change what is counted.
        Case(index, kind, shapes.choose(kind, axes, rng, literals), index - (kind == "large"))
        for index, kind in enumerate(kinds)
    ]
    for item, case in itertools.product(drawn, made):
        shape = shapes.resolve(item.axes, case.sizes)
        if math.prod(shape) > NUMBERS_AT_MOST:
            raise LessonError(f"An input of the check {name} would have the shape {shape}, and that is too large.")
    # The first is one of the all-different case, since a single number is contiguous however it is laid out; the
    # smallest is enough for the others.
    variants = zip(ADVICE, (made[min(1, len(made) - 1)], made[0], made[0], made[0]), strict=True)
    return made + [Case(len(made) + number, kind, model.sizes, model.index) for number, (kind, model) in enumerate(variants)]


def make(name: str, inputs: dict[str, Input], case: Case, seed: str) -> dict[str, Any]:
    """The inputs of one case, freshly made: tensors where they were declared as such.

    The numbers depend on the seed, the check and the case alone. A `strided` case holds the same numbers in tensors that
    are not contiguous, `float64` in double precision, `meta` and `cuda` on that device.
    """
    made = {}
    rng = generator(seed, name, case.source)
    for input_name, item in inputs.items():
        if isinstance(item, Drawn):
            array = item.draw(rng, shapes.resolve(item.axes, case.sizes), case.sizes)
            made[input_name] = _as_variant(torch.from_numpy(np.asarray(array, order="C")), case.kind)
        else:
            fixed = item.values[case.source % len(item.values)] if isinstance(item, Choice) else item
            if isinstance(fixed, AnyOf):
                fixed = fixed.values[rng.integers(len(fixed.values))]
            elif isinstance(fixed, Value):
                fixed = fixed.value
            made[input_name] = copy.deepcopy(fixed)
            if isinstance(fixed, torch.Tensor):
                made[input_name] = _as_variant(made[input_name], case.kind)
    return made


def _as_variant(tensor: torch.Tensor, kind: str) -> torch.Tensor:
    if kind == "float64" and tensor.is_floating_point():
        return tensor.double()
    if kind in ("meta", "cuda"):
        return tensor.to(kind)
    if kind == "strided" and tensor.dim() > 1:
        return tensor.transpose(0, -1).contiguous().transpose(0, -1)  # as after `.T`: a view can't merge these axes
    if kind == "strided" and tensor.dim() == 1:
        return torch.stack([tensor, tensor], dim=-1)[:, 0]
    return tensor
