"""The results of a class as CSV for a spreadsheet: one row per student, lesson and exercise, to filter and add up.

The format: RFC 4180. What a spreadsheet would take for a formula: OWASP, "CSV Injection", and CWE-1236.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from grader.judge.result import Result
from grader.messages import say
from grader.report.outcome import notes, short
from grader.report.summary import Summary

COLUMNS = (
    "student", "lesson", "exercise", "points", "of", "state", "mistake", "in brief", "notes", "file", "handed in (UTC)",
    "graded (UTC)", "automatic", "comment", "name", "late (hours)",
)  # fmt: skip
CHECK_COLUMNS = (
    "lesson", "exercise", "check", "hidden", "passed", "judged", "share", "correlation with the rest", "separates",
)  # fmt: skip
FORMULA = re.compile(r"(^|[;\t\n])(?=[\s\"']*[=+\-@＝＋－＠\t])")
"""The place before what may be read as a formula: at the start of a cell, and after what a spreadsheet set to another
language takes for the end of one."""


def render(results: list[Result]) -> str:
    """The table. Text is quoted and numbers are not; it begins with a byte order mark, by which Excel knows UTF-8."""
    page = io.StringIO()
    page.write("\ufeff")
    table = csv.writer(page, quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(COLUMNS)
    table.writerows([safe(value) for value in row] for result in results for row in _rows(result))
    return page.getvalue()


def of_checks(found: Summary) -> str:
    """The numbers of a class's checks, a row each."""
    rows: list[tuple[str | float, ...]] = [CHECK_COLUMNS]
    for lesson in found.lessons:
        for check in lesson.checks:
            share = round(check.passed / check.judged, 4) if check.judged else ""
            correlation = "" if check.correlation is None else round(check.correlation, 4)
            about = lesson.lesson, check.exercise, check.check, "yes" if check.hidden else "no", check.passed, check.judged
            rows.append((*about, share, correlation, check.separates))
    page = io.StringIO()
    page.write("\ufeff")
    csv.writer(page, quoting=csv.QUOTE_NONNUMERIC).writerows([safe(value) for value in row] for row in rows)
    return page.getvalue()


def _rows(result: Result) -> Iterator[tuple[str | float, ...]]:
    """A row for each exercise; where there is none, one row that says why. What was taken off for being late, or given for
    other cells, has a row of its own, so that the points of a hand-in add up to what counts in the end."""
    about = notes(result), result.file, result.handed_in, result.graded
    person = result.person.name, round(result.late / 3600, 2) or ""
    for item in result.exercises:
        found = (
            item.exercise,
            "" if item.waits else item.score,
            item.points,
            item.state,
            ", ".join(item.mistakes),
            item.summary,
        )
        yield result.student, result.lesson, *found, *about, item.earned, item.comment, *person
    late = round(result.score - sum(item.score for item in result.exercises) - result.elsewhere, 9)
    for name, points, why in (
        ("(by hand)", result.elsewhere, say("elsewhere", points=f"{result.elsewhere:+g}")),
        ("(late)", late, say("penalty", points=f"{-late:g}")),
    ):
        if points:
            yield result.student, result.lesson, name, points, "", "", "", why, *about, "", "", *person
    if not result.exercises:
        yield result.student, result.lesson, "", "", "", "unjudged", "", "", *about, "", "", *person


def safe(value: str | float) -> str | float:
    """Text that no spreadsheet takes for a formula: a `'` goes before what might be one."""
    return FORMULA.sub(r"\1'", short(value)) if isinstance(value, str) else value
