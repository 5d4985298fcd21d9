"""Results as text for a terminal. What a stranger wrote is made printable first, and is never read as markup."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

from grader.exercise import Solution
from grader.files.translated import wrapped
from grader.judge.result import ExerciseResult, Result, Verdict
from grader.messages import and_more, in_a_row, more_checks, say, together, told
from grader.report import draw
from grader.report.outcome import listed, message, settled
from grader.report.printable import printable

if TYPE_CHECKING:
    from rich.table import Table

MARKS = {
    "right": ("✓", "green"),
    "wrong": ("✗", "red"),
    "stub": ("○", "yellow"),
    "missing": ("○", "yellow"),
    "unjudged": ("?", "yellow"),
    "by_hand": ("✎", "cyan"),
}
UNKNOWN = ("·", "cyan")
"""The mark of an exercise of which nothing is known."""
ROWS_AT_MOST = 60
"""Students that are still listed one by one; of more, those who need a look."""
NAME_AT_MOST = 60
"""Columns that a name may take of a table: a longer one is cut, or it would move everybody's points out of sight."""
BRIEF_AT_LEAST = 20
"""Columns of a terminal below which there is no room for what is told in brief."""


def line(*parts: str | tuple[str, str]) -> Text:
    """Parts of a line, each with a style or without, safe for a terminal."""
    pairs = [(part, "") if isinstance(part, str) else part for part in parts]
    return Text.assemble(*((printable(text), style) for text, style in pairs))


def plain(result: Result | ExerciseResult) -> str:
    """A student's own check, or one exercise of it, as text without colors."""
    page = io.StringIO()
    # In a kernel it would show the text by itself, and where FORCE_COLOR is set it would color it.
    console = Console(file=page, width=100, force_jupyter=False, force_terminal=False, color_system=None)
    if isinstance(result, Result):
        show(result, console)
    else:
        exercise(result, console)
    return page.getvalue().rstrip()


def states(of: Mapping[str, str]) -> Iterator[str]:
    """Exercises with their states, each a line."""
    for exercise, state in of.items():
        yield f"  {MARKS.get(state, UNKNOWN)[0]} " + say("line_of", name=exercise, says=say(f"state_{state}"))


def show(result: Result, console: Console, places: Mapping[str, str] | None = None) -> None:
    """A student's own check: each exercise, and for a wrong one what to look at. `places` says where each one stands."""
    console.print(line((result.lesson, "bold"), (f"  {result.file}" if result.file else "", "dim")))
    notes(result, console)
    alone = len(result.exercises) == 1
    for item in result.exercises:
        exercise(item, console, (places or {}).get(item.exercise, ""), alone=alone)
    more = more_checks(0 if alone else sum(item.more for item in result.exercises))
    if sentences := [*filter(None, [_tally(result)]), *more]:
        paragraph(line(together(*sentences)), 2, console)


def notes(result: Result, console: Console) -> None:
    """What there is to say of the file, but for what is said of an exercise all the same."""
    said = {item.summary for item in result.exercises}
    for note in listed([note for note in result.notes if note not in said]):
        paragraph(line(("! ", "yellow"), note), 2, console)


def lines(results: list[Result], console: Console) -> None:
    """The lines at fault that were found after the results had been shown."""
    for result in results:
        for item in result.exercises:
            if item.line:
                paragraph(line(say("line_of", name=item.exercise, says=item.line.says)), 0, console)


def exercise(result: ExerciseResult, console: Console, place: str = "", *, alone: bool = True) -> None:
    """An exercise with the place where it stands, and where it is wrong what to look at. An editor reads the first line.

    Args:
        alone: it is all that is asked for, and so told more of: the failing case as lines to paste, what else runs when it
            is graded, or the solution of what is right.
    """
    name = line("  ", MARKS[result.state], " ", (result.exercise, "bold"), "  " * bool(place), (place, "underline"))
    console.print(name, soft_wrap=True)
    for detail in details(result, console.width - 6):
        paragraph(detail, 6, console)
    if not alone:
        return
    if result.more:
        paragraph(line(together(say("right_so_far"), *more_checks(result.more))), 6, console)
    if result.not_pasted:
        paragraph(line((result.not_pasted, "dim")), 6, console)
    if result.replay:
        replay(result.replay, console)
    if result.solution:
        solution(result.solution, console)


def replay(code: str, console: Console) -> None:
    """A failing case, as lines that can be pasted."""
    paragraph(line((say("replay"), "dim")), 6, console)
    console.print(line("\n" + code + "\n"), soft_wrap=True)


def solution(shown: Solution, console: Console) -> None:
    """The reference of an exercise and other ways, as lines that can be pasted."""
    for title, code in [(say("solution"), shown.code), *((say("way", says=way.says), way.code) for way in shown.ways)]:
        paragraph(line((title, "dim")), 6, console)
        console.print(line("\n" + code + "\n"), soft_wrap=True)


