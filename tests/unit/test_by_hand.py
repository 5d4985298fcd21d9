"""Files in `.grader/` that somebody wrote by hand: none stops a command, and none gives points to anybody else."""

import json

import msgspec
import pytest

from grader.classroom import class_report
from grader.classroom.room import Classroom
from grader.errors import CourseError
from grader.files.course import Course
from grader.judge.result import ExerciseResult, Result, Verdict
from grader.report import formats, html, text
from grader.student import overview
from grader.student.progress import Progress

VERDICT = Verdict("doubles", "It doubles.", 2.0, False, passed=True)
GOOD = json.loads(msgspec.json.encode(Result("ada", "numbers", [ExerciseResult("double", "right", "", [VERDICT])])))


def of(**changed):
    return json.dumps(GOOD | changed)


UNREAD = {
    "nothing": "",
    "null": "null",
    "a list": "[]",
    "a list in a list in a list": "[" * 100_000,
    "cut off": of()[:-20],
    "another student's": of(student="bob"),
    "another lesson's": of(lesson="softmax"),
    "points below 0": of().replace("2.0", "-2.0"),
    "points without end": of().replace("2.0", "1e999"),
    "more points than a float can be counted in": of().replace("2.0", "1e308"),
    "a state that there is not": of().replace('"right"', '"wonderful"'),
    "half a character": of().replace("It doubles", "\\ud800"),
}
READ = {
    "a name that colors a terminal": of(file="\x1b[31m<script>", notes=["\x1b[31m<script>"]),
    "an exercise twice": of(exercises=GOOD["exercises"] * 2),
    "no exercise": of(exercises=[]),
    "a time that is none": of(graded="yesterday", handed_in="tomorrow"),
    "a penalty that adds": of(penalty=-1e9),
    "a language that there is not": of(language="../../x"),
}


@pytest.fixture
def room(tmp_path):
    for student in ("ada", "bob"):
        (tmp_path / "submitted" / student / "numbers").mkdir(parents=True)
    return Classroom(tmp_path / "submitted")


def written(room, content):
    path = room.result("ada", "numbers")
    path.parent.mkdir(parents=True)
    path.write_text(content)
    return path


@pytest.mark.parametrize("what", UNREAD)
def test_a_result_that_grading_did_not_write_there_is_as_if_it_were_not(what, room):
    assert room.graded("ada", written(room, UNREAD[what])) is None
    with pytest.raises(CourseError, match="There are no results"):
        class_report.read(room, None)


@pytest.mark.parametrize("what", READ)
def test_what_can_be_read_stops_no_report_and_is_of_nobody_else(what, room):
    assert room.graded("ada", written(room, READ[what]))
    results, folders = class_report.read(room, None)
    assert set(folders) == {"ada"}
    class_report.write(room, class_report.summarized(room, results, []), folders, room.root / "report.html")
    for page in [render(results) for render in formats.FORMATS.values()] + [text.plain(results[0]), html.page(results[0])]:
        assert "\x1b" not in page


@pytest.mark.parametrize(
    "state", ['{"state": "wonderful", "earned": 1, "of": "OF"}', '{"state": "right", "earned": -1, "of": "OF"}']
)
@pytest.mark.parametrize("hints", ["-5", "1e30", '"three"', "[]"])
def test_a_students_own_progress_may_be_anything(state, hints, tmp_path):
    course = Course(tmp_path)
    (tmp_path / ".grader").mkdir()
    pages = f'{{"exercises": {{"a/b": {state}}}}}', f'{{"hints": {{"a/b": {hints}}}}}', "[" * 100_000
    for page in pages:
        (tmp_path / ".grader" / "progress.json").write_text(page)
        progress = Progress(course)
        assert progress.hints_read("a", "b") == 0
        assert overview.rows([], progress) == []
        progress.read_hint("a", "b", 2)
        assert Progress(course).hints_read("a", "b") == 2
