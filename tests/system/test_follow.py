"""Follow-through in a class: the same in the gradebook, on the page, in `grader explain` and at home."""

import csv
import json
import shutil

import pytest
from support.classroom import FOLLOWING, Classroom, course_on_disk
from support.command import grader

from grader.sandbox import doctor

if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)

TORCH, RIGHT, TOTAL = Classroom.right
TRIPLE = "def double(X):\n    return X * 3"
SECRET = "X is text, not a tensor"
"""What stands in the solution of `double`."""
PRINTS = "def total(X):\n    print(double.__code__.co_consts)\n    raise ValueError(double.__code__.co_consts)"
SAID = "With the solution of double in place of yours, it passes every check and earns their points."
HAND_INS = {"ada": (TORCH, RIGHT, TOTAL), "bo": (TORCH, TRIPLE, TOTAL), "cy": (TORCH, TRIPLE, PRINTS)}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    course_on_disk(root, FOLLOWING)
    for student, cells in HAND_INS.items():
        folder = root / "submitted" / student / "numbers"
        folder.mkdir(parents=True)
        (folder / "numbers.py").write_text("\n\n# %%\n".join(cells))
    grader("autograde", "--report", "csv=class.csv", cwd=root)
    return root


def result(root, student):
    return json.loads((root / ".grader" / "results" / student / "numbers.json").read_text())


def test_what_rests_on_a_mistake_earns_its_points_everywhere(course):
    with (course / "class.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
    assert [float(rows[student, "total"]["points"]) for student in HAND_INS] == [3, 3, 0]
    page = (course / "feedback" / "bo" / "numbers.html").read_text()
    assert SAID.replace("double", "<code>double</code>") in page
    assert page.count("✓ earned") == 2
    told = json.loads(grader("explain", "bo", "numbers/total", "--json", cwd=course))
    assert told["differs"] == [] and [check["followed"] for check in told["exercises"][0]["checks"]] == [True, True]
    assert "followed through: it passed" in grader("explain", "bo", "numbers/total", cwd=course)


def test_it_is_told_so_at_home(course, tmp_path):
    shutil.copytree(course / "exercises", tmp_path / "exercises")
    shutil.copy(course / "submitted" / "bo" / "numbers" / "numbers.py", tmp_path / "exercises" / "numbers" / "numbers.py")
    (tmp_path / "exercises" / "numbers" / "numbers.ipynb").unlink()
    said = " ".join(grader("check", "numbers/total", cwd=tmp_path, expect=1).split())
    assert SAID.replace("double", "`double`") in said


def test_what_ran_beside_the_solution_says_nothing_of_it(course):
    assert SECRET in (course / "solutions" / "numbers" / "lesson.py").read_text()
    for student in HAND_INS:
        assert SECRET not in json.dumps(result(course, student))
        assert SECRET not in (course / "feedback" / student / "numbers.html").read_text()
    assert result(course, "cy")["exercises"][1]["followed"] == ["double"]
