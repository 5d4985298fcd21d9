"""Puts a submission's cells and a lesson's probes through a worker's sessions, and goes on after a fault."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from grader.key import CellReply, Check, Described, Observed, seed_of
from grader.observation import Error, Malformed, Observation, decode
from grader.sandbox.pool import Fault, Killed, Session, Worker
from grader.source import LessonFiles

T = TypeVar("T")
CELL_SECONDS = 5.0
"""Time that a cell of a submission may take."""
CELL_FAULTS_AT_MOST = 10
"""Cells that may hang or end their process: each costs a fresh process, and all the cells before it once more."""
SUBMISSION_SECONDS = 300.0
"""Time after which no fresh process is begun for a submission."""
PRINTED_AT_MOST = 10_000
HELD_AT_MOST, JSON_GROWS = 256 << 20, 16
"""Bytes that the observations of one submission may take up until they are judged, and how many a byte of JSON may become:
in a list of short names, each is an object."""


@dataclass(frozen=True)
class Phase:
    """Checks that enter the process together: first the public ones, then the hidden ones."""

    source: str
    checks: list[Check]


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
    kinds: dict[str, str] | Fault = field(default_factory=dict)
    observations: dict[str, list[Observation] | Fault] = field(default_factory=dict)
    printed: str = ""
    given_up: int | None = None
    """The first of the cells that were not run, because too many before them did not come to an end."""


class _Kinds(msgspec.Struct):
    kinds: dict[str, str]


@dataclass
class _Progress:
    """How far a run is, from one session to the next."""

    cell: int | None = None
    check: str | None = None
    left_out: set[int] = field(default_factory=set)
    """Cells that did not come back."""
    killed: bool = False
    """A session was killed. The first time nothing is charged for it."""
    held: int = 0
    """Bytes that the observations take up."""
    heard: bool = False
    """All cells have had their say. What they say in a later session is not kept: by then the answer may have been shown
    a hidden check, and what it saw must not come back."""


def run(worker: Worker, cells: list[str], phases: list[Phase], exercises: list[str], seed: str) -> Run:
    """Execute the cells, then put each phase's checks to what they defined.

    What fails alone costs alone: a cell that hangs or ends its process is left out, a check that does is given up, and a
    fresh session goes on without it. After `CELL_FAULTS_AT_MOST` such cells the rest of them is not run, and after
    `SUBMISSION_SECONDS` nothing is.
    """
    done, progress = Run(), _Progress()
    started = time.monotonic()
    while True:
        session = worker.session()
        progress.cell = progress.check = None
        try:
            _run_cells(session, cells[: done.given_up], exercises, done, progress)
            _run_checks(session, phases, seed, done, progress)
            return done
        except Fault as fault:
            if time.monotonic() - started > SUBMISSION_SECONDS:
                return _given_up(fault, phases, done, progress)
            if isinstance(fault, Killed) and not progress.killed:
                progress.killed = True
            elif progress.check is not None:
                done.observations[progress.check] = fault
            elif progress.cell is not None and len(progress.left_out) < CELL_FAULTS_AT_MOST:
                _leave_out(progress.cell, fault, done, progress)
            else:
                return _given_up(fault, phases, done, progress)
        finally:
            session.close()


def _given_up(fault: Fault, phases: list[Phase], done: Run, progress: _Progress) -> Run:
    """The run as far as it came: what has no answer yet has this fault."""
    if not progress.heard:
        done.kinds = fault
    for check in (check for phase in phases for check in phase.checks):
        done.observations.setdefault(check.name, fault)
    return done


def _leave_out(cell: int, fault: Fault, done: Run, progress: _Progress) -> None:
    progress.left_out.add(cell)
    if not progress.heard:
        done.errors[cell] = fault
        if len(progress.left_out) == CELL_FAULTS_AT_MOST:
            done.given_up = cell + 1


def _run_cells(session: Session, cells: list[str], exercises: list[str], done: Run, progress: _Progress) -> None:
    printed, errors = "", {}
    for index, source in enumerate(cells):
        if index in progress.left_out:
            continue
        progress.cell = index
        reply = _ask(session, {"do": "cell", "index": index, "source": source}, CellReply, CELL_SECONDS)
        printed += reply.printed[: PRINTED_AT_MOST - len(printed)]
        if reply.error:
            errors[index] = reply.error
    progress.cell = None
    kinds = _ask(session, {"do": "names", "names": exercises}, _Kinds, CELL_SECONDS).kinds
    if not progress.heard:
        done.errors |= errors
        done.kinds, done.printed, progress.heard = kinds, printed, True


def _run_checks(session: Session, phases: list[Phase], seed: str, done: Run, progress: _Progress) -> None:
    for phase in phases:
        waiting = [check for check in phase.checks if check.name not in done.observations]
        if not waiting:
            continue
        _ask(session, {"do": "load", "checks": phase.source}, Described, CELL_SECONDS)
        for check in waiting:
            progress.check = check.name
            message: dict[str, Any] = {"do": "check", "name": check.name, "seed": seed_of(check, seed)}
            if check.given:
                message["given"] = check.given.inputs
            text, blob = session.call(message, check.seconds)
            held = progress.held + JSON_GROWS * len(text) + len(blob)
            if held > HELD_AT_MOST:
                raise Fault("flood")
            progress.held = held
            done.observations[check.name] = _read(text, blob, Observed).observations
        progress.check = None


def _ask(session: Session, message: dict[str, Any], kind: type[T], seconds: float) -> T:
    """One step of a process that we don't trust."""
    return _read(*session.call(message, seconds), kind)


def _read(text: bytes, blob: bytes, kind: type[T]) -> T:
    """What such a process answered: what can't be read is a fault of it."""
    try:
        return decode(text, blob, kind)
    except Malformed as error:
        raise Fault("flood", str(error)) from None
