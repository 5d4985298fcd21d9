"""A lesson in another language: the same code with the sentences of a catalogue, paragraph by paragraph.

Whatever gets a text and a `say` hands each English text to it and puts in its place what comes back. With a `say` that
takes notes this is the extraction as well.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unicodedata import east_asian_width

from grader.files import percent
from grader.files.source import FIGURE, SOLUTION, LessonFiles, figure_in
from grader.language import translations

Say = Callable[[str], str]
PROSE_COLUMNS, DOCSTRING_COLUMNS = 118, 80
"""Columns of prose in a script, and of a docstring with its indentation; a Chinese sign takes two."""
_BEGINS = re.compile(r"\s*(?:```|\$\$|\||<|#|- |\d+\. )|\s*$")
"""Lines that do not go on with the paragraph above."""
_ELEMENT = re.compile(r"(?P<before>(?:<[^>]+>)+)(?P<text>[^<]+)(?P<after>(?:</[^>]+>)+)")
_LEAD = re.compile(r"\s*(?:#+ |- |\d+\. |\*\*Hint\.\*\* )?")
_TO_THE_MACHINE = re.compile(r"[%#!]|fmt:|noqa|type:|>>>|\W*$")
_KEPT_TOGETHER = re.compile(r"`[^`]*`|\$[^$]*\$")
_NOT_IN_FRONT = re.compile(r"(?:[-+*#>|=]+|\d+[.)])$")
"""Words that Markdown takes for something else at the beginning of a line."""
_DRAWN = ("normal", "uniform", "integers", "labels")
"""What makes inputs of a shape."""
_PROBES = Path(__file__).parents[1] / "lesson" / "probes.py"
_CLOSES, _OPENS = "。，、：；！？）」』》”’", "（「『《“‘"


def translated(files: LessonFiles, language: str) -> LessonFiles:
    """The lesson's sources with the sentences of a catalogue; what is not in it stays in English. A figure that is
    there with its words in that language takes the place of the English one."""
    say = sayer(files, language)
    text = FIGURE.sub(lambda found: _figure(found, files, language), handout(files.handout, say))
    return replace(files, handout=text, checks=checks(files.checks, say), language=language)


def _figure(found: re.Match[str], files: LessonFiles, language: str) -> str:
    name = figure_in(language, found["name"])
    return found[0].replace(found["name"], name) if name in files.figures else found[0]


def sayer(files: LessonFiles, language: str) -> Say:
    """What gives the translation of a lesson's texts; an English text itself where there is none."""
    known = {english: text for (_, english), text in translations(files.catalogues.get(language, "")).items()}
    return lambda english: known.get(english, english)


def texts(files: LessonFiles) -> list[str]:
    """All English texts of a lesson that a student may read, each once, in the order of the files."""
    found: dict[str, None] = {}

    def note(english: str) -> str:
        found[english] = None
        return english

    handout(files.handout, note)
    checks(files.checks, note)
    for name in names(files.checks):
        note(name)
    for says in mistakes(files.misconceptions):
        note(says)
    return list(found)


def handout(text: str, say: Say) -> str:
    """A handout in the percent format: its prose, and in its code the docstrings and comments outside of solutions."""
    marks = list(percent.MARKER.finditer(text))
    parts = [text[: marks[0].start()] if marks else text]
    for mark, end in zip(marks, [*(each.start() for each in marks[1:]), len(text)][: len(marks)], strict=True):
        body = text[mark.end() : end]
        parts.append(mark[0])
        title = mark["title"] or ""
        if percent.NAMED.match(title):  # for those who grade
            parts.append(body)
        else:
            parts.append(_commented(body, say) if "[markdown]" in title else code(body, say))
    return "".join(parts)


def _commented(body: str, say: Say) -> str:
    lines = body.split("\n")
    first, last = _first_and_last(lines)
    plain = [line.removeprefix("#").removeprefix(" ") for line in lines[first:last]]
    said = prose("\n".join(plain), say).split("\n")
    return "\n".join([*lines[:first], *(f"# {line}".rstrip() for line in said), *lines[last:]])


