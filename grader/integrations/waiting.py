"""What a notebook shows while a check takes its time: what is checked, and for how long."""

from __future__ import annotations

import contextvars
import sys
import threading
import time
import types
from typing import Any

from grader.integrations.guide import Told
from grader.messages import say

SECONDS = 1.0
"""How long nothing is shown, and from one time to the next."""


class Waiting:
    """Shows below the cell how long something has gone on, from the first second on, where there is a notebook.

    Attributes:
        shown: what can be put in the place of it, if it was shown.
    """

    def __init__(self, name: str) -> None:
        self.shown: Any = None
        self._name = name
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Waiting:
        if _in_notebook():
            context = contextvars.copy_context()  # the cell that the output belongs to
            self._thread = threading.Thread(target=context.run, args=(self._show,), daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()
        if self.shown:
            self.shown.update({"text/plain": ""}, raw=True)

    def _show(self) -> None:
        from IPython.display import display

        began = time.monotonic()
        while not self._over.wait(SECONDS):
            told = Told(say("checking_for", name=self._name, seconds=round(time.monotonic() - began)))
            if self.shown:
                self.shown.update(told)
            else:
                self.shown = display(told, display_id=True)


def _in_notebook() -> bool:
    """Whether this is a kernel, which shows what is displayed from another thread below the cell that runs."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
