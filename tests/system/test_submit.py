"""`grader submit`: what it packs is what a class reads, and what it says is so."""

import json
import shutil
import subprocess
import zipfile

import pytest
from support.classroom import course_on_disk
from support.command import run
from support.student import GRADER, RIGHT, course_in, write

from grader.sandbox import doctor


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@pytest.fixture
def script(course):
    return course / "1_tensors" / "tensors.py"


def packed(course, lesson="tensors"):
    with zipfile.ZipFile(course / "hand_in" / f"{lesson}.zip") as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_packs_what_would_be_graded_and_says_what_is_unfinished(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    write(script, "cat_along", "return tensors[0]")
    page = run(GRADER, "submit", cwd=course)
    assert packed(course) == {"tensors/tensors.py": script.read_bytes()}
    assert "1 of 6 exercises pass all the checks that you can see.\n11 more checks run when it is graded." in page
    assert "Not right yet: cat_along." in page and "Not written yet: stack_along, " in page


def test_what_the_answer_imports_goes_along_and_nothing_else_does(course, script):
    write(script, "matrix_product", "import helper\nreturn helper.product(X, Y)")
    (script.parent / "helper.py").write_text("def product(X, Y):\n    return X @ Y\n")
    (script.parent / "diary.txt").write_text("private")
    run(GRADER, "submit", "tensors", cwd=course)
    assert set(packed(course)) == {"tensors/tensors.py", "tensors/helper.py"}


def test_a_copy_with_another_name_is_packed_under_its_lesson_and_that_is_said(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    script.rename(script.with_name("tensors (1).py"))
    script.with_suffix(".ipynb").unlink()
    assert "tensors (1).py" in run(GRADER, "submit", "1_tensors", cwd=course)
    assert set(packed(course)) == {"tensors/tensors.py"}


def test_where_nothing_is_written_there_is_nothing_to_hand_in(course):
    assert "no exercise is written" in run(GRADER, "submit", cwd=course, expect=2)
    assert "gradients: there is nothing to hand in" in run(GRADER, "submit", "gradients", cwd=course, expect=2)
    assert not (course / "hand_in" / "gradients.zip").exists()


# What becomes of it


@pytest.fixture(scope="module")
def class_of_one(tmp_path_factory):
    """A class, and a student of it whose right answer to one of two exercises is packed."""
    root = tmp_path_factory.mktemp("class")
    course_on_disk(root)
    mine = root / "student"
    shutil.copytree(root / "exercises", mine)
    (mine / "numbers").rename(mine / "1_numbers")
    file = mine / "1_numbers" / "numbers.ipynb"
    found = json.loads(file.read_text(encoding="utf-8"))
    for cell in found["cells"]:
        if "def double" in "".join(cell["source"]):
            cell["source"] = "def double(X):\n    if isinstance(X, str):\n        raise TypeError('text')\n    return X * 2"
    file.write_text(json.dumps(found), encoding="utf-8")
    said = run(GRADER, "submit", cwd=mine)
    return root, mine / "hand_in" / "numbers.zip", said


def graded(root):
    isolation = ["--isolation", "process"] if doctor.lacking() else []
    page = run(GRADER, "autograde", "submitted", "--json", *isolation, cwd=root)
    (result,) = json.JSONDecoder().raw_decode(page[page.index("[") :])[0]
    return {item["exercise"]: item["state"] for item in result["exercises"]}, result


def test_a_class_grades_what_was_told_and_notes_nothing(class_of_one, tmp_path):
    root, archive, said = class_of_one
    assert "1 of 2 exercises pass" in said and "One more check runs when it is graded." in said
    shutil.copytree(root, tmp_path / "class", ignore=shutil.ignore_patterns("student"))
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "class" / "submitted" / "ada")
    states, result = graded(tmp_path / "class")
    assert states == {"double": "right", "total": "stub"} and not result["notes"]


def test_nbgraders_zip_collect_takes_it_as_a_learning_platform_names_it(class_of_one, tmp_path):
    pytest.importorskip("nbgrader")
    root, archive, _ = class_of_one
    shutil.copytree(root, tmp_path / "class", ignore=shutil.ignore_patterns("student"))
    downloaded = tmp_path / "class" / "downloaded" / "numbers" / "archive"
    downloaded.mkdir(parents=True)
    shutil.copy(archive, downloaded / "ada_assignsubmission_file_numbers.zip")
    pattern = r".*[/](?P<student_id>\w+?)_assignsubmission_file_[^/]*/(?P<file_id>.*)"
    command = [
        GRADER.with_name("nbgrader"),
        "zip_collect",
        "numbers",
        f"--FileNameCollectorPlugin.named_regexp={pattern}",
    ]
    done = subprocess.run(command, cwd=tmp_path / "class", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    states, _ = graded(tmp_path / "class")
    assert states == {"double": "right", "total": "stub"}
