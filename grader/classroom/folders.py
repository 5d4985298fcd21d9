"""What lies in the folders of a class, as it is looked at everywhere here."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import isdir  # unlike that of Path, it raises nothing where nothing may be read
from pathlib import Path

from grader.files import names
from grader.files.submission import SUFFIXES
from grader.messages import and_more

NAMED_AT_MOST = 10
"""Things in a student's folder, or students, that are still named one by one."""


def named(items: list[Path]) -> str:
    """The names of files and folders, as they can be shown."""
    return and_more([names.as_told(item.name) for item in items], NAMED_AT_MOST)


def entries(folder: Path) -> list[Path]:
    """What lies in a folder, by name, but for what nobody handed in; nothing where it can't be read."""
    try:
        return sorted(item for item in folder.iterdir() if not names.ignored(item.name))
    except OSError:
        return []


def subfolders(folder: Path) -> list[Path]:
    return [item for item in entries(folder) if isdir(item)]


def answers(folder: Path, among: list[Path] | None = None) -> list[Path]:
    """The files in a folder that may hold answers, going by what their names end in."""
    items = entries(folder) if among is None else among
    return [item for item in items if item.suffix.lower() in SUFFIXES and not isdir(item)]


def is_of_a_student(folder: Path, known: Sequence[str]) -> bool:
    """Whether there is anything in a folder that means a lesson."""
    return any(
        names.lesson_of(item.name, known) if isdir(item) else names.lesson_of_file(item.name, known)
        for item in entries(folder)
    )
