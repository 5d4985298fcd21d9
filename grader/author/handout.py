"""Finishes a handout for its reader: worked examples get their results, figures are taken in, hints fold out."""

from __future__ import annotations

import ast
import base64
import html
import re
from dataclasses import replace

from grader.author.expectations import blamed_on, run_cells, talk
from grader.errors import CourseError, Fault
from grader.exercise import Exercise
from grader.files.source import FIGURE, LessonFiles
from grader.messages import more_checks, say, together
from grader.sandbox.client import Client
from grader.sandbox.session import Worker

_RESULT = re.compile(
    r"^>>> (?P<first>.*\n)(?P<more>(?:\.\.\. ?.*\n)*)(?P<result>(?:(?!>>> |\.\.\. |```).+\n)*)", re.MULTILINE
)
"""An example in prose, with the result below it."""
_EXAMPLE = re.compile(r"^# >>> (?P<first>.*\n)(?P<more>(?:# \.\.\. ?.*\n)*)", re.MULTILINE)


def with_results(files: LessonFiles, worker: Worker) -> LessonFiles:
    """The lesson with the result of every `>>> ` line written below it, as Python's own prompt shows it.

    The examples run in their order, after all cells, with the references in place.

    Raises:
        CourseError: an example stops with an error.
    """
    if not _EXAMPLE.search(files.handout):
        return files
    try:
        with talk(worker) as client:
            run_cells(client, files)
            handout = _EXAMPLE.sub(lambda example: _with_result(example, client, files), files.handout)
    except Fault as fault:
        raise CourseError(f"{files.place}/lesson.py: an example did not come to an end: {fault}.") from None
    return replace(files, handout=handout)


def _with_result(example: re.Match[str], client: Client, files: LessonFiles) -> str:
    source = example["first"] + re.sub(r"^# \.\.\. ?", "", example["more"], flags=re.MULTILINE)
    line = files.handout.count("\n", 0, example.start()) + 1
    where = f"{files.place}/lesson.py, line {line}: the example `{example['first'].strip()}`"
    try:
        shown = _shown(source)
    except SyntaxError as error:
        raise CourseError(f"{where} is not valid Python: {error.msg}.") from None
    with blamed_on(where):
        reply = client.cell(len(files.code_cells), shown)
    if reply.error:
        raise CourseError(f"{where} stops with {reply.error.type}: {reply.error.message}")
    return example[0] + "".join(f"# {line}".rstrip() + "\n" for line in reply.printed.splitlines())


def _shown(source: str) -> str:
    """The source of an example as code that prints what its last expression gives, if that is not None.

    Raises:
        SyntaxError: it is not Python.
    """
    body = ast.parse(source).body
    if not body or not isinstance(body[-1], ast.Expr):
        return source
    before = "\n".join(map(ast.unparse, body[:-1]))
    return f"{before}\n_it = {ast.unparse(body[-1])}\nif _it is not None:\n    print(repr(_it))\n"


def example(text: str, exercise: str = "") -> str:
    """The examples of a cell of prose as code that shows the same results; nothing where it has none.

    Args:
        exercise: what they use, where it is still to be written.
    """
    pieces: list[tuple[str, str]] = []
    for found in _RESULT.finditer(text + "\n"):
        source = found["first"] + re.sub(r"^\.\.\. ?", "", found["more"], flags=re.MULTILINE)
        last = ast.parse(source).body[-1]
        expression = ast.get_source_segment(source, last) if isinstance(last, ast.Expr) and found["result"].strip() else None
        printed = f"print({expression})" if expression and not expression.startswith("print(") else source.strip()
        pieces.append((source.strip(), printed))
    about = say("example_of", name=exercise) if exercise else say("example")
    # Of the last one a notebook shows the result by itself.
    return "\n".join([f"# {about}", *(printed for _, printed in pieces[:-1]), pieces[-1][0]]) if pieces else ""


def with_figures(text: str, files: LessonFiles) -> tuple[str, dict[str, dict[str, str]]]:
    """A cell's text with its figures named as a notebook's attachments, and these attachments."""
    found = {
        match["name"]: {"image/png": base64.b64encode(files.figures[match["name"]]).decode()}
        for match in FIGURE.finditer(text)
    }
    return FIGURE.sub(r"![\g<alt>](attachment:\g<name>)", text), found


def difficulty(exercise: Exercise) -> str:
    """How difficult an exercise is, how long it takes, and how many checks of it are hidden."""
    told = [say("about_exercise", difficulty=exercise.difficulty, minutes=exercise.minutes), *more_checks(exercise.hidden)]
    return f"*{together(*told, *([] if exercise.points else [say('optional_exercise')]))}*"


def about(exercise: Exercise) -> str:
    """What stands below an exercise's statement in the notebook: difficulty, time, how many checks are hidden, and hints
    that fold out."""
    lines = [difficulty(exercise), ""]
    for number, hint in enumerate(exercise.hints, 1):
        title = say("hint_title", number=number)
        lines += [f"<details><summary>{title}</summary>", "", html.escape(hint, quote=False), "", "</details>"]
    return "\n".join(lines)
