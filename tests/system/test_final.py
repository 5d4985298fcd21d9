"""One final grade: late penalties, and what is given by hand, are the same in the gradebook and in all that is told."""

import csv
import html
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from support.classroom import Classroom, course_on_disk

from grader.sandbox import doctor

api = pytest.importorskip("nbgrader.api", reason="nbgrader, which instructors install, is not here")
if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
LESSON = "numbers"
RIGHT = "\n\n# %%\n".join(Classroom.right)
POINTS = {"double": 4.0, "total": 2.0}
LATE, EARLY = "2026-02-03 10:00:00 UTC", "2026-01-31 10:00:00 UTC"
CONFIG = """from grader.integrations.nbgrader import configure
c = get_config()
configure(c)
c.CourseDirectory.course_id = "numbers"
c.AssignLatePenalties.plugin_class = "our_rules.OneADay"
"""
PLUGIN = """from nbgrader.plugins import BasePlugin
class OneADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86_400
"""


def run(root, program, *words, expect=0):
    """One of the two programs in a course's folder; what it said."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "JUPYTER_PREFER_ENV_PATH": "1", "COLUMNS": "200"}
    done = subprocess.run([BIN / program, *words], cwd=root, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


@contextmanager
def opened(root):
    with api.Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        yield book


def kept(root):
    """What the gradebook says of hand-ins, row ids aside."""
    queries = (
        "SELECT student_id, timestamp, late_submission_penalty FROM submitted_assignment a"
        " JOIN submitted_notebook n ON n.assignment_id = a.id",
        "SELECT s.student_id, c.name, auto_score, manual_score, extra_credit FROM grade g"
        " JOIN base_cell c ON c.id = cell_id JOIN submitted_notebook n ON n.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = n.assignment_id",
    )
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        return [sorted(database.execute(query).fetchall(), key=repr) for query in queries]


def penalties(root):
    return {student: penalty for student, _, penalty in kept(root)[0]}


def graded(root, *options, expect=0):
    """The results of the class, by student."""
    run(root, "grader", "autograde", "--report", f"csv={root}/class.csv", "--report", f"junit={root}/class.xml", *options,
        expect=expect)  # fmt: skip
    return {path.parent.name: json.loads(path.read_text()) for path in root.glob(".grader/results/*/*.json")}


def page(root, student):
    return html.unescape((root / "feedback" / student / f"{LESSON}.html").read_text(encoding="utf-8"))


def points(root, student):
    """What the rows of a student in the spreadsheet add up to."""
    with open(root / "class.csv", encoding="utf-8-sig", newline="") as table:
        return sum(float(row["points"]) for row in csv.DictReader(table) if row["student"] == student)


def moment(root, student, written):
    (root / "submitted" / student / LESSON / "timestamp.txt").write_bytes(written)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose class is graded, and then has a due date: ada is late by two days, bob is not, eve has no time."""
    root = tmp_path_factory.mktemp("final") / "course"
    course_on_disk(root)
    for student, text in {"ada": RIGHT, "bob": RIGHT.replace("sum(1)", "sum(0)"), "eve": RIGHT}.items():
        (root / "submitted" / student / LESSON).mkdir(parents=True)
        (root / "submitted" / student / LESSON / f"{LESSON}.py").write_text(text)
    moment(root, "ada", b"\xef\xbb\xbf" + LATE.encode())
    moment(root, "bob", EARLY.encode())
    graded(root)
    (root / "nbgrader_config.py").write_text(CONFIG)
    (root / "our_rules.py").write_text(PLUGIN)
    with opened(root) as book:
        book.update_or_create_assignment(LESSON, duedate="2026-02-01 10:00:00 UTC")
    return root


@pytest.fixture
def copied(course, tmp_path):
    return Path(shutil.copytree(course, tmp_path / "course"))


