"""Makes the expectations of a lesson: runs the reference and the misconceptions, and notes what they give."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from grader.checks import ADVICE
from grader.edits import edited
from grader.errors import CourseError, Fault, Killed, Stalled
from grader.files.names import JSON_NAME, TENSORS_NAME
from grader.files.source import LessonFiles
from grader.judge.key import Key, Mistake, given_seed, load_key, seed_of
from grader.judge.observation import Error, Malformed, Observation, decode
from grader.judge.trace import Trace
from grader.lesson import pictures
from grader.sandbox.client import Client, Described, StepFailed
from grader.sandbox.session import Worker

SAME_TRACES = 0.9
"""The part of the pairs of mistakes whose traces have to be as they were: rounding may lead one astray, and no more."""
SECONDS = 60.0
"""Processor time that a cell or a check of a lesson's own code may take."""


def build_key(
    files: LessonFiles, worker: Worker, seed: str, *, public_only: bool, misconceptions: Collection[str] | None = None
) -> Key:
    """Run the reference and the misconceptions on the inputs that `seed` gives.

    Args:
        public_only: leave out the hidden checks, as the key of a release must.
        misconceptions: the exercises whose misconceptions are run; of all where it is left out. `observe_mistakes` runs
            those of the others later.

    Raises:
        CourseError: a cell of the reference or a probe failed in a way that no check declares.
    """
    key = _persist(files, lambda: _build(files, worker, seed, public_only, misconceptions))
    pictures.prepare(key.pictures)
    return key


def observe_mistakes(files: LessonFiles, worker: Worker, key: Key, mistakes: list[Mistake]) -> list[Mistake]:
    """Run some of the misconceptions on a key's inputs. The key itself stays as it is.

    Raises:
        CourseError: as `build_key`.
    """

    def observed() -> list[Mistake]:
        with talk(worker) as client:
            run_cells(client, files)
            _load(client, files, **files.declarations)
            return _observed(client, files, key, mistakes)

    return _persist(files, observed)


Made = TypeVar("Made")


def _persist(files: LessonFiles, make: Callable[[], Made]) -> Made:
    """What the lesson's own code gives. It is trusted not to kill itself, and a class is not to stop because its machine is
    short of memory: what was killed or stalled is tried three times."""
    tries = 3
    while True:
        tries -= 1
        try:
            return make()
        except Fault as fault:
            if not (tries and isinstance(fault, (Killed, Stalled))):
                said = f"{files.place}: the lesson's own code did not come to an end: {fault}."
                raise CourseError(said) from None


@contextmanager
def talk(worker: Worker) -> Iterator[Client]:
    """A session of a lesson's own code."""
    with closing(worker.session()) as session:
        yield Client(session, SECONDS)


@contextmanager
def blamed_on(where: str, what: str = "what stands here") -> Iterator[None]:
    """Steps whose failure is the course's own.

    Args:
        where: the file and the line that an error is told with.
        what: is run, for a sentence.

    Raises:
        CourseError: a step reports an error, or what it gives can't be read.
    """
    try:
        yield
    except StepFailed as failed:
        raise CourseError(f"{where}: {stopped(failed.error)}") from None
    except Fault as fault:
        if fault.kind == "time":
            raise CourseError(
                f"{where}: {what} takes more than {SECONDS:g} seconds. Is there a loop without an end?"
            ) from None
        if fault.kind not in ("flood", "large"):
            raise
        why = "it is too large" if fault.kind == "large" else fault.detail
        raise CourseError(f"{where}: what it gives can't be read ({why}).") from None


def _build(files: LessonFiles, worker: Worker, seed: str, public_only: bool, misconceptions: Collection[str] | None) -> Key:
    with talk(worker) as client:
        run_cells(client, files)
        _load(client, files, **files.declarations | {"misconceptions": ""})
        public = _load(client, files, checks=files.public_checks)
        full = _load(client, files, **files.declarations)
        _require_cut(files, public, full)
        exercises = [files.about(name) for name in full.exercises]
        for exercise in exercises:
            own = [check for check in full.checks if check.exercise == exercise.name]
            exercise.points, exercise.hidden = sum(check.points for check in own), sum(check.hidden for check in own)
        checks = [check for check in full.checks if not (public_only and check.hidden)]
        key = Key(files.name, seed, exercises, checks, {}, full.misconceptions)
        key.hidden = sum(check.hidden for check in full.checks)
        key.written = full.written
        if full.follow_through:
            _add_follow_through(files, client, full, key)
        for check in checks:
            with blamed_on(files.where(check.name), f"the solution of {check.exercise} in the check {check.name}"):
                if check.at_least is None:
                    key.expected[check.name] = observe(client, check.name, seed_of(check, seed), show_inputs=True)
                else:
                    check.given = client.given(check.name, given_seed(check, seed))
                    key.expected[check.name] = []
        chosen = {item.name for item in exercises} if misconceptions is None else misconceptions
        asked = [mistake for mistake in key.mistakes if mistake.exercise in chosen]
        known = {mistake.name: mistake for mistake in _observed(client, files, key, asked)}
        key.mistakes = [known.get(mistake.name, mistake) for mistake in key.mistakes]
        drawn = client.cell(len(files.code_cells), pictures.ASKED)
        key.pictures = msgspec.json.decode(drawn.printed, type=list[tuple[int, int]])
        return key


