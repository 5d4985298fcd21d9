"""Write the results of a whole class into nbgrader's gradebook, so that nbgrader's own tools show and export them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from grader.classroom.times import when
from grader.files.names import as_told, storable
from grader.judge.result import Result
from grader.messages import say, told
from grader.report.printable import as_markdown

SUBMISSIONS_A_TRANSACTION = 500  # holds the lock for less than a second, and stays below SQLite's 999 values a query
SECONDS_TO_WAIT_FOR_A_LOCK = 5

_SENTENCES = {
    sqlite3.SQLITE_BUSY: partial(
        told, "{path} is locked: another program is using it. Wait for it or close it, then try again."
    ),
    sqlite3.SQLITE_READONLY: partial(
        told, "{path} is read-only, or its folder is. Make both writable, or name another gradebook."
    ),
    sqlite3.SQLITE_CANTOPEN: partial(
        told, "{path} cannot be opened. See that it is there, is a file, and that you may read and write it."
    ),
    sqlite3.SQLITE_FULL: partial(told, "The disk that holds {path} is full. Make room, then run this again."),
    sqlite3.SQLITE_IOERR: partial(
        told, "The disk that holds {path} failed ({error}). See that it has room, then run this again."
    ),
    sqlite3.SQLITE_NOTADB: partial(
        told, "{path} is not a SQLite database, so it is not a gradebook. Name another file, or move this one."
    ),
    sqlite3.SQLITE_CORRUPT: partial(
        told, "{path} is damaged ({error}). Put back a copy of it, or move it away and grade again."
    ),
}


class GradebookError(Exception):
    """A gradebook that cannot be used; its text says what is wrong, where, and what to do."""


class _Lesson(NamedTuple):
    """The ids of a lesson's rows: `grade` and `solution` by exercise; `gone` are grade cells of former exercises."""

    assignment: str
    notebook: str
    grade: dict[str, str]
    solution: dict[str, str]
    gone: list[str]


def write(
    path: Path,
    points: dict[str, dict[str, float]],
    results: Iterable[Result],
    students: Iterable[str] = (),
    by_hand: Collection[tuple[str, str]] = (),
) -> None:
    """Bring the gradebook up to date with `results`, and make it where there is none; writing twice changes nothing.

    `points` gives every exercise of each lesson and what it is worth, `by_hand` names those that a person grades, each with
    its lesson. What was given by hand is never touched.
    Raises GradebookError: what was being written is undone, what was written before stays, writing again completes it.
    """
    path, waiting, more = path.resolve(), iter(results), True
    enrolled = set(students)
    with used(path):
        _create(path)
        _vet(path, "BEGIN IMMEDIATE")  # finds a lock before nbgrader's Gradebook does, which would print a traceback
        with _api().Gradebook(_url(path)) as book:
            while more:
                batch = list(islice(waiting, SUBMISSIONS_A_TRANSACTION))
                more = len(batch) == SUBMISSIONS_A_TRANSACTION
                if strange := {result.lesson for result in batch} - points.keys():
                    raise GradebookError(f"There are results of {', '.join(strange)}, but no points for it are given.")
                with _transaction(book.db):
                    lessons = {name: _lesson(book, name, worth, by_hand) for name, worth in points.items()}
                    everyone = {as_told(each) for each in enrolled | {result.student for result in batch}}
                    _upsert(book.db, _api().Student, ["id"], [{"id": student} for student in everyone])
                    for name, lesson in lessons.items():
                        _submissions(book.db, lesson, [result for result in batch if result.lesson == name])
                        _complete(book.db, lesson)


def register(path: Path, lesson: str, points: dict[str, float], released: Any) -> None:
    """Make or update a lesson's assignment as `nbgrader generate_assignment` does, and the gradebook where there is none.

    `released` is the lesson's notebook with nbgrader's metadata. Raises GradebookError.
    """
    path = path.resolve()
    with used(path):
        _create(path)
        _vet(path, "BEGIN IMMEDIATE")
        with _api().Gradebook(_url(path)) as book, _transaction(book.db):
            about = [cell.metadata.get("nbgrader", {}) for cell in released.cells]
            by_hand = [(lesson, cell["grade_id"]) for cell in about if cell.get("grade") and cell.get("solution")]
            notebook = _lesson(book, lesson, points, by_hand).notebook
            rows = []
            for cell in released.cells:
                if about := cell.metadata.get("nbgrader"):
                    row = {"name": about["grade_id"], "notebook_id": notebook, "cell_type": cell.cell_type}
                    locked = about["locked"] and not about["solution"]
                    rows.append(row | {"locked": locked, "source": cell.source, "checksum": about.get("checksum")})
            _upsert(book.db, _api().SourceCell, ["name", "notebook_id"], rows, ["cell_type", "locked", "source", "checksum"])


