"""How fast a class is graded, as ratios taken side by side in one run. `make bench` runs it; nothing here is a test.

The floor is a bare fork of a process that holds PyTorch, without a sandbox: the child executes the same file and runs the
same cases once, with gradients, and throws the results away. Ours reads, runs, judges, diagnoses, writes the feedback page,
the result and the gradebook, in the sandbox, with one worker.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.author import release, simulate
from grader.classroom import grade
from grader.classroom.room import hand_ins
from grader.files import course, submission
from grader.judge.key import load_key
from grader.sandbox.bubblewrap import Sandbox

LESSON = "convolution"
ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--stock", type=int, default=20, help="submissions for stock nbgrader; 0 leaves it out")
    options = parser.parse_args()
    found = course.find(ROOT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulate.simulate(found, options.students, 1, folder, lessons=[LESSON], broken=False)
        ours = grading(found, folder, options.students)
        floors = [floor(found, folder, advice) for advice in (True, False)]
        print(f"floor, the same cases:           {1e3 * floors[0]:6.1f} ms a submission; ours is {ours / floors[0]:.2f} ×")
        print(f"floor, without advice's cases:   {1e3 * floors[1]:6.1f} ms a submission; ours is {ours / floors[1]:.2f} ×")
        if options.stock:
            stock = nbgrader(found, folder, options.stock)
            print(f"stock nbgrader autograde:        {1e3 * stock:6.0f} ms a submission, {stock / ours:.0f} times ours")
        solved = folder / "solved"
        shutil.copytree(found.exercises, solved)
        author = simulate.Author(found.files(LESSON))
        author.write(solved / LESSON, author.right, ".py")
        for what, where in ("untouched", ROOT), ("solved", solved):
            check = cold(BIN / "grader", "check", LESSON, cwd=where)
            torch = cold(sys.executable, "-c", "import torch", cwd=where)
            print(f"grader check {LESSON}, cold, {what}: {check:.2f} s, {check / torch:.2f} times `import torch`")


def grading(found: course.Course, folder: Path, students: int) -> float:
    """Seconds a submission, the sandbox warm and the expectations made."""
    room = grade.Classroom(folder / "submitted")
    sandbox = Sandbox()
    grader = grade.Grader(room, found, lambda: sandbox, "sandbox")
    todo = hand_ins(room, found, [LESSON], None)
    started = time.perf_counter()
    for seed in {room.seed(item.student) for item in todo}:
        grader._key(LESSON, seed, sandbox)
    print(f"expectations of {len(grader._keys)} variants:     {time.perf_counter() - started:6.1f} s, once a class")
    grader.record([])  # a gradebook of nbgrader's takes seconds to be made, once a course
    started = time.perf_counter()
    results, memory = [], []
    for result, _ in grader.grade(todo, 1, force=True):
        results.append(result)
        if len(results) in (students // 10, students - 1):
            memory.append((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, sandbox.memory()))
    grader.record(results)
    taken = (time.perf_counter() - started) / len(results)
    print(f"ours, everything, {len(results)} hand-ins: {1e3 * taken:6.1f} ms a submission")
    for who, (early, late) in zip(("judging process", "worker"), zip(*memory, strict=True), strict=True):
        print(f"peak memory of the {who}: {early / 1024:.0f} MB after a tenth of the class, {late / 1024:.0f} MB at its end")
    return taken


def floor(found: course.Course, folder: Path, advice: bool) -> float:
    """Seconds a submission of a program that only forks, executes and runs the cases."""
    program = Path(__file__).with_name("floor.py")
    cells = [
        submission.read(item, item.parent.name, LESSON, {}).cells
        for item in sorted((folder / "submitted").glob(f"*/{LESSON}"))
    ]
    handed = json.dumps({"cells": cells, "checks": found.files(LESSON).checks, "advice": advice})
    done = subprocess.run([sys.executable, program], input=handed, capture_output=True, text=True, check=True)
    return float(done.stdout) / len(cells)


def nbgrader(found: course.Course, folder: Path, students: int) -> float:
    """Seconds a submission of stock `nbgrader autograde`, its test cells asserting on the same cases."""
    home = folder / "stock"
    names = [item.name for item in sorted((folder / "submitted").iterdir())][:students]
    (home / "source" / LESSON).mkdir(parents=True)
    key = load_key(found.exercises / LESSON)
    exercises = {exercise.name: exercise for exercise in key.exercises}
    source = json.loads(release.notebook(found.files(LESSON), exercises))
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
        target = home / "submitted" / name / LESSON
        target.mkdir(parents=True)
        handed = submission.read(folder / "submitted" / name / LESSON, name, LESSON, {})
        notebook = json.loads((home / "release" / LESSON / f"{LESSON}.ipynb").read_text())
        for cell in notebook["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("solution"):
                mine = [
                    text
                    for text in handed.cells
                    if text.startswith((f"def {about['grade_id']}(", f"class {about['grade_id']}("))
                ]
                cell["source"] = mine[0] if mine else cell["source"]
        (target / f"{LESSON}.ipynb").write_text(json.dumps(notebook))
    started = time.perf_counter()
    run = ["nbgrader", "autograde", LESSON]
    subprocess.run(run, cwd=home, env=environment, capture_output=True, check=False)
    taken = time.perf_counter() - started
    graded = len(list((home / "autograded").glob("*/*/*.ipynb"))) if (home / "autograded").is_dir() else 0
    if graded != len(names):
        raise SystemExit(f"stock nbgrader graded {graded} of {len(names)}: nothing to compare with")
    shutil.rmtree(home)
    return taken / len(names)


def cold(*command: str | Path, cwd: Path) -> float:
    """The median of 9 runs, in seconds, after one that is not counted."""
    times = []
    for _ in range(10):
        started = time.perf_counter()
        subprocess.run(command, cwd=cwd, capture_output=True, check=False)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
