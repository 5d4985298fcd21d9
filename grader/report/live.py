"""A run while it lasts: how far it is, how fast, how long it takes still, and what could not be judged, as it comes."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from grader.judge.result import Result
from grader.messages import told
from grader.report.outcome import short
from grader.report.text import line

T = TypeVar("T", bound=str)
LINE_SECONDS = 30.0
"""Time between two lines, where there is no terminal to draw a bar in."""
FAILURES_AT_MOST = 20
"""Hand-ins that could not be judged and are told as they come; the table lists all."""


def shown(
    steps: Generator[tuple[Result, T]], total: int, workers: int, console: Console | None = None
) -> Generator[tuple[Result, T]]:
    """The steps, told on standard error while they are taken: a bar in a terminal, and lines elsewhere. What is known costs
    no time, so it is not counted: the time left would be that of a class that grades itself."""
    console = console or Console(stderr=True)
    at_once = told("1 worker") if workers == 1 else told("{number} workers", number=workers)
    columns = (
        TextColumn(told("grading")), BarColumn(), MofNCompleteColumn(), TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(), TextColumn(f"{at_once}{{task.fields[failed]}}"),
    )  # fmt: skip
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    began = said = time.monotonic()
    done, left, failed = 0, total, 0
    with bar, closing(steps):
        task = bar.add_task("grading", total=total, failed="")
        for result, age in steps:
            yield result, age
            if problem := _problem(result) if age != "known" else "":
                failed += 1
                if failed <= FAILURES_AT_MOST:
                    bar.console.print(line(f"{result.student}, {result.lesson}: {problem}"), soft_wrap=True)
                bar.update(task, failed=told(", not judged: {failed}", failed=failed))
            if age == "known":
                left -= 1
                bar.update(task, total=left)
                continue
            done += 1
            bar.advance(task)
            if not console.is_terminal and time.monotonic() - said > LINE_SECONDS:
                said = time.monotonic()
                console.print(pace(done, left, said - began, at_once), soft_wrap=True)


def pace(done: int, total: int, seconds: float, workers: str) -> str:
    """How far a run is, in a line: 60 of 420, 30 a minute, about 12 min left."""
    minutes = (total - done) * seconds / done / 60
    left = told("about {minutes} min", minutes=f"{minutes:.0f}") if minutes >= 1 else told("less than a minute")
    return told(
        "Graded {done} of {total}, {pace} per minute with {workers}, {left} left.",
        done=done,
        total=total,
        pace=f"{60 * done / seconds:.3g}",
        workers=workers,
        left=left,
    )


def _problem(result: Result) -> str:
    """Why a hand-in could not be judged; nothing where it could."""
    if unjudged := [item.exercise for item in result.exercises if item.state == "unjudged"]:
        return told("could not be judged: {exercises}", exercises=", ".join(unjudged))
    return short(" ".join(result.notes), 200).replace("\n", " ") if not (result.file and result.exercises) else ""
