"""The feedback page of one submission: standalone HTML, every value escaped."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.report.printable import printable
from grader.result import Result

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


@cache
def _template() -> Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["printable"] = printable
    environment.filters["prose"] = _prose
    environment.filters["points"] = lambda points: f"{points:g}"
    return environment.get_template("feedback.html.jinja")


def _prose(text: str) -> Markup:
    """A sentence, with what stands between backticks set as code. All of it is escaped first."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", str(escape(printable(text)))))


def page(result: Result) -> str:
    """The page as text. What a student wrote shows as text, never as markup."""
    return _template().render(result=result)


def write(result: Result, path: Path) -> None:
    """Write the page to a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(page(result), encoding="utf-8", errors="replace")
    partial.replace(path)
