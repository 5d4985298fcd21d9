"""Expectations: what the reference and the misconceptions gave, from a run of them or from a release's answer key."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import numpy as np

from grader import pictures
from grader.observation import Error, Malformed, Observation, compact, decode, encode
from grader.sandbox.fault import Fault, Killed, Stalled
from grader.sandbox.pool import Session, Worker
from grader.source import LessonFiles

T = TypeVar("T")
SECONDS = 60.0
"""Time that a cell or a check of a lesson's own code may take."""
DECIDING = "inputs shapes observe record wire observation compare judge diagnose assess run submission pictures".split()
"""The modules that decide a grade."""
JSON_NAME, TENSORS_NAME = "answer_key.json", "answer_key.safetensors"


class CourseError(Exception):
    """Something about the course is not as it has to be. The message is a sentence for its author or user."""


class Tolerance(msgspec.Struct):
    relative: float
    absolute: float
    because: str


class Exercise(msgspec.Struct):
    name: str
    difficulty: int
    minutes: int
    hints: list[str]
    points: float = 0.0
    """What all its checks are worth, the hidden ones included."""


class Given(msgspec.Struct):
    """Inputs that are handed to a probe, by name, and the right answers to them."""

    inputs: dict[str, np.ndarray]
    answers: np.ndarray


class Check(msgspec.Struct):
    """A check without its probe: what the judge has to know of it. `grader.lesson.Check` describes the fields."""

    name: str
    exercise: str
    points: float
    says: str
    gradients: bool
    vectorised: bool
    device: bool
    forbids: list[str]
    raises: str | None
    mentions: list[str]
    tolerance: Tolerance | None
    seconds: float
    no_meta: str = ""
    at_least: float | None = None
    given: Given | None = None
    hidden: bool = False


class Mistake(msgspec.Struct):
    """A misconception as the judge knows it: its sentence, and what it gives, by check."""

    name: str
    exercise: str
    says: str
    observations: dict[str, list[Observation]] = {}


class Key(msgspec.Struct):
    """All that is needed to judge answers to one lesson on one set of inputs."""

    lesson: str
    seed: str
    exercises: list[Exercise]
    checks: list[Check]
    expected: dict[str, list[Observation]]
    mistakes: list[Mistake]
    released: dict[str, str] = {}
    """Digests of the code cells of the files as they were given out, by suffix: to tell which one a student changed."""
    made_from: str = ""
    """A digest of the lesson's three files that a release's key was made from."""

    def checks_of(self, exercise: str) -> list[Check]:
        return [check for check in self.checks if check.exercise == exercise]

    def points_of(self, exercise: str) -> float:
        return next(item.points for item in self.exercises if item.name == exercise)

    def compared(self, exercise: str) -> list[Check]:
        """The checks of an exercise on which an answer can be compared with the reference or with a misconception."""
        return [check for check in self.checks_of(exercise) if check.at_least is None]


class Described(msgspec.Struct):
    lesson: str
    exercises: list[Exercise]
    checks: list[Check]
    misconceptions: list[Mistake]


Noted = Literal["loader", "compile"]
"""What an answer asked for that a sandbox has not, and got a stand-in of (`grader.sandbox.stand_ins`)."""


class Observed(msgspec.Struct):
    observations: list[Observation]
    noted: list[Noted] = []


class CellReply(msgspec.Struct):
    error: Error | None
    printed: str
    noted: list[Noted] = []


class Failed(msgspec.Struct):
    failed: Error


def version(files: LessonFiles) -> str:
    """A digest of all that decides a grade: the lesson's three files, and the modules that make inputs, observe and judge.
    What was graded under another version is graded again."""
    here = Path(__file__).parent
    own = [(here / f"{name}.py").read_text(encoding="utf-8") for name in DECIDING]
    return digest([files.handout, files.checks, files.misconceptions, *own])


