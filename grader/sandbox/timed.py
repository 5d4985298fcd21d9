"""A worker that notes how long each step took, for whoever wants to see where the time went."""

from __future__ import annotations

import time
from typing import Any

from grader.judge.result import Isolation
from grader.sandbox.session import Session, Worker


class Timed:
    """Another worker, whose steps are timed.

    Attributes:
        checks: seconds by the clock that each check took, by name; those of all its tries.
        cells: the same of each cell, by number.
    """

    def __init__(self, worker: Worker) -> None:
        self.isolation: Isolation = worker.isolation
        self._worker = worker
        self.checks: dict[str, float] = {}
        self.cells: dict[int, float] = {}

    def session(self) -> Session:
        return _Timed(self._worker.session(), self)

    def close(self) -> None:
        self._worker.close()


class _Timed:
    def __init__(self, session: Session, kept: Timed) -> None:
        self._session, self._kept = session, kept
        self.times, self.close = session.times, session.close

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        began = time.monotonic()
        try:
            return self._session.call(message, seconds, patience)
        finally:
            took = time.monotonic() - began
            if message["do"] == "check":
                self._kept.checks[message["name"]] = self._kept.checks.get(message["name"], 0.0) + took
            elif message["do"] == "cell":
                self._kept.cells[message["index"]] = self._kept.cells.get(message["index"], 0.0) + took
