"""The hidden checks in the text of a `checks.py`, and that text without them. Runs nothing of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True)
class Cut:
    """A `checks.py` cut in two.

    Attributes:
        public: what a student gets: the text without the hidden checks, and without what only they use.
        pieces: what was cut out.
        names: the hidden checks.
        problems: lines at which it can't be told whether a check is hidden, each with a sentence.
    """

    public: str
    pieces: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


@lru_cache(maxsize=100)
def cut(checks: str) -> Cut:
    """Cut the definitions out that a decorator declares with `hidden=True`. Of a text that is not Python nothing is public.

    >>> cut("@f.check(points=1, hidden=True)\\ndef g(answer): ...").names
    ['g']
    """
    try:
        body = ast.parse(checks).body
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return Cut("", problems=[(line, f"SyntaxError: {getattr(error, 'msg', error)}.")])
    hidden = [node for node in body if _is_hidden(node)]
    gone = _needless(body, hidden)
    lines = checks.split("\n")
    kept: list[str | None] = list(lines)
    pieces = []
    for index, node in enumerate(body):
        if node not in gone:
            continue
        start, end = _lines(node, lines, body[index - 1].end_lineno or 0 if index else 0)
        pieces.append("\n".join(lines[start:end]))
        kept[start:end] = [None] * (end - start)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and gone[node]:
            kept[start] = ast.unparse(_with_names(node, gone[node]))
    return Cut(_tidy(kept), pieces, [getattr(node, "name", "") for node in hidden], list(_problems(body)))


def _declarations(node: ast.AST) -> Iterator[ast.Call]:
    """The calls of a method `check` that decorate a function."""
    for item in getattr(node, "decorator_list", ()):
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute) and item.func.attr == "check":
            yield item


def _hidden_option(call: ast.Call) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == "hidden"), None)


def _is_hidden(node: ast.stmt) -> bool:
    options = [_hidden_option(call) for call in _declarations(node)]
    return any(isinstance(item, ast.Constant) and item.value is True for item in options)


def _problems(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    top = {id(call) for node in body for call in _declarations(node)}
    for node in ast.walk(ast.Module(body, [])):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "check"):
            continue
        option = _hidden_option(node)
        if option is None:
            continue
        if not (isinstance(option, ast.Constant) and isinstance(option.value, bool)):
            yield option.lineno, "`hidden` has to be written as `True` or `False`: it is read without running the file."
        elif option.value and id(node) not in top:
            yield (
                node.lineno,
                "a hidden check has to stand by itself: write `@….check(…, hidden=True)` right above its `def`, "
                "neither indented nor in a call.",
            )


def _binds(node: ast.stmt) -> set[str]:
    """The names that a statement gives to what only needs to be there where it is used; none where it may do more."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return set() if any(_declarations(node)) else {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(item.asname or item.name).partition(".")[0] for item in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    value = getattr(node, "value", None)
    called = ast.unparse(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""
    if called in ("Lesson", "exercise") or not all(isinstance(target, ast.Name) for target in targets):
        return set()
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _uses(node: ast.stmt) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)}


def _needless(body: list[ast.stmt], hidden: list[ast.stmt]) -> dict[ast.stmt, set[str]]:
    """The hidden definitions, and what nothing else uses; of an import the names that stay."""
    gone: dict[ast.stmt, set[str]] = {node: set() for node in hidden}
    binds, uses = ({node: find(node) for node in body} for find in (_binds, _uses))
    while True:
        used_here = set().union(*(uses[node] for node in body if node in gone and not gone[node]))
        before = len(gone), sum(map(len, gone.values()))
        for node in body:
            if node in hidden or not binds[node]:
                continue
            others = [other for other in body if other is not node and (other not in gone or gone[other])]
            elsewhere = set().union(*(uses[other] for other in others))
            only_cut = {name for name in binds[node] if name in used_here and name not in elsewhere}
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                if only_cut:
                    gone[node] = binds[node] - only_cut
            elif only_cut == binds[node]:
                gone[node] = set()
        if before == (len(gone), sum(map(len, gone.values()))):
            return gone


def _with_names(node: ast.Import | ast.ImportFrom, names: set[str]) -> ast.stmt:
    kept = [item for item in node.names if (item.asname or item.name).partition(".")[0] in names]
    return ast.Import(kept) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, kept, node.level)


def _lines(node: ast.stmt, lines: list[str], above: int) -> tuple[int, int]:
    """The first line of a statement and the one after its last: with its decorators, and the comments that belong to it."""
    start = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))]) - 1
    end = node.end_lineno or node.lineno
    while start > above and lines[start - 1].startswith("#"):
        start -= 1
    while end < len(lines) and lines[end].startswith((" ", "\t")):
        end += 1
    return start, end


def _tidy(kept: list[str | None]) -> str:
    """What is left, with two empty lines at most where something was."""
    left: list[str] = []
    cut_before = False
    for line in kept:
        if line is None:
            cut_before = True
        elif line.strip() or not (cut_before and left[-2:] in (["", ""], [""])):
            left.append(line)
            cut_before = cut_before and not line.strip()
    return "\n".join(left).rstrip() + "\n"
