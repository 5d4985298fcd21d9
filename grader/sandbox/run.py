"""Puts a submission's cells and a lesson's probes through a worker's sessions, and goes on after a fault."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.checks import Check
from grader.errors import Fault, Killed, Spent, Stalled
from grader.files.source import LessonFiles
from grader.files.submission import Submission
from grader.judge.key import seed_of
from grader.judge.observation import CELL_SECONDS, Error, Run
from grader.sandbox.budget import CELLS_SECONDS, Budget
from grader.sandbox.client import Client
from grader.sandbox.session import Session, Worker

CELL_FAULTS_AT_MOST = 10
"""Times that a cell may hang or end its process: each costs a fresh process, and all the cells before it once more."""
TRIES_KILLED, TRIES_STALLED = 3, 2
"""How often a hand-in is begun whose process was killed, or did nothing for too long: it may be the machine's doing."""
PATIENCE = 6.0
"""Seconds longer that a step may do nothing once its hand-in has been begun again."""
PRINTED_AT_MOST, MORE_AT_MOST = 10_000, 2
ERRORS_AT_MOST = 50
"""Cells of which it is kept why they failed."""


@dataclass(frozen=True)
class Phase:
    """Checks that enter the process together: first the public ones, then the hidden ones."""

    source: str
    checks: list[Check]
    data: dict[str, bytes] = field(default_factory=dict)
    """The lesson's files of data: those of the first phase are there when the cells run."""
    advice: bool = True
    """Whether to run the variants on which nothing but advice is given, too."""


def phases(files: LessonFiles, checks: list[Check]) -> list[Phase]:
    """The public checks, then the hidden ones with the text that holds them."""
    return [
        Phase(files.public_checks, [check for check in checks if not check.hidden], files.data),
        Phase(files.checks, [check for check in checks if check.hidden]),
    ]


@dataclass
class _Progress:
    """How far a run is, from one session to the next."""

    budget: Budget
    cell: int | None = None
    check: str | None = None
    faults: list[tuple[int, Fault]] = field(default_factory=list)
    """Cells that did not come back, and why. One that did not twice is left out."""
    tried: int = 0
    """How many sessions ended for what may not be the answer's doing, and were not charged."""
    patience: float = 0.0
    normalizes: bool = False
    """It is only looked whether the code equals another's."""
    heard: bool = False
    """All cells have had their say. What they say in a later session is not kept: by then the answer may have been shown
    a hidden check, and what it saw must not come back."""


def run(
    worker: Worker,
    submission: Submission,
    phases: list[Phase],
    exercises: list[str],
    seed: str,
    budget: Budget | None = None,
) -> Run:
    """Execute the cells, then put each phase's checks to what they defined.

    What fails alone costs alone: a cell that hangs or ends its process is run once more, statement by statement, and then
    left out; a check that does is given up, and a fresh session goes on without it. After `CELL_FAULTS_AT_MOST` such cells,
    or `CELLS_SECONDS`, the rest of them is not run, and where its budget is spent, nothing is any more. What was killed or
    stalled is tried again first.

    Args:
        budget: what the hand-in may cost; the usual where it is left out.
    """
    checks = (check for phase in phases for check in phase.checks)
    done, progress = Run(), _Progress(budget or Budget(checks))
    while True:
        session = worker.session()
        progress.cell = progress.check = None
        progress.normalizes = False
        try:
            client = Client(session, CELL_SECONDS, progress.patience, progress.budget)
            client.bring(phases[0].data if phases else {})
            _run_cells(client, session, submission, exercises, done, progress)
            _run_checks(client, phases, seed, done, progress)
            return done
        except Spent as spent:
            return _given_up(spent, phases, done, progress)
        except Fault as fault:
            progress.budget.leave(session)
            if progress.tried + 1 < _tries(fault):
                progress.tried += 1
                progress.patience = PATIENCE
            elif progress.normalizes:
                done.code = ""  # it is not asked again, and costs nobody anything
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


def _run_cells(
    client: Client, session: Session, submission: Submission, exercises: list[str], done: Run, progress: _Progress
) -> None:
    client.begin(submission.file, submission.beside)
    if done.code is None and submission.student:
        progress.normalizes = True
        done.code = client.normal(submission.cells, exercises)
        progress.normalizes = False
    printed, noted = "", set[str]()
    errors: dict[int, Error | Fault] = {}
    more: dict[int, list[Error]] = {}
    began = progress.budget.time(session)
    for index, source in enumerate(submission.cells[: done.given_up]):
        before = [fault for cell, fault in progress.faults if cell == index]
        if len(before) > 1:
            continue
        if not progress.heard and progress.budget.time(session) - began > CELLS_SECONDS:
            done.given_up = index
            break
        progress.cell = index
        reply = client.cell(index, source, "" if not before else "ended" if before[0].kind == "ended" else "time")
        printed += reply.printed[: PRINTED_AT_MOST - len(printed)]
        noted |= set(reply.noted)
        if reply.error and len(errors) < ERRORS_AT_MOST:
            errors[index], more[index] = reply.error, reply.more[:MORE_AT_MOST]
    progress.cell = None
    told = client.names(exercises)
    if not progress.heard:
        done.errors, done.more = {**errors, **done.errors}, more
        done.names, done.gpu, done.printed, progress.heard = told.names, told.gpu, printed, True
        done.noted |= noted


def _run_checks(client: Client, phases: list[Phase], seed: str, done: Run, progress: _Progress) -> None:
    for phase in phases:
        waiting = [check for check in phase.checks if check.name not in done.observations]
        if not waiting:
            continue
        client.take(phase.source)
        for check in waiting:
            progress.check = check.name
            given = check.given.inputs if check.given else None
            seen = client.check(check.name, seed_of(check, seed), seconds=check.seconds, given=given, advice=phase.advice)
            done.observations[check.name] = seen.observations
            if not check.hidden:
                done.noted |= set(seen.noted)
        progress.check = None
