"""A released file as it has to be in a student's own copy of the lessons."""

from __future__ import annotations

import platform
from pathlib import Path

_LAST = b'"pygments_lexer": "ipython3"\n'


def adapted(file: Path) -> bytes:
    """The bytes of a released file, as a student gets it.

    A release's figures lie two folders above its lessons, and a student's one. A notebook is told the version of this
    Python, which JupyterLab else writes into it when it is opened: it would ask whether to save what nobody has changed.
    """
    data = file.read_bytes()
    if file.suffix == ".py":
        return data.replace(b"(../../img/", b"(../img/")
    if file.suffix == ".ipynb":
        version = f',\n   "version": "{platform.python_version()}"\n'
        return data.replace(_LAST, _LAST.rstrip() + version.encode())
    return data
