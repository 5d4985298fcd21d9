"""An author's afternoon: a new lesson, three edits, proved, released, and a student's right and wrong answer to it."""

import json

import pytest
from support.command import grader

RIGHT = "import torch\n\n\ndef peak(X):\n    return X - X.max(dim=1, keepdim=True).values\n"
WRONG = "import torch\n\n\ndef peak(X):\n    return X - X.max(dim=0).values\n"


def edit(path, was, now):
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")


@pytest.mark.slow
def test_a_lesson_is_written_in_an_afternoon(tmp_path):
    grader("new", "peaks", "--exercise", "peak", cwd=tmp_path)
    lesson = tmp_path / "solutions" / "peaks"
    edit(lesson / "lesson.py", "X - X.mean(dim=1, keepdim=True)", "X - X.amax(dim=1, keepdim=True)")
    edit(lesson / "misconceptions.py", "X - X.mean()", "X - X.amax()")
    edit(lesson / "checks.py", "points=1, hidden=True", "points=2, hidden=True")
    assert "peaks: sound" in grader("verify", cwd=tmp_path)
    grader("audit", cwd=tmp_path)
    assert "1 public and 1 hidden checks" in grader("release", cwd=tmp_path)
    stub = (tmp_path / "exercises" / "peaks" / "peaks.py").read_text(encoding="utf-8")
    assert "amax" not in stub and "NotImplementedError" in stub
    for student, answer in (("ada", RIGHT), ("bo", WRONG)):
        folder = tmp_path / "submitted" / student / "peaks"
        folder.mkdir(parents=True)
        (folder / "peaks.py").write_text(answer, encoding="utf-8")
    ada, bo = json.loads(grader("autograde", "--isolation", "process", "--json", cwd=tmp_path))
    assert [exercise["state"] for exercise in (*ada["exercises"], *bo["exercises"])] == ["right", "wrong"]
    assert list(bo["exercises"][0]["mistakes"]) == ["peak_of_each_column"]
