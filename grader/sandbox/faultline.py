"""The line at fault: looks for one small edit of a wrong answer after which everything passes.

The edits are made and run in a worker; here is only judged what they gave. Nothing of it changes a verdict.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from grader.checks import Check
from grader.errors import Fault
from grader.files.submission import Submission
from grader.judge.key import Key, seed_of
from grader.judge.observation import CELL_SECONDS, Error, Observation, Run
from grader.judge.result import Line, Result
from grader.judge.verdict import judge, main_cases
from grader.messages import say
from grader.sandbox.client import Client, Edit, Tried
from grader.sandbox.run import Phase
from grader.sandbox.session import Session, Worker

SECONDS = 2.0
"""Processor time that the search may take for one exercise."""
STEP_SECONDS = 4.0
"""Processor time after which a step of it is ended, and with it the search for this exercise."""
WAIT, WAIT_IN_ALL = 20.0, 120.0
"""Seconds by the clock for one exercise, and for all of a hand-in: what the worker says of its own time is not trusted."""
SLOW_SECONDS = 5.0
"""An exercise with a check that may take longer than this is left out: there is no time to try anything."""


class Tries(Protocol):
    """Puts a check to edits of one definition."""

    def __call__(self, check: Check, numbers: list[int], only: int | None) -> Tried: ...


class Found(NamedTuple):
    """An edit after which everything passes."""

    number: int
    edit: Edit


@dataclass
class Search:
    """The search for one exercise's edit.

    Args:
        checks: those that have to pass, the public ones first.
        tries: runs edits; it may load what it needs when it first meets a hidden check.
        near: the cell and the line that the answer stopped at.
    """

    key: Key
    checks: list[Check]
    tries: Tries
    near: tuple[int | None, int] | None = None
    seconds: float = SECONDS
    spent: float = 0.0
    reached: bool = False
    started: float = field(default_factory=time.monotonic)

    def edit(self, edits: list[Edit], seen: dict[str, list[Observation]]) -> Found | None:
        """The first of the edits that makes everything pass, if there is time to find it.

        Args:
            seen: what the answer as it stands gave, by check.
        """
        passing = {check.name for check in self.checks if self._passes(check, seen.get(check.name, []))}
        failing = [check for check in self.checks if check.name not in passing]
        if not failing or not edits:
            return None
        check, case = failing[0], self._case(failing[0], seen.get(failing[0].name, []))
        if self._one(check, -1, case):
            return None  # made anew, it does not fail: there is more to it than its definition
        for number in self._passing(check, list(range(len(edits))), case):
            rest = [*failing[case is None :], *(other for other in self.checks if other.name in passing)]
            if self._all(rest, number, edits[number]):
                return Found(number, edits[number])
            if self._over():  # what passes one check alone costs more than what fails at once
                return None
        return None

    def _all(self, checks: list[Check], number: int, edit: Edit) -> bool:
        """Whether all of some checks pass with an edit, and the line is still run that the answer stopped at: an edit that
        only leads round it hides the mistake."""
        self.reached = (edit.cell, edit.line) == self.near
        return all(self._one(check, number, None) for check in checks) and self.reached

    def _passing(self, check: Check, numbers: list[int], case: Observation | None) -> Iterator[int]:
        """The edits with which one check passes, on one of its cases where that is given."""
        while numbers and not self._over():
            found = self._tried(check, numbers[:200], case)
            if not found:
                return
            yield from (number for number, right in zip(numbers, found, strict=False) if right)
            numbers = numbers[len(found) :]

    def _one(self, check: Check, number: int, case: Observation | None) -> bool:
        return self._tried(check, [number], case) == [True]

    def _tried(self, check: Check, numbers: list[int], case: Observation | None) -> list[bool]:
        tried = self.tries(check, numbers, case.case if case else None)
        self.spent += max(0.0, tried.seconds)
        self.reached |= tried.reached
        return [self._passes(check, observations, case) for observations in tried.tried]

    def _passes(self, check: Check, got: list[Observation], case: Observation | None = None) -> bool:
        expected = self.key.expected[check.name]
        if case:
            check, expected = replace(check, vectorized=False), [case]
        return bool(got) and judge(check, expected, got).passed is True

    def _case(self, check: Check, seen: list[Observation]) -> Observation | None:
        """The smallest case that failed; None where it was no single one."""
        number = judge(check, self.key.expected[check.name], seen).case
        return next((want for want in main_cases(self.key.expected[check.name]) if want.case == number), None)

    def _over(self) -> bool:
        return self.spent > self.seconds or time.monotonic() - self.started > WAIT


def wanted(key: Key, result: Result, ran: Run) -> list[str]:
    """The exercises whose line may be looked for: wrong, without a name, and resting on nothing else that is wrong."""
    if isinstance(ran.names, Fault):
        return []
    return [
        item.exercise
        for item in result.exercises
        if item.state == "wrong"
        and not item.mistakes
        and not item.below
        and all(_is_quick(check, ran) for check in key.checks_of(item.exercise))
    ]


def _is_quick(check: Check, ran: Run) -> bool:
    """Whether a check can be put to many edits: it is short, and came back."""
    return check.seconds <= SLOW_SECONDS and isinstance(ran.observations.get(check.name), list)


def stopped(key: Key, checks: list[Check], ran: Run) -> Error | None:
    """The first error that an answer stopped with where the reference does not stop."""
    for check in checks:
        fine = {want.case for want in main_cases(key.expected[check.name]) if not want.error}
        seen = ran.observations.get(check.name)
        for item in seen if isinstance(seen, list) else []:
            if item.error and item.error.line is not None and (item.case in fine or check.given):
                return item.error
    return None


def locate(
    worker: Worker,
    submission: Submission,
    phases: list[Phase],
    key: Key,
    result: Result,
    ran: Run,
    exercises: list[str] | None = None,
) -> dict[str, Line]:
    """Look for the lines at fault of a hand-in's wrong answers, and note them in its result; those found, by exercise.

    Where there are hidden checks, every exercise has a session of its own: what one has seen of them is not met by the next.

    Args:
        exercises: the names of all exercises of the lesson, where the key is cut down to some.
    """
    known = exercises or [item.name for item in key.exercises]
    until = time.monotonic() + WAIT_IN_ALL
    shared = not any(check.hidden for phase in phases for check in phase.checks)
    session: Session | None = None
    lines: dict[str, Line] = {}
    try:
        for name in wanted(key, result, ran):
            if time.monotonic() > until:
                break
            try:
                if session is None:
                    session = worker.session()
                    _run_cells(session, submission, ran, phases[0].data)
                found = in_session(session, phases, key, name, ran, known)
                broken = False
            except Fault:
                found, broken = None, True
            if session and (broken or not shared):
                session.close()
                session = None
            if found and (line := told(found.edit, submission)):
                lines[name] = line
    finally:
        if session:
            session.close()
    for exercise in result.exercises:
        exercise.line = lines.get(exercise.exercise)
    return lines


def _run_cells(session: Session, submission: Submission, ran: Run, data: dict[str, bytes]) -> None:
    """Run the cells once more, but those that did not come back. A Fault where that takes too long to try anything."""
    client, until = Client(session, CELL_SECONDS), time.monotonic() + WAIT
    client.bring(data)
    client.begin(submission.file, submission.beside)
    for index, source in enumerate(submission.cells[: ran.given_up]):
        if not isinstance(ran.errors.get(index), Fault):
            client.cell(index, source)
        if time.monotonic() > until:
            raise Fault("time")


def in_session(session: Session, phases: list[Phase], key: Key, name: str, ran: Run, exercises: list[str]) -> Found | None:
    """Look for the edit of one exercise in a session that has run the cells. A Fault where something does not come back."""
    client = Client(session, STEP_SECONDS)
    checks = [check for phase in phases for check in phase.checks if check.exercise == name]
    seen = {check.name: found for check in checks if isinstance(found := ran.observations[check.name], list)}
    edits = client.edits(name, exercises, near := place(stopped(key, checks, ran)))
    return Search(key, checks, in_worker(client, phases, key), near).edit(edits, seen)


def place(error: Error | None) -> tuple[int, int] | None:
    """The cell and the line of an error."""
    return (error.cell, error.line) if error and error.cell is not None and error.line is not None else None


def in_worker(client: Client, phases: list[Phase], key: Key) -> Tries:
    """Tries edits in a session. The hidden checks enter it when the first of them is asked for."""
    sources = {check.name: phase.source for phase in phases for check in phase.checks}
    loaded = set[str]()

    def tries(check: Check, numbers: list[int], only: int | None) -> Tried:
        source = sources[check.name]
        if source not in loaded:
            client.load(source)
            loaded.update(phase.source for phase in phases[: [item.source for item in phases].index(source) + 1])
        given = check.given.inputs if check.given else None
        return client.tried(check.name, seed_of(check, key.seed), numbers, only=only, given=given)

    return tries


def told(edit: Edit, submission: Submission) -> Line | None:
    """The sentence that says where to look. The line's text is taken from what was handed in, not from the worker."""
    if edit.cell is None or edit.cell >= len(submission.code):
        return None
    lines = submission.code[edit.cell].source.split("\n")
    if not 0 < edit.line <= len(lines):
        return None
    return sentence(edit, submission.place(edit.cell, edit.line), lines[edit.line - 1])


def sentence(edit: Edit, place: str, code: str) -> Line:
    """Where to look, and for what kind of thing."""
    begins_with_a_file = "." in place.partition(" ")[0]  # as in Chinese: a file's name keeps its letters
    place = place if begins_with_a_file else place[:1].upper() + place[1:]
    return Line(edit.kind, say(f"line_{edit.kind}", place=place, code=code.strip().rstrip(":")[:200]))
