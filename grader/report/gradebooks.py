"""Final scores as the gradebooks of Canvas and Moodle import them: one row per student, one column per lesson.

Canvas: the columns of its own export, "Student, ID, SIS User ID, SIS Login ID, Section", and a second row "Points Possible".
Moodle: those of its export of grades, with "Assignment: LESSON (Real)" for a lesson.
A lesson that a student has no result for stays empty, which changes nothing there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from grader.judge.result import Result
from grader.report.spreadsheet import safe

CANVAS = "Student", "ID", "SIS User ID", "SIS Login ID", "Section"
MOODLE = "First name", "Last name", "ID number", "Email address"


def canvas(results: list[Result]) -> str:
    """The ID is the gradebook's `lms_user_id`, the login the student's name in this class."""
    points, scores = _by_lesson(results)
    rows: list[list[str | float]] = [[*CANVAS, *points], ["    Points Possible", "", "", "", "", *points.values()]]
    for student, (result, of) in scores.items():
        person = result.person
        name = f"{person.last}, {person.first}" if person.first and person.last else person.name or student
        rows.append([name, person.lms_id, "", student, "", *(of.get(lesson, "") for lesson in points)])
    return _page(rows)


def moodle(results: list[Result]) -> str:
    """The ID number is the gradebook's `lms_user_id`, or else the student's name in this class."""
    points, scores = _by_lesson(results)
    rows: list[list[str | float]] = [[*MOODLE, *(f"Assignment: {lesson} (Real)" for lesson in points)]]
    for student, (result, of) in scores.items():
        person = result.person
        about = person.first, person.last, person.lms_id or student, person.email
        rows.append([*about, *(of.get(lesson, "") for lesson in points)])
    return _page(rows)


def _by_lesson(results: list[Result]) -> tuple[dict[str, float], dict[str, tuple[Result, dict[str, float]]]]:
    """The points of each lesson, and for each student one of their results and the scores by lesson."""
    points: dict[str, float] = {}
    scores: dict[str, tuple[Result, dict[str, float]]] = {}
    for result in results:
        _, of = scores.setdefault(result.student, (result, {}))
        if result.exercises:
            points[result.lesson] = max(result.points, points.get(result.lesson, 0.0))
            of[result.lesson] = round(result.score, 9)
    return points, scores


def _page(rows: Iterable[list[str | float]]) -> str:
    page = io.StringIO()
    csv.writer(page).writerows([safe(value) for value in row] for row in rows)
    return page.getvalue()
