"""Reads a handout's prose as a student would: what is missing, what is too long, what comes before it is explained."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from grader.files.source import Cell, LessonFiles

SENTENCE_AT_MOST = 200
"""Characters of a sentence in a handout."""
_NEEDED = {"**Shapes.**": "what shapes go in and come out", "**Example.**": "a call and what it gives"}
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)\s]*\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<to>[^)]*)\)")
_BESIDE = re.compile(r"\.\./(?P<lesson>\w+)/(?P=lesson)\.ipynb")
"""The notebook of another lesson, from that of this one."""
_REAL = re.compile(r"(?:https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?|mailto:\S+@\S+)")
_NOT_PROSE = re.compile(r"```.*?```|\$\$.*?\$\$|^\|[^\n]*$|^#+ [^\n]*$", re.DOTALL | re.MULTILINE)
_PARAGRAPH = re.compile(r"(?:^(?!\s*$).*\n?)+", re.MULTILINE)
_ITEM = re.compile(r"\n(?=\s*(?:[-*]|\d+\.) )")
_ENDS = re.compile(r"(?<=[.!?:])[\"')*]*\s+(?=[A-Z*`\[(])")


def find(files: LessonFiles, lessons: Collection[str] = ()) -> list[str]:
    """Sentences about a handout's prose, each with the file and the line.

    Args:
        lessons: those of the course, whose notebooks may be linked to.
    """
    prose = [cell for cell in files.cells if cell.kind == "markdown"]
    problems = [*_exercises(files), *_links(prose, lessons), *_sentences(prose), *_words(prose, files.words)]
    return [f"{files.place}/lesson.py, line {line}: {said}" for line, said in sorted(problems)]


def _exercises(files: LessonFiles) -> Iterator[tuple[int, str]]:
    """Exercises whose statement lacks what every student looks for."""
    for above, cell in zip([None, *files.cells], files.cells, strict=False):
        if above and above.kind == "markdown" and cell.exercise:
            for begins, what in _NEEDED.items():
                if begins not in above.source:
                    yield above.line, f"{cell.exercise} has no paragraph `{begins}`, which says {what}."


def _links(prose: list[Cell], lessons: Collection[str]) -> Iterator[tuple[int, str]]:
    """Links that lead nowhere, and figures that say nothing to those who can't see them."""
    headings = {
        re.sub(r"\s+", "-", found.strip("# `")) for cell in prose for found in re.findall("^#+ .*", cell.source, re.M)
    }
    for cell in prose:
        for image in _IMAGE.finditer(cell.source):
            if not image["alt"].strip():
                yield (
                    _at(cell, image),
                    f"the figure `{image[0]}` has no text for those who can't see it: ![what it shows](…).",
                )
        for link in _LINK.finditer(_without_code(cell.source)):
            to, beside = link["to"], _BESIDE.fullmatch(link["to"])
            known = (to[:1] == "#" and to[1:] in headings) or (beside and beside["lesson"] in lessons) or _REAL.fullmatch(to)
            if not known:
                yield _at(cell, link), f"the link `{link[0]}` leads nowhere: students have the lessons' notebooks alone."


def _sentences(prose: list[Cell]) -> Iterator[tuple[int, str]]:
    """Sentences that a beginner loses the thread of."""
    for cell in prose:
        for paragraph in _PARAGRAPH.finditer(_without_code(cell.source)):
            for item in _ITEM.split(_IMAGE.sub("", paragraph[0])):
                for sentence in _ENDS.split(" ".join(re.sub(r"\]\([^)]*\)", "]", item).split())):
                    if len(sentence) > SENTENCE_AT_MOST:
                        long = f"`{sentence[:40]}…` is a sentence of {len(sentence)} characters. Make two of it, of at most"
                        yield _at(cell, paragraph), f"{long} {SENTENCE_AT_MOST} each."


def _words(prose: list[Cell], words: str) -> Iterator[tuple[int, str]]:
    """Words that are used before the place that explains them, which sets them in *asterisks*."""
    for word in filter(None, map(str.strip, words.splitlines())):
        for cell in prose:
            text = _without_code(cell.source)
            if first := re.search(rf"(?i)(?<![\w`])(\**){re.escape(word)}s?\b", text):
                if first[1] not in ("*", "**"):
                    yield (
                        _at(cell, first),
                        f"`{word}` is used here and not yet explained. Set it in *asterisks* where it is.",
                    )
                break


def _without_code(text: str) -> str:
    """A cell's prose, with its code, formulas, tables and headings blank: lines stay where they are."""
    return _NOT_PROSE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _at(cell: Cell, found: re.Match[str]) -> int:
    return cell.line + found.string.count("\n", 0, found.start())
