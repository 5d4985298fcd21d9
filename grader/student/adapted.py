"""A released file as it has to be in a student's own copy of the lessons."""

from __future__ import annotations

import platform
import re
from pathlib import Path

from grader.files.course import number_in
from grader.files.names import RELEASED

_LESSON = re.compile(rb"\]\(\.\./(?P<lesson>\w+)/(?P=lesson)(?P<suffix>\.ipynb|\.py)\)")
"""A link to another lesson."""
_LAST = b'"pygments_lexer": "ipython3"\n'


def adapted(file: Path) -> bytes:
    """The bytes of a released file, as a student gets it.

    A release's figures lie two folders above its lessons, and a student's one. A student's folders begin with the numbers of
    their lessons, so that links between lessons lead to those. A notebook is told the version of this
    Python, which JupyterLab else writes into it when it is opened: it would ask whether to save what nobody has changed.
    """
    data = file.read_bytes()
    if file.suffix in (".py", ".ipynb"):
        data = _LESSON.sub(lambda link: _numbered(link, file.parents[1]), data)
    if file.suffix == ".py":
        return data.replace(b"(../../img/", b"(../img/")
    if file.suffix == ".ipynb":
        version = f',\n   "version": "{platform.python_version()}"\n'
        return data.replace(_LAST, _LAST.rstrip() + version.encode())
    return data


def _numbered(link: re.Match[bytes], lessons: Path) -> bytes:
    """A link to another lesson, in its numbered folder."""
    name = link["lesson"].decode()
    number = number_in(lessons / name) or number_in(lessons.with_name(RELEASED) / name)  # not each has a translation
    return f"](../{number}_{name}/{name}".encode() + link["suffix"] + b")" if number else link[0]
