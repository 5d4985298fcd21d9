"""Notices that operators of certain families are called, and costs all others nothing: a key of PyTorch's dispatcher that
nothing else uses leads through Python for these alone. To count every operation takes longer than most of them do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from typing import Any

import torch
from torch.library import Library, fallthrough_kernel

from grader.checks import NUMPY
from grader.families import family
from grader.wire import NAME_AT_MOST

KEY = "TESTING_ONLY_GenericMode"
_VIEWS = ["as_strided", "as_strided_"]
"""What PyTorch itself calls for nearly every view: these lead through Python only while they are forbidden."""
_libraries: dict[str, Library] = {}
"""By namespace, what holds the way through Python in place."""
_looked_for = set[str]()
"""The families that go this way."""
_counts: Counter[str] | None = None
"""Where names are noted: what looks on does so in one check at a time, in whatever threads."""
_deep = 0
"""In how many operators of the answer's own the call is."""


def can_notice(forbids: Collection[str]) -> bool:
    """Whether it is enough to notice these: each belongs to a family, and this PyTorch has the key."""
    return all(family(name) or name == NUMPY for name in forbids) and available()


@cache
def available() -> bool:
    """Have the key lead past everything at first. Another PyTorch may have no such key."""
    try:
        _library("_").fallback(fallthrough_kernel, KEY)
        key: Any = torch._C._parse_dispatch_key(KEY)
        for operator in torch._ops._higher_order_ops.values():
            operator.fallthrough(key)
        torch._ops._HIGHER_ORDER_OP_DEFAULT_FALLTHROUGH_DISPATCH_KEYS.append(key)
        with _led(True):
            _is_of_pytorch("")
    except (AttributeError, RuntimeError, TypeError):
        return False
    return True


@contextmanager
def noticing(counts: Counter[str], forbids: Collection[str]) -> Iterator[None]:
    """Note the operators that this thread calls and that belong to a family of forbidden ones, with a count of 0."""
    global _counts
    families = {found for name in forbids if (found := family(name))}
    look_for(families)
    views = Library("aten", "IMPL")
    for name in _VIEWS if families & set(map(family, _VIEWS)) else []:
        _lead_through_python(views, name, "default")
    before, _counts = _counts, counts
    try:
        with _led(True):
            yield
    finally:
        _counts = before
        views._destroy()


@contextmanager
def deeply() -> Iterator[None]:
    """Note also what is called below an operator's own gradient: there an operator of an answer's own does its work."""
    global _deep
    _deep += 1
    try:
        yield
    finally:
        _deep -= 1


@contextmanager
def unnoticed() -> Iterator[None]:
    """Note nothing that this thread calls."""
    with _led(False) if available() else nullcontext():
        yield


@contextmanager
def _led(through_python: bool) -> Iterator[None]:
    """Whether what this thread calls is led there."""
    was = torch._C._dispatch_tls_is_dispatch_key_included(KEY)
    torch._C._dispatch_tls_set_dispatch_key_included(KEY, through_python)
    try:
        yield
    finally:
        torch._C._dispatch_tls_set_dispatch_key_included(KEY, was)


def look_for(families: Collection[str]) -> None:
    """Have operators of these families lead through Python from now on."""
    if new := {*families} - _looked_for:
        _looked_for.update(new)
        for qualified in torch._C._dispatch_get_all_op_names():
            namespace, _, rest = qualified.partition("::")
            name, _, overload = rest.partition(".")
            if name not in _VIEWS and family(name) in new:
                _lead_through_python(_library(namespace), name, overload or "default")


def _library(namespace: str) -> Library:
    if namespace not in _libraries:
        _libraries[namespace] = Library(namespace, "IMPL")
    return _libraries[namespace]


def _lead_through_python(library: Library, name: str, overload: str) -> None:
    """Have one operator noted where it is called."""
    with suppress(AttributeError, RuntimeError):  # nothing that Python can call
        operator = getattr(getattr(getattr(torch.ops, library.ns), name), overload)
        library.impl(operator, _noting(operator, name[:NAME_AT_MOST]), KEY, with_keyset=True)


def _noting(operator: Any, name: str) -> Callable[..., Any]:
    key: Any = torch._C._parse_dispatch_key(KEY)
    below = torch._C._dispatch_keyset_full_after(key)

    def noting(keys: Any, *args: Any, **kwargs: Any) -> Any:
        if _counts is not None and not _is_of_pytorch(name):
            _counts.setdefault(name, 0)
        return operator.redispatch(keys & below, *args, **kwargs)

    return noting


def _is_of_pytorch(name: str) -> bool:
    """Whether it is PyTorch that calls an operator, to do the work of another one: below that one's own gradient. In
    `torch.inference_mode` there are no gradients, and it can't be told; but who makes views by hand is seen to call them."""
    if not torch._C._dispatch_tls_is_dispatch_key_excluded("AutogradFunctionality"):
        return False
    return name in _VIEWS or not (_deep or torch.is_inference_mode_enabled())
