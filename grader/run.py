"""Puts a submission's cells and a lesson's probes through a worker's sessions, and goes on after a fault."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from grader.checks import Check
from grader.key import CellReply, Described, Failed, Observed, seed_of
from grader.observation import Error, Malformed, Name, Number, Observation, decode
from grader.sandbox.fault import Fault, Killed, Stalled
from grader.sandbox.pool import Session, Worker
from grader.source import LessonFiles
from grader.submission import Submission

T = TypeVar("T")
CELL_SECONDS = 5.0
"""Time that a cell of a submission may take."""
CELL_FAULTS_AT_MOST = 10
"""Times that a cell may hang or end its process: each costs a fresh process, and all the cells before it once more."""
TRIES_KILLED, TRIES_STALLED = 3, 2
"""How often a hand-in is begun whose process was killed, or did nothing for too long: it may be the machine's doing."""
PATIENCE = 6.0
"""Seconds longer that a step may do nothing once its hand-in has been begun again."""
SUBMISSION_SECONDS = 300.0
"""Time after which no fresh process is begun for a submission."""
PRINTED_AT_MOST, MORE_AT_MOST = 10_000, 2
HELD_AT_MOST, JSON_GROWS = 256 << 20, 16
"""Bytes that the observations of one submission may take up until they are judged, and how many a byte of JSON may become:
in a list of short names, each is an object."""


@dataclass(frozen=True)
class Phase:
    """Checks that enter the process together: first the public ones, then the hidden ones."""

    source: str
    checks: list[Check]


class Place(msgspec.Struct):
    """Where a name is defined: the index of the cell, and the line in it."""

    cell: Number
    line: Number


class Named(msgspec.Struct):
    """How a name is bound: "missing", "callable" or the name of a type; where it is defined, the last place last; which
    names that definition reads; and whether it holds more than a stub."""

    kind: Name
    places: Annotated[list[Place], Meta(max_length=20)] = []
    uses: Annotated[list[Name], Meta(max_length=500)] = []
    begun: bool = True


class _Names(msgspec.Struct):
    names: dict[str, Named]
    gpu: bool = False


def phases(files: LessonFiles, checks: list[Check]) -> list[Phase]:
    """The public checks, then the hidden ones with the text that holds them."""
    return [
        Phase(files.public_checks, [check for check in checks if not check.hidden]),
        Phase(files.checks, [check for check in checks if check.hidden]),
    ]


@dataclass
class Run:
    """What running a submission gave. A step that did not come back is a Fault in the place of its answer."""

    errors: dict[int, Error | Fault] = field(default_factory=dict)
    more: dict[int, list[Error]] = field(default_factory=dict)
    """Errors of statements below the first one that failed in a cell."""
    kept: set[int] = field(default_factory=set)
    """Cells with a fault that were run again, so that what they define is there."""
    names: dict[str, Named] | Fault = field(default_factory=dict)
    observations: dict[str, list[Observation] | Fault] = field(default_factory=dict)
    printed: str = ""
    noted: set[str] = field(default_factory=set)
    """What the answer asked for that a sandbox has not."""
    gpu: bool = False
    """Whether there is a GPU where it ran."""
    in_kernel: bool = False
    """Whether it ran in a student's own kernel, where a name may be missing only because its cell was not run."""
    given_up: int | None = None
    """The first of the cells that were not run, because too many before them did not come to an end."""


@dataclass
class _Progress:
    """How far a run is, from one session to the next."""

    cell: int | None = None
    check: str | None = None
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    """Cells that did not come back, and why. One that did not twice is left out."""
    tried: int = 0
    """How many sessions ended for what may not be the answer's doing, and were not charged."""
    patience: float = 0.0
    held: int = 0
    """Bytes that the observations take up."""
    heard: bool = False
    """All cells have had their say. What they say in a later session is not kept: by then the answer may have been shown
    a hidden check, and what it saw must not come back."""


