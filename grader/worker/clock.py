"""What a process has used of a processor, and how long it has waited for one; and an end for what uses too much."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple


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


class TooSlow(BaseException):
    """A piece of student code is stopped."""


@contextlib.contextmanager
def stopped_after(seconds: float, again: float = 0.0, asleep: float = 2.0) -> Iterator[None]:
    """Stop what takes longer, on a processor or asleep; where a system has no such clock, nothing is stopped.

    Args:
        again: stop also what goes on in spite of it, each time after so many seconds more.
        asleep: how many times as long it may take by the clock.
    """
    clocks: list[tuple[int, int, float]] = []
    with contextlib.suppress(AttributeError):
        clocks = [(signal.ITIMER_PROF, signal.SIGPROF, seconds), (signal.ITIMER_REAL, signal.SIGALRM, asleep * seconds)]
    before: list[tuple[int, Any]] = []
    try:
        for clock, number, limit in clocks:
            before.append((number, signal.signal(number, _stop)))
            signal.setitimer(clock, limit, again)
        yield
    finally:
        for clock, _, _ in clocks:
            signal.setitimer(clock, 0)
        for number, handler in before:
            signal.signal(number, handler)


def _stop(*_: object) -> None:
    raise TooSlow
