"""Grades a class: every hand-in through the sandbox, into results, feedback files and the gradebook."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import os
import secrets
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from threading import Lock, local
from typing import IO, Literal, NamedTuple

import msgspec

from grader import assess, gradebook, result, submission
from grader import key as keys
from grader.course import Course
from grader.key import CourseError, Key
from grader.messages import say
from grader.report import html
from grader.result import Result
from grader.run import Run, phases, run
from grader.sandbox.pool import Worker

if sys.platform != "win32":
    import fcntl

Age = Literal["new", "known", "outdated"]
"""Whether a hand-in was graded now, or before and not again, or again because its lesson or the grader has changed."""
AHEAD = 4
"""Submissions a worker that may have been run and not yet judged: what bounds the memory of a large class."""
VARIANTS = 8
"""Sets of inputs that a class is spread over. Each costs one run of the reference and the misconceptions."""
NAME_AT_MOST = 240
"""Bytes of a file's name without its ending; file systems hold 255 with it."""
OWN_FOLDER = ".grader"
"""Where, beside `submitted/`, results and the course's secret are kept."""


@dataclass(frozen=True)
class HandIn:
    """One folder to grade, `submitted/<student>/<lesson>`, and the seed of its inputs."""

    student: str
    lesson: str
    folder: Path
    seed: str


class _Ran(NamedTuple):
    """A submission, its run (None where there was nothing to run), the stamp of both, and why it was run."""

    handed_in: submission.Submission
    run: Run | None = None
    stamp: str = ""
    age: Age = "new"


