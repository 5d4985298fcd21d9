"""What was given out to a class: the releases of a course, in each language."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePath

from grader import language
from grader.author.opening import opens_with
from grader.digest import digest, file_digest
from grader.errors import CourseError
from grader.files import percent
from grader.files.course import Course
from grader.files.names import CHECKS_NAME, JSON_NAME
from grader.files.outline import Outline, outline
from grader.files.source import LessonFiles
from grader.files.submission import Submission
from grader.judge.key import Key, load_key


class Releases:
    """The keys of the releases that are built, read when they are first needed."""

    def __init__(self, course: Course, files: dict[str, LessonFiles]) -> None:
        self._course, self._files = course, files
        self._keys: dict[str, Key | None] = {}
        self._outlines: dict[str, dict[str, Outline]] = {}
        self._digests: dict[str, str] = {}

    def given_out(self, lesson: str) -> tuple[dict[str, str], list[str]]:
        """The digests of what was given out, and the names of the exercises; nothing where no release is built."""
        key = self.key(lesson)
        digests = {
            suffix + name * (name != language.ENGLISH): released
            for name, release in self._of(lesson).items()
            for suffix, released in release.released.items()
        }
        return (digests, [exercise.name for exercise in key.exercises]) if key else ({}, [])

    def digest(self, lesson: str) -> str:
        """A digest of what was given out of a lesson, in all languages."""
        if lesson not in self._digests:
            named = [language.ENGLISH, *self._files[lesson].catalogues]
            keys = [self._course.in_language(name).exercises / lesson / JSON_NAME for name in named]
            self._digests[lesson] = digest([file_digest(path.read_bytes()) if path.is_file() else "" for path in keys])
        return self._digests[lesson]

    def _of(self, lesson: str) -> dict[str, Outline]:
        """The outlines of the keys of a lesson's releases, by language."""
        if lesson not in self._outlines:
            self._outlines[lesson] = {}
            for name in [language.ENGLISH, *self._files[lesson].catalogues]:
                with suppress(CourseError):
                    self._outlines[lesson][name] = outline(self._course.in_language(name).exercises / lesson)
        return self._outlines[lesson]

    def key(self, lesson: str) -> Key | None:
        """The key of the release, where one is built."""
        if lesson not in self._keys:
            try:
                self._keys[lesson] = load_key(self._course.exercises / lesson)
            except CourseError:
                self._keys[lesson] = None
        return self._keys[lesson]

    def language_of(self, handed_in: Submission) -> str:
        """The language of the release that a hand-in is of, where a script's first marker or a notebook's first cell tells
        it; else nothing."""
        releases = self._of(handed_in.lesson)
        script = handed_in.beside.get(PurePath(handed_in.file).name, "")
        if (told := language.meant(percent.language(script)) or "") in releases:
            return told
        code = "\n".join(cell.source for cell in handed_in.code)
        return next((name for name, key in releases.items() if opens_with(key.files.get(CHECKS_NAME, ""), code)), "")
