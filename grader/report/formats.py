"""Results for other programs: which formats there are, which were asked for, and how their files are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from grader.errors import CourseError
from grader.judge.result import Result
from grader.messages import say
from grader.report import classroom50, gradebooks, gradescope, junit, spreadsheet
from grader.whole import write_whole

FORMATS: dict[str, Callable[[list[Result]], str]] = {
    "gradescope": gradescope.render,
    "classroom50": classroom50.render,
    "junit": junit.render,
    "csv": spreadsheet.render,
    "canvas": gradebooks.canvas,
    "moodle": gradebooks.moodle,
}
OF_ONE_STUDENT = {"gradescope", "classroom50"}


def asked(words: Iterable[str]) -> list[tuple[str, Path]]:
    """What is asked for by words such as `junit=results.xml`: each a format, and the file to write.

    Raises:
        CourseError: one is not of this form, or names no format.
    """
    wanted = []
    for word in words:
        name, _, path = word.partition("=")
        if not Path(path).name:
            raise CourseError(say("report_not_read", report=word))
        if name not in FORMATS:
            raise CourseError(say("no_format", name=name, formats=", ".join(FORMATS)))
        wanted.append((name, Path(path)))
    return wanted


def allow(wanted: list[tuple[str, Path]], students: set[str]) -> None:
    """See that the formats can hold these students.

    Raises:
        CourseError: one holds a single student, and there are several.
    """
    for name, _ in wanted:
        if name in OF_ONE_STUDENT and len(students) > 1:
            raise CourseError(say("of_one_student", name=name, number=len(students)))


def write(wanted: list[tuple[str, Path]], results: list[Result]) -> None:
    """Write the reports, each whole or not at all.

    Raises:
        CourseError: a file can't be written; the message says which and why.
    """
    for name, path in wanted:
        try:
            write_whole(path, FORMATS[name](results).encode())
        except OSError as error:
            raise CourseError(say("report_not_written", path=path, reason=error.strerror)) from None
