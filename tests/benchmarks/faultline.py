"""How often the line at fault is found, and how often it is another one. `make faultline` runs it; nothing here is a test.

Right answers, the references and those of tests/submissions/other, are each broken by small edits of every kind that the kit
knows. What is wrong then, and has no name, is searched as a student's answer is: with the public checks alone, as in
`grader check`, and with the hidden ones too, as where a class is graded.

A line counts as right where it is the one that was broken (of a line that went or came, or a block that moved, one of those
around it). Another line counts as an equivalent repair where the mended answer passes all checks, the hidden ones too, on
two sets of inputs that the search has not seen, and as wrong where it does not.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from grader.author import release
from grader.author.expectations import build_key
from grader.errors import Fault
from grader.files import course
from grader.files.percent import split
from grader.files.source import LessonFiles
from grader.files.submission import Submission, of_cells
from grader.judge import assess
from grader.judge.key import Key
from grader.judge.observation import Run
from grader.judge.result import ExerciseResult
from grader.sandbox import faultline
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.client import Client
from grader.sandbox.run import Phase, phases, run
from grader.worker.mends import mends

ROOT = Path(__file__).resolve().parents[2]
OTHER_SEEDS = "fresh-1", "fresh-2"


@dataclass
class Broken:
    """A right answer with one mistake, the lines that it may be looked for in, and the kind of edit that made it."""

    exercise: str
    kind: str
    what: str
    text: str
    lines: set[int]
    of: str


Answered = dict[str, Any]
"""An answer, and what became of it."""


def bases(files: LessonFiles) -> Iterator[tuple[str, str, str]]:
    """Right answers: the exercise, whose it is, and its text."""
    names = [cell.exercise for cell in files.cells if cell.exercise]
    for cell in files.cells:
        if cell.kind == "code" and cell.exercise:
            yield cell.exercise, "reference", release.solved(cell)
    other = ROOT / "tests" / "submissions" / "other" / f"{files.name}.py"
    for written in split(other.read_text(encoding="utf-8")) if other.is_file() else []:
        try:
            body = ast.parse(written.source).body
        except SyntaxError:
            continue
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names:
                yield node.name, "other words", written.source


def broken(exercise: str, of: str, text: str, each: int, dice: random.Random) -> Iterator[Broken]:
    """Some of the small edits of an answer, as many of each kind."""
    module = ast.parse(text)
    definition = [node for node in module.body if getattr(node, "name", "") == exercise][-1]
    functions = [node.name for node in module.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    before = ast.unparse(module)
    by_kind = defaultdict(list)
    for edit in mends(definition, functions):
        by_kind[edit.kind].append(edit)
    seen = {before}
    for kind, found in sorted(by_kind.items()):
        dice.shuffle(found)
        taken = 0
        for edit in found:
            edit.make()
            try:
                after = ast.unparse(ast.fix_missing_locations(module))
                compile(after, "broken", "exec")
            except (SyntaxError, RecursionError):
                continue
            finally:
                edit.undo()
            if after not in seen:
                seen.add(after)
                taken += 1
                yield Broken(exercise, kind, edit.what, after, _lines(before, after), of)
            if taken == each:
                break


def _lines(before: str, after: str) -> set[int]:
    """The lines of the broken text that differ, and where one is missing or came, those around it."""
    lines = set()
    for word, _, _, start, end in difflib.SequenceMatcher(None, before.split("\n"), after.split("\n"), False).get_opcodes():
        if word == "equal":
            continue
        exact = word == "replace"
        lines |= set(range(start + exact, end + 1 + (not exact)))
    return lines


@dataclass
class Bench:
    """One lesson, ready to try broken answers."""

    files: LessonFiles
    worker: Sandbox
    key: Key
    others: list[Key]

    def __post_init__(self) -> None:
        self.names = [item.name for item in self.key.exercises]

    def assessed(self, answer: Submission, ran: Run, chosen: list[Phase], name: str) -> ExerciseResult:
        """What one exercise of a run comes to, as these checks see it."""
        key = msgspec.structs.replace(
            self.key,
            checks=[check for phase in chosen for check in phase.checks],
            exercises=[item for item in self.key.exercises if item.name == name],
        )
        return assess.assess(key, answer, ran, "sandbox").exercises[0]

    def searched(self, answer: Submission, ran: Run, chosen: list[Phase], name: str) -> faultline.Found | None:
        with closing(self.worker.session()) as session, suppress(Fault):
            faultline._run_cells(session, answer, ran, self.files.data)
            return faultline.in_session(session, chosen, self.key, name, ran, self.names)
        return None

    def is_right_elsewhere(self, answer: Submission, name: str, ran: Run, found: faultline.Found) -> bool:
        """Whether the edited answer passes all checks on inputs that the search has not seen."""
        return all(self._is_right(key, answer, name, ran, found) for key in self.others)

    def _is_right(self, key: Key, answer: Submission, name: str, ran: Run, found: faultline.Found) -> bool:
        chosen = phases(self.files, key.checks_of(name))
        checks = [check for phase in chosen for check in phase.checks]
        with closing(self.worker.session()) as session, suppress(Fault):
            faultline._run_cells(session, answer, ran, self.files.data)
            client = Client(session, 10.0)
            client.edits(name, self.names, faultline.place(faultline.stopped(self.key, checks, ran)))
            search = faultline.Search(key, checks, faultline.in_worker(client, chosen, key))
            return all(search._one(check, found.number, None) for check in checks)
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lessons", nargs="*")
    parser.add_argument("--each", type=int, default=1, help="edits of each kind for each right answer")
    parser.add_argument("--others", type=int, default=1, help="answers in other words for each exercise")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--misses", action="store_true", help="show what got no line, and what got another one")
    parser.add_argument("--json", type=Path, help="write every answer and what became of it")
    parser.add_argument("--table", type=Path, nargs="*", default=[], help="only show the table of such files")
    options = parser.parse_args()
    found = course.find(ROOT)
    rows = [row for path in options.table for row in json.loads(path.read_text())]
    for lesson in [] if rows else options.lessons or found.lessons():
        rows += list(tried(found.files(lesson), options))
    table(rows)
    if options.json:
        options.json.write_text(json.dumps(rows))


def tried(files: LessonFiles, options: argparse.Namespace) -> Iterator[Answered]:
    """What becomes of the broken answers to a lesson."""
    dice, count = random.Random(f"{options.seed} {files.name}"), Counter[tuple[str, str]]()
    with closing(Sandbox()) as worker:
        keys = [build_key(files, worker, seed, public_only=False) for seed in ("bench", *OTHER_SEEDS)]
        bench = Bench(files, worker, keys[0], keys[1:])
        for exercise, of, text in bases(files):
            count[exercise, of] += 1
            if any(check.seconds > faultline.SLOW_SECONDS for check in bench.key.checks_of(exercise)):
                print(f"{files.name}: {exercise} is left out: its checks take too long", file=sys.stderr)
            elif of == "reference" or count[exercise, of] <= options.others:
                for answer in broken(exercise, of, text, options.each, dice):
                    yield from outcomes(bench, answer, options.misses)


def outcomes(bench: Bench, answer: Broken, tell: bool) -> Iterator[Answered]:
    """What becomes of one answer: a row for the student's own check, and one for the class."""
    name = answer.exercise
    handed_in = of_cells(bench.files.name, [*bench.files.code_cells, answer.text])
    every = phases(bench.files, bench.key.checks_of(name))
    ran = run(bench.worker, handed_in, every, [name], bench.key.seed)
    for where, chosen in ("own", every[:1]), ("class", every):
        row = {
            "where": where,
            "lesson": bench.files.name,
            **vars(answer),
            "lines": sorted(answer.lines),
            "seconds": 0.0,
        }
        result = bench.assessed(handed_in, ran, chosen, name)
        if result.state != "wrong" or result.mistakes:
            yield row | {"outcome": "named" if result.mistakes else result.state}
            continue
        if not all(faultline._is_quick(check, ran) for phase in chosen for check in phase.checks):
            yield row | {"outcome": "did not come back"}
            continue
        started = time.monotonic()
        found = bench.searched(handed_in, ran, chosen, name)
        row["seconds"] = time.monotonic() - started
        if found is None:
            outcome = "no line"
        elif found.edit.cell == len(bench.files.code_cells) and found.edit.line in answer.lines:
            outcome = "found"
        else:
            outcome = "elsewhere" if bench.is_right_elsewhere(handed_in, name, ran, found) else "wrong line"
        row |= {"outcome": outcome, "told": found and (found.edit.line, found.edit.kind)}
        if tell and outcome != "found":
            describe(row)
        yield row


