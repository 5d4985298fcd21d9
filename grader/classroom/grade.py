"""Grades a class: every hand-in through the sandbox, into results, feedback files and the gradebook."""

from __future__ import annotations

import datetime
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from grader.classroom import finals, gradebook, penalties, times
from grader.classroom.hand_ins import HandIn
from grader.classroom.judging import Judging
from grader.classroom.pool import Pool
from grader.classroom.recorded import Recorded
from grader.classroom.room import Classroom
from grader.digest import file_digest
from grader.errors import CourseError
from grader.files import submission
from grader.files.course import Course
from grader.files.names import as_told, storable
from grader.judge import changes, result
from grader.judge.changes import Change
from grader.judge.result import Isolation, Result, Stamp
from grader.messages import told
from grader.report import html
from grader.sandbox.session import Worker

if TYPE_CHECKING:
    from grader.sandbox.cluster import Cluster

Age = Literal["new", "known", "outdated", "equal"]
"""Whether a hand-in was graded now, or before and not again, or again because its lesson or the grader has changed, or has
the result of another that holds the same code and was run on the same inputs."""
EQUAL_AT_MOST = 256
"""Results that are kept for hand-ins of the same code: what bounds the memory of a large class."""
AHEAD = 4
"""Submissions a worker that may have been graded and not yet written: what bounds the memory of a large class."""


class _Graded(NamedTuple):
    """A submission, its result, and why it was graded."""

    handed_in: submission.Submission | None
    """None where it did not have to be read."""
    result: Result
    age: Age = "new"
    earlier: Result | None = None


