"""Grades right answers while the machine is in trouble, and counts what is not graded right: it has to be nothing.

    python tests/benchmarks/stress.py [HAND_INS] [--seed N]

Right hand-ins of all lessons go through two sandboxes at once. Meanwhile busy loops take every processor, a program writes
and drops files without end, another fills memory with what it throws away, and seeded SIGSTOPs hold up a sandbox's processes
for up to three times as long as a check may take. It is a program and no test: what it prints is a count, not a time.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from itertools import count
from pathlib import Path

from grader.author.expectations import build_key
from grader.author.release import solved
from grader.files import course
from grader.files.submission import of_cells
from grader.judge import assess
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases, run

ROOT = Path(__file__).parents[2]
SLOW = {"lenet"}
"""Lessons whose answers train for seconds: they are graded a tenth as often."""
BUSY = "while True: sum(range(10_000))"
DISK = """
import os
while True:
    with open("full", "wb") as file:
        file.write(os.urandom(1 << 20) * 200)
        os.fsync(file.fileno())
"""
MEMORY = """
import os, time
while True:
    held = [bytearray(os.urandom(1 << 20)) * 64 for _ in range(PIECES)]
    time.sleep(0.1)
"""


def below(pid):
    """All processes that a process has started, and those that these have."""
    with suppress(OSError):
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return children + [each for child in children for each in below(child)]
    return []


class Stalls(threading.Thread):
    """Stops a sandbox's youngest process now and then, and lets it go on."""

    def __init__(self, sandboxes, seed):
        super().__init__(daemon=True)
        self.sandboxes, self.dice, self.times, self.over = sandboxes, random.Random(seed), 0, threading.Event()

    def run(self):
        while not self.over.wait(self.dice.uniform(0.2, 2.0)):
            family = below(self.dice.choice(self.sandboxes)._process.pid)
            if not family:
                continue
            with suppress(ProcessLookupError):
                os.kill(family[-1], signal.SIGSTOP)
                self.times += 1
                self.over.wait(self.dice.choice([0.1, 0.5, 2.6, 6.0]))
                os.kill(family[-1], signal.SIGCONT)


def right(files, known, worker, seed):
    """What went wrong with one right hand-in, if anything."""
    handed_in = of_cells(files.name, [solved(cell) for cell in files.cells if cell.kind == "code"])
    names = [exercise.name for exercise in known.exercises]
    done = run(worker, handed_in, phases(files, known.checks), names, seed)
    result = assess.assess(known, handed_in, done, "sandbox")
    return [
        f"{files.name}/{item.exercise}/{verdict.check}: {verdict.reason}"
        for item in result.exercises
        for verdict in item.verdicts
        if not verdict.passed
    ] + result.notes


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("hand_ins", nargs="?", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--memory", type=int, default=8, help="pieces of 64 MB that are held and dropped")
    asked = arguments.parse_args()
    lessons = course.find(ROOT)
    files = {name: lessons.files(name) for name in lessons.lessons()}
    with ExitStack() as stack, ThreadPoolExecutor(2) as threads:
        sandboxes = [stack.enter_context(closing(Sandbox())) for _ in range(2)]
        keys = {name: build_key(each, sandboxes[0], "stress", public_only=False) for name, each in files.items()}
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        programs = [BUSY] * (os.cpu_count() or 1) + [DISK, MEMORY.replace("PIECES", str(asked.memory))]
        for program in programs:
            started = subprocess.Popen([sys.executable, "-c", program], cwd=folder)
            stack.callback(started.kill)
        stalls = Stalls(sandboxes, asked.seed)
        stalls.start()
        often = [name for name in files for _ in range(1 if name in SLOW else 10)]
        dice, mine, numbers = random.Random(asked.seed), threading.local(), count()

        def grade(name):
            if not hasattr(mine, "worker"):
                mine.worker = sandboxes[next(numbers)]
            return right(files[name], keys[name], mine.worker, "stress")

        began, wrong = time.monotonic(), Counter[str]()
        drawn = [dice.choice(often) for _ in range(asked.hand_ins)]
        for number, found in enumerate(threads.map(grade, drawn), 1):
            wrong.update(found)
            if number % 100 == 0:
                print(f"{number} hand-ins, {stalls.times} stalls, {sum(wrong.values())} faults", flush=True)
        stalls.over.set()
    seconds = time.monotonic() - began
    print(f"{asked.hand_ins} right hand-ins in {seconds:.0f} s, {stalls.times} stalls, load {os.getloadavg()[0]:.1f}")
    print(f"graded wrong: {sum(wrong.values())}")
    for what, times in wrong.most_common():
        print(f"  {times} × {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
