"""Starts a Python beside this one, with this package. It imports little itself, so that it can begin before all else."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

Begun = tuple["subprocess.Popen[bytes]", "tempfile.TemporaryDirectory[str]"]
"""A process that answers steps, and the empty folder that it works in."""
_ahead: list[Begun] = []


def start(words: list[str], folder: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start this Python, with this package whatever folder it starts in, and the same order of sets each time."""
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": path}
    return subprocess.Popen(
        [sys.executable, "-P", *words], stderr=subprocess.DEVNULL, cwd=folder, env=environment, **options
    )


def begin(*, warm: bool = False) -> Begun:
    """Start a process that answers steps, or take the one that was begun ahead.

    Args:
        warm: have it import all that is imported late before its first step.
    """
    if _ahead and not warm:
        return _ahead.pop()
    folder = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
    words = ["-m", "grader.worker.child", *(["warm"] if warm else [])]
    return start(words, folder.name, stdin=subprocess.PIPE, stdout=subprocess.PIPE), folder


def begin_ahead() -> None:
    """Start one that will be asked for: to import PyTorch takes longer than all that is done until then."""
    _ahead.append(begin())
    atexit.register(_end_ahead)


def _end_ahead() -> None:
    """End what nobody has asked for."""
    while _ahead:
        process, folder = _ahead.pop()
        process.kill()
        process.wait()
        folder.cleanup()
