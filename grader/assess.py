"""A run of a submission → its result: a verdict for each check, a diagnosis and a sentence for each exercise."""

from __future__ import annotations

import ast
import warnings

from grader.diagnose import diagnose
from grader.judge import fault_sentence, judge
from grader.key import Check, Key
from grader.messages import say
from grader.observation import Error, Observation
from grader.result import ExerciseResult, Result, Verdict
from grader.run import CELL_SECONDS, Run
from grader.sandbox.pool import Fault
from grader.source import DEFINES
from grader.submission import Submission

PARSED_AT_MOST = 20_000
"""Characters of a cell that are read as Python in the judging process."""
UNWRITTEN = "is not written yet"
"""What a stub's NotImplementedError says; the release builder writes it."""


def assess(key: Key, submission: Submission, run: Run, isolation: str, *, show_hidden: bool = False) -> Result:
    """Judge what a run gave. Says the same for the same observations, whoever asks.

    Args:
        show_hidden: tell of the hidden checks what is told of the others: the case that failed, and what the answer said.
    """
    notes = submission.notes + _cell_notes(submission, run)
    exercises = [_exercise(key, exercise.name, submission, run, show_hidden) for exercise in key.exercises]
    for result in exercises:
        _point_below(result, exercises, submission.cells)
    return Result(
        submission.student, submission.lesson, exercises, submission.file, notes, run.printed, isolation=isolation
    )


def nothing(key: Key, submission: Submission, isolation: str) -> Result:
    """The result of a hand-in without any cell to run: every check failed, and the notes say why."""
    why = submission.notes[-1] if submission.notes else say("no_file", lesson=submission.lesson)
    exercises = [
        ExerciseResult(item.name, "missing", why, [_failed(check, why) for check in key.checks_of(item.name)])
        for item in key.exercises
    ]
    return Result(
        submission.student, submission.lesson, exercises, submission.file, submission.notes, isolation=isolation
    )


def untouched(key: Key, submission: Submission, isolation: str) -> Result:
    """The result of a release as it was given out: every exercise is still to be written."""
    exercises = [_stub(key, item.name) for item in key.exercises]
    return Result(
        submission.student, submission.lesson, exercises, submission.file, submission.notes, isolation=isolation
    )


def _stub(key: Key, name: str) -> ExerciseResult:
    why = say("stub", name=name)
    return ExerciseResult(name, "stub", why, [_failed(check, why) for check in key.checks_of(name)])


def _exercise(key: Key, name: str, submission: Submission, run: Run, show_hidden: bool) -> ExerciseResult:
    checks = key.checks_of(name)
    if isinstance(run.kinds, Fault):
        why = fault_sentence(run.kinds, CELL_SECONDS)
        return ExerciseResult(name, "wrong", why, [_failed(check, why) for check in checks])
    kind = run.kinds.get(name, "missing")
    if kind != "callable":
        why = say("not_callable", name=name, type=kind) if kind != "missing" else _why_missing(name, submission, run)
        state = "missing" if kind == "missing" else "wrong"
        return ExerciseResult(name, state, why, [_failed(check, why) for check in checks])
    seen = {check.name: run.observations.get(check.name, []) for check in checks}
    if any(_is_stub(name, observed) for observed in seen.values()):
        return _stub(key, name)
    verdicts = [_verdict(key, check, seen[check.name], submission, show_hidden) for check in checks]
    if all(verdict.passed for verdict in verdicts):
        return ExerciseResult(name, "right", say("right"), verdicts)
    if any(verdict.passed is None for verdict in verdicts):
        return ExerciseResult(name, "unjudged", say("unjudged"), verdicts)
    mistake = diagnose(key, name, seen)
    summary = mistake.says if mistake else _first_problem(verdicts)
    return ExerciseResult(name, "wrong", summary, verdicts, mistake.name if mistake else None)


