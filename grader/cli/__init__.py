"""The command line: one function per command, and what went wrong as a sentence."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any

import typer

# In the order in which --help lists the commands.
from grader.cli import student  # noqa: F401

# isort: split
from grader.cli import author, help, instructor  # noqa: F401
from grader.cli.common import app

_EXTRAS = {
    "hatchling": "instructor",
    "nbformat": "instructor",
    "nbgrader": "instructor",
    "distributed": "cluster",
    "psycopg": "postgres",
}
"""Packages that only some commands need, and what brings each of them: a student's installation does not."""


def _language_first(words: list[str]) -> list[str]:
    """`--lang` holds for every command, and so may stand behind its name as well."""
    for number, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" or word.startswith("--lang="):
            taken = words[number : number + 1 + (word == "--lang")]
            return [*taken, *words[:number], *words[number + len(taken) :]]
    return words


def _without_pydantic() -> None:
    """Have texts, flags, paths and choices made here, and nothing of what was not given: typer has pydantic convert them,
    and to import that takes a quarter of `grader list`. What does not fit is left to it, and so are its words for that."""
    with suppress(ImportError, KeyError, AttributeError):  # typers from before, and what may come after
        from typer import _coercion, core

        built = vars(core)["build_runtime_param"]

        class Plain(_coercion.RuntimeParam):
            def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:
                about = param.type_descriptor
                kind = about.annotation
                if type(value) is kind and (kind in (str, bool, Path) or issubclass(kind, Enum)):
                    return value
                if kind is Path and os.access(value, os.R_OK):
                    return Path(value)
                if isinstance(kind, type) and issubclass(kind, Enum):
                    with suppress(ValueError):
                        return kind(value)
                return built(about).coerce(value, param, ctx)

        vars(core)["build_runtime_param"] = lambda about: Plain(about.parameter_info, about.annotation)


def main() -> None:
    """Run a command; what is wrong with a course, a file or this machine is said in a sentence, with exit code 2."""
    from grader import console

    console.tolerate()
    words = _language_first(sys.argv[1:])
    _without_pydantic()
    try:
        command = typer.main.get_command(app)
        help.choose(words)
        if "--help" in words:
            help.prepare(command)
        sys.exit(command.main(words, standalone_mode=False))
    except help.UsageError as error:
        help.show_error(command, error)
        sys.exit(error.exit_code)
    except typer.Abort:  # the input has ended
        sys.exit(1)
    except Exception as error:
        from grader.classroom.database import GradebookError
        from grader.errors import CourseError, SandboxError
        from grader.messages import say

        if isinstance(error, GradebookError):
            typer.echo(str(error), err=True)
            sys.exit(1)
        if isinstance(error, (CourseError, SandboxError)):
            typer.echo(str(error), err=True)
            sys.exit(2)
        if isinstance(error, ModuleNotFoundError) and error.name in _EXTRAS:
            how = f"{sys.executable} -m pip install 'torch-exercise-kit[{_EXTRAS[error.name]}]'"
            typer.echo(say("needs_package", name=error.name, how=how), err=True)
            sys.exit(2)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            typer.echo(say("disk_full"), err=True)
            sys.exit(2)
        if isinstance(error, OSError) and error.filename:
            typer.echo(say("file_trouble", file=error.filename, reason=error.strerror), err=True)
            sys.exit(2)
        raise
