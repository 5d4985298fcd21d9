"""Tries small edits of an exercise's definition: each is made in a copy of the names, where a check can be put to it.

Here strangers' code is parsed, changed and run, so this is a part of the worker. Which edit makes the answer right, the
judge says, elsewhere.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import linecache
import sys
import time
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import torch

from grader.checks import Check
from grader.lesson.declare import Lesson
from grader.worker.clock import TooSlow, stopped_after
from grader.worker.edits import Edit
from grader.worker.observe import Answer, run_check
from grader.worker.printed import Printed, captured
from grader.worker.record import BYTES_AT_MOST, NODES_AT_MOST, Recorder, Tree

EDITS_AT_MOST = 2500
"""Edits of one exercise that are tried."""
SLICE_SECONDS, EACH_AT_LEAST, EACH_TIMES, ALONE_SECONDS = 0.25, 0.1, 5, 1.5
"""Processor time after which edits are not tried any more in one step; what one edit of many may take at least, and in terms
of what the answer as it stands takes; and what one may take that is tried alone."""
ASLEEP_TIMES = 10
"""How much longer by the clock: the machine may be busy."""
_COPIED = (torch.Tensor, torch.nn.Module, list, dict, set)


class Part(NamedTuple):
    """A statement that defines something, the cell it stands in, and how it was compiled."""

    node: ast.stmt
    cell: int | None
    filename: str
    flags: int = 0


class Near(NamedTuple):
    """The line that an answer stopped at, and the name that its cell was compiled under."""

    cell: int | None
    line: int
    filename: str


def chosen(exercise: str, exercises: list[str], parts: Mapping[str, Part]) -> list[Part]:
    """The part that defines an exercise, and before it those of helpers that nothing else uses."""
    if exercise not in parts or not _is_definition(parts[exercise].node):
        return []
    uses = {name: names_in(part.node) & parts.keys() - {name} for name, part in parts.items()}
    mine, waiting = {exercise}, [exercise]
    while waiting:
        new = {name for name in uses[waiting.pop()] - mine if name not in exercises and _is_definition(parts[name].node)}
        mine |= new
        waiting += new
    while shared := {name for name in mine - {exercise} if any(name in uses[other] for other in parts.keys() - mine)}:
        mine -= shared
    found = [part for name, part in parts.items() if name in mine and name != exercise]
    return [*found, parts[exercise]]


def live(names: Mapping[str, Any]) -> dict[str, Part]:
    """The definitions of the functions and classes that a notebook's cells have bound, by name."""
    modules: dict[str, list[ast.stmt]] = {}
    found = {}
    for name, bound in list(names.items()):
        code = code_of(bound)
        if code is None or getattr(bound, "__module__", None) != names.get("__name__"):
            continue
        if code.co_filename not in modules:
            try:
                modules[code.co_filename] = ast.parse("".join(linecache.getlines(code.co_filename))).body
            except (SyntaxError, ValueError):
                modules[code.co_filename] = []
        for node in modules[code.co_filename]:
            if getattr(node, "name", "") == name and node.lineno <= code.co_firstlineno + 1 <= (node.end_lineno or 0) + 1:
                found[name] = Part(node, None, code.co_filename)
    return found


def _is_definition(node: ast.stmt) -> bool:
    assigned = isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
    return assigned or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def names_in(node: ast.AST) -> set[str]:
    """The names that a piece of code reads or binds."""
    return {item.id for item in ast.walk(node) if isinstance(item, ast.Name)}


def code_of(bound: Any) -> types.CodeType | None:
    """The code of a function, or of a method of a class."""
    while hasattr(bound, "__wrapped__"):
        bound = bound.__wrapped__
    if isinstance(bound, type):
        found = [item.__code__ for item in vars(bound).values() if isinstance(item, types.FunctionType)]
        return found[0] if found else None
    code = getattr(bound, "__code__", None)
    return code if isinstance(code, types.CodeType) else None


