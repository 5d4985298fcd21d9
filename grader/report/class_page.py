"""The report on a class as one HTML page for its instructor."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from markupsafe import Markup

from grader.messages import say, together
from grader.report.html import templates
from grader.report.printable import printable
from grader.report.summary import LessonNumbers, Summary

SCRIPT = """
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.type = "button";
    button.onclick = () => {
      const up = head.getAttribute("aria-sort") !== "ascending", number = text => parseFloat(text.replace("–", "-1"));
      heads.forEach(each => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const compare = (a, b) => column ? number(a[0]) - number(b[0]) : a[0].localeCompare(b[0], undefined, {numeric: true});
      const rows = [...body.rows].map(row => [row.cells[column].textContent, row]).sort(compare);
      body.append(...(up ? rows : rows.reverse()).map(([, row]) => row));
    };
  });
  const [label, input, shown] = ["label", "input", "output"].map(name => document.createElement(name));
  input.type = "search";
  label.append(table.dataset.filter, " ", input);
  table.parentElement.before(label, " ", shown);
  input.oninput = () => {
    const words = input.value.toLowerCase();
    for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(words);
    shown.textContent = words && `${[...body.rows].filter(row => !row.hidden).length} / ${body.rows.length}`;
  };
}
"""
"""The one script of the page of a class: a click on a column's head sorts by it, and a field filters rows by what they hold.
The page is whole without it."""


def page(of: Summary, links: Mapping[tuple[str, str], str]) -> str:
    """The page of a class, for its instructor: hidden checks are told like others.

    Args:
        links: where the feedback of each student and lesson lies, as the page is to link to it.
    """
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    template = templates().get_template("class.html.jinja")
    values = {"digest": digest, "script": Markup(SCRIPT), "distribution": _distribution, "progress": _progress}
    return template.render(of=of, links=links, **values)


def _distribution(lesson: LessonNumbers) -> str:
    """The bars of a lesson's scores in words."""
    tenth = lesson.points / len(lesson.bars)
    counts = [
        say("class_bar", low=f"{tenth * place:.3g}", high=f"{tenth * (place + 1):.3g}", number=number)
        for place, number in enumerate(lesson.bars)
        if number
    ]
    return say("class_distribution", counts="; ".join(counts))


def _progress(lessons: list[LessonNumbers]) -> str:
    """The drawing of the scores from lesson to lesson in words."""
    means = [
        say(
            "class_progress_of",
            lesson=each.lesson,
            mean=_share(each.mean, each),
            low=_share(low, each),
            high=_share(high, each),
        )
        for each in lessons
        for low, high in [each.quartiles]
    ]
    return printable(together(say("class_progress_caption"), "; ".join(means)))


def _share(points: float, lesson: LessonNumbers) -> str:
    return f"{100 * points / (lesson.points or 1):.0f} %"