def scores(path: Path) -> dict[tuple[str, str, str], float]:
    """Read (student, lesson, exercise) -> score as nbgrader counts it: by hand before automatic, plus extra credit.

    It only reads. Raises GradebookError.
    """
    with reading(path) as db:
        api = _api()
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
def reading(path: Path) -> Iterator[Any]:
    """A session of SQLAlchemy that is only read with, so it goes without nbgrader's `Gradebook`, which adds what it misses.

    Raises GradebookError.
    """
    with used(path):
        _vet(path.resolve(), "BEGIN")
        from sqlalchemy import NullPool, create_engine
        from sqlalchemy.orm import Session

        with Session(create_engine(_url(path.resolve()), poolclass=NullPool)) as db:
            yield db


def _lesson(book: Any, name: str, worth: dict[str, float], by_hand: Collection[tuple[str, str]]) -> _Lesson:
    """Make or update the assignment of a lesson, its notebook and its cells.

    The cell of a former exercise stays, since grades given by hand would go with it; but it is worth nothing from now
    on, or every student would miss points that nobody can earn.
    """
    api, db = _api(), book.db
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
    for exercise in worth:
        is_prose = (name, exercise) in by_hand
        check = checks[exercise] = exercise if is_prose else f"check_{exercise}"
        if check not in grade:
            db.add(grade.setdefault(check, api.GradeCell(name=check, notebook_id=notebook.id)))
        if exercise not in solution:
            db.add(solution.setdefault(exercise, api.SolutionCell(name=exercise, notebook_id=notebook.id)))
        grade[check].max_score, grade[check].cell_type = float(worth[exercise]), "markdown" if is_prose else "code"
    for cell in gone:
        cell.max_score = 0.0
    db.flush()
    scored, written = {each: grade[checks[each]].id for each in worth}, {each: solution[each].id for each in worth}
    return _Lesson(assignment.id, notebook.id, scored, written, [cell.id for cell in gone])


def _submissions(db: Any, lesson: _Lesson, results: list[Result]) -> None:
    """Make or update the rows of these hand-ins. What is given by hand is not among the columns that are set."""
    api = _api()
    from sqlalchemy import select

    of = {as_told(result.student): result for result in results}
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
    for row, assignment in db.execute(notebooks):
        result = submission[assignment]
        stamp = "" if result.isolation == "sandbox" else say("no_sandbox", isolation=result.isolation) + " "
        for each in result.exercises:
            if each.exercise in lesson.grade:  # a former exercise earns nothing
                cell, told = lesson.grade[each.exercise], each.state != "by_hand"
                waits = not told and (each.to_reread or (row, cell) not in by_hand)
                score = {"auto_score": float(each.earned) if told else None, "needs_manual_grade": waits}
                grades.append({"notebook_id": row, "cell_id": cell, **score})
                comment = {"auto_comment": as_markdown(storable(stamp + each.summary)) if told and each.summary else None}
                comments.append({"notebook_id": row, "cell_id": lesson.solution[each.exercise], **comment})
    _upsert(db, api.Grade, ["cell_id", "notebook_id"], grades, ["auto_score", "needs_manual_grade"])
    _upsert(db, api.Comment, ["cell_id", "notebook_id"], comments, ["auto_comment"])


def _complete(db: Any, lesson: _Lesson) -> None:
    """Give each submission a row for each cell, as nbgrader's tools expect; withdraw what former exercises earned."""
    api = _api()
    from sqlalchemy import and_, select, update

    for kind, cells in (api.Grade, ["GradeCell", "TaskCell"]), (api.Comment, ["SolutionCell", "TaskCell"]):
        missing = (
            select(api.BaseCell.id, api.SubmittedNotebook.id)
            .join(api.SubmittedNotebook, api.SubmittedNotebook.notebook_id == api.BaseCell.notebook_id)
            .outerjoin(kind, and_(kind.cell_id == api.BaseCell.id, kind.notebook_id == api.SubmittedNotebook.id))
            .where(api.BaseCell.notebook_id == lesson.notebook, api.BaseCell.type.in_(cells), kind.id.is_(None))
        )
        rows = [{"cell_id": cell, "notebook_id": notebook} for cell, notebook in db.execute(missing)]
        _upsert(db, kind, ["cell_id", "notebook_id"], rows)
    gone = update(api.Grade).where(api.Grade.cell_id.in_(lesson.gone)).values(auto_score=None, needs_manual_grade=False)
    db.execute(gone, execution_options={"synchronize_session": False})


