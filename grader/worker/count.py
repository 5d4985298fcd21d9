"""Looks on while a probe runs: which tensor operations are dispatched, and by what the answer leaves PyTorch.

It lives in the answer's own process, and sees use, not deceit.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from grader.wire import NAME_AT_MOST

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


class CountOperations(TorchDispatchMode):
    """Counts the tensor operations that are dispatched, by their names in ATen ("mul", "convolution"), those of a
    TorchScript function too."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here; to tell the compiler to skip this would import it, which takes a second."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.counts[func._overloadpacket.__name__[:NAME_AT_MOST]] += 1
        return func(*args, **(kwargs or {}))


class WatchWaysOut(TorchFunctionMode):
    """Notes by what an answer leaves PyTorch. What PyTorch does itself, as when it shows a tensor, is not seen."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        way = WAYS_OUT.get(getattr(func, "__name__", ""))
        if way and way not in self.left:
            self.left.append(way)
        return func(*args, **(kwargs or {}))
