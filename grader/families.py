"""Operations that do the same under several names, each family told by a rule over the names of ATen's operators and of
PyTorch's own functions in Python: what a later PyTorch adds belongs to its family by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

FAMILIES = {
    "convolution": re.compile(r"(^|_)conv(olution)?(\d|_|$)"),
    "softmax": re.compile(r"softmax|attention|categorical"),
    "normalization": re.compile(r"(^|_)(batch|instance|layer|group|rms|local_response)_norm(\d|_|$)|^_normalize$"),
    "stack": re.compile(r"(^|_)[a-z]?stack$|(^|_)pad_sequence$|_padded_tensor$"),
    "unfold": re.compile(r"im2col|col2im|unfold|as_strided|(^|_)i?stft$"),
    "pooling": re.compile(r"(^|_)(un)?pool(ing)?(\d|_|$)"),
    "loss": re.compile(r"(^|_)(nll|cross_entropy)|kl_div|_loss(\d|_|$)"),
}
"""What a family is called, and the names that belong to it. Attention holds a softmax, and a
categorical distribution begins with one."""


def family(operation: str) -> str | None:
    """What the family of an operation is called, where it has one."""
    return next((name for name, rule in FAMILIES.items() if rule.search(operation)), None)


def related(forbidden: Iterable[str], dispatched: Iterable[str]) -> list[str]:
    """The families of forbidden operations of which one was dispatched."""
    families = {family(name) for name in forbidden} & {family(name) for name in dispatched}
    return sorted(name for name in families if name)
