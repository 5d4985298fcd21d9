"""What becomes of a step that does not come back."""

from __future__ import annotations

import signal
from typing import Literal

Kind = Literal["time", "waited", "ended", "flood", "large", "failed"]


class Fault(Exception):
    """A step did not come back, and `kind` says why: "time" (it used too much of a processor), "waited" (it did nothing for
    too long), "ended" (its process ended), "flood" (what it sent is no answer), "large" (what it gave back is too much),
    "failed" (the grader's own part of it stopped). `detail` says more, for a sentence or for the instructor."""

    def __init__(self, kind: Kind, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail

    def __str__(self) -> str:
        return self.detail or {"time": "it took too long", "flood": "what it sent can't be read"}.get(
            self.kind, self.kind
        )


class Stalled(Fault):
    """The process did nothing for too long. It may sleep, or the machine may hold it up: what was running deserves another
    try."""


class Killed(Fault):
    """The process was killed, or its server died under it. An answer can do neither, as far as we know: so it was somebody
    else, such as a system that is out of memory, and what was running deserves another try. Twice is no chance any more."""


def cause_of(status: int | None) -> str:
    """How a process ended, in words that a sentence can hold."""
    if status is None:
        return "it took the whole sandbox with it"
    if status < 0:
        try:
            return f"it was stopped by {signal.Signals(-status).name}"
        except ValueError:
            return f"it was stopped by signal {-status}"
    return f"it left Python with exit code {status}"
