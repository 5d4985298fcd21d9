"""What runs an answer: a session is one fresh process, a worker a source of sessions."""

from __future__ import annotations

import signal
from typing import Any, Protocol

from grader.judge.result import Isolation
from grader.messages import say
from grader.worker.clock import Times

START_SECONDS = 120
"""Time that a worker may take until it can be asked."""


class Session(Protocol):
    """One fresh process that runs one answer."""

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        """Have one step done. The answer's JSON and blob; a Fault when there is none.

        `seconds` and `patience` are those of a `Stopwatch`: how busy the machine is must not decide a grade.
        """

    def times(self) -> Times:
        """What the process has used of a processor so far, and how long it has stood in line for one."""

    def close(self) -> None:
        """End the process and all that it left."""


class Worker(Protocol):
    """A source of sessions, one at a time."""

    isolation: Isolation

    def session(self) -> Session: ...

    def close(self) -> None: ...


def cause_of(status: int | None) -> str:
    """How a process ended, in words that a sentence can hold."""
    if status is None:
        return say("end_of_all")
    if status < 0:
        try:
            return say("end_by", signal=signal.Signals(-status).name)
        except ValueError:
            return say("end_by", signal=f"signal {-status}")
    return say("end_code", code=status)
