"""What a course has configured for nbgrader, in its `nbgrader_config.py`."""

from __future__ import annotations

import contextlib
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.classroom.database import Server, named
from grader.errors import CourseError
from grader.messages import told

CONFIG = "nbgrader_config.py"


def book(folder: Path) -> Path | Server | None:
    """The gradebook that the configuration in a folder names, `c.CourseDirectory.db_url`; None where it names none.

    Raises:
        CourseError: the configuration fails, or what it names is not a gradebook's address.
    """
    config = folder.resolve() / CONFIG
    # nbgrader's applications take a second to import, and most configurations name none.
    if not config.is_file() or not re.search(r"(?m)^[^#\n]*\bdb_url\b", config.read_text("utf-8", "replace")):
        return None
    try:
        with within(config.parent):
            address = application(config.parent).config.CourseDirectory.get("db_url")
    except (Exception, SystemExit) as error:
        raise CourseError(
            told(
                "{config} stopped with {type}: {error}. Fix it, then try again.",
                config=config,
                type=type(error).__name__,
                error=error,
            )
        ) from error
    return named(address, config.parent) if isinstance(address, str) else None


def application(folder: Path) -> Any:
    """nbgrader's application with the configuration that it has in a course's folder."""
    from nbgrader.apps import AutogradeApp

    app = AutogradeApp(raise_config_file_errors=True)
    app.log.setLevel(logging.ERROR)
    app.initialize([], root=str(folder))
    app.log.setLevel(logging.ERROR)  # that somebody is late is in the reports
    return app


@contextlib.contextmanager
def within(folder: Path) -> Iterator[None]:
    """Work in a folder, where its configuration finds its own modules."""
    before = sys.path[:]
    with contextlib.chdir(folder):
        sys.path.insert(0, str(folder))
        try:
            yield
        finally:
            sys.path[:] = before
