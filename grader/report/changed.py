"""What a regrade changed, as text for a terminal: who, from what to what, and through which checks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from grader.judge.changes import Change, CheckChange
from grader.report.text import line

WHY = {
    "handed_in": "handed in anew",
    "version": "the lesson or the grader has changed",
    "isolation": "kept apart in another way",
    "inputs": "other inputs",
    "chance": "the same code on the same inputs: the answer does not always give the same",
}
CHECKS_AT_MOST, PAGES_AT_MOST = 10, 10


def show(changes: Sequence[Change], console: Console, *, dry: bool = False) -> None:
    """Each hand-in whose points differ, with the checks that made the difference."""
    if not changes:
        if dry:
            console.print(line("No score would change."))
        return
    verb = "would change" if dry else "changed"
    console.print(line((f"Scores that {verb}: {len(changes)}", "bold")))
    for change in changes:
        before, now = (f"{earned:g} of {of:g}" for earned, of in _points(change))
        by_hand = "" if change.score is None else f" (by hand or late: {change.score:g} counts)"
        console.print(
            line("  ", (change.student, "bold"), f", {change.lesson}: {before} → {now}{by_hand}: {WHY[change.why]}")
        )
        for check in change.checks[:CHECKS_AT_MOST]:
            console.print(line(f"      {check.check}: {_check(check)}"))
        if (more := len(change.checks) - CHECKS_AT_MOST) > 0:
            console.print(line(f"      … and {more} more checks"))


def _points(change: Change) -> list[tuple[float, float]]:
    return [(change.before, change.before_of), (change.now, change.now_of)]


def _check(change: CheckChange) -> str:
    if change.before is None or change.now is None:
        earned, of = change.before or change.now or (0.0, 0.0)
        return f"{'gone' if change.now is None else 'new'}, {earned:g} of {of:g}"
    (old, old_of), (new, new_of) = change.before, change.now
    return f"{old:g} of {old_of:g} → {new:g} of {new_of:g}"


def pages(changed: Sequence[Path], console: Console) -> None:
    """The pages of feedback that say something else than before."""
    if changed:
        more = len(changed) - PAGES_AT_MOST
        named = ", ".join(map(str, changed[:PAGES_AT_MOST])) + (f" and {more} more" if more > 0 else "")
        console.print(line(f"Feedback pages that changed: {len(changed)}: {named}"), soft_wrap=True)
