"""An error that an answer stopped with, as plain data: where in the student's own lines it came about, and whose words it
is in."""

from __future__ import annotations

import dis
import linecache
import re
import traceback
from collections.abc import Mapping
from itertools import islice
from typing import Any

from grader.wire import NAME_AT_MOST, TEXT_AT_MOST
from grader.worker.record import Tree

CELL_FILENAME = "<cell {index}>"
"""The file name under which a cell is compiled: how a traceback's lines are told to be the student's own."""
CHECKS_FILENAME = "checks.py"
"""The one under which a lesson's checks are compiled."""
MISCONCEPTIONS_FILENAME = "misconceptions.py"
"""The one under which they are compiled, in an author's own runs."""
_RAISE = dis.opmap["RAISE_VARARGS"]
"""What `raise` and `assert` are compiled to."""
STEPS_AT_MOST = 10_000
"""Steps of an error's traceback that are looked at."""
CALLED_FROM_AT_MOST = 2
"""Lines of a student's own that are kept beside the last one that led to an error."""
_CELL = re.compile(r"<cell (\d{1,9})>")


def _text_of(said: object, at_most: int = TEXT_AT_MOST) -> str:
    """What a student's object says of itself, if it can."""
    try:
        return str(said)[:at_most]
    except BaseException:
        return ""


def describe_error(error: BaseException, names: Mapping[str, Any] | None = None) -> Tree:
    """An exception as plain data: its type, its message, and the last of the student's own lines that led to it, with the
    lines that this one was called from.

    Args:
        names: a student's, in a kernel, where no cell has a number of ours: their lines are those of what is bound to them.
    """
    message = _text_of(error)
    frames = list(islice(traceback.walk_tb(error.__traceback__), STEPS_AT_MOST))
    places = [(frame.f_code.co_filename, number) for frame, number in frames]
    if isinstance(error, SyntaxError) and _CELL.fullmatch(_text_of(error.filename)):
        places.append((_text_of(error.filename), error.lineno if isinstance(error.lineno, int) else 1))
        message = _text_of(error.msg)
    own: list[Tree] = [
        {"cell": int(match[1]), "line": number, "code": ""}
        for filename, number in places
        if (match := _CELL.fullmatch(filename))
    ] or [
        {
            "cell": None,
            "line": number,
            "code": linecache.getline(frame.f_code.co_filename, number).strip()[:NAME_AT_MOST],
        }
        for frame, number in frames
        if frame.f_globals is names
    ]
    return {
        "type": type(error).__name__[:NAME_AT_MOST],
        "bases": [base.__name__[:NAME_AT_MOST] for base in type(error).__mro__[:20]],
        "message": message,
        **(own[-1] if own else {"cell": None, "line": None, "code": ""}),
        "called_from": own[-1 - CALLED_FROM_AT_MOST : -1],
        "call": "" if own else _call(error),
        "own_words": _is_raised(error, names),
    }


def _is_raised(error: BaseException, names: Mapping[str, Any] | None) -> bool:
    """Whether an answer's own `raise` or `assert` made the error, so that its text is in the words of whoever wrote that."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return False
    code = trace.tb_frame.f_code
    own = _CELL.fullmatch(code.co_filename) or code.co_filename == MISCONCEPTIONS_FILENAME
    in_kernel = trace.tb_frame.f_globals is names
    return bool(own or in_kernel) and code.co_code[trace.tb_lasti] == _RAISE


def _call(error: BaseException) -> str:
    """The piece of a check that stopped, where no line of a student led there: the call, or the line where it is none, as
    where a result is taken apart."""
    own = [item for item in traceback.extract_tb(error.__traceback__, STEPS_AT_MOST) if item.filename == CHECKS_FILENAME]
    if not own or None in (own[-1].lineno, own[-1].end_lineno, own[-1].colno, own[-1].end_colno):
        return ""
    last: Any = own[-1]
    lines = linecache.getlines(CHECKS_FILENAME)[last.lineno - 1 : last.end_lineno]
    called = lines and "(" in (lines[0][: last.end_colno] if len(lines) == 1 else lines[0])[last.colno :]
    if called:
        lines[-1] = lines[-1][: last.end_colno]
        lines[0] = lines[0][last.colno :]
    return " ".join("".join(lines).split())[:NAME_AT_MOST]
