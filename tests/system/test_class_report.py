"""The report on a class, from hand-ins that were really graded."""

import json
import re
import sqlite3
from contextlib import closing
from html import unescape
from shutil import copytree
from urllib.parse import unquote

import pytest
from support.classroom import course_on_disk
from support.command import grader

STRANGER = "<script>alert(1)<"  # no slash: it is the name of a folder
ISOLATION = "--isolation", "process"
SQUARED = (
    "# %%\nimport torch\n\n# %%\n"
    "def double(X):\n    if isinstance(X, str):\n        raise TypeError('text')\n    return X * X\n\n"
    "# %%\ndef total(X):\n    return (X * 2).sum(1)\n"
)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of the small lesson: four who were simulated, and two who squared, one of them with a hostile name."""
    root = tmp_path_factory.mktemp("course")
    course_on_disk(root)
    grader("simulate", ".", "--students", 4, cwd=root)
    (root / "submitted" / "two\nlines" / "numbers").mkdir(parents=True)
    folder = root / "submitted" / "squares" / "numbers"
    folder.mkdir(parents=True)
    (folder / "numbers.py").write_text(SQUARED)
    copytree(root / "submitted" / "squares", root / "submitted" / STRANGER)
    assert "Run grader autograde first" in grader("report", cwd=root, expect=2)
    results = grader("autograde", *ISOLATION, "--json", cwd=root, expect=0)
    return root, json.loads(results)


def test_the_page_has_the_scores_and_mistakes_and_nothing_of_a_stranger_runs(graded):
    root, results = graded
    assert "report.html" in grader("report", cwd=root)
    page = (root / "report.html").read_text(encoding="utf-8")
    assert STRANGER not in page and "&lt;script&gt;alert(1)&lt;" in page
    rows = re.findall(r'<th scope="row">([^<]*)</th><td class="number"><a href="([^"]*)">([^<]*)</a>', page)
    shown = {unescape(student): float(score) for student, _, score in rows}
    assert shown == {item["student"]: pytest.approx(score(item), abs=0.01) for item in results}
    assert "feedback/%3Cscript%3Ealert%281%29%3C/numbers.html" in {link for _, link, _ in rows}
    squared = next(row for row in page.split("<tr>") if "You squared." in row)
    made = sum("squared" in exercise["mistakes"] for item in results for exercise in item["exercises"])
    assert made >= 2 and f'<td class="number">{made}</td>' in squared and "squares" in squared
    assert "Images are doubled too." in page and "(hidden)" in page


def test_the_numbers_come_as_json_and_no_page_is_written(graded):
    root, results = graded
    (root / "report.html").unlink(missing_ok=True)
    found = json.loads(grader("report", "submitted", "--json", "--lesson", "numbers", cwd=root))
    (lesson,) = found["lessons"]
    assert lesson["scores"] == {item["student"]: score(item) for item in results}
    assert not (root / "report.html").exists()
    assert "There is no lesson called nombers" in grader("report", "--lesson", "nombers", cwd=root, expect=2)


def test_whoever_is_not_graded_yet_is_named(graded):
    root, _ = graded
    (root / "submitted" / "late comer").mkdir()
    try:
        assert json.loads(grader("report", "--json", cwd=root))["without_results"] == ["late comer"]
    finally:
        (root / "submitted" / "late comer").rmdir()


def test_a_score_by_hand_is_the_one_that_is_shown_and_links_lead_to_the_feedback(graded):
    root, results = graded
    with closing(sqlite3.connect(root / "gradebook.db")) as book, book:
        of_one = (
            "notebook_id IN (SELECT submitted_notebook.id FROM submitted_notebook JOIN submitted_assignment "
            "ON submitted_notebook.assignment_id = submitted_assignment.id WHERE student_id = 'squares')"
        )
        book.execute(f"UPDATE grade SET manual_score = 10 WHERE {of_one}")
    grader("report", "--out", "pages/class.html", cwd=root)
    page = (root / "pages" / "class.html").read_text(encoding="utf-8")
    links = dict(re.findall(r'<a href="([^"]*)">([^<]*)</a>', page))
    assert links["../feedback/squares/numbers.html"] == "20"
    assert len(links) == len(results) and all((root / "pages" / unquote(link)).is_file() for link in links)


def score(result):
    return sum(verdict["points"] for each in result["exercises"] for verdict in each["verdicts"] if verdict["passed"])
