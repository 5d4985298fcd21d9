"""nbgrader's own commands on a course of this kit: the same grades as `grader autograde`, whatever is handed in."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import nbformat
import pytest
from nbgrader import api, apps, converters
from test_gradebook import everything
from traitlets.config import Config

from grader.author.release import solved
from grader.classroom import gradebook
from grader.files import source
from grader.files.course import find
from grader.files.hidden import cut
from grader.integrations.nbgrader import converter
from grader.integrations.nbgrader.config import configure, publish

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LESSON = "convolution"
ODD = "[abc] {x} 50%"
POINTS = {
    "corr2d": 1.5, "corr2d_multi_in": 1.25, "corr2d_multi_in_out": 1.25, "corr2d_multi_in_out_1x1": 1.75,
    "FlattenLayer": 0.75, "conv1x1_as_linear": 2.25, "conv_output_size": 1.25,
}  # fmt: skip


def run(course, program, *words, expect=0):
    """One of the two programs in a course's folder; what it said."""
    done = subprocess.run(
        [BIN / program, *map(str, words)], cwd=course, capture_output=True, text=True, check=False,
        env=os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "JUPYTER_PREFER_ENV_PATH": "1"},
    )  # fmt: skip
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def new_course(folder):
    """A course of one lesson, as an instructor's folder for nbgrader."""
    for part in ("solutions", "exercises"):
        shutil.copytree(ROOT / part / LESSON, folder / part / LESSON)
    (folder / "img").symlink_to(ROOT / "img")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    with open(folder / "nbgrader_config.py", "a") as config:
        config.write(f"c = get_config()\nc.CourseDirectory.course_id = 'ptorch'\nc.Exchange.root = {str(exchange)!r}\n")
        config.write(f"c.Exchange.cache = {str(folder / 'cache')!r}\n")
    return folder


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return new_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def said(course):
    """What the class of 24 was graded with, and what nbgrader said."""
    run(course, "grader", "simulate", ".", "--students", 24, "--seed", 1, "--lesson", LESSON)
    graded = run(course, "nbgrader", "autograde", LESSON)
    run(course, "nbgrader", "generate_feedback", LESSON)
    return graded


def released():
    return nbformat.read(ROOT / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)


