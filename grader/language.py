"""The language that the program speaks, how it is chosen, and gettext's catalogues, read without a package for it."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache  # not `cache`: an older Python says in a sentence that it is too old
from pathlib import Path

ENGLISH = "en"
VARIABLE = "GRADER_LANG"
CATALOGUES = Path(__file__).parent / "locale"
HELP = "help"
"""The context of all that the command line says of itself."""
INSTRUCTORS = "instructor"
"""The context of what instructors are told."""
_FIELD = re.compile(r'(?P<field>msgctxt|msgid|msgstr) (?P<text>".*")')


@dataclass
class Entry:
    """One text of a catalogue: the English one, with a name in front where it needs one, and its translation."""

    msgctxt: str = ""
    msgid: str = ""
    msgstr: str = ""
    fuzzy: bool = False
    """It was carried over from another text that was like it, and nobody has looked at it since."""


def entries(po: str) -> list[Entry]:
    """The entries of a `.po` file, without its header and without those that were laid aside (`#~`)."""
    found, field, fuzzy = [Entry()], "", False
    for line in map(str.strip, po.splitlines()):
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        elif begins := _FIELD.fullmatch(line):
            if begins["field"] == "msgctxt" or (begins["field"] == "msgid" and field != "msgctxt"):
                found.append(Entry(fuzzy=fuzzy))
                fuzzy = False
            field = begins["field"]
            setattr(found[-1], field, ast.literal_eval(begins["text"]))
        elif line.startswith('"'):
            setattr(found[-1], field, getattr(found[-1], field) + ast.literal_eval(line))
    return [entry for entry in found if entry.msgid]


def translations(po: str) -> dict[tuple[str, str], str]:
    """What a `.po` file holds that can be used, by context and English text."""
    return {(entry.msgctxt, entry.msgid): entry.msgstr for entry in entries(po) if entry.msgstr and not entry.fuzzy}


@lru_cache
def catalogue(language: str) -> dict[tuple[str, str], str]:
    """The program's own sentences in a language; none of them in English, and in one that it does not speak."""
    file = CATALOGUES / language / "LC_MESSAGES" / "grader.po"
    return translations(file.read_text(encoding="utf-8")) if file.is_file() else {}


@lru_cache
def known() -> list[str]:
    """The languages that the program speaks, English first."""
    return [ENGLISH, *sorted(path.parents[1].name for path in CATALOGUES.glob("*/LC_MESSAGES/grader.po"))]


def meant(name: str) -> str | None:
    """The language that a name such as `zh_CN.UTF-8`, `zh-cn` or `zh` means; None where it is none of ours."""
    plain = re.split(r"[.@]", name)[0].replace("-", "_").casefold()
    short = plain.partition("_")[0]
    for language in known():
        if plain in (language.casefold(), language.partition("_")[0]) or (language == ENGLISH and short == ENGLISH):
            return language
    return None


_speaking: ContextVar[str] = ContextVar("speaking", default="")
_chosen = {"option": "", "course": ""}


def choose(language: str) -> None:
    """Speak a language from now on, whatever else speaks for another one."""
    _chosen["option"] = language


def of_course(language: str) -> None:
    """Say in which language the lessons at hand are; the program speaks it, unless somebody chose another one."""
    _chosen["course"] = "" if language == ENGLISH else language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within a block, in this thread alone."""
    before = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(before)


def current() -> str:
    """The language to speak: that of the block, of the option `--lang`, of GRADER_LANG, of the lessons, of the system."""
    named = os.environ.get(VARIABLE, "")
    return _speaking.get() or _chosen["option"] or (meant(named) if named else _chosen["course"] or _of_system()) or ENGLISH


@lru_cache
def _of_system() -> str | None:
    """The system's language, if it is one of ours."""
    if name := next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), ""):
        return meant(name)
    if sys.platform == "win32":
        import ctypes
        import locale

        return meant(locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), ""))
    return None


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line: what a catalogue holds of the command line's help."""
    return [" ".join(each.split()) for each in re.split(r"\n[ \t]*\n", text.strip())]


def tag(language: str) -> str:
    """A language as HTML calls it: `zh-CN`."""
    return language.replace("_", "-")
