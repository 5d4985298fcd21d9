"""How fast a class is graded, as ratios of what is taken side by side in one run. Nothing here is a test.

The floor is a bare fork of a process that holds PyTorch, without a sandbox: the child executes the same file and runs the
same cases once, with gradients, and throws the results away. Ours is the whole command as it is typed, from its start to the
last feedback page and the gradebook, in the sandbox. It has as many workers as there are cores unless a row says otherwise;
the floor keeps one core busy.

Run: make bench, which writes the table into docs/speed.md as well, or
     .venv/bin/python tests/benchmarks/bench.py [--repeats 5] [--only NAME …] [--large 10000] [--json FILE] [--page]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import torch

from grader.author import release, simulate
from grader.classroom import grade
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.files import course, submission
from grader.judge.key import load_key
from grader.sandbox.bubblewrap import Sandbox

LESSON = "convolution"
ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
GRADER = str(BIN / "grader")
COURSE = course.find(ROOT)


class Row(msgspec.Struct):
    """A line of the table: the ratio of what is measured to what stands beside it, each in seconds, run by run."""

    name: str
    what: str
    beside: str
    wanted: str
    measured: list[float]
    compared: list[float]
    ratio: float = 0.0

    def __post_init__(self) -> None:
        self.ratio = statistics.median(one / other for one, other in zip(self.measured, self.compared, strict=True))

    def told(self) -> str:
        one, other = statistics.median(self.measured), statistics.median(self.compared)
        ratio = f"+ {one - other:.2f} s" if self.wanted.startswith("+") else f"{self.ratio:.3g}"
        return f"| {self.what} | {one:.3g} s | {self.beside} | {other:.3g} s | {ratio} | {self.wanted} |"


Pair = tuple[float, float]
Measure = Callable[[Path, argparse.Namespace], Pair]
"""Measures one run in a folder of its own."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5, help="runs of each row; its ratio is the median of theirs")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help=f"these rows alone: {', '.join(ROWS)}")
    parser.add_argument("--large", type=int, default=10_000, help="hand-ins of the row of that name, which runs once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here as well")
    parser.add_argument("--page", action="store_true", help="write the table into docs/speed.md as well")
    parser.set_defaults(noted=[])  # what else there is to say, below the table
    options = parser.parse_args()
    lines = [
        f"On {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, Python "
        f"{platform.python_version()}, PyTorch {torch.__version__}; lesson `{LESSON}`, medians of {options.repeats}.",
        "",
        "| what | | beside | | ratio | wanted |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    print(*lines, sep="\n")
    rows = []
    for name in options.only or ROWS:
        what, beside, wanted, measure, repeats = ROWS[name]
        with tempfile.TemporaryDirectory() as folder:
            pairs = [measure(Path(folder) / str(run), options) for run in range(repeats or options.repeats)]
        measured, compared = map(list, zip(*pairs, strict=True))
        rows.append(Row(name, what, beside, wanted, measured, compared))
        print(rows[-1].told(), flush=True)
    print("", *options.noted, sep="\n")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(rows)))
    if options.page:
        write_between(
            "bench", ROOT / "docs" / "speed.md", "\n".join([*lines, *(row.told() for row in rows), "", *options.noted])
        )


def write_between(name: str, page: Path, figures: str) -> None:
    """Put a benchmark's figures into a page of the docs, in the place of those that it wrote there before."""
    begin, end = f"<!-- written by tests/benchmarks/{name}.py -->", "<!-- end -->"
    before, _, rest = page.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{begin}\n{figures}\n{end}{after}", "utf-8")


def made(folder: Path, students: int) -> Path:
    """A class without broken files, each hand-in other code."""
    simulate.simulate(COURSE, students, 1, folder, lessons=[LESSON], broken=False)
    return folder / "submitted"


def timed(*command: str | Path, cwd: Path = ROOT) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    return time.perf_counter() - started


def autograde(submitted: Path, *options: str, workers: int | None = None) -> float:
    """Seconds of the whole command, with as many workers as it takes by itself where none are given."""
    taken = timed(GRADER, "autograde", submitted, *options, *(["--workers", str(workers)] if workers else []))
    if not (submitted.parent / "gradebook.db").is_file():
        raise SystemExit("grader autograde did not write a gradebook: nothing to measure")
    return taken


