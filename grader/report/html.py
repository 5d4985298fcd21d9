"""Feedback as HTML, every value escaped: the page of a submission, and one exercise for a notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader import language
from grader.judge.result import ExerciseResult, Result
from grader.messages import more_checks, say, together
from grader.report import draw
from grader.report.outcome import listed, settled
from grader.report.printable import printable
from grader.whole import write_whole

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@cache
def templates() -> Environment:
    """The templates of all pages. What they are given is escaped."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["printable"] = printable
    environment.filters["prose"] = _prose
    environment.filters["points"] = lambda points: f"{points:g}"
    environment.filters["listed"] = listed
    environment.filters["settled"] = settled
    environment.globals["say"] = say
    environment.globals["lang"] = lambda: language.tag(language.current())
    environment.globals |= {"draw": draw, "more_checks": more_checks, "together": together}
    return environment


def _prose(text: str) -> Markup:
    """A sentence, with what stands between backticks set as code. All of it is escaped first."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(printable(text)))))


def page(result: Result) -> str:
    """The page as text. What a student wrote shows as text, never as markup."""
    with language.speaking(result.language):
        return templates().get_template("feedback.html.jinja").render(result=result)


def exercise(result: ExerciseResult, *, graded: bool) -> str:
    """What one exercise came to, as a part of a page that has its own colors, light or dark.

    Args:
        graded: say what it earned, which only grading knows, since it sees the hidden checks.
    """
    parts = templates().get_template("parts.html.jinja").module
    return f"{parts.style()}{parts.exercise(result, graded, 'p')}"  # type: ignore[attr-defined]


def about(result: Result) -> str:
    """The same of what there is to say of a hand-in as a whole: notes, what was printed, how it was run."""
    parts = templates().get_template("parts.html.jinja").module
    return f"{parts.style()}{parts.about(result)}{parts.printed(result)}"  # type: ignore[attr-defined]


def problem(sentence: str) -> str:
    """The same of a sentence that says why there is nothing to show."""
    parts = templates().get_template("parts.html.jinja").module
    return f"{parts.style()}{parts.problem(sentence)}"  # type: ignore[attr-defined]


def told(sentence: str, states: Mapping[str, str]) -> str:
    """The same of a sentence, with a table of exercises and their states below it where there are any."""
    parts = templates().get_template("parts.html.jinja").module
    return f"{parts.style()}{parts.told(sentence, states)}"  # type: ignore[attr-defined]


def write(result: Result, path: Path) -> None:
    """Write the page to a file, whole or not at all."""
    write_whole(path, page(result).encode("utf-8", "replace"))
