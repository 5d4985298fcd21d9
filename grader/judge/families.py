"""Operations that do the same under several names in ATen, each family told by a rule over the names: an operation that a
later PyTorch adds belongs to its family by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

FAMILIES = {
    "convolution": re.compile(r"(^|_)conv(olution)?(\d|_|$)"),
    "softmax": re.compile(r"softmax"),
    "normalization": re.compile(r"(^|_)(batch|instance|layer|group|rms)_norm(_|$)"),
    "stack": re.compile(r"(^|_)[a-z]?stack$"),
    "pooling": re.compile(r"_(un)?pool(\d|_|$)"),
    "negative log-likelihood": re.compile(r"(^|_)(nll|cross_entropy)"),
}
"""What a family is called, and the names in ATen that belong to it."""


def family(operation: str) -> str | None:
    """What the family of an operation is called, where it has one."""
    return next((name for name, rule in FAMILIES.items() if rule.search(operation)), None)


def related(forbidden: Iterable[str], dispatched: Iterable[str]) -> list[str]:
    """The families of forbidden operations of which one was dispatched."""
    families = {family(name) for name in forbidden} & {family(name) for name in dispatched}
    return sorted(name for name in families if name)
