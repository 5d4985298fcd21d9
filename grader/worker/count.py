"""Looks on while a probe runs: which tensor operations are dispatched, and by what the answer leaves PyTorch.

It lives in the answer's own process, and sees use, not deceit.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache, reduce
from operator import or_
from types import CodeType, FrameType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from grader.checks import NUMPY
from grader.families import family
from grader.wire import NAME_AT_MOST
from grader.worker import noticed

WAYS_OUT = {
    "numpy": "`.numpy()`",
    "__array__": "NumPy",
    "tolist": "`.tolist()`",
    "apply_": "`.apply_()`",
    "map_": "`.map_()`",
    "map2_": "`.map2_()`",
    "data_ptr": "`.data_ptr()`",
    "__dlpack__": "DLPack",
    "untyped_storage": "`.untyped_storage()`",
    "storage": "`.storage()`",
}
"""What takes the numbers of a tensor to where no operation is dispatched any more, and how that is called. `item` does not
belong here: it is dispatched itself."""
_OF_TORCH = os.path.dirname(torch.__file__) + os.sep
_LAYERS = os.path.join(_OF_TORCH, "nn", "")
_LIBRARIES = _OF_TORCH, os.path.dirname(os.__file__) + os.sep, __file__
"""PyTorch, and what it calls in between: Python's own library, and what looks on."""
_BUILT_IN = {name.partition("::")[0] for name in torch._C._dispatch_get_all_op_names()}
"""The libraries of operators that PyTorch comes with: those that are there before an answer is."""
_OPERATORS = torch._ops.OperatorBase, torch._ops.OpOverloadPacket
"""What a function that is called by `torch.ops` may be."""


class CountOperations(TorchDispatchMode):
    """Counts the tensor operations that are dispatched, by their names in ATen ("mul", "convolution"), those of a
    TorchScript function too, and those that an operator of the answer's own is made of. What a function of PyTorch's own in
    Python, such as a reference of `softmax`, is made of goes by other names: where it belongs to a family, its own name is
    noted beside them, with a count of 0. To build a layer is not to use it.

    Args:
        counts: what to add to.
    """

    def __init__(self, counts: Counter[str]) -> None:
        super().__init__()
        self.counts = counts

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here; to tell the compiler to skip this would import it, which takes a second."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.counts[func._overloadpacket.__name__[:NAME_AT_MOST]] += 1
        _note_functions(sys._getframe(1), self.counts)
        if func.namespace in _BUILT_IN:
            return func(*args, **(kwargs or {}))
        with self:
            return func.redispatch(_below(args, kwargs), *args, **(kwargs or {}))


def _note_functions(frame: FrameType | None, counts: Counter[str]) -> None:
    """Note the functions of PyTorch's own that an operation is a part of, those that belong to a family, with a count of 0:
    from where it is called up to the answer, or the probe, that called into PyTorch."""
    while frame:
        code = frame.f_code
        if (known := _named.get(id(code))) is None:
            name = _function_of_torch(code) if code.co_filename.startswith(_LIBRARIES) else _BEYOND
            known = _named[id(code)] = name, code
        if (name := known[0]) is _BEYOND:
            return
        if name:
            counts.setdefault(name, 0)
        frame = frame.f_back


_BEYOND = "beyond PyTorch"
_named: dict[int, tuple[str, CodeType]] = {}
"""By the number of code, which no other has as long as it is kept: to ask it for its hash takes longer than all the rest."""


def _function_of_torch(code: CodeType) -> str:
    """The part of a name that belongs to a family, if this is the code of a function of PyTorch's own. To build a layer is
    not to use it."""
    if not code.co_filename.startswith(_OF_TORCH) or (code.co_name == "__init__" and code.co_filename.startswith(_LAYERS)):
        return ""
    return _of_a_family(code.co_qualname)


@cache
def _of_a_family(function: str) -> str:
    """The part of a function's name, or of its class's, that belongs to a family: of `SoftmaxTransform._call`, the first."""
    return next((part[:NAME_AT_MOST] for part in function.lower().split(".") if family(part)), "")


