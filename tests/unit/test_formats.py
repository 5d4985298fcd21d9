"""Results for other programs: each file is what its format asks for, and what a stranger wrote does no harm in it."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import msgspec
import pytest
import yaml
from support.classroom import CHECKS, HANDOUT, MISCONCEPTIONS, Classroom
from support.command import GRADER

from grader.errors import CourseError
from grader.judge.result import ExerciseResult, Person, Result, Shown, Verdict
from grader.messages import say
from grader.report import formats, spreadsheet
from grader.report.outcome import AT_MOST
from grader.report.printable import printable

ROOT = Path(__file__).resolve().parents[2]
SECRET = "the hidden input was 42"


def check(name="sums_to_one", passed=False, message="Expected 1, got 2.", hidden=False, **more):
    return Verdict(name, f"About {name}.", 2.0, hidden, passed, "" if passed else message, **more)


def exercise(state="wrong", *verdicts, summary="You summed the wrong axis.", mistakes=()):
    passed = {"right": True, "unjudged": None}.get(state, False)
    message = summary if state in ("stub", "missing") else "Expected 1, got 2."
    verdicts = list(verdicts) or [check(passed=passed, message=message)]
    return ExerciseResult(
        "softmax", state, "Correct." if state == "right" else summary, verdicts, dict.fromkeys(mistakes, summary)
    )


def result(*exercises, lesson="attention", student="ada", **more):
    return Result(student, lesson, list(exercises), **more)


ALL = [
    result(exercise("right"), exercise("wrong", mistakes=["wrong_axis", "no_shift"]),
           notes=["Cell 3 stopped."], file="attention.py"),
    result(exercise("stub", summary="You have not written it."), exercise("missing", summary="It is missing."),
           lesson="masks", graded="2025-01-31T08:09:00"),
    result(exercise("unjudged", check(passed=True), check("is_stable", passed=None), summary="Tell your instructor.")),
    result(lesson="no-such-lesson", notes=["There is no lesson called no-such-lesson."]),
]  # fmt: skip
"""All that can become of an exercise, and a hand-in without any."""


def everywhere(words):
    """A result in which a stranger's words stand in every place where they can."""
    case = Shown("smallest", [("X", words)], expected="[2.]", got=words)
    verdict = check(message=words + "!", where=words, shown=case, advice=[words])
    exercises = exercise("wrong", verdict, summary=words), exercise("missing", summary=words)
    more = {"file": words, "notes": [words], "printed": words}
    return [result(*exercises, student=words, **more), result(student=words, lesson=words, **more)]


def listed(format, results):
    return json.loads(formats.FORMATS[format](results))["tests"]


# Gradescope

GRADESCOPE = {
    "type": "object",
    "required": ["tests"],
    "additionalProperties": False,
    "properties": {
        "output": {"type": "string"},
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "test_name_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "stdout_visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["score", "max_score", "name", "output", "output_format", "visibility"],
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number", "minimum": 0},
                    "max_score": {"type": "number", "minimum": 0},
                    "name": {"type": "string", "minLength": 1},
                    "status": {"enum": ["passed", "failed"]},
                    "output": {"type": "string"},
                    "output_format": {"const": "text"},
                    "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
                },
            },
        },
    },
}


def test_gradescope_gets_one_test_a_check_with_its_points():
    page = json.loads(formats.FORMATS["gradescope"](ALL))
    jsonschema.validate(page, GRADESCOPE)
    assert [test["score"] for test in page["tests"]] == [2, 0, 0, 0, 2, 0]
    assert sum(test["max_score"] for test in page["tests"]) == sum(each.points for each in ALL)
    assert [test["status"] for test in page["tests"]] == ["passed", "failed", "failed", "failed", "passed", "failed"]
    assert page["output"] == "attention: Cell 3 stopped.\nno-such-lesson: There is no lesson called no-such-lesson."


def test_lessons_of_a_student_are_told_apart_by_the_names_of_tests():
    names = [test["name"] for test in listed("gradescope", ALL)]
    assert names[0] == "attention: softmax: About sums_to_one."
    assert names[2] == "masks: softmax: About sums_to_one."


def test_what_is_not_written_fails_with_the_summary_of_the_exercise():
    outputs = [test["output"] for test in listed("gradescope", [ALL[1]])]
    assert outputs == ["You have not written it.", "It is missing."]


