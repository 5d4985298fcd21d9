"""Whose time it was: a step is charged for what it used of a processor, and never for how long the machine let it wait."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from grader.sandbox.fault import Fault, Stalled

GRACE = 0.25
"""Seconds after which a step is first looked at: most have answered by then, and cost no look."""
_AT_LEAST = 0.02


class Times(NamedTuple):
    """Seconds that all threads of a process have used of a processor, and that they have stood in line for one."""

    used: float
    waited: float


def times_of(pid: int | str) -> Times | None:
    """What Linux says of a process; None where it says nothing, or this is another system."""
    if sys.platform != "linux":
        return None
    try:
        used = waited = 0
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/task/{thread}/schedstat") as line:
                waited += int(line.read().split()[1])
        with open(f"/proc/{pid}/stat") as stat:
            used = sum(map(int, stat.read().rpartition(")")[2].split()[11:13]))  # those of ended threads too
        return Times(used / os.sysconf("SC_CLK_TCK"), waited / 1e9)
    except (OSError, IndexError, ValueError):
        return None


class Stopwatch:
    """Watches one step of a process.

    A step is too slow when it has used `seconds` of a processor. One that has done nothing for `patience` seconds longer,
    neither used a processor nor stood in line for one, is stalled: it sleeps, or something else holds it up (a slow disk, a
    machine short of memory, a signal), and only another try can tell.
    """

    def __init__(self, seconds: float, patience: float, look: Callable[[], Times]) -> None:
        self.seconds = seconds
        self.patience = patience
        self._look = look
        self._started = time.monotonic()
        self._first: Times | None = None

    def left(self) -> float:
        """Seconds after which it is worth while to ask again.

        Raises:
            Fault: the step has used up its time.
            Stalled: it has done nothing for too long.
        """
        if self._first is None:
            early = self._started + GRACE - time.monotonic()
            if early > 0:
                return early
            self._first, self._started = self._look(), time.monotonic()
        now = self._look()
        used, waited = now.used - self._first.used, now.waited - self._first.waited
        idle = time.monotonic() - self._started - waited - used
        if used >= self.seconds:
            raise Fault("time", f"{used:.2f} s of processor time")
        if idle >= self.seconds + self.patience:
            raise Stalled("waited", f"{used:.2f} s of processor time, and {idle:.1f} s in which it did nothing")
        return max(_AT_LEAST, min(self.seconds - used, self.seconds + self.patience - idle))
