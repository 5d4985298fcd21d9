"""The talk with a worker: each step that it can be asked for, what that takes, and what comes back."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import numpy as np
from msgspec import Meta

from grader.checks import Check, Given
from grader.errors import Fault
from grader.exercise import Written
from grader.judge.key import Mistake
from grader.judge.observation import Error, Malformed, Name, Named, Number, Observation, decode
from grader.judge.result import EditKind
from grader.sandbox.budget import Budget
from grader.sandbox.session import Session

T = TypeVar("T")
Again = Literal["", "time", "ended"]
"""Why a cell is run once more: it took too long, or ended its process."""
Noted = Literal["loader", "compile"]
"""What an answer asked for that a sandbox does not have, and got a stand-in of (`grader.worker.stand_ins`)."""


class CellReply(msgspec.Struct):
    """How a cell ended: the first error, and those of statements below it (a few), which are run all the same."""

    error: Error | None
    printed: str
    more: list[Error] = []
    noted: list[Noted] = []


class Names(msgspec.Struct):
    """How names are bound, and whether there is a GPU where they are."""

    names: dict[Name, Named]
    gpu: bool = False


class Described(msgspec.Struct):
    """What a lesson declares; the difficulty of its exercises, their minutes and their hints stand in its handout."""

    lesson: str
    exercises: list[str]
    written: list[Written]
    checks: list[Check]
    misconceptions: list[Mistake]
    solutions: list[str]
    """The exercises whose reference may be shown."""
    ways: dict[str, str]
    """Other right answers: their names, each with its exercise."""
    follow_through: bool
    """Whether what rests on a mistake is run once more without it."""


class Observed(msgspec.Struct):
    """What a check's probe gave, one observation per case."""

    observations: list[Observation]
    noted: list[Noted] = []


class Edit(msgspec.Struct, frozen=True):
    """A small edit of a definition, without what it does: its kind, and the first line of what it changes."""

    kind: EditKind
    line: Number
    cell: Number | None = None


class Edits(msgspec.Struct):
    """The edits of an exercise's definition, the likely ones first."""

    edits: Annotated[list[Edit], Meta(max_length=5000)]


class Tried(msgspec.Struct):
    """What a check gave with the first of the edits that were asked for, each by itself, and the processor time it took;
    of a single edit, whether the line was run that the answer stopped at before."""

    tried: list[list[Observation]]
    seconds: float
    reached: bool = True


class _Normal(msgspec.Struct):
    """The digest of what an answer's cells define."""

    digest: Annotated[str, Meta(max_length=16)]


class _Begun(msgspec.Struct, forbid_unknown_fields=True):
    """The answer to `begin`, which says nothing."""


class _Taken(msgspec.Struct):
    """The answer to `load` where nothing is to be told. An answer may have put more into it."""

    taken: bool


class _Failed(msgspec.Struct):
    failed: Error


class StepFailed(Fault):
    """The worker's own part of a step stopped with `error`: a lesson is at fault, or the grader."""

    def __init__(self, error: Error) -> None:
        super().__init__("failed", f"{error.type}: {error.message}"[:500])
        self.error = error


