"""Two known mistakes in one answer, made by machine: what a student who makes both would hand in."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from grader.author import mistakes
from grader.edits import composed, edited
from grader.files.source import LessonFiles


@dataclass(frozen=True)
class Composed:
    """An answer to an exercise with two mistakes in it, and its text."""

    exercise: str
    mistakes: tuple[str, str]
    text: str


def answers(files: LessonFiles) -> Iterator[Composed]:
    """All pairs of misconceptions of one exercise that can stand together."""
    known, slips = mistakes.as_handed_in(files), mistakes.slips(files)
    for exercise, reference in files.references.items():
        names = [name for name, (of, _) in known.items() if of == exercise]
        plain = {name: _Definition.read(known[name][1], exercise) for name in names}
        right = _Definition.read(edited(reference, ()), exercise)
        for one, other in combinations(names, 2):
            text = None
            if one in slips and other in slips:
                text = composed(reference, slips[one][1], slips[other][1]) or _merged(right, plain[one], plain[other])
            elif plain[one].calls or plain[other].calls:
                outer, inner = (one, other) if plain[one].calls else (other, one)
                if inner in slips:
                    above = mistakes.module({**files.references, exercise: known[inner][1]})
                    text = above + known[outer][1].removeprefix(mistakes.module(files.references))
            else:
                text = _merged(right, plain[one], plain[other])
            if text is not None:
                yield Composed(exercise, (one, other), text)


@dataclass(frozen=True)
class _Definition:
    """How an exercise is defined in a text: the words of the definition, what stands above it, and whether that calls the
    reference."""

    above: str
    words: list[str]
    calls: bool

    @classmethod
    def read(cls, text: str, exercise: str) -> _Definition:
        body = ast.parse(text).body
        (last,) = [node for node in body if getattr(node, "name", "") == exercise][-1:]
        if isinstance(last, (ast.FunctionDef, ast.ClassDef)):
            last.decorator_list = []
            if ast.get_docstring(last) is not None:
                last.body = last.body[1:] or [ast.Pass()]
        calls = re.search(rf"\b{mistakes.REFERENCE}\.{exercise}\b", text)
        above = ast.unparse(ast.Module([node for node in body if node is not last], []))
        return cls(above, re.findall(r"\n *|\w+| |[^\w\s]", ast.unparse(last)), bool(calls))


def _merged(right: _Definition, one: _Definition, other: _Definition) -> str | None:
    """What two texts make of the reference, where they leave each other's words alone."""
    first, second = _replaced(right.words, one.words), _replaced(right.words, other.words)
    both = sorted(first + [edit for edit in second if edit not in first], key=lambda edit: edit[:2])
    if any(before[1] > after[0] or before[:2] == after[:2] for before, after in pairwise(both)):
        return None
    words = list(right.words)
    for start, end, now in reversed(both):
        words[start:end] = now
    if words in (right.words, one.words, other.words):
        return None
    text = "\n\n".join([one.above, other.above, "".join(words)]).strip()
    try:
        ast.parse(text)
    except SyntaxError:
        return None
    return text


def _replaced(was: list[str], now: list[str]) -> list[tuple[int, int, list[str]]]:
    matched = difflib.SequenceMatcher(None, was, now, autojunk=False)
    return [(a, b, now[c:d]) for what, a, b, c, d in matched.get_opcodes() if what != "equal"]