def _upsert(db: Any, kind: Any, key: list[str], rows: list[dict[str, Any]], update: list[str] | None = None) -> None:
    """Insert rows in one go; of those there are already, set the columns of `update` and no other."""
    from sqlalchemy.dialects.sqlite import insert

    if rows:
        new = insert(kind)
        changes = {column: new.excluded[column] for column in update or []}
        upsert = new.on_conflict_do_update(key, set_=changes) if changes else new.on_conflict_do_nothing(key)
        db.execute(upsert, rows, execution_options={"render_nulls": True})


def prepare(path: Path | None) -> None:
    """Import what writing will need, and make the gradebook where there is none, so that nobody who stops a run waits for
    it; what goes wrong is told when it is written. Not in a thread beside others: what they import at the same time may end
    in a deadlock, which Python ends with an error in either.
    """
    with suppress(GradebookError):
        _api()
        if path:
            with used(path.resolve()):
                _create(path.resolve())


def _api() -> Any:
    """nbgrader's classes. Only who writes or reads a gradebook pays for the import, which takes 0.9 s. It was 1.5 s with the
    grammar of internationalized addresses, which jsonschema goes without, and nbformat never asks it for."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        from nbgrader import api
    except ImportError as error:
        sentence = told(
            "A gradebook needs nbgrader, and it cannot be imported ({error}). Install it: pip install nbgrader", error=error
        )
        raise GradebookError(sentence) from error
    return api


def _url(path: Path) -> Any:
    """Where the gradebook is, in SQLAlchemy's words; as text, a `?` in the path would mean something else."""
    from sqlalchemy import URL

    return URL.create("sqlite", database=str(path), query={"timeout": str(SECONDS_TO_WAIT_FOR_A_LOCK)})


def _vet(path: Path, begin: str) -> None:
    """Raise unless this is a gradebook of this nbgrader, which would add its tables to any SQLite database."""
    wanted = {(table.name, column.name) for table in _api().Base.metadata.tables.values() for column in table.columns}
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=SECONDS_TO_WAIT_FOR_A_LOCK)) as database:
        database.execute(begin)
        there = set(database.execute("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"))
    if not {("student", "id"), ("submitted_assignment", "id")} <= there:
        raise GradebookError(
            told("{path} is a database, but not nbgrader's. Name another file, or move this one away.", path=path)
        )
    if not wanted <= there:
        raise GradebookError(
            told("{path} was made by another nbgrader. Copy it, then run `nbgrader db upgrade` on it.", path=path)
        )


def _create(path: Path) -> None:
    """Where there is no gradebook, make an empty one beside `path` and move it there, so that none is ever half made."""
    try:
        if path.exists() and not (path.is_file() and path.stat().st_size == 0):
            return
        with tempfile.TemporaryDirectory(prefix=".gradebook.", dir=path.parent) as folder:
            fresh = Path(folder, "gradebook.db")
            with _own_programs():
                _api().Gradebook(_url(fresh)).close()
            try:
                os.link(fresh, path)  # unlike a rename this never replaces one that another run has made meanwhile
            except OSError:  # there is one by now, an empty file, or links are not to be had here
                if not path.exists() or path.stat().st_size == 0:
                    fresh.replace(path)
    except (OSError, subprocess.CalledProcessError) as error:
        sentence = told(
            "The gradebook {path} could not be made ({error}). See that its folder is there, may be written to and has "
            "room; install nbgrader anew where its program alembic fails.",
            path=path,
            error=error,
        )
        raise GradebookError(sentence) from error


@contextmanager
def _own_programs() -> Iterator[None]:
    """Find the programs that came with this Python: nbgrader runs `alembic` by name, activated environment or not."""
    before = os.environ.get("PATH")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), *([before] if before else [])])
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


@contextmanager
def _transaction(db: Any) -> Iterator[None]:
    """All or nothing. Takes the lock at once, so that nobody changes what is read before it is written."""
    from sqlalchemy import text

    db.execute(text("BEGIN IMMEDIATE"))
    yield
    db.commit()  # not reached after an error: closing the Gradebook then undoes the transaction


@contextmanager
def used(path: Path) -> Iterator[Any]:
    """A gradebook's address, for nbgrader's classes; what SQLite complains of meanwhile, under whichever wrapping, becomes
    a GradebookError."""
    try:
        yield _url(path.resolve())
    except GradebookError:
        raise
    except Exception as error:
        found = cause(error)
        if found is None:
            raise
        code = getattr(found, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest says more of it
        other = partial(told, "{path} cannot be used as a gradebook ({error}). Name another, or report this.")
        raise GradebookError(_SENTENCES.get(code, other)(path=path, error=found)) from error


def cause(error: BaseException) -> sqlite3.Error | None:
    """What SQLite complained of, if that is at the bottom of an error."""
    found: Any = error
    while found is not None and not isinstance(found, sqlite3.Error):
        found = getattr(found, "orig", None) or found.__cause__ or found.__context__
    return found
