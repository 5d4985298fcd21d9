"""Compares two observed values, walking both trees in step; the first difference is a sentence. Needs only NumPy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import reduce
from itertools import islice

import numpy as np

from grader.checks import Tolerance
from grader.judge.observation import Mapping, Module, Node, Other, Plain, Sequence, Tensor
from grader.messages import in_a_row, say, together

TOLERANCES = {
    # Relative and absolute. Those of torch.testing.assert_close, but for Python's numbers, which it takes for float64: here
    # they are what `.item()` gives of float32 too.
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "float": (1.3e-6, 1e-5),
    "complex": (1.3e-6, 1e-5),
    "complex32": (1e-3, 1e-5),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}


MOST_DIGITS = 17
"""Digits after which two numbers of float64 that differ look different."""
KEYS_AT_MOST = 20
"""Keys of a dictionary that are told: a stranger's may have 300,000."""
NEARLY = 1e-3
"""The part of a number, or of 1, by which a near miss may be off."""
Path = tuple[str | int, ...]
"""How a part of a value is reached: by the keys of dictionaries, and by the numbers of items."""


def compare(want: Node | None, got: Node | None, tolerance: Tolerance | None, where: Path = ()) -> str | None:
    """Walk two trees in step; the first difference as a sentence."""
    if isinstance(want, Mapping) and got is not None and not isinstance(got, Mapping):
        return _placed(where, say("parts", names=short(in_a_row(map(_step, want.items))), got=_noun(got)))
    if want is None or got is None or type(want) is not type(got):
        return _placed(where, say("structure", expected=_noun(want), got=_noun(got))) if want != got else None
    return _COMPARE[type(want)](want, got, tolerance, where)


def is_none(node: Node | None) -> bool:
    """None, or the name of its type where a probe tells types."""
    return isinstance(node, Plain) and "NoneType" in (node.type, node.value)


def _placed(where: Path, problem: str) -> str:
    """A problem with its place: by name if a name leads there, and else by numbers, below the sentence."""
    if not where:
        return problem
    named = any(isinstance(step, str) for step in where)
    return say("in_place" if named else "in_item", where=placed(where), problem=problem)


def placed(where: Path) -> str:
    """How a place is called, the innermost part first: "item 1 of `losses` of the first epoch"."""
    if not where:
        return ""
    first, *others = map(_step, where)
    return short(reduce(lambda whole, part: say("items_of", items=part, whole=whole), others, first), 500)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return say("item", number=step + 1)
    return f"`{step}`" if re.fullmatch(r"[A-Za-z_0-9.]+", step) else step


def short(text: str, at_most: int = 200) -> str:
    """A piece of a sentence, cut where it is too long to be read."""
    return text if len(text) <= at_most else text[:at_most] + "…"


def _compare_tensors(want: Tensor, got: Tensor, tolerance: Tolerance | None, where: Path) -> str | None:
    if want.shape != got.shape:
        return _placed(where, say("shape", expected=_tuple(want.shape), got=_tuple(got.shape)))
    if want.device != got.device:
        return _placed(where, say("device", expected=want.device, got=got.device))
    wrong = None if want.data is None and want.device == "meta" else _values(want, got, tolerance)
    if want.dtype != got.dtype:
        problem = say("dtype", expected=want.dtype, got=got.dtype)
        wrong = say("dtype_and_values", dtype=problem, values=wrong) if wrong else problem
    return _placed(where, wrong) if wrong else None


def _values(want: Tensor, got: Tensor, tolerance: Tolerance | None) -> str | None:
    """In which numbers two tensors of one shape differ, by the looser bounds of their dtypes."""
    expected, seen = numbers(want), numbers(got)
    if expected is None or seen is None:
        return say("unreadable")
    relative, absolute = map(max, zip(bounds(want.dtype, tolerance), bounds(got.dtype, tolerance), strict=True))
    near = close(expected, seen, relative, absolute)
    if near.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~near)[0])
    values = apart(expected[index], seen[index])
    almost = _almost(expected[~near], seen[~near], relative, absolute)
    if near.size == 1:
        return together(say("value_one", **values), *almost)
    wrong = int(near.size - near.sum())
    return together(say("values", wrong=wrong, total=near.size, index=list(index), **values), *almost)


