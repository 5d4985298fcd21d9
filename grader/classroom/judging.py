"""One hand-in → its result: read, run, compared, and its mistakes named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from grader import language
from grader.checks import Check
from grader.classroom import folders, times
from grader.classroom.hand_ins import HandIn
from grader.classroom.keys import Keys
from grader.classroom.pool import Pool
from grader.classroom.releases import Releases
from grader.digest import digest
from grader.files import submission
from grader.files.course import Course
from grader.files.names import storable
from grader.judge import assess
from grader.judge.diagnose import AtHome, undecided
from grader.judge.key import Key, in_language, version
from grader.judge.observation import Run
from grader.judge.result import Isolation, Result, Stamp
from grader.sandbox import faultline, follow
from grader.sandbox.run import Phase, phases, run
from grader.sandbox.session import Worker


class Judged(NamedTuple):
    """What became of a hand-in: the key it was judged by, what its run gave, and the result."""

    key: Key
    run: Run
    result: Result


class Judging:
    """Knows a course's lessons, what was given out of them, and the keys of the sets of inputs that it has met.

    Args:
        pool: where hand-ins, and the lessons' own code, are run.
        expectations: where keys are kept; with `keeps` false none is written.
        show_hidden: tell of hidden checks what is told of the others.
        lines: also look for the line at fault in wrong answers without a name.
        lessons: the only ones that there are hand-ins of; all of the course where it is left out.

    Attributes:
        versions: of each lesson (`grader.judge.key.version`).

    Raises:
        CourseError: a lesson's sources are not whole.
    """

    def __init__(
        self,
        course: Course,
        pool: Pool,
        expectations: Path,
        isolation: Isolation,
        *,
        show_hidden: bool = False,
        lines: bool = False,
        keeps: bool = True,
        lessons: Collection[str] | None = None,
    ) -> None:
        self.isolation, self._show_hidden, self._lines = isolation, show_hidden, lines
        self._pool = pool
        asked = [lesson for lesson in course.lessons() if lessons is None or lesson in lessons]
        self._files = {lesson: course.files(lesson) for lesson in asked}
        self._releases = Releases(course, self._files)
        self.versions = {lesson: version(files) for lesson, files in self._files.items()}
        self._keys = Keys(expectations, self._files, self.versions, keeps=keeps)

    def read(self, item: HandIn) -> submission.Submission:
        """What was handed in, with what there is to say of its names and its time, in its own language."""
        handed_in = submission.read(item.folder, item.student, item.lesson, *self._releases.given_out(item.lesson))
        if (spoken := self._releases.language_of(handed_in)) and spoken != language.current():
            with language.speaking(spoken):
                handed_in = submission.read(item.folder, item.student, item.lesson, *self._releases.given_out(item.lesson))
        odd_time = times.doubt(handed_in.handed_in)
        handed_in.notes[:0] = [*map(storable, item.notes), *([odd_time] if odd_time else [])]
        return handed_in

    def probes(self, lesson: str) -> str:
        """The text of a lesson's `checks.py`, with its hidden checks."""
        return self._files[lesson].checks

    def stamp(self, lesson: str, seed: str, content: str) -> Stamp:
        """What a result hangs on of a hand-in whose digest is `content`."""
        return Stamp(self.versions[lesson], digest([seed]), content, self.isolation, self._show_hidden, self._lines)

    def as_it_lies(self, item: HandIn) -> str:
        """A digest of a folder that was handed in, and of all by which it is told what of it is meant; nothing where there
        is none."""
        lies = folders.as_it_lies(item.folder)
        return lies and digest([lies, self._releases.digest(item.lesson), *item.notes])

    def judged(self, handed_in: submission.Submission, seed: str, worker: Worker | None = None) -> Judged:
        """Run a hand-in, by the worker that is given or else where hand-ins are run, and judge it; its result has no stamp
        yet."""
        files, spoken = self._files[handed_in.lesson], self._releases.language_of(handed_in)
        with self._pool.here() as own:
            key = self._keys.of(handed_in.lesson, seed, own)
        if not handed_in.cells:
            return Judged(key, Run(), assess.nothing(key, handed_in, self.isolation))
        exercises = [exercise.name for exercise in key.exercises]
        staged = phases(files, key.checks)
        ran = (
            run(worker, handed_in, staged, exercises, seed) if worker else self._pool.run(handed_in, staged, exercises, seed)
        )
        judged = partial(
            self._judged, spoken, submission=handed_in, run=ran, isolation=self.isolation, show_hidden=self._show_hidden
        )
        graded = judged(key, drafts=True)
        if wrong := [item.exercise for item in graded.exercises if item.state == "wrong"]:
            at_home = self._on_released_inputs(key, wrong, handed_in)
            key = self._naming(key, wrong, at_home)
            again = partial(self._pool.run, exercises=exercises, seed=seed)
            without = follow.followed(key, handed_in, staged, graded, ran, again)
            graded = judged(key, at_home=at_home, followed=without, draft=graded)
        elif any(item.state not in assess.SURE for item in graded.exercises):
            graded = judged(key)
        if self._lines:
            with self._pool.here() as own, language.speaking(spoken or language.current()):
                faultline.locate(own, handed_in, staged, key, graded, ran)
        graded.language, graded.code = spoken, ran.code or ""
        return Judged(key, ran, graded)

    def _judged(self, spoken: str, key: Key, at_home: AtHome | None = None, **options: Any) -> Result:
        """What `assess` gives, in the language of the hand-in, or else in the one that is spoken here."""
        files, spoken = self._files[key.lesson], spoken or language.current()
        if spoken in files.catalogues:
            key = in_language(key, files, spoken)
            at_home = at_home and at_home._replace(key=in_language(at_home.key, files, spoken))
        with language.speaking(spoken):
            return assess.assess(key, at_home=at_home, **options)

    def knowing(self, key: Key, exercises: list[str]) -> Key:
        """A key that knows what all misconceptions of these exercises give. Nothing is written."""
        names = {mistake.name for mistake in key.mistakes if mistake.exercise in exercises}
        with self._pool.here() as own:
            return self._keys.naming(key, names, own, keeps=False)

    def _naming(self, key: Key, wrong: list[str], at_home: AtHome | None) -> Key:
        """A key that knows what those misconceptions of wrong exercises give that an answer may have: all of them, but for
        what the inputs that students have at home decide."""
        doubtful = [mistake for mistake in key.mistakes if mistake.exercise in wrong]
        if at_home and at_home.key.mistakes:
            doubtful = [mistake for name in wrong for mistake in undecided(at_home, name)]
        names = {mistake.name for mistake in doubtful}
        with self._pool.here() as own:
            return self._keys.naming(key, names, own)

    def _on_released_inputs(self, key: Key, wrong: list[str], handed_in: submission.Submission) -> AtHome | None:
        """What the exercises that are wrong give on the inputs of the release; None where none of this lesson is built."""
        released = self._releases.key(key.lesson)
        if released is None:
            return None
        if _declared(released) != _declared(key):  # the release is of other sources: it can't name what these know
            released = msgspec.structs.replace(released, mistakes=[], pairs=[])
        files = self._files[key.lesson]
        checks = [check for name in wrong for check in released.compared(name)]
        staged = [Phase(files.public_checks, checks, files.data, advice=False)]
        nobodys = replace(handed_in, student="")  # whether the code equals another's is known by now
        return AtHome(released, self._pool.run(nobodys, staged, wrong, released.seed).observations)


def _declared(key: Key) -> tuple[list[Check], list[tuple[str, str]]]:
    """The visible checks that a lesson declares, and its misconceptions."""
    visible = [replace(check, given=None) for check in key.checks if not check.hidden]
    return visible, [(mistake.name, mistake.says) for mistake in key.mistakes]
