"""What students and instructors see, in a real browser: JupyterLab and nbgrader's formgrader, served by a real server.

Screenshots are kept in build/screenshots/.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from support.browser import CHROMIUM, FLAGS, SHOTS, needs_chromium, shoot
from test_nbgrader import LESSON, hand_in, new_course, right, run

playwright = pytest.importorskip("playwright.sync_api", reason="playwright, which drives the browser, is not installed")

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60_000
"""Milliseconds that a page may take to show what it is to show: it is given up then, never judged by it."""
pytestmark = [pytest.mark.slow, needs_chromium]


def wrong():
    """The right notebook, but for one mistake that has a name."""
    notebook = right()
    name = "corr2d_multi_in_out_1x1"
    (cell,) = (cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)
    cell.source = (
        f"def {name}(X, K):\n    c_i, h, w = X.shape\n    K = K.reshape(c_i, K.shape[0]).T\n"
        "    return (K @ X.reshape(c_i, h * w)).reshape(-1, h, w)"
    )
    return notebook


SCRIPT = """attack('HOW')"""
ALIVE = "".join(
    [
        "<script>SCRIPT</script><img src=x onerror=SCRIPT><svg onload=SCRIPT></svg>",
        "<iframe srcdoc='<script>parent.SCRIPT</script>'></iframe>",
        "[x](javascript:SCRIPT) ![x](attachment:x.svg) $\\href{javascript:SCRIPT}{x}$ <img src='http://attack.invalid/x.png'>",
        "</pre></code></textarea><details open ontoggle=SCRIPT><style onload=SCRIPT></style>",
    ]
)
"""Markup that calls `attack`, in ways that a page may fall for; HOW is where it stood."""
MALLORY = "mallory & <i>co"
"""A student's folder. nbgrader's formgrader shows its name as it stands (SECURITY.md), so that there is no script in it."""


def alive(how):
    return ALIVE.replace("SCRIPT", SCRIPT).replace("HOW", how)


def attacking():
    """A notebook of which everything that can hold markup holds some that runs."""
    notebook = wrong()
    outputs = [
        new_output(
            "display_data", {"text/html": alive("html"), "image/svg+xml": alive("svg"), "text/latex": alive("latex")}
        ),
        new_output("display_data", {"application/javascript": SCRIPT.replace("HOW", "javascript")}),
        new_output("stream", text=alive("stream")),
        new_output("error", ename=alive("ename"), evalue=alive("evalue"), traceback=[alive("traceback")]),
    ]
    prose = new_markdown_cell(alive("prose"), attachments={"x.svg": {"image/svg+xml": alive("attachment")}})
    printing = new_code_cell(f"print({alive('printed')!r})  # {alive('comment')}", outputs=outputs)
    raising = new_code_cell(f"raise type({alive('type')!r}, (Exception,), {{}})({alive('message')!r})", outputs=outputs)
    raw = new_raw_cell(alive("raw"), metadata={"format": "text/html", "raw_mimetype": "text/html"})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = list(outputs), 1
            if "def corr2d(" in cell.source:
                cell.source = f"def corr2d(X, K):\n    raise ValueError({alive('error')!r})  # {alive('remark')}"
        if cell.cell_type == "markdown":
            cell.source += alive("after our prose")
    notebook.cells += [prose, printing, raising, raw]
    notebook.metadata |= {"title": alive("title"), "authors": [{"name": alive("author")}]}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class of four, graded by nbgrader: one right, one with a mistake that has a name, one without a notebook, and one
    that attacks whoever reads the results."""
    course = new_course(tmp_path_factory.mktemp("course"))
    hand_in(course, "ada", right())
    hand_in(course, "grace", wrong())
    hand_in(course, "alan", "{")
    hand_in(course, MALLORY, attacking())
    (course / "submitted" / MALLORY / LESSON / "<img src=x onerror=attack(`file`)>.txt").write_text(alive("file"))
    run(course, "nbgrader", "autograde", LESSON)
    run(course, "nbgrader", "generate_feedback", LESSON)
    return course


@pytest.fixture(scope="module")
def server(course):
    """The address of a Jupyter server in the course's folder, whose JupyterLab is light or dark as the browser is."""
    settings = course / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "themes.jupyterlab-settings").write_text('{"adaptive-theme": true}')
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(sys.executable).parent
    words = "lab", "--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="
    with open(course / "server.log", "w") as log:
        process = subprocess.Popen(
            [folder / "jupyter", *words, f"--ServerApp.root_dir={course}"], cwd=course, stdout=log, stderr=log,
            env=os.environ | {
                "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "JUPYTERLAB_SETTINGS_DIR": str(course / "settings"),
            },
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None, (course / "server.log").read_text()
            try:
                urllib.request.urlopen(f"{address}/api").close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, request):
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.set_default_timeout(SECONDS)
    yield page
    shoot(page, f"last-of-{request.node.name}")
    page.close()


