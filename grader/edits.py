"""Edits of a reference's source: what a slip is. Works on text alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

Edit = tuple[str, str]
"""A piece of the reference's solution, which occurs in it exactly once, and what stands there instead."""
SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION[ \t]*\n(?P<body>.*?)^[ \t]*### END SOLUTION[ \t]*\n?",
    re.DOTALL | re.MULTILINE,
)
_MARKERS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)


class Misfit(ValueError):
    """An edit can't be made. The message is the end of a sentence that begins with the slip's name."""


def edited(reference: str, edits: Sequence[Edit]) -> str:
    """The reference with all edits made, and without markers.

    Args:
        reference: the text of the cell that defines it, in which the solution stands between its markers.

    Raises:
        Misfit: a piece does not occur in the solution exactly once, or two edits overlap.

    >>> cell = "def f(X):\\n    ### BEGIN SOLUTION\\n    return X.sum(0)\\n    ### END SOLUTION"
    >>> print(edited(cell, [("sum", "mean")]))
    def f(X):
        return X.mean(0)
    """
    reference += "\n" * (not reference.endswith("\n"))
    places = sorted((*_place(reference, was), now) for was, now in edits)
    for (_, end, _), (start, _, _) in pairwise(places):
        if start < end:
            raise Misfit(f"edits {reference[start:end]!r} twice")
    for start, end, now in reversed(places):
        reference = reference[:start] + now + reference[end:]
    return _MARKERS.sub("", reference).rstrip("\n")


def _place(reference: str, was: str) -> tuple[int, int]:
    """Where a piece of the solution begins and ends."""
    found = [
        body.start("body") + at
        for body in SOLUTION.finditer(reference)
        for at in range(len(body["body"]))
        if was and body["body"].startswith(was, at)
    ]
    if len(found) != 1:
        times = {0: "no longer"}.get(len(found), f"{len(found)} times")
        raise Misfit(f"edits {was!r}, which is {times} in the reference's solution. It has to be there once")
    return found[0], found[0] + len(was)


def composed(reference: str, one: Sequence[Edit], other: Sequence[Edit]) -> str | None:
    """The reference with two slips in it, or None where they don't stand together: both edit the same piece.

    >>> cell = "def f(X):\\n    ### BEGIN SOLUTION\\n    return X.sum(0)\\n    ### END SOLUTION"
    >>> print(composed(cell, [("sum", "mean")], [("(0)", "(1)")]))
    def f(X):
        return X.mean(1)
    >>> composed(cell, [("sum", "mean")], [("sum(0)", "sum()")])
    """
    try:
        return edited(reference, [*one, *other])
    except Misfit:
        return None
