"""What became of each check, as plain text for another program to show: harmless, and cut where it is long."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from grader.judge.result import ExerciseResult, Result, Verdict
from grader.messages import say, together
from grader.report.printable import printable

AT_MOST = 2_000
"""Characters of one text: what an exception says may be of any length."""
NOTES_AT_MOST = 50
"""Notes that are still told one by one: a hand-in may have any number of cells that stop."""


def short(text: str, at_most: int = AT_MOST) -> str:
    """The text made printable, and cut with `…` where it is longer than `at_most` characters."""
    safe = printable(text[: at_most + 1])
    return safe if len(safe) <= at_most else f"{safe[: at_most - 1]}…"


def name(result: Result, exercise: ExerciseResult, verdict: Verdict) -> str:
    """The name of a check, its own among all lessons: `lesson: exercise: what the check says`."""
    return short(f"{result.lesson}: {exercise.exercise}: {verdict.says}")


def notes(result: Result) -> str:
    """What is to be said of the hand-in itself; nothing where there is nothing.

    First that there was no sandbox, where no note can push it out. A student's own check never has one, and grades nothing.
    """
    unsafe = result.isolation != "sandbox" and result.student
    first = [say("no_sandbox", isolation=result.isolation)] if unsafe else []
    return short(together(*first, *result.notes))


def listed(notes: list[str]) -> list[str]:
    """The notes one by one, each harmless and cut, and how many more there are."""
    more = len(notes) - NOTES_AT_MOST
    return [short(note) for note in notes[:NOTES_AT_MOST]] + [say("and_more", more=more)] * (more > 0)


def settled(result: Result) -> str:
    """What an instructor or a late penalty did to the score, and what grading gave; nothing where neither had a say."""
    if not result.settled:
        return ""
    parts = [say("automatic", earned=f"{result.earned:g}", points=f"{result.points:g}")]
    if result.elsewhere:
        parts.append(say("elsewhere", points=f"{result.elsewhere:+g}"))
    if result.penalty:
        parts.append(say("penalty", points=f"{result.penalty:g}"))
    return together(*parts)


def message(verdict: Verdict) -> str:
    """What a check that did not pass has to say, in one sentence; of a closed one no more than what became of it."""
    if verdict.closed:
        return say("unjudged" if verdict.passed is None else "hidden_failed")
    return verdict.message


def told(exercise: ExerciseResult) -> Iterator[tuple[Verdict, str]]:
    """The verdicts of an exercise, each with all that a student may read of it; nothing where there is nothing to say.

    The exercise's summary, which names the mistake, stands with the first check that it is about; where nothing was
    tried, with all. Of a hidden check no more is told than that it failed, whatever its verdict holds,
    unless the instructor has it shown.
    """
    tried = exercise.state not in ("stub", "missing")
    about = None if exercise.state == "unjudged" else False
    said = False
    for verdict in exercise.verdicts:
        parts = []
        if verdict.passed is about and not (tried and said):
            parts.append(exercise.summary)
            if exercise.line:
                parts.append(exercise.line.says)
            said = True
        if tried and not verdict.passed:
            parts += [part for part in _found(verdict) if not parts or part not in parts[0]]
        if not verdict.closed:
            parts += [say("advice", advice=advice) for advice in verdict.advice]
        yield verdict, short("\n".join(parts))


def _found(verdict: Verdict) -> Iterator[str]:
    """What a check that did not pass has found."""
    yield message(verdict)
    if verdict.closed:
        return
    if verdict.where:
        yield f"({verdict.where})"
    if verdict.shown:
        if verdict.shown.starts_from:
            yield say("starts_from")
        if verdict.shown.about:
            yield verdict.shown.about
        sides = [*verdict.shown.inputs, *((name, text) for name, text, _ in verdict.shown.sides)]
        yield from (f"{name}\n{indent(text, '  ')}" for name, text in sides if text)
