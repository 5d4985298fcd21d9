"""Stands in for what PyTorch has and a sandbox has not: its compiler, and processes that load data."""

from __future__ import annotations

import functools
import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

import torch
import torch.utils.data

used: set[str] = set()
"""What an answer asked for and got a stand-in of: "loader" for processes of a DataLoader, "compile" for `torch.compile`."""


class _Compiler(types.ModuleType):
    """Stands in for `torch._dynamo`, PyTorch's compiler, until something of it is needed that can't be done without it.

    The first operation on `meta` and the first optimizer import it, for half a second and more, only to have a function of
    theirs left out should they be compiled one day: `torch/_compile.py`, `torch/optim/optimizer.py`.
    """

    @staticmethod
    def disable(fn: Callable[..., Any] | None = None, recursive: bool = True, **_: object) -> Callable[..., Any]:
        return fn if fn is not None else lambda function: function

    @staticmethod
    def graph_break(*_: object) -> None:
        """Nothing is being compiled."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def install() -> None:
    """Put the stand-ins in their places, once in a process."""
    if "torch._dynamo" not in sys.modules:
        sys.modules["torch._dynamo"] = torch._dynamo = _Compiler("torch._dynamo")
    if not hasattr(torch.compile, "__wrapped__"):
        torch.compile = _without_compiling(torch.compile)
        loader: Any = torch.utils.data.DataLoader
        loader.__init__ = _without_processes(loader.__init__)


def _without_compiling(compile_: Callable[..., Any]) -> Callable[..., Any]:
    """`torch.compile`, which by default calls a C++ compiler, that a sandbox has not: the function stays as it is, and is as
    right as it was. Another `backend` than the default one gets PyTorch's compiler."""

    @functools.wraps(compile_)
    def compile_or_not(model: Any = None, *, backend: Any = "inductor", **options: Any) -> Any:
        if backend != "inductor":
            return compile_(model, backend=backend, **options)
        used.add("compile")
        return model if model is not None else lambda function: function

    return compile_or_not


def _without_processes(init: Callable[..., None]) -> Callable[..., None]:
    """A DataLoader loads in its own process: the samples and their order are the same."""

    @functools.wraps(init)
    def init_alone(self: Any, *args: Any, **options: Any) -> None:
        if options.get("num_workers") or args[5:6]:  # behind dataset, batch_size, shuffle, sampler and batch_sampler
            args = (*args[:5], 0, *args[6:]) if args[5:6] else args
            used.add("loader")
            options = {name: item for name, item in options.items() if name not in _FOR_PROCESSES}
        init(self, *args, **options)

    return init_alone


_FOR_PROCESSES = tuple(
    "num_workers prefetch_factor persistent_workers multiprocessing_context timeout worker_init_fn".split()
)
