"""What a notebook's cell may hold beside Python: magics, shell lines, prompts; and `get_ipython()`, which answers quietly.

The lines are those of IPython, by its own transformation where it is installed. Nothing of a shell is run. `%time`, `%run`
and `%%writefile` do what they say, since answers may stand there.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
import textwrap
import types
import warnings
from collections.abc import Container
from pathlib import Path
from typing import Any

_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)[ \t]*(?P<line>.*)\n?")
_OTHER_LANGUAGES = set(
    "bash sh zsh script system sx cmd html HTML svg SVG latex markdown javascript js perl ruby R julia sql cython".split()
)
"""Cell magics below which stands no Python."""
_FILES = ("writefile", "file")
_AUTOMAGIC = set(
    "pip conda mamba uv ls ll cd pwd cat cp mv rm mkdir rmdir man time timeit prun run matplotlib pylab load_ext "
    "reload_ext who whos env config precision autoreload".split()
)
"""What IPython takes for a magic without a `%` too, alone in its cell and where no name of the notebook is meant."""
_PROMPT = re.compile(r"^(?:>>> ?|In \[\d+\]: ?)")
_LINE = re.compile(
    r"(?P<indent>[ \t]*+)(?:"
    r"(?P<target>[\w.,\[\]\"' \t*]*?[\w\]])[ \t]*=[ \t]*(?P<assigned>[%!])(?P<value>[^=].*)"  # files = !ls
    r"|(?P<escape>%%?|!!?)(?P<rest>.*)"  # %matplotlib inline, !pip install torch
    r"|\?{1,2}[^?].*|[%\w.*\[\]]+\?{1,2}[ \t]*"  # ?help, help?
    r")$"
)
_TURNS = {"": re.compile(r"\"{3}|'{3}|[\"'#()\[\]{}]|\\$")} | {
    quotes: re.compile(rf"{quotes}|\\.?") for quotes in ("'", '"', "'''", '"""')
}
"""What decides whether the next line begins a statement, by the quotes that are open."""


def as_python(source: str, names: Container[str]) -> str:
    """A cell as Python, its lines numbered as they were: each magic and shell line a call that `get_ipython()` answers.

    Args:
        names: those of the notebook: what is one of them is no magic.
    """
    source, above = source.replace("\r\n", "\n").replace("\r", "\n"), ""
    while magic := _CELL_MAGIC.match(source):
        name, line, body = magic["name"], magic["line"].strip(), source[magic.end() :]
        if name in _FILES:
            return f"get_ipython().run_cell_magic({name!r}, {line!r}, {body!r})"
        if name in _OTHER_LANGUAGES:
            return ""
        above += f"get_ipython().run_cell_magic({name!r}, {line!r}, '')" + "\n" * magic[0].count("\n")
        source = body
    return above + _without_magics(source, names)


def _without_magics(source: str, names: Container[str]) -> str:
    first, _, rest = source.strip().partition(" ")
    if first in _AUTOMAGIC and first not in names and "\n" not in rest and rest.lstrip()[:1] not in tuple("=([,"):
        return f"get_ipython().run_line_magic({first!r}, {rest!r})"
    if _is_python(source):
        return source  # as most cells are: IPython need not be imported
    try:
        from IPython.core.inputtransformer2 import TransformerManager

        return str(TransformerManager().transform_cell(source))
    except (ImportError, SyntaxError):  # a text that is not closed; to tell the student so is Python's business
        return _own(source)


