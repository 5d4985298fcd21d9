"""Expectations: what the reference and the misconceptions gave, from a run of them or from a release's answer key."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import numpy as np

from grader import pictures
from grader.errors import CourseError as CourseError
from grader.messages import say
from grader.observation import Error, Malformed, Observation, compact, decode, encode
from grader.sandbox.fault import Fault, Killed, Stalled
from grader.sandbox.pool import Session, Worker
from grader.source import LessonFiles

T = TypeVar("T")
SECONDS = 60.0
"""Time that a cell or a check of a lesson's own code may take."""
NOT_DECIDING = frozenset(
    "report integrations student cli gradebook own_check release publishable handout slips verify chance audit mutate "
    "simulate".split()
)
"""The modules and folders of this package that no grade depends on; `version` covers all others."""
JSON_NAME, TENSORS_NAME, CHECKS_NAME = "answer_key.json", "answer_key.safetensors", "checks.py"


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
    files: dict[str, str] = {}
    """Digests of all files of the release but this one, by name: what `grader release` may replace, and what `load` accepts
    beside the key."""
    hidden: int = 0
    """How many hidden checks the lesson has."""
    pictures: list[tuple[int, int]] = []
    """The pictures that the lesson asked for: how many, and the seed they are drawn from."""

    def checks_of(self, exercise: str) -> list[Check]:
        return [check for check in self.checks if check.exercise == exercise]

    def points_of(self, exercise: str) -> float:
        return next(item.points for item in self.exercises if item.name == exercise)

    def compared(self, exercise: str) -> list[Check]:
        """The checks of an exercise on which an answer can be compared with the reference or with a misconception."""
        return [check for check in self.checks_of(exercise) if check.at_least is None]


class Outline(msgspec.Struct):
    """What a list of exercises needs of a key: it is read in a millisecond, since the expectations are passed over."""

    lesson: str
    exercises: list[Exercise]
    checks: list[OutlinedCheck]
    released: dict[str, str] = {}
    files: dict[str, str] = {}
    hidden: int = 0


class OutlinedCheck(msgspec.Struct):
    """The name of a check, and of the exercise that it belongs to."""

    name: str
    exercise: str


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
    """What became of a cell: the first error, and those of statements below it (a few), which are run all the same."""

    error: Error | None
    printed: str
    more: list[Error] = []
    noted: list[Noted] = []


class Failed(msgspec.Struct):
    failed: Error


def version(files: LessonFiles) -> str:
    """A digest of all that decides a grade: the lesson's three files, this package, and PyTorch's version. What was graded
    under another version is graded again."""
    return digest([files.handout, files.checks, files.misconceptions, *kit()])


def kit() -> list[str]:
    """What decides a grade besides the lesson: PyTorch's version, and the text of this package."""
    here = Path(__file__).parent
    own = [
        f"{path.relative_to(here).as_posix()}\n{path.read_text(encoding='utf-8')}"
        for path in sorted(here.rglob("*.py"))
        if path.relative_to(here).parts[0].removesuffix(".py") not in NOT_DECIDING
    ]
    return [version_of("torch"), *own]


