"""Consoles that take few characters: nothing that the grader prints may stop it there."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support.classroom import course_on_disk
from support.command import GRADER

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ENCODINGS = ["cp1252", "latin-1", "cp437", "ascii", "utf-8"]


def run(*words, cwd, encoding, expect):
    """Both streams, read in the console's encoding."""
    done = subprocess.run(
        [GRADER, *map(str, words)],
        cwd=cwd,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    # A stream that says it is ASCII is mostly a terminal whose locale nobody has set: typer then writes UTF-8.
    out, err = (text.decode("utf-8" if encoding == "ascii" else encoding) for text in (done.stdout, done.stderr))
    assert done.returncode == expect, out + err
    assert "Traceback" not in err and "Error" not in err
    return out + err


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A course with a class, and the same lesson half done in a student's folder."""
    root = tmp_path_factory.mktemp("consoles")
    course_on_disk(root)
    folder = root / "submitted" / "学生-é✓" / "numbers"
    folder.mkdir(parents=True)
    (folder / "numbers.py").write_text(
        "# %%\ndef double(X):\n    return X * 2\n\n# %%\ndef total(X):\n    print('✗ →')\n    return double(X).sum(0)\n",
        encoding="utf-8",
    )
    shutil.copytree(root / "exercises" / "numbers", root / "mine" / "numbers")
    shutil.copyfile(folder / "numbers.py", root / "mine" / "numbers" / "numbers.py")
    return root


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_check_marks_right_and_wrong_differently_whatever_the_console_takes(place, encoding):
    page = run("check", cwd=place / "mine", encoding=encoding, expect=1)
    words = [line.split() for line in page.splitlines()]
    marks = [line[0] for line in words if line[1:2] in (["double"], ["total"])]
    assert len(marks) == 2 and "?" not in "".join(marks)
    assert "You added up the columns." in page and "expected" in page


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_list_hint_and_start_are_printed(place, encoding, tmp_path):
    assert "of 2" in run("list", cwd=place / "mine", encoding=encoding, expect=0)
    assert "Hint 1 of 3" in run("hint", "numbers/double", "1", cwd=place / "mine", encoding=encoding, expect=0)
    assert "Next" in run("start", "mine-é✓" if encoding == "utf-8" else "mine", cwd=tmp_path, encoding=encoding, expect=0)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_sentences_on_standard_error_are_printed_too(place, encoding):
    page = run("check", "数字✓", cwd=place / "mine", encoding=encoding, expect=2)
    assert "There is no lesson and no exercise called" in page


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_the_tables_of_a_class_are_printed(place, encoding):
    page = run("autograde", "submitted", "--isolation", "process", cwd=place, encoding=encoding, expect=0)
    assert "numbers, one hand-in" in page and "over_columns: You added up the columns." in page
    page = run("autograde", "submitted", "--isolation", "process", "--json", cwd=place, encoding=encoding, expect=0)
    (result,) = json.loads(page)
    assert result["student"] == "学生-é✓", "JSON loses nothing"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_the_doctor_is_printed(tmp_path, encoding):
    done = subprocess.run([GRADER, "doctor"], cwd=tmp_path, capture_output=True, check=False)
    page = run("doctor", cwd=tmp_path, encoding=encoding, expect=done.returncode)
    assert page.count("\n") == done.stdout.decode().count("\n")
