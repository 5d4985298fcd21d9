"""`grader check --debug`: an exercise is run in this very process, where `breakpoint()` opens a debugger."""

from __future__ import annotations

import bdb
import os
import pdb
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from grader import wire
from grader.files.course import Course
from grader.judge.result import Isolation
from grader.messages import say
from grader.sandbox.run import Phase, run
from grader.student import own_check
from grader.worker.child import Job
from grader.worker.clock import Times
from grader.worker.observe import without_debugger


def debug(course: Course, lesson: str, exercise: str) -> str:
    """Run the public checks of an exercise, one after the other, without a time limit; what the answer prints is seen. Gives
    what there is to say then, which is no verdict: what was done in the debugger may have changed anything.

    Raises:
        CourseError: the release is not whole.
    """
    given = own_check.released(course, lesson)
    answers, key = given.read(), own_check.only(given.key, exercise)
    checks = [check for check in key.checks if not check.given]
    with _elsewhere(), debugger() as reached:
        try:
            run(_Here(), answers, [Phase(given.checks, checks, given.data)], [exercise], key.seed)
        except bdb.BdbQuit:
            return say("debug_left", name=exercise)
    return say("debug_done" if reached else "debug_not_reached", name=exercise)


@contextmanager
def _elsewhere() -> Iterator[None]:
    """An empty folder to work in: scripts beside the answer are copied there."""
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


@contextmanager
def debugger() -> Iterator[list[bool]]:
    """Have `breakpoint()` open Python's debugger; a list that is not empty once it has."""
    reached: list[bool] = []

    def hook(*_: object, **__: object) -> None:
        reached.append(True)
        pdb.Pdb(nosigint=True).set_trace(sys._getframe(1))

    before, sys.breakpointhook = sys.breakpointhook, hook
    try:
        yield reached
    finally:
        sys.breakpointhook = before


class _Here:
    """A worker whose one session lives in this process: on a student's own machine, with their own code."""

    isolation: Isolation = "process"

    def session(self) -> _Session:
        return _Session()

    def close(self) -> None:
        pass


class _Session:
    def __init__(self) -> None:
        self._job = Job()

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        arguments = dict(message)
        step = getattr(self._job, arguments.pop("do"))
        if step == self._job.check:
            return wire.split(step(**arguments, debugged=True))
        with without_debugger():  # in a cell it would wait for words that nobody can see asked for
            return wire.split(step(**arguments))

    def times(self) -> Times:
        return Times(0.0, 0.0)

    def close(self) -> None:
        pass