def describe(row: Answered) -> None:
    """Show an answer whose line was not found."""
    print("---", *(row[key] for key in ("where", "lesson", "exercise", "of", "kind", "what", "outcome", "told", "lines")))
    for number, line in enumerate(row["text"].split("\n"), 1):
        print("   *" if number in row["lines"] else "    ", line)


OUTCOMES = "found", "elsewhere", "wrong line", "no line"


def table(rows: list[Answered]) -> None:
    """For each kind of mistake, what became of the answers without a name."""
    for where, title in ("own", "a student's own check"), ("class", "a class"):
        mine = [row for row in rows if row["where"] == where]
        told = [row for row in mine if row["outcome"] in OUTCOMES]
        others = Counter(row["outcome"] for row in mine if row["outcome"] not in OUTCOMES)
        print(f"\n{title}: {len(mine)} answers, {len(told)} wrong without a name; the others: {dict(others)}")
        print(f"{'broken by':14} {'answers':>8} {'line found':>11} {'equivalent':>11} {'wrong line':>11} {'no line':>8}")
        for kind in [*sorted({row["kind"] for row in told}), "all"]:
            of = Counter(row["outcome"] for row in told if kind in (row["kind"], "all"))
            counts = [of["found"], of["elsewhere"], of["wrong line"]]
            print(f"{kind:14} {sum(of.values()):8}", *(f"{count:11}" for count in counts), f"{of['no line']:8}")
        located = sum(row["outcome"] in ("found", "elsewhere") for row in told)
        seconds = sorted(row["seconds"] for row in told) or [0.0]
        middle, most = seconds[len(seconds) // 2], seconds[9 * len(seconds) // 10]
        print(f"a line for {100 * located / max(1, len(told)):.0f} % of them")
        print(f"seconds by the clock: median {middle:.2f}, nine in ten {most:.2f}, longest {seconds[-1]:.2f}")


if __name__ == "__main__":
    main()