def open_submission(page, server, course, student="grace"):
    """The page of a hand-in, as formgrader shows it for grading by hand."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        submission = book.find_submission_notebook(LESSON, LESSON, student).id
    page.goto(f"{server}/formgrader/submissions/{submission}/?index=0")


def test_formgrader_shows_the_class_and_a_comment_outlives_grading_again(page, server, course):
    page.goto(f"{server}/formgrader/manage_submissions/{LESSON}")
    row = page.locator("tr", has_text="grace")
    row.wait_for()
    assert "graded" in row.inner_text() and "needs autograding" not in page.inner_text("table")
    assert "/ 10" in row.inner_text() and "10 / 10" in page.locator("tr", has_text="ada").inner_text()
    assert "0 / 10" in page.locator("tr", has_text="alan").inner_text()
    shoot(page, "formgrader-class")

    open_submission(page, server, course)
    feedback = page.locator("section.grader.wrong").first
    feedback.wait_for()
    assert "not right yet" in feedback.inner_text() and "You reshaped" in feedback.inner_text()
    shoot(page, "formgrader-submission")
    comment = page.locator("textarea.comment").first
    comment.fill("Look at the sum once more.")
    with page.expect_response(lambda answer: "/comment/" in answer.url and answer.request.method == "PUT"):
        comment.blur()

    page.goto(f"{server}/formgrader/manage_submissions/{LESSON}")
    page.locator("tr", has_text="grace").locator(".autograde a").click()
    page.get_by_text(re.compile("Successfully autograded")).wait_for()
    shoot(page, "formgrader-regraded")
    open_submission(page, server, course)
    comment = page.locator("textarea.comment").first
    comment.wait_for()
    page.wait_for_function("document.querySelector('textarea.comment').value !== ''")
    assert comment.input_value() == "Look at the sum once more."


def test_no_script_of_a_hand_in_runs_in_a_page_that_shows_it(page, server, course):
    """In formgrader's pages, nbgrader's feedback and ours; and none of them asks anybody else for anything."""
    ran, asked = [], []
    page.expose_binding("attack", lambda source, how: ran.append(f"{how} in {source['page'].url}"))
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: ran.append(dialog.message))

    page.set_content(alive("control"))
    page.wait_for_function("document.querySelector('details')")
    page.wait_for_timeout(500)
    assert len(set(ran)) and any("attack.invalid" in url for url in asked), "what attacks is alive where nothing stops it"
    ran.clear(), asked.clear()

    open_submission(page, server, course, MALLORY)
    page.locator("section.grader.wrong").first.wait_for()
    looks_dead(page)
    shoot(page, "formgrader-attacked")
    for part in (
        "gradebook",
        f"gradebook/{LESSON}",
        "manage_assignments",
        f"manage_submissions/{LESSON}",
        "manage_students",
    ):
        page.goto(f"{server}/formgrader/{part}")
        page.locator("table tbody tr").first.wait_for()
        looks_dead(page)
    written = list((course / "feedback" / MALLORY).rglob("*.html"))  # nbgrader's page, and ours
    assert len(written) == 2
    for path in written:
        page.goto(path.as_uri())
        looks_dead(page)
    assert ran == []
    assert [url for url in asked if "attack.invalid" in url] == []


def looks_dead(page):
    """Waits until whatever a page would run has had its time, and looks for links that would run a script once clicked."""
    page.wait_for_load_state()
    page.wait_for_timeout(300)
    links = page.eval_on_selector_all("[href], [src], [action]", "found => found.map(it => it.outerHTML.slice(0, 300))")
    assert [link for link in links if re.match(r"""[^>]*=["']?\s*(javascript|data:text/html)""", link, re.IGNORECASE)] == []


def test_opening_a_notebook_changes_nothing(page, server, course):
    """Nobody is asked whether to save what nobody has changed."""
    run(course, "grader", "start", "mine")
    (path,) = (course / "mine").glob(f"*/{LESSON}.ipynb")
    before = path.read_bytes()
    page.goto(f"{server}/lab/tree/{path.relative_to(course).as_posix()}?reset")
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    page.locator(".jp-StatusBar-Widget, #jp-bottom-panel", has_text="Idle").first.wait_for()
    shoot(page, "jupyterlab-opened")
    with page.expect_response(lambda answer: "/api/contents/" in answer.url and answer.request.method == "PUT"):
        page.keyboard.press("Control+s")
    assert path.read_bytes() == before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_student_in_jupyterlab_reads_what_is_wrong_below_the_cell(page, server, course, theme):
    folder = course / "exercises" / LESSON
    nbformat.write(wrong(), folder / f"{theme}.ipynb")
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server}/lab/tree/exercises/{LESSON}/{theme}.ipynb?reset")
    page.locator(".jp-NotebookPanel").wait_for()
    while f"{theme}.ipynb" not in page.request.get(f"{server}/api/sessions").text():
        page.wait_for_timeout(100)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    dialog = page.locator(
        "dialog.jp-Dialog"
    )  # JupyterLab asks for a kernel, cell by cell, until it has met the one it began
    page.add_locator_handler(dialog, lambda: dialog.locator(".jp-mod-accept").click(), no_wait_after=True)
    started = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\d+|\*)\]")).first
    while not started.count():  # it runs nothing, and says nothing, until the kernel has answered it
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_timeout(2000)
    last = page.locator("section.grader", has_text="conv_output_size")
    last.wait_for(state="attached")
    feedback = page.locator("section.grader.wrong").first
    # JupyterLab hides cells that are out of sight: go up until this one is shown.
    page.locator(".jp-NotebookPanel .jp-Notebook").hover()
    while not feedback.is_visible():
        page.mouse.wheel(0, -400)
        page.wait_for_timeout(50)
    feedback.evaluate("element => element.scrollIntoView({block: 'center'})")
    said = " ".join(feedback.text_content().split())
    assert "You reshaped K where you needed a transpose" in said
    assert "not right yet" in said and "expected" in said and "≠" in said
    shoot(page, f"jupyterlab-{theme}")
    answer = feedback.locator("xpath=ancestor::div[contains(@class, 'jp-CodeCell')]")
    answer.screenshot(path=SHOTS / f"check-{theme}.png")
