"""`grader start --update`: a newer release comes in, and every answer stays."""

import json
import shutil
from pathlib import Path

import pytest
from support.command import run
from support.student import GRADER, RIGHT, course_in, write

from grader.files import course as courses
from grader.student import document
from grader.student.merge import merge

ROOT = Path(__file__).parents[2]
NAMES = ["f", "g"]
STUB_F, STUB_G = "def f(x):\n    raise NotImplementedError", "def g(x):\n    raise NotImplementedError"
MINE_F, MINE_G = "def f(x):\n    return x", "def g(x):\n    return f(x)"


def script(*cells):
    """A document of cells: those that begin with `#` are prose."""
    texts = [f"# %% [markdown]\n{cell}\n\n" if cell.startswith("#") else f"# %%\n{cell}\n\n" for cell in cells]
    return document.parse("lesson.py", "".join(texts).encode())


def notebook(*cells):
    made = [
        {
            "cell_type": "markdown" if cell.startswith("#") else "code",
            "id": f"n-{number}",
            "metadata": {"at": number},
            "source": cell,
        }
        for number, cell in enumerate(cells)
    ]  # fmt: skip
    return document.parse(
        "lesson.ipynb", json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    )


BASE = ("# What this lesson is about", "import torch", "# About f", STUB_F, "# About g", STUB_G)
NEWER = ("# A better intro", "import torch\nimport math", "# About f", STUB_F, "# More about g", STUB_G, "# The end")


@pytest.mark.parametrize("make", [script, notebook])
@pytest.mark.parametrize(
    ("mine", "merged", "lost"),
    [
        (BASE, NEWER, 0),
        ((*BASE[:3], MINE_F, *BASE[4:]), (*NEWER[:3], MINE_F, *NEWER[4:]), 0),
        ((*BASE[:3], MINE_F, "# About g", MINE_G), (*NEWER[:3], MINE_F, "# More about g", MINE_G, "# The end"), 0),
        ((*BASE[:4], "f(1)", *BASE[4:]), (*NEWER[:4], "f(1)", *NEWER[4:]), 0),
        (("# What this long lesson is about", *BASE[1:]), NEWER, 1),
        ((*BASE[:3], MINE_F), (*NEWER[:3], MINE_F, *NEWER[4:]), 0),
        ((*BASE, "# My notes"), (*NEWER[:-1], "# My notes", "# The end"), 0),
    ],
    ids=["untouched", "one answer", "two", "a cell of one's own", "both changed it", "cells deleted", "notes"],
)  # fmt: skip
def test_answers_stay_and_what_is_around_them_is_the_newer_one(make, mine, merged, lost):
    found, gone = merge(make(*BASE), make(*mine), make(*NEWER), NAMES)
    assert [cell.source for cell in found.cells] == list(merged)
    assert len(gone) == lost
    read_again = document.parse("lesson.py" if make is script else "lesson.ipynb", found.bytes())
    assert [cell.source for cell in read_again.cells] == list(merged)


@pytest.mark.parametrize("make", [script, notebook])
def test_where_nobody_knows_what_was_given_out_answers_stay_too(make):
    mine = (*BASE[:3], MINE_F, *BASE[4:], "# Mine")
    found, gone = merge(None, make(*mine), make(*NEWER), NAMES)
    assert MINE_F in [cell.source for cell in found.cells] and "# Mine" in [
        *gone,
        *(cell.source for cell in found.cells),
    ]
    assert STUB_F not in [cell.source for cell in found.cells]


def test_an_answer_to_an_exercise_that_is_gone_stays():
    found, gone = merge(script(*BASE), script(*BASE[:3], MINE_F, *BASE[4:]), script(BASE[0], "# About g", STUB_G), NAMES)
    assert MINE_F in [cell.source for cell in found.cells] and not gone


def test_the_cells_of_a_notebook_have_identities_of_their_own():
    mine = notebook(*BASE[:3], MINE_F, "f(1)", "# quite another thing", *BASE[4:])
    found, _ = merge(notebook(*BASE), mine, notebook("# New", *NEWER), NAMES)
    names = [cell.made_of["id"] for cell in found.cells]
    assert len(set(names)) == len(names) and "f(1)" in [cell.source for cell in found.cells]


