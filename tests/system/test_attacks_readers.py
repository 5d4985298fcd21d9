"""Hand-ins that attack those who read their results: in nothing that is written about them does any of it come alive.

Each of `tests/attacks/readers/` is graded in the sandbox. What came of it then goes every way that a result can go.
"""

import io
import json
import re
import shutil

import jsonschema
import nbformat
import pytest
from nbconvert.filters import markdown2html
from rich.console import Console
from test_attacks import LESSON, attacks
from test_attacks import room as room  # a fixture
from test_formats import CLASSROOM, GRADESCOPE, junit, rows
from test_gradebook import book as book  # fixtures too
from test_gradebook import empty as empty
from test_gradebook import everything
from test_report import Page

from grader import language
from grader.classroom import gradebook
from grader.files import answer_file
from grader.integrations.nbgrader.notebook import autograded
from grader.judge.result import Result
from grader.report import formats, html, text
from grader.report.outcome import NOTES_AT_MOST
from grader.report.printable import as_markdown, printable, quoted

ATTACKS = {name: item for name, item in attacks().items() if name.startswith("readers/")}
OUR_TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "code", "span", "section", "ul", "li",
    "strong", "pre", "div", "figure", "figcaption", "table", "tr", "td", "main",
}  # fmt: skip
OUR_ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv", "class", "aria-label", "tabindex"}
OF_MARKDOWN = {
    "p",
    "code",
    "pre",
    "div",
    "span",
    "em",
    "strong",
    "br",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "blockquote",
}
FORMULA = tuple("=+-@\t\r＝＋－＠")
CHARACTERS_AT_MOST = 100_000


IN_CHINESE = [pytest.param((name, "zh_CN"), marks=pytest.mark.slow, id=f"{name}, in Chinese") for name in ATTACKS]


@pytest.fixture(scope="module", params=[*((name, "en") for name in ATTACKS), *IN_CHINESE], ids=lambda param: param[0])
def attack(request, room):
    """What grading an attack gave, and the folder that was handed in; until its tests are over its language is spoken."""
    name, spoken = request.param
    item = ATTACKS[name]
    folder = room.submitted / f"attacker-{name.replace('/', '-')}-{spoken}" / LESSON
    if item.is_dir():
        shutil.copytree(item, folder)
    else:
        folder.mkdir(parents=True)
        shutil.copy(item, folder / f"{LESSON}.py")
    with language.speaking(spoken):
        yield room.graded(folder.parent.name), folder


@pytest.fixture(scope="module")
def released(room):
    return nbformat.read(room.root / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)


def is_dead(page):
    """Whether a part of a page, as a browser reads it, holds nothing but elements of ours, and no character that acts."""
    seen = Page(page)
    assert set(seen.tags) <= OUR_TAGS
    assert set(seen.attributes) <= OUR_ATTRIBUTES
    assert printable(page) == page
    assert len(page) < CHARACTERS_AT_MOST
    return True


def is_dead_markdown(written):
    """The same of text that nbgrader's pages read as Markdown, and MathJax after that."""
    seen = Page(markdown2html(written))
    assert set(seen.tags) <= OF_MARKDOWN
    assert set(seen.attributes) <= {"class"}
    outside_of_code = re.sub(r"<(pre|code)>.*?</\1>", "", markdown2html(written), flags=re.DOTALL)
    assert not re.search(r"\$|\\\(|\\\[|\\begin", outside_of_code)
    assert printable(written) == written
    assert len(written) < CHARACTERS_AT_MOST
    return True


def test_a_terminal_gets_text_and_its_own_colours_alone(attack):
    result, _ = attack
    for show in (text.show, lambda one, console: text.table([one], console)):
        page = io.StringIO()
        show(result, Console(file=page, width=100, force_terminal=True, color_system="truecolor"))
        said = re.sub(r"\x1b\[[0-9;]*m", "", page.getvalue())
        assert printable(said) == said
        assert len(said) < CHARACTERS_AT_MOST
    assert printable(text.plain(result)) == text.plain(result)