def _verdict(
    key: Key, check: Check, seen: list[Observation] | Fault, submission: Submission, show_hidden: bool
) -> Verdict:
    verdict = judge(check, key.expected[check.name], seen)
    verdict.shown_anyway = check.hidden and show_hidden
    if verdict.closed:
        # From the moment a hidden probe is in the process, nothing a student's code says may come back.
        verdict.message = "" if verdict.passed else say("hidden_failed")
        verdict.case, verdict.shown, verdict.advice = None, None, []
    elif not verdict.passed and not isinstance(seen, Fault):
        verdict.where = "".join(
            _where(item.error, submission) for item in seen if item.case == verdict.case and item.error
        )
    return verdict


def _failed(check: Check, why: str) -> Verdict:
    return Verdict(
        check.name, check.says, check.points, check.hidden, False, say("hidden_failed") if check.hidden else why
    )


def _first_problem(verdicts: list[Verdict]) -> str:
    failed = [verdict for verdict in verdicts if not verdict.passed]
    public = [verdict for verdict in failed if not verdict.hidden]
    return public[0].message if public else say("public_right", says=failed[0].says)


def _is_stub(name: str, seen: list[Observation] | Fault) -> bool:
    if isinstance(seen, Fault):
        return False
    messages = [item.error.message for item in seen if item.error and item.error.type == "NotImplementedError"]
    return any(message == f"{name} {UNWRITTEN}" for message in messages)


def _why_missing(name: str, submission: Submission, run: Run) -> str:
    """What a student should read when a name is missing: the cell that was to define it may have stopped."""
    for index, error in run.errors.items():
        if name in DEFINES.findall(submission.code[index].source):
            return _cell_note(index, error, submission)
    if run.given_up is not None and any(name in DEFINES.findall(cell) for cell in submission.cells[run.given_up :]):
        return say("not_run")
    return say("missing", name=name)


def _cell_notes(submission: Submission, run: Run) -> list[str]:
    return [
        _cell_note(index, error, submission)
        for index, error in sorted(run.errors.items())
        if isinstance(error, Fault) or UNWRITTEN not in error.message
    ]


def _cell_note(index: int, error: Error | Fault, submission: Submission) -> str:
    if isinstance(error, Fault):
        kinds = {"time": "cell_slow", "ended": "cell_ended", "flood": "cell_flood"}
        lines = submission.code[index].source.split("\n")
        first = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
        place, code = submission.place(index, first), _line(submission, index, first)
        return say(kinds[error.kind], place=place, code=code, seconds=f"{CELL_SECONDS:g}", detail=error.detail)
    line, message = error.line or 1, error.message[:500].rstrip(".")
    place, code = submission.place(index, line), _line(submission, index, line)
    if error.type in ("SyntaxError", "IndentationError", "TabError"):
        return say("cell_syntax", place=place, code=code, message=message)
    stopped_with = f"{error.type}: {message}" if message else error.type
    return say("cell_raised", place=place, code=code, error=stopped_with)


def _where(error: Error, submission: Submission) -> str:
    if error.cell is None or error.line is None or not 0 <= error.cell < len(submission.code):
        return ""
    place = submission.place(error.cell, error.line)
    return say("where", place=place, code=_line(submission, error.cell, error.line))


def _line(submission: Submission, cell: int, line: int) -> str:
    lines = submission.code[cell].source.split("\n")
    return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""


def _point_below(result: ExerciseResult, exercises: list[ExerciseResult], cells: list[str]) -> None:
    """Where a wrong answer uses another exercise that is not right either, say so: that is where to look first."""
    if result.state != "wrong" or result.mistake:
        return
    failing = {other.exercise for other in exercises if other.state != "right" and other is not result}
    if not failing:
        return
    below = sorted(_names_used(result.exercise, cells) & failing)
    if below:
        first = result.summary if result.summary.endswith((".", "?")) else f"{result.summary}."
        result.summary = f"{first} " + say("builds_on", names=", ".join(f"`{name}`" for name in below))


def _names_used(name: str, cells: list[str]) -> set[str]:
    """The names that the definition of a function or class reads. A very long cell is left out: Python's parser may take a
    minute over one, and a gigabyte."""
    used: set[str] = set()
    for cell in cells:
        if name not in cell or len(cell) > PARSED_AT_MOST:
            continue
        try:
            with warnings.catch_warnings(
                action="ignore"
            ):  # what Python thinks of their style is not for the instructor
                body = ast.parse(cell).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
                used |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return used
