"""How often the line at fault is found, and how often it is another one. `make faultline` runs it; nothing here is a test.

Right answers, the references and those of tests/submissions/other, are each broken by small edits of every kind that the kit
knows. What is wrong then, and has no name, is searched as a student's answer is: with the public checks alone, as in
`grader check`, and with the hidden ones too, as where a class is graded.

A line counts as right where it is the one that was broken (of a line that went or came, or a block that moved, one of those
around it). Another line counts as an equivalent repair where the mended answer passes all checks, the hidden ones too, on two
sets of inputs that the search has not seen, and as wrong where it does not.
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
from dataclasses import dataclass
from pathlib import Path

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


def bases(files: LessonFiles) -> Iterator[tuple[str, str, str]]:
    """Right answers: the exercise, whose it is, and its text."""
    names = [cell.exercise for cell in files.cells if cell.exercise]
    for cell in files.cells:
        if cell.kind == "code" and cell.exercise:
            yield cell.exercise, "reference", release.solved(cell)
    other = ROOT / "tests" / "submissions" / "other" / f"{files.name}.py"
    for cell in split(other.read_text(encoding="utf-8")) if other.is_file() else []:
        try:
            body = ast.parse(cell.source).body
        except SyntaxError:
            continue
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names:
                yield node.name, "other words", cell.source


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
    for word, _, _, start, end in difflib.SequenceMatcher(
        None, before.split("\n"), after.split("\n"), False
    ).get_opcodes():
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

    def graded(self, answer: Submission, key: Key, chosen: list[Phase], name: str) -> tuple[str, str | None, Run]:
        ran = run(self.worker, answer, chosen, [name], key.seed)
        narrow = self.narrowed(key, chosen, name)
        (item,) = assess.assess(narrow, answer, ran, "sandbox").exercises
        return item.state, item.mistake, ran

    def narrowed(self, key: Key, chosen: list[Phase], name: str) -> Key:
        import msgspec

        checks = [check for phase in chosen for check in phase.checks]
        return msgspec.structs.replace(
            key, checks=checks, exercises=[item for item in key.exercises if item.name == name]
        )

    def searched(
        self, answer: Submission, chosen: list[Phase], name: str, ran: Run
    ) -> tuple[faultline.Found | None, float]:
        started = time.monotonic()
        session = self.worker.session()
        try:
            faultline._run_cells(session, answer, ran)
            return faultline.in_session(
                session, chosen, self.key, name, ran, [item.name for item in self.key.exercises]
            ), time.monotonic() - started
        except Fault:
            return None, time.monotonic() - started
        finally:
            session.close()

    def is_right_elsewhere(self, answer: Submission, name: str, ran: Run, found: faultline.Found) -> bool:
        """Whether the edited answer passes all checks on inputs that the search has not seen."""
        for key in self.others:
            chosen = phases(self.files, key.checks_of(name))
            checks = [check for phase in chosen for check in phase.checks]
            session = self.worker.session()
            try:
                faultline._run_cells(session, answer, ran)
                client = Client(session, 10.0)
                client.edits(name, [item.name for item in key.exercises], faultline.near(checks, ran))
                search = faultline.Search(key, checks, faultline.in_worker(client, chosen, key))
                if not all(search._one(check, found.number, None) for check in checks):
                    return False
            except Fault:
                return False
            finally:
                session.close()
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lessons", nargs="*")
    parser.add_argument("--each", type=int, default=1, help="edits of each kind for each right answer")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--others", type=int, default=1, help="answers in other words for each exercise")
    parser.add_argument("--misses", action="store_true", help="show what got no line, and what got a wrong one")
    parser.add_argument("--json", type=Path, help="write every answer and what became of it")
    options = parser.parse_args()
    found = course.find(ROOT)
    rows = []
    for lesson in options.lessons or found.lessons():
        rows += list(tried(found.files(lesson), options))
    table(rows)
    if options.json:
        options.json.write_text(json.dumps(rows))


def tried(files: LessonFiles, options: argparse.Namespace) -> Iterator[dict]:
    worker = Sandbox()
    try:
        keys = [build_key(files, worker, seed, public_only=False) for seed in ("bench", *OTHER_SEEDS)]
        bench = Bench(files, worker, keys[0], keys[1:])
        dice = random.Random(f"{options.seed} {files.name}")
        count = Counter[tuple[str, str]]()
        for exercise, of, text in bases(files):
            checks = bench.key.checks_of(exercise)
            if any(check.seconds > faultline.SLOW_SECONDS for check in checks):
                print(f"{files.name}: {exercise} is left out: its checks take too long", file=sys.stderr)
                continue
            count[exercise, of] += 1
            if of != "reference" and count[exercise, of] > options.others:
                continue
            for answer in broken(exercise, of, text, options.each, dice):
                yield from outcomes(bench, answer, options.misses)
    finally:
        worker.close()


def outcomes(bench: Bench, answer: Broken, tell: bool) -> Iterator[dict]:
    """What becomes of one answer: a row for the student's own check, and one for the class."""
    name = answer.exercise
    handed_in = of_cells(bench.files.name, [*bench.files.code_cells, answer.text])
    every = phases(bench.files, bench.key.checks_of(name))
    state, mistake, ran = bench.graded(handed_in, bench.key, every, name)
    for where, chosen in ("own", every[:1]), ("class", every):
        row = {"where": where, "lesson": bench.files.name, "exercise": name, "kind": answer.kind, "of": answer.of,
               "what": answer.what, "seconds": 0.0}  # fmt: skip
        if where == "own" and state != "right":
            state, mistake, own = bench.graded(handed_in, bench.key, chosen, name)
        else:
            state, mistake, own = (
                bench.graded(handed_in, bench.key, chosen, name)
                if where == "class" and state != "right"
                else (state, mistake, ran)
            )
        if state != "wrong" or mistake:
            yield row | {"outcome": "right" if state == "right" else "named" if mistake else state}
            continue
        if not all(faultline._is_quick(check, own) for phase in chosen for check in phase.checks):
            yield row | {"outcome": "did not come back"}
            continue
        edit, seconds = bench.searched(handed_in, chosen, name, own)
        if edit is None:
            outcome = "no line"
        elif edit.edit.cell == len(bench.files.code_cells) and edit.edit.line in answer.lines:
            outcome = "found"
        else:
            outcome = "elsewhere" if bench.is_right_elsewhere(handed_in, name, own, edit) else "wrong line"
        if tell and outcome not in ("found",):
            at = f", told line {edit.edit.line} ({edit.edit.kind})" if edit else ""
            print(
                f"--- {where}: {bench.files.name} {name}, {answer.of}: {answer.kind}, {answer.what}: {outcome}{at}; broken {sorted(answer.lines)}"
            )
            for number, line in enumerate(answer.text.split("\n"), 1):
                print("   *" if number in answer.lines else "    ", line)
        yield row | {"outcome": outcome, "seconds": seconds}