def right():
    """The released notebook with every reference written in."""
    made = released()
    answers = {cell.exercise: solved(cell) for cell in source.read(ROOT / "solutions" / LESSON).cells if cell.exercise}
    for cell in made.cells:
        if (name := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
            cell.source = answers[name]
    return made


def hand_in(course, student, notebook):
    folder = course / "submitted" / student / LESSON
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").write_text(nbformat.writes(notebook) if not isinstance(notebook, str) else notebook)
    return folder


def earned(course, student):
    """What a student's exercises earned, as the gradebook has it."""
    scores = gradebook.scores(course / "gradebook.db")
    return {exercise: score for (who, _, exercise), score in scores.items() if who == student}


@contextmanager
def opened(course):
    with api.Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        yield book


# One truth


@pytest.mark.slow
def test_nbgrader_and_grader_write_the_same_gradebook_row_by_row(course, said, tmp_path):
    other = new_course(tmp_path / "other")
    shutil.copytree(course / "submitted", other / "submitted")
    (other / ".grader").mkdir()
    shutil.copy(course / ".grader" / "secret", other / ".grader")  # the same inputs, so the same numbers in the comments
    run(other, "grader", "autograde", "--workers", 2)
    ours, theirs = everything(other / "gradebook.db"), everything(course / "gradebook.db")
    assert sum(map(len, theirs)) > 24 * 2 * len(POINTS)
    assert ours == theirs


def test_every_student_has_an_autograded_notebook_and_a_page_of_feedback(course, said):
    for student in os.listdir(course / "submitted"):
        made = nbformat.read(course / "autograded" / student / LESSON / f"{LESSON}.ipynb", as_version=4)
        nbformat.validate(made)
        names = [cell.metadata.nbgrader.grade_id for cell in made.cells if "nbgrader" in cell.metadata]
        assert sorted(names) == sorted([*POINTS, *(f"check_{name}" for name in POINTS)])
        page = (course / "feedback" / student / LESSON / f"{LESSON}.html").read_text()
        assert "corr2d_multi_in_out_1x1" in page


def test_the_feedback_of_nbgrader_is_that_of_the_notebook_and_shows_nothing_of_a_hidden_check(course, said):
    page = (course / "feedback" / "student-010" / LESSON / f"{LESSON}.html").read_text()
    assert "Only the first channel is in your result" in page
    assert "≠" in page and "not right yet" in page
    hidden = cut((ROOT / "solutions" / LESSON / "checks.py").read_text()).pieces
    code = [line.strip() for line in "\n".join(hidden).splitlines() if line.strip().startswith(("def", '"""'))]
    assert code
    assert not [line for line in code if line in page]


def test_export_gives_every_student_a_row(course, said):
    run(course, "nbgrader", "export")
    assert len((course / "grades.csv").read_text().splitlines()) == 25


# What an instructor does


def test_the_assignment_that_nbgrader_generates_is_the_release_byte_for_byte_in_both_languages(course, said, monkeypatch):
    run(course, "grader", "release")
    for spoken, suffix in ("en", ""), ("zh_CN", "_zh_CN"):
        release = course / f"exercises{suffix}" / LESSON
        before = {item.name: item.read_bytes() for item in release.iterdir()}
        monkeypatch.setenv("GRADER_LANG", spoken)
        folders = f"source_directory=build/source{suffix}", f"release_directory=exercises{suffix}"
        run(course, "nbgrader", "generate_assignment", LESSON, "--force", *(f"--CourseDirectory.{each}" for each in folders))
        assert before == {item.name: item.read_bytes() for item in release.iterdir()}
        solution = json.dumps("### BEGIN SOLUTION")[1:-1]
        assert solution in (course / "build" / f"source{suffix}" / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")
        assert not any(solution.encode() in data for data in before.values())
    assert "# 在这里写你的代码。" in before[f"{LESSON}.py"].decode()


def test_an_assignment_is_registered_by_grader_release_alone(tmp_path):
    fresh = new_course(tmp_path)
    built = {item.name: item.read_bytes() for item in (fresh / "exercises" / LESSON).iterdir()}
    publish(find(fresh), LESSON, built)
    with opened(fresh) as book:
        assignment = book.find_assignment(LESSON)
        assert assignment.max_score == sum(POINTS.values())
        cells = {cell.name: cell for cell in assignment.notebooks[0].source_cells}
    assert cells["check_corr2d"].locked and cells["import_check"].locked and not cells["corr2d"].locked
    assert cells["check_corr2d"].source == 'check("corr2d")'


@pytest.mark.slow
def test_a_lesson_is_released_submitted_collected_and_its_feedback_returned(tmp_path):
    course = new_course(tmp_path / "course")
    run(course, "nbgrader", "--version")
    run(course, "grader", "release")
    run(course, "nbgrader", "release_assignment", LESSON)
    assert f"ptorch {LESSON}" in run(course, "nbgrader", "list")
    student = tmp_path / "student"
    student.mkdir()
    shutil.copy(course / "nbgrader_config.py", student)
    run(student, "nbgrader", "fetch_assignment", LESSON)
    (student / LESSON / f"{LESSON}.ipynb").write_text(nbformat.writes(right()))
    run(student, "nbgrader", "submit", LESSON)
    run(course, "nbgrader", "collect", LESSON)
    (who,) = os.listdir(course / "submitted")
    assert (course / "submitted" / who / LESSON / "timestamp.txt").is_file()
    run(course, "nbgrader", "autograde", LESSON)
    assert earned(course, who) == POINTS
    with opened(course) as book:
        written = (course / "submitted" / who / LESSON / "timestamp.txt").read_text()
        assert book.find_submission(LESSON, who).timestamp == gradebook.when(written)
    run(course, "nbgrader", "generate_feedback", LESSON)
    run(course, "nbgrader", "release_feedback", LESSON)
    run(student, "nbgrader", "fetch_feedback", LESSON)
    assert list((student / LESSON / "feedback").rglob(f"{LESSON}.html"))


def test_zip_collect_takes_what_a_learning_platform_gives(changed):
    assert earned(changed, "grace") == earned(changed, "heidi") == POINTS
    with opened(changed) as book:
        assert str(book.find_submission(LESSON, "grace").timestamp) == "2026-01-30 10:00:00"


def test_a_student_whose_name_looks_like_a_pattern_is_graded_and_gets_feedback(changed):
    assert earned(changed, ODD) == POINTS
    run(changed, "nbgrader", "generate_feedback", LESSON, "--student", ODD)
    assert "corr2d" in (changed / "feedback" / ODD / LESSON / f"{LESSON}.html").read_text()


def test_nobody_is_lost_whose_folder_has_another_name_or_is_empty(changed):
    assert earned(changed, "ivan") == POINTS
    assert earned(changed, "judy") == dict.fromkeys(POINTS, 0.0)
    assert earned(changed, "__MACOSX") == {}


def test_a_time_that_cannot_be_read_stops_no_second_run(changed):
    written = changed / "submitted" / "mallory" / LESSON / "timestamp.txt"
    for time in "last Tuesday", "\ufeff2026-01-30 10:00:00 UTC":
        written.write_text(time, encoding="utf-8")
        run(changed, "nbgrader", "autograde", LESSON, "--student", "mallory")
    with opened(changed) as book:
        assert str(book.find_submission(LESSON, "mallory").timestamp) == "2026-01-30 10:00:00"


def test_a_comment_and_a_grade_by_hand_outlive_grading_again_and_late_penalties_apply(changed):
    with opened(changed) as book:
        book.find_comment("corr2d", LESSON, LESSON, "ada").manual_comment = "Well done."
        book.find_grade("check_corr2d", LESSON, LESSON, "ada").manual_score = 0.5
        book.update_or_create_assignment(LESSON, duedate="2026-02-01 10:00:00 UTC")
        book.db.commit()
    late = "--LateSubmissionPlugin.penalty_method=zero"
    run(changed, "nbgrader", "autograde", LESSON, "--student", "ada", "--force", late)
    with opened(changed) as book:
        submission = book.find_submission(LESSON, "ada")
        assert submission.score == sum(POINTS.values()) - POINTS["corr2d"] + 0.5
        assert submission.late_submission_penalty == submission.score
        assert book.find_comment("corr2d", LESSON, LESSON, "ada").comment == "Well done."


# What a student may do to a notebook


def tagged(notebook):
    for cell in notebook.cells:
        cell.metadata.tags = ["skip-execution"]


def without_checks(notebook):
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]


def twice(notebook):
    notebook.cells += [cell.copy() for cell in notebook.cells if "nbgrader" in cell.metadata]
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"c{number}"


def worth_more(notebook):
    for cell in notebook.cells:
        if "points" in cell.metadata.get("nbgrader", {}):
            cell.metadata.nbgrader.points = 100


def not_graded(notebook):
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade = False


def of_an_older_release(notebook):
    for cell in notebook.cells:
        if about := cell.metadata.get("nbgrader"):
            about.schema_version = 1
            about.grade_id = f"old_{about.grade_id}"
            about.pop("task")


def with_keys_of_their_own(notebook):
    for cell in notebook.cells:
        cell.metadata.setdefault("nbgrader", {})["mine"] = {"deep": [1]}


def with_false_outputs(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                nbformat.v4.new_output("execute_result", {"text/plain": "100"}, execution_count=1),
                nbformat.v4.new_output("stream", name="stderr", text="x"),
            ]


def with_scripts(notebook):
    attack = "<script>alert(1)</script> ```\n[x](javascript:alert(2)) <img src=x onerror=alert(3)>"
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(attack))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"print({attack!r})"))
    return notebook


