"""What a check in a student's own kernel owes to it: it leaves no trace there, and comes to an end."""

from __future__ import annotations

import _thread
import contextlib
import os
import random
import signal
import sys
import threading
import time
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from grader.errors import Fault
from grader.sandbox.stopwatch import Stopwatch
from grader.worker.clock import Times, times_of

PATIENCE = 4.0
"""Seconds longer than its limit that a check may do nothing here, where it has one try."""


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put random numbers, warnings and PyTorch's settings back as they were, whatever is done meanwhile. Meanwhile there is
    one thread, as where a class is graded."""
    python, numpy, folder = random.getstate(), np.random.get_state(), os.getcwd()
    here, devices = torch.get_rng_state(), torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    dtype, device, threads = torch.get_default_dtype(), torch.get_default_device(), torch.get_num_threads()
    recording, anomaly = torch.is_grad_enabled(), torch.is_anomaly_enabled()
    deterministic = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    modules = {name: sys.modules.get(name) for name in ("checks",)}
    torch.set_num_threads(1)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        torch.set_rng_state(here)
        if devices is not None:
            torch.cuda.set_rng_state_all(devices)
        torch.set_default_dtype(dtype)
        if torch.get_default_device() != device:
            torch.set_default_device(device)
        torch.set_num_threads(threads)
        torch.set_grad_enabled(recording)
        torch.autograd.set_detect_anomaly(anomaly)
        torch.use_deterministic_algorithms(deterministic[0], warn_only=deterministic[1])
        os.chdir(folder)
        for name, module in modules.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module


@contextlib.contextmanager
def standing_in(names: dict[str, Any], solutions: dict[str, str]) -> Iterator[None]:
    """Have solutions take the place of answers in a kernel's names, and put these back afterwards.

    Args:
        solutions: the code of each, by its name.
    """
    theirs, before = dict(names), {name: names[name] for name in solutions if name in names}
    for name, code in solutions.items():
        with contextlib.suppress(Exception):  # the kernel's names may be anything
            exec(compile(code, f"<the solution of {name}>", "exec"), theirs)
    names.update({name: theirs[name] for name in solutions if name in theirs})
    try:
        yield
    finally:
        for name in solutions:
            names.pop(name, None)
        names.update(before)


class Deadline:
    """Ends what is done within it when its time is over: raises Fault("time") there. It is for the main thread."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._done = threading.Lock()
        self._over = False
        self._fault: Fault | None = None
        self._ignored = False

    def __enter__(self) -> None:
        # What a shell begins in the background ignores interrupts, and so does all that it begins.
        self._ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        if self._ignored:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Thread(target=self._watch, daemon=True).start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        with self._done:
            self._over = True
        if self._fault and kind is not KeyboardInterrupt:
            with contextlib.suppress(KeyboardInterrupt):
                time.sleep(0.05)  # the interrupt is under way, and must not reach what comes next
        if self._ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._fault:
            raise self._fault from None

    def _watch(self) -> None:
        watch = Stopwatch(self.seconds, PATIENCE, _times)
        while not self._over:
            try:
                left = watch.left()
            except Fault as fault:
                with self._done:
                    if not self._over:
                        self._fault = fault
                        _interrupt()
                return
            time.sleep(min(left, 0.05))


def _interrupt() -> None:
    """Raise KeyboardInterrupt in the main thread, by a real signal where there are any: only that ends a sleep."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def _times() -> Times:
    return times_of("self") or Times(time.process_time(), 0.0)
