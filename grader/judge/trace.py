"""What an answer gave on all checks of an exercise, in a few bytes: enough to tell that two answers gave the same, and
nothing else. Some thousands of answers are known by it, of which a key could not hold the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from grader.checks import Check
from grader.digest import digest
from grader.errors import Fault
from grader.judge.compare import all_zero, compare, is_none, numbers
from grader.judge.observation import Mapping as Dict
from grader.judge.observation import Module, Node, Observation, Other, Plain, Sequence, Tensor
from grader.judge.verdict import charges, main_cases, said

NEAR = 2e-4
"""Two weighted sums are the same within this part of what they are sums of."""
LEAST = 1e-6


class Trace(msgspec.Struct):
    """A digest of all that is no number, and for each case a weighted sum of its numbers and of their sizes."""

    digest: str
    sums: np.ndarray

    def same(self, other: Trace) -> bool:
        """Whether two answers gave the same, but for rounding."""
        if self.digest != other.digest or self.sums.shape != other.sums.shape:
            return False
        far = np.abs(self.sums[:, 0] - other.sums[:, 0])
        return bool((far <= LEAST + NEAR * np.maximum(self.sums[:, 1], other.sums[:, 1])).all())


def trace(
    checks: list[Check], expected: Mapping[str, list[Observation]], seen: Mapping[str, list[Observation] | Fault]
) -> Trace | None:
    """The trace of an answer, or None where it did not come back from some check."""
    shape: list[str] = []
    sums: list[tuple[float, float]] = []
    for check in checks:
        got = seen.get(check.name, [])
        by_case = {} if isinstance(got, Fault) else {item.case: item for item in got}
        for want in main_cases(expected[check.name]):
            if isinstance(got, Fault) or want.case not in by_case:
                return None
            found = list(_case(check, want, by_case[want.case]))
            shape += [str(item) for item in found if not isinstance(item, np.ndarray)] + ["|"]
            sums.append(_sum([item for item in found if isinstance(item, np.ndarray)]))
        if not isinstance(got, Fault):
            shape += sorted(charges(check, expected[check.name], got))
    return Trace(digest(shape)[:16], np.array(sums, dtype="float64").reshape(-1, 2))


def _case(check: Check, want: Observation, got: Observation) -> Iterator[str | np.ndarray]:
    """All that counts where an answer is compared with a known one (`grader.judge.verdict.alike`)."""
    yield from (got.error.type, "" if check.raises else said(got)) if got.error else ("no error",)
    yield from sorted(got.changed)
    if want.error and not got.error:
        yield "nothing" if is_none(got.value) else "something"
        return
    yield from _parts(got.value)
    if got.error is None and compare(want.value, got.value, check.tolerance) is None:
        yield from _named(got.gradients or {})


def _named(parts: Mapping[str, Node | None]) -> Iterator[str | np.ndarray]:
    for name, node in sorted(parts.items()):
        yield name
        yield from _parts(None if node and all_zero(node) else node)


def _parts(node: Node | None) -> Iterator[str | np.ndarray]:
    if node is None:
        yield "nothing"
    elif isinstance(node, Tensor):
        yield from (node.dtype, str(node.shape), node.device)
        data = numbers(node)
        if data is not None:
            yield from _numbers(data)
    elif isinstance(node, Plain):
        yield node.type
        read: Any = {"float": float, "complex": complex}.get(node.type)
        try:
            yield from _numbers(np.array([read(node.value)])) if read else (node.value,)
        except ValueError:
            yield node.value
    elif isinstance(node, Sequence):
        yield f"{node.type} of {len(node.items)}"
        for item in node.items:
            yield from _parts(item)
    elif isinstance(node, Dict):
        yield from _named(node.items)
    elif isinstance(node, Module):
        yield f"a module in training: {node.training}"
        yield from _named(node.state)
        yield from _named(node.gradients)
    elif isinstance(node, Other):
        yield node.type


def _numbers(data: np.ndarray) -> Iterator[str | np.ndarray]:
    """Whole numbers and what is not finite count for themselves, and other numbers for a sum."""
    if data.dtype.kind in "iub":
        yield digest([data.tobytes().hex()])
        return
    flat = data.astype("complex128").reshape(-1)
    parts = np.concatenate([flat.real, flat.imag]) if data.dtype.kind == "c" else flat.real
    finite = np.isfinite(parts)
    if not finite.all():
        yield digest([np.nan_to_num(np.where(finite, 0.0, parts), nan=2, posinf=1, neginf=-1).tobytes().hex()])
    yield np.where(finite, parts, 0.0)


def _sum(parts: list[np.ndarray]) -> tuple[float, float]:
    """A sum in which each number has a weight of its own, and the sum of what it is made of without signs."""
    data = np.concatenate(parts) if parts else np.zeros(0)
    weighted = data * (1.5 + np.sin(1.0 + 12.9898 * np.arange(len(data))))
    return float(weighted.sum()), float(np.abs(weighted).sum())
