"""The report on a class: what is graded already is read, its final scores too, and the page is written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from grader.classroom import finals, gradebook
from grader.classroom.room import Classroom
from grader.errors import CourseError
from grader.files.names import as_told
from grader.judge.result import Result
from grader.messages import told
from grader.report import class_page, spreadsheet
from grader.report.summary import Summary, summarize
from grader.whole import write_whole


def read(room: Classroom, lessons: Sequence[str] | None) -> tuple[list[Result], dict[str, str]]:
    """The results that are there, with their final scores, and the folder of each student in them. Nothing is written.

    Raises:
        CourseError: there is none.
        GradebookError: the gradebook can't be read.
    """
    found = [(student, result) for student, path in room.results() if (result := room.graded(student, path))]
    found = [(student, result) for student, result in found if not lessons or result.lesson in lessons]
    if not found and lessons:
        raise CourseError(
            told(
                "There are no results of {lessons} for {submitted} yet. Run grader autograde first.",
                lessons=", ".join(lessons),
                submitted=room.submitted,
            )
        )
    if not found:
        raise CourseError(
            told("There are no results for {submitted} yet. Run grader autograde first.", submitted=room.submitted)
        )
    results = [result for _, result in found]
    if gradebook.is_there(room.gradebook):
        finals.read_back(room.gradebook, [result for result in results if result.exercises])
    return results, {result.student: student for student, result in found}


def summarized(room: Classroom, results: list[Result], lessons: Sequence[str]) -> Summary:
    """The numbers of the class, with those who are not graded yet."""
    people = finals.roster(room.gradebook) if gradebook.is_there(room.gradebook) else {}
    names = {gradebook.student_id(room.gradebook, name): as_told(name) for name in room.students()}
    return summarize(results, lessons, names.values(), {names.get(who, who): person for who, person in people.items()})


def write(room: Classroom, found: Summary, folders: dict[str, str], path: Path) -> None:
    """Write the page. Its links to the feedback are relative, so that the whole folder can be moved.

    Raises:
        CourseError: it can't be written.
    """
    here = path.resolve().parent
    feedback = quote(os.fsencode(os.path.relpath((room.root / "feedback").resolve(), here)))
    links = {
        (student, lesson.lesson): f"{feedback}/{quote(os.fsencode(folders[student]))}/"
        + quote(os.fsencode(room.feedback(folders[student], lesson.lesson).name))
        for lesson in found.lessons
        for student in lesson.scores
    }
    try:
        write_whole(path, class_page.page(found, links).encode("utf-8", "replace"))
    except OSError as error:
        raise CourseError(told("The report {path} can't be written: {error}.", path=path, error=error.strerror)) from None


def write_numbers(found: Summary, path: Path) -> None:
    """Write what is known of each check as a table.

    Raises:
        CourseError: it can't be written.
    """
    try:
        write_whole(path, spreadsheet.of_checks(found).encode("utf-8", "replace"))
    except OSError as error:
        raise CourseError(told("The table {path} can't be written: {error}.", path=path, error=error.strerror)) from None