def test_a_wrong_answer_is_told_its_mistake_once_and_the_case_of_each_check():
    case = Shown("smallest", [("X", "[[1, 2],\n [3, 4]]")], expected="[3, 7]", got="[4, 6]")
    first, second = check("rows", where="line 2 of cell 1: return X", shown=case), check("columns", message="A list.")
    outputs = [test["output"] for test in listed("gradescope", [result(exercise("wrong", first, second))])]
    assert outputs[0] == (
        "You summed the wrong axis.\nExpected 1, got 2.\n(line 2 of cell 1: return X)\n"
        "X\n  [[1, 2],\n   [3, 4]]\nexpected\n  [3, 7]\ngot\n  [4, 6]"
    )
    assert outputs[1] == "A list."


def test_that_a_check_could_not_be_judged_is_not_said_of_one_that_failed():
    unjudged = exercise("unjudged", check(), check("is_stable", passed=None, message=""), summary="Tell your instructor.")
    assert [test["output"] for test in listed("gradescope", [result(unjudged)])] == [
        "Expected 1, got 2.", "Tell your instructor."
    ]  # fmt: skip


def test_advice_is_told_with_a_check_that_passed():
    (test,) = listed("gradescope", [result(exercise("right", check(passed=True, advice=["Use reshape."])))])
    assert test["output"] == say("advice", advice="Use reshape.")


@pytest.mark.parametrize("format", formats.FORMATS)
def test_of_a_hidden_check_no_more_is_told_than_that_it_failed_and_the_named_mistake(format):
    shown = Shown("smallest", [("X", SECRET)], expected=SECRET, got=SECRET)
    hidden = check("is_stable", hidden=True, message=SECRET, where=SECRET, shown=shown, advice=[SECRET])
    page = formats.FORMATS[format]([result(exercise("wrong", check(passed=True), hidden))])
    assert SECRET not in page
    assert "You summed the wrong axis." in page or format in ("canvas", "moodle")


@pytest.mark.parametrize("format", ["gradescope", "junit"])
def test_a_hidden_check_that_the_instructor_shows_is_told_with_its_case(format):
    shown = Shown("smallest", [("X", "[7]")], expected="[8]", got="[9]")
    hidden = check("is_stable", hidden=True, shown_anyway=True, message="The value differs.", shown=shown)
    page = formats.FORMATS[format]([result(exercise("wrong", check(passed=True), hidden))])
    for words in ("The value differs.", "[7]", "[8]", "[9]"):
        assert words in page
    assert say("hidden_failed") not in page


def test_grades_given_without_a_sandbox_say_so_and_a_students_own_check_does_not():
    unsafe = result(exercise("right"), isolation="process")
    for format in ("gradescope", "junit", "csv"):
        assert say("no_sandbox", isolation="process") in formats.FORMATS[format]([unsafe])
    noisy = result(exercise("right"), isolation="process", notes=["x" * AT_MOST])
    assert say("no_sandbox", isolation="process") in formats.FORMATS["gradescope"]([noisy])
    own = result(exercise("right"), isolation="process", student="")
    assert json.loads(formats.FORMATS["gradescope"]([own]))["output"] == ""


# Classroom 50

WHOLE = {"type": "integer", "minimum": 0}
CLASSROOM = {
    "type": "object",
    "required": ["schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime", "score",
                 "max-score", "tests"],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        "score": WHOLE,
        "max-score": WHOLE,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": {"type": "string"}, "passed": {"type": "boolean"}, "score": WHOLE, "max-score": WHOLE,
                },
            },
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("results", [ALL, ALL[2:3], ALL[3:], []])
def test_classroom_50_gets_whole_points_that_add_up(results, monkeypatch):
    monkeypatch.setenv("ASSIGNMENT", "week-1")
    page = json.loads(formats.FORMATS["classroom50"](results))
    jsonschema.validate(page, CLASSROOM)
    assert page["assignment"] == "week-1" and page["points-scale"] == 1
    assert page["max-score"] == sum(each.points for each in results)
    assert page["score"] == sum(test["score"] for test in page["tests"]) == sum(each.earned for each in results)


def test_parts_of_points_become_whole_ones_for_classroom_50():
    parts = [msgspec.structs.replace(check(passed=True), points=points) for points in (0.25, 0.5, 1.1)]
    page = json.loads(formats.FORMATS["classroom50"]([result(exercise("right", *parts))]))
    assert [test["score"] for test in page["tests"]] == [5, 10, 22] and page["points-scale"] == 20


# The gradebooks of Canvas and Moodle


