"""Write the results of a whole class into nbgrader's gradebook, so that nbgrader's own tools show and export them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from grader.classroom.database import GradebookError, Place, Server, SqliteFile, as_a_sentence, nbgrader_api
from grader.classroom.times import when
from grader.files.names import as_told, storable
from grader.judge.result import Result
from grader.messages import say, together, told
from grader.report.printable import as_markdown

SUBMISSIONS_A_TRANSACTION = 500  # holds the lock for less than a second, and stays below SQLite's 999 values a query
Where = Path | Server
"""A gradebook: the path of a SQLite file, or a database on a server."""


class _Lesson(NamedTuple):
    """The ids of a lesson's rows: `grade` and `solution` by exercise; `gone` are grade cells of former exercises. `changed`
    says whether a cell came or went just now."""

    assignment: str
    notebook: str
    grade: dict[str, str]
    solution: dict[str, str]
    gone: list[str]
    changed: bool


def write(
    where: Where,
    points: dict[str, dict[str, float]],
    results: Iterable[Result],
    students: Iterable[str] = (),
    by_hand: Collection[tuple[str, str]] = (),
) -> None:
    """Bring the gradebook up to date with `results`, and make it where there is none; writing twice changes nothing.

    `points` gives every exercise of each lesson and what it is worth, `by_hand` names those that a person grades, each with
    its lesson. What was given by hand is never touched. Where the `students` of the whole class are given, hand-ins that are
    not among `results` are looked through as well, for cells that an instructor added.

    Raises GradebookError: what was being written is undone, what was written before stays, writing again completes it.
    """
    waiting, more = iter(results), True
    enrolled = set(students)
    with _opened(where) as (book, place):
        while more:
            batch = list(islice(waiting, SUBMISSIONS_A_TRANSACTION))
            more = len(batch) == SUBMISSIONS_A_TRANSACTION
            if strange := {result.lesson for result in batch} - points.keys():
                raise GradebookError(f"There are results of {', '.join(strange)}, but no points for it are given.")
            with _transaction(book.db, place):
                lessons = {name: _lesson(book, name, worth, by_hand) for name, worth in points.items()}
                everyone = {student_id(where, each) for each in enrolled | {result.student for result in batch}}
                _upsert(book.db, nbgrader_api().Student, ["id"], [{"id": student} for student in sorted(everyone)])
                whole = bool(enrolled)
                enrolled.clear()
                for name, lesson in lessons.items():
                    of = {student_id(where, result.student): result for result in batch if result.lesson == name}
                    notebooks = _submissions(book.db, lesson, of)
                    _complete(book.db, lesson, None if whole or lesson.changed else notebooks)


def register(where: Where, lesson: str, points: dict[str, float], released: Any) -> None:
    """Make or update a lesson's assignment as `nbgrader generate_assignment` does, and the gradebook where there is none.

    `released` is the lesson's notebook with nbgrader's metadata. Raises GradebookError.
    """
    with _opened(where) as (book, place), _transaction(book.db, place):
        about = [cell.metadata.get("nbgrader", {}) for cell in released.cells]
        by_hand = [(lesson, cell["grade_id"]) for cell in about if cell.get("grade") and cell.get("solution")]
        notebook = _lesson(book, lesson, points, by_hand).notebook
        rows = []
        for cell in released.cells:
            if marked := cell.metadata.get("nbgrader"):
                row = {"name": marked["grade_id"], "notebook_id": notebook, "cell_type": cell.cell_type}
                locked = marked["locked"] and not marked["solution"]
                rows.append(row | {"locked": locked, "source": cell.source, "checksum": marked.get("checksum")})
        columns = ["cell_type", "locked", "source", "checksum"]
        _upsert(book.db, nbgrader_api().SourceCell, ["name", "notebook_id"], rows, columns)


def scores(where: Where) -> dict[tuple[str, str, str], float]:
    """Read (student, lesson, exercise) -> score as nbgrader counts it: by hand before automatic, plus extra credit.

    It only reads. Raises GradebookError.
    """
    with reading(where) as db:
        api = nbgrader_api()
        from sqlalchemy import select

        query = (
            select(api.SubmittedAssignment.student_id, api.Assignment.name, api.GradeCell.name, api.Grade.score)
            .join_from(api.Grade, api.GradeCell, api.Grade.cell_id == api.GradeCell.id)
            .join(api.SubmittedNotebook, api.Grade.notebook_id == api.SubmittedNotebook.id)
            .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
            .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
            .where(api.GradeCell.name.startswith("check_", autoescape=True))
        )
        return {(who, lesson, cell[len("check_") :]): score for who, lesson, cell, score in db.execute(query)}


@contextmanager
def reading(where: Where) -> Iterator[Any]:
    """A session of SQLAlchemy that is only read with, so it goes without nbgrader's `Gradebook`, which adds what it misses.

    Raises GradebookError.
    """
    with used(where) as place:
        _vet(place)
        from sqlalchemy import NullPool, create_engine
        from sqlalchemy.orm import Session

        with Session(create_engine(place.url, poolclass=NullPool)) as db:
            yield db


def _lesson(book: Any, name: str, worth: dict[str, float], by_hand: Collection[tuple[str, str]]) -> _Lesson:
    """Make or update the assignment of a lesson, its notebook and its cells.

    The cell of a former exercise stays, since grades given by hand would go with it; but it is worth nothing from now
    on, or every student would miss points that nobody can earn.
    """
    api, db = nbgrader_api(), book.db
    assignment = db.query(api.Assignment).filter_by(name=name).one_or_none()
    if assignment is None:
        db.add(assignment := api.Assignment(name, course_id=book.course_id))
        db.flush()
    notebook = db.query(api.Notebook).filter_by(name=name, assignment_id=assignment.id).one_or_none()
    if notebook is None:
        db.add(notebook := api.Notebook(name=name, assignment_id=assignment.id))
        db.flush()
    grade = {cell.name: cell for cell in db.query(api.GradeCell).filter_by(notebook_id=notebook.id)}
    solution = {cell.name: cell for cell in db.query(api.SolutionCell).filter_by(notebook_id=notebook.id)}
    # Only where both cells are there is it ours: an instructor may have added cells that are graded by hand.
    gone = [grade[f"check_{former}"] for former in solution.keys() - worth if f"check_{former}" in grade]
    checks: dict[str, str] = {}
    changed = any(cell.max_score for cell in gone)
    for exercise in worth:
        is_prose = (name, exercise) in by_hand
        check = checks[exercise] = exercise if is_prose else f"check_{exercise}"
        if check not in grade:
            db.add(grade.setdefault(check, api.GradeCell(name=check, notebook_id=notebook.id)))
            changed = True
        if exercise not in solution:
            db.add(solution.setdefault(exercise, api.SolutionCell(name=exercise, notebook_id=notebook.id)))
        grade[check].max_score, grade[check].cell_type = float(worth[exercise]), "markdown" if is_prose else "code"
    for cell in gone:
        cell.max_score = 0.0
    db.flush()
    scored, written = {each: grade[checks[each]].id for each in worth}, {each: solution[each].id for each in worth}
    return _Lesson(assignment.id, notebook.id, scored, written, [cell.id for cell in gone], changed)


def _submissions(db: Any, lesson: _Lesson, of: dict[str, Result]) -> list[str]:
    """Make or update the rows of these hand-ins, by student. What is given by hand is not among the columns that are set.

    Returns the ids of their notebooks.
    """
    api = nbgrader_api()
    from sqlalchemy import select

    rows = [{"assignment_id": lesson.assignment, "student_id": who, "timestamp": when(of[who].handed_in)} for who in of]
    # A time that is not known leaves the one that is recorded, as when nbgrader autogrades.
    known, unknown = [row for row in rows if row["timestamp"]], [row for row in rows if not row["timestamp"]]
    _upsert(db, api.SubmittedAssignment, ["assignment_id", "student_id"], known, ["timestamp"])
    _upsert(db, api.SubmittedAssignment, ["assignment_id", "student_id"], unknown)
    handed_in = select(api.SubmittedAssignment.id, api.SubmittedAssignment.student_id).where(
        api.SubmittedAssignment.assignment_id == lesson.assignment, api.SubmittedAssignment.student_id.in_(of)
    )
    submission = {row: of[who] for row, who in db.execute(handed_in)}
    rows = [{"assignment_id": row, "notebook_id": lesson.notebook} for row in submission]
    _upsert(db, api.SubmittedNotebook, ["notebook_id", "assignment_id"], rows)
    notebooks = select(api.SubmittedNotebook.id, api.SubmittedNotebook.assignment_id).where(
        api.SubmittedNotebook.notebook_id == lesson.notebook, api.SubmittedNotebook.assignment_id.in_(submission)
    )
    scored = select(api.Grade.notebook_id, api.Grade.cell_id).where(
        api.Grade.manual_score.is_not(None), api.Grade.cell_id.in_(lesson.grade.values())
    )
    by_hand = {tuple(row) for row in db.execute(scored)}
    grades: list[dict[str, Any]] = []
    comments: list[dict[str, Any]] = []
    made = [(row, assignment) for row, assignment in db.execute(notebooks)]
    for row, assignment in made:
        result = submission[assignment]
        stamp = [] if result.isolation == "sandbox" else [say("no_sandbox", isolation=result.isolation)]
        for each in result.exercises:
            if each.exercise in lesson.grade:  # a former exercise earns nothing
                cell, told = lesson.grade[each.exercise], each.state != "by_hand"
                waits = not told and (each.to_reread or (row, cell) not in by_hand)
                score = {"auto_score": float(each.earned) if told else None, "needs_manual_grade": waits}
                grades.append({"notebook_id": row, "cell_id": cell, **score})
                said = as_markdown(storable(together(*stamp, each.summary))) if told and each.summary else None
                cell = lesson.solution[each.exercise]
                comments.append({"notebook_id": row, "cell_id": cell, "auto_comment": said})
    _upsert(db, api.Grade, ["cell_id", "notebook_id"], grades, ["auto_score", "needs_manual_grade"])
    _upsert(db, api.Comment, ["cell_id", "notebook_id"], comments, ["auto_comment"])
    return [row for row, _ in made]


def _complete(db: Any, lesson: _Lesson, notebooks: list[str] | None) -> None:
    """Give each submission a row for each cell, as nbgrader's tools expect; withdraw what former exercises earned.

    Args:
        notebooks: those of the submissions; of all where there is none.
    """
    api = nbgrader_api()
    from sqlalchemy import and_, select, update

    for kind, cells in (api.Grade, ["GradeCell", "TaskCell"]), (api.Comment, ["SolutionCell", "TaskCell"]):
        missing = (
            select(api.BaseCell.id, api.SubmittedNotebook.id)
            .join(api.SubmittedNotebook, api.SubmittedNotebook.notebook_id == api.BaseCell.notebook_id)
            .outerjoin(kind, and_(kind.cell_id == api.BaseCell.id, kind.notebook_id == api.SubmittedNotebook.id))
            .where(api.BaseCell.notebook_id == lesson.notebook, api.BaseCell.type.in_(cells), kind.id.is_(None))
        )
        if notebooks is not None:
            missing = missing.where(api.SubmittedNotebook.id.in_(notebooks))
        rows = [{"cell_id": cell, "notebook_id": notebook} for cell, notebook in db.execute(missing)]
        _upsert(db, kind, ["cell_id", "notebook_id"], rows)
    if not lesson.gone:
        return
    gone = update(api.Grade).where(api.Grade.cell_id.in_(lesson.gone)).values(auto_score=None, needs_manual_grade=False)
    db.execute(gone, execution_options={"synchronize_session": False})


def _upsert(db: Any, kind: Any, key: list[str], rows: list[dict[str, Any]], update: list[str] | None = None) -> None:
    """Insert rows in one go; of those there are already, set the columns of `update` and no other."""
    from sqlalchemy.dialects import postgresql, sqlite

    if rows:
        new: Any = (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert(kind)
        changes = {column: new.excluded[column] for column in update or []}
        known = {"index_elements": key}
        upsert = new.on_conflict_do_update(**known, set_=changes) if changes else new.on_conflict_do_nothing(**known)
        db.execute(upsert, rows, execution_options={"render_nulls": True})


def prepare(where: Where | None) -> None:
    """Import what writing will need, and make the gradebook where there is none, so that nobody who stops a run waits for
    it; what goes wrong with a file is told when it is written. Not in a thread beside others: what they import at the same
    time may end in a deadlock, which Python ends with an error in either.

    Raises:
        GradebookError: a server can't be used. Its address was named for this run, and is told before anything is graded.
    """
    if isinstance(where, Server):
        where.create()
        return
    with suppress(GradebookError):
        nbgrader_api()
        if where:
            with used(where) as place:
                place.create()


def is_there(where: Where) -> bool:
    """Whether a gradebook is there to be read. Raises GradebookError."""
    return _place(where).is_there()


def student_id(where: Where, student: str) -> str:
    """The id of a student's rows in a gradebook."""
    return _place(where).student_id(as_told(student))


