"""What an answer prints: the start of it is kept, and nothing reaches the real output."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from grader.wire import TEXT_AT_MOST

PRINTED_AT_MOST = TEXT_AT_MOST
"""Characters of what was printed that are kept."""


class _Start(io.BufferedIOBase):
    """Keeps the start of what is written to it, and counts nothing of the rest."""

    name = "<stdout>"

    def __init__(self) -> None:
        self.kept = b""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if len(self.kept) < 4 * PRINTED_AT_MOST:
            self.kept += bytes(data[: 4 * PRINTED_AT_MOST])
        return len(data)


class Printed(io.TextIOWrapper):
    """Stands for standard output, with all that a script expects of it, and keeps the start of what is printed."""

    def __init__(self) -> None:
        self._start = _Start()
        super().__init__(self._start, encoding="utf-8", errors="replace", newline="\n", write_through=True)

    def fileno(self) -> int:
        return 1  # that of standard output, which faulthandler and others ask for

    @property
    def text(self) -> str:
        return self._start.kept.decode("utf-8", "replace")[:PRINTED_AT_MOST]


@contextmanager
def captured(printed: Printed) -> Iterator[None]:
    """Collect what is printed; warnings are for whoever runs the code by hand."""
    with redirect_stdout(printed), redirect_stderr(printed), warnings.catch_warnings(action="ignore"):
        yield