def _tally(result: Result) -> str:
    right, of = sum(item.state == "right" for item in result.exercises), sum(not item.in_words for item in result.exercises)
    if not of:
        return ""
    return say("tally_one" if of == 1 else "tally", right=right, of=of)


def paragraph(text: Text, by: int, console: Console) -> None:
    """Print a text that is set in by so many columns. Chinese is broken where it may be, not at spaces alone."""
    lines = Text("\n").join(_broken(row, console.width - by) for row in text.split("\n", allow_blank=True))
    console.print(Padding(lines, (0, 0, 0, by), expand=False))


def _broken(row: Text, width: int) -> Text:
    """A row in lines of a width. Code and columns of numbers are left as they are."""
    if row.plain.isascii() or cell_len(row.plain) <= width or re.search(r"^ |[^\S ]", row.plain):
        return row
    lines, at = [], 0
    for each in wrapped(row.plain, width - 2, anywhere=True):  # a sign that must not begin a line takes two columns more
        at = row.plain.index(each, at)
        lines.append(row[at : at + len(each)])
        at += len(each)
    return Text("\n").join(lines)


def details(exercise: ExerciseResult, width: int = 80) -> Iterator[Text]:
    """What there is to say of an exercise below its name, line by line; drawings have at most so many columns."""
    if exercise.state != "right":
        yield line(exercise.summary)
    if exercise.line:
        yield line(exercise.line.says)
    yield from (line((say("advice_line"), "dim"), advice) for advice in exercise.advice)
    failed = next((verdict for verdict in exercise.verdicts if not verdict.passed), None)
    if failed is not None and exercise.state in ("wrong", "unjudged"):
        yield from _case(
            failed, message(failed) in exercise.summary, bool(failed.where) and failed.where in exercise.summary, width
        )
    if exercise.printed:
        yield line((say("printed"), "dim"))
        yield from (line("  ", row) for row in exercise.printed.split("\n"))


def _case(verdict: Verdict, said: bool, located: bool, width: int) -> Iterator[Text]:
    yield line((say("what_was_checked"), "dim"), verdict.says)
    if not said:
        yield line(message(verdict))
    if verdict.where and not located:
        yield line(say("at_line", where=verdict.where))
    yield from (line(say("called_from", place=place)) for place in reversed(verdict.called_from))
    if shown := verdict.shown:
        sides = [(name, value) for name, value, _ in shown.sides]
        margin = max(cell_len(name) for name, _ in [*shown.inputs, *sides, ("", "")])
        if shown.starts_from:
            yield line((say("starts_from"), "dim"))
        yield from _named(shown.inputs, margin)
        if shown.about:
            yield line((shown.about, "dim"))
        yield from _named(sides, margin)
        if shown.figure and not (shown.figure.kind == "map" and shown.got):
            yield line((draw.described(shown.figure), "dim"))
            yield from map(line, draw.rows(shown.figure, width))


def _named(values: list[tuple[str, str]], margin: int) -> Iterator[Text]:
    """Values with their names before them. A number with the sign that it differs is marked by color too."""
    for name, value in values:
        for number, row in enumerate(value.split("\n") if value else []):
            label = "" if number else name
            shown = line((" " * (margin - cell_len(label)) + label + "  ", "dim"), row)
            shown.highlight_regex(r"≠[^\s\[\],]+", "bold red")
            yield shown


def table(results: Iterable[Result], console: Console) -> None:
    """A class: for each lesson how it went, a table, student × exercise, and the commonest mistakes."""
    results = list(results)
    for lesson in sorted({result.lesson for result in results if result.exercises}):
        console.print()
        _lesson(lesson, [result for result in results if result.lesson == lesson and result.exercises], console)
    said: dict[str, list[str]] = {}
    for result in results:
        if not result.exercises:
            said.setdefault(_on_one_line(together(*result.notes)), []).append(result.student)
    for sentence, students in said.items():
        console.print(line(told("{students}: {sentence}", students=and_more(students, 5), sentence=sentence)))


def _on_one_line(text: str) -> str:
    """What a stranger named prints no line of its own, which might look like a row of the table."""
    return text.replace("\n", "\\n")


def _lesson(lesson: str, results: list[Result], console: Console) -> None:
    exercises = results[0].exercises
    number = len(results)
    title = (
        told("{lesson}, one hand-in", lesson=lesson)
        if number == 1
        else told("{lesson}, {number} hand-ins", lesson=lesson, number=number)
    )
    console.print(line((title, "bold"), _in_short(results)))
    for number, exercise in enumerate(exercises, 1):
        console.print(line(f"  {number}  {exercise.exercise}", _by_hand(number - 1, results)))
    shown = results if len(results) <= ROWS_AT_MOST else _worth_a_row(results)
    bare, full = _grid(shown, brief=False), _grid(shown, brief=True)
    needed = Measurement.get(console, console.options.update(max_width=10_000), bare).maximum
    brief = console.width - needed >= BRIEF_AT_LEAST
    before, console.width = console.width, max(console.width, needed)  # a name in two pieces could not be found
    console.print(full if brief else bare)
    console.width = before
    if left := len(results) - len(shown):
        unseen = sum(map(_needs_a_look, results)) - sum(map(_needs_a_look, shown))
        console.print(
            told(
                "… and {left} more, {unseen} of whom need a look. --report csv=FILE lists all.",
                left=left,
                unseen=unseen or told("none"),
            )
        )
    for result in shown if not brief else []:
        if _needs_a_look(result):
            console.print(line(f"{result.student}: {_on_one_line(result.notes[0]) if result.notes else in_a_word(result)}"))
    for result in results:
        if result.settled:
            console.print(line(f"* {result.student}: {settled(result)}"))
    _mistakes(lesson, results, console)


