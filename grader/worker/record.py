"""A value as plain data that fits into one message: a tree of dictionaries with NumPy arrays in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from grader.wire import NAME_AT_MOST, TEXT_AT_MOST

NODES_AT_MOST, CHARACTERS_AT_MOST, BYTES_AT_MOST = 20_000, 1_000_000, 48 << 20
"""What one recorder takes in: in a message a character may take six bytes, and a node some two hundred."""
TENSOR_BYTES_AT_MOST = 4 << 20
DEPTH_AT_MOST = 20
_PLAIN = (bool, int, float, complex, str, torch.Size, torch.dtype, torch.device)

Tree = dict[str, Any]


def tree(value: Any) -> Tree:
    """A value as plain data. Tensors become a node with a NumPy array; what is of no known kind, only its type's name."""
    return Recorder().tree(value)


class _TooLarge(Exception):
    """There is no room left for a value."""


class Recorder:
    """Makes plain data of values, as long as all of it fits into one message."""

    def __init__(self) -> None:
        self.nodes = NODES_AT_MOST
        self.characters = CHARACTERS_AT_MOST
        self.bytes = BYTES_AT_MOST

    def tree(self, value: Any) -> Tree:
        """A value as plain data; of one that there is no room for, only its type."""
        try:
            return self._node(value, 0)
        except _TooLarge:
            return _other(value, " too large to compare")

    def gradient(self, found: torch.Tensor | None) -> Tree | None:
        """The same of a gradient, which may be missing."""
        return None if found is None else self.tree(found)

    def _node(self, value: Any, depth: int) -> Tree:
        self.nodes -= 1
        if self.nodes < 0:
            raise _TooLarge
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.generic):
            value = value.item()  # a number of NumPy's is as good as Python's
        if value is None or isinstance(value, _PLAIN):
            return self._plain(value)
        if depth > DEPTH_AT_MOST:
            return _other(value, " too deep to compare")
        if isinstance(value, torch.nn.Module):
            return self._module(value, depth)
        if isinstance(value, (list, tuple)):
            kind = "tuple" if isinstance(value, tuple) else "list"
            return {"kind": "sequence", "type": kind, "items": [self._node(item, depth + 1) for item in list(value)]}
        if isinstance(value, dict):
            return {"kind": "mapping", "items": self._named(value, depth)}
        return _other(value)

    def _named(self, items: Mapping[Any, Any], depth: int) -> dict[str, Tree]:
        return {self._key(key): self._node(item, depth + 1) for key, item in items.items()}

    def _key(self, key: Any) -> str:
        """A key as text: 0 is not the same as "0"."""
        return self._text(key if isinstance(key, str) else f"{key!r} ({type(key).__name__})", NAME_AT_MOST)

    def _module(self, module: torch.nn.Module, depth: int) -> Tree:
        state = self._named(module.state_dict(), depth)
        gradients = {
            self._text(name, NAME_AT_MOST): None if item.grad is None else self._node(item.grad, depth + 1)
            for name, item in module.named_parameters()
        }
        return {"kind": "module", "training": bool(module.training), "state": state, "gradients": gradients}

    def _plain(self, value: Any) -> Tree:
        kind = next((kind for kind in _PLAIN if isinstance(value, kind)), type(None))
        if kind is torch.Size:
            text = str(tuple(value))
        elif kind is torch.dtype:
            text = _dtype(value)
        elif kind is int and value.bit_length() > 10_000:
            text = hex(value)  # Python refuses to write so many decimal digits
        else:
            text = str(value)
        return {"kind": "plain", "type": kind.__name__, "value": self._text(text, TEXT_AT_MOST)}

    def _text(self, text: str, at_most: int) -> str:
        self.characters -= min(len(text), at_most)
        if self.characters < 0:
            raise _TooLarge
        return text[:at_most]

    def _tensor(self, value: torch.Tensor) -> Tree:
        node: Tree = {
            "kind": "tensor",
            "dtype": _dtype(value.dtype),
            "shape": [int(size) for size in value.shape],
            "device": value.device.type,
            "data": None,
        }
        if value.device.type == "meta" or value.numel() * value.element_size() > TENSOR_BYTES_AT_MOST:
            return node
        plain = value.detach().to("cpu").to_dense() if value.layout is not torch.strided else value.detach().to("cpu")
        if plain.is_complex():
            plain = torch.view_as_real(plain.resolve_conj())
        if plain.dtype is torch.bfloat16:
            plain = plain.float()
        data = np.array(plain.resolve_neg().numpy(), order="C")  # a copy, for code that runs later may write to it
        self.bytes -= data.nbytes
        if self.bytes >= 0:
            node["data"] = data
        return node


def _dtype(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _other(value: Any, why: str = "") -> Tree:
    return {"kind": "other", "type": type(value).__name__[:100] + why}