def _first_and_last(lines: list[str]) -> tuple[int, int]:
    """Where the lines begin that hold anything, and where they end."""
    there = [number for number, line in enumerate(lines) if line.strip()]
    return (there[0], there[-1] + 1) if there else (0, 0)


def prose(text: str, say: Say) -> str:
    """Markdown: paragraphs, headings, items of lists and rows of tables. Code, formulas and difficulties stay."""
    lines, made, at = text.split("\n"), [], 0
    while at < len(lines):
        line, end = lines[at], at + 1
        if line.lstrip().startswith(("```", "$$")):
            closes = "```" if line.lstrip().startswith("```") else "$$"
            while end < len(lines) and not (line.strip().endswith("$$") and len(line.strip()) > 2 and closes == "$$"):
                end += 1
                if lines[end - 1].strip().endswith(closes):
                    break
            made += lines[at:end]
        elif not line.strip() or re.fullmatch(r"[|\s:-]+", line) or line.startswith("**Difficulty.**"):
            made.append(line)
        elif line.startswith("|"):
            made.append(say(line))
        elif line.startswith("<"):
            element = _ELEMENT.fullmatch(line)
            made.append(element["before"] + say(element["text"]) + element["after"] if element else line)
        else:
            while end < len(lines) and not line.startswith("#") and not _BEGINS.match(lines[end]):
                end += 1
            made += _paragraph(lines[at:end], say)
        at = end
    return "\n".join(made)


def _paragraph(lines: list[str], say: Say) -> list[str]:
    """One paragraph, heading or item; broken where it has a space, since a line's end is shown as one."""
    joined = lines[0].rstrip() + "".join(f" {line.strip()}" for line in lines[1:])
    lead = _LEAD.match(joined)
    assert lead
    said = say(joined[lead.end() :])
    if said == joined[lead.end() :]:
        return lines
    if lead[0].lstrip().startswith("#"):
        return [lead[0] + said]
    indent = " " * (len(lead[0]) if not lead[0].startswith("**") else 0)
    return wrapped(lead[0] + said, PROSE_COLUMNS, indent)


def code(source: str, say: Say) -> str:
    """Docstrings and comments of a code cell, but for what stands in a solution."""
    hidden = [
        (source.count("\n", 0, match.start()) + 1, source.count("\n", 0, match.end())) for match in SOLUTION.finditer(source)
    ]
    lines = source.split("\n")
    shown = [node for node in _documented(source) if not any(first <= node.lineno <= last for first, last in hidden)]
    told = [(node, _docstring(node, lines[node.lineno - 1 : node.end_lineno], say)) for node in shown]
    for node, said in reversed(told):
        lines[node.lineno - 1 : node.end_lineno] = said
    source = "\n".join(lines)
    hidden = [
        (source.count("\n", 0, match.start()) + 1, source.count("\n", 0, match.end())) for match in SOLUTION.finditer(source)
    ]
    for token in _comments(source):
        row, column = token.start
        text = token.string[1:].strip()
        if not _TO_THE_MACHINE.match(text) and not any(first <= row <= last for first, last in hidden):
            lines[row - 1] = f"{lines[row - 1][:column]}# {say(text)}"
    return "\n".join(lines)


def _comments(source: str) -> list[tokenize.TokenInfo]:
    try:
        found = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [token for token in found if token.type == tokenize.COMMENT]


def _documented(source: str) -> Iterator[ast.Constant]:
    """The docstrings of functions and classes, in their order."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    kinds = (ast.FunctionDef, ast.ClassDef)
    for node in sorted((item for item in ast.walk(tree) if isinstance(item, kinds)), key=lambda item: item.lineno):
        if ast.get_docstring(node) and isinstance(held := node.body[0], ast.Expr) and isinstance(held.value, ast.Constant):
            yield held.value


def _docstring(node: ast.Constant, lines: list[str], say: Say) -> list[str]:
    """A docstring, by paragraphs. A line's end in a translation stays one; longer lines are broken."""
    english = [re.sub(r"[ \t]*\n[ \t]*", "\n", part.strip()) for part in re.split(r"\n[ \t]*\n", str(node.value))]
    said = [say(part) for part in english]
    if said == english or not lines[0].lstrip().startswith('"""'):
        return lines
    indent = " " * node.col_offset
    made: list[str] = []
    for number, part in enumerate(said):
        made += [""] * bool(number)
        for line in part.split("\n"):
            first = '"""' * (not made)
            made += wrapped(indent + first + line, DOCSTRING_COLUMNS, indent, anywhere=True)
    closes = '"""'
    if len(made) == 1 and columns(made[0]) + 3 <= DOCSTRING_COLUMNS:
        return [made[0] + closes]
    return [*made, indent + closes]


