"""The keys that a class is graded against, one for each lesson and set of inputs: made once, and kept beside the class."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from threading import Lock

from grader.author.expectations import build_key
from grader.digest import digest
from grader.errors import CourseError
from grader.files.names import JSON_NAME, TENSORS_NAME
from grader.files.source import LessonFiles
from grader.judge.key import Key, load_key
from grader.judge.observation import encode
from grader.lesson import pictures
from grader.sandbox.session import Worker
from grader.whole import write_whole


class Keys:
    """Keys by lesson and seed. What is kept in `folder` is of the present version of lesson, grader and PyTorch alone.

    Args:
        versions: of each lesson (`grader.judge.key.version`).
    """

    def __init__(self, folder: Path, files: dict[str, LessonFiles], versions: dict[str, str]) -> None:
        self._folder, self._files, self._versions = folder, files, versions
        self._held: dict[tuple[str, str], Key] = {}
        self._building: dict[tuple[str, str], Lock] = {}

    def of(self, lesson: str, seed: str, worker: Worker) -> Key:
        """The key for one lesson and seed; the first thread that asks has it made, where it is not kept yet.

        Raises:
            CourseError: the lesson's own code fails.
            OSError: it can't be written.
        """
        with self._building.setdefault((lesson, seed), Lock()):
            if (lesson, seed) not in self._held:
                self._held[lesson, seed] = self._kept(lesson, seed) or self._made(lesson, seed, worker)
            return self._held[lesson, seed]

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
            if other != place.parent:
                shutil.rmtree(other, ignore_errors=True)
        key = build_key(self._files[lesson], worker, seed, public_only=False)
        text, tensors = encode(key)
        write_whole(place / TENSORS_NAME, tensors, 0o600)
        write_whole(place / JSON_NAME, text, 0o600)  # last: what is there is whole
        return key
