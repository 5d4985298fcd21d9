"""Inside a lesson's own run: gives its references other random numbers, to see whether what they return depends on them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import torch

from grader.worker import observe

START = 8_141_959
"""The seed that each run begins with here. Where it is another one, the probe has set it, and is left in peace."""
other = False
"""Whether an answer finds other random numbers than the probe left."""


def watch(names: dict[str, Any], exercises: Iterable[str]) -> None:
    """From now on, let answers be given other random numbers where `other` is true: functions in each call, classes as they
    are made and, if they are modules, go forward. What a probe draws stays the same."""
    for name in exercises:
        answer = names.get(name)
        if isinstance(answer, type):
            for method in ("__init__", "forward"):
                if hasattr(answer, method):
                    setattr(answer, method, _with_others(getattr(answer, method)))
        elif callable(answer):
            names[name] = _with_others(answer)
    same_start = observe._same_start

    def start() -> None:
        same_start()
        torch.default_generator.manual_seed(START)

    observe._same_start = start


def _with_others(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def called(*args: Any, **kwargs: Any) -> Any:
        if not other or torch.initial_seed() != START:
            return call(*args, **kwargs)
        before = torch.get_rng_state()
        torch.default_generator.manual_seed(START + 1)
        try:
            return call(*args, **kwargs)
        finally:
            torch.set_rng_state(before)

    return called
