"""Proofreads a lesson's text before anything runs: markers that would let a solution or a hidden check out, cells, figures.

nbgrader's markers are plain comments, so one that is misspelt is not seen, and what it should hide is given out. Here every
comment that comes near to one has to be one.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache

from grader.errors import CourseError
from grader.files.percent import MARKER, split
from grader.files.prose import BEGINS
from grader.files.source import DEFINES, FIGURE, LessonFiles, declared

_COMMENT = re.compile(r"#(?P<hashes>[#\s]*)(?P<text>[^#]*?)[#\s]*$")
_OPENS, _CLOSES = (
    ("BEGIN", "BEGINS", "BEGINNING", "START", "STARTS"),
    ("END", "ENDS", "ENDING", "STOP", "FINISH", "CLOSE"),
)
_HIDES = {"SOLUTION": ("SOLUTION", "SOLUTIONS"), "HIDDEN TESTS": ("HIDDEN",)}
WORDS_AT_MOST = 5
"""In a comment of more words that does not begin like a marker, its words are taken for prose."""
_KIND = re.compile(r"^#\s*%+[^\[\]]*\[(?P<kind>[^\]]*)")
_KINDS = ("[markdown]", "[md]", "[raw]")
_IMAGE = re.compile(r"!\[[^\]]*\]\((?P<path>[^)]*)\)|<img\b[^>]*\bsrc=[\"']?(?P<source>[^\"'>\s]*)")


def refuse(files: LessonFiles) -> None:
    """Raise what `find` finds.

    Raises:
        CourseError: one sentence a line.
    """
    if found := find(files):
        raise CourseError("\n".join(found))


def find(files: LessonFiles) -> list[str]:
    """Sentences about what is not as it has to be in the lesson's text, each with the file and the line."""
    return [
        *_markers(f"{files.place}/lesson.py", files.handout),
        *_hidden(f"{files.place}/checks.py", files),
        *_cells(f"{files.place}/lesson.py", files.handout),
        *_hints(f"{files.place}/lesson.py", files),
        *_figures(f"{files.place}/lesson.py", files),
        *_number(f"{files.place}/checks.py", files.checks),
    ]


def _hidden(path: str, files: LessonFiles) -> list[str]:
    """Checks of which the text does not say whether they are hidden, and markers, which hide nothing in `checks.py`."""
    problems = [f"{path}, line {line}: {sentence}" for line, sentence in files.cut.problems]
    for number, line in enumerate(files.checks.split("\n"), 1):
        if _meant(line):
            problems.append(
                f"{path}, line {number}: `{line.strip()}` hides nothing here. Delete it, and write `hidden=True` in the "
                "decorator of each check that is to be hidden: `@….check(points=1, hidden=True)`."
            )
    return problems


def _markers(path: str, text: str) -> list[str]:
    """Markers that have no partner, and lines that come near to a marker."""
    begin, end = "### BEGIN SOLUTION", "### END SOLUTION"
    problems: list[str] = []
    opened = 0
    for number, line in enumerate(text.split("\n"), 1):
        where = f"{path}, line {number}:"
        stripped = line.strip(" \t")
        if opened and (stripped == begin or MARKER.match(line)):
            what = "another one begins" if stripped == begin else "its cell ends"
            problems.append(f"{where} {what} before the `{begin}` of line {opened} is closed. Write `{end}` above it.")
            opened = 0
        if stripped == begin:
            opened = number
        elif stripped == end:
            if not opened:
                problems.append(f"{where} this `{end}` has no `{begin}` above it.")
            opened = 0
        elif meant := _meant(line):
            problems.append(f"{where} `{line.strip()}` is not a marker. " + _advice(meant))
    if opened:
        problems.append(f"{path}, line {opened}: this `{begin}` is never closed. Write `{end}` where it ends.")
    return problems


def _advice(meant: str) -> str:
    if meant.endswith("HIDDEN TESTS"):
        return "What is hidden are checks, in checks.py, and each says so: `@….check(points=1, hidden=True)`."
    return f"If you mean `{meant}`, write exactly that on a line of its own; if not, say it in other words."


