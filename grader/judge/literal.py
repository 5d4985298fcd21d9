"""A value as Python writes it."""

from __future__ import annotations

import math
import textwrap

import numpy as np

from grader.judge.compare import numbers
from grader.judge.observation import Node, Plain, Sequence, Tensor
from grader.messages import say

NUMBERS_AT_MOST = 200
"""Numbers of a tensor that is still written down."""
WIDTH = 100
"""Columns from which on the rows of a tensor stand on lines of their own."""
LEAF = ", requires_grad=True)"
TRACKED = f"{LEAF}.clone()"
"""How a tensor ends that requires a gradient: as a leaf, or as a probe is given inputs, which may be changed in place."""


class Unwritten(Exception):
    """Something that can't be written down as it was; its text is a sentence for whoever expects it, where there is one."""


def too_large(size: int) -> str:
    """What is said where a tensor of that many numbers is not written down."""
    return say("too_large_to_paste", number=size)


def literal(node: Node, grows: str = "") -> str:
    """A value as Python writes it.

    Args:
        grows: what makes tensors require a gradient, `LEAF` or `TRACKED`.

    Raises:
        Unwritten: it has no such form.
    """
    if isinstance(node, Tensor):
        return _tensor(node, grows)
    if isinstance(node, Sequence):
        items = [literal(item, grows) for item in node.items]
        if node.type == "tuple":
            return f"({', '.join(items)}{',' * (len(items) == 1)})"
        one = f"[{', '.join(items)}]"
        return one if len(one) <= WIDTH else "[\n" + textwrap.indent(",\n".join(items), "    ") + ",\n]"
    if isinstance(node, Plain):
        return _plain(node)
    raise Unwritten


def _plain(node: Plain) -> str:
    if node.type == "str":
        return repr(node.value)
    if node.type in ("float", "complex") and any(word in node.value for word in ("inf", "nan")):
        return f'{node.type}("{node.value}")'
    if node.type in ("bool", "int", "float", "complex", "NoneType"):
        return node.value
    if node.type == "dtype":
        return f"torch.{node.value}"
    if node.type in ("device", "Size"):
        return f"torch.{node.type}({node.value!r})" if node.type == "device" else f"torch.Size({node.value})"
    raise Unwritten


def _tensor(node: Tensor, grows: str) -> str:
    if math.prod(node.shape) > NUMBERS_AT_MOST:
        raise Unwritten(too_large(math.prod(node.shape)))
    data = numbers(node)
    if data is None or node.device != "cpu" or data.dtype.kind == "c" or not data.size:
        raise Unwritten
    like = "" if node.dtype in ("float32", "int64", "bool") else f", dtype=torch.{node.dtype}"
    return f"torch.tensor({_rows(data)}{like}{grows or ')'}"


def _rows(data: np.ndarray) -> str:
    """Numbers as nested lists, with a line for each where they are too long for one."""
    if not data.ndim:
        return str(data[()]) if np.isfinite(data) else f'float("{data[()]}")'
    inner = [_rows(item) for item in data]
    one = f"[{', '.join(inner)}]"
    if data.ndim == 1 or (len(one) <= WIDTH and "\n" not in one):
        return one
    return "[\n" + textwrap.indent(",\n".join(inner), "    ") + ",\n]"
