"""Catalogues of translations: what Babel extracts for them, and what is wrong with one.

Babel is for translators alone, and imported where it is needed: students and instructors only read `.po` files.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path, PurePath
from typing import Any

from grader import language
from grader.files import translated
from grader.files.source import LessonFiles
from grader.language import Entry, entries
from grader.messages import SENTENCES

Extracted = tuple[int, str, tuple[str, ...], list[str]]
SAME = {
    "code": re.compile(r"`[^`]+`"),
    "link": re.compile(r"\]\([^)]*\)|https?://[^\s)，。]+"),
    "formula": re.compile(r"\$[^$]+\$"),
    "shape": re.compile(r"\((?:-?\w{1,4}(?:\*\w+)?, ?)+(?:-?\w{1,4})?\)|\d+(?:×\d+)+"),
    "placeholder": re.compile(r"(?<!\{)\{\w+\}(?!\})"),
}
"""What has to stand in a translation just as in English, and nothing else of its kind."""
_PROGRAM = language.CATALOGUES.parent


def problems(files: LessonFiles, name: str) -> list[str]:
    """What is wrong with the catalogue of a lesson in one language, each as a sentence; nothing for one that is whole."""
    where = f"{files.place}/locale/{name}.po"
    return _problems(where, [("", text) for text in translated.texts(files)], entries(files.catalogues[name]))


def problems_of_messages() -> list[str]:
    """The same of the program's own sentences, in all its languages."""
    found = []
    for name in language.known()[1:]:
        path = language.CATALOGUES / name / "LC_MESSAGES" / "grader.po"
        where = f"grader/{path.relative_to(language.CATALOGUES.parent).as_posix()}"
        found += _problems(where, own_texts(), entries(path.read_text(encoding="utf-8")))
    return found


def own_texts() -> list[tuple[str, str]]:
    """All English texts of the program, each with its context: its sentences, what instructors are told, and the help of its
    commands."""
    found = dict.fromkeys(SENTENCES.items())
    for path in sorted(_PROGRAM.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        found |= dict.fromkeys((language.INSTRUCTORS, text) for text in sentences(source))
        if path.parent.name == "cli":
            found |= dict.fromkeys((language.HELP, text) for text in helps(source))
    return list(found)


def sentences(source: str) -> Iterator[str]:
    """What a module tells instructors: the texts that it gives to `told`."""
    if "told(" not in source and "told," not in source:
        return
    for node in ast.walk(ast.parse(source)):
        given = [node.func, *node.args] if isinstance(node, ast.Call) else []
        for before, text in pairwise(given):
            if isinstance(before, ast.Name) and before.id == "told" and isinstance(text, ast.Constant):
                yield str(text.value)


def helps(source: str) -> Iterator[str]:
    """The texts of the help that a module with commands gives to typer, by paragraphs: docstrings of commands, and what is
    said of options and arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and any(".command(" in ast.unparse(each) for each in node.decorator_list):
            yield from language.paragraphs(ast.get_docstring(node) or "")
        elif isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
            yield from language.paragraphs(str(node.value.value))


def _problems(where: str, texts: list[tuple[str, str]], there: list[Entry]) -> list[str]:
    known = {(entry.msgctxt, entry.msgid): entry for entry in there}
    found = [f"{where}: stale, since no English text reads so any more: {_cut(key[1])}" for key in known if key not in texts]
    for key in texts:
        entry = known.get(key)
        if entry is None or not entry.msgstr:
            found.append(f"{where}: missing: {_cut(key[1])}")
        elif entry.fuzzy:
            found.append(f"{where}: fuzzy, to be looked at: {_cut(key[1])}")
        else:
            found += [f"{where}: {what}: {_cut(key[1])}" for what in differences(entry)]
    return found


def differences(entry: Entry) -> Iterator[str]:
    """In what a translation differs from English that has to be the same."""
    for kind, pattern in SAME.items():
        english, other = (set(pattern.findall(text)) for text in (entry.msgid, entry.msgstr))
        if english != other:
            yield f"another {kind}, {' '.join(sorted(english ^ other))}"


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def extract(file: Any, keywords: object, comments: object, options: object) -> Iterator[Extracted]:
    """Babel's way to the texts of a file: of `grader/messages.py` with all others of the program, each with its context, or
    of a lesson's."""
    name, text = PurePath(file.name).name, file.read().decode()
    if name == "messages.py":
        yield from ((0, "pgettext", item, []) for item in own_texts())
        return
    readers: dict[str, Callable[[str], Iterable[str]]] = {
        "lesson.py": lambda text: translated.texts(LessonFiles("", text, "")),
        "checks.py": lambda text: translated.texts(LessonFiles("", "", text)),
        "misconceptions.py": translated.mistakes,
    }
    yield from ((0, "gettext", (said,), []) for said in readers[name](text))


def update(root: Path, lessons: list[str]) -> Iterator[str]:
    """Bring all catalogues up to date, as `pybabel update` does: what is new is empty, what was reworded is marked fuzzy,
    and what is gone is laid aside. The paths of those that were written."""
    own = language.CATALOGUES.parent
    yield from _update(root, sorted(language.CATALOGUES.glob("*/LC_MESSAGES/grader.po")), [own / "messages.py"])
    for lesson in lessons:
        folder = root / "solutions" / lesson
        sources = [folder / name for name in ("lesson.py", "checks.py", "misconceptions.py")]
        yield from _update(root, sorted((folder / "locale").glob("*.po")), [path for path in sources if path.is_file()])


def _update(root: Path, paths: list[Path], sources: list[Path]) -> Iterator[str]:
    from babel.messages import Catalog, pofile

    template = Catalog()
    for source in sources:
        with source.open("rb") as file:
            for _, function, said, _ in extract(file, None, None, None):
                template.add(said[-1], context=said[0] if function == "pgettext" else None)
    for path in paths:
        with path.open("rb") as file:
            catalogue = pofile.read_po(file)
        made = catalogue.creation_date
        catalogue.update(template, update_header_comment=False)
        catalogue.creation_date = made  # else each update would change each catalogue
        before = path.read_bytes()
        with path.open("wb") as file:
            pofile.write_po(file, catalogue, width=100, no_location=True)
        if path.read_bytes() != before:
            yield path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
