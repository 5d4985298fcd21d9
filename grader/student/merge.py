"""Merges a student's file with a newer release of it, cell by cell: every answer stays, and the rest is the newer one's."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from grader.student.document import Cell, Document

Text = tuple[str, str]


def merge(base: Document | None, mine: Document, theirs: Document, exercises: Sequence[str]) -> tuple[Document, list[str]]:
    """Merge what changed on either side of `base`.

    Args:
        base: the file as it was given out; None where nobody knows.
        mine: the student's.
        theirs: as it is given out now.
        exercises: the names of which every definition is kept.

    Returns:
        The merged file, and the texts of the student's cells that are not in it.
    """
    old = base.cells if base else _supposed(mine, theirs, exercises)
    merged = list(_merged(old, mine.cells, theirs.cells, exercises))
    known = {_text(cell) for cell in old}
    written = [cell for cell in mine.cells if _text(cell) not in known and cell.source]
    for cell in written:
        for name in exercises:
            if cell.defines(name) and _text(cell) not in map(_text, merged):
                _answer_with(merged, name, cell)
    there = {_text(cell) for cell in merged}
    if base is None:  # then the student may have written any cell
        written = [cell for cell in mine.cells if cell.source]
    lost = [cell.source for cell in written if _text(cell) not in there]
    return replace(mine, cells=list(_as_one(merged, mine, theirs))), lost


def _supposed(mine: Document, theirs: Document, exercises: Sequence[str]) -> list[Cell]:
    """What the student was given, as far as it can be told: all but the answers."""
    stubs = {name: cell for cell in theirs.cells for name in exercises if cell.defines(name)}
    return [next((stubs[name] for name in stubs if cell.defines(name)), cell) for cell in mine.cells]


def _text(cell: Cell) -> Text:
    return cell.kind, "\n".join(line.rstrip() for line in cell.source.strip().split("\n"))


def _merged(base: list[Cell], mine: list[Cell], theirs: list[Cell], exercises: Sequence[str]) -> Iterator[Cell]:
    """Between what all three have in common, the side that changed anything; where both did, see `_both`."""
    at_base = at_mine = at_theirs = 0
    for start, length, in_mine, in_theirs in _common(base, mine, theirs):
        was, my, their = base[at_base:start], mine[at_mine:in_mine], theirs[at_theirs:in_theirs]
        if _same(my, was):
            yield from their
        elif _same(their, was):
            yield from (_placed(cell, their, exercises) for cell in my)
        else:
            yield from _both(was, my, their, exercises)
        yield from theirs[in_theirs : in_theirs + length]
        at_base, at_mine, at_theirs = start + length, in_mine + length, in_theirs + length


def _placed(cell: Cell, theirs: list[Cell], exercises: Sequence[str]) -> Cell:
    """A student's cell, in the place of the stub that it answers if it does."""
    names = [name for name in exercises if cell.defines(name)]
    stub = next((each for each in theirs if any(map(each.defines, names))), None)
    return _in_place(stub, cell) if stub else cell


def _same(one: list[Cell], other: list[Cell]) -> bool:
    return list(map(_text, one)) == list(map(_text, other))


def _common(base: list[Cell], mine: list[Cell], theirs: list[Cell]) -> Iterator[tuple[int, int, int, int]]:
    """The runs of cells that all three have: where they begin in `base`, their length, and where they begin in the others;
    at last one of no length, at the end."""
    texts = [list(map(_text, cells)) for cells in (base, mine, theirs)]
    left, right = (SequenceMatcher(None, texts[0], text, autojunk=False).get_matching_blocks() for text in texts[1:])
    i = j = 0
    while i < len(left) and j < len(right):
        (in_base, in_mine, size), (also_in_base, in_theirs, also_size) = left[i], right[j]
        start, end = max(in_base, also_in_base), min(in_base + size, also_in_base + also_size)
        if start < end:
            yield start, end - start, in_mine + start - in_base, in_theirs + start - also_in_base
        if in_base + size < also_in_base + also_size:
            i += 1
        else:
            j += 1
    yield len(base), 0, len(mine), len(theirs)


def _both(was: list[Cell], mine: list[Cell], theirs: list[Cell], exercises: Sequence[str]) -> Iterator[Cell]:
    """The newer cells, with the student's answers in the place of their stubs, and the cells that the student added."""
    given = set(map(_text, was)) | set(map(_text, theirs))
    own = [cell for cell in mine if _text(cell) not in given and cell.source]
    answers = [cell for cell in own if any(map(cell.defines, exercises))]
    added = [cell for cell in own if cell not in answers and not any(_likeness(cell, other) > 0.5 for other in was)]
    first = [cell for cell in added if cell in itertools.takewhile(lambda each: _text(each) not in given, mine)]
    yield from first
    for cell in theirs:
        names = [name for name in exercises if cell.defines(name)]
        answer = next((each for each in answers if any(map(each.defines, names))), None)
        if answer is not None:
            answers.remove(answer)
        yield cell if answer is None else _in_place(cell, answer)
    yield from answers
    yield from (cell for cell in added if cell not in first)


def _likeness(one: Cell, other: Cell) -> float:
    """How alike two cells are, from 0 to 1: whether one was made by changing the other."""
    words = one.source.split(), other.source.split()
    return SequenceMatcher(None, *words, autojunk=False).ratio() if one.kind == other.kind else 0.0


def _in_place(stub: Cell, answer: Cell) -> Cell:
    """An answer with all else that the cell of its stub has, such as its number in a notebook."""
    if isinstance(stub.made_of, str) or isinstance(answer.made_of, str):
        return answer
    shown = {name: answer.made_of[name] for name in ("source", "outputs", "execution_count") if name in answer.made_of}
    return replace(answer, made_of=stub.made_of | shown)


def _answer_with(merged: list[Cell], name: str, answer: Cell) -> None:
    """Put an answer in the place of its stub, or at the end where there is none any more."""
    for number, cell in enumerate(merged):
        if cell.defines(name):
            merged[number] = _in_place(cell, answer)
            return
    merged.append(answer)


def _as_one(merged: list[Cell], mine: Document, theirs: Document) -> Iterator[Cell]:
    """The cells with what the student's own runs showed, each with an identity of its own."""
    shown = {_text(cell): cell.made_of for cell in mine.cells}
    own = set(map(id, mine.cells))
    taken = {cell.made_of.get("id") for cell in theirs.cells if not isinstance(cell.made_of, str)}
    for cell in merged:
        if isinstance(cell.made_of, str):
            yield cell if cell.made_of.endswith("\n") else replace(cell, made_of=f"{cell.made_of}\n")
            continue
        made_of, ran = dict(cell.made_of), shown.get(_text(cell))
        if cell.kind == "code" and isinstance(ran, dict):
            made_of |= {name: ran[name] for name in ("outputs", "execution_count") if name in ran}
        if id(cell) in own and made_of.get("id") in taken:
            made_of["id"] = f"own-{made_of['id']}"
        yield replace(cell, made_of=made_of)
