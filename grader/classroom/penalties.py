"""Late penalties: nbgrader's own step, as the course has configured it, on what is late in a gradebook."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.classroom import finals, gradebook
from grader.classroom.gradebook import GradebookError
from grader.files.names import as_told
from grader.judge.result import Result

CONFIG = "nbgrader_config.py"


def assign(book: Path, results: list[Result], folders: list[Path]) -> None:
    """Compute the penalties of these hand-ins anew, as `nbgrader autograde` does after it has recorded one.

    Nothing happens without a configuration, and next to nothing where no hand-in is late.

    Args:
        folders: where `nbgrader_config.py` may lie; the first that holds one counts.

    Raises:
        GradebookError: the gradebook can't be used, or the configuration or its plugin fails.
    """
    folder = next((each.resolve() for each in folders if (each / CONFIG).is_file()), None)
    if folder is None or not results:
        return
    concerned = {(as_told(result.student), result.lesson) for result in results} & (
        _penalized(book) | finals.late_by(book).keys()
    )
    if not concerned:
        return
    with gradebook.used(book) as url, _in(folder), _as_a_sentence(folder / CONFIG):
        from nbformat.v4 import new_notebook
        from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(parent=_configured(folder))
        for student, lesson in sorted(concerned):
            about = {"notebook": lesson, "assignment": lesson, "student": student, "db_url": url}
            step.preprocess(new_notebook(), {"nbgrader": about})


def _penalized(book: Path) -> set[tuple[str, str]]:
    """(student, lesson) of each hand-in that has a late penalty so far."""
    with gradebook.reading(book) as db:
        from nbgrader import api
        from sqlalchemy import select

        notebook, assignment = api.SubmittedNotebook, api.SubmittedAssignment
        query = (
            select(assignment.student_id, api.Assignment.name)
            .select_from(notebook)
            .join(assignment, notebook.assignment_id == assignment.id)
            .join(api.Assignment, assignment.assignment_id == api.Assignment.id)
            .where(notebook.late_submission_penalty.is_not(None))
        )
        return {(student, lesson) for student, lesson in db.execute(query)}


def _configured(folder: Path) -> Any:
    """nbgrader's application with the configuration that it has in a course's folder."""
    from nbgrader.apps import AutogradeApp

    app = AutogradeApp(raise_config_file_errors=True)
    app.log.setLevel(logging.ERROR)
    app.initialize([], root=str(folder))
    app.log.setLevel(logging.ERROR)  # that somebody is late is in the reports
    return app


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    """Work in a folder, where its configuration finds its own modules."""
    before = sys.path[:]
    with contextlib.chdir(folder):
        sys.path.insert(0, str(folder))
        try:
            yield
        finally:
            sys.path[:] = before


@contextlib.contextmanager
def _as_a_sentence(config: Path) -> Iterator[None]:
    """What an instructor's configuration or plugin does wrong, as a GradebookError."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if gradebook.cause(error):
            raise
        raise GradebookError(
            f"Late penalties were not assigned: {config}, or the plugin that it names, stopped with "
            f"{type(error).__name__}: {error}. All else is recorded. Mend it, then run this again."
        ) from error