# A whole course


def newer_release(folder):
    """A package with a newer release of one lesson, as pip would install it; the folder to find it in."""
    home = folder / "newer" / "exercises" / "tensors"
    shutil.copytree(ROOT / "exercises" / "tensors", home)
    (folder / "newer" / "__init__.py").write_text("")
    about = folder / "newer-2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: newer\nVersion: 2\n")
    (about / "entry_points.txt").write_text("[torch_exercise_kit.courses]\nnewer = newer\n")
    for suffix in (".py", ".ipynb"):
        file = home / f"tensors{suffix}"
        text = file.read_text(encoding="utf-8")
        assert "A *tensor* is a table of numbers." in text
        file.write_text(text.replace("A *tensor* is a table of numbers.", "A *tensor* holds numbers."), encoding="utf-8")
    key = home / "answer_key.json"
    found = json.loads(key.read_text(encoding="utf-8"))
    found["exercises"][0]["minutes"] += 1
    key.write_text(json.dumps(found), encoding="utf-8")
    return str(folder)


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


def test_a_course_gets_the_newer_release_and_keeps_the_answers(course, tmp_path):
    mine = course / "1_tensors" / "tensors.py"
    write(mine, "matrix_product", RIGHT["matrix_product"])
    before = mine.read_bytes()
    path = newer_release(tmp_path / "site-packages")
    assert "tensors: already there, left as it is.\ngradients: " in run(GRADER, "start", cwd=course)
    left = run(GRADER, "start", cwd=course, PYTHONPATH=path)
    assert "tensors: already there and left as it is. A different release of it is installed." in left
    assert "run: grader start --update\n" in left
    page = run(GRADER, "start", "--update", cwd=course, PYTHONPATH=path)
    assert "tensors: the newer release is there" in page
    assert "A *tensor* holds numbers." in mine.read_text(encoding="utf-8")
    assert RIGHT["matrix_product"] in mine.read_text(encoding="utf-8")
    (kept,) = (course / ".grader" / "backup").rglob("tensors-*.py")
    assert kept.read_bytes() == before and kept.name in page
    assert "A *tensor* holds numbers." in mine.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert "tensors: is up to date" in run(GRADER, "start", "--update", cwd=course, PYTHONPATH=path)
    assert "1 of 6" in run(GRADER, "check", "tensors", cwd=course, expect=1)
    run(GRADER, "reset", "matrix_product", cwd=course)
    given = courses.Course(Path(path, "newer", "exercises")).folder("tensors") / "tensors.py"
    assert mine.read_text(encoding="utf-8") == given.read_text(encoding="utf-8").replace("(../../img/", "(../img/")


def test_what_both_sides_changed_is_kept_beside(course, tmp_path):
    mine = course / "1_tensors" / "tensors.py"
    write(mine, "matrix_product", RIGHT["matrix_product"])
    text = mine.read_text(encoding="utf-8").replace("A *tensor* is a table of numbers.", "A tensor, as I see it.")
    mine.write_text(text, encoding="utf-8")
    page = run(GRADER, "start", "--update", cwd=course, PYTHONPATH=newer_release(tmp_path / "site-packages"))
    assert "not all that you changed around them" in page
    assert (course / "1_tensors" / "tensors.py.before-update").read_text(encoding="utf-8") == text
    assert RIGHT["matrix_product"] in mine.read_text(encoding="utf-8")
    assert "tensors.py" in run(GRADER, "check", "matrix_product", cwd=course)


def test_a_file_that_can_not_be_read_leaves_its_lesson_as_it_is(course, tmp_path):
    notebook_file = course / "1_tensors" / "tensors.ipynb"
    notebook_file.write_text("{")
    before = {file: file.read_bytes() for file in (course / "1_tensors").iterdir()}
    page = run(GRADER, "start", "--update", cwd=course, PYTHONPATH=newer_release(tmp_path / "site-packages"))
    assert "tensors: was left as it is." in page and "tensors.ipynb can't be read" in page
    assert {file: file.read_bytes() for file in (course / "1_tensors").iterdir()} == before
