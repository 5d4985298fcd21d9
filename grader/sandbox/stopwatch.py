"""Whose time it was: a step is charged for what it used of a processor, and never for how long the machine let it wait."""

from __future__ import annotations

import time
from collections.abc import Callable

from grader.errors import Fault, Stalled
from grader.worker.clock import Times

GRACE = 0.25
"""Seconds after which a step is first looked at: most have answered by then, and cost no look."""
_AT_LEAST = 0.02


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
