"""What one hand-in may cost, in all its sessions together: what is kept of it until it is judged, and time."""

from __future__ import annotations

import time
from collections.abc import Iterable

from grader.checks import Check
from grader.errors import Spent
from grader.sandbox.session import Session

HELD_AT_MOST, JSON_GROWS = 256 << 20, 16
"""Bytes that what came back of one hand-in may take up until it is judged, and how many a byte of JSON may become: in a list
of short names, each is an object."""
OBJECTS_AT_MOST = 200_000
"""Tensors and other things in all of that: each is looked at, some several times."""
CELLS_SECONDS, SECONDS = 40.0, 120.0
"""Time that all cells may take together, and the whole hand-in, beyond what slow checks are given for themselves."""


class Budget:
    """The budget of one hand-in. Time is what the hand-in takes of a processor or sleeps away, not what it stands in line:
    how busy the machine is must not decide a grade.

    Args:
        checks: those that are put to it.
    """

    def __init__(self, checks: Iterable[Check]) -> None:
        self.bytes = HELD_AT_MOST
        self.objects = OBJECTS_AT_MOST
        self.seconds = SECONDS + sum(max(0.0, check.seconds - Check.seconds) for check in checks)
        self._started = time.monotonic()
        self._waited = 0.0

    def charge(self, text: bytes, blob: bytes) -> None:
        """Take in a reply before it is taken apart. A brace begins an object, in JSON and in the header of tensors.

        Raises:
            Spent: there is no room left for it.
        """
        header = blob[8 : 8 + int.from_bytes(blob[:8], "little")]
        self.bytes -= JSON_GROWS * (len(text) + len(header)) + len(blob)
        self.objects -= text.count(b"{") + header.count(b"{")
        if self.bytes < 0 or self.objects < 0:
            raise Spent("much")

    def time(self, session: Session) -> float:
        """Seconds that the hand-in has taken so far; nothing is asked as long as the clock says that it has hardly begun."""
        elapsed = time.monotonic() - self._started - self._waited
        return elapsed if elapsed < CELLS_SECONDS else elapsed - session.times().waited

    def require_time(self, session: Session) -> None:
        """Raise Spent where the time is over."""
        if self.time(session) > self.seconds:
            raise Spent("overtime", f"{self.seconds:g}")

    def leave(self, session: Session) -> None:
        """Take note of how long a session that ends has stood in line."""
        if time.monotonic() - self._started > CELLS_SECONDS:
            self._waited += session.times().waited