def _place(where: Where) -> Place:
    return SqliteFile(where.resolve()) if isinstance(where, Path) else where


def _vet(place: Place, *, writing: bool = False) -> None:
    """Raise unless this is a gradebook of this nbgrader, which would add its tables to any database."""
    wanted = {
        (table.name, column.name) for table in nbgrader_api().Base.metadata.tables.values() for column in table.columns
    }
    there = place.columns(writing=writing)
    if not {("student", "id"), ("submitted_assignment", "id")} <= there:
        raise GradebookError(
            told("{place} is a database, but not nbgrader's. Name another, or move this one away.", place=place)
        )
    if not wanted <= there:
        raise GradebookError(
            told("{place} was made by another nbgrader. Copy it, then run `nbgrader db upgrade` on it.", place=place)
        )


@contextmanager
def _transaction(db: Any, place: Place) -> Iterator[None]:
    """All or nothing. Nobody else writes between what is read and what is written."""
    from sqlalchemy import text

    for statement in place.begin:
        db.execute(text(statement))
    yield
    db.commit()  # not reached after an error: closing the Gradebook then undoes the transaction


@contextmanager
def used(where: Where) -> Iterator[Place]:
    """The place of a gradebook; what its database complains of meanwhile becomes a GradebookError."""
    place = _place(where)
    with as_a_sentence(place):
        yield place


@contextmanager
def _opened(where: Where) -> Iterator[tuple[Any, Place]]:
    """nbgrader's own access to a gradebook, to write; an empty one is made where there is none. Raises GradebookError."""
    with used(where) as place:
        place.create()
        _vet(place, writing=True)
        with nbgrader_api().Gradebook(place.url) as book:
            yield book, place
