"""Makes a class of students for demonstrations and benchmarks, out of references, stubs, mistakes and broken files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

from grader.author import handout, mistakes, release
from grader.errors import CourseError
from grader.files import prose
from grader.files.course import Course
from grader.files.source import Cell, LessonFiles

Answers = dict[str, str]
"""The text of each exercise's cell, by name."""


def simulate(
    course: Course, students: int, seed: int, out: Path, *, lessons: list[str], broken: bool = True
) -> list[tuple[str, str, str]]:
    """Write `out/submitted/<student>/<lesson>/` for a class; the same seed writes the same class.

    Args:
        broken: also make hand-ins that are broken: not a notebook, a loop without end, an empty folder.

    Returns:
        For each hand-in the student, the lesson, and what it is.

    Raises:
        CourseError: the folder is there already: a class is never overwritten.
    """
    if (out / "submitted").exists():
        raise CourseError(f"{out / 'submitted'} is there already. Name another folder, or remove it first.")
    made = []
    profiles = [*SOUND, *(BROKEN if broken else [])]
    for offset, lesson in enumerate(lessons):
        author = Author(course.files(lesson))
        for number in range(students):
            dice = random.Random(f"{seed}/{lesson}/{number}")
            profile = profiles[(number + 5 * offset) % len(profiles)]
            folder = out / "submitted" / name_of(number) / lesson
            folder.mkdir(parents=True)
            made.append((name_of(number), lesson, profile(author, folder, dice)))
    return made


def name_of(number: int) -> str:
    """A student's name: some in Chinese, some with a space."""
    pattern = "学生-{:03}" if number % 9 == 6 else "student {:03}" if number % 9 == 3 else "student-{:03}"
    return pattern.format(number + 1)


class Author:
    """What answers to one lesson are made of."""

    def __init__(self, files: LessonFiles) -> None:
        self.files = files
        self.right: Answers = {cell.exercise: release.solved(cell) for cell in files.cells if cell.exercise}
        self.stubs: Answers = {cell.exercise: release.stubbed(cell.source) for cell in files.cells if cell.exercise}
        if not self.right:
            raise CourseError(f"{files.place}/lesson.py has no exercise that students could answer.")
        self.wrong = mistakes.as_handed_in(files)

    def mistaken(self, dice: random.Random, number: int) -> tuple[Answers, list[str]]:
        """The reference with misconceptions in the place of some exercises."""
        names = dice.sample(sorted(self.wrong), min(number, len(self.wrong)))
        chosen = {self.wrong[name][0]: (name, self.wrong[name][1]) for name in names}
        answers = self.right | {exercise: text for exercise, (_, text) in chosen.items()}
        return answers, [name for name, _ in chosen.values()]

    def write(self, folder: Path, answers: Answers, suffix: str, extra: str = "") -> None:
        """Write answers as a notebook or a .py, with one more cell at the end of the imports."""
        cells = [Cell(cell.kind, answers[cell.exercise]) if cell.exercise else cell for cell in self.files.cells]
        if extra:
            cells.insert(2, Cell("code", extra))
        if suffix == ".py":
            parts = [_percent(cell) for cell in cells]
            (folder / f"{self.files.name}.py").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
            return
        notebook = {
            "cells": [self._notebook_cell(number, cell) for number, cell in enumerate(cells)],
            "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5,
        }  # fmt: skip
        (folder / f"{self.files.name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")

    def _notebook_cell(self, number: int, cell: Cell) -> dict[str, object]:
        """A cell; one with text as students were given it, without hints and with its figures."""
        common: dict[str, object] = {"cell_type": cell.kind, "id": f"cell-{number}", "metadata": {}}
        if cell.kind == "code":
            return common | {"source": cell.source, "execution_count": None, "outputs": []}
        text, figures = handout.with_figures(prose.statement(cell.source), self.files)
        return common | {"source": text} | ({"attachments": figures} if figures else {})


def _percent(cell: Cell) -> str:
    if cell.kind == "code":
        return f"# %%\n{cell.source}"
    return "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in cell.source.split("\n"))


Profile = Callable[[Author, Path, random.Random], str]


def _reference(suffix: str) -> Profile:
    def write(author: Author, folder: Path, dice: random.Random) -> str:
        author.write(folder, author.right, suffix)
        return f"reference {suffix}"

    return write


def _mistakes(number: int, suffix: str) -> Profile:
    def write(author: Author, folder: Path, dice: random.Random) -> str:
        answers, names = author.mistaken(dice, number)
        author.write(folder, answers, suffix)
        return ", ".join(names) or "no mistake, for want of misconceptions"

    return write


def _half(author: Author, folder: Path, dice: random.Random) -> str:
    names = list(author.right)
    answers = author.stubs | {name: author.right[name] for name in names[: len(names) // 2]}
    author.write(folder, answers, ".ipynb")
    return "half of it"


def _stubs(author: Author, folder: Path, dice: random.Random) -> str:
    author.write(folder, author.stubs, ".ipynb")
    return "stubs"


def _with_cell(extra: str, what: str, suffix: str = ".ipynb") -> Profile:
    def write(author: Author, folder: Path, dice: random.Random) -> str:
        author.write(folder, author.right, suffix, extra)
        return what

    return write


def _bytes(data: bytes, what: str) -> Profile:
    def write(author: Author, folder: Path, dice: random.Random) -> str:
        (folder / f"{author.files.name}.ipynb").write_bytes(data)
        return what

    return write


def _syntax_error(author: Author, folder: Path, dice: random.Random) -> str:
    name = next(iter(author.right))
    author.write(folder, author.right | {name: author.right[name].replace(":", "", 1)}, ".py")
    return "a syntax error"


def _empty(author: Author, folder: Path, dice: random.Random) -> str:
    return "an empty folder"


SOUND = [
    _reference(".ipynb"), _mistakes(1, ".ipynb"), _mistakes(2, ".py"), _half, _mistakes(1, ".py"), _mistakes(2, ".ipynb"),
    _reference(".py"), _stubs, _mistakes(1, ".ipynb"), _mistakes(2, ".ipynb"), _mistakes(1, ".py"), _mistakes(1, ".ipynb"),
]  # fmt: skip
BROKEN = [
    _with_cell("while True:\n    pass", "a loop without end"),
    _bytes(b"this is no notebook", "not JSON"),
    _syntax_error,
    _with_cell("import os\nos._exit(0)", "ends the process"),
    _empty,
    _with_cell("!pip install torch\n%matplotlib inline", "magics and shell lines"),
    _bytes(b'{"cells": [], "metadata": {"language_info": {"name": "julia"}}, "nbformat": 4}', "another language"),
    _with_cell("data = open('/no/such/file').read()", "a cell that raises", ".py"),
]