def _almost(want: np.ndarray, got: np.ndarray, relative: float, absolute: float) -> list[str]:
    """What to add where numbers differ by a little only: the greatest difference, and how much is allowed there."""
    if want.dtype.kind not in "fc" or not (np.isfinite(want).all() and np.isfinite(got).all()):
        return []
    far = np.abs(got.astype("complex128") - want.astype("complex128"))
    allowed = absolute + relative * np.abs(want)
    if not far.size or (far > NEARLY * np.maximum(np.abs(want), 1)).any():
        return []
    worst = int(np.argmax(far - allowed))
    return [say("nearly", difference=f"{far[worst]:.2g}", allowed=f"{allowed[worst]:.2g}")]


def numbers(tensor: Tensor) -> np.ndarray | None:
    """The numbers of a tensor as an array of its shape, or None where there are none that can be read."""
    data = tensor.data
    if data is None or data.dtype.kind not in "fiubc":
        return None
    if tensor.dtype.startswith("complex") and data.dtype.kind == "f" and data.shape[-1:] == (2,):
        data = np.ascontiguousarray(data, dtype="float64").view("complex128")[..., 0]
    return data if data.shape == tensor.shape else None


def close(want: np.ndarray, got: np.ndarray, relative: float, absolute: float) -> np.ndarray:
    """Which numbers are the same within these bounds."""
    same = np.asarray(want == got)
    exact = not relative and not absolute and want.dtype.kind in "iub" and got.dtype.kind in "iub"
    if exact or same.all():  # `isclose` would round large whole numbers, and takes its time
        return same
    return np.asarray(np.isclose(got, want, relative, absolute, equal_nan=True))


def bounds(dtype: str, tolerance: Tolerance | None) -> tuple[float, float]:
    """The relative and the absolute tolerance."""
    return (tolerance.relative, tolerance.absolute) if tolerance else TOLERANCES.get(dtype, (0.0, 0.0))


def _compare_plain(want: Plain, got: Plain, tolerance: Tolerance | None, where: Path) -> str | None:
    if want.type != got.type:
        return _placed(where, say("structure", expected=_noun(want), got=_noun(got)))
    if want.value == got.value:
        return None
    if want.type not in ("float", "complex"):
        if want.type == "bool" and where and isinstance(where[-1], str):  # "In the order is mixed" is no sentence
            return say("whether", place=placed(where), expected=want.value, got=got.value)
        off = _axes_off(want.value, got.value) if want.type == "Size" else []
        return _placed(where, together(say("plain", expected=short(want.value), got=short(got.value)), *off))
    read = float if want.type == "float" else complex
    try:
        expected, seen = read(want.value), read(got.value)
    except ValueError:
        return _placed(where, say("unreadable"))
    if np.isclose(seen, expected, *bounds(want.type, tolerance), equal_nan=True):
        return None
    almost = _almost(np.array([expected]), np.array([seen]), *bounds(want.type, tolerance))
    return _placed(where, together(say("value_one", **apart(expected, seen)), *almost))


def _axes_off(want: str, got: str) -> list[str]:
    """Which axes of a shape are off, where it is a result itself."""
    expected, seen = (re.findall(r"\d+", shape) for shape in (want, got))
    if len(expected) != len(seen):
        return [say("axes_number", expected=len(expected), got=len(seen))]
    off = [str(axis) for axis, (one, other) in enumerate(zip(expected, seen, strict=True)) if one != other]
    return [say("axis_off", axis=off[0]) if len(off) == 1 else say("axes_off", axes=in_a_row(off))]


def _compare_sequences(want: Sequence, got: Sequence, tolerance: Tolerance | None, where: Path) -> str | None:
    if want.type != got.type:
        return _placed(where, say("structure", expected=_noun(want), got=_noun(got)))
    if len(want.items) != len(got.items):
        return _placed(where, say("length", expected=len(want.items), got=len(got.items)))
    pairs = enumerate(zip(want.items, got.items, strict=True))
    return _first(compare(one, other, tolerance, (*where, index)) for index, (one, other) in pairs)


def _compare_mappings(want: Mapping, got: Mapping, tolerance: Tolerance | None, where: Path) -> str | None:
    return _compare_items(want.items, got.items, tolerance, where)


def _compare_items(want: dict[str, Node], got: dict[str, Node], tolerance: Tolerance | None, where: Path) -> str | None:
    if want.keys() != got.keys():
        shared = [name for name in min(want, got, key=len) if name in want and name in got]
        plain = [name for name in shared if isinstance(want[name], Plain)]
        if problem := _first(compare(want[name], got[name], tolerance, (*where, name)) for name in plain):
            return problem  # what it is not says more than what it therefore lacks
        lacks, extra = (_keys(one, other) for one, other in ((want, got), (got, want)))
        found = [say("lacks", names=lacks)] * bool(lacks) + [say("has_too_much", names=extra)] * bool(extra)
        return _placed(where, together(*found))
    return _first(compare(want[name], got[name], tolerance, (*where, name)) for name in want)


