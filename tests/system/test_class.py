"""A class of 24, end to end: the command line, the sandbox, the gradebook and the feedback files."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest
from support.browser import CHROMIUM, FLAGS, SHOTS, barriers, needs_chromium, shoot
from support.command import grader

from grader.author import simulate
from grader.classroom import gradebook
from grader.files import course

ROOT = Path(__file__).resolve().parents[2]

# What each hand-in of the class that `make grade` makes has to earn, written down by hand: exercise by exercise, in the
# order of the lesson, with what it is beside it.
CONVOLUTION = {
    "student-001": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 1.25),  # the reference, as a notebook
    "student-002": (1.5, 1.25, 1.25, 1.75, 0.75, 0, 1.25),  # bias_left_out
    "student-003": (1.5, 1.25, 1.25, 1.75, 0, 0.75, 1.25),  # bias_expected_to_be_added, ModuleNotInitialised
    "student 004": (1.5, 1.25, 1.25, 0, 0, 0, 0),  # the first half
    "student-005": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 0.5),  # rounded_to_the_nearest
    "student-006": (1.5, 1.25, 1.25, 1.75, 0, 0, 1.25),  # SamplesMixed, weight_squeezed
    "学生-007": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 1.25),  # the reference, as a .py
    "student-008": (0, 0, 0, 0, 0, 0, 0),  # the stubs
    "student-009": (0, 0, 0, 1.75, 0.75, 2.25, 1.25),  # one_place_too_few
    "student-010": (1.5, 0, 0, 1.75, 0.75, 2.25, 1.25),  # only_the_first_channel
    "student-011": (1.5, 1.25, 1.25, 1.75, 0.75, 0, 1.25),  # height_and_width_swapped
    "student-012": (1.5, 1.25, 1.25, 1.75, 0.75, 0, 1.25),  # channels_left_last
    "student 013": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 1.25),  # right, and one cell loops for ever
    "student-014": (0, 0, 0, 0, 0, 0, 0),  # not JSON
    "student-015": (0, 0, 0, 1.75, 0.75, 2.25, 1.25),  # a syntax error in corr2d, which two others use
    "学生-016": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 1.25),  # right, and one cell ends the process
    "student-017": (0, 0, 0, 0, 0, 0, 0),  # an empty folder
    "student-018": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 1.25),  # right, with magics and shell lines
    "student-019": (0, 0, 0, 0, 0, 0, 0),  # a notebook of another language
    "student-020": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 1.25),  # right, and one cell raises
    "student-021": (1.5, 1.25, 1.25, 1.75, 0.75, 2.25, 1.25),  # the reference
    "student 022": (1.5, 1.25, 1.25, 1.75, 0.75, 0.75, 1.25),  # one_stride_for_both
    "student-023": (0, 0, 0, 1.75, 0, 2.25, 1.25),  # window_lies_on_its_side, ModuleNotInitialised
    "student-024": (1.5, 1.25, 1.25, 0, 0, 0, 0),  # the first half
}
TRAINING = {
    "student-001": (0, 1, 0.25, 0, 0.5, 1.5),  # comparison_turned_round, rate_of_pytorch
    "student-002": (2.5, 1, 2, 1, 2, 1.5),  # the reference, as a .py
    "student-003": (0, 0, 0, 0, 0, 0),  # the stubs
    "student 004": (2.5, 1, 2, 1, 2, 0),  # share_of_wrong_guesses
    "student-005": (2.5, 1, 2, 1, 0.5, 0),  # batches_taken_as_full, results_not_returned
    "student-006": (0.5, 1, 0.25, 1, 0.5, 1.5),  # all_numbers_alike
    "学生-007": (0.5, 1, 0.25, 1, 0.5, 1.5),  # parameters_scaled
    "student-008": (2.5, 1, 2, 1, 2, 1.5),  # right, and one cell loops for ever
    "student-009": (0, 0, 0, 0, 0, 0),  # not JSON
    "student-010": (0, 1, 0, 1, 0, 1.5),  # a syntax error in grad_clipping, which the steps use
    "student-011": (2.5, 1, 2, 1, 2, 1.5),  # right, and one cell ends the process
    "student-012": (0, 0, 0, 0, 0, 0),  # an empty folder
    "student 013": (2.5, 1, 2, 1, 2, 1.5),  # right, with magics and shell lines
    "student-014": (0, 0, 0, 0, 0, 0),  # a notebook of another language
    "student-015": (2.5, 1, 2, 1, 2, 1.5),  # right, and one cell raises
    "学生-016": (2.5, 1, 2, 1, 2, 1.5),  # the reference, as a notebook
    "student-017": (2.5, 1, 2, 1, 0.5, 1.5),  # epoch_without_clipping
    "student-018": (2.25, 1, 2, 1, 0.5, 1.5),  # made_where_pytorch_likes, accuracies_of_batches_averaged
    "student-019": (2.5, 1, 2, 0, 0, 0),  # the first half
    "student-020": (2.5, 0, 2, 1, 2, 1.5),  # divided_by_the_numbers
    "student-021": (2.5, 1, 0.25, 0.75, 2, 1.5),  # clipped_by_value, key_error_for_other_names
    "student 022": (2.5, 1, 2, 1, 2, 1.5),  # the reference, as a .py
    "student-023": (0, 0, 0, 0, 0, 0),  # the stubs
    "student-024": (0.5, 1, 0.25, 1, 0.5, 1.5),  # each_number_on_its_own
}
EXPECTED = {"convolution": CONVOLUTION, "training": TRAINING}
SIMULATE = "--students", 24, "--seed", 1, "--lesson", "convolution", "--lesson", "training"


run = partial(grader, cwd=ROOT)


def points(results):
    """Student and lesson → what each exercise earned."""
    return {
        (item["student"], item["lesson"]): tuple(
            sum(verdict["points"] for verdict in each["verdicts"] if verdict["passed"]) for each in item["exercises"]
        )
        for item in results
    }


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    run("simulate", folder, *SIMULATE)
    return folder


@pytest.fixture(scope="module")
def results(room):
    return json.loads(run("autograde", room / "submitted", "--workers", 2, "--json"))


@pytest.mark.parametrize("lesson", EXPECTED)
def test_every_student_earns_what_was_written_down_by_hand(results, lesson):
    got = {student: each for (student, name), each in points(results).items() if name == lesson}
    assert got == EXPECTED[lesson]


def test_the_gradebook_holds_the_same_scores(room, results):
    recorded = gradebook.scores(room / "gradebook.db")
    for item in results:
        for each, score in zip(item["exercises"], points([item])[item["student"], item["lesson"]], strict=True):
            assert recorded[item["student"], item["lesson"], each["exercise"]] == score


def test_every_hand_in_has_a_feedback_page_that_stands_alone(room, results):
    for item in results:
        page = (room / "feedback" / item["student"] / f"{item['lesson']}.html").read_text()
        assert item["student"] in page and "<link" not in page and "<script" not in page and "src=" not in page


def test_a_hidden_check_shows_its_name_and_verdict_and_nothing_else(results):
    hidden = [verdict for item in results for each in item["exercises"] for verdict in each["verdicts"] if verdict["hidden"]]
    assert hidden
    for verdict in hidden:
        assert verdict.get("message", "") in ("", "A hidden check failed.")
        assert not verdict.get("shown") and not verdict.get("where") and not verdict.get("advice")


def test_the_table_names_the_commonest_mistakes_and_where_everything_lies(room, results):
    page = run("autograde", room / "submitted")
    assert "The commonest mistakes in training" in page and "ModuleNotInitialised" in page
    assert "48 of 48 hand-ins were graded before" in page.replace("\n", " ")
    assert str(room / "gradebook.db") in page and "feedback" in page


@pytest.mark.slow
def test_one_worker_or_two_a_second_secret_and_another_order_give_the_same_scores(room, results, tmp_path):
    (tmp_path / "submitted").symlink_to(room / "submitted")
    again = json.loads(run("autograde", tmp_path / "submitted", "--workers", 1, "--lesson", "convolution", "--json"))
    assert points(again) == points([item for item in results if item["lesson"] == "convolution"])
    assert (tmp_path / ".grader" / "secret").read_text() != (room / ".grader" / "secret").read_text()


def in_chinese(folder):
    """Make a hand-in one of the Chinese release, as its first marker and its first cell say."""
    script, notebook = folder / f"{folder.name}.py", folder / f"{folder.name}.ipynb"
    release = ROOT / "exercises_zh_CN" / folder.name
    if script.is_file():
        script.write_text('# %% [markdown] lang="zh-CN"\n# 我的答案\n\n' + script.read_text())
        return True
    with suppress(OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        pages = json.loads(notebook.read_text())
        first = json.loads((release / notebook.name).read_text())["cells"]
        pages["cells"] = [next(cell for cell in first if cell["cell_type"] == "code"), *pages["cells"]]
        notebook.write_text(json.dumps(pages))
        return True
    return False


@pytest.mark.slow
def test_a_class_that_hands_in_both_languages_has_the_same_scores_and_each_reads_its_own(room, tmp_path):
    submitted = shutil.copytree(room / "submitted", tmp_path / "submitted")
    chinese = {folder.parent.name for folder in sorted(submitted.glob("*/convolution"))[::2] if in_chinese(folder)}
    got = json.loads(run("autograde", submitted, "--lesson", "convolution", "--json"))
    assert {student: each for (student, _), each in points(got).items()} == CONVOLUTION
    read = {item["student"]: (tmp_path / "feedback" / item["student"] / "convolution.html").read_text() for item in got}
    assert len(chinese) > 8
    assert {student for student, page in read.items() if '<html lang="zh-CN"' in page} == chinese


@pytest.mark.slow
def test_the_textbooks_answers_earn_full_marks_in_the_chinese_release(tmp_path):
    for answers in (ROOT / "tests" / "submissions" / "textbook").glob("*.py"):
        written = re.sub(r"(?m)^(def|class) ", r"# 书上的写法：先看形状，再计算\n\1 ", answers.read_text())
        folder = tmp_path / "submitted" / "学生" / answers.stem
        folder.mkdir(parents=True)
        given = (ROOT / "exercises_zh_CN" / answers.stem / answers.name).read_text()
        (folder / answers.name).write_text(f"{given}\n# %%\n# 我的答案\n{written}")
    found = json.loads(run("autograde", tmp_path / "submitted", "--json"))
    assert len(found) == 7
    assert [
        (item["lesson"], each["exercise"]) for item in found for each in item["exercises"] if each["state"] != "right"
    ] == []


def test_threads_that_read_their_first_message_at_once_do_not_crash_python():
    """msgspec 0.22 takes a type apart when it first meets it, and a second thread in the middle of that is a segfault."""
    program = (
        "import sys, threading\nfrom pathlib import Path\nfrom grader.classroom import grade\n"
        "from grader.judge.key import load_key\ngrade._learn_types()\n"
        "sys.setswitchinterval(1e-6)\nstart = threading.Barrier(4)\n"
        "def read():\n    start.wait()\n    load_key(Path('exercises/convolution'))\n"
        "threads = [threading.Thread(target=read) for _ in range(4)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()"
    )
    for _ in range(4):
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_a_notebook_and_a_script_of_the_same_code_earn_the_same(tmp_path):
    author = simulate.Author(course.find(ROOT).files("convolution"))
    for name, (exercise, text) in list(author.wrong.items())[::15]:
        for suffix in (".py", ".ipynb"):
            folder = tmp_path / "submitted" / f"{name}{suffix}" / "convolution"
            folder.mkdir(parents=True)
            author.write(folder, author.right | {exercise: text}, suffix)
    got = points(json.loads(run("autograde", tmp_path / "submitted", "--workers", 2, "--json")))
    assert len(got) >= 8
    for (student, lesson), earned in got.items():
        assert earned == got[student.replace(".py", ".ipynb"), lesson], student


def test_expectations_are_made_once_and_again_where_what_is_kept_is_damaged(room, results):
    kept = room / ".grader" / "expectations" / "convolution"
    made = {file: file.stat().st_mtime_ns for file in kept.rglob("*.*")}
    assert made and all(file.stat().st_mode & 0o077 == 0 for file in made)
    run("autograde", room / "submitted", "--force", "--student", "student-00*", "--lesson", "convolution")
    assert {file: file.stat().st_mtime_ns for file in kept.rglob("*.*")} == made
    for file in made:
        file.write_bytes(file.read_bytes()[:100])
    again = run("autograde", room / "submitted", "--force", "--student", "student-00*", "--lesson", "convolution", "--json")
    earned = points(results)
    assert points(json.loads(again)).items() <= earned.items()
    assert any(file.stat().st_mtime_ns != made[file] for file in made)


def test_equal_code_on_the_same_inputs_is_run_once_and_each_has_its_own_result(tmp_path):
    author = simulate.Author(course.find(ROOT).files("tensors"))
    exercise, text = next(iter(author.wrong.values()))
    for number in range(10):
        folder = tmp_path / "submitted" / f"student-{number}" / "tensors"
        folder.mkdir(parents=True)
        author.write(folder, author.right | {exercise: text}, ".py")
    page = run("autograde", tmp_path / "submitted", "--workers", 1)
    shared = re.search(r"the same inputs: (\d+) of 10 hand-ins", " ".join(page.split()))
    assert shared and 2 <= int(shared[1]) < 10
    known = json.loads(run("autograde", tmp_path / "submitted", "--json"))
    assert [item["student"] for item in known] == [f"student-{number}" for number in range(10)]
    assert len(set(points(known).values())) == 1
    (code,) = {item["code"] for item in known}
    assert code, "what the report's groups of equal code are made of"
    for number in range(10):
        assert f"student-{number}" in (tmp_path / "feedback" / f"student-{number}" / "tensors.html").read_text()
    each = json.loads(run("autograde", tmp_path / "submitted", "--workers", 2, "--force", "--json"))
    for item in (*each, *known):
        del item["graded"]  # when
    assert each == known
    assert "equal code" not in run("autograde", tmp_path / "submitted", "--force", "--student", "student-0")


def test_a_grade_given_by_hand_outlives_grading_again(room, results):
    database = room / "gradebook.db"
    with sqlite3.connect(database) as connection:
        (grade,) = connection.execute(
            "select grade.id from grade join submitted_notebook sn on grade.notebook_id = sn.id "
            "join submitted_assignment sa on sn.assignment_id = sa.id join base_cell on grade.cell_id = base_cell.id "
            "where sa.student_id = 'student-001' and base_cell.name = 'check_corr2d'"
        ).fetchone()
        connection.execute("update grade set manual_score = 2.25 where id = ?", (grade,))
    run("autograde", room / "submitted", "--student", "student-001", "--force")
    assert gradebook.scores(database)["student-001", "convolution", "corr2d"] == 2.25
    with sqlite3.connect(database) as connection:
        connection.execute("update grade set manual_score = null where id = ?", (grade,))


def test_a_class_in_which_nothing_has_changed_is_told_again_and_neither_run_nor_recorded(room, results):
    run("autograde", room / "submitted")
    book = gradebook_of(room)
    again = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "grader", "autograde", room / "submitted"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "48 of 48 hand-ins were graded before and have not changed" in again.stdout.replace("\n", " ")
    imported = {line.rpartition("|")[2].strip() for line in again.stderr.splitlines() if line.startswith("import time:")}
    assert "grader.classroom.grade" in imported and not {"nbgrader", "sqlalchemy", "torch"} & imported
    assert gradebook_of(room) == book


def gradebook_of(room):
    return (room / "gradebook.db").read_bytes()


def test_whatever_changes_in_a_class_is_seen_by_the_next_run(tmp_path):
    run("simulate", tmp_path, "--students", 3, "--seed", 2, "--lesson", "tensors")
    graded = partial(run, "autograde", tmp_path / "submitted", "--lesson", "tensors", "--json")

    def told():
        return {item["student"]: item for item in json.loads(graded())}

    first = told()
    one, other, third = sorted(first)
    answer = next(path for path in (tmp_path / "submitted" / one / "tensors").iterdir() if path.suffix in (".py", ".ipynb"))
    before = answer.stat()
    answer.write_text(answer.read_text("utf-8").replace("import torch", "import tOrch"), "utf-8")
    os.utime(answer, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a copy that keeps times
    (tmp_path / "submitted" / other / "tensors" / "timestamp.txt").write_text("2026-03-01 10:00:00 UTC")
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as book, book:
        book.execute("update student set first_name = 'Ada', last_name = 'Lovelace' where id = ?", [third])
    second = told()
    assert second[one]["graded"] >= first[one]["graded"] and second[one]["stamp"] != first[one]["stamp"]
    assert second[other]["handed_in"].startswith("2026-03-01T10:00") and second[other]["stamp"] == first[other]["stamp"]
    assert second[third]["person"]["first"] == "Ada"
    (tmp_path / "gradebook.db").unlink()
    assert told()[third]["person"]["first"] == "" and (tmp_path / "gradebook.db").is_file()
    shutil.copytree(tmp_path / "submitted" / one, tmp_path / "submitted" / "new")
    assert told().keys() == {*first, "new"}
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as book:
        assert ("new",) in book.execute("select id from student").fetchall()


def test_the_same_seed_makes_the_same_class(room, tmp_path):
    run("simulate", tmp_path, *SIMULATE)
    files = sorted(item.relative_to(room) for item in (room / "submitted").rglob("*") if item.is_file())
    assert files == sorted(item.relative_to(tmp_path) for item in (tmp_path / "submitted").rglob("*") if item.is_file())
    assert all((room / item).read_bytes() == (tmp_path / item).read_bytes() for item in files)


def test_a_class_that_is_there_is_not_overwritten(room):
    run("simulate", room, expect=2)


@pytest.fixture(scope="module")
def browser():
    driven = pytest.importorskip("playwright.sync_api", reason="playwright, which drives the browser, is not installed")
    with driven.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everyone_can_read_the_report_and_the_feedback(room, results, browser, theme):
    run("report", room / "submitted")
    page = browser.new_page(color_scheme=theme, viewport={"width": 1200, "height": 1000})
    for name, path in (("report", room / "report.html"), ("feedback", room / "feedback/student-010/convolution.html")):
        page.goto(path.as_uri())
        assert not barriers(page)
        shoot(page, f"{name}-{theme}")
    page.close()


@pytest.mark.slow
@needs_chromium
def test_the_report_and_the_feedback_fit_a_phone(room, results, browser):
    run("report", room / "submitted")
    page = browser.new_page(viewport={"width": 375, "height": 800})
    for name, path in (("report", room / "report.html"), ("feedback", room / "feedback/student-010/convolution.html")):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 375 and not barriers(page)
        shoot(page, f"{name}-phone", full_page=True)
    page.close()


@pytest.mark.slow
@needs_chromium
def test_the_report_is_sorted_filtered_and_printed(room, results, browser):
    run("report", room / "submitted")
    page = browser.new_page()
    page.goto((room / "report.html").as_uri())
    rows = page.locator("table.sortable tbody tr")
    students = "rows => rows.map(row => row.cells[0].textContent)"
    numbers = "rows => rows.map(row => parseFloat(row.cells[1].textContent))"
    assert rows.evaluate_all(students) == sorted({item["student"] for item in results})
    training = page.locator("table.sortable thead th").nth(1)
    for order in ("ascending", "descending"):
        training.get_by_role("button").click()
        assert training.get_attribute("aria-sort") == order
        scores = rows.evaluate_all(numbers)
        assert scores == sorted(scores, reverse=order == "descending") and scores[0] != scores[-1]
    page.get_by_label("Only rows that contain").fill("Student-01")
    shown = [student for student in rows.evaluate_all(students) if "student-01" in student]
    assert rows.locator("visible=true").evaluate_all(students) == shown and 0 < len(shown) < len(EXPECTED["training"])
    page.get_by_label("Only rows that contain").fill("")
    assert rows.locator("visible=true").count() == rows.count()
    page.emulate_media(media="print")
    assert not page.get_by_label("Only rows that contain").is_visible()
    page.pdf(path=SHOTS / "report.pdf")
    assert (SHOTS / "report.pdf").read_bytes().startswith(b"%PDF")
    page.close()