def digest(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def seed_of(check: Check, seed: str) -> str:
    """The seed of a check's inputs. A hidden one has its own: that of the others can be read in the process that runs them,
    and would tell the inputs that are still to come."""
    return digest([seed, check.name]) if check.hidden else seed


def build(files: LessonFiles, worker: Worker, seed: str, *, public_only: bool) -> Key:
    """Run the reference and the misconceptions on the inputs that `seed` gives.

    Args:
        public_only: leave out the hidden checks, as the key of a release must.

    Raises:
        CourseError: a cell of the reference or a probe failed in a way that no check declares.
    """
    pictures.prepare(files.handout + files.checks)
    tries = 3
    while True:
        tries -= 1
        try:
            return _build(files, worker, seed, public_only)
        except Fault as fault:
            # A lesson is trusted not to kill itself, and a class is not to stop because its machine is short of memory.
            if not (tries and isinstance(fault, (Killed, Stalled))):
                said = f"solutions/{files.name}: the lesson's own code did not come to an end: {fault}."
                raise CourseError(said) from None


def _build(files: LessonFiles, worker: Worker, seed: str, public_only: bool) -> Key:
    session = worker.session()
    try:
        for index, source in enumerate(files.code_cells):
            reply = ask(session, {"do": "cell", "index": index, "source": source}, CellReply, SECONDS)
            if reply.error:
                raise CourseError(
                    f"solutions/{files.name}/lesson.py: code cell {index + 1} stops with {reply.error.type}: "
                    f"{reply.error.message}"
                )
        public = ask(session, {"do": "load", "checks": files.public_checks}, Described, SECONDS)
        names = {check.name for check in public.checks}
        full = ask(
            session, {"do": "load", "checks": files.checks, "misconceptions": files.misconceptions}, Described, SECONDS
        )
        for check in full.checks:
            check.hidden = check.name not in names
        for exercise in full.exercises:
            exercise.points = sum(check.points for check in full.checks if check.exercise == exercise.name)
        checks = [check for check in full.checks if not (public_only and check.hidden)]
        key = Key(files.name, seed, full.exercises, checks, {}, full.misconceptions)
        for check in checks:
            if check.at_least is not None:
                check.given = ask(session, {"do": "given", "name": check.name}, Given, SECONDS)
                key.expected[check.name] = []
                continue
            key.expected[check.name] = observed(session, check.name, seed_of(check, seed), show_inputs=True)
        for mistake in key.mistakes:
            for check in key.compared(mistake.exercise):
                mistake.observations[check.name] = observed(
                    session, check.name, seed_of(check, seed), answer=mistake.name, advice=False
                )
        return key
    finally:
        session.close()


def observed(session: Session, check: str, seed: str, **options: Any) -> list[Observation]:
    """The observations of one check of the lesson that the session has loaded; those on a GPU are left out, since a key has
    to be the same wherever it is made."""
    seen = ask(session, {"do": "check", "name": check, "seed": seed, **options}, Observed, SECONDS).observations
    return [observation for observation in seen if observation.kind != "cuda"]


def ask(session: Session, message: dict[str, Any], kind: type[T], seconds: float) -> T:
    """One step whose failure is the course's own.

    Raises:
        CourseError: the step reports an error.
    """
    text, blob = session.call(message, seconds)
    try:
        return decode(text, blob, kind)
    except Malformed as malformed:
        try:
            failed = decode(text, b"", Failed).failed
        except Malformed:
            raise malformed from None
        raise CourseError(f"The lesson's checks or misconceptions fail with {failed.type}: {failed.message}") from None


def save(key: Key, folder: Path) -> dict[Path, bytes]:
    """The files of a release's answer key, as bytes; the same key gives the same bytes."""
    for observations in [
        *key.expected.values(),
        *(seen for item in key.mistakes for seen in item.observations.values()),
    ]:
        for observation in observations:
            observation.seconds = 0.0
    text, blob = encode(key)
    return {folder / JSON_NAME: compact(text).encode(), folder / TENSORS_NAME: blob}


def alike(folder: Path, built: dict[str, bytes]) -> bool:
    """Whether the answer key in a folder is the one that was built, but for the rounding of its numbers. What mistaken
    answers give is left out: where they go astray, rounding may lead them anywhere."""
    try:
        old, new = load(folder), decode(built[JSON_NAME], built[TENSORS_NAME], Key)
        for mistake in (*old.mistakes, *new.mistakes):
            mistake.observations = {}
        return _alike(*(msgspec.to_builtins(key, builtin_types=(np.ndarray,)) for key in (old, new)))
    except (CourseError, Malformed):
        return False


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        same = (one.dtype, one.shape) == (other.dtype, other.shape)
        return same and bool(np.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        try:
            return bool(np.isclose(float(one), float(other), rtol=1e-4, atol=1e-5))  # a float is kept as text
        except ValueError:
            return False
    return bool(one == other)


def load(folder: Path) -> Key:
    """Read a release's answer key.

    Raises:
        CourseError: there is none, or it can't be read.
    """
    try:
        return decode((folder / JSON_NAME).read_bytes(), (folder / TENSORS_NAME).read_bytes(), Key)
    except OSError:
        raise CourseError(
            f"{folder} holds no answer key ({JSON_NAME} and {TENSORS_NAME}). Copy the whole folder of the lesson."
        ) from None
    except Malformed as error:
        raise CourseError(
            f"The answer key in {folder} can't be read: {error}. Copy the folder of the lesson again."
        ) from None
