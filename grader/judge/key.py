"""An answer key: all that is needed to judge answers to one lesson, and its files in a release."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

import msgspec

from grader.checks import Check
from grader.digest import digest, file_digest, keyed
from grader.errors import CourseError
from grader.exercise import Exercise, Solution, Written
from grader.files import translated
from grader.files.names import CHECKS_NAME, DATA, JSON_NAME, TENSORS_NAME
from grader.files.source import LessonFiles
from grader.judge.observation import Malformed, Observation, compact, decode, encode
from grader.judge.trace import Trace
from grader.kit import kit
from grader.language import ENGLISH
from grader.messages import say


class Mistake(msgspec.Struct):
    """A misconception as the judge knows it: its sentence, and what it gives, by check."""

    name: str
    exercise: str
    says: str
    observations: dict[str, list[Observation]] = {}


class Pair(msgspec.Struct):
    """An answer to an exercise with two known mistakes in it: their names, the more basic one first, and what it gives.
    Where other such answers give the same, only the names that they have in common."""

    exercise: str
    mistakes: list[str]
    trace: Trace


class Key(msgspec.Struct):
    """All that is needed to judge answers to one lesson on one set of inputs."""

    lesson: str
    seed: str
    exercises: list[Exercise]
    checks: list[Check]
    expected: dict[str, list[Observation]]
    mistakes: list[Mistake]
    pairs: list[Pair] = []
    """Answers with two mistakes. Only the key of a release knows them: there are thousands."""
    released: dict[str, str] = {}
    """Digests of the code cells of the files as they were given out, by suffix: to tell which one a student changed."""
    files: dict[str, str] = {}
    """Digests of all files of the release but this one, by name: what `grader release` may replace, and what `load` accepts
    beside the key."""
    hidden: int = 0
    """How many hidden checks the lesson has."""
    language: str = ENGLISH
    """The language of its sentences."""
    pictures: list[tuple[int, int]] = []
    """The pictures that the lesson asked for: how many, and the seed they are drawn from."""
    solutions: dict[str, Solution] = {}
    """What is shown of an exercise that is right. Only the key of a release has any, and only where the author says so."""
    self_study: bool = False
    """Whether it is a release for self-study, which shows all of them."""
    stand_ins: dict[str, str] = {}
    """The solutions that may stand in for answers that are not right, by exercise, in their order: a student's code may read
    them. Only a lesson that asks for follow-through has any."""
    calls: dict[str, list[str]] = {}
    """Of such a lesson, which other exercises each solution calls."""
    written: list[Written] = []
    """What is answered in words, and graded by a person."""
    called: dict[str, str] = {}
    """How it is told in its language what its checks call things by."""

    @property
    def names(self) -> list[str]:
        """All that is asked for: the exercises, and what is answered in words."""
        return [*(item.name for item in self.exercises), *(item.name for item in self.written)]

    def checks_of(self, exercise: str) -> list[Check]:
        return [check for check in self.checks if check.exercise == exercise]

    def points_of(self, exercise: str) -> float:
        return next(item.points for item in self.exercises if item.name == exercise)

    def compared(self, exercise: str) -> list[Check]:
        """The checks of an exercise on which an answer can be compared with the reference or with a misconception."""
        return [check for check in self.checks_of(exercise) if check.at_least is None]


def in_language(key: Key, files: LessonFiles, language: str) -> Key:
    """The same key with its sentences in another language: nothing else of it differs, so that no grade can.

    Args:
        files: the lesson's sources, with the catalogue of that language.
    """
    say = translated.sayer(files, language)
    told = msgspec.structs.replace(key, language=language)
    told.called = {name: say(name) for name in translated.names(files.checks) if say(name) != name}
    told.exercises = [replace(item, hints=list(map(say, item.hints))) for item in key.exercises]
    told.checks = [replace(item, says=say(item.says)) for item in key.checks]
    told.mistakes = [msgspec.structs.replace(item, says=say(item.says)) for item in key.mistakes]
    told.solutions = {
        name: replace(item, ways=[replace(way, says=say(way.says)) for way in item.ways])
        for name, item in key.solutions.items()
    }
    return told


def version(files: LessonFiles) -> str:
    """A digest of all that decides a grade: the lesson's three files and its data, this package, and PyTorch's version. What
    was graded under another version is graded again."""
    data = [text for name, content in files.data.items() for text in (name, file_digest(content))]
    return digest([files.handout, files.checks, files.misconceptions, *data, *kit()])


def seed_of(check: Check, seed: str) -> str:
    """The seed of a check's inputs, as a sandbox gets it.

    Whoever runs in there can read it. So that it does not tell the inputs that are still to come, a class's seed has two
    parts, `public:secret`: visible checks have the first one, and what a hidden check has follows from the second, by a hash
    with the secret as its key. The second part never enters a sandbox. Others' seeds, such as the release's, have one part.
    """
    public, _, secret = seed.partition(":")
    return keyed(secret or seed, check.name)[:16] if check.hidden else public


def given_seed(check: Check, seed: str) -> int:
    """What the inputs and the right answers of a check with `at_least` are drawn from. It follows from the secret part of a
    class's seed, and no sandbox in which a student's code runs gets it: the answers would follow from it."""
    _, _, secret = seed.partition(":")
    return int(keyed(secret or seed, f"given/{check.name}")[:15], 16)


def key_files(key: Key) -> dict[str, bytes]:
    """The files of a release's answer key, as bytes, by name; the same key gives the same bytes."""
    _, tensors = encode(key)
    whole = msgspec.structs.replace(key, files=key.files | {TENSORS_NAME: file_digest(tensors)})
    text, _ = encode(whole)
    return {JSON_NAME: compact(text).encode(), TENSORS_NAME: tensors}


def load_key(folder: Path) -> Key:
    """Read a release's answer key.

    Raises:
        CourseError: there is none, it can't be read, or a file beside it is of another release.
    """
    try:
        tensors = (folder / TENSORS_NAME).read_bytes()
        key = decode((folder / JSON_NAME).read_bytes(), tensors, Key)
    except OSError:
        raise CourseError(say("no_key", folder=folder)) from None
    except Malformed as error:
        raise CourseError(say("bad_key", folder=folder, error=error)) from None
    checks = folder / CHECKS_NAME
    beside = {TENSORS_NAME: tensors} | ({CHECKS_NAME: checks.read_bytes()} if checks.is_file() else {})
    given = (name for name in key.files if name.startswith(f"{DATA}/"))
    beside |= {name: file.read_bytes() for name in given if (file := folder / DATA / PurePath(name).name).is_file()}
    for name, data in beside.items():
        if key.files.get(name, file_digest(data)) != file_digest(data):
            raise CourseError(say("other_release", file=name, folder=folder))
    return key