@dataclass
class ClassRoom:
    """A class on disk: `submitted/`, and beside it what grading makes."""

    submitted: Path
    book: Path | None = None
    """The gradebook, where it is not the usual one."""

    def __post_init__(self) -> None:
        if not self.submitted.is_dir():
            raise CourseError(f"There is no folder {self.submitted}. It should hold one folder a student.")

    @cached_property
    def secret(self) -> str:
        """What the seeds of this class are made from, drawn when it is first needed."""
        path = self.root / OWN_FOLDER / "secret"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name("secret.partial")
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as target:
                target.write(secrets.token_hex(32))
            partial.replace(path)
        return path.read_text()

    def claim(self) -> IO[str]:
        """Keep other graders away from this class for as long as the file that is given back stays open.

        Raises:
            CourseError: another one works on it.
        """
        path = self.root / OWN_FOLDER / "lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        claimed = path.open("w")
        if sys.platform != "win32":
            try:
                fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                claimed.close()
                raise CourseError(
                    f"Another grader works on {self.submitted}. Wait until it is done, then run this again."
                ) from None
            except OSError:
                pass  # a file system without locks
        return claimed

    @property
    def root(self) -> Path:
        return self.submitted.parent

    @property
    def gradebook(self) -> Path:
        return self.book or self.root / "gradebook.db"

    def feedback(self, student: str, lesson: str) -> Path:
        return self.root / "feedback" / student / f"{_short(lesson)}.html"

    def result(self, student: str, lesson: str) -> Path:
        return self.root / OWN_FOLDER / "results" / student / f"{_short(lesson)}.json"

    def seed(self, student: str) -> str:
        """The seed of a student's inputs: one of a few, picked by their name and the course's secret."""
        variant = int(self._mac(f"student/{student}"), 16) % VARIANTS
        return self._mac(f"variant/{variant}")[:16]

    def _mac(self, text: str) -> str:
        return hmac.new(self.secret.encode(), text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    def students(self) -> list[str]:
        """Every folder in `submitted/` is a student's; files are not."""
        return sorted(item.name for item in self.submitted.iterdir() if item.is_dir() and not item.name.startswith("."))


def _short(lesson: str) -> str:
    """A lesson's name as a file's: one that leaves no room for an ending is cut, and its digest tells it apart."""
    name = os.fsencode(lesson)
    return lesson if len(name) <= NAME_AT_MOST else f"{name[:200].decode(errors='ignore')}-{keys.digest([lesson])}"


def hand_ins(room: ClassRoom, course: Course, lesson: str | None, student: str | None) -> list[HandIn]:
    """What is there to grade. A student whose folder is empty is taken to have handed in nothing for each lesson.

    Raises:
        CourseError: there is nothing, or no such student.
    """
    found = []
    wanted = [lesson] if lesson else course.lessons()
    students = [name for name in room.students() if student in (None, name)]
    if student and not students:
        raise CourseError(f"There is no folder {room.submitted / student}.")
    for name in students:
        folder = room.submitted / name
        for each in _handed_in(folder, course) or wanted:
            if lesson in (None, each):
                found.append(HandIn(name, each, folder / each, room.seed(name)))
    if not found:
        raise CourseError(f"Nobody in {room.submitted} has handed in {lesson or 'anything'}.")
    return found


def _handed_in(folder: Path, course: Course) -> list[str]:
    """The lessons in a student's folder; none where it can't be read or is a link, and what is read next says so."""
    if folder.is_symlink():
        return []
    with suppress(OSError):
        known = course.lessons()
        return sorted(
            item.name for item in folder.iterdir() if item.name[0] != "." and (item.is_dir() or item.name in known)
        )
    return []


class Grader:
    """Grades hand-ins with one worker a thread, and keeps the keys of the variants that it has met. To be closed.

    Raises:
        CourseError: another grader works on this class, or a lesson's sources are not whole.
    """

    def __init__(
        self,
        room: ClassRoom,
        course: Course,
        start_worker: Callable[[], Worker],
        isolation: str,
        *,
        show_hidden: bool = False,
    ) -> None:
        self.room = room
        self.course = course
        self.isolation = isolation
        self.show_hidden = show_hidden
        self._claimed = room.claim()
        self._start_worker = start_worker
        self._mine = local()
        self._workers: list[Worker] = []
        self._keys: dict[tuple[str, str], Key] = {}
        self._building: defaultdict[tuple[str, str], Lock] = defaultdict(Lock)
        self._released: dict[str, tuple[dict[str, str], list[str]]] = {}
        self._files = {lesson: course.files(lesson) for lesson in course.lessons()}
        self._versions = {lesson: keys.version(files) for lesson, files in self._files.items()}

    def grade(self, hand_ins: list[HandIn], workers: int, *, force: bool) -> Generator[tuple[Result, Age]]:
        """Grade, in the order given."""
        _learn_types()
        with ThreadPoolExecutor(workers) as pool:
            try:
                waiting = iter(hand_ins)
                running: deque[tuple[HandIn, Future[Result | _Ran]]] = deque()
                while True:
                    for item in islice(waiting, AHEAD * workers - len(running)):
                        running.append((item, pool.submit(self._run, item, force)))
                    if not running:
                        return
                    item, future = running.popleft()
                    yield self._finish(item, future.result())
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def one(self, item: HandIn, *, force: bool) -> Result:
        """Grade one hand-in, for a caller that takes them one by one."""
        return self._finish(item, self._run(item, force))[0]

    def close(self) -> None:
        """End the workers, and let other graders in."""
        for worker in self._workers:
            worker.close()
        self._claimed.close()

    def worker(self) -> Worker:
        """This thread's worker, started when there is first something to run."""
        if not hasattr(self._mine, "worker"):
            self._mine.worker = self._start_worker()
            self._workers.append(self._mine.worker)
        worker: Worker = self._mine.worker
        return worker

    def _key(self, lesson: str, seed: str, worker: Worker) -> Key:
        """The expectations for one lesson and seed, made by the first hand-in that needs them."""
        with self._building[lesson, seed]:
            if (lesson, seed) not in self._keys:
                self._keys[lesson, seed] = keys.build(self._files[lesson], worker, seed, public_only=False)
            return self._keys[lesson, seed]

    def _run(self, item: HandIn, force: bool) -> Result | _Ran:
        """Read and run one hand-in; the earlier result where nothing has changed since."""
        if item.lesson not in self._files:
            unknown = submission.Submission(result.storable(item.student), result.storable(item.lesson))
            unknown.notes.append(say("unknown_lesson", lesson=unknown.lesson, lessons=", ".join(self._files)))
            return _Ran(unknown)
        handed_in = submission.read(item.folder, item.student, item.lesson, *self._released_of(item.lesson))
        shown = "hidden shown" if self.show_hidden else ""
        stamp = ":".join([self._versions[item.lesson], item.seed, handed_in.digest, self.isolation, shown])
        earlier = None if force else result.load(self.room.result(item.student, item.lesson))
        if earlier and earlier.key == stamp and self.room.feedback(item.student, item.lesson).is_file():
            return earlier
        age: Age = "outdated" if earlier and _version(earlier.key) not in ("", _version(stamp)) else "new"
        worker = self.worker()
        key, files = self._key(item.lesson, item.seed, worker), self._files[item.lesson]
        if not handed_in.cells:
            return _Ran(handed_in, None, stamp, age)
        exercises = [exercise.name for exercise in key.exercises]
        ran = run(worker, handed_in, phases(files, key.checks), exercises, item.seed)
        return _Ran(handed_in, ran, stamp, age)

    def _released_of(self, lesson: str) -> tuple[dict[str, str], list[str]]:
        """The digests of what was given out, and the names of the exercises; nothing where no release is built."""
        if lesson not in self._released:
            try:
                key = keys.load(self.course.exercises / lesson)
                self._released[lesson] = key.released, [exercise.name for exercise in key.exercises]
            except CourseError:
                self._released[lesson] = {}, []
        return self._released[lesson]

    def _finish(self, item: HandIn, done: Result | _Ran) -> tuple[Result, Age]:
        """Judge what was run, and write feedback and result: the feedback first, so that a result implies it."""
        if isinstance(done, Result):
            return done, "known"
        handed_in, ran, stamp, age = done
        if item.lesson not in self._files:
            graded = Result(handed_in.student, handed_in.lesson, [], notes=handed_in.notes, isolation=self.isolation)
        else:
            key = self._keys[item.lesson, item.seed]
            if ran is None:
                graded = assess.nothing(key, handed_in, self.isolation)
            else:
                graded = assess.assess(key, handed_in, ran, self.isolation, show_hidden=self.show_hidden)
        graded.key = stamp
        moment = gradebook.when(handed_in.handed_in)
        graded.handed_in = moment.isoformat() if moment else ""
        graded.graded = datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        html.write(graded, self.room.feedback(item.student, item.lesson))
        result.save(graded, self.room.result(item.student, item.lesson))
        return graded, age

    def record(self, results: list[Result]) -> None:
        """Write results into the gradebook; those of unknown lessons have no assignment to go to."""
        known = [item for item in results if item.exercises]
        points = {item.lesson: {exercise.exercise: exercise.points for exercise in item.exercises} for item in known}
        gradebook.write(self.room.gradebook, points, known, self.room.students())


def _version(stamp: str) -> str:
    """The version of the lesson in a result's stamp."""
    return stamp.partition(":")[0]


def _learn_types() -> None:
    """Have msgspec take apart every type of message now: it does so when it first meets one, and two threads that make it
    do so at once crash Python (msgspec 0.22)."""
    for kind in msgspec.Struct.__subclasses__():
        msgspec.json.Decoder(kind)