def test_canvas_and_moodle_get_one_row_a_student_with_the_final_scores():
    ada = Person("Ada", "Byron, Lady", "ada@example.org", "77")
    of = [
        result(exercise("right"), student="ada", person=ada, penalty=0.5),
        result(exercise("wrong"), student="ada", person=ada, lesson="masks"),
        result(exercise("right"), student="=bo"),
    ]
    canvas, moodle = (list(csv.reader(io.StringIO(formats.FORMATS[name](of)))) for name in ("canvas", "moodle"))
    assert canvas == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "attention", "masks"],
        ["    Points Possible", "", "", "", "", "2.0", "2.0"],
        ["Byron, Lady, Ada", "77", "", "ada", "", "1.5", "0.0"],
        ["'=bo", "", "", "'=bo", "", "2.0", ""],
    ]
    assert moodle == [
        [
            "First name",
            "Last name",
            "ID number",
            "Email address",
            "Assignment: attention (Real)",
            "Assignment: masks (Real)",
        ],
        ["Ada", "Byron, Lady", "77", "ada@example.org", "1.5", "0.0"],
        ["", "", "'=bo", "", "2.0", ""],
    ]


# JUnit: elements as junit-10.xsd has them, each with the attributes that it needs, those that it may have, and its children

PROBLEM = (set(), {"type", "message"}, set())
JUNIT = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name"}, {"time", "classname", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": PROBLEM,
    "error": PROBLEM,
    "system-out": (set(), set(), set()),
}


def junit(results):
    """The page, read by a parser that refuses what XML 1.0 has not, and held against the schema."""
    root = ElementTree.fromstring(formats.FORMATS["junit"](results).encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        needed, allowed, children = JUNIT[element.tag]
        assert needed <= set(element.attrib) <= needed | allowed
        assert {child.tag for child in element} <= children
        assert not children or not (element.text or "").strip()
    return root


def test_junit_counts_what_is_not_written_as_failed_and_what_was_not_judged_as_an_error():
    suites = junit(ALL)
    counts = [(suite.get("name"), *(int(suite.get(key)) for key in ("tests", "failures", "errors"))) for suite in suites]
    assert counts == [
        ("ada/attention", 2, 1, 0), ("ada/masks", 2, 2, 0), ("ada/attention", 2, 0, 1), ("ada/no-such-lesson", 1, 0, 1),
    ]  # fmt: skip
    failure = suites[0][1].find("failure")
    assert (failure.get("type"), failure.get("message")) == ("wrong_axis, no_shift", "You summed the wrong axis.")
    assert failure.text == "You summed the wrong axis.\nExpected 1, got 2."
    assert suites[1].get("timestamp") == "2025-01-31T08:09:00"
    assert suites[0].find("system-out").text == "Cell 3 stopped."
    assert "There is no lesson" in suites[3].find("testcase/error").text


# A spreadsheet


def rows(results, delimiter=","):
    page = formats.FORMATS["csv"](results)
    return list(csv.reader(io.StringIO(page.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def test_a_spreadsheet_has_a_row_an_exercise_and_one_where_there_is_none():
    head, *body = rows(ALL)
    table = [dict(zip(head, row, strict=True)) for row in body]
    assert [row["state"] for row in table] == ["right", "wrong", "stub", "missing", "unjudged", "unjudged"]
    assert [(float(row["points"]), float(row["of"])) for row in table[:5]] == [(2, 2), (0, 2), (0, 2), (0, 2), (2, 4)]
    assert table[1]["mistake"] == "wrong_axis, no_shift" and table[1]["in brief"] == "You summed the wrong axis."
    assert table[5]["lesson"] == "no-such-lesson" and "There is no lesson" in table[5]["notes"]


def test_the_points_of_a_hand_in_add_up_to_what_counts_in_the_end_and_the_automatic_part_is_told():
    graded = result(exercise("right"), exercise("wrong"), penalty=0.5, elsewhere=1.0)
    graded.exercises[0].exercise = "relu"
    graded.exercises[1].final, graded.exercises[1].comment = 1.5, "=nearly there"
    head, *body = rows([graded])
    table = {row[2]: dict(zip(head, row, strict=True)) for row in body}
    assert {name: float(row["points"]) for name, row in table.items()} == {
        "relu": 2, "softmax": 1.5, "(by hand)": 1, "(late)": -0.5,
    }  # fmt: skip
    assert graded.score == 4 and sum(float(row["of"] or 0) for row in table.values()) == graded.points
    assert float(table["softmax"]["automatic"]) == 0 and table["softmax"]["comment"] == "'=nearly there"
    assert graded.exercises[0].score == float(table["relu"]["automatic"]) == 2


def test_a_spreadsheet_is_utf_8_that_excel_knows_and_its_numbers_are_no_text(tmp_path):
    formats.write([("csv", tmp_path / "class.csv")], [result(exercise("right"), student="学生 Ölaf")])
    written = (tmp_path / "class.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") and "学生 Ölaf".encode() in written
    assert re.search(rb'"softmax",2(\.0)?,2(\.0)?,"right"', written)
    assert written.count(b"\r\n") == 2 and b"\r\r" not in written


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "words",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "＝1", "a;=1", 'a";"=1', "a; -1;b", "a\n=1",
        "a\t=1",
    ],
)  # fmt: skip
def test_no_cell_is_taken_for_a_formula_wherever_the_spreadsheet_ends_cells(words, delimiter):
    cells = [cell for row in rows(everywhere(words), delimiter) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(" \"'\n")[:1] in tuple("=+-@\t\r＝") and not cell.startswith("'")]
    if delimiter == "," and words == "=1+1":
        assert "'=1+1" in cells


# Strangers' words

HOSTILE = [
    "\x1b[31mred\x1b]0;title\x07", "\x00\x0b\x7f\x9b", "\u202egnp.exe", "\ud800", "\uffff\ufffe", "</failure><x/>", "]]>",
    '"><b onclick="x">', "&lt;b&gt; &amp;", "<script>alert('x')</script>", "\\", "学生 🎉\n±½", "x" * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words[:12]))
@pytest.mark.parametrize("format", formats.FORMATS)
def test_what_a_stranger_wrote_is_text_and_harmless_in_every_format(format, words, tmp_path):
    formats.write([(format, tmp_path / "file")], everywhere(words))
    page = (tmp_path / "file").read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n")
    assert printable(page) == page
    assert len(page) < 20 * 2 * AT_MOST
    if format == "junit":
        tags = [element.tag for element in junit(everywhere("harmless")).iter()]
        assert [element.tag for element in junit(everywhere(words)).iter()] == tags
    elif format == "csv":
        assert {len(row) for row in rows(everywhere(words))} == {len(spreadsheet.COLUMNS)}
    elif format in ("gradescope", "classroom50"):
        jsonschema.validate(json.loads(page), GRADESCOPE if format == "gradescope" else CLASSROOM)


def test_every_character_that_there_is_can_be_written_as_xml():
    characters = [*range(0x10000), *(plane * 0x10000 + last for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))]
    for first in range(0, len(characters), 150):
        words = "".join(map(chr, characters[first : first + 150]))
        suite = junit([Result(words, "numbers", [], notes=[words])]).find("testsuite")
        assert suite.get("name").endswith("/numbers"), "nothing was cut"


