"""What comes in while a class is watched."""

import shutil

from support.classroom import CHECKS

from grader.classroom.arrivals import Arrivals
from grader.classroom.room import Classroom
from grader.files.course import Course


def hand_in(root, student, text):
    folder = root / "submitted" / student / "numbers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "numbers.py").write_text(text)


def test_what_is_new_or_changed_and_at_rest_comes_once(tmp_path):
    (tmp_path / "exercises" / "numbers").mkdir(parents=True)
    (tmp_path / "exercises" / "numbers" / "checks.py").write_text(CHECKS)
    (tmp_path / "solutions" / "numbers").mkdir(parents=True)
    (tmp_path / "solutions" / "numbers" / "checks.py").write_text(CHECKS)
    hand_in(tmp_path, "ada", "x = 1")
    arrivals = Arrivals(
        Classroom(tmp_path / "submitted"), Course(tmp_path / "exercises", tmp_path / "solutions"), None, None
    )

    def come():
        return [(item.student, item.lesson) for item in arrivals.come()]

    assert come() == come() == []
    hand_in(tmp_path, "bo", "x = 1")
    assert come() == []  # it may still be being copied
    hand_in(tmp_path, "bo", "x = 1\ny = 2")
    assert come() == []
    assert come() == [("bo", "numbers")]
    assert come() == []
    shutil.rmtree(tmp_path / "submitted" / "bo")
    hand_in(tmp_path, "ada", "x = 2")
    come()
    assert come() == [("ada", "numbers")]
