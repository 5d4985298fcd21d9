"""Wrong answers made from a reference by small edits. Works on text alone."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from grader.worker.edits import edits


@dataclass(frozen=True)
class Mutant:
    """A changed answer: the exercise, what was done to it, its text, and the lines that went and came."""

    exercise: str
    what: str
    source: str
    was: str
    now: str


def mutants(exercise: str, source: str) -> Iterator[Mutant]:
    """Every small edit of the function or class that a cell defines under the name of the exercise, each once.

    Both sides are written as `ast.unparse` writes them, so that only the edit shows in the difference.
    """
    module = ast.parse(source)
    (definition,) = [node for node in module.body if getattr(node, "name", "") == exercise]
    before = ast.unparse(module)
    seen = {before}
    for edit in edits(definition):
        edit.make()
        try:
            after = ast.unparse(ast.fix_missing_locations(module))
        finally:
            edit.undo()
        if after not in seen:
            seen.add(after)
            yield Mutant(exercise, edit.what, after, *_changed(before, after))


def _changed(before: str, after: str) -> tuple[str, str]:
    """The lines from the first to the last that differ, on either side."""
    was, now = before.split("\n"), after.split("\n")
    while was and now and was[-1] == now[-1]:
        was.pop()
        now.pop()
    same = [one == other for one, other in zip(was, now, strict=False)]
    start = [*same, False].index(False)
    return textwrap.dedent("\n".join(was[start:])), textwrap.dedent("\n".join(now[start:]))
