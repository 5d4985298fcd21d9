"""How many wrong answers are told their mistake, and how many are told something that is not true of them.

    python tests/benchmarks/naming.py [--pairs 40] [--mutants 20] [LESSON …]

Put to the grader are the known mistakes of each exercise one by one, two of them in one answer, small edits of the
reference, and right answers in other words. What is told of an answer made of known mistakes is true if it is one of
those. For an answer with a mistake that nobody foresaw, each known one is taken off the list: whatever is told then of
an answer with that mistake is false.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import msgspec

from grader.author import audit, compose, mistakes, release
from grader.author.expectations import build_key
from grader.author.pairs import is_broken, pairs
from grader.files import course, percent
from grader.files.source import LessonFiles
from grader.files.submission import of_cells
from grader.judge.diagnose import Seen, diagnose
from grader.judge.key import Key
from grader.judge.verdict import judge
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import Phase, run
from grader.sandbox.session import Worker

OTHER = Path(__file__).parents[1] / "submissions"


@dataclass(frozen=True)
class Answer:
    """An answer to one exercise: of which kind it is, the cells it is made of, and the mistakes that it holds."""

    exercise: str
    kind: str
    what: str
    cells: list[str]
    holds: frozenset[str] = frozenset()


@dataclass
class Row:
    """What became of the answers of one kind."""

    answers: int = 0
    caught: int = 0
    named: int = 0
    truly: int = 0
    falsely: list[str] = field(default_factory=list)


def answers(files: LessonFiles, pairs_at_most: int, mutants_at_most: int) -> Iterator[Answer]:
    """All that is put to the grader."""
    for name, (exercise, text) in mistakes.as_handed_in(files).items():
        yield Answer(exercise, "singles", name, [*files.code_cells, text], frozenset((name,)))
    for exercise, composed in groupby(compose.answers(files), lambda item: item.exercise):
        both = list(composed)
        for item in random.Random(exercise).sample(both, min(pairs_at_most, len(both))):
            cells = [*files.code_cells, item.text]
            yield Answer(exercise, "pairs", " + ".join(item.mistakes), cells, frozenset(item.mistakes))
    mutants: dict[str, list[Answer]] = {}
    for wrong in audit.edits(files):
        edit = f"{wrong.edit[0]} → {wrong.edit[1]}"
        mutants.setdefault(wrong.exercises[0], []).append(Answer(wrong.exercises[0], "mutants", edit, wrong.cells))
    for exercise, made in mutants.items():
        yield from random.Random(exercise).sample(made, min(mutants_at_most, len(made)))
    for file in (OTHER / "textbook", OTHER / "other"):
        text = (file / f"{files.name}.py").read_text(encoding="utf-8")
        markers = list(percent.MARKER.finditer(text))
        ends = [marker.start() for marker in markers[1:]] + [len(text)]
        for marker, end in zip(markers, ends, strict=True):
            exercise = marker["title"].partition(": ")[0]
            if exercise in {cell.exercise for cell in files.cells}:
                yield Answer(
                    exercise,
                    "right",
                    marker["title"],
                    [*files.code_cells, "import torch\nfrom torch import nn", text[marker.end() : end]],
                )


def observed(worker: Worker, files: LessonFiles, key: Key, answer: Answer) -> Seen:
    """What an answer gives on the checks of its exercise that are compared."""
    checks = key.compared(answer.exercise)
    ran = run(worker, of_cells(files.name, answer.cells), [Phase(files.public_checks, checks)], [answer.exercise], key.seed)
    return {check.name: ran.observations.get(check.name, []) for check in checks}


def is_right(key: Key, exercise: str, seen: Seen) -> bool:
    return all(judge(check, key.expected[check.name], seen[check.name]).passed for check in key.compared(exercise))


def in_all_words(key: Key, names: frozenset[str]) -> frozenset[str]:
    """Mistakes under all their names: misconceptions that say the same are one."""
    says = {mistake.says for mistake in key.mistakes if mistake.name in names}
    return frozenset(mistake.name for mistake in key.mistakes if mistake.says in says)


def without(key: Key, names: frozenset[str]) -> Key:
    """The key of a lesson whose author has not thought of these mistakes."""
    return msgspec.structs.replace(
        key,
        mistakes=[mistake for mistake in key.mistakes if mistake.name not in names],
        pairs=[pair for pair in key.pairs if not names & set(pair.mistakes)],
    )


def count(rows: dict[str, Row], key: Key, answer: Answer, seen: Seen) -> None:
    """Enter an answer into the table, and, with a mistake of it taken off the list, once more."""
    if answer.kind == "pairs" and is_broken(seen):
        return
    right = is_right(key, answer.exercise, seen)
    if answer.kind in ("pairs", "mutants") and right:
        return  # the two undo each other, or the edit changes nothing: an audit's business
    holds = in_all_words(key, answer.holds)
    _enter(rows, answer.kind, key, answer, seen, right, holds)
    if answer.kind == "singles":
        _enter(rows, "one unforeseen", without(key, holds), answer, seen, right, frozenset())
    if answer.kind == "pairs":
        one = in_all_words(key, frozenset((min(answer.holds),)))
        _enter(rows, "one known, one not", without(key, one), answer, seen, right, holds - one)


def _enter(
    rows: dict[str, Row], kind: str, key: Key, answer: Answer, seen: Seen, right: bool, holds: frozenset[str]
) -> None:
    row = rows.setdefault(kind, Row())
    row.answers += 1
    row.caught += not right
    told = {mistake.name for mistake in diagnose(key, answer.exercise, seen)} if not right else set()
    row.named += bool(told)
    if told and kind != "mutants":
        row.truly += told <= holds
        if told - holds:
            row.falsely.append(f"{kind}: {answer.exercise}: {answer.what}: told {', '.join(sorted(told - holds))}")
    if told and kind == "mutants":
        row.falsely.append(f"{kind}: {answer.exercise}: {answer.what}: told {', '.join(sorted(told))}")


def gather(lessons: list[str], pairs_at_most: int, mutants_at_most: int) -> Iterator[tuple[Key, Answer, Seen]]:
    found = course.find()
    with ThreadPoolExecutor(2) as pool, closing(Sandbox()) as one, closing(Sandbox()) as other:
        for lesson in lessons or found.lessons():
            files = found.files(lesson)
            key = build_key(files, one, release.PUBLIC_SEED, public_only=True)
            key.pairs = pairs(files, one, key)
            todo = list(answers(files, pairs_at_most, mutants_at_most))
            halves = todo[::2], todo[1::2]

            def work(
                worker: Worker, half: list[Answer], files: LessonFiles = files, key: Key = key
            ) -> list[tuple[Answer, Seen]]:
                return [(answer, observed(worker, files, key, answer)) for answer in half]

            for half in pool.map(work, (one, other), halves):
                for answer, seen in half:
                    yield key, answer, seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*")
    parser.add_argument("--pairs", type=int, default=40, help="pairs of an exercise that are tried")
    parser.add_argument("--mutants", type=int, default=20, help="small edits of an exercise that are tried")
    parser.add_argument("--falsely", action="store_true", help="list what was told that is not true")
    options = parser.parse_args()
    rows: dict[str, Row] = {}
    for key, answer, seen in gather(options.lessons, options.pairs, options.mutants):
        count(rows, key, answer, seen)
    print(table(rows))
    if options.falsely:
        print("\n".join(line for row in rows.values() for line in row.falsely))


def table(rows: dict[str, Row]) -> str:
    """The rows as a table."""
    lines = [f"{'':20}{'answers':>9}{'caught':>9}{'named':>9}{'truly':>9}{'falsely':>9}"]
    for kind, row in rows.items():
        judged = kind != "mutants"
        numbers = [
            row.answers,
            row.caught,
            row.named,
            row.truly if judged else "?",
            len(row.falsely) if judged else "?",
        ]
        lines.append(f"{kind:20}" + "".join(f"{number:>9}" for number in numbers))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
