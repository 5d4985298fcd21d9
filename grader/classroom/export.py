"""Lays out what a class handed in for programs that look for similar code: Dolos and JPlag."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from grader.classroom.grade import Grader
from grader.classroom.hand_ins import HandIn
from grader.errors import CourseError
from grader.files import submission
from grader.messages import told
from grader.whole import write_whole


def for_dolos(hand_ins: Sequence[HandIn], grader: Grader, out: Path) -> list[Path]:
    """Write the code cells of each hand-in as `out/<lesson>/<student>/<lesson>.py`, and for each lesson an `info.csv` that
    Dolos reads; JPlag takes the lesson's folder. What was given out lies apart, for either to leave it out.

    Returns the folders of the lessons.

    Raises:
        CourseError: `out` holds something already.
    """
    if out.exists() and any(out.iterdir()):
        raise CourseError(told("{folder} is not empty. Name a folder that is not there yet.", folder=out))
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for item in hand_ins:
        if item.lesson not in grader.judging.versions:
            continue
        handed_in = grader.judging.read(item)
        if handed_in.cells:
            path = Path(item.student, f"{item.lesson}.py")
            _write(out / item.lesson / path, handed_in)
            rows.setdefault(item.lesson, []).append((path.as_posix(), handed_in.student, handed_in.handed_in))
    for lesson, listed in rows.items():
        page = io.StringIO()
        table = csv.writer(page)
        table.writerow(("filename", "full_name", "created_at"))
        table.writerows(listed)
        write_whole(out / lesson / "info.csv", page.getvalue().encode("utf-8", "surrogateescape"))
        given = grader.course.exercises / lesson / f"{lesson}.py"
        if given.is_file():
            write_whole(out / "given out" / f"{lesson}.py", given.read_bytes())
    return [out / lesson for lesson in rows]


def _write(path: Path, handed_in: submission.Submission) -> None:
    write_whole(path, "\n\n".join(handed_in.cells).encode("utf-8", "replace"))
