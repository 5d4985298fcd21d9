"""`grader reset`: one stub is back, all else is as it was, and a copy is kept."""

import json

import pytest
from support.command import run
from support.student import GRADER, RIGHT, course_in, write


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@pytest.fixture
def script(course):
    return course / "1_tensors" / "tensors.py"


def reset(course, *words, expect=0):
    return run(GRADER, "reset", *words, cwd=course, expect=expect)


def kept(course):
    return sorted((course / ".grader" / "backup").rglob("*.*"))


def test_a_script_is_as_it_was_given_out_but_for_the_other_answers(course, script):
    write(script, "cat_along", RIGHT["cat_along"])
    without = script.read_bytes()
    write(script, "matrix_product", RIGHT["matrix_product"])
    mine = script.read_bytes()
    page = reset(course, "matrix_product")
    assert script.read_bytes() == without
    (copy,) = kept(course)
    assert copy.read_bytes() == mine and f".grader/backup/1_tensors/{copy.name}" in page


@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_where_nothing_is_written_nothing_is_restored_and_no_copy_is_made(course, script, suffix):
    file = script.with_suffix(suffix)
    if suffix == ".ipynb":  # it was run, and nothing was written
        found = json.loads(file.read_text(encoding="utf-8"))
        for cell in found["cells"]:
            if cell["cell_type"] == "code":
                cell["execution_count"] = 7
        file.write_text(json.dumps(found), encoding="utf-8")
    else:
        write(script, "matrix_product", RIGHT["matrix_product"])
    before = file.read_bytes()
    page = reset(course, "cat_along")
    assert f"cat_along in 1_tensors/{file.name} has not been changed, so there is nothing to restore." in page
    assert file.read_bytes() == before and kept(course) == []


def test_windows_line_ends_stay(course, script):
    given = script.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    script.write_bytes(given.replace(b'raise NotImplementedError("cat_along is not written yet")', b"return 1"))
    reset(course, "tensors/cat_along")
    assert script.read_bytes() == given


def test_a_notebook_loses_the_answer_and_what_it_showed_and_nothing_else(course):
    notebook = course / "1_tensors" / "tensors.ipynb"
    given = json.loads(notebook.read_text(encoding="utf-8"))
    mine = json.loads(notebook.read_text(encoding="utf-8"))
    (cell,) = (cell for cell in mine["cells"] if "def cat_along" in "".join(cell["source"]))
    cell["source"], cell["execution_count"] = "def cat_along(tensors, dim):\n    return 1", 7
    mine["cells"].append({"cell_type": "markdown", "id": "mine", "metadata": {}, "source": ["my notes: α"]})
    notebook.write_text(json.dumps(mine), encoding="utf-8")
    reset(course, "cat_along")
    found = json.loads(notebook.read_text(encoding="utf-8"))
    assert found["cells"] == [*given["cells"], mine["cells"][-1]]


def test_a_helper_in_the_same_cell_stays(course, script):
    write(script, "cat_along", "return helper(tensors, dim)\n\n\n")
    text = script.read_text()
    script.write_text(text.replace("def cat_along(", "def helper(tensors, dim):\n    return 1\n\n\ndef cat_along("))
    reset(course, "cat_along")
    text = script.read_text()
    assert "def helper(tensors, dim):\n    return 1\n" in text and "return helper" not in text
    assert text.count("def cat_along(") == 1


def test_an_answer_that_is_no_python_can_be_reset(course, script):
    given = script.read_text()
    write(script, "cat_along", "return ((")
    reset(course, "cat_along")
    assert script.read_text() == given


def test_an_answer_that_was_deleted_comes_back(course, script):
    text = script.read_text()
    start = text.index("# %%\ndef cat_along")
    script.write_text(text[:start] + text[text.index("# %% [markdown]", start) :])
    reset(course, "cat_along")
    assert "cat_along is not written yet" in script.read_text()
    assert "0 of 6" in run(GRADER, "check", "tensors", cwd=course, expect=1)


def test_a_file_that_was_deleted_comes_back(course, script):
    script.with_suffix(".ipynb").unlink()
    script.unlink()
    assert "a new one was written" in reset(course, "cat_along")


def test_what_is_meant_has_to_be_one_exercise(course):
    assert "Which exercise of tensors?" in reset(course, "tensors", expect=2)
    assert "Did you mean tensors/cat_along" in reset(course, "cat_alogn", expect=2)


def test_where_the_stub_is_nowhere_nothing_is_changed(course, script):
    (course / ".grader" / "released" / "tensors" / "tensors.py").unlink()
    key = course / "1_tensors" / "answer_key.json"
    write(script, "cat_along", RIGHT["cat_along"])
    mine = script.read_bytes()
    found = json.loads(key.read_text(encoding="utf-8"))
    found["files"]["tensors.py"] = "another release"
    key.write_text(json.dumps(found), encoding="utf-8")
    assert "nowhere on this computer" in reset(course, "cat_along", expect=2)
    assert script.read_bytes() == mine