# The command line


@pytest.fixture
def submitted(tmp_path):
    for student in ("ada", "grace"):
        shutil.copytree(ROOT / "exercises" / "gradients", tmp_path / "submitted" / student / "gradients")
    return tmp_path / "submitted"


def test_a_students_check_writes_the_reports_that_are_asked_for(tmp_path):
    shutil.copytree(ROOT / "exercises" / "gradients", tmp_path / "gradients")
    words = [f"--report={format}=reports/{format}" for format in formats.FORMATS]
    done = subprocess.run([GRADER, "check", "gradients", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "You have not written" in done.stdout
    pages = {format: (tmp_path / "reports" / format).read_text(encoding="utf-8") for format in formats.FORMATS}
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == sorted(formats.FORMATS)
    jsonschema.validate(json.loads(pages["gradescope"]), GRADESCOPE)
    jsonschema.validate(json.loads(pages["classroom50"]), CLASSROOM)
    assert ElementTree.fromstring(pages["junit"].encode())[0].get("name") == "gradients"
    assert pages["csv"].count('"stub"') > 3


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("junit", "such as junit=results.xml"), ("junit=", "such as junit=results.xml"), ("csv=.", "such as junit"),
        ("excel=a.xlsx", "There is no report format excel. The formats are gradescope, classroom50, junit, csv, canvas"),
    ],
)  # fmt: skip
def test_a_report_that_can_not_be_asked_for_is_told_in_a_sentence(word, sentence):
    with pytest.raises(CourseError, match=re.escape(sentence)):
        formats.asked([word])