def _keys(items: dict[str, Node], others: dict[str, Node]) -> str:
    """The first keys that others lack, in a row."""
    return short(in_a_row(map(_step, islice((name for name in items if name not in others), KEYS_AT_MOST))))


def _compare_modules(want: Module, got: Module, tolerance: Tolerance | None, where: Path) -> str | None:
    if problem := _compare_items(want.state, got.state, tolerance, where):
        return problem
    if want.training != got.training:
        modes = {True: say("mode_training"), False: say("mode_evaluation")}
        return _placed(where, say("mode", expected=modes[want.training], got=modes[got.training]))
    if name := wrong_gradient(want.gradients, got.gradients, tolerance):
        if (seen := got.gradients.get(name)) is None:
            return _placed(where, say("no_parameter_gradient", name=name))
        return _placed(where, say("gradient", name=name, problem=compare(want.gradients[name], seen, tolerance)))
    return None


def wrong_gradient(
    want: dict[str, Node | None] | None, got: dict[str, Node | None] | None, tolerance: Tolerance | None
) -> str:
    """The first name whose gradient is missing or wrong; where zeros are expected, it may be missing."""
    for name, expected in (want or {}).items():
        seen = (got or {}).get(name)
        if expected and (compare(expected, seen, tolerance) if seen else not all_zero(expected)):
            return name
    return ""


def _compare_other(want: Other, got: Other, tolerance: Tolerance | None, where: Path) -> str | None:
    return None if want.type == got.type else _placed(where, say("structure", expected=want.type, got=got.type))


_COMPARE: dict[type, Callable[..., str | None]] = {
    Tensor: _compare_tensors,
    Plain: _compare_plain,
    Sequence: _compare_sequences,
    Mapping: _compare_mappings,
    Module: _compare_modules,
    Other: _compare_other,
}


def _first(problems: Iterable[str | None]) -> str | None:
    return next((problem for problem in problems if problem), None)


def _noun(node: Node | None) -> str:
    """A value's kind as a word in a sentence."""
    if isinstance(node, Tensor):
        return say("a_tensor")
    if isinstance(node, Plain):
        return "None" if node.type == "NoneType" else f"{written(node)} ({node.type})"
    if isinstance(node, Sequence):
        return say("a_sequence", type=node.type, length=len(node.items))
    if isinstance(node, Mapping):
        return say("a_dict")
    if isinstance(node, Module):
        return say("a_module")
    return say("a_value", type=node.type) if node else say("a_nothing")


def _tuple(shape: tuple[int, ...]) -> str:
    return short(str(tuple(shape)))


def apart(expected: object, got: object) -> dict[str, str]:
    """Two numbers that differ, with as many digits as it takes to see it."""
    return next(
        texts
        for digits in range(6, MOST_DIGITS + 1)
        for texts in [{"expected": number(expected, digits), "got": number(got, digits)}]
        if texts["expected"] != texts["got"] or digits == MOST_DIGITS
    )


def number(value: object, digits: int) -> str:
    """A number with so many digits that count."""
    return f"{value:.{digits}g}" if isinstance(value, (float, complex, np.inexact)) else str(value)


def written(node: Plain, at_most: int = 200, digits: int = 6) -> str:
    """A plain value as a person would write it: a float with no more digits than a tensor's numbers are shown with."""
    if node.type in ("float", "complex"):
        read = float if node.type == "float" else complex
        with suppress(ValueError):
            rounded = number(read(node.value), digits)
            return node.value if read(rounded) == read(node.value) else rounded
    return short(node.value, at_most)


def uncompared(node: Node | None) -> str | None:
    """The type of a part of which nothing but the type is compared, such as a set; None where there is no such part."""
    if isinstance(node, Other):
        return node.type
    below = node.items if isinstance(node, (Sequence, Mapping)) else node.state if isinstance(node, Module) else []
    return _first(uncompared(item) for item in (below.values() if isinstance(below, dict) else below))


def all_zero(node: Node) -> bool:
    return isinstance(node, Tensor) and node.data is not None and not np.any(node.data)