def test_a_page_holds_no_element_but_its_own(attack):
    result, _ = attack
    assert is_dead(html.page(result))
    assert is_dead(html.about(result))
    for each in result.exercises:
        assert is_dead(html.exercise(each, graded=True))
        assert is_dead(html.problem(each.summary))


def test_every_format_is_sound_and_small(attack):
    result, _ = attack
    for name, render in formats.FORMATS.items():
        page = render([result]).removeprefix("\ufeff").replace("\r\n", "\n")
        assert printable(page) == page
        assert len(page) < CHARACTERS_AT_MOST
        if name in ("gradescope", "classroom50"):
            jsonschema.validate(json.loads(page), GRADESCOPE if name == "gradescope" else CLASSROOM)
    tags = {element.tag for element in junit([result]).iter()}
    assert tags <= {"testsuites", "testsuite", "testcase", "failure", "error", "system-out"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_the_table_is_a_formula(attack, delimiter):
    result, _ = attack
    cells = [cell for row in rows([result], delimiter) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" \"'\n")[:1] in FORMULA and not cell.startswith("'")]


def test_a_comment_in_the_gradebook_is_no_markup(attack, book):
    result, _ = attack
    points = {LESSON: {each.exercise: each.points for each in result.exercises}}
    gradebook.write(book, points, [result])
    *_, scores, comments = everything(book)
    assert len(scores) == len(comments) == len(points[LESSON])
    for _, _, comment, _ in comments:
        assert is_dead_markdown(comment)


def test_the_autograded_notebook_shows_what_was_handed_in_and_runs_none_of_it(attack, released):
    result, folder = attack
    written = answer_file.as_written(folder / result.file) if result.file else []
    made = autograded(result, released, written)
    nbformat.validate(made)
    whole = nbformat.writes(made)
    assert len(whole) < CHARACTERS_AT_MOST and printable(json.dumps(json.loads(whole), ensure_ascii=False))
    assert made.metadata == released.metadata
    known = [cell.source for cell in released.cells]
    for cell in made.cells:
        assert cell.cell_type in ("code", "markdown")
        assert printable(cell.source) == cell.source
        assert cell.cell_type == "code" or cell.source in known or is_dead_markdown(cell.source)
        assert cell.metadata in ({}, *(each.metadata for each in released.cells))
        for output in cell.get("outputs", []):
            assert set(output.data) == {"text/html", "text/plain"}
            assert is_dead(output.data["text/html"])
            assert printable(output.data["text/plain"]) == output.data["text/plain"]


def test_ten_thousand_notes_are_told_in_short(released):
    notes = [f"Cell {number} stopped. " + "x" * 10_000 for number in range(10_000)]
    result = Result("ada", LESSON, [], notes=notes)
    pages = (
        html.page(result),
        html.about(result),
        text.plain(result),
        nbformat.writes(autograded(result, released, [])),
    )
    for page in pages:
        assert "Cell 0 stopped." in page and f"{10_000 - NOTES_AT_MOST} more" in page
        assert len(page) < 5 * CHARACTERS_AT_MOST


@pytest.mark.parametrize("words", ["```", "`" * 50, "~~~\n<b>", "a\r\n```\r\n<b>", "\n\n\n<b>", "    ```\n<b>", ""])
def test_quoted_text_stays_in_its_block(words):
    assert is_dead_markdown(quoted(f"{words}\n<img src=x onerror=alert(1)>\n{words}"))


@pytest.mark.parametrize(
    "words",
    [
        "Expected 1, got 2.",
        "You have not written `double` yet.",
        "3 of 6 values differ, the first at [0, 1]: expected 2, got 3.",
    ],
)
def test_an_ordinary_sentence_is_markdown_as_it_stands(words):
    assert as_markdown(words) == words
    assert is_dead_markdown(words)


@pytest.mark.parametrize(
    "words",
    [
        "<b>",
        "&#36;x$",
        r"\(x\)",
        "[x](javascript:y)",
        "![x](y)",
        "[x]: javascript:y\n\n[x]",
        "https://attack.invalid",
        "\x1b[m",
    ],
)
def test_what_would_be_alive_in_markdown_is_quoted(words):
    assert is_dead_markdown(as_markdown(f"Your code stopped with {words}"))
    assert is_dead_markdown(as_markdown(words))