def checks(text: str, say: Say) -> str:
    """The sentences of checks, which are their docstrings."""
    lines = text.split("\n")
    told = [(node.body[0], " ".join(str(ast.get_docstring(node)).split())) for node in _decorated(text, "check")]
    for held, english, said in reversed([(held, english, say(english)) for held, english in told]):
        if said != english:
            lines[held.lineno - 1 : held.end_lineno] = [" " * held.col_offset + f'"""{said}"""']
    return "\n".join(lines)


def names(checks: str) -> list[str]:
    """What checks call things by in words, each once: texts of more than one word, which are keys and values of what probes
    return, or inputs. One word alone is a name of code, the same in all languages."""
    found: dict[str, None] = {}

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            found[node.value] = None
        elif not _is_no_name(node):
            for below in ast.iter_child_nodes(node):
                look(below)

    look(_tree(checks))
    if "grader.lesson.probes" in checks:
        look(_tree(_PROBES.read_text(encoding="utf-8")))
    return list(found)


def _is_no_name(node: ast.AST) -> bool:
    """Whether a piece of a lesson's checks holds other texts than names: a docstring, a reason, a shape, part of a text."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in _DRAWN
    if isinstance(node, ast.keyword):
        return node.arg == "because"
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def mistakes(text: str) -> Iterator[str]:
    """The sentences of `misconceptions.py`: docstrings of misconceptions and of other ways, and what slips say."""
    for node in [*_decorated(text, "misconception"), *_decorated(text, "way")]:
        yield " ".join(str(ast.get_docstring(node)).split())
    named = {
        target.id: node.value
        for node in _tree(text).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(_tree(text)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "slip":
            for item in call.keywords:
                said = named.get(item.value.id) if isinstance(item.value, ast.Name) else item.value
                if item.arg == "says" and isinstance(said, ast.Constant):
                    yield " ".join(str(said.value).split())


def _decorated(text: str, name: str) -> list[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes below `@….name` that have a docstring."""
    found = []
    for node in ast.walk(_tree(text)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            called = (item.func if isinstance(item, ast.Call) else item for item in node.decorator_list)
            if any(isinstance(item, ast.Attribute) and item.attr == name for item in called):
                found.append(node)
    return sorted(found, key=lambda node: node.lineno)


def _tree(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:  # whoever runs it says so, with the line
        return ast.Module([], [])


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(1 + (east_asian_width(sign) in "WF") for sign in text)


def wrapped(text: str, width: int, indent: str = "", *, anywhere: bool = False) -> list[str]:
    """A text in lines of `width` columns, broken at spaces, or `anywhere` that Chinese may be broken; never in code or in
    a formula."""
    whole = _KEPT_TOGETHER.sub(lambda found: found[0].replace(" ", "\0"), text[len(indent) :] if anywhere else text)
    lines = [indent if anywhere else ""]
    for word in _words(whole, anywhere):
        fits = columns(lines[-1] + word.rstrip(" ")) <= width
        if fits or not lines[-1].strip() or _NOT_IN_FRONT.match(word.strip()) or word[0] in _CLOSES:
            lines[-1] += word
        else:
            lines.append(indent + word)
    return [line.rstrip(" ").replace("\0", " ") for line in lines]


def _words(text: str, anywhere: bool) -> list[str]:
    """The pieces of a text between which a line may end, each with the space behind it."""
    words = re.findall(r"\S+ *", text)
    if not anywhere:
        return words
    wide = rf"[{_OPENS}]*[^\x00-\u2fff{_OPENS}{_CLOSES}][{_CLOSES}]* *"
    return [piece for word in words for piece in re.findall(rf"{wide}|[\x00-\u2fff]+|.", word)]