class Grader:
    """Grades hand-ins with one worker a thread, each once, and writes what comes of it. To be closed.

    Args:
        lines: also look for the line at fault in wrong answers without a name.
        cluster: where hand-ins are run. The lesson's own code, and what a machine was lost over, is run here all the same.
        dry: write nothing, of a class that was graded before.
        lessons: the only ones that there are hand-ins of; all of the course where it is left out.
        recorded: what lies in the gradebook already, where that is known.

    Attributes:
        judging: judges hand-ins one by one.
        changes: whose points are others than those graded before, in the order of grading.

    Raises:
        CourseError: another grader works on this class, or a lesson's sources are not whole.
    """

    def __init__(
        self,
        room: Classroom,
        course: Course,
        start_worker: Callable[[], Worker],
        isolation: Isolation,
        *,
        show_hidden: bool = False,
        lines: bool = False,
        assigns_penalties: bool = True,
        cluster: Cluster | None = None,
        dry: bool = False,
        lessons: Collection[str] | None = None,
        recorded: Recorded | None = None,
    ) -> None:
        self.room = room
        self.course = course
        self.assigns_penalties = assigns_penalties
        self.dry = dry
        self.changes: list[Change] = []
        self._pages: dict[Path, str] = {}
        self._folders: dict[str, str] = {}
        self._enrolled = False
        if dry and not room.is_begun():
            raise CourseError(
                told(
                    "Nothing in {submitted} has been graded yet, so there is nothing that would change.",
                    submitted=room.submitted,
                )
            )
        self._claimed = room.claim()
        room.secret  # noqa: B018, drawn before two threads ask for it at once
        self.pool = Pool(start_worker, cluster)
        self._recorded = None if dry else recorded
        self.judging = Judging(
            course, self.pool, room.kept / "expectations", isolation,
            show_hidden=show_hidden, lines=lines, keeps=not dry, lessons=lessons,
        )  # fmt: skip
        self._equal: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()

    def grade(self, hand_ins: list[HandIn], workers: int, *, force: bool) -> Generator[tuple[Result, Age]]:
        """Grade, in the order given; with `force` each is run, whatever is known. Where it is closed before its end, what is
        running is ended, not waited for."""
        _learn_types()
        is_begun = False
        with ThreadPoolExecutor(workers) as threads:
            try:
                waiting = iter(hand_ins)
                running: deque[tuple[HandIn, Future[_Graded]]] = deque()
                while True:
                    for item in islice(waiting, AHEAD * workers - len(running)):
                        known = None if force else self._as_it_was(item)
                        if not known and not is_begun:
                            self._begin(min(workers, len(hand_ins)))
                            is_begun = True
                        running.append((item, _done(known) if known else threads.submit(self._run, item, force)))
                    if not running:
                        return
                    item, future = running[0]
                    done = self._finish(item, future.result())
                    running.popleft()
                    yield done
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                begun = [future for _, future in running if not future.cancelled()]
                while wait(begun, timeout=0.1).not_done:
                    self.pool.stop()
                raise

    def one(self, item: HandIn, *, force: bool) -> Result:
        """Grade one hand-in, for a caller that takes them one by one."""
        return self._finish(item, self._run(item, force))[0]

    def close(self) -> None:
        """End the workers, and let other graders in."""
        if self._recorded:
            self._recorded.keep()
        self.pool.close()
        self._claimed.close()

    def _begin(self, workers: int) -> None:
        """Have all that is slow begin at once, before threads do."""
        self.pool.begin(workers)
        gradebook.prepare(None if self.dry else self.room.gradebook)

    def _as_it_was(self, item: HandIn) -> _Graded | None:
        """The earlier result, where all that it hangs on is as it was, without reading what was handed in."""
        if item.lesson not in self.judging.versions or not self.room.feedback(item.student, item.lesson).is_file():
            return None
        earlier = self.room.graded(item.student, self.room.result(item.student, item.lesson))
        if not (earlier and earlier.stamp and earlier.folder):
            return None
        same = earlier.stamp == self.judging.stamp(item.lesson, self.seed(item), earlier.stamp.content)
        return _Graded(None, earlier, "known", earlier) if same and earlier.folder == self.judging.as_it_lies(item) else None

    def _run(self, item: HandIn, force: bool) -> _Graded:
        """Read and run one hand-in; the earlier result where nothing has changed since."""
        if item.lesson not in self.judging.versions:
            unknown = submission.Submission(as_told(item.student), as_told(item.lesson))
            unknown.notes += map(storable, item.notes)
            nothing = Result(unknown.student, unknown.lesson, [], notes=unknown.notes, isolation=self.judging.isolation)
            return _Graded(unknown, nothing)
        folder = self.judging.as_it_lies(item)  # before it is read: what changes meanwhile is read again
        handed_in = self.judging.read(item)
        seed = self.seed(item)
        stamp = self.judging.stamp(item.lesson, seed, handed_in.digest)
        earlier = self.room.graded(item.student, self.room.result(item.student, item.lesson))
        if not force and earlier and earlier.stamp == stamp and self.room.feedback(item.student, item.lesson).is_file():
            moment = _moment(handed_in)
            if moment and moment != earlier.handed_in:  # the same work, handed in again
                earlier.handed_in, earlier.folder = moment, folder
                self._write(item.student, earlier)
            elif folder != earlier.folder and not self.dry:
                earlier.folder = folder
                result.save(earlier, self.room.result(item.student, item.lesson))
            return _Graded(handed_in, earlier, "known", earlier)
        age: Age = "outdated" if earlier and earlier.stamp and earlier.stamp.version != stamp.version else "new"
        if not force and (equal := self._taken_over(handed_in, stamp)):
            equal.folder = folder
            return _Graded(handed_in, equal, "equal", earlier)
        graded = self.judging.judged(handed_in, seed).result
        graded.stamp, graded.folder = stamp, folder
        self._keep_for_equals(graded)
        return _Graded(handed_in, graded, age, earlier)

    def _taken_over(self, handed_in: submission.Submission, stamp: Stamp) -> Result | None:
        """The result of the same code on the same inputs, as this student's; None where there is none yet."""
        if (kept := self._equal.get((handed_in.lesson, msgspec.json.encode(stamp)))) is None:
            return None
        equal = msgspec.json.decode(kept, type=Result)
        equal.student = handed_in.student
        return equal

    def _keep_for_equals(self, graded: Result) -> None:
        """Keep a result for whoever hands in the same. One that this machine had a part in is nobody else's."""
        if all(item.state != "unjudged" for item in graded.exercises):
            self._equal[graded.lesson, msgspec.json.encode(graded.stamp)] = msgspec.json.encode(graded)
            while len(self._equal) > EQUAL_AT_MOST:
                self._equal.popitem(last=False)

    def seed(self, item: HandIn) -> str:
        """The seed of a hand-in's inputs."""
        return item.seed or self.room.seed(item.student)

    def _finish(self, item: HandIn, done: _Graded) -> tuple[Result, Age]:
        """Write what was judged, and note how it differs from what was graded before."""
        graded, earlier = done.result, done.earlier
        self._folders[graded.student] = item.student
        if done.age == "known" or done.handed_in is None:
            return graded, "known"
        graded.handed_in = _moment(done.handed_in)
        graded.graded = datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        if earlier and graded.stamp:
            result.remember(graded, earlier)
            result.note_rewritten(graded, earlier)
            if change := changes.between(earlier, graded):
                self.changes.append(change)
        self._write(item.student, graded)
        return graded, done.age

    def _write(self, student: str, graded: Result) -> None:
        """Write feedback and result: the feedback first, so that a result implies it."""
        if self.dry:
            return
        page = self.room.feedback(student, graded.lesson)
        if page.is_file():
            self._pages.setdefault(page, file_digest(page.read_bytes()))
        html.write(graded, page)
        result.save(graded, self.room.result(student, graded.lesson))

    def changed_pages(self) -> list[Path]:
        """The pages of feedback that were there before and say something else now."""
        return [page for page, before in self._pages.items() if file_digest(page.read_bytes()) != before]

    def record(self, results: list[Result]) -> None:
        """Write results into the gradebook, and late penalties where nbgrader would; then read back what is final.
        Results of unknown lessons have no assignment to go to.

        Raises:
            GradebookError: it can't be written, or a penalty can't be found; what was written before stays.
        """
        known = [item for item in results if item.exercises]
        if self.dry:
            if gradebook.is_there(self.room.gradebook):
                finals.read_back(self.room.gradebook, known)
            return
        places = [(self._folders.get(item.student, item.student), item.lesson) for item in known]
        if self._recorded:
            if self._recorded.holds(places):
                return
            self._recorded.begin()
        points = {item.lesson: {exercise.exercise: exercise.points for exercise in item.exercises} for item in known}
        by_hand = {(item.lesson, each.exercise) for item in known for each in item.exercises if each.in_words}
        enrolled = () if self._enrolled else self.room.students()
        gradebook.write(self.room.gradebook, points, known, enrolled, by_hand)
        self._enrolled = True
        try:
            if self.assigns_penalties:
                penalties.assign(self.room.gradebook, known, [self.room.root, self.course.exercises.parent])
            if self._recorded:
                self._recorded.leave()
        finally:
            self.read_back(known)
        if self._recorded:
            self._recorded.recorded(places)

    def read_back(self, results: list[Result]) -> None:
        """Take over what the gradebook holds besides these results: scores and comments by hand, extra credit, penalties. A
        page that says otherwise is written anew."""
        for changed in finals.read_back(self.room.gradebook, results):
            self._write(self._folders.get(changed.student, changed.student), changed)


def _done(graded: _Graded) -> Future[_Graded]:
    """What needs no thread."""
    future: Future[_Graded] = Future()
    future.set_result(graded)
    return future


def _moment(handed_in: submission.Submission) -> str:
    """When it was handed in, in UTC; nothing where that is not known."""
    moment = times.when(handed_in.handed_in)
    return moment.isoformat() if moment else ""


def _learn_types() -> None:
    """Have msgspec take apart every type of message of ours now: it does so when it first meets one, and two threads that
    make it do so at once crash Python (msgspec 0.22). Those of other packages are none of our business: an older msgspec
    can't read some."""
    kinds = msgspec.Struct.__subclasses__()
    for kind in kinds:  # it grows
        kinds += kind.__subclasses__()
        if kind.__module__.partition(".")[0] == "grader":
            msgspec.json.Decoder(kind)