def _is_python(source: str) -> bool:
    if source[:1] in tuple(" \t") or _PROMPT.match(source.lstrip()):
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(source, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _own(source: str) -> str:
    """The transformation where IPython is not installed. Only a line that begins a statement can be a magic: inside of
    brackets or quotes, what looks like one is Python."""
    lines, depth, quotes, goes_on = _without_prompts(source).split("\n"), 0, "", False
    number = 0
    while number < len(lines):
        line = lines[number]
        if not (depth or quotes or goes_on) and _LINE.match(line):
            last = number
            while lines[last].endswith("\\") and last + 1 < len(lines):  # a shell line that goes on below
                last += 1
            whole = " ".join(item.rstrip("\\") for item in lines[number : last + 1])
            lines[number : last + 1] = [_call(whole), *[""] * (last - number)]
            number = last + 1
            continue
        at, goes_on = 0, False
        while (turn := _TURNS[quotes].search(line, at)) and turn[0] != "#":
            at, goes_on = turn.end(), turn[0] == "\\"
            if turn[0] == quotes:
                quotes = ""
            elif not quotes and turn[0][0] in "\"'":
                quotes = turn[0]
            elif not quotes and not goes_on:
                depth = max(0, depth + (1 if turn[0] in "([{" else -1))
        if len(quotes) == 1 and not goes_on:
            quotes = ""  # such a text ends with its line
        number += 1
    return "\n".join(lines)


def _call(line: str) -> str:
    found = _LINE.match(line)
    assert found, "only what is a magic comes here"
    if found["assigned"]:
        kind, text, before = found["assigned"], found["value"], f"{found['target']} = "
    else:
        kind, text, before = found["escape"] or "?", found["rest"] or "", ""
    if kind[0] == "!":
        return f"{found['indent']}{before}get_ipython().getoutput({text!r})"
    if kind == "?":
        return f"{found['indent']}None"
    name, _, rest = text.strip().partition(" ")
    return f"{found['indent']}{before}get_ipython().run_line_magic({name!r}, {rest.strip()!r})"


def _without_prompts(source: str) -> str:
    """A cell without the prompts that were copied with it, and without the indentation that all of it has."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if _PROMPT.match(first.lstrip()):
        lines = [re.sub(r"^[ \t]*(?:>>> ?|\.\.\.:? ?|In \[\d+\]: ?)", "", line) for line in lines]
    elif first[:1] in " \t":
        indent = first[: len(first) - len(first.lstrip())]
        lines = [line.removeprefix(indent) if line.startswith(indent) else textwrap.dedent(line) for line in lines]
    return "\n".join(lines)


class _Nothing:
    """Stands for whatever a magic would give: it can be called, asked for anything, and holds nothing."""

    def __call__(self, *_: object, **__: object) -> None: ...

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter(())


class ZMQInteractiveShell:
    """What `get_ipython()` gives: it has the name of a kernel's, by which code tells that it runs in a notebook."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.user_ns = names

    def run_line_magic(self, magic_name: str, line: str = "", *_: object, **__: object) -> Any:
        """Run what is Python in a line magic; any other does nothing."""
        if magic_name in ("time", "timeit", "prun", "memit", "lprun", "mprun"):
            return self._python(re.sub(r"^(?:-[a-zA-Z]+(?:\s*\d+)?\s+)+", "", line.strip() + " ").strip())
        if magic_name == "run":
            return self._file(line)
        return None

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> None:
        """Write a file, or bind the name that a captured output would have. The Python below other magics is run as if they
        were not there."""
        if magic_name in _FILES:
            words = line.split()
            with open(words[-1].strip("\"'"), "a" if "-a" in words else "w", encoding="utf-8") as file:
                file.write(cell)
        elif magic_name == "capture" and (name := line.split(" ")[-1]).isidentifier():
            self.user_ns[name] = _Nothing()
        elif cell:
            exec(compile(cell, "<cell>", "exec"), self.user_ns)

    def magic(self, line: str) -> Any:
        return self.run_line_magic(*line.lstrip("%").partition(" ")[::2])

    def run_cell(self, raw_cell: str, *_: object, **__: object) -> None:
        exec(compile(as_python(raw_cell, self.user_ns), "<cell>", "exec"), self.user_ns)

    def getoutput(self, *_: object, **__: object) -> list[str]:
        return []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()

    def _python(self, text: str) -> Any:
        try:
            code = compile(text, "<magic>", "eval")
        except SyntaxError:
            return exec(compile(text, "<magic>", "exec"), self.user_ns)
        return eval(code, self.user_ns)

    def _file(self, line: str) -> None:
        words = [word for word in line.split() if not word.startswith("-")]
        path = Path(words[0].strip("\"'")).with_suffix(".py")
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), self.user_ns)


def install(names: dict[str, Any]) -> None:
    """Have `get_ipython()` answer, and give the functions that each kernel has."""
    shell = ZMQInteractiveShell(names)
    builtins.get_ipython = lambda: shell  # type: ignore[attr-defined]
    builtins.display = _Nothing()  # type: ignore[attr-defined]


def answer_for_ipython(source: str) -> None:
    """Have the module IPython answer as in a kernel, before a cell that speaks of it; or a stand-in for it."""
    if "IPython" not in source:
        return
    try:
        from IPython.core import getipython
    except ImportError:
        for name in ("IPython", "IPython.display"):
            stand_in = types.ModuleType(name)
            stand_in.__getattr__ = lambda _: _Nothing()  # type: ignore[method-assign]
            sys.modules.setdefault(name, stand_in)
        sys.modules["IPython"].get_ipython = builtins.get_ipython  # type: ignore[attr-defined]
        return
    getipython.get_ipython = sys.modules["IPython"].get_ipython = builtins.get_ipython  # type: ignore[attr-defined]