def _add_follow_through(files: LessonFiles, client: Client, full: Described, key: Key) -> None:
    """Note the solutions that may stand in where a lesson asks for follow-through, and what solutions call.

    Raises:
        CourseError: none may.
    """
    for name, named in client.names(full.exercises).names.items():
        key.calls[name] = [other for other in full.exercises if other in named.uses and other != name]
    key.stand_ins = {name: edited(files.references[name], ()) for name in full.solutions if name in files.references}
    if not key.stand_ins.keys() & {other for called in key.calls.values() for other in called}:
        raise CourseError(
            f"{files.place}/checks.py: the lesson asks for follow_through, and no solution may stand in. Say "
            'solution="after" of an exercise that others call, and whose solution students may read.'
        )


def _observed(client: Client, files: LessonFiles, key: Key, mistakes: list[Mistake]) -> list[Mistake]:
    """Misconceptions, with what they give on the inputs of a key."""
    found = []
    for mistake in mistakes:
        observations = {}
        for check in key.compared(mistake.exercise):
            with blamed_on(files.where(mistake.name), f"the misconception {mistake.name} of {mistake.exercise}"):
                own = seed_of(check, key.seed)
                seen = observe(client, check.name, own, answer=mistake.name, advice=False)
            observations[check.name] = [_as_the_exercise(mistake, item) for item in seen]
        found.append(msgspec.structs.replace(mistake, observations=observations))
    return found


def _as_the_exercise(mistake: Mistake, seen: Observation) -> Observation:
    """What a misconception gives, in whose errors it is called what a student's answer is called."""
    if seen.error:
        seen.error.message = re.sub(rf"\b{mistake.name}\b", mistake.exercise, seen.error.message)
    return seen


def _require_cut(files: LessonFiles, public: Described, full: Described) -> None:
    """Raise where a hidden check would be given out, or a public one would not."""
    given_out = {check.name for check in public.checks}
    for check in full.checks:
        if check.hidden == (check.name in given_out):
            raise CourseError(
                f"{files.where(check.name)}: {check.name} is {'hidden' if check.hidden else 'public'}, and the release "
                f"{'holds it' if check.hidden else 'lacks it'}. Write `hidden=True` in its own decorator, or nothing of it."
            )


def run_cells(client: Client, files: LessonFiles) -> None:
    """Run the cells of a handout, with the references in place.

    Raises:
        CourseError: a cell stops with an error.
    """
    cells = [cell for cell in files.cells if cell.kind == "code"]
    client.bring(files.data)
    for index, cell in enumerate(cells):
        with blamed_on(f"{files.place}/lesson.py, line {cell.line}"):
            reply = client.cell(index, cell.source)
        if reply.error:
            line = cell.line - 1 + (reply.error.line if reply.error.line and reply.error.cell == index else 1)
            raise CourseError(f"{files.place}/lesson.py, line {line}: {stopped(reply.error)}")


def stopped(error: Error) -> str:
    """An error of a lesson's own code, as the end of a sentence for its author."""
    return (
        error.message if error.type == "LessonError" else f"the lesson's own code stops with {error.type}: {error.message}"
    )


def _load(client: Client, files: LessonFiles, **texts: Any) -> Described:
    """Declare a lesson in a session.

    Raises:
        CourseError: its checks or its misconceptions fail. The message says in which line.
    """
    try:
        return client.load(**texts)
    except StepFailed as failed:
        raise CourseError(_located(client, files, failed.error)) from None


def _located(client: Client, files: LessonFiles, error: Error) -> str:
    """What stopped a lesson's declarations, with its line: they are run once more as cells, whose errors have one."""
    if found := re.fullmatch(r"(?P<said>.*) \((?P<file>\w+\.py), line (?P<line>\d+)\)", error.message, re.DOTALL):
        return f"{files.place}/{found['file']}, line {found['line']}: {error.type}: {found['said']}"
    if error.type == "LessonError" or (error.type == "LookupError" and error.message.startswith("checks.py ")):
        return f"{files.place}/{error.message}"
    for name, text in (("checks.py", files.checks), ("misconceptions.py", files.misconceptions)):
        reply = client.cell(0, text)
        if reply.error:
            line = f", line {reply.error.line}" if reply.error.line else ""
            return f"{files.place}/{name}{line}: {stopped(reply.error)}"
        client.load(**files.declarations | {"misconceptions": ""})
    return f"{files.place}: {stopped(error)}"


def observe(client: Client, check: str, seed: str, **options: Any) -> list[Observation]:
    """The observations of one check of the lesson that the session has loaded. Those on a GPU are left out, since a key has
    to be the same wherever it is made, and so are variants on which the reference itself stops: they don't apply."""
    seen = client.check(check, seed, **options).observations
    return [item for item in seen if item.kind != "cuda" and not (item.error and item.kind in ADVICE)]


def alike(folder: Path, built: dict[str, bytes]) -> bool:
    """Whether the answer key in a folder is the one that was built, but for the rounding of its numbers. What mistaken
    answers give is left out: where they go astray, rounding may lead them anywhere."""
    try:
        old, new = load_key(folder), decode(built[JSON_NAME], built[TENSORS_NAME], Key)
        traces = [(one.trace.digest, other.trace.digest) for one, other in zip(old.pairs, new.pairs, strict=False)]
        if sum(one == other for one, other in traces) < SAME_TRACES * len(new.pairs):
            return False
        for key in (old, new):
            key.files.pop(TENSORS_NAME, None)
            for pair in key.pairs:
                pair.trace = Trace("", np.zeros(0))
            for mistake in key.mistakes:
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
