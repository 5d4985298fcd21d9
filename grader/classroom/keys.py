"""The keys that a class is graded against, one for each lesson and set of inputs: made once, and kept beside the class.

What misconceptions give is most of the work. The key of the release knows it of the inputs that students have at home, and
there nearly all are told apart; on the inputs of a class only those are run that are not.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from threading import Lock

import msgspec

from grader.author.expectations import build_key, observe_mistakes
from grader.digest import digest
from grader.errors import CourseError
from grader.files.names import JSON_NAME, TENSORS_NAME
from grader.files.source import LessonFiles
from grader.judge.key import Key, Mistake, key_files, load_key
from grader.lesson import pictures
from grader.sandbox.session import Worker
from grader.whole import write_whole


class Keys:
    """Keys by lesson and seed. What is kept in `folder` is of the present version of lesson, grader and PyTorch alone.

    Args:
        versions: of each lesson (`grader.judge.key.version`).
        keeps: whether what is made is kept; else nothing is written.
    """

    def __init__(self, folder: Path, files: dict[str, LessonFiles], versions: dict[str, str], *, keeps: bool = True) -> None:
        self._folder, self._files, self._versions, self._keeps = folder, files, versions, keeps
        self._held: dict[tuple[str, str], Key] = {}
        self._building: dict[tuple[str, str], Lock] = {}

    def of(self, lesson: str, seed: str, worker: Worker) -> Key:
        """The key for one lesson and seed; the first thread that asks has it made, where it is not kept yet. It knows those
        misconceptions that were asked for so far.

        Raises:
            CourseError: the lesson's own code fails.
            OSError: it can't be written.
        """
        with self._lock(lesson, seed):
            if (lesson, seed) not in self._held:
                self._held[lesson, seed] = self._kept(lesson, seed) or self._made(lesson, seed, worker)
            return self._held[lesson, seed]

    def naming(self, key: Key, mistakes: Collection[str], worker: Worker, *, keeps: bool = True) -> Key:
        """A key that knows what the misconceptions of these names give, too; the same one where it does already.

        Args:
            keeps: whether what is found is kept.

        Raises:
            CourseError: the lesson's own code fails.
            OSError: it can't be written.
        """
        if not _unknown(key, mistakes):
            return key
        place = key.lesson, key.seed
        with self._lock(*place):
            if asked := _unknown(self._held[place], mistakes):
                found = observe_mistakes(self._files[key.lesson], worker, self._held[place], asked)
                known = {mistake.name: mistake for mistake in found}
                knowing = [known.get(mistake.name, mistake) for mistake in self._held[place].mistakes]
                self._held[place] = msgspec.structs.replace(self._held[place], mistakes=knowing)
                if keeps:
                    self._keep(self._held[place])
            return self._held[place]

    def _lock(self, lesson: str, seed: str) -> Lock:
        return self._building.setdefault((lesson, seed), Lock())

    def _place(self, lesson: str, seed: str) -> Path:
        return self._folder / lesson / digest([self._versions[lesson]]) / digest([seed])

    def _kept(self, lesson: str, seed: str) -> Key | None:
        with suppress(CourseError):  # there is none, or what somebody left of it
            key = load_key(self._place(lesson, seed))
            if key.seed == seed:
                pictures.prepare(key.pictures)
                return key
        return None

    def _made(self, lesson: str, seed: str, worker: Worker) -> Key:
        place = self._place(lesson, seed)
        for other in place.parent.parent.glob("*"):
            if self._keeps and other != place.parent:
                shutil.rmtree(other, ignore_errors=True)
        key = build_key(self._files[lesson], worker, seed, public_only=False, misconceptions=())
        self._keep(key)
        return key

    def _keep(self, key: Key) -> None:
        if not self._keeps:
            return
        files = key_files(key)
        for name in (TENSORS_NAME, JSON_NAME):  # JSON knows the tensors' digest: halves are not taken for a whole
            write_whole(self._place(key.lesson, key.seed) / name, files[name], 0o600)


def _unknown(key: Key, names: Collection[str]) -> list[Mistake]:
    """The misconceptions of these names of which it is not known what they give."""
    asked = (mistake for mistake in key.mistakes if mistake.name in names)
    return [mistake for mistake in asked if not mistake.observations and key.compared(mistake.exercise)]
