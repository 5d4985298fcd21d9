"""Runs the cells of a notebook or a script as Jupyter does: magics, `await`, one statement after the other."""

from __future__ import annotations
import __future__

import ast
import asyncio
import contextlib
import inspect
import itertools
import linecache
import types
from collections.abc import Iterator
from typing import Literal

from grader.stubs import begun
from grader.wire import NAME_AT_MOST
from grader.worker.clock import TooSlow, stopped_after
from grader.worker.errors import CELL_FILENAME, describe_error
from grader.worker.magics import answer_for_ipython, as_python
from grader.worker.mending import Part, chosen
from grader.worker.observe import kind_of_name
from grader.worker.printed import Printed, captured
from grader.worker.record import Tree

SECONDS_AGAIN = 2.5
"""Time for the first statement of a cell that took too long the first time; each further one has half of what is left."""
GOES_ON_AT_MOST, TOLD_AT_MOST = 100, 3
"""Statements of one cell that may fail before the rest of it is passed over, and how many of them are told."""
USES_AT_MOST, PLACES_AT_MOST = 500, 20
Again = Literal["", "time", "ended"]
"""Why a cell is run again: it used up its time the first time, or ended its process."""
_CAN_END = (ast.Expr, ast.For, ast.While, ast.With, ast.AsyncFor, ast.AsyncWith)
"""Statements that are passed over where one of their cell was too slow or ended the process: they hardly define anything."""
_FUTURES = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}


class Cells:
    """The names of a submission, and what is known of where they are defined."""

    def __init__(self, module: types.ModuleType) -> None:
        self.module = module
        self._flags = 0
        self._definitions: dict[str, list[_Definition]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, index: int, source: str, *, again: Again = "") -> Tree:
        """Execute one cell in the submission's names. A statement that fails is reported, the first ones of each cell, and
        changes nothing for the next: what the rest of the cell defines is still worth having.

        Args:
            again: the cell did not come to an end before. Now each statement that takes too long is stopped by itself, as
                far as it lets us, and what can end a process is left out.
        """
        filename = CELL_FILENAME.format(index=index)
        printed = Printed()
        failed: list[BaseException] = []
        with captured(printed):
            try:
                answer_for_ipython(source)
                python = as_python(source, self.module.__dict__)
                linecache.cache[filename] = (len(python), None, python.splitlines(keepends=True), filename)
                body = self._parse(python, filename)
                self._note(body, index)
            except BaseException as raised:  # also MemoryError and RecursionError, by code that is nested too deep
                failed, body = [raised], []
            failed += itertools.islice(self._execute(body, filename, again), GOES_ON_AT_MOST)
            told = [describe_error(error) for error in failed[:TOLD_AT_MOST]]
        return {"error": told[0] if told else None, "more": told[1:], "printed": printed.text}

    def names(self, names: list[str]) -> Tree:
        """How the exercises' names are bound, where they are defined, and which names their definitions read."""
        return {name: self._name(name, names) for name in names}

    def _name(self, name: str, exercises: list[str]) -> Tree:
        found = self._definitions.get(name, [])
        last = found[-1] if found else None
        return {
            "kind": kind_of_name(self.module.__dict__, name),
            "places": [{"cell": item.cell, "line": item.node.lineno} for item in found[-PLACES_AT_MOST:]],
            "uses": sorted(self._uses(name, exercises))[:USES_AT_MOST],
            "begun": bool(last and last.begun()),
        }

    def _uses(self, name: str, exercises: list[str]) -> set[str]:
        """The names that a definition reads, and those that the helpers read which it calls."""
        uses: set[str] = set()
        waiting = [name]
        while waiting:
            for found in self._definitions.get(waiting.pop(), [])[-1:]:
                new = found.uses() - uses
                uses |= new
                waiting += new - set(exercises)
        return uses

    def _parse(self, python: str, filename: str) -> list[ast.stmt]:
        flags = self._flags | ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        body: list[ast.stmt] = compile(python, filename, "exec", flags, dont_inherit=True).body
        return body

    def _note(self, body: list[ast.stmt], index: int) -> None:
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                self._flags |= sum(_FUTURES.get(item.name, 0) for item in node.names)
            for name in _defined(node):
                self._definitions.setdefault(name, []).append(_Definition(node, index))

    def _execute(self, body: list[ast.stmt], filename: str, again: Again) -> Iterator[BaseException]:
        """Run statements; give each error, and go on behind the statement that it came from."""
        left = SECONDS_AGAIN
        if again == "ended":
            body = [node for node in body if not isinstance(node, _CAN_END)]
        while body:
            now, body = (body[:1], body[1:]) if again else (body, [])
            flags = self._flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code = None
            try:
                code = compile(ast.Module(now, []), filename, "exec", flags, dont_inherit=True)
                with stopped_after(left) if again else contextlib.nullcontext():
                    self._run(code)
            except BaseException as raised:  # sys.exit() in a cell ends a statement, not the submission
                body = [*_behind(now, raised, code), *body]
                if isinstance(raised, TooSlow):
                    left /= 2
                    body = [node for node in body if not isinstance(node, _CAN_END)]  # what follows may rest on it
                else:
                    yield raised

    def _run(self, code: types.CodeType) -> None:
        if not code.co_flags & inspect.CO_COROUTINE:
            exec(code, self.module.__dict__)
            return
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(eval(code, self.module.__dict__))

    def parts(self, exercise: str, exercises: list[str]) -> list[Part]:
        """The definition of an exercise, and those of helpers that only it uses."""
        last = {name: found[-1] for name, found in self._definitions.items()}
        parts = {
            name: Part(item.node, item.cell, CELL_FILENAME.format(index=item.cell), self._flags)
            for name, item in last.items()
        }
        return chosen(exercise, exercises, parts)

    def functions(self) -> list[str]:
        """The names of the functions and classes that the cells define."""
        kinds = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
        return [name for name, found in self._definitions.items() if isinstance(found[-1].node, kinds)]


class _Definition:
    """A statement that binds a name, and the cell it stands in."""

    def __init__(self, node: ast.stmt, cell: int) -> None:
        self.node = node
        self.cell = cell

    def uses(self) -> set[str]:
        return {item.id[:NAME_AT_MOST] for item in ast.walk(self.node) if isinstance(item, ast.Name)}

    def begun(self) -> bool:
        return begun(self.node)


def _defined(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the left margin binds to a function, a class or a value."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _behind(body: list[ast.stmt], raised: BaseException, code: types.CodeType | None) -> list[ast.stmt]:
    """The statements behind the one that raised; none where it can't be told which one that was."""
    trace = raised.__traceback__
    while trace and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    line = trace.tb_lineno if trace else None
    for number, node in enumerate(body):
        if line is not None and node.lineno <= line <= (node.end_lineno or node.lineno):
            return body[number + 1 :]
        for decorator in getattr(node, "decorator_list", ()):
            if decorator.lineno == line:
                return body[number + 1 :]
    return []