def test_both_commands_assign_the_same_late_penalties_and_tell_them(course, tmp_path):
    theirs = Path(shutil.copytree(course, tmp_path / "theirs"))
    ours = Path(shutil.copytree(course, tmp_path / "ours"))
    results = graded(ours)
    run(theirs, "nbgrader", "autograde", LESSON)
    assert kept(ours) == kept(theirs)
    assert penalties(ours) == {"ada": 2.0, "bob": None, "eve": None}
    assert results["ada"]["penalty"] == 2 and points(ours, "ada") == sum(POINTS.values()) - 2
    for root in (ours, theirs):
        assert f"{sum(POINTS.values()) - 2:g} of 6 points" in page(root, "ada")
        assert "Late penalty: 2." in page(root, "ada") and "late" not in page(root, "bob")


def test_a_new_time_reaches_result_gradebook_and_penalty_without_running_the_code_again(copied):
    before = graded(copied)["ada"]
    moment(copied, "ada", EARLY.encode())
    after = graded(copied)["ada"]
    assert after["graded"] == before["graded"] and after["handed_in"] == "2026-01-31T10:00:00"
    assert penalties(copied)["ada"] is None and after["penalty"] == 0
    assert "2026-01-31 10:00:00" in page(copied, "ada") and "late" not in page(copied, "ada")


def test_after_the_lesson_has_changed_a_penalty_is_computed_from_the_new_score(copied):
    (copied / "our_rules.py").write_text(PLUGIN.replace("total_seconds_late / 86_400", "score"))
    graded(copied)
    assert penalties(copied)["ada"] == 6
    checks = copied / "solutions" / LESSON / "checks.py"
    checks.write_text(checks.read_text().replace("total.check(points=2)", "total.check(points=3)"))
    graded(copied)
    assert penalties(copied)["ada"] == 7 and points(copied, "ada") == 0


def test_a_score_and_a_comment_by_hand_are_told_everywhere_with_what_the_checks_gave(copied):
    with opened(copied) as book:
        book.find_grade("check_total", LESSON, LESSON, "bob").manual_score = 1.5
        book.find_grade("check_double", LESSON, LESSON, "bob").extra_credit = 0.25
        book.find_comment("total", LESSON, LESSON, "bob").manual_comment = "Nearly <there>."
        book.db.commit()
    others = {student: (copied / "feedback" / student / f"{LESSON}.html").stat().st_mtime_ns for student in ("ada", "eve")}
    said = run(copied, "grader", "autograde", "--report", f"csv={copied}/class.csv")
    assert "* bob: The automatic checks gave 4 of 6." in said and "5.75*" in said
    assert points(copied, "bob") == 5.75
    for words in ("5.75 of 6 points", "The automatic checks gave 4 of 6.", "From your instructor: Nearly <there>."):
        assert words in page(copied, "bob")
    assert (copied / "feedback" / "eve" / f"{LESSON}.html").stat().st_mtime_ns == others["eve"]
    results = json.loads(subprocess.run([BIN / "grader", "autograde", "--json"], cwd=copied, capture_output=True).stdout)
    (bob,) = [item for item in results if item["student"] == "bob"]
    assert [each["final"] for each in bob["exercises"]] == [4.25, 1.5]


def test_reports_are_written_even_if_the_gradebook_cannot_be(copied):
    with closing(sqlite3.connect(copied / "gradebook.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        (copied / "class.csv").unlink()
        assert set(graded(copied, expect=1)) == {"ada", "bob", "eve"}
    assert points(copied, "eve") == 6 and (copied / "class.xml").is_file()


def test_a_plugin_that_fails_is_told_in_a_sentence_and_all_else_is_recorded(copied):
    (copied / "our_rules.py").write_text("import no_such_module\n")
    said = run(copied, "grader", "autograde", expect=1)
    assert "Late penalties were not assigned" in said and "nbgrader_config.py" in said
    assert penalties(copied) == {"ada": None, "bob": None, "eve": None}


def test_a_time_zone_that_is_not_known_is_told(copied):
    moment(copied, "ada", b"2026-02-03 10:00:00 PST")
    assert any("uses the unknown time zone PST" in note for note in graded(copied)["ada"]["notes"])