class Mending:
    """The edits of one exercise, the likely ones first: what is small and near to the line that stopped.

    Args:
        names: those of the submission; they stay as they are.
        parts: the exercise's definition, the last of them, and those of its helpers.
        functions: names of functions and classes of the same file.
    """

    def __init__(self, names: Mapping[str, Any], parts: list[Part], functions: list[str], near: Near | None) -> None:
        self._names = names
        self._near = near
        self._parts = parts if parts and _is_bound(names, parts[-1]) else []
        self._codes = [_compiled(part) for part in self._parts]
        self._read = list(_nested(self._codes))
        from grader.worker.mends import mends  # few need them, and a student waits while they are read

        found: list[tuple[int, Edit]] = []
        for number in reversed(range(len(self._parts))):
            found += [(number, edit) for edit in mends(self._parts[number].node, functions)]
        found.sort(key=lambda item: _distance(self._parts[item[0]].cell, item[1], near))
        self._edits = found[:EDITS_AT_MOST]
        self._each = EACH_AT_LEAST

    def described(self) -> list[Tree]:
        """Each edit's kind, cell and line."""
        return [{"kind": edit.kind, "cell": self._parts[part].cell, "line": edit.line} for part, edit in self._edits]

    def filename(self, number: int) -> str:
        """The file that an edit's line stands in, as the code was compiled."""
        return self._parts[self._edits[number][0]].filename

    def edited(self, number: int) -> dict[str, Any] | None:
        """The names, with the definitions made anew and one edit made in them, or none for -1; None where that can't be."""
        codes = list(self._codes)
        try:
            if number >= 0:
                part, edit = self._edits[number]
                edit.make()
                try:
                    codes[part] = _compiled(self._parts[part])
                finally:
                    edit.undo()
            names = self._copied()
            for code in codes:
                exec(code, names)
        except KeyboardInterrupt:  # in a kernel
            raise
        except BaseException:  # not every edit gives a program, nor one that can be run
            return None
        return names

    def tried(
        self,
        lesson: Lesson,
        check: Check,
        seed: str,
        numbers: list[int],
        *,
        only: int | None = None,
        given: dict[str, torch.Tensor] | None = None,
        interruptible: bool = False,
    ) -> Tree:
        """Put a check to edits, one after the other, as many as there is time and room for: at least one.

        Args:
            only: the number of the one case that is asked for.

        Returns:
            For each of the first edits, in this order, its observations, none where it gives no program; the processor time
            in seconds; and, where one edit was asked for, whether the line was still run that the answer stopped at.
        """
        reached = _Reached(self._near if len(numbers) == 1 else None)
        started, recorder, found = time.process_time(), Recorder(), list[list[Tree]]()
        for number in numbers:
            names, seen = self.edited(number), list[Tree]()
            limit = self._each if len(numbers) > 1 else ALONE_SECONDS
            for _ in range(2 if number < 0 else 1):  # what is done for the first time may take longer
                before = time.process_time()
                with reached, _ended_after(limit):
                    seen = run_check(
                        lesson, check, Answer(names), seed, advice=False, given=given, only=only, recorder=recorder,
                        interruptible=interruptible,
                    ) if names is not None else []  # fmt: skip
            found.append(seen)
            if number < 0:
                self._each = max(self._each, EACH_TIMES * (time.process_time() - before))
            roomy = 2 * recorder.nodes > NODES_AT_MOST and 2 * recorder.bytes > BYTES_AT_MOST
            if not roomy or time.process_time() - started > SLICE_SECONDS:
                break
        return {"tried": found, "seconds": time.process_time() - started, "reached": reached.reached}

    def _copied(self) -> dict[str, Any]:
        """A copy of the names in which the values that the definitions read are copies too: an edit must not spoil them."""
        names = dict(self._names)
        for name in set().union(*(code.co_names for code in self._read)):
            if isinstance(names.get(name), _COPIED):
                with contextlib.suppress(Exception):  # there are tensors that can't be copied
                    names[name] = copy.deepcopy(names[name])
        return names


def _is_bound(names: Mapping[str, Any], part: Part) -> bool:
    """Whether this definition is the one that counts, and not another of the same name."""
    targets = part.node.targets if isinstance(part.node, ast.Assign) else []
    name = getattr(part.node, "name", "") or next((item.id for item in targets if isinstance(item, ast.Name)), "")
    code = code_of(names.get(name))
    if code is None:
        return isinstance(names.get(name), type)
    first = min([part.node.lineno, *(item.lineno for item in getattr(part.node, "decorator_list", []))])
    return code.co_filename == part.filename and first <= code.co_firstlineno <= (part.node.end_lineno or first)


def _compiled(part: Part) -> types.CodeType:
    module = ast.fix_missing_locations(ast.Module([part.node], []))
    with captured(Printed()):
        code: types.CodeType = compile(module, part.filename, "exec", part.flags, dont_inherit=True)
    return code


class _Reached:
    """Watches whether a line is run: an edit that only keeps the answer from coming to its mistake does not mend it."""

    def __init__(self, near: Near | None) -> None:
        self._near = near
        self.reached = near is None

    def __enter__(self) -> None:
        self._before = sys.gettrace()
        if self._near:
            sys.settrace(self._trace)

    def __exit__(self, *_: object) -> None:
        if self._near:
            sys.settrace(self._before)

    def _trace(self, frame: types.FrameType, event: str, _: object) -> Any:
        if self._near and frame.f_code.co_filename == self._near.filename:
            self.reached |= event == "line" and frame.f_lineno == self._near.line
            return self._trace
        return None


@contextlib.contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """End what takes longer. A module that it was about to import is half done then, and is imported anew by the next."""
    known = set(sys.modules)
    started = time.process_time()
    try:
        with contextlib.suppress(TooSlow), stopped_after(seconds, again=seconds, asleep=ASLEEP_TIMES):
            yield
    finally:
        if time.process_time() - started >= seconds:
            for name in sys.modules.keys() - known:
                del sys.modules[name]


def _nested(codes: Iterable[Any]) -> Iterator[types.CodeType]:
    """Pieces of code, and those inside of them."""
    for code in codes:
        if isinstance(code, types.CodeType):
            yield code
            yield from _nested(code.co_consts)


def _distance(cell: int | None, edit: Edit, near: Near | None) -> int:
    """How late an edit is tried: far-fetched ones, and those that are not near to the line that stopped."""
    if near is None:
        return edit.far
    if cell != near.cell or edit.line > near.line:
        return edit.far + 2
    return edit.far + (edit.line < near.line)
