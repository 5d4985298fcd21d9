"""Starts the worker that is wanted."""

from __future__ import annotations

from grader.judge.result import Isolation
from grader.sandbox import doctor
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.plain import Plain
from grader.sandbox.session import Worker


def start(isolation: Isolation) -> Worker:
    """A worker that keeps student code apart in this way.

    Raises:
        SandboxError: the sandbox is not available on this machine.
    """
    return Sandbox() if isolation == "sandbox" else Plain()


def trusted() -> Worker:
    """A worker for the lesson's own code: the sandbox, or where there is none a plain process."""
    return start("process" if doctor.lacking() else "sandbox")
