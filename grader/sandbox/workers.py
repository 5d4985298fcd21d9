"""Starts the worker that is wanted."""

from __future__ import annotations

import atexit
from contextlib import suppress

from grader.errors import SandboxError
from grader.judge.result import Isolation
from grader.sandbox import doctor
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.plain import Plain
from grader.sandbox.session import Worker

_ahead: list[Worker] = []


def start(isolation: Isolation) -> Worker:
    """A worker that keeps student code apart in this way: the one that was begun ahead, or a new one.

    Raises:
        SandboxError: the sandbox is not available on this machine.
    """
    if isolation == "sandbox":
        return _ahead.pop() if _ahead else Sandbox()
    return Plain()


def begin_ahead() -> None:
    """Start a sandbox that will be asked for, while a class is still read. What is wrong with it is told then."""
    with suppress(SandboxError):
        _ahead.append(Sandbox())
        atexit.register(_end_ahead)


def _end_ahead() -> None:
    """End what nobody has asked for."""
    while _ahead:
        _ahead.pop().close()


def trusted() -> Worker:
    """A worker for the lesson's own code: the sandbox, or where there is none a plain process."""
    return start("process" if doctor.lacking() else "sandbox")
