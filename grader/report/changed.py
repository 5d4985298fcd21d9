"""What a regrade changed, as text for a terminal: who, from what to what, and through which checks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from grader.judge.changes import Change, CheckChange
from grader.messages import and_more, told
from grader.report.text import line

WHY = {
    "handed_in": partial(told, "handed in anew"),
    "version": partial(told, "the lesson or the grader has changed"),
    "isolation": partial(told, "kept apart in another way"),
    "inputs": partial(told, "other inputs"),
    "chance": partial(told, "the same code on the same inputs: the answer does not always give the same"),
}
CHECKS_AT_MOST, PAGES_AT_MOST = 10, 10


def show(changes: Sequence[Change], console: Console, *, dry: bool = False) -> None:
    """Each hand-in whose points differ, with the checks that made the difference."""
    if not changes:
        if dry:
            console.print(line(told("No score would change.")))
        return
    number = len(changes)
    title = (
        told("Scores that would change: {number}", number=number)
        if dry
        else told("Scores that changed: {number}", number=number)
    )
    console.print(line((title, "bold")))
    for change in changes:
        before, now = (_of(earned, of) for earned, of in _points(change))
        by_hand = "" if change.score is None else told(" (by hand or late: {score} counts)", score=f"{change.score:g}")
        console.print(
            line("  ", (change.student, "bold"), f", {change.lesson}: {before} → {now}{by_hand}: {WHY[change.why]()}")
        )
        for check in change.checks[:CHECKS_AT_MOST]:
            console.print(line(f"      {check.check}: {_check(check)}"))
        if (more := len(change.checks) - CHECKS_AT_MOST) > 0:
            console.print(line("      " + told("… and {more} more checks", more=more)))


def _points(change: Change) -> list[tuple[float, float]]:
    return [(change.before, change.before_of), (change.now, change.now_of)]


def _check(change: CheckChange) -> str:
    if change.before is None or change.now is None:
        earned, of = change.before or change.now or (0.0, 0.0)
        points = _of(earned, of)
        return told("gone, {points}", points=points) if change.now is None else told("new, {points}", points=points)
    return f"{_of(*change.before)} → {_of(*change.now)}"


def _of(earned: float, of: float) -> str:
    return told("{earned} of {of}", earned=f"{earned:g}", of=f"{of:g}")


def pages(changed: Sequence[Path], console: Console) -> None:
    """The pages of feedback that say something else than before."""
    if changed:
        named = and_more([str(page) for page in changed], PAGES_AT_MOST)
        said = told("Feedback pages that changed: {number}: {named}", number=len(changed), named=named)
        console.print(line(said), soft_wrap=True)
