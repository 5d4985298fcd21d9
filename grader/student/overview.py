"""Where a student stands in a course: each exercise with its state, what it is worth, and which one is next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import msgspec
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.files.course import Course
from grader.messages import say
from grader.report.text import MARKS, line, paragraph
from grader.student.progress import Lesson, Progress, lesson

DONE = ("right", "by_hand")
"""The states in which nothing is left to do."""


class Row(msgspec.Struct):
    """An exercise: its state is one of a result, or None where its answer was not checked since it was changed; `earned`
    are the points of the checks that a student can see, `points` those of all."""

    lesson: str
    exercise: str
    state: str | None
    earned: float
    points: float
    minutes: int

    @property
    def name(self) -> str:
        return f"{self.lesson}/{self.exercise}"


def read(course: Course) -> list[Lesson]:
    """All lessons of a course, in their order.

    Raises:
        CourseError: the answer key of one can't be read.
    """
    return [lesson(course, name) for name in course.lessons()]


def rows(lessons: list[Lesson], progress: Progress) -> list[Row]:
    """The exercises of lessons, in their order."""
    found = []
    for item in lessons:
        states = progress.states(item)
        for asked in item.outline.exercises:
            known = states[asked.name]
            state, earned = (known.state, known.earned) if known else (None, 0.0)
            found.append(Row(item.name, asked.name, state, earned, asked.points, asked.minutes))
    return found


def with_words(lessons: list[Lesson], found: list[Row]) -> list[Row]:
    """The same rows, and below those of each lesson what is answered in words."""
    every = []
    for item in lessons:
        every += [row for row in found if row.lesson == item.name]
        for asked in item.outline.written:
            every.append(Row(item.name, asked.name, item.answers.state_in_words(asked.name), 0.0, asked.points, 0))
    return every


def next_of(found: list[Row], after: Row | None = None) -> Row | None:
    """The first exercise that is not right yet, behind another one where one is named; None where all are right."""
    behind = found[found.index(after) + 1 :] if after in found else []
    return next((row for row in [*behind, *found] if row.state not in DONE), None)


def file_of(lessons: list[Lesson], row: Row) -> str:
    """The name of the file that a student works in: of a lesson that is not begun yet, one of the same kind as in the lesson
    that was begun last."""
    begun = [item for item in lessons if item.answers.cells and not item.untouched]
    own = next((item for item in begun if item.name == row.lesson), None)
    suffix = Path(begun[-1].answers.file).suffix if begun else ".ipynb"
    return own.answers.file if own else f"{row.lesson}{suffix}"


def notes(lessons: list[Lesson]) -> list[str]:
    """What there is to say of the files of lessons."""
    return [f"! {say('line_of', name=item.name, says=note)}" for item in lessons for note in item.answers.notes]


def show(found: list[Row], notes: list[str], console: Console) -> None:
    """All exercises with their states, what there is to say of files, a total, and what is next."""
    lines: list[list[Text]] = []
    for number, (name, group) in enumerate(groupby(found, key=lambda row: row.lesson), 1):
        of = list(group)
        done = sum(row.state in DONE for row in of)
        title = line(f"{number} ", (name, "bold"))
        lines += [[], [title, line(), line(), line(say("done_of", done=done, total=len(of)))], *map(_cells, of)]
    # A table of rich's takes longer than all else that is done for a list.
    widths = [max(cell_len(cells[column].plain) for cells in lines if cells) for column in range(4)]
    for cells in lines[1:]:
        console.print(Text("  ").join(_aligned(cells, widths)), soft_wrap=True)
    console.print()
    for note in notes:
        paragraph(line(note), 0, console)
    for text in totals(found):
        paragraph(text, 0, console)


def _aligned(cells: list[Text], widths: list[int]) -> Iterator[Text]:
    """The cells of a row, the numbers to the right; nothing follows the last one."""
    for column, (cell, width) in enumerate(zip(cells, widths, strict=False)):
        room = " " * (width - cell_len(cell.plain))
        yield line(room) + cell if column in (1, 2) else cell if column == 3 else cell + line(room)


def _cells(row: Row) -> list[Text]:
    mark, style = mark_of(row.state)
    return [
        line("  ", (mark, style), " ", row.exercise),
        line(say("points_short", points=f"{row.points:g}")),
        line((say("minutes_short", minutes=row.minutes), "dim")),
        line((word_of(row.state), style if row.state not in ("stub", "missing") else "dim")),
    ]


def mark_of(state: str | None) -> tuple[str, str]:
    """The mark of a state, and its color."""
    return MARKS[state] if state else ("·", "cyan")


def word_of(state: str | None) -> str:
    """A state in words."""
    return say(f"state_{state}") if state else say("state_changed")


def totals(found: list[Row]) -> Iterator[Text]:
    """How much is done, how long the rest takes, and the command for what is next."""
    done = [row for row in found if row.state in DONE]
    points, total = (sum(row.points for row in rows) for rows in (done, found))
    yield line((say("total", done=len(done), total=len(found), points=f"{points:g}", of=f"{total:g}"), "bold"))
    if row := next_of(found):
        left = sum(row.minutes for row in found if row.state not in DONE)
        yield line(say("time_left", hours=say("hours", hours=left // 60, minutes=left % 60) if left > 60 else
                       say("minutes", minutes=left)))  # fmt: skip
        yield line(say("next_is", name=row.name))
        yield line(say("next_command", name=row.name))
    else:
        yield line(say("all_done"))
