"""Runs hand-ins on a Dask cluster. Out go cells, probes and the seed of their inputs; back come the frames that a sandbox
sent there, byte for byte, and they are read and judged at home as those of a sandbox at home are."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import TimeoutError as WaitedTooLong
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
from distributed import Client, KilledWorker
from distributed.comm.core import CommClosedError

from grader import language
from grader.checks import Check, Given
from grader.digest import digest
from grader.errors import Fault, Killed, SandboxError, Stalled
from grader.files.submission import Submission
from grader.judge.observation import Run, encode
from grader.judge.result import Isolation
from grader.kit import kit
from grader.messages import told
from grader.sandbox import run, session
from grader.sandbox.budget import HELD_AT_MOST, SECONDS, Budget
from grader.sandbox.machine import PLUGIN, About, Reply, Request, Sandboxes, Step, about_here, run_here, stop_here
from grader.worker.clock import Times

CONNECT_SECONDS = 20
TASK_SECONDS = 10 * SECONDS
"""Time after which nobody waits for a hand-in's answer any more: a machine may be busy, but not for ever."""
ABOUT_SECONDS, LEAVE_SECONDS = 120, 10
"""Time in which every worker has to say what it is like, and to take leave."""
_FAULTS: dict[str, Any] = {"Fault": Fault, "Killed": Killed, "Stalled": Stalled}


class Lost(Exception):
    """The machine that ran a hand-in went away."""


def request(submission: Submission, phases: list[run.Phase], exercises: list[str], seed: str) -> bytes:
    """What is sent of a hand-in, as bytes."""
    asked = [replace(phase, checks=[_unanswered(check) for check in phase.checks]) for phase in phases]
    whole = Request(submission.file, submission.beside, submission.code, asked, exercises, seed, bool(submission.student))
    return msgspec.msgpack.encode(encode(whole))


def _unanswered(check: Check) -> Check:
    """A check without the right answers to its inputs."""
    if check.given is None:
        return check
    return replace(check, given=Given(check.given.inputs, check.given.answers[:0]))


class _Told(Budget):
    """A budget whose time is the one that was noted on another machine."""

    def __init__(self, checks: Iterable[Check], moments: list[float]) -> None:
        super().__init__(checks)
        self._moments = deque(moments)

    def time(self, session: session.Session) -> float:
        return self._moments.popleft() if self._moments else 0.0

    def leave(self, session: session.Session) -> None:
        """Time in line was taken off there."""


class _Replay:
    """A worker whose sessions give back what those of another machine gave."""

    isolation: Isolation = "sandbox"

    def __init__(self, steps: list[Step]) -> None:
        self._steps = deque(steps)

    def session(self) -> session.Session:
        return self

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        step = self._steps.popleft() if self._steps else Step(fault="Fault", kind="flood", detail="it is not whole")
        if step.fault:
            raise _FAULTS[step.fault](step.kind, step.detail)
        return step.text, step.blob

    def times(self) -> Times:
        return Times(0.0, 0.0)

    def close(self) -> None:
        pass


