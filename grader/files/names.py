"""Names of files and folders: those of a release, which lesson one means, and which are nobody's."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from pathlib import PurePath

from grader.language import ENGLISH

JSON_NAME, TENSORS_NAME, CHECKS_NAME = "answer_key.json", "answer_key.safetensors", "checks.py"
"""Files of a release beside the notebook and the script."""
DATA = "data"
"""The folder beside a lesson's files that holds what its exercises read."""
RELEASED = "exercises"
"""The folder of what students get."""
OWN_FOLDER = ".grader"
"""Where, beside `submitted/`, a class's results and its secret are kept."""
_NOBODYS = {"__macosx", "__pycache__", "feedback"}
"""Folders that an archive, Python or the grader itself leaves."""
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_BEFORE = re.compile(
    r"^(?:(?:copy_of|kopie_von|copie_de|copia_de|cópia_de)_"  # as Colab and Drive, Windows and macOS say it
    r"|(?:(?:lesson|week|unit|assignment|exercise|lab|hw)_?)?\d+\)?(?:_+|(?=[^\d_])))"  # "01_tensors", "Lesson 1 - tensors"
)
_AFTER = re.compile(r"(?:_?\(\d+\)|_?copy_?\d*|_kopie|_copie|_copia|_main|_master|_final|_v?\d+)$")


def released_in(language: str) -> str:
    """The folder of the lessons in a language. It lies beside that of the English ones, so that the ways from a lesson to
    the figures and to other lessons are the same in all languages."""
    return RELEASED if language == ENGLISH else f"{RELEASED}_{language}"


def ignored(name: str) -> bool:
    """Whether a folder or file of this name is neither a student's nor a lesson's."""
    return name.startswith(".") or name.casefold() in _NOBODYS


def lesson_of(name: str, lessons: Sequence[str]) -> str | None:
    """The lesson that a folder's name means: the same but for case, spaces, dashes, Unicode form, a number in front, and
    what browsers, systems and archives add to a copy; None where it means none, or one of several."""
    if name in lessons:
        return name
    known: dict[str, list[str]] = {}
    for lesson in lessons:
        known.setdefault(_plain(lesson).replace("_", ""), []).append(lesson)
    waiting = [_plain(name)]
    for text in waiting:  # it grows: what may be left out is left out one by one, on either side
        if found := known.get(text.replace("_", "")):
            return found[0] if len(found) == 1 else None
        shorter = (pattern.sub("", text).strip("_") for pattern in (_AFTER, _BEFORE))
        waiting += [each for each in shorter if each and each not in waiting]
    return None


def lesson_of_file(name: str, lessons: Sequence[str]) -> str | None:
    """The same of a file's name, whatever it ends in: `tensors (1).ipynb`, `Tensors.ipynb.txt`."""
    path = PurePath(name)
    while path.suffix and re.fullmatch(r"\.\w{1,6}", path.suffix):
        path = path.with_suffix("")
    return lesson_of(path.name, lessons) if path.name != name else None


def likely(name: str, lessons: Sequence[str]) -> str | None:
    """The lesson that is perhaps meant by a name that means none."""
    text = _plain(name)
    plain = {_plain(lesson): lesson for lesson in lessons}
    close = [each for each in plain if each in text] or difflib.get_close_matches(text, plain, 1)
    return plain[max(close, key=len)] if close else None


def near(name: str, known: Collection[str]) -> list[str]:
    """The names that somebody means, perhaps, who wrote another one: those that look like it, or else those that hold it."""
    plain = {_plain(each): each for each in known}
    text = _plain(name)
    close = difflib.get_close_matches(text, plain, 3) or [each for each in plain if len(text) > 2 and text in each]
    return [plain[each] for each in close[:3]]


def _plain(name: str) -> str:
    return re.sub(r"[\s._\-\u2010-\u2015]+", "_", _folded(name)).strip("_")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def storable(name: str) -> str:
    """Text as a file or a database can hold it: what is no UTF-8, in the name of a file say, becomes a code such as
    `\\udcff`."""
    return name.encode("utf-8", "backslashreplace").decode()


def as_told(name: str) -> str:
    """A file's or folder's name as it is told everywhere: storable, and on one line."""
    return storable("".join(item.encode("unicode_escape").decode() if item in _LINE_ENDS else item for item in name))


def told_alike(given: Sequence[str]) -> list[list[str]]:
    """Names that are told in the same way, in groups: each would take another's place."""
    return _groups(given, as_told)


def look_alike(given: Sequence[str]) -> list[list[str]]:
    """Names that differ in nothing but case or Unicode form, in groups: perhaps one person's."""
    return _groups(given, _folded)


def _groups(given: Sequence[str], form: Callable[[str], str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for name in given:
        groups.setdefault(form(name), []).append(name)
    return [group for group in groups.values() if len(group) > 1]