OUTCOMES = "found", "elsewhere", "wrong line", "no line"


def table(rows: list[dict]) -> None:
    """For each kind of mistake, what became of the answers without a name."""
    for where in ("own", "class"):
        mine = [row for row in rows if row["where"] == where]
        told = [row for row in mine if row["outcome"] in OUTCOMES]
        print(f"\n{'own check' if where == 'own' else 'class'}: {len(mine)} answers broken by one edit: "
              + ", ".join(f"{number} {what}" for what, number in Counter(row['outcome'] if row['outcome'] not in OUTCOMES else "wrong without a name" for row in mine).items()))  # fmt: skip
        print(
            f"{'broken by':14} {'answers':>8} {'line found':>11} {'equivalent':>11} {'wrong line':>11} {'no line':>8}"
        )
        for kind in [*sorted({row["kind"] for row in told}), "all"]:
            of = Counter(row["outcome"] for row in told if kind in (row["kind"], "all"))
            total = sum(of.values())
            print(f"{kind:14} {total:8} {of['found']:11} {of['elsewhere']:11} {of['wrong line']:11} {of['no line']:8}")
        located = sum(row["outcome"] in ("found", "elsewhere") for row in told)
        seconds = sorted(row["seconds"] for row in told) or [0.0]
        print(f"a line: {100 * located / max(1, len(told)):.0f} %; the broken one: "
              f"{100 * sum(row['outcome'] == 'found' for row in told) / max(1, located):.0f} % of these; seconds: median "
              f"{seconds[len(seconds) // 2]:.2f}, nine in ten {seconds[9 * len(seconds) // 10]:.2f}, longest {seconds[-1]:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
