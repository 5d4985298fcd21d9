"""The help of the command line in the language that is spoken: what typer was given in English, and its own words."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from grader import language
from grader.files.names import JSON_NAME, RELEASED
from grader.messages import SENTENCES, say

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

UsageError: Any = typer.BadParameter.__base__
"""What is raised where a command line is wrong: typer's own class or click's, by typer's version."""
_OF_TYPER = [name for name in SENTENCES if name.startswith("typer_")]
_OF_USAGE = [name for name in SENTENCES if name.startswith("usage_")]
_LANGUAGE = re.compile(rb'^"language": "(\w+)"', re.MULTILINE)
"""Where an answer key tells its language. Whatever else reads keys takes as long again as the help itself."""


def choose(words: list[str]) -> None:
    """Speak the language that a command line asks for, or else that of the lessons at hand, before any command runs: it may
    tell something before it has found them. What is no language is left to the command to tell."""
    for word, after in pairwise([*words, ""]):
        if word.partition("=")[0] == "--lang":
            language.choose(language.meant(word.partition("=")[2] or after) or "")
    with suppress(OSError):
        here = Path.cwd()
        lessons = (lessons for folder in (here, *here.parents) for lessons in (folder, folder / RELEASED))
        if key := next((key for folder in lessons for key in folder.glob(f"*/{JSON_NAME}")), None):
            found = _LANGUAGE.search(key.read_bytes())
            language.of_course(language.meant(found[1].decode()) or "" if found else "")


def prepare(command: Any) -> None:
    """Make the help of a command, of what it takes and of the commands in it ready to be read: without Python's types, in
    the language that is spoken."""
    _without_types(command)
    if language.current() != language.ENGLISH:
        from rich.markdown import Markdown
        from typer import rich_utils

        class Folded(Markdown):
            """A line without spaces is broken where the table ends, and not cut off there."""

            def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
                return super().__rich_console__(console, options.update(overflow="fold"))

        rich_utils.__dict__["Markdown"] = Folded
        for name in _OF_TYPER:
            if hasattr(rich_utils, place := name.removeprefix("typer_")):
                setattr(rich_utils, place, say(name))
        known = {
            text: said
            for (context, text), said in language.catalogue(language.current()).items()
            if context == language.HELP
        }
        _translate(
            command,
            known | {SENTENCES[name]: say(name) for name in [*_OF_TYPER, "help_for_students", "help_for_instructors"]},
        )


def show(context: typer.Context) -> None:
    """Print the help where nobody has asked for it."""
    prepare(context.command)
    typer.echo(context.get_help())


def show_error(command: Any, error: Any) -> None:
    """Print what is wrong with a command line as typer does, in the language that is spoken."""
    from typer import rich_utils

    prepare(command)
    said = usage(error.format_message())
    error.format_message = lambda: said
    rich_utils.rich_format_error(error)


def usage(message: str) -> str:
    """What typer says of a command line, in the language that is spoken; in English where it says something else than the
    sentences that are known of it."""
    for name in _OF_USAGE:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(SENTENCES[name]))
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return say(name, **{value: usage(text) for value, text in found.groupdict().items()})
    return message


def _without_types(command: Any) -> None:
    """Leave out what type a flag or an argument has in Python: `--json <bool>` looks as if a word had to follow."""
    own_option = command.get_help_option

    def option(context: Any) -> Any:
        if found := own_option(context):
            found.metavar = ""
        return found

    command.get_help_option = option
    for each in command.params:
        if getattr(each, "is_flag", False):
            each.metavar = ""
        elif each.param_type_name == "argument":
            each.display_type_rich = lambda ctx: None
    for each in getattr(command, "commands", {}).values():
        _without_types(each)


def _translate(command: Any, known: dict[str, str]) -> None:
    command.help, command.rich_help_panel = _said(command.help, known), _said(command.rich_help_panel, known)
    usage, own_option = command.get_usage, command.get_help_option

    def option(context: Any) -> Any:
        if found := own_option(context):
            found.help = _said(found.help, known)
        return found

    command.get_usage = lambda context: usage(context).replace(SENTENCES["typer_USAGE"], say("typer_USAGE"), 1)
    command.get_help_option = option
    for each in command.params:
        each.help = _said(each.help, known)
    for each in getattr(command, "commands", {}).values():
        _translate(each, known)


def _said(text: Any, known: dict[str, str]) -> Any:
    """A text by its paragraphs, each as it is known; what is no text stays what it is."""
    if not isinstance(text, str):
        return text
    return "\n\n".join(known.get(each, each) for each in language.paragraphs(text))