def ready_made(operation: str) -> bool:
    """Whether an operation that is dispatched after the probe, while gradients flow back or a result is read, shows that its
    family was used: nothing else leads there. But to take a tensor apart is stacked on the way back."""
    return family(operation) not in (None, "stack")


def _below(args: Any, kwargs: Any) -> Any:
    """Where the kernel of an operator for these arguments is, behind all modes."""
    tensors = [item for item in tree_leaves((args, kwargs)) if isinstance(item, torch.Tensor)]
    keys = reduce(or_, map(torch._C._dispatch_keys, tensors), torch._C.DispatchKeySet(torch._C.DispatchKey.CPU))
    return keys & torch._C._dispatch_keyset_full_after(torch._C.DispatchKey.Python)


class WatchFunctions(TorchFunctionMode):
    """Notes which functions of PyTorch's an answer calls: those that belong to a family, with a count of 0, since what is
    dispatched may go by other names (`torch.vstack` is a `cat`), and those by which it leaves PyTorch. What PyTorch does
    itself, as when it shows a tensor, is not seen.

    Args:
        counts: where to note names.
        left: what to add ways out to.
        counting: whether all operations are counted beside it.
    """

    def __init__(self, counts: Counter[str], left: list[str], counting: bool) -> None:
        super().__init__()
        self.counts, self.left, self.counting = counts, left, counting

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        if known := _of_a_family(name):
            self.counts.setdefault(known, 0)
        elif name in WAYS_OUT and WAYS_OUT[name] not in self.left:
            self.left.append(WAYS_OUT[name])
        if not self.counting:
            _note_functions(sys._getframe(1), self.counts)
            if isinstance(func, _OPERATORS) and _namespace(func) not in _BUILT_IN:
                with noticed.deeply():
                    return func(*args, **(kwargs or {}))
        return func(*args, **kwargs) if kwargs else func(*args)


def _namespace(operator: Any) -> str:
    """The library that an operator belongs to."""
    return getattr(operator, "namespace", "") or str(getattr(operator, "_qualified_op_name", "")).partition("::")[0]


@contextmanager
def _in_one_thread(counts: Counter[str], left: list[str], forbids: Collection[str] | None, numpy: bool) -> Iterator[None]:
    """Look on in the thread that calls."""

    def note(frame: FrameType, event: str, called: Any) -> None:
        module = getattr(called, "__module__", None)
        if event == "call":
            module = frame.f_globals.get("__name__")
            if name := _function_of_torch(frame.f_code):  # one that computes with plain numbers, too
                counts.setdefault(name, 0)
        owner = type(getattr(called, "__self__", None)).__module__
        if "numpy" in (str(module).partition(".")[0], owner):
            counts.setdefault(NUMPY, 0)

    before = sys.getprofile()
    operations = CountOperations(counts) if forbids is None else noticed.noticing(counts, forbids)
    with operations, WatchFunctions(counts, left, counting=forbids is None):
        if numpy:
            sys.setprofile(note)
        try:
            yield
        finally:
            if numpy:
                sys.setprofile(before)


@contextmanager
def looking_on(
    counts: Counter[str], left: list[str], *, forbids: Collection[str] | None = None, numpy: bool = False
) -> Iterator[None]:
    """Count operations, and note by what PyTorch is left, in this thread and in those that are started meanwhile.

    Args:
        counts: what to add operations to.
        left: what to add ways out to.
        forbids: the operations that alone it is about: they are noted and not counted, and others may be missing, which
            takes half as long (`grader.worker.noticed`).
        numpy: also note, with a count of 0, that a function of NumPy's is called, or one of PyTorch's own in Python that
            belongs to a family, tensors or not. To see that takes as long again.
    """
    begin = threading.Thread.start
    if forbids is not None and not noticed.can_notice(forbids):
        forbids = None

    def start(thread: threading.Thread) -> None:
        run = thread.run

        def looked_on() -> None:
            with _in_one_thread(counts, left, forbids, numpy):
                run()

        thread.run = looked_on  # type: ignore[method-assign]
        begin(thread)

    threading.Thread.start = start  # type: ignore[assignment, method-assign]
    try:
        with _in_one_thread(counts, left, forbids, numpy):
            yield
    finally:
        threading.Thread.start = begin  # type: ignore[method-assign]
