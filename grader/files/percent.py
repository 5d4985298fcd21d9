"""The percent format: a handout, or a student's script → its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKER = re.compile(r"^(?:# *%%+(?:[ \t](?P<title>.*))?|# In ?\[[ \d*]*\]:?[ \t]*)$", re.MULTILINE)
"""Where a cell begins: `# %%`, `#%%`, with a kind and a title or without; `# In[1]:` where Jupyter wrote the file."""
_PROSE = ("[markdown]", "[md]", "[raw]")
NAMED = re.compile(r"(?P<name>\w+)[ \t]+\[(?:markdown|md|raw)\]")
"""A marker's title that gives a cell of prose a name: `# %% why_shift [markdown]`."""
_LANGUAGE = re.compile(r'\blang="(?P<tag>[\w-]{2,20})"')


@dataclass(frozen=True)
class Cell:
    """A cell: its kind ("code" or "markdown"), its text, its first line in the file, and the name of
    prose that has one."""

    kind: str
    source: str
    line: int
    name: str = ""


def split(text: str) -> list[Cell]:
    """The cells of a file. What stands before the first marker is a code cell, unless it is a header in comments; a file
    without markers is one code cell.

    Not jupytext, which reads the same format for the lessons: it takes a second to import, and a student's own check need
    not have it.
    """
    markers = list(MARKER.finditer(text))
    ends = [match.start() for match in markers[1:]] + [len(text)]
    before = text[: markers[0].start()] if markers else text
    cells = [Cell("code", before.strip("\n"), 1 + _blank_lines(before))] if any(map(_is_code, before.splitlines())) else []
    at = 1 + before.count("\n")
    for match, end in zip(markers, ends, strict=True) if markers else ():
        below = text[match.end() : end]
        source, begins = below.strip("\n"), at + _blank_lines(below)
        if any(kind in (match["title"] or "") for kind in _PROSE):
            lines = [line.removeprefix("#").removeprefix(" ") for line in source.splitlines()]
            named = NAMED.match(match["title"] or "")
            cells.append(Cell("markdown", "\n".join(lines), begins, named["name"] if named else ""))
        else:
            cells.append(Cell("code", source, begins))
        at += below.count("\n")
    return cells


def emptied(text: str, left: str) -> str:
    """A file whose cells of prose that have a name hold `left` and nothing else."""
    marks = list(MARKER.finditer(text))
    parts = [text[: marks[0].start()] if marks else text]
    for mark, end in zip(marks, [*(each.start() for each in marks[1:]), len(text)][: len(marks)], strict=True):
        named = NAMED.match(mark["title"] or "")
        parts.append(f"{mark[0]}\n# {left}\n" + "\n" * (end < len(text)) if named else text[mark.start() : end])
    return "".join(parts)


def with_language(text: str, tag: str) -> str:
    """A file whose first marker says in which language it is, `# %% [markdown] lang="zh-CN"`: jupytext keeps that as
    metadata of the cell. A file without markers stays as it is."""
    marker = MARKER.search(text)
    if marker is None or "%%" not in marker[0]:
        return text
    return f'{text[: marker.end()].rstrip()} lang="{tag}"{text[marker.end() :]}'


def language(text: str) -> str:
    """The tag of the language that a file's first marker tells; nothing where it tells none."""
    marker = MARKER.search(text)
    found = _LANGUAGE.search(marker["title"] or "") if marker else None
    return found["tag"] if found else ""


def _blank_lines(text: str) -> int:
    """How many lines end before the first one that holds anything."""
    return len(text) - len(text.lstrip("\n"))


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
