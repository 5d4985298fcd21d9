"""What a process has used of a processor, and how long it has waited for one."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import NamedTuple


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