def digest(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def file_digest(data: bytes) -> str:
    """A digest of a file that is the same for text with other line ends or a byte order mark."""
    with suppress(UnicodeDecodeError):
        data = data.decode("utf-8-sig").replace("\r\n", "\n").encode()
    return hashlib.sha256(data).hexdigest()[:16]


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
    tries = 3
    while True:
        tries -= 1
        try:
            key = _build(files, worker, seed, public_only)
        except Fault as fault:
            # A lesson is trusted not to kill itself, and a class is not to stop because its machine is short of memory.
            if not (tries and isinstance(fault, (Killed, Stalled))):
                said = f"{files.place}: the lesson's own code did not come to an end: {fault}."
                raise CourseError(said) from None
        else:
            pictures.prepare(key.pictures)
            return key


def _build(files: LessonFiles, worker: Worker, seed: str, public_only: bool) -> Key:
    session = worker.session()
    try:
        run_cells(session, files)
        public = _load(session, files, {"checks": files.blanked_checks})
        names = {check.name for check in public.checks}
        full = _load(session, files, {"checks": files.checks, "misconceptions": files.misconceptions})
        for check in full.checks:
            check.hidden = check.name not in names
        for exercise in full.exercises:
            exercise.points = sum(check.points for check in full.checks if check.exercise == exercise.name)
        checks = [check for check in full.checks if not (public_only and check.hidden)]
        key = Key(files.name, seed, full.exercises, checks, {}, full.misconceptions)
        key.hidden = sum(check.hidden for check in full.checks)
        for check in checks:
            where = files.where(check.name)
            if check.at_least is not None:
                check.given = ask(session, {"do": "given", "name": check.name}, Given, SECONDS, where)
                key.expected[check.name] = []
                continue
            own = seed_of(check, seed)
            key.expected[check.name] = observed(session, check.name, own, where, show_inputs=True)
        for mistake in key.mistakes:
            where = files.where(mistake.name)
            for check in key.compared(mistake.exercise):
                own = seed_of(check, seed)
                seen = observed(session, check.name, own, where, answer=mistake.name, advice=False)
                mistake.observations[check.name] = seen
        asked = ask(
            session, {"do": "cell", "index": len(files.code_cells), "source": pictures.ASKED}, CellReply, SECONDS
        )
        key.pictures = msgspec.json.decode(asked.printed, type=list[tuple[int, int]])
        return key
    finally:
        session.close()


def run_cells(session: Session, files: LessonFiles) -> None:
    """Run the cells of a handout, with the references in place.

    Raises:
        CourseError: a cell stops with an error.
    """
    cells = [cell for cell in files.cells if cell.kind == "code"]
    for index, cell in enumerate(cells):
        reply = ask(session, {"do": "cell", "index": index, "source": cell.source}, CellReply, SECONDS)
        if reply.error:
            line = cell.line - 1 + (reply.error.line if reply.error.line and reply.error.cell == index else 1)
            raise CourseError(f"{files.place}/lesson.py, line {line}: {stopped(reply.error)}")


def stopped(error: Error) -> str:
    """An error of a lesson's own code, as the end of a sentence for its author."""
    return (
        error.message
        if error.type == "LessonError"
        else f"the lesson's own code stops with {error.type}: {error.message}"
    )


def _load(session: Session, files: LessonFiles, texts: dict[str, str]) -> Described:
    """Declare a lesson in a session.

    Raises:
        CourseError: its checks or its misconceptions fail. The message says in which line.
    """
    reply = _answer(session, {"do": "load", **texts}, Described, SECONDS, files.place)
    if isinstance(reply, Failed):
        raise CourseError(_located(session, files, reply.failed))
    return reply


def _located(session: Session, files: LessonFiles, error: Error) -> str:
    """What stopped a lesson's declarations, with its line: they are run once more as cells, whose errors have one."""
    if found := re.fullmatch(r"(?P<said>.*) \((?P<file>\w+\.py), line (?P<line>\d+)\)", error.message, re.DOTALL):
        return f"{files.place}/{found['file']}, line {found['line']}: {error.type}: {found['said']}"
    if error.type == "LessonError" or (error.type == "LookupError" and error.message.startswith("checks.py ")):
        return f"{files.place}/{error.message}"
    for name, text in (("checks.py", files.checks), ("misconceptions.py", files.misconceptions)):
        reply = _answer(session, {"do": "cell", "index": 0, "source": text}, CellReply, SECONDS, files.place)
        if isinstance(reply, CellReply) and reply.error:
            line = f", line {reply.error.line}" if reply.error.line else ""
            return f"{files.place}/{name}{line}: {stopped(reply.error)}"
        _answer(session, {"do": "load", "checks": files.checks}, Described, SECONDS, files.place)
    return f"{files.place}: {stopped(error)}"


def observed(session: Session, check: str, seed: str, where: str, **options: Any) -> list[Observation]:
    """The observations of one check of the lesson that the session has loaded; those on a GPU are left out, since a key has
    to be the same wherever it is made."""
    seen = ask(session, {"do": "check", "name": check, "seed": seed, **options}, Observed, SECONDS, where).observations
    return [observation for observation in seen if observation.kind != "cuda"]


def ask(session: Session, message: dict[str, Any], kind: type[T], seconds: float, where: str = "The lesson") -> T:
    """One step whose failure is the course's own.

    Args:
        where: the file and line that an error is told with.

    Raises:
        CourseError: the step reports an error.
    """
    reply = _answer(session, message, kind, seconds, where)
    if isinstance(reply, Failed):
        raise CourseError(f"{where}: {stopped(reply.failed)}")
    return reply


def _answer(session: Session, message: dict[str, Any], kind: type[T], seconds: float, where: str) -> T | Failed:
    text, blob = session.call(message, seconds)
    try:
        return decode(text, blob, kind)
    except Malformed as malformed:
        try:
            return decode(text, b"", Failed)
        except Malformed:
            raise CourseError(f"{where}: what it gives can't be read ({malformed}).") from None


def save(key: Key) -> dict[str, bytes]:
    """The files of a release's answer key, as bytes, by name; the same key gives the same bytes. Notes the digest of the
    second one in the key."""
    for observations in [
        *key.expected.values(),
        *(seen for item in key.mistakes for seen in item.observations.values()),
    ]:
        for observation in observations:
            observation.seconds = 0.0
    _, tensors = encode(key)
    key.files[TENSORS_NAME] = file_digest(tensors)
    text, _ = encode(key)
    return {JSON_NAME: compact(text).encode(), TENSORS_NAME: tensors}


def alike(folder: Path, built: dict[str, bytes]) -> bool:
    """Whether the answer key in a folder is the one that was built, but for the rounding of its numbers. What mistaken
    answers give is left out: where they go astray, rounding may lead them anywhere."""
    try:
        old, new = load(folder), decode(built[JSON_NAME], built[TENSORS_NAME], Key)
        for key in (old, new):
            key.files.pop(TENSORS_NAME, None)
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


def outline(folder: Path) -> Outline:
    """What is in a release's answer key, without what is expected.

    Raises:
        CourseError: there is no key, or it can't be read.
    """
    try:
        return msgspec.json.decode((folder / JSON_NAME).read_bytes(), type=Outline)
    except (OSError, msgspec.MsgspecError):
        load(folder)  # it says what is wrong
        raise


def load(folder: Path) -> Key:
    """Read a release's answer key.

    Raises:
        CourseError: there is none, it can't be read, or a file beside it is of another release.
    """
    try:
        tensors = (folder / TENSORS_NAME).read_bytes()
        key = decode((folder / JSON_NAME).read_bytes(), tensors, Key)
    except OSError:
        raise CourseError(
            f"{folder} holds no answer key ({JSON_NAME} and {TENSORS_NAME}). Copy the whole folder of the lesson."
        ) from None
    except Malformed as error:
        raise CourseError(
            f"The answer key in {folder} can't be read: {error}. Copy the folder of the lesson again."
        ) from None
    checks = folder / CHECKS_NAME
    beside = {TENSORS_NAME: tensors} | ({CHECKS_NAME: checks.read_bytes()} if checks.is_file() else {})
    for name, data in beside.items():
        if key.files.get(name, file_digest(data)) != file_digest(data):
            raise CourseError(say("other_release", file=name, folder=folder))
    return key
