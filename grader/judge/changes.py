"""Whose points are others than those graded before, and which checks made the difference."""

from __future__ import annotations

from typing import Literal

import msgspec

from grader.judge.result import Result, earned_by_check

Why = Literal["handed_in", "version", "isolation", "inputs", "chance"]
"""Why a hand-in was graded otherwise than before: what was handed in is another, the lesson or the grader is, it was kept
apart in another way or got other inputs; or none of these, and the answer does not always give the same."""


class CheckChange(msgspec.Struct):
    """A check that earned something else before, or was worth something else: points earned and how many there were, before
    and now; None where there was no such check."""

    check: str
    before: tuple[float, float] | None
    now: tuple[float, float] | None


class Change(msgspec.Struct):
    """One hand-in whose points differ. `score` is what counts now, where an instructor or a late penalty has had a say."""

    student: str
    lesson: str
    why: Why
    before: float
    before_of: float
    now: float
    now_of: float
    checks: list[CheckChange]
    score: float | None = None


def between(earlier: Result, now: Result) -> Change | None:
    """How a result differs from the one before it; None where each check earned the same."""
    old, new = earned_by_check(earlier), earned_by_check(now)
    if old == new:
        return None
    names = dict.fromkeys([*new, *old])
    checks = [CheckChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
    points = earlier.earned, earlier.points, now.earned, now.points
    return Change(now.student, now.lesson, _why(earlier, now), *points, checks)


def _why(earlier: Result, now: Result) -> Why:
    old, new = earlier.stamp, now.stamp
    if old is None or new is None or old.version != new.version:
        return "version"
    if old.content != new.content:
        return "handed_in"
    if old.isolation != new.isolation:
        return "isolation"
    return "inputs" if old.seed != new.seed else "chance"


def settle(changes: list[Change], results: list[Result]) -> None:
    """Note what counts in the end, where that is not what was earned."""
    of = {(result.student, result.lesson): result for result in results}
    for change in changes:
        result = of.get((change.student, change.lesson))
        change.score = result.score if result and result.settled else None
