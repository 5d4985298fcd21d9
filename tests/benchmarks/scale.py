"""What very many students take, computed from what was measured, and written into docs/scale.md.

Two sources: the table of `make bench` (its JSON), and a simulation of the machine at home, where answers are judged and
everything is written. For it, some hand-ins of one lesson are really run in the sandbox, each on every set of inputs, and
what the sandbox answers is recorded, frame by frame. Then a class of copies is graded whose answers come from
the record, at once: as if more workers than home can feed stood ready, 200 threads of them. All else is real: files are
read, answers are decoded, judged and named, pages, results and the gradebook are written.

Run: .venv/bin/python tests/benchmarks/bench.py --only one --json bench.json
     .venv/bin/python tests/benchmarks/scale.py bench.json [--students 2000]
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from bench import COURSE, LESSON, ROOT, Row, write_between
from sqlalchemy import func, select

from grader.author import simulate
from grader.classroom import grade, gradebook
from grader.classroom.database import nbgrader_api
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.cli.instructor import RECORDED_EVERY
from grader.digest import digest
from grader.errors import Fault
from grader.files.submission import Submission
from grader.judge.observation import Run
from grader.judge.result import Isolation, Result, without_details
from grader.sandbox import run
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.cluster import request
from grader.worker.clock import Times

PAGE = ROOT / "docs" / "scale.md"
STUDENTS, LESSONS, WEEK = 100_000, 10, 7 * 24 * 3600
THREADS = 200
DISTINCT = 6
"""Hand-ins that differ; the class is made of copies of them."""


TABLES = ("SubmittedAssignment", "SubmittedNotebook", "Grade", "Comment")

Frame = tuple[bytes, bytes] | Fault


class _Session:
    """A session, and a source of itself: it notes what a real one answers, or gives back what was noted."""

    isolation: Isolation = "sandbox"

    def __init__(self, frames: list[Frame], real: Any = None) -> None:
        self.frames, self._real, self._next = frames, real, 0

    def session(self) -> _Session:
        self._session = self._real.session() if self._real else None
        return self

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        if self._session:
            try:
                self.frames.append(self._session.call(message, seconds, patience))
            except Fault as fault:
                self.frames.append(fault)
        frame = self.frames[self._next]
        self._next += 1
        if isinstance(frame, Fault):
            raise frame
        return frame

    def times(self) -> Times:
        times: Times = self._session.times() if self._session else Times(0.0, 0.0)
        return times

    def close(self) -> None:
        if self._session:
            self._session.close()


class Recorded:
    """In the place of a cluster: what it has not met it runs in a sandbox, and from then on it has the answers."""

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.known: dict[str, list[Frame]] = {}
        self.sent: list[int] = []
        self.answered: list[int] = []

    def run(self, submission: Submission, phases: list[run.Phase], exercises: list[str], seed: str) -> Run:
        asked = digest([*submission.cells, seed, *exercises, *(check.name for phase in phases for check in phase.checks)])
        if asked in self.known:
            return run.run(_Session(self.known[asked]), submission, phases, exercises, seed)
        frames: list[Frame] = []
        done = run.run(_Session(frames, self.sandbox), submission, phases, exercises, seed)
        self.known[asked] = frames
        self.sent.append(len(request(submission, phases, exercises, seed)))
        self.answered.append(
            sum(len(text) + len(blob) for text, blob in (each for each in frames if isinstance(each, tuple)))
        )
        return done

    def stop(self) -> None:
        pass


class Measured(msgspec.Struct):
    """Of one hand-in on average, in seconds and bytes, but for the memory of a worker. `first` and `last` are hand-ins a
    second in the first and the last tenth."""

    a_second: float
    first: float
    last: float
    processor: float
    recording: float
    worker_memory: float
    kept_memory: float
    sent: float
    answered: float
    pages: float
    results: float
    book: float
    rows: float


def simulated(folder: Path, students: int) -> Measured:
    """Grade a class of copies whose answers come from a record, and see what home does with them."""
    simulate.simulate(COURSE, DISTINCT, 1, folder / "some", lessons=[LESSON], broken=False)
    some = sorted((folder / "some" / "submitted").iterdir())
    for number in range(students):
        shutil.copytree(some[number % DISTINCT], folder / "submitted" / f"student-{number:06}")
    room, recorded = Classroom(folder / "submitted"), Recorded()
    grader = grade.Grader(room, COURSE, lambda: recorded.sandbox, "sandbox", cluster=recorded)  # type: ignore[arg-type]
    todo = hand_ins(room, COURSE, [LESSON], None)
    by_place = {(number % DISTINCT, room.seed(item.student)): item for number, item in enumerate(todo)}
    grader.record([result for result, _ in grader.grade(list(by_place.values()), 1, force=True)])
    memory = recorded.sandbox.memory() * 1024
    results: list[Result] = []
    moments, recording = [time.perf_counter()], 0.0
    before, kept = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for result, _ in grader.grade(todo, THREADS, force=True):
        results.append(result)
        moments.append(time.perf_counter())
        if len(results) % RECORDED_EVERY == 0 or len(results) == len(todo):
            begun = time.perf_counter()
            latest = -(len(results) % RECORDED_EVERY or RECORDED_EVERY)
            grader.record(results[latest:])
            results[latest:] = map(without_details, results[latest:])
            recording += time.perf_counter() - begun
    moments[-1] = time.perf_counter()
    processor, tenth = time.process_time() - before, max(1, students // 10)
    kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - kept
    grader.close()
    recorded.sandbox.close()
    with gradebook.reading(room.gradebook) as db:
        rows = sum(db.execute(select(func.count()).select_from(getattr(nbgrader_api(), name))).scalar() for name in TABLES)
    return Measured(
        students / (moments[-1] - moments[0]),
        tenth / (moments[tenth] - moments[0]),
        tenth / (moments[-1] - moments[-1 - tenth]),
        processor / students,
        recording / students,
        memory,
        kept * 1024 / students,
        _mean(recorded.sent),
        _mean(recorded.answered),
        _size(room.root / "feedback") / students,
        _size(room.kept / "results") / students,
        (room.root / "gradebook.db").stat().st_size / students,
        rows / students,
    )


def _mean(numbers: list[float] | list[int]) -> float:
    return sum(numbers) / len(numbers)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def told(found: Measured, a_worker: float, students: int) -> str:
    """The page's figures, as Markdown."""
    hand_ins = STUDENTS * LESSONS
    cores = hand_ins * a_worker / WEEK
    home = hand_ins * found.processor
    workers = found.a_second * a_worker
    rows = [
        ("hand-ins a week", f"{hand_ins:,}", f"{STUDENTS:,} students, {LESSONS} lessons"),
        ("seconds of a core for one", f"{a_worker:.2f}", "`make bench`, a class of 200 by one worker, everything included"),
        ("cores, evenly over a week", f"{cores:.1f}", "nobody hands in evenly"),
        ("cores, all graded in a night of 8 hours", f"{cores * WEEK / 8 / 3600:.0f}", ""),
        ("memory, in a night", f"{cores * WEEK / 8 / 3600 * found.worker_memory / 1e9:.0f} GB",
         f"{found.worker_memory / 1e6:.0f} MB for each core's warm sandbox"),
        ("network, to the workers", f"{hand_ins * found.sent / 1e9:.1f} GB a week", f"{found.sent / 1e3:.1f} kB for one"),
        ("network, back", f"{hand_ins * found.answered / 1e9:.1f} GB a week", f"{found.answered / 1e3:.0f} kB for one"),
        ("rows of the gradebook", f"{hand_ins * found.rows / 1e6:.0f} million a week", f"{found.rows:.0f} for one"),
        ("the gradebook", f"{hand_ins * found.book / 1e9:.1f} GB a week", f"SQLite, {found.book / 1e3:.1f} kB for one"),
        ("feedback and results", f"{hand_ins * (found.pages + found.results) / 1e9:.0f} GB a week",
         f"{found.pages / 1e3:.0f} and {found.results / 1e3:.0f} kB for one"),
        ("home's memory, one run for all of a lesson", f"{STUDENTS * found.kept_memory / 1e9:.1f} GB",
         f"{found.kept_memory / 1e3:.0f} kB for each result that is kept for the table at the end"),
        ("home's processor, judging and writing", f"{home / 3600:.0f} hours a week",
         f"{found.processor * 1e3:.0f} ms for one"),
    ]  # fmt: skip
    first = "home" if workers < THREADS else "the workers"
    return "\n".join(
        [
            f"On {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end; lesson `{LESSON}`; "
            f"the simulation graded {students:,} hand-ins.",
            "",
            "| what | | of which |",
            "| --- | --- | --- |",
            *(f"| {what} | {much} | {note} |" for what, much, note in rows),
            "",
            f"Fed by {THREADS} workers, home judged and wrote **{found.a_second:.0f} hand-ins a second** "
            f"({found.first:.0f} in the first tenth, {found.last:.0f} in the last; its processor's time allows "
            f"{1 / found.processor:.0f}). The gradebook took {found.recording * found.a_second:.0%} of the time. One home "
            f"keeps {workers:.0f} workers busy, and needs {hand_ins / found.a_second / 3600:.0f} hours for the week's "
            f"hand-ins. With {THREADS} workers, {first} would be the first to give way.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path, help="what bench.py --json has written, its row `one` at least")
    parser.add_argument("--students", type=int, default=2000, help="hand-ins of the simulation")
    options = parser.parse_args()
    table = {row.name: row for row in msgspec.json.decode(options.bench.read_bytes(), type=list[Row])}
    one = sorted(table["one"].measured)
    with tempfile.TemporaryDirectory() as folder:
        found = simulated(Path(folder), options.students)
    figures = told(found, one[len(one) // 2] / 200, options.students)
    write_between("scale", PAGE, figures)
    print(figures)


if __name__ == "__main__":
    main()
