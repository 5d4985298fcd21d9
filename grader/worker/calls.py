"""What a probe calls an answer with, where a single call is all that it does: then a person can make that call too."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np
import torch

from grader.worker.record import Recorder, Tree

NUMBERS_AT_MOST = 200
"""Numbers in the tensors of a call that is still kept."""
_PLAIN = (bool, int, float, complex, str, torch.dtype, torch.device, torch.Size, type(None))


def only_call(
    probe: Callable[..., Any], names: Mapping[str, Any], made: dict[str, Any], cotangents: np.random.Generator | None
) -> Tree | None:
    """The one call that a probe makes of an answer, where it gives back what the call gave, or passes on its error: the
    name, and the arguments by their parameters. None where it does anything else, or where an argument can't be written
    down: a model, an optimizer, a function.

    Args:
        cotangents: as for `grader.worker.observe.observe`: where they are given, floating inputs require a gradient.
    """
    seen = _Seen(names)
    arguments = {
        name: item.requires_grad_().clone()
        if cotangents and isinstance(item, torch.Tensor) and item.is_floating_point()
        else item
        for name, item in made.items()
    }
    try:
        result = probe(seen, **arguments)
    except Exception as error:
        result = error
    calls = seen.__dict__["_calls"]
    call: Tree | None = calls[0][0] if len(calls) == 1 and calls[0][1] is result else None
    if call and cotangents and isinstance(result, torch.Tensor) and result.requires_grad and _few([result]):
        call["cotangent"] = Recorder().tree(
            torch.from_numpy(np.asarray(cotangents.standard_normal(result.shape))).to(result)
        )
    return call


class _Seen:
    """An answer that notes the calls of its functions: each with what it gave."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.__dict__ |= {"_names": names, "_calls": []}

    def __getattr__(self, name: str) -> Any:
        found, calls = self._names[name], self._calls
        if not isinstance(found, FunctionType):
            calls.append((None, None))  # an object is not told by its arguments
            return found

        @wraps(found)
        def call(*args: Any, **named: Any) -> Any:
            noted = _noted(found, name, args, named)
            try:
                result = found(*args, **named)
            except Exception as error:
                calls.append((noted, error))
                raise
            calls.append((noted, result))
            return result

        return call


def _noted(function: FunctionType, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> Tree | None:
    """A call as plain data, which can be made again with its arguments in their order."""
    bound = inspect.signature(function).bind(*args, **named)
    items = bound.arguments
    if bound.kwargs or len(items) != len(bound.args) or not all(map(_literal, items.values())):
        return None
    if not _few([tensor for item in items.values() for tensor in _tensors(item)]):
        return None
    recorder = Recorder()
    return {
        "name": name,
        "arguments": {each: recorder.tree(item) for each, item in items.items()},
        "tracked": [each for each, item in items.items() if any(tensor.requires_grad for tensor in _tensors(item))],
    }


def _literal(value: Any) -> bool:
    """Whether a value can be written down, and is the same when it is read again."""
    if isinstance(value, torch.Tensor):
        return type(value) is torch.Tensor and value.is_contiguous() and not (value.is_leaf and value.grad is not None)
    return all(map(_literal, value)) if type(value) in (list, tuple) else type(value) in _PLAIN


def _few(tensors: list[torch.Tensor]) -> bool:
    return sum(tensor.numel() for tensor in tensors) <= NUMBERS_AT_MOST


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    return [value] if isinstance(value, torch.Tensor) else []
