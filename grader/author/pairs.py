"""Runs all answers with two known mistakes, and notes by what each of them is told."""

from __future__ import annotations

from contextlib import closing
from itertools import groupby

from grader.author import compose
from grader.author.expectations import run_cells
from grader.errors import Fault
from grader.files.source import LessonFiles
from grader.judge.diagnose import Seen
from grader.judge.key import Key, Pair, seed_of
from grader.judge.observation import CELL_SECONDS, Plain
from grader.judge.trace import Trace, trace
from grader.judge.verdict import judge
from grader.sandbox.client import Client
from grader.sandbox.session import Worker

SLOW_SECONDS = 5.0
"""An exercise with a check that may take longer than this is left out: some hundred answers would be put to it."""
BROKEN = ("NameError", "UnboundLocalError", "SyntaxError", "IndentationError")
"""What two edits stop with that can't stand together."""
SAYS_WHAT_IS_RIGHT = " right, but "
"""What a sentence such as "The numbers are right, but they come from a loop" holds. It is false beside another mistake."""


def pairs(files: LessonFiles, worker: Worker, key: Key) -> list[Pair]:
    """The answers with two known mistakes, each once: those that give the same are told by what they have in common, and are
    left out where that is nothing, or where a single mistake gives the same. So are those of `is_constant`."""
    found: list[Pair] = []
    says = {item.name: item.says for item in key.mistakes}
    for exercise, answers in groupby(compose.answers(files), lambda item: item.exercise):
        checks = key.compared(exercise)
        if not checks or any(check.seconds > SLOW_SECONDS for check in checks):
            continue
        known = [key.expected, *(item.observations for item in key.mistakes if item.exercise == exercise)]
        taken = [item for seen in known if (item := trace(checks, key.expected, seen))]
        told: list[Pair] = []
        for answer, seen in _observed(files, worker, key, exercise, list(answers)):
            mark = trace(checks, key.expected, seen)
            if mark is None or is_broken(seen) or is_constant(seen) or any(mark.same(other) for other in taken):
                continue
            same = next((item for item in told if item.trace.same(mark)), None)
            if same:  # mistakes that say the same are one, made in several ways
                in_common = {says[name] for name in answer.mistakes}
                same.mistakes = [name for name in same.mistakes if says[name] in in_common]
            else:
                told.append(Pair(exercise, _in_order(key, list(answer.mistakes)), _short(mark)))
        found += [item for item in told if item.mistakes]
    return found


def _short(mark: Trace) -> Trace:
    return Trace(mark.digest, mark.sums.astype("float32"))


def _in_order(key: Key, names: list[str]) -> list[str]:
    """The mistakes of an answer, the more basic one first: that which fails more checks. A sentence that also says what is
    right comes second: it is true once the other mistake is mended."""
    mistakes = {item.name: item for item in key.mistakes}

    def passes(name: str) -> int:
        checks = key.compared(mistakes[name].exercise)
        seen = mistakes[name].observations
        return sum(bool(judge(check, key.expected[check.name], seen[check.name]).passed) for check in checks)

    return sorted(names, key=lambda name: (SAYS_WHAT_IS_RIGHT in mistakes[name].says, passes(name)))


def is_broken(seen: Seen) -> bool:
    each = [case for found in seen.values() if not isinstance(found, Fault) for case in found]
    return any(case.error and case.error.type in BROKEN for case in each)


def is_constant(seen: Seen) -> bool:
    """Whether an answer gives one and the same plain value everywhere, or stops with one and the same error, as many others
    do too: an accuracy of 1, say, or a list that is asked for an attribute of tensors."""
    cases = [case for found in seen.values() if not isinstance(found, Fault) for case in found]
    if len(cases) > 1 and all(case.error for case in cases):
        return len({(case.error.type, case.error.message) for case in cases if case.error}) == 1
    values = [case.value for case in cases]
    return len(values) > 1 and isinstance(values[0], Plain) and all(value == values[0] for value in values)


def _observed(
    files: LessonFiles, worker: Worker, key: Key, exercise: str, answers: list[compose.Composed]
) -> list[tuple[compose.Composed, Seen]]:
    """What each answer gives on the checks of its exercise. One that does not come back is left out, and a fresh session
    goes on without it."""
    done: list[tuple[compose.Composed, Seen]] = []
    waiting = list(answers)
    while waiting:
        with closing(worker.session()) as session:
            client = Client(session, CELL_SECONDS)
            try:
                run_cells(client, files)
                client.load(files.public_checks)
                while waiting:
                    answer = waiting.pop(0)
                    if client.cell(0, answer.text).error:
                        continue
                    seen: Seen = {
                        check.name: client.check(check.name, seed_of(check, key.seed), advice=False).observations
                        for check in key.compared(exercise)
                    }
                    done.append((answer, seen))
            except Fault:
                continue
    return done
