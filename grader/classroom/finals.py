"""What a gradebook holds besides what grading gave: scores and comments by hand, extra credit, late penalties."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import msgspec

from grader.classroom import gradebook
from grader.classroom.database import GradebookError
from grader.classroom.folders import NAMED_AT_MOST
from grader.classroom.room import Classroom
from grader.files.names import as_told
from grader.judge.result import Person, Result
from grader.messages import and_more, told
from grader.report.printable import printable

T = TypeVar("T")
VALUES_A_QUERY = 500  # stays below SQLite's 999


class _Given(NamedTuple):
    """What a hand-in holds that grading did not give, by the names of cells: `finals` are the scores by hand or with extra
    credit, `scores` those of all cells."""

    finals: dict[str, float]
    scores: dict[str, float]
    comments: dict[str, str]
    penalty: float


def read_back(book: gradebook.Where, results: list[Result]) -> list[Result]:
    """Set on results what the gradebook holds besides them.

    Returns those that this changed. It only reads. Raises GradebookError.
    """
    changed: list[Result] = []
    for part in _parts(results):
        ids = {result.student: gradebook.student_id(book, result.student) for result in part}
        with gradebook.reading(book) as db:
            found, people, late = _given(db, ids.values()), _roster(db, ids.values()), _late(db, ids.values())
        for result in part:
            student = ids[result.student]
            before = msgspec.json.encode(result)
            given = found.get((student, result.lesson), _Given({}, {}, {}, 0.0))
            for each in result.exercises:
                each.final = given.finals.get(each.grade_cell)
                each.comment = given.comments.get(each.exercise, "")
                each.to_reread = False  # it was told when this was recorded
            ours = {each.grade_cell for each in result.exercises}
            result.elsewhere = sum((score for cell, score in given.scores.items() if cell not in ours), 0.0)
            result.penalty = given.penalty
            result.person = people.get(student, Person())
            result.late = late.get((student, result.lesson), 0.0)
            if msgspec.json.encode(result) != before:
                changed.append(result)
    return changed


def _given(db: Any, students: Collection[str]) -> dict[tuple[str, str], _Given]:
    """(student, lesson) -> what was given, of each hand-in to which something was.

    The queries go by lesson and by cell, as nbgrader's indexes do; without, each would read the whole class.
    """
    from nbgrader import api
    from sqlalchemy import or_, select

    grade, comment, notebook, assignment = api.Grade, api.Comment, api.SubmittedNotebook, api.SubmittedAssignment
    hand_ins = (
        select(notebook.id, notebook.late_submission_penalty, assignment.student_id, api.Assignment.name)
        .select_from(api.Assignment)
        .join(assignment, assignment.assignment_id == api.Assignment.id)
        .join(api.Notebook, api.Notebook.assignment_id == api.Assignment.id)
        .join(notebook, (notebook.notebook_id == api.Notebook.id) & (notebook.assignment_id == assignment.id))
        .where(assignment.student_id.in_(students))
    )
    found: dict[tuple[str, str], _Given] = {}
    of_notebook: dict[str, _Given] = {}
    for row, penalty, student, lesson in db.execute(hand_ins):
        of_notebook[row] = found[student, lesson] = _Given({}, {}, {}, penalty or 0.0)
    by_hand = or_(grade.manual_score.is_not(None), grade.extra_credit.is_not(None))
    for rows in _parts(list(of_notebook)):
        grades = (
            select(grade.notebook_id, api.BaseCell.name, grade.score, by_hand)
            .join(api.BaseCell, grade.cell_id == api.BaseCell.id)
            .where(grade.notebook_id.in_(rows))
        )
        comments = (
            select(comment.notebook_id, api.BaseCell.name, comment.manual_comment)
            .join(api.BaseCell, comment.cell_id == api.BaseCell.id)
            .where(comment.notebook_id.in_(rows), comment.manual_comment.is_not(None))
        )
        for row, cell, score, hand in db.execute(grades):
            of_notebook[row].scores[cell] = score
            if hand:
                of_notebook[row].finals[cell] = score
        for row, cell, said in db.execute(comments):
            of_notebook[row].comments[cell] = said
    return {place: given for place, given in found.items() if given.finals or given.comments or given.penalty}


def _parts(items: list[T]) -> Iterator[list[T]]:
    """A list in parts that a query can name one by one."""
    for start in range(0, len(items), VALUES_A_QUERY):
        yield items[start : start + VALUES_A_QUERY]


def roster(book: gradebook.Where) -> dict[str, Person]:
    """Everyone in the gradebook, by id. Who was only graded, and is in no roster, has an empty entry.

    Raises:
        GradebookError: it can't be read.
    """
    with gradebook.reading(book) as db:
        return _roster(db)


def _roster(db: Any, students: Collection[str] | None = None) -> dict[str, Person]:
    from nbgrader import api
    from sqlalchemy import select

    student = api.Student
    query = select(student.id, student.first_name, student.last_name, student.email, student.lms_user_id)
    rows = db.execute(query if students is None else query.where(student.id.in_(students)))
    return {who: Person(*(text or "" for text in about)) for who, *about in rows}


def late_by(book: gradebook.Where) -> dict[tuple[str, str], float]:
    """(student, lesson) -> seconds, of each hand-in that came after its due date and the student's extension."""
    with gradebook.reading(book) as db:
        return _late(db)


def _late(db: Any, students: Collection[str] | None = None) -> dict[tuple[str, str], float]:
    from nbgrader import api
    from sqlalchemy import select

    assignment = api.SubmittedAssignment
    query = (
        select(
            assignment.student_id, api.Assignment.name, api.Assignment.duedate, assignment.extension, assignment.timestamp
        )
        .join(api.Assignment, assignment.assignment_id == api.Assignment.id)
        .where(api.Assignment.duedate.is_not(None), assignment.timestamp.is_not(None))
    )
    found = {}
    rows = db.execute(query if students is None else query.where(assignment.student_id.in_(students)))
    for student, lesson, due, extension, handed_in in rows:
        late = (handed_in - due - (extension or timedelta())).total_seconds()
        if late > 0:
            found[student, lesson] = late
    return found


def enrolled(room: Classroom) -> set[str] | None:
    """The students whom the gradebook's roster names; None where it can't be read."""
    try:
        people = roster(room.gradebook) if gradebook.is_there(room.gradebook) else {}
    except GradebookError:
        return None  # it is told when it is written, and grading goes on without it
    return {who for who, person in people.items() if person != Person()}


def strangers(room: Classroom, named: set[str] | None = None) -> list[str]:
    """A sentence about folders of students who are not in the gradebook's roster, where it has one.

    Args:
        named: whom the roster names, where that is known.
    """
    named = enrolled(room) if named is None else named
    strange = [as_told(name) for name in room.students() if gradebook.student_id(room.gradebook, name) not in (named or ())]
    if not named or not strange:
        return []
    return [printable(told("Not in the gradebook's roster: {students}.", students=and_more(strange, NAMED_AT_MOST)))]