def _meant(line: str) -> str | None:
    """The marker that a comment comes near to. With one `#`, as prose has it, it has to come nearer than with more."""
    found = _COMMENT.search(line)
    if not found:
        return None
    written = re.findall(r"[^\W_]+", found["text"])
    words = [word.upper() for word in written]
    loud = "#" in found["hashes"] or (words[:2] == written[:2] and bool(words))
    for verb, verbs in (("BEGIN", _OPENS), ("END", _CLOSES)):
        for hides, names in _HIDES.items():
            marker = f"{verb} {hides}"
            if _like("".join(words), marker.replace(" ", ""), 0.85):
                return f"### {marker}"
            pairs = _both(words[:2], verbs, names), len(words) <= WORDS_AT_MOST and _both(words, verbs, names)
            if loud and any(pairs):
                return f"### {marker}"
            if hides == "HIDDEN TESTS" and loud and len(words) == 2 and _both(words, verbs, ("TEST", "TESTS")):
                return f"### {marker}"
        if line.lstrip().startswith("###") and len(words) <= 2 and words[:1] and _like(words[0], verb):
            return f"### {verb} SOLUTION"
    return None


def _both(words: list[str], verbs: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return any(_like(word, verb) for word in words for verb in verbs) and any(
        _like(word, name) for word in words for name in names
    )


@cache
def _like(word: str, other: str, ratio: float = 0.8) -> bool:
    if sorted(word) == sorted(other):
        return True
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    return matcher.real_quick_ratio() >= ratio and matcher.quick_ratio() >= ratio and matcher.ratio() >= ratio


def _cells(path: str, text: str) -> list[str]:
    """Cells of a kind that does not exist, and prose in a code cell."""
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        kind = _KIND.match(line)
        if kind and not (MARKER.match(line) and f"[{kind['kind']}]" in _KINDS):
            problems.append(f"{path}, line {number}: `{line}` begins no cell of prose. Write `# %% [markdown]`.")
    for cell in split(text):
        written = [line for line in cell.source.split("\n") if line]
        if cell.kind == "code" and written and all(line.startswith("#") for line in written):
            problems.append(
                f"{path}, line {cell.line}: this code cell holds nothing but comments. Begin it with "
                "`# %% [markdown]` if it is prose."
            )
    return problems


def _hints(path: str, files: LessonFiles) -> list[str]:
    """Difficulties and hints that stand above no exercise, and so would be shown to everybody, or to nobody."""
    problems = []
    for cell, below in zip(files.cells, [*files.cells[1:], None], strict=True):
        found = BEGINS.search(cell.source) if cell.kind == "markdown" else None
        if found and not (below and DEFINES.search(below.source)):
            line = cell.line + cell.source.count("\n", 0, found.start())
            problems.append(f"{path}, line {line}: `{found[0]}` stands above no exercise. Move it above the cell of one.")
    return problems


def _figures(path: str, files: LessonFiles) -> list[str]:
    """Figures that would be missing in the notebook."""
    problems = []
    for cell in (cell for cell in files.cells if cell.kind == "markdown"):
        for image in _IMAGE.finditer(cell.source):
            named = image["path"] if image["path"] is not None else image["source"]
            figure = FIGURE.fullmatch(image[0])
            if re.match(r"https?:|data:", named) or (figure and figure["name"] in files.figures):
                continue
            why = "does not exist" if figure else "is not written `![what it shows](../../img/name.png)`"
            line = cell.line + cell.source.count("\n", 0, image.start())
            problems.append(f"{path}, line {line}: the figure {named} {why}.")
    return problems


def _number(path: str, checks: str) -> list[str]:
    """A place in the course that can't be read without running the lesson, as a student's `grader list` has to."""
    if "number" not in declared(checks) and (found := re.search(r"^.*\bLesson\([^#\n]*\bnumber\s*=", checks, re.MULTILINE)):
        line = checks.count("\n", 0, found.start()) + 1
        return [f"{path}, line {line}: the number of the lesson has to be written in digits, such as `number=3`."]
    return []
