"""What a student has done: the state of each answer, remembered by the digest of what was checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from grader.digest import digest
from grader.files import submission
from grader.files.answer_file import is_notebook, release_digest
from grader.files.course import Course
from grader.files.names import CHECKS_NAME
from grader.files.outline import Outline, outline
from grader.files.submission import Submission
from grader.judge.result import Points, Result, State
from grader.kit import kit
from grader.stubs import begun

FOLDER = ".grader"
"""Where, in a student's course, what the grader remembers is kept. Nothing of it is sent anywhere."""


class Known(msgspec.Struct):
    """What an exercise came to: its state, the points of the checks that passed, and the digest of what was checked."""

    state: State
    earned: Points
    of: str


class _Page(msgspec.Struct):
    exercises: dict[str, Known] = {}
    hints: dict[str, Annotated[int, msgspec.Meta(ge=0)]] = {}


@dataclass(frozen=True)
class Lesson:
    """A lesson as it lies in a student's course: what it asks for, and what was answered."""

    outline: Outline
    checks: str
    answers: Submission

    @property
    def name(self) -> str:
        return self.outline.lesson

    @property
    def names(self) -> list[str]:
        return [item.name for item in self.outline.exercises]

    @cached_property
    def untouched(self) -> bool:
        """Whether the file is as it was given out, or there is none: then there is nothing to check."""
        if any(map(self.answers.words, self.answers.written)):
            return False
        suffix = ".ipynb" if is_notebook(self.answers.file) else ".py"
        return not self.answers.cells or release_digest(self.answers.code) == self.outline.released.get(suffix)

    @cached_property
    def written(self) -> dict[str, str]:
        """The text of the cells that define each exercise; nothing where there are none, or they are no valid Python."""
        found = {}
        for name in self.names:
            text = "\n".join(cell.source.strip() for cell in self.answers.code if submission.definition(cell.source, name))
            found[name] = text if _parsed(text) else ""
        return found

    def is_stub(self, name: str) -> bool:
        """Whether what defines an exercise is a stub, so that there is nothing to check."""
        nodes = _parsed(self.written[name])
        defining = [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name]
        return bool(defining) and not any(map(begun, defining))

    @cached_property
    def digests(self) -> dict[str, str]:
        """For each exercise a digest of all that decides whether it is right.

        A cell that does nothing but define other exercises is left out of it, unless something that is not left out
        mentions one of them: so work on one exercise does not make the others be checked again.
        """
        answers = self.answers
        beside = [text for item in sorted(answers.beside.items()) if item[0] != answers.file for text in item]
        stamp = [
            digest([self.checks, *self.outline.files.values(), *_kit()]),
            answers.file,
            *answers.notes,
            *beside,
        ]
        cells = [(cell.source, _only_defines(cell.source)) for cell in answers.code]
        used = _used_by_checks(self.checks, tuple((check.name, check.exercise) for check in self.outline.checks))
        return {name: digest([*stamp, *_deciding(cells, {name} | used.get(name, set()))]) for name in self.names}


def lesson(course: Course, name: str, file: str = "") -> Lesson:
    """Read a lesson of a student's course.

    Args:
        file: the name of the file to read, where it was asked about by name.

    Raises:
        CourseError: its answer key can't be read.
    """
    folder = course.folder(name)
    told = outline(folder)
    checks = ""
    with suppress(OSError, UnicodeDecodeError):
        checks = (folder / CHECKS_NAME).read_text(encoding="utf-8")
    answers = submission.read(folder, "", name, told.released, [item.name for item in told.exercises], file)
    return Lesson(told, checks, answers)


class Progress:
    """What is remembered in a course, in `.grader/progress.json`."""

    def __init__(self, course: Course) -> None:
        self._path = course.exercises / FOLDER / "progress.json"

    def states(self, lesson: Lesson) -> dict[str, Known | None]:
        """What each exercise of a lesson came to; None for one whose answer has changed since, or was never checked."""
        if lesson.untouched:
            return {name: Known("stub" if lesson.answers.cells else "missing", 0.0, "") for name in lesson.names}
        known, states = self._read().exercises, {}
        for name in lesson.names:
            item = known.get(f"{lesson.name}/{name}")
            stub = Known("stub", 0.0, "") if lesson.is_stub(name) else None
            states[name] = item if item and item.of == lesson.digests[name] else stub
        return states

    def remember(self, lesson: Lesson, result: Result) -> None:
        """Note what a check of these answers gave. What could not be judged is not an answer to remember."""
        page = self._read()
        for item in result.exercises:
            if item.state != "unjudged" and item.exercise in lesson.digests:
                known = Known(item.state, item.earned, lesson.digests[item.exercise])
                page.exercises[f"{lesson.name}/{item.exercise}"] = known
        self._write(page)

    def hints_read(self, lesson: str, exercise: str) -> int:
        return self._read().hints.get(f"{lesson}/{exercise}", 0)

    def read_hint(self, lesson: str, exercise: str, number: int) -> None:
        """Note that the hints up to this number were read."""
        page = self._read()
        page.hints[f"{lesson}/{exercise}"] = max(number, page.hints.get(f"{lesson}/{exercise}", 0))
        self._write(page)

    def _read(self) -> _Page:
        with suppress(OSError, msgspec.MsgspecError):
            return msgspec.json.decode(self._path.read_bytes(), type=_Page)
        return _Page()

    def _write(self, page: _Page) -> None:
        with suppress(OSError):  # a course that can't be written into can be worked on all the same
            folder = made(self._path.parent)
            partial = folder / "progress.partial"
            partial.write_bytes(msgspec.json.format(msgspec.json.encode(page), indent=1))
            partial.replace(self._path)


def made(folder: Path) -> Path:
    """The folder `.grader`, made where it is not there, and kept out of everybody's repository."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return folder


@cache
def _kit() -> list[str]:
    return [digest(kit())]


def _deciding(cells: list[tuple[str, frozenset[str]]], wanted: set[str]) -> Iterator[str]:
    """The cells that an exercise rests on: all but those that only define others which nothing mentions."""
    kept = [not defined for _, defined in cells]
    while True:
        words = wanted | {word for (text, _), keep in zip(cells, kept, strict=True) if keep for word in _WORD.findall(text)}
        now = [keep or bool(defined & words) for (_, defined), keep in zip(cells, kept, strict=True)]
        if now == kept:
            return (text for (text, _), keep in zip(cells, kept, strict=True) if keep)
        kept = now


_WORD = re.compile(r"\w+")


@lru_cache(maxsize=500)
def _parsed(text: str) -> tuple[ast.stmt, ...]:
    """The statements of a text; none where it is no valid Python."""
    try:
        return tuple(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _only_defines(source: str) -> frozenset[str]:
    """The names of the functions and classes that a cell defines; none where it does anything else too."""
    body = _parsed(source)
    defines = [node for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.decorator_list]
    return frozenset(node.name for node in defines) if len(defines) == len(body) else frozenset()


@lru_cache(maxsize=50)
def _used_by_checks(checks: str, exercises: tuple[tuple[str, str], ...]) -> dict[str, set[str]]:
    """For each exercise the names that its checks' own code mentions: they may use another exercise too. `exercises` are
    the names of checks, each with that of its exercise."""
    try:
        body = ast.parse(checks).body
    except (SyntaxError, ValueError):
        return {}
    of = dict(exercises)
    used: dict[str, set[str]] = {exercise: set() for exercise in of.values()}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = {item.attr for part in node.body for item in ast.walk(part) if isinstance(item, ast.Attribute)}
            for exercise in [of[node.name]] if node.name in of else list(used):
                used[exercise] |= names
    return used