def floor(submitted: Path) -> float:
    """Seconds that a program takes for the whole class that only forks, executes and runs the cases."""
    cells = [submission.read(item, item.parent.name, LESSON, {}).cells for item in sorted(submitted.glob(f"*/{LESSON}"))]
    handed = json.dumps({"cells": cells, "checks": COURSE.files(LESSON).checks})
    program = Path(__file__).with_name("floor.py")
    done = subprocess.run([sys.executable, program], input=handed, capture_output=True, text=True, check=True)
    return float(done.stdout)


def small(folder: Path, _: argparse.Namespace) -> Pair:
    submitted = made(folder, 30)
    return autograde(submitted), floor(submitted)


def usual(folder: Path, _: argparse.Namespace) -> Pair:
    submitted = made(folder, 200)
    return autograde(submitted), floor(submitted)


def one_worker(folder: Path, _: argparse.Namespace) -> Pair:
    submitted = made(folder, 200)
    return autograde(submitted, workers=1), floor(submitted)


def again(folder: Path, _: argparse.Namespace) -> Pair:
    submitted = made(folder, 200)
    first = autograde(submitted)
    return autograde(submitted), first


def equal(folder: Path, _: argparse.Namespace) -> Pair:
    """Of 200, 50 hand in what they were given, and 50 one and the same answer."""
    submitted = made(folder, 200)
    everyone = sorted(submitted.iterdir())
    for number, student in enumerate(everyone[:100]):
        shutil.rmtree(student / LESSON)
        given = COURSE.exercises / LESSON if number % 2 else everyone[100] / LESSON
        (student / LESSON).mkdir()
        for suffix in (".py", ".ipynb"):
            if (given / f"{LESSON}{suffix}").is_file() and not (number % 2 and suffix == ".ipynb"):
                shutil.copy(given / f"{LESSON}{suffix}", student / LESSON)
    other = folder / "other"
    shutil.copytree(submitted, other / "submitted")
    return autograde(submitted), autograde(other / "submitted", "--force")


def two_workers(folder: Path, _: argparse.Namespace) -> Pair:
    """How many times faster two workers are, so the two sides change places."""
    submitted = made(folder, 200)
    other = folder / "other"
    shutil.copytree(submitted, other / "submitted")
    return autograde(submitted, workers=1), autograde(other / "submitted", workers=2)


def stock(folder: Path, _: argparse.Namespace) -> Pair:
    """Stock nbgrader on the notebooks of 10 students, and ours by the same number out of a class of 200."""
    submitted = made(folder, 200)
    return nbgrader(submitted, folder / "stock", 10), autograde(submitted) / 200 * 10


