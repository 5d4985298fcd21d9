"""Follow-through: what is wrong, and calls what is not right, is run once more with the solutions of that in its place.

Only a lesson that asks for it has solutions that may stand in (`stand_ins` of its key): no other hand-in meets one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from grader.errors import Fault
from grader.files.answer_file import Code
from grader.files.submission import Submission, definition
from grader.judge.assess import Followed
from grader.judge.key import Key
from grader.judge.observation import Run
from grader.judge.result import ExerciseResult, Result
from grader.sandbox.run import Phase


def followed(
    key: Key,
    submission: Submission,
    phases: list[Phase],
    result: Result,
    ran: Run,
    runs: Callable[[Submission, list[Phase]], Run],
    is_right: Callable[[str], bool] = lambda other: True,
) -> dict[str, Followed]:
    """What exercises give, by their names, with solutions in the place of what they call and what is not right. Each is run
    by itself, in a process of its own, and only the checks that it did not pass.

    Args:
        result: what came of the hand-in as it stands, and `ran` the run that it came of.
        runs: runs a hand-in's checks.
        is_right: as for `assess`.
    """
    right = {item.exercise: item.state == "right" for item in result.exercises}
    found = {}
    for item in result.exercises:
        if names := in_place(key, item, lambda name: right[name] if name in right else is_right(name)):
            failed = {verdict.check for verdict in item.verdicts if not verdict.passed}
            again = [_only(phase, failed) for phase in phases]
            found[item.exercise] = Followed(names, runs(_with_solutions(key, submission, ran, names), again).observations)
    return found


def in_place(key: Key, item: ExerciseResult, is_right: Callable[[str], bool]) -> list[str]:
    """The exercises whose solutions have to stand in for one to be followed through: what it calls as its own solution does
    and is not right, and what those call in turn. None where one of them may not be read."""
    called = key.calls.get(item.exercise, [])  # who only hands on the work to another exercise is not to earn by that
    names = [name for name in item.below if name in called]
    for name in names:
        names += [other for other in key.calls[name] if other not in names and not is_right(other)]
    return names if all(name in key.stand_ins and name != item.exercise for name in names) else []


def _only(phase: Phase, checks: Collection[str]) -> Phase:
    return replace(phase, checks=[check for check in phase.checks if check.name in checks], advice=False)


def _with_solutions(key: Key, submission: Submission, ran: Run, names: list[str]) -> Submission:
    """The hand-in with solutions, each as a cell behind the last one that defines what it takes the place of. Cells that did
    not come back are left out: they have had their tries."""
    cells = [
        Code("", cell.at) if isinstance(ran.errors.get(index), Fault) else cell
        for index, cell in enumerate(submission.code[: ran.given_up])
    ]
    behind: dict[int, list[Code]] = {}
    for name in sorted(names, key=list(key.stand_ins).index):
        last = max((index for index, cell in enumerate(cells) if definition(cell.source, name)), default=len(cells) - 1)
        behind.setdefault(last, []).append(Code(key.stand_ins[name], 0))
    return replace(submission, code=[each for index, cell in enumerate(cells) for each in (cell, *behind.get(index, []))])