def test_a_report_of_one_student_is_refused_for_several_before_any_work_is_done(submitted):
    words = "autograde", submitted, "--report", f"gradescope={submitted.parent}/results.json"
    done = subprocess.run([GRADER, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "A report for gradescope holds one student, not 2: name one with --student.\n"
    assert not (submitted.parent / "results.json").exists() and not (submitted.parent / "feedback").exists()


def test_a_report_that_can_not_be_written_is_told_and_leaves_nothing_behind(tmp_path):
    (tmp_path / "a folder").mkdir()
    with pytest.raises(CourseError, match=r"a folder can't be written: Is a directory\.$"):
        formats.write([("csv", tmp_path / "a folder")], ALL)
    assert [path.name for path in tmp_path.iterdir()] == ["a folder"]
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match=r"file/x can't be written"):
        formats.write([("csv", tmp_path / "file" / "x")], ALL)


# The files in docs/


@pytest.fixture
def gradescope(tmp_path):
    """Gradescope's folders, with a small course and a right answer to it. Runs the script; gives what it left."""
    lesson = tmp_path / "source" / "solutions" / "numbers"
    lesson.mkdir(parents=True)
    for name, text in (("lesson", HANDOUT), ("checks", CHECKS), ("misconceptions", MISCONCEPTIONS)):
        (lesson / f"{name}.py").write_text(text)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "numbers.py").write_text("\n\n# %%\n".join(Classroom.right))
    (tmp_path / "submission_metadata.json").write_text('{"users": [{"id": 7, "name": "../ada"}, {"id": 12}]}')
    (tmp_path / "venv").symlink_to(sys.prefix)

    def run(**environment):
        done = subprocess.run(
            ["bash", ROOT / "docs/gradescope/run_autograder"],
            env=os.environ | {"AUTOGRADER_ROOT": str(tmp_path), "LESSON": "numbers", **environment},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        page = json.loads((tmp_path / "results" / "results.json").read_text())
        jsonschema.validate(page, GRADESCOPE)
        return page, done.stdout

    return run


@pytest.mark.slow
def test_gradescope_gets_a_sentence_and_no_score_without_a_sandbox_and_the_points_with_one(gradescope, tmp_path):
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "pyseccomp.py").write_text("raise ImportError\n")
    page, said = gradescope(PYTHONPATH=str(tmp_path / "hidden"))
    assert page["tests"] == [] and "score" not in page
    assert page["output"].startswith("No sandbox could be made in this container, so your code was not run")
    assert "pyseccomp or libseccomp is not installed" in said
    page, said = gradescope()
    assert sum(test["score"] for test in page["tests"]) == 6, said
    assert (tmp_path / "class" / "submitted" / "12-7" / "numbers" / "numbers.py").is_file()


@pytest.mark.parametrize("ids", [range(10**9, 10**9 + 60), [10**300], [-5], ["7"]])
def test_whoever_hands_in_on_gradescope_has_a_folder_however_many_they_are(gradescope, tmp_path, ids):
    (tmp_path / "submission_metadata.json").write_text(json.dumps({"users": [{"id": number} for number in ids]}))
    (tmp_path / "venv").unlink()
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)  # and no `grader`: it stops where it would grade
    (tmp_path / "class").mkdir()
    gradescope()
    (folder,) = (tmp_path / "class" / "submitted").iterdir()
    assert (folder / "numbers" / "numbers.py").is_file() and folder.name != "student"


def test_gradescope_gets_a_sentence_and_no_score_where_the_kit_is_not_installed(gradescope, tmp_path):
    (tmp_path / "venv").unlink()
    page, _ = gradescope()
    assert page["tests"] == [] and page["output"].startswith("The autograder stopped before it came to a result")


def test_the_workflow_fails_where_the_check_does_and_leaves_a_report(tmp_path):
    workflow = yaml.safe_load((ROOT / "docs/github-actions.yml").read_text(encoding="utf-8"))
    (step,) = (item for item in workflow["jobs"]["check"]["steps"] if "grader check" in item.get("run", ""))
    assert step["shell"] == "bash"
    shutil.copytree(ROOT / "exercises" / "gradients", tmp_path / "gradients")
    path = f"{GRADER.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=tmp_path, env=os.environ | {"LESSON": "gradients", "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert ElementTree.fromstring((tmp_path / "junit.xml").read_text())[0].get("name") == "gradients"
    assert "gradients" in (tmp_path / "check.txt").read_text()