def large(folder: Path, options: argparse.Namespace) -> Pair:
    """The last hundred of a large class beside the first hundred, expectations made; and what memory all of it takes."""
    submitted = made(folder, options.large)
    room = Classroom(submitted)
    sandbox = Sandbox()
    with_memory: list[tuple[float, int, int]] = []
    grader = grade.Grader(room, COURSE, lambda: sandbox, "sandbox")
    todo = hand_ins(room, COURSE, [LESSON], None)
    warm = todo[: min(100, len(todo) // 4)]
    for _, _ in grader.grade(warm, 1, force=True):
        pass
    for _ in grader.grade(todo, 1, force=True):
        ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        theirs = sandbox.memory() if len(with_memory) % 50 == 0 else 0
        with_memory.append((time.perf_counter(), ours, theirs))
    grader.close()
    span = min(100, len(todo) // 4)
    times = [moment for moment, _, _ in with_memory]
    tenth = max(1, len(todo) // 10)
    for who, index in (("judging process", 1), ("worker", 2)):
        early, late = (max(item[index] for item in part) for part in (with_memory[: tenth + 50], with_memory))
        options.noted.append(
            f"Of {len(todo):,} hand-ins, peak memory of the {who}: {early / 1024:.0f} MB after a tenth, "
            f"{late / 1024:.0f} MB at the end."
        )
    return times[-1] - times[-1 - span], times[span] - times[0]


def nbgrader(submitted: Path, home: Path, students: int) -> float:
    """Seconds of stock `nbgrader autograde` and `generate_feedback`, its test cells asserting on the same cases."""
    names = [item.name for item in sorted(submitted.iterdir())][:students]
    (home / "source" / LESSON).mkdir(parents=True)
    key = load_key(COURSE.exercises / LESSON)
    exercises = {exercise.name: exercise for exercise in key.exercises}
    source = json.loads(release.notebook(COURSE.files(LESSON), exercises, {item.name: item.points for item in key.written}))
    for cell in source["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            name = "".join(cell["source"]).split('"')[1]
            cell["source"] = f"import stock_tests\nstock_tests.compare({name!r}, globals())"
    (home / "source" / LESSON / f"{LESSON}.ipynb").write_text(json.dumps(source))
    (home / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "bench"\n')
    here = Path(__file__).parent
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(here)}
    run = ["nbgrader", "generate_assignment", LESSON, "--force"]
    subprocess.run(run, cwd=home, env=environment, check=True, capture_output=True)
    for name in names:
        handed = submission.read(submitted / name / LESSON, name, LESSON, {})
        notebook = json.loads((home / "release" / LESSON / f"{LESSON}.ipynb").read_text())
        for cell in notebook["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("solution"):
                begins = re.compile(rf"(?m)^(def|class) {about['grade_id']}\b")
                cell["source"] = next((text for text in handed.cells if begins.search(text)), cell["source"])
        target = home / "submitted" / name / LESSON
        target.mkdir(parents=True)
        (target / f"{LESSON}.ipynb").write_text(json.dumps(notebook))
    started = time.perf_counter()
    for command in ("autograde", "generate_feedback"):
        subprocess.run(["nbgrader", command, LESSON], cwd=home, env=environment, capture_output=True, check=False)
    taken = time.perf_counter() - started
    graded = len(list(home.glob("feedback/*/*/*.html")))
    if graded != len(names):
        raise SystemExit(f"stock nbgrader graded {graded} of {len(names)}: nothing to compare with")
    with closing(sqlite3.connect(home / "gradebook.db")) as gradebook:
        (earned,) = gradebook.execute("select sum(auto_score) from grade").fetchone()
    if not earned:
        raise SystemExit("stock nbgrader gave nobody a point: its test cells stop before they compare anything")
    return taken


def solved(folder: Path, _: argparse.Namespace) -> Pair:
    """A check of a solved lesson beside `import torch`, both by a new process."""
    shutil.copytree(COURSE.exercises, folder)
    author = simulate.Author(COURSE.files(LESSON))
    author.write(folder / LESSON, author.right, ".py")
    return timed(GRADER, "check", LESSON, cwd=folder), timed(sys.executable, "-c", "import torch", cwd=folder)


def beside_python(*command: str) -> Measure:
    def measure(_: Path, __: argparse.Namespace) -> Pair:
        return timed(GRADER, *command, cwd=COURSE.exercises), timed(sys.executable, "-c", "pass")

    return measure


ROWS: dict[str, tuple[str, str, str, Measure, int]] = {
    "small": ("a class of 30, cold", "30 times the floor", "≤ 2.0", small, 0),
    "usual": ("a class of 200, cold", "200 times the floor", "≤ 1.35", usual, 0),
    "one": ("a class of 200, cold, one worker", "200 times the floor", "–", one_worker, 0),
    "again": ("the same class again", "the first run", "≤ 0.03", again, 0),
    "equal": ("200, half untouched or equal", "without reuse", "≤ 0.6", equal, 0),
    "stock": ("stock nbgrader, autograde and feedback", "ours, of a class of 200", "≥ 50", stock, 1),
    "workers": ("a class of 200, one worker", "two workers on two cores", "≥ 1.8", two_workers, 0),
    "large": ("the last 100 of a large class", "the first 100", "≤ 1.1", large, 1),
    "check": ("grader check, solved lesson", "import torch", "≤ 1.15", solved, 0),
    "help": ("grader --help", "python -c pass", "+ 0.25 s", beside_python("--help"), 0),
    "list": ("grader list", "python -c pass", "+ 0.25 s", beside_python("list"), 0),
}
"""By name: what is measured, beside what, which ratio is wanted, how, and how often where that is not what was asked for."""


if __name__ == "__main__":
    main()