CHANGES = [
    tagged, without_checks, twice, worth_more, not_graded, of_an_older_release, with_keys_of_their_own,
    with_false_outputs,
]  # fmt: skip


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A class in which every notebook is changed in another way, one right and one with a wrong `corr2d` each."""
    course = new_course(tmp_path_factory.mktemp("changed"))
    for change in CHANGES:
        for kind in ("right", "wrong"):
            notebook = right()
            if kind == "wrong":
                (cell,) = (cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "corr2d")
                cell.source = "def corr2d(X, K):\n    return X\n"
            change(notebook)
            hand_in(course, f"{change.__name__}-{kind}", notebook)
    hand_in(course, "broken", "{")
    folder = hand_in(course, "ada", right())
    (folder / "timestamp.txt").write_text("2026-02-02 10:00:00 UTC")
    hand_in(course, "mallory", with_scripts(right()))
    downloaded = course / "downloaded" / LESSON / "archive"
    downloaded.mkdir(parents=True)
    name = f"grace_{LESSON}_attempt_2026-01-30-10-00-00_{LESSON}.ipynb"
    (downloaded / name).write_text(nbformat.writes(right()))
    script = ROOT / "solutions" / LESSON / "lesson.py"
    shutil.copy(script, downloaded / name.replace("grace", "heidi").replace(".ipynb", ".py"))
    hand_in(course, ODD, right())
    renamed = hand_in(course, "ivan", right())
    renamed.rename(renamed.with_name(f"{LESSON.title()} (1)"))
    (course / "submitted" / "judy").mkdir()
    (course / "submitted" / "__MACOSX").mkdir()
    pattern = r".*[/](?P<student_id>\w+?)_(?P<assignment>\w+)_attempt_(?P<timestamp>[\d-]+)_(?P<file_id>.*)"
    run(course, "nbgrader", "zip_collect", LESSON, f"--FileNameCollectorPlugin.named_regexp={pattern}")
    run(course, "nbgrader", "autograde", LESSON)
    return course


@pytest.mark.parametrize("change", [change.__name__ for change in CHANGES])
def test_what_a_student_does_to_a_notebook_changes_nothing_of_what_it_earns(changed, change):
    assert earned(changed, f"{change}-right") == POINTS
    fewer = earned(changed, f"{change}-wrong")
    assert fewer["corr2d"] == 0 and fewer["conv_output_size"] == POINTS["conv_output_size"]


def test_a_file_that_is_no_notebook_gets_its_row_and_a_sentence(changed):
    assert earned(changed, "broken") == dict.fromkeys(POINTS, 0.0)
    made = nbformat.read(changed / "autograded" / "broken" / LESSON / f"{LESSON}.ipynb", as_version=4)
    assert "is not a notebook" in str(made.cells[0].outputs)


def test_nbgrader_shows_what_hidden_checks_found_where_the_instructor_says_so(changed):
    feedback = {}
    for shown in (False, True):
        options = "--student", "tagged-wrong", "--force", f"--Autograde.show_hidden={shown}"
        run(changed, "nbgrader", "autograde", LESSON, *options)
        made = nbformat.read(changed / "autograded" / "tagged-wrong" / LESSON / f"{LESSON}.ipynb", as_version=4)
        (check,) = (cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_corr2d")
        feedback[shown] = check.outputs[0].data["text/html"]
    assert ", hidden)" in feedback[False] and ", hidden)" in feedback[True]
    assert feedback[True].count("<figure") > feedback[False].count("<figure")


def test_what_a_student_wrote_runs_in_no_browser(changed):
    run(changed, "nbgrader", "generate_feedback", LESSON, "--student", "mallory")
    page = (changed / "feedback" / "mallory" / LESSON / f"{LESSON}.html").read_text()
    assert "alert(1)" in page and "<script>alert(1)" not in page
    assert "<img src=x" not in page and 'href="javascript' not in page
    assert "Write a function that slides the kernel" in page  # the lesson's own prose is shown as it is


def test_nbgraders_commands_and_server_are_given_the_converters_of_this_kit_for_want_of_a_setting(monkeypatch):
    doors = {"Autograde": apps.autogradeapp, "GenerateFeedback": apps.generatefeedbackapp}
    for name, command in doors.items():
        for door in (command, apps.api):
            monkeypatch.setattr(door, name, getattr(converters, name))  # as nbgrader has it, now and after this test
    configure(Config())
    for name, command in doors.items():
        ours = {"Autograde": "KitAutograde"}.get(name, name)
        assert getattr(command, name) is getattr(apps.api, name) is getattr(converter, ours)


def test_configuring_says_what_it_sets_and_keeps_what_stood_there_for_other_assignments(monkeypatch):
    for command in (apps.autogradeapp, apps.generatefeedbackapp):
        for door in (command, apps.api):
            for name in ("Autograde", "GenerateFeedback"):
                if hasattr(door, name):
                    monkeypatch.setattr(door, name, getattr(converters, name))
    config = Config()
    config.CourseDirectory.release_directory = "out"
    config.Autograde.autograde_preprocessors = ["mine"]
    said = configure(config)
    assert "c.CourseDirectory.release_directory = 'exercises', before 'out'" in said
    assert config.KitAutograde.other_preprocessors == ["mine"]
    assert configure(config)[:-1] == [] and config.KitAutograde.other_preprocessors == ["mine"]


# What goes wrong


@pytest.mark.slow
def test_an_assignment_that_is_no_lesson_is_refused_until_nbgrader_may_grade_it_as_ever(course):
    """Another assignment of the course: its code runs in a kernel, which is what the configuration has to allow."""
    cells = [
        nbformat.v4.new_code_cell(
            "### BEGIN SOLUTION\nx = 2\n### END SOLUTION\n", metadata=marked("answer", 0, solution=True)
        ),
        nbformat.v4.new_code_cell("assert x == 2", metadata=marked("test", 3)),
    ]
    (course / "source" / "essay").mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), course / "source" / "essay" / "essay.ipynb")
    folders = "--CourseDirectory.source_directory=source", "--CourseDirectory.release_directory=release"
    run(course, "nbgrader", "generate_assignment", "essay", *folders)
    cells[0].source = "x = 2"
    (course / "submitted" / "ada" / "essay").mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), course / "submitted" / "ada" / "essay" / "essay.ipynb")
    try:
        refused = run(course, "nbgrader", "autograde", "essay", expect=1)
        assert "There is no lesson called essay" in refused and 'c.KitAutograde.others = "nbgrader"' in refused
        run(course, "nbgrader", "autograde", "essay", "--KitAutograde.others=nbgrader")
        with opened(course) as book:
            assert book.find_submission("essay", "ada").score == 3
    finally:
        shutil.rmtree(course / "submitted" / "ada")


def marked(name, points, *, solution=False):
    about = {"grade": not solution, "solution": solution, "locked": not solution, "task": False, "schema_version": 3}
    return {"nbgrader": about | {"grade_id": name} | ({} if solution else {"points": points})}


def test_a_student_who_is_not_there_is_told_in_a_sentence(course, said):
    told = run(course, "nbgrader", "autograde", LESSON, "--student", "nobody", expect=1)
    assert "is called nobody" in told


def test_one_student_is_graded_alone(course, said):
    told = run(course, "nbgrader", "autograde", LESSON, "--student", "student-001", "--force")
    assert told.count("Autograding ") == 1


def test_a_gradebook_that_is_locked_stops_the_run_in_a_sentence(course, said):
    with closing(sqlite3.connect(course / "gradebook.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "gradebook.db is locked" in run(course, "nbgrader", "autograde", LESSON, "--force", expect=1)