class Cluster:
    """A connection to a Dask cluster whose machines can all be trusted to keep student code apart. To be closed.

    Attributes:
        lost: how many hand-ins machines were lost over, by the reason.

    Raises:
        SandboxError: there is none, or one of its machines lacks a protection or is of another version.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = _connected(address)
        try:
            self.machines = self._trusted()
            self._client.register_plugin(Sandboxes())
            # A hand-in that ends its machine must not end a second one: the next try is at home.
            self._client.run_on_scheduler(_never_again)
        except BaseException:
            self._client.close()
            raise
        self._executor: Executor = self._client.get_executor(pure=False)
        self._running: set[Future[bytes]] = set()
        self.lost: Counter[str] = Counter()

    @property
    def threads(self) -> int:
        """How many hand-ins can run at once."""
        return sum(machine.threads for machine in self.machines.values())

    def _trusted(self) -> dict[str, About]:
        found = about(self._client, self.address)
        problems = [f"{name}: {problem}" for name, machine in found.items() if (problem := _problem(machine))]
        if problems:
            raise SandboxError(
                "\n".join([told("These machines of the cluster can't grade:"), *problems, told("Nothing was graded.")])
            )
        return {name: machine for name, machine in found.items() if isinstance(machine, About)}

    def run(self, submission: Submission, phases: list[run.Phase], exercises: list[str], seed: str) -> Run:
        """As `grader.sandbox.run.run`, on a machine of the cluster.

        Raises:
            Lost: the machine went away while it ran this.
            SandboxError: the scheduler did.
        """
        future: Future[bytes] = self._executor.submit(run_here, request(submission, phases, exercises, seed))
        self._running.add(future)
        try:
            reply = _read(future.result(TASK_SECONDS))
        except (KilledWorker, WaitedTooLong) as error:
            # One that does not answer keeps its task: with nothing to do it would get the next.
            self.lost[told("it went away, or did not answer")] += 1
            raise Lost from error
        except (CancelledError, CommClosedError, OSError) as error:
            raise SandboxError(
                told(
                    "The Dask scheduler at {address} is gone. What was graded is kept, and the same command goes on with "
                    "the others.",
                    address=self.address,
                )
            ) from error
        finally:
            self._running.discard(future)
        if reply.stopped:
            self.lost[reply.stopped] += 1
            raise Lost(reply.stopped)
        budget = _Told((check for phase in phases for check in phase.checks), reply.moments)
        return run.run(_Replay(reply.steps), submission, phases, exercises, seed, budget)

    def stop(self) -> None:
        """Take back what is not begun, and end what runs on the machines."""
        for future in list(self._running):
            future.cancel()
        with suppress(Exception):  # whoever is gone runs nothing
            self._client.run(stop_here, wait=False)

    def close(self) -> None:
        with suppress(Exception):
            self._client.sync(self._client.unregister_worker_plugin, PLUGIN, callback_timeout=LEAVE_SECONDS)
        self._client.close()


def _connected(address: str) -> Client:
    try:
        # Without pickle: what comes back is bytes, and nothing of it is executed.
        return Client(address, timeout=CONNECT_SECONDS, deserializers=["dask", "msgpack", "error"])
    except (OSError, ValueError, TimeoutError) as error:
        raise SandboxError(
            told(
                "There is no Dask scheduler at {address} ({error}). Start one, or look at its address.",
                address=address,
                error=error,
            )
        ) from None


def _never_again(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0


def _read(answered: bytes) -> Reply:
    if len(answered) > HELD_AT_MOST:
        return Reply([Step(fault="Fault", kind="large")])
    try:
        return msgspec.msgpack.decode(answered, type=Reply)
    except msgspec.MsgspecError:
        return Reply([Step(fault="Fault", kind="flood")])


def about(client: Client, address: str) -> dict[str, About | str]:
    """What each machine of a cluster is like, or why that is not known.

    Raises:
        SandboxError: there is no machine, or one that does not answer.
    """
    try:
        answers: dict[str, Any] = client.sync(
            client.run, about_here, language.current(), on_error="return", callback_timeout=ABOUT_SECONDS
        )
    except TimeoutError:
        raise SandboxError(
            told(
                "A worker of the Dask cluster at {address} does not answer. Look at its machine or end it, and try again.",
                address=address,
            )
        ) from None
    if not answers:
        how = f"dask worker {address} --nthreads 2"
        raise SandboxError(told("The Dask cluster at {address} has no workers. Start some: {how}", address=address, how=how))
    found: dict[str, About | str] = {}
    for name, item in sorted(answers.items()):
        try:
            found[name] = msgspec.json.decode(item, type=About)
        except (msgspec.MsgspecError, TypeError):
            found[name] = f"{type(item).__name__}: {item}"
    return found


def _problem(machine: About | str) -> str:
    if isinstance(machine, str):
        how = "pip install 'torch-exercise-kit[cluster]'"
        return told("the kit can't be used there ({error}). Install this version of it: {how}", error=machine, how=how)
    if machine.lacking:
        return told("it can't keep student code apart. {lacking} `grader doctor` there says more.", lacking=machine.lacking)
    if machine.kit != digest(kit()):
        return told("it has another version of the kit or of PyTorch than here, and grades could differ. Install the same.")
    return ""


def described(address: str) -> tuple[list[str], bool]:
    """For each machine of a cluster a line that says whether it can grade, and whether all can.

    Raises:
        SandboxError: there is no cluster.
    """
    client = _connected(address)
    try:
        found = about(client, address)
    finally:
        client.close()
    lines = []
    for name, machine in found.items():
        problem = _problem(machine)
        lines.append(f"✗ {name}: {problem}" if problem else "✓ " + told("{name}: it has all protections.", name=name))
    return lines, not any(_problem(machine) for machine in found.values())
