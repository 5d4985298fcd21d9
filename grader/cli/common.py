"""What the commands share: the program itself, its groups and options, and how a command finds and tells."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from grader import language
from grader.messages import SENTENCES

if TYPE_CHECKING:
    from rich.console import Console

    from grader.files.course import Course

app = typer.Typer(
    pretty_exceptions_enable=False, rich_markup_mode="markdown",
    help="Checks and grades exercises in PyTorch. Without a command, it says where you are in your course. "
    "Exit codes: 0 everything is right, 1 something failed the check, 2 wrong usage.",
)  # fmt: skip
STUDENTS, INSTRUCTORS = SENTENCES["help_for_students"], SENTENCES["help_for_instructors"]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
Lessons = Annotated[
    list[str] | None, typer.Argument(metavar="LESSON", help="Names of lessons; all of them where none is named.")
]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report", metavar="FORMAT=PATH",
        help="Write a file for another program too: gradescope or classroom50, of one student; junit "
        "(GitLab reads it too), csv, canvas or moodle, of all. May be given more than once.",
    ),
]  # fmt: skip


def find() -> Course:
    from grader.files.course import find

    course = find()
    language.of_course(course.language())
    return course


def screen(*, err: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=err)


def print_json(data: object) -> None:
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(data), indent=2).decode()
    # Escaped, what is not ASCII comes whole through every pipe; all of it stands inside of strings.
    typer.echo(re.sub(r"[^\x00-\x7f]", lambda character: json.dumps(character[0])[1:-1], text))