def _grid(results: list[Result], *, brief: bool) -> Table:
    """A row for each student, with how the hand-in was graded where there is room for it."""
    from rich.box import SIMPLE_HEAD  # a student has no class, and waits while it is read
    from rich.table import Table

    grid = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    grid.add_column(told("student"), no_wrap=True, overflow="ellipsis", max_width=NAME_AT_MOST)
    for number, exercise in enumerate(results[0].exercises, 1):
        grid.add_column(f"{number}\n/{exercise.points:g}", justify="right", no_wrap=True)
    grid.add_column(f"{told('score')}\n/{results[0].points:g}", justify="right", no_wrap=True)
    if brief:
        grid.add_column(told("in brief"), overflow="fold")
    for result in results:
        points = [
            "…" if exercise.waits else f"{exercise.score:g}{'*' * (exercise.final is not None)}"
            for exercise in result.exercises
        ]
        score = f"{result.score:g}{'*' * result.settled}"
        grid.add_row(line(result.called), *points, score, *([line(in_a_word(result))] if brief else []))
    return grid


def _by_hand(index: int, results: list[Result]) -> str:
    """How many answers in words nobody has graded yet."""
    found = [result.exercises[index] for result in results]
    waiting = sum(item.waits for item in found)
    if not found[0].in_words:
        return ""
    return told(", graded by hand: {number} still to be graded", number=waiting) if waiting else told(", graded by hand")


def _in_short(results: list[Result]) -> str:
    right = sum(result.score >= result.points for result in results)
    none = sum(not result.score for result in results)
    mean = sum(result.score for result in results) / len(results)
    return told(
        ": mean {mean} of {points}; {right} with full marks, {part} in part, {none} without a point",
        mean=f"{mean:.3g}",
        points=f"{results[0].points:g}",
        right=right,
        part=len(results) - right - none,
        none=none,
    )


def _needs_a_look(result: Result) -> bool:
    """Whether an instructor should see this hand-in first: it could not be judged, has no file, or is odd."""
    return bool(result.notes) or not result.file or any(item.state == "unjudged" for item in result.exercises)


def _worth_a_row(results: list[Result]) -> list[Result]:
    """As many as there may be rows: those who need a look before the others, in the order of the class."""
    first = sorted(range(len(results)), key=lambda index: not _needs_a_look(results[index]))[:ROWS_AT_MOST]
    return [results[index] for index in sorted(first)]


def _mistakes(lesson: str, results: list[Result], console: Console) -> None:
    located = sum(item.line is not None for result in results for item in result.exercises)
    if located:
        one = told("1 wrong answer without a name: the line at fault was found")
        more = told("{number} wrong answers without a name: the lines at fault were found", number=located)
        console.print(line(one if located == 1 else more))
    named = [found for result in results for item in result.exercises for found in item.mistakes.items()]
    says, times = dict(named), Counter(name for name, _ in named)
    if not named:
        return
    console.print(line((told("The commonest mistakes in {lesson}", lesson=lesson), "bold")))
    for name, number in sorted(times.items(), key=lambda item: (-item[1], item[0].lower()))[:5]:
        paragraph(line(f"{number} × ", (name, "bold"), f": {says[name]}"), 2, console)


def in_a_word(result: Result) -> str:
    """What became of a hand-in, as briefly as a table can hold it."""
    mistakes = [name for exercise in result.exercises for name in exercise.mistakes]
    if mistakes:
        return ", ".join(mistakes).replace("_", " ")
    if result.score >= result.points:
        return told("full marks")
    graded = [exercise for exercise in result.exercises if exercise.state != "right" and (exercise.final is None)]
    states = Counter(exercise.state for exercise in graded)
    words = {
        "stub": partial(told, "{number} not written"),
        "missing": partial(told, "{number} missing"),
        "wrong": partial(told, "{number} wrong"),
        "unjudged": partial(told, "{number} not judged"),
        "by_hand": partial(told, "{number} not graded by hand yet"),
    }
    counts = in_a_row(words[state](number=number) for state, number in states.items())
    if not result.notes:
        return counts
    note = re.split(r"[.:(]( |$)|[。：（]", result.notes[0])[0].strip()  # its first clause
    return f"{counts}: {note}" if result.earned else note