class Client:
    """One session's steps. Each raises a Fault where it does not come back, or what comes back is not its answer.

    Args:
        seconds: processor time that a step may take, but a check in a class, which has its own.
        patience: seconds longer that a step may do nothing (`grader.sandbox.stopwatch`).
        budget: what all replies are charged to; an author's own code has none.
    """

    def __init__(self, session: Session, seconds: float, patience: float = 0.0, budget: Budget | None = None) -> None:
        self._session = session
        self.seconds = seconds
        self.patience = patience
        self.budget = budget

    def begin(self, file: str, beside: dict[str, str]) -> None:
        """Begin a submission: the name of its file, and the text of those beside it."""
        self._ask({"do": "begin", "file": file, "beside": beside}, _Begun)

    def bring(self, data: dict[str, bytes]) -> None:
        """Write a lesson's files of data, by name, where the answer finds them."""
        if data:
            self._ask({"do": "bring", "data": {name: b64encode(content).decode() for name, content in data.items()}}, _Begun)

    def normal(self, cells: list[str], exercises: list[str]) -> str:
        """The digest of what cells define, without their names and layout (`grader.worker.normal`). Nothing is run."""
        return self._ask({"do": "normal", "cells": cells, "exercises": exercises}, _Normal).digest

    def cell(self, index: int, source: str, again: Again = "") -> CellReply:
        """Run one cell."""
        return self._ask({"do": "cell", "index": index, "source": source, "again": again}, CellReply)

    def names(self, names: list[str]) -> Names:
        """Look how names are bound by now."""
        return self._ask({"do": "names", "names": names}, Names)

    def load(self, checks: str, misconceptions: str = "", references: dict[str, str] | None = None) -> Described:
        """Take in the text of a lesson's checks and, in its author's own runs, of its misconceptions.

        Args:
            references: the text of the cell that defines each exercise: what slips are edits of.
        """
        message = {"do": "load", "checks": checks}
        own = {"misconceptions": misconceptions, "references": references}
        return self._ask(message | {name: text for name, text in own.items() if text not in ("", None)}, Described)

    def take(self, checks: str) -> None:
        """Take in the text of checks that are known here already."""
        self._ask({"do": "load", "checks": checks, "tells": False}, _Taken)

    def given(self, name: str, seed: int) -> Given:
        """Make the inputs and the right answers of a check that is not compared with the reference."""
        return self._ask({"do": "given", "name": name, "seed": seed}, Given)

    def check(
        self,
        name: str,
        seed: str,
        *,
        seconds: float | None = None,
        given: dict[str, np.ndarray] | None = None,
        answer: str = "",
        advice: bool = True,
        show_inputs: bool = False,
    ) -> Observed:
        """Run one check's probe.

        Args:
            given: its inputs, where it makes none of its own.
            answer: the misconception that stands in the exercise's place; none for what the cells defined.
            advice: also run the variants on which advice is given.
            show_inputs: record the inputs too.
        """
        message: dict[str, Any] = {"do": "check", "name": name, "seed": seed}
        options = {"given": given, "answer": answer, "show_inputs": show_inputs}
        message |= {option: value for option, value in options.items() if value} | ({} if advice else {"advice": False})
        return self._ask(message, Observed, seconds)

    def edits(self, exercise: str, exercises: list[str], near: tuple[int, int] | None) -> list[Edit]:
        """The small edits of an exercise's definition; `near` are the cell and the line that it stopped at."""
        message: dict[str, Any] = {"do": "edits", "exercise": exercise, "exercises": exercises}
        if near:
            message["near"] = {"cell": near[0], "line": near[1]}
        return self._ask(message, Edits).edits

    def tried(
        self,
        name: str,
        seed: str,
        numbers: list[int],
        *,
        only: int | None = None,
        given: dict[str, np.ndarray] | None = None,
    ) -> Tried:
        """Run one check, or only one case of it, on some of the edits, from the first on, as many as there is time for."""
        message: dict[str, Any] = {"do": "tried", "name": name, "seed": seed, "numbers": numbers}
        options = {"only": only, "given": given}
        message |= {option: value for option, value in options.items() if value is not None}
        return self._ask(message, Tried)

    def _ask(self, message: dict[str, Any], kind: type[T], seconds: float | None = None) -> T:
        if self.budget:
            self.budget.require_time(self._session)
        text, blob = self._session.call(message, seconds or self.seconds, self.patience)
        if self.budget:
            self.budget.charge(text, blob)
        return _read(text, blob, kind)


def _read(text: bytes, blob: bytes, kind: type[T]) -> T:
    """What a worker answered: that it failed is a fault, and so is what can't be read."""
    try:
        return decode(text, blob, kind)
    except Malformed as error:
        try:
            failed = decode(text, b"", _Failed).failed
        except Malformed:
            raise Fault("flood", str(error)) from None
    if failed.type == "FrameError":
        raise Fault("large")
    raise StepFailed(failed)