def run(worker: Worker, submission: Submission, phases: list[Phase], exercises: list[str], seed: str) -> Run:
    """Execute the cells, then put each phase's checks to what they defined.

    What fails alone costs alone: a cell that hangs or ends its process is run once more, statement by statement, and then
    left out; a check that does is given up, and a fresh session goes on without it. After `CELL_FAULTS_AT_MOST` such cells
    the rest of them is not run, and after `SUBMISSION_SECONDS` nothing is. What was killed or stalled is tried again first.
    """
    done, progress = Run(), _Progress()
    started = time.monotonic()
    while True:
        session = worker.session()
        progress.cell = progress.check = None
        try:
            _run_cells(session, submission, exercises, done, progress)
            _run_checks(session, phases, seed, done, progress)
            return done
        except Fault as fault:
            if time.monotonic() - started > SUBMISSION_SECONDS:
                return _given_up(fault, phases, done, progress)
            if progress.tried + 1 < _tries(fault):
                progress.tried += 1
                progress.patience = PATIENCE
            elif progress.check is not None:
                done.observations[progress.check] = fault
            elif progress.cell is not None and len(progress.faults) < CELL_FAULTS_AT_MOST:
                _charge(progress.cell, fault, done, progress)
            else:
                return _given_up(fault, phases, done, progress)
        finally:
            session.close()


def _tries(fault: Fault) -> int:
    return TRIES_KILLED if isinstance(fault, Killed) else TRIES_STALLED if isinstance(fault, Stalled) else 1


def _given_up(fault: Fault, phases: list[Phase], done: Run, progress: _Progress) -> Run:
    """The run as far as it came: what has no answer yet has this fault."""
    if not progress.heard:
        done.names = fault
    for check in (check for phase in phases for check in phase.checks):
        done.observations.setdefault(check.name, fault)
    return done


def _charge(cell: int, fault: Fault, done: Run, progress: _Progress) -> None:
    progress.faults.append((cell, fault))
    if not progress.heard:
        done.errors[cell] = fault
        done.kept ^= {cell}
        if len(progress.faults) == CELL_FAULTS_AT_MOST:
            done.given_up = cell + 1


def _run_cells(session: Session, submission: Submission, exercises: list[str], done: Run, progress: _Progress) -> None:
    begin = {"do": "begin", "file": submission.file, "beside": submission.beside}
    _ask(session, begin, _Begun, CELL_SECONDS, progress)
    printed, errors, more, noted = "", {}, {}, set[str]()
    for index, source in enumerate(submission.cells[: done.given_up]):
        before = [fault for cell, fault in progress.faults if cell == index]
        if len(before) > 1:
            continue
        progress.cell = index
        again = "" if not before else "ended" if before[0].kind == "ended" else "time"
        message = {"do": "cell", "index": index, "source": source, "again": again}
        reply = _ask(session, message, CellReply, CELL_SECONDS, progress)
        printed += reply.printed[: PRINTED_AT_MOST - len(printed)]
        noted |= set(reply.noted)
        if reply.error:
            errors[index], more[index] = reply.error, reply.more[:MORE_AT_MOST]
    progress.cell = None
    told = _ask(session, {"do": "names", "names": exercises}, _Names, CELL_SECONDS, progress)
    if not progress.heard:
        done.errors, done.more = {**errors, **done.errors}, more
        done.names, done.gpu, done.printed, progress.heard = told.names, told.gpu, printed, True
        done.noted |= noted


def _run_checks(session: Session, phases: list[Phase], seed: str, done: Run, progress: _Progress) -> None:
    for phase in phases:
        waiting = [check for check in phase.checks if check.name not in done.observations]
        if not waiting:
            continue
        _ask(session, {"do": "load", "checks": phase.source}, Described, CELL_SECONDS, progress)
        for check in waiting:
            progress.check = check.name
            message: dict[str, Any] = {"do": "check", "name": check.name, "seed": seed_of(check, seed)}
            if check.given:
                message["given"] = check.given.inputs
            text, blob = session.call(message, check.seconds, progress.patience)
            held = progress.held + JSON_GROWS * len(text) + len(blob)
            if held > HELD_AT_MOST:
                raise Fault("large")
            progress.held = held
            seen = _read(text, blob, Observed)
            done.observations[check.name] = seen.observations
            if not check.hidden:
                done.noted |= set(seen.noted)
        progress.check = None


class _Begun(msgspec.Struct, forbid_unknown_fields=True):
    """The answer to `begin`, which says nothing."""


def _ask(session: Session, message: dict[str, Any], kind: type[T], seconds: float, progress: _Progress) -> T:
    """One step of a process that we don't trust."""
    return _read(*session.call(message, seconds, progress.patience), kind)


def _read(text: bytes, blob: bytes, kind: type[T]) -> T:
    """What such a process answered: that it failed is a fault, and so is what can't be read."""
    try:
        return decode(text, blob, kind)
    except Malformed as error:
        try:
            failed = decode(text, b"", Failed).failed
        except Malformed:
            raise Fault("flood", str(error)) from None
    if failed.type == "FrameError":
        raise Fault("large")
    raise Fault("failed", f"{failed.type}: {failed.message}"[:500])
