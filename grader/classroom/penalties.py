"""Late penalties: nbgrader's own step, as the course has configured it, on what is late in a gradebook."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from grader.classroom import finals, gradebook
from grader.classroom.configured import CONFIG, application, within
from grader.classroom.database import GradebookError, cause
from grader.judge.result import Result
from grader.messages import told


def assign(book: gradebook.Where, results: list[Result], folders: list[Path]) -> None:
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
    concerned = {(gradebook.student_id(book, result.student), result.lesson) for result in results} & (
        _penalized(book) | finals.late_by(book).keys()
    )
    if not concerned:
        return
    with gradebook.used(book) as place, within(folder), _as_a_sentence(folder / CONFIG):
        from nbformat.v4 import new_notebook
        from nbgrader.preprocessors import AssignLatePenalties

        step = AssignLatePenalties(parent=application(folder))
        for student, lesson in sorted(concerned):
            about = {"notebook": lesson, "assignment": lesson, "student": student, "db_url": place.url}
            step.preprocess(new_notebook(), {"nbgrader": about})


def _penalized(book: gradebook.Where) -> set[tuple[str, str]]:
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


@contextlib.contextmanager
def _as_a_sentence(config: Path) -> Iterator[None]:
    """What an instructor's configuration or plugin does wrong, as a GradebookError."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if cause(error):
            raise
        raise GradebookError(
            told(
                "Late penalties were not assigned: {config}, or the plugin that it names, stopped with {type}: {error}. "
                "All else is recorded. Fix it, then run this again.",
                config=config,
                type=type(error).__name__,
                error=error,
            )
        ) from error
