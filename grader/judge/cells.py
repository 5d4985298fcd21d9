"""What there is to say of an answer's cells: which of them stopped and where, and what is missing, defined twice or still a
stub."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from grader.errors import Fault, FaultKind
from grader.files.source import DEFINES
from grader.files.submission import UNWRITTEN, Submission
from grader.judge.observation import CELL_SECONDS, Error, Line, Named, Run
from grader.judge.result import ExerciseResult
from grader.messages import in_a_row, say, together

NEAR = 0.8
"""How alike two names have to be, by `difflib`, for one to be taken for the other."""
NOTES_AT_MOST = 30
"""Errors of cells that are told one by one."""


def of_stub(name: str, error: Error) -> bool:
    """Whether an error is the one that a stub raises."""
    return error.type == "NotImplementedError" and error.message == f"{name} {UNWRITTEN}"


def why_stub(name: str, named: Named, error: Error, submission: Submission) -> str:
    """What a student should read where a stub's error is left: nothing may be written, or something above or below it."""
    if len(named.places) > 1 and not named.begun:
        return say("stub_below", name=name, places=_places(named, submission))
    if named.begun:
        where = where_of(error, submission)
        return say("stub_left", name=name, where=where) if where else say("stub_left_quietly", name=name)
    return say("stub", name=name)


def defined_twice(result: ExerciseResult, submission: Submission, run: Run) -> list[str]:
    """A note where a name that is not right is defined more than once: one of them is run in vain."""
    named = None if isinstance(run.names, Fault) else run.names.get(result.exercise)
    if named is None or len(named.places) < 2 or result.state not in ("wrong", "missing"):
        return []
    return [say("twice", name=result.exercise, places=_places(named, submission))]


def _places(named: Named, submission: Submission) -> str:
    known = [place for place in named.places if place.cell < len(submission.code)]
    return in_a_row(submission.place(place.cell, place.line) for place in known)


def why_missing(name: str, submission: Submission, run: Run) -> str:
    """What a student should read when a name is missing: the cell that was to define it may have stopped."""
    if run.in_kernel:
        return together(say("missing_in_kernel", name=name), *_near(name, run.defined))
    for index, error in run.errors.items():
        if name in DEFINES.findall(submission.code[index].source):
            return _cell_note(index, error, submission)
    if run.given_up is not None and any(name in DEFINES.findall(cell) for cell in submission.cells[run.given_up :]):
        return say("not_run")
    others = set() if isinstance(run.names, Fault) else set(run.names)
    found = (found for cell in submission.cells for found in DEFINES.findall(cell))
    return together(say("missing", name=name), *_near(name, [item for item in found if item not in others]))


def _near(name: str, defined: Iterable[str]) -> list[str]:
    """A question, where something that is not an exercise itself is nearly called so."""
    by_lower = {found.lower(): found for found in defined}
    near = get_close_matches(name.lower(), by_lower, 1, NEAR)
    return [say("near_name", near=by_lower[near[0]])] if near else []


def cell_notes(submission: Submission, run: Run) -> list[tuple[str, FaultKind | None]]:
    """What there is to say of cells that stopped, with why where one did not come back."""
    told = [
        (index, error)
        for index, first in sorted(run.errors.items())
        for error in (first, *run.more.get(index, []))
        if isinstance(error, Fault) or UNWRITTEN not in error.message
    ]
    notes: list[tuple[str, FaultKind | None]] = [
        (_cell_note(index, error, submission, kept=index in run.kept), error.kind if isinstance(error, Fault) else None)
        for index, error in told[:NOTES_AT_MOST]
    ]
    more = len(told) - NOTES_AT_MOST
    return [*notes, (say("cells_more", number=more), None)] if more > 0 else notes


def _cell_note(index: int, error: Error | Fault, submission: Submission, *, kept: bool = False) -> str:
    if isinstance(error, Fault):
        kinds = {"time": "cell_slow", "waited": "cell_slow", "ended": "cell_ended", "flood": "cell_flood"}
        sentence = kinds.get(error.kind, "cell_failed")
        if kept and sentence in ("cell_slow", "cell_ended"):
            sentence += "_kept"
        lines = submission.code[index].source.split("\n")
        first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
        place, code = submission.place(index, first), _line(submission, index, first)
        return say(sentence, place=place, code=code, seconds=f"{CELL_SECONDS:g}", detail=error.detail)
    if error.cell is not None and error.cell < len(submission.code):
        index = error.cell  # the function that stopped may stand in another cell than its call
    line, message = error.line or 1, error.message[:500].rstrip(".")
    place, code = submission.place(index, line), _line(submission, index, line)
    if error.type in ("SyntaxError", "IndentationError", "TabError"):
        return say("cell_syntax", place=place, code=code, message=message)
    stopped_with = f"{error.type}: {message}" if message else error.type
    sentence = say("cell_raised", place=place, code=code, error=stopped_with)
    if error.type == "ModuleNotFoundError" and (module := re.search(r"'(\w+)", message)):
        sentence += ". " + say("not_installed", module=module[1])
    return sentence


def where_of(error: Error | Line, submission: Submission) -> str:
    """The line that an error came from, as a place and its code; nothing where it is none of the student's."""
    if error.code and error.line is not None and not submission.code:
        return say("in_kernel", line=error.line, code=error.code)
    if error.cell is None or error.line is None or not 0 <= error.cell < len(submission.code):
        return ""
    place = submission.place(error.cell, error.line)
    return say("where", place=place, code=_line(submission, error.cell, error.line))


def own_raise(error: Error, submission: Submission) -> str:
    """The statement, `raise` or `assert`, by which an answer itself stopped; nothing where it was something else."""
    code = error.code
    if error.cell is not None and error.line is not None and 0 <= error.cell < len(submission.code):
        code = _line(submission, error.cell, error.line)
    if error.type == "AssertionError" and code.startswith("assert "):
        return "assert"
    return "raise" if re.search(rf"\braise {re.escape(error.type)}\b", code) else ""


def _line(submission: Submission, cell: int, line: int) -> str:
    lines = submission.code[cell].source.split("\n")
    return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""
