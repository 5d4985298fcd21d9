"""How many wrong answers are told their mistake, and how many are told something that is not true of them.

    python tests/benchmarks/naming.py [--pairs 40] [--mutants 20] [LESSON …]

Put to the grader are the known mistakes of each exercise one by one, two of them in one answer, small edits of the
reference, and right answers in other words. What is told of an answer made of known mistakes is true if it is one of
those. For an answer with a mistake that nobody foresaw, each known one is taken off the list: whatever is told then of
an answer with that mistake is false.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

import msgspec

from grader.author import audit, release, simulate
from grader.author.expectations import build_key
from grader.files import course, percent
from grader.files.source import LessonFiles
from grader.files.submission import of_cells
from grader.judge.diagnose import Seen, diagnose
from grader.judge.key import Key
from grader.judge.observation import Observation
from grader.judge.verdict import judge
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases, run
from grader.sandbox.session import Worker

SEED = "naming"
OTHER = Path(__file__).parents[1] / "submissions"
BROKEN = ("NameError", "UnboundLocalError", "SyntaxError", "IndentationError")
"""What two edits stop with that can't stand together."""


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


def definition(text: str, exercise: str) -> tuple[str, list[str]]:
    """What stands above the definition of an exercise in a text, and the words of the definition without its docstring."""
    body = ast.parse(text).body
    (last,) = [node for node in body if getattr(node, "name", "") == exercise][-1:]
    above = ast.unparse(ast.Module(body[: body.index(last)], []))
    if isinstance(last, (ast.FunctionDef, ast.ClassDef)):
        if ast.get_docstring(last) is not None:
            last.body = last.body[1:] or [ast.Pass()]
        if isinstance(last, ast.FunctionDef):
            last.decorator_list = []
    return above, re.findall(r"\n *|\w+| |[^\w\s]", ast.unparse(last))


def edits(was: list[str], now: list[str]) -> list[tuple[int, int, list[str]]]:
    """The words of a text that an edit replaces, and what by."""
    matched = difflib.SequenceMatcher(None, was, now, autojunk=False)
    return [(a, b, now[c:d]) for what, a, b, c, d in matched.get_opcodes() if what != "equal"]


def merged(right: list[str], one: list[str], other: list[str]) -> str | None:
    """Both edits of a text, where they leave each other alone."""
    first, second = edits(right, one), edits(right, other)
    both = sorted(first + [edit for edit in second if edit not in first], key=lambda edit: edit[:2])
    if any(before[1] > after[0] or before[:2] == after[:2] for before, after in pairwise(both)):
        return None
    words = list(right)
    for start, end, now in reversed(both):
        words[start:end] = now
    text = "".join(words)
    try:
        ast.parse(text)
    except SyntaxError:
        return None
    return text if text not in ("".join(right), "".join(one), "".join(other)) else None


def pairs(files: LessonFiles, at_most: int) -> Iterator[Answer]:
    """Two mistakes in one answer to an exercise: two edits of its reference, or one that is done to what the other gives."""
    known = simulate.misconceptions(files)
    for cell in (cell for cell in files.cells if cell.exercise):
        exercise = str(cell.exercise)
        _, right = definition(release.solved(cell), exercise)
        texts = {name: definition(text, exercise) for name, (of, text) in known.items() if of == exercise}
        calls = {name: f"right_{exercise} = {exercise}" in above for name, (above, _) in texts.items()}
        made = []
        for one, other in combinations(texts, 2):
            if calls[one] or calls[other]:
                outer, inner = (one, other) if calls[one] else (other, one)
                if calls[inner]:
                    continue
                text = "\n\n".join([known[inner][1], f"right_{exercise} = {exercise}", *_above(texts[outer][0], exercise),
                                    "".join(texts[outer][1])])  # fmt: skip
            elif text := merged(right, texts[one][1], texts[other][1]):
                text = "\n\n".join([texts[one][0], texts[other][0], text])
            else:
                continue
            made.append(
                Answer(exercise, "pairs", f"{one} + {other}", [*files.code_cells, text], frozenset((one, other)))
            )
        yield from random.Random(exercise).sample(made, min(at_most, len(made)))


def _above(text: str, exercise: str) -> list[str]:
    """What a mistake needs of its file besides the reference."""
    body = [node for node in ast.parse(text).body if getattr(node, "name", "") != exercise]
    return [part for node in body if (part := ast.unparse(node)) != f"right_{exercise} = {exercise}"]


def answers(files: LessonFiles, pairs_at_most: int, mutants_at_most: int) -> Iterator[Answer]:
    """All that is put to the grader."""
    for name, (exercise, text) in simulate.misconceptions(files).items():
        yield Answer(exercise, "singles", name, [*files.code_cells, text], frozenset((name,)))
    yield from pairs(files, pairs_at_most)
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
                yield Answer(exercise, "right", marker["title"], [*files.code_cells, text[marker.end() : end]])


def observed(worker: Worker, files: LessonFiles, key: Key, answer: Answer) -> Seen:
    """What an answer gives on the checks of its exercise that are compared."""
    checks = key.compared(answer.exercise)
    ran = run(worker, of_cells(files.name, answer.cells), phases(files, checks), [answer.exercise], key.seed)
    return {check.name: ran.observations.get(check.name, []) for check in checks}


def is_right(key: Key, exercise: str, seen: Seen) -> bool:
    return all(judge(check, key.expected[check.name], seen[check.name]).passed for check in key.compared(exercise))


def is_broken(seen: Seen) -> bool:
    """Whether an answer stops everywhere with an error that no student keeps for long."""
    each = [case for observations in seen.values() if isinstance(observations, list) for case in observations]
    return bool(each) and any(
        isinstance(case, Observation) and case.error and case.error.type in BROKEN for case in each
    )


def without(key: Key, names: frozenset[str]) -> Key:
    return msgspec.structs.replace(key, mistakes=[mistake for mistake in key.mistakes if mistake.name not in names])


def count(rows: dict[str, Row], key: Key, answer: Answer, seen: Seen) -> None:
    """Enter an answer into the table, and, with a mistake of it taken off the list, once more."""
    if answer.kind != "right" and (is_broken(seen) if answer.kind == "pairs" else False):
        return
    right = is_right(key, answer.exercise, seen)
    if answer.kind in ("pairs", "mutants") and right:
        return  # the two undo each other, or the edit changes nothing: an audit's business
    _enter(rows, answer.kind, key, answer, seen, right, answer.holds)
    if answer.kind == "singles":
        _enter(rows, "one unforeseen", without(key, answer.holds), answer, seen, right, frozenset())
    if answer.kind == "pairs":
        one = min(answer.holds)
        rest = answer.holds - {one}
        _enter(rows, "one known, one not", without(key, frozenset((one,))), answer, seen, right, rest)


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
            key = build_key(files, one, SEED, public_only=False)
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
