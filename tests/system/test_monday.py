"""An instructor's Monday, with one class: graded, explained, its lesson changed, and what would change told before."""

import json
from shutil import copytree

import pytest
from support.browser import CHROMIUM, FLAGS, barriers, needs_chromium, shoot
from support.classroom import course_on_disk
from support.command import grader

from grader.sandbox import doctor

ISOLATION = "--isolation", "process"
HEAD = "# %%\nimport torch\n\n# %%\n"
DOUBLE = "def double(X):\n    if isinstance(X, str):\n        raise TypeError('text')\n    return X * 2\n\n"
TOTAL = "# %%\ndef total(X):\n    return double(X).sum(1)\n"
UNTYPED = "def double(X):\n    if isinstance(X, str):\n        raise TypeError('no')\n    return X * 2\n\n"
"""Right, but for the word that the error has to hold."""


def hand_in(root, student, text):
    folder = root / "submitted" / student / "numbers"
    folder.mkdir(parents=True)
    (folder / "numbers.py").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small class of the small lesson."""
    root = tmp_path_factory.mktemp("course")
    course_on_disk(root)
    hand_in(root, "ada", HEAD + DOUBLE + TOTAL)
    hand_in(root, "bo", HEAD + UNTYPED + TOTAL)
    grader("autograde", *ISOLATION, cwd=root)
    return root


@pytest.fixture
def course(graded, tmp_path):
    """A copy of the graded class, for who changes it."""
    return copytree(graded, tmp_path / "course")


def files(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_a_hand_in_is_explained_as_it_was_graded(graded):
    before = files(graded)
    found = json.loads(grader("explain", "bo", "numbers/double", "--json", cwd=graded))
    assert found["differs"] == [] and found["isolation"] == "process" and found["earned"] == 5
    (double,) = found["exercises"]
    (failed,) = [check for check in double["checks"] if check["earned"] < check["points"]]
    assert failed["check"] == "refuses_text" and failed["cases"][0]["got"] == "TypeError: no"
    assert files(graded) == before
    assert "has no exercise called triple" in grader("explain", "bo", "numbers/triple", cwd=graded, expect=2)


def test_a_change_of_the_lesson_is_told_before_it_is_made_and_then_the_same_is_said(course):
    checks = course / "solutions" / "numbers" / "checks.py"
    checks.write_text(checks.read_text().replace(', mentions=["text"]', ""))
    before = files(course)
    would = json.loads(grader("autograde", *ISOLATION, "--dry-run", "--json", cwd=course))
    assert files(course) == before
    (bo,) = would
    assert (bo["student"], bo["why"], bo["before"], bo["now"]) == ("bo", "version", 5, 6)
    assert bo["checks"] == [{"check": "double/refuses_text", "before": [0, 1], "now": [1, 1]}]
    assert "Not exactly what was graded: The lesson" in grader("explain", "bo", "numbers", cwd=course)
    said = grader("autograde", *ISOLATION, cwd=course)
    assert "bo, numbers: 5 of 6 → 6 of 6: the lesson or the grader has changed" in said
    assert "double/refuses_text: 0 of 1 → 1 of 1" in said
    assert "Feedback pages that changed: 1: feedback/bo/numbers.html" in said
    assert "the same work earned 5 of 6 points" in (course / "feedback" / "bo" / "numbers.html").read_text(encoding="utf-8")
    kept = json.loads((course / ".grader" / "results" / "bo" / "numbers.json").read_bytes())
    assert [(each["earned"], each["points"]) for each in kept["history"]] == [(5, 6)]
    assert "Scores that" not in grader("autograde", *ISOLATION, cwd=course)


@pytest.mark.slow
@needs_chromium
@pytest.mark.skipif(bool(doctor.lacking()), reason=f"the sandbox is not available here: {doctor.lacking()}")
def test_a_monday_with_sixty_students(tmp_path):
    driven = pytest.importorskip("playwright.sync_api", reason="playwright, which drives the browser, is not installed")
    course_on_disk(tmp_path)
    grader("simulate", ".", "--students", 59, cwd=tmp_path)
    hand_in(tmp_path, "bo", HEAD + UNTYPED + TOTAL)
    grader("autograde", "--workers", 2, cwd=tmp_path)

    grader("report", cwd=tmp_path)
    with driven.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto((tmp_path / "report.html").as_uri())
        assert page.locator("table.sortable tbody tr").count() == 60 and not barriers(page)
        page.get_by_label("Only rows that contain").fill("bo")
        page.locator("table.sortable tbody tr:visible a").click()
        assert page.url.endswith("/feedback/bo/numbers.html") and not barriers(page)
        shoot(page, "monday-of-sixty")
        browser.close()

    checks = tmp_path / "solutions" / "numbers" / "checks.py"
    checks.write_text(checks.read_text().replace(', mentions=["text"]', ""))
    before = files(tmp_path)
    would = json.loads(grader("autograde", "--dry-run", "--json", cwd=tmp_path))
    assert files(tmp_path) == before
    assert {"student": "bo", "before": 5, "now": 6}.items() <= next(
        each for each in would if each["student"] == "bo"
    ).items()

    told = json.loads(grader("report", "--json", cwd=tmp_path))["lessons"][0]["scores"]
    regraded = json.loads(grader("autograde", "--json", "--workers", 2, cwd=tmp_path))
    now = json.loads(grader("report", "--json", cwd=tmp_path))["lessons"][0]["scores"]
    changed = {each["student"]: each["now"] for each in would if each["before"] != each["now"]}
    assert len(regraded) == 60 and now == told | changed
    assert json.loads(grader("explain", "bo", "numbers", "--json", cwd=tmp_path))["earned"] == 6
