"""`grader new` writes lessons that can be read as they are, and adds to those of others."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.lessons import TINY
from typer.testing import CliRunner

from grader.author import mistakes, template
from grader.cli import app
from grader.errors import CourseError
from grader.files import course, proofread, source


@pytest.fixture
def solutions(tmp_path):
    folder = tmp_path / "solutions" / "tiny"
    folder.mkdir(parents=True)
    for name, text in (("lesson", TINY.handout), ("checks", TINY.checks), ("misconceptions", TINY.misconceptions)):
        (folder / f"{name}.py").write_text(text)
    return folder.parent


def test_a_new_lesson_begins_a_course_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["new", "attention", "--exercise", "mask", "--exercise", "attend"])
    assert done.exit_code == 0 and "grader verify attention" in done.output
    again = CliRunner().invoke(app, ["new", "heads"])
    assert again.exit_code == 0
    assert course.find().lessons() == ["attention", "heads"]
    assert [course.number_in(tmp_path / "solutions" / name) for name in course.find().lessons()] == [1, 2]
    files = course.find().files("attention")
    assert list(files.references) == ["mask", "attend"]
    assert {exercise for exercise, _ in mistakes.as_handed_in(files).values()} == {"mask", "attend"}
    assert list(source.read(tmp_path / "solutions" / "heads").references) == ["heads"]


def test_an_exercise_is_added_below_what_a_lesson_has(solutions):
    before = source.read(solutions / "tiny")
    template.new_exercise(solutions / "tiny", "halve")
    files = source.read(solutions / "tiny")
    assert proofread.find(files) == []
    assert list(files.references) == ["double", "halve"]
    assert {exercise for exercise, _ in mistakes.as_handed_in(files).values()} == {"double", "halve"}
    assert files.handout.startswith(before.handout) and "from checks import double, halve" in files.misconceptions
    assert files.checks.count("import Lesson, normal") == 1 and "import normal" not in files.checks.replace(
        "Lesson, normal", ""
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("double", "already"), ("lambda", "can't be used"), ("dôuble", "can't be used"), ("X", "own files use this name")],
)
def test_a_name_that_can_not_be_used_is_refused_and_nothing_is_written(solutions, name, sentence):
    with pytest.raises(CourseError, match=sentence):
        template.new_exercise(solutions / "tiny", name)
    assert source.read(solutions / "tiny") == TINY
    with pytest.raises(CourseError, match="is there already"):
        template.new_lesson(solutions, "tiny", [], 2, 1)


def test_what_is_written_is_formatted_as_the_courses_own_lessons_are(tmp_path):
    written = template.new_lesson(tmp_path / "solutions", "demo", ["one", "other"], 1, 1)
    home = Path(__file__).parents[2]
    words = [sys.executable, "-m", "ruff", "--config", str(home / "pyproject.toml")]
    for step in (["check", "--no-cache", "--ignore", "F401,I001"], ["format", "--check", "--no-cache"]):
        subprocess.run([*words[:3], *step, *words[3:], *map(str, written)], cwd=home, check=True)


def test_the_page_about_a_course_of_ones_own_can_be_followed(tmp_path, monkeypatch):
    """Its `grader new` lines; that what they write is sound, `test_verify` asks."""
    page = (Path(__file__).parents[2] / "docs" / "own-course.md").read_text(encoding="utf-8")
    lines = [line.split() for line in page.splitlines() if line.startswith("grader ")]
    assert {words[1] for words in lines} <= {command.callback.__name__ for command in app.registered_commands}
    monkeypatch.chdir(tmp_path)
    for words in lines:
        if words[1] == "new":
            assert CliRunner().invoke(app, words[1:]).exit_code == 0
    assert course.find().lessons() == ["waves", "spectra"]
    assert [list(course.find().files(name).references) for name in course.find().lessons()] == [
        ["normalize", "mix"],
        ["power", "peak"],
    ]
