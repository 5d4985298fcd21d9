"""What a machine of a Dask cluster does: it runs hand-ins in sandboxes of its own, and sends what they answered as it is.

Here nothing is judged, and nothing is known of solutions, misconceptions or what is expected.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from grader.checks import Check
from grader.digest import digest
from grader.errors import Fault
from grader.files.answer_file import Code
from grader.files.submission import Submission
from grader.judge.observation import decode
from grader.judge.result import Isolation
from grader.kit import kit
from grader.language import speaking
from grader.sandbox import doctor, run, session
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.budget import Budget

PLUGIN = "grader-sandboxes"


class Request(msgspec.Struct):
    """A hand-in and what is asked of it. Nobody's name, no solution, and nothing that is expected."""

    file: str
    beside: dict[str, str]
    code: list[Code]
    phases: list[run.Phase]
    exercises: list[str]
    seed: str
    is_somebodys: bool
    """Whether it is a student's hand-in: of those, the digest of what they define is taken."""


class Step(msgspec.Struct, array_like=True):
    """What a session answered to one call: a frame, or the fault that came in its place."""

    text: bytes = b""
    blob: bytes = b""
    fault: str = ""
    kind: str = ""
    detail: str = ""


class Reply(msgspec.Struct):
    """All steps of a run; or why there was none, which is the machine's doing."""

    steps: list[Step] = []
    moments: list[float] = []
    """What each question of a run for the time that the hand-in had taken was answered with."""
    stopped: str = ""


class About(msgspec.Struct):
    """What a machine of the cluster is like."""

    kit: str
    lacking: str
    threads: int


class Sandboxes(WorkerPlugin):
    """Keeps the sandboxes of one Dask worker warm: one for each of its threads, begun when there is something to run."""

    name = PLUGIN

    def setup(self, worker: Worker) -> None:
        self.idle: deque[Sandbox] = deque()
        self.all: list[Sandbox] = []

    def teardown(self, worker: Worker) -> None:
        self.stop()

    def stop(self) -> None:
        """End what runs, and every sandbox with it."""
        while self.all:
            with suppress(OSError):
                self.all.pop().close()
        self.idle.clear()

    @contextmanager
    def one(self) -> Iterator[Sandbox]:
        try:
            sandbox = self.idle.popleft()
        except IndexError:
            sandbox = Sandbox()
            self.all.append(sandbox)
        yield sandbox
        if sandbox in self.all:
            self.idle.append(sandbox)


def run_here(asked: bytes) -> bytes:
    """The task: put a hand-in through a sandbox of this machine. It raises nothing."""
    try:
        found = decode(*msgspec.msgpack.decode(asked, type=tuple[bytes, bytes]), Request)
        student = "somebody" if found.is_somebodys else ""
        handed_in = Submission(student, "", found.code, found.file, beside=found.beside)
        sandboxes = cast(Sandboxes, get_worker().plugins[PLUGIN])
        with sandboxes.one() as sandbox:
            recorder, budget = _Recorder(sandbox), _Noted(check for phase in found.phases for check in phase.checks)
            run.run(recorder, handed_in, found.phases, found.exercises, found.seed, budget)
        return msgspec.msgpack.encode(Reply(recorder.steps, budget.moments))
    except Exception as error:
        return msgspec.msgpack.encode(Reply(stopped=f"{type(error).__name__}: {error}"))


def about_here(spoken: str, dask_worker: Worker) -> bytes:
    """What this machine is like, in the language of who asks."""
    with speaking(spoken):
        return msgspec.json.encode(About(digest(kit()), doctor.lacking(), dask_worker.state.nthreads))


def stop_here(dask_worker: Worker) -> None:
    """End what runs on this machine."""
    cast(Sandboxes, dask_worker.plugins[PLUGIN]).stop()


class _Noted(Budget):
    """A budget that notes each time that it tells."""

    def __init__(self, checks: Iterable[Check]) -> None:
        super().__init__(checks)
        self.moments: list[float] = []

    def time(self, session: session.Session) -> float:
        self.moments.append(super().time(session))
        return self.moments[-1]


class _Recorder:
    """A worker whose sessions note what came back, as it came."""

    isolation: Isolation = "sandbox"

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.steps: list[Step] = []

    def session(self) -> session.Session:
        return _Recorded(self.steps, self._sandbox.session())

    def close(self) -> None:
        self._sandbox.close()


class _Recorded:
    def __init__(self, steps: list[Step], own: session.Session) -> None:
        self._steps, self._own = steps, own
        self.times, self.close = own.times, own.close

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        try:
            text, blob = self._own.call(message, seconds, patience)
        except Fault as fault:
            self._steps.append(Step(fault=type(fault).__name__, kind=fault.kind, detail=fault.detail))
            raise
        self._steps.append(Step(bytes(text), bytes(blob)))
        return text, blob
