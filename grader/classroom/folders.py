"""What lies in the folders of a class, as it is looked at everywhere here."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from os.path import isdir  # unlike that of Path, it raises nothing where nothing may be read
from pathlib import Path

from grader.digest import digest, file_digest
from grader.files import names
from grader.files.submission import SUFFIXES
from grader.messages import and_more

NAMED_AT_MOST = 10
"""Things in a student's folder, or students, that are still named one by one."""
BYTES_AT_MOST = 4 << 20
"""Bytes of a folder that is still looked at as a whole before it is read."""


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


def as_it_lies(folder: Path) -> str:
    """A digest of all that lies in a folder and below it; nothing where that can't be read, or is no plain file of a size
    that answers have."""
    try:
        if any(item.is_symlink() for item in (folder, folder.parent)):
            return ""
        files = sorted(item for item in folder.rglob("*") if item.is_symlink() or not item.is_dir())
        about = [item.lstat() for item in files]
        if not all(stat.S_ISREG(each.st_mode) for each in about) or sum(each.st_size for each in about) > BYTES_AT_MOST:
            return ""
        return digest([text for item in files for text in (str(item.relative_to(folder)), file_digest(item.read_bytes()))])
    except OSError:
        return ""


def is_of_a_student(folder: Path, known: Sequence[str]) -> bool:
    """Whether there is anything in a folder that means a lesson."""
    return any(
        names.lesson_of(item.name, known) if isdir(item) else names.lesson_of_file(item.name, known)
        for item in entries(folder)
    )
