"""A student's first minutes: `grader start`, and what is said where something is missing."""

import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.command import GRADER, run
from support.student import write

from grader.files import course
from grader.sandbox.plain import Plain
from grader.student import own_check

COURSE = course.find(Path(__file__))


def test_a_student_starts_and_every_lesson_is_there_whole(tmp_path):
    page = run(GRADER, "start", cwd=tmp_path)
    made = course.find(tmp_path / "torch-exercises")
    assert made.lessons() == COURSE.lessons() and made.solutions is None
    for lesson in made.lessons():
        assert [file.name for file in made.released(lesson)] == [file.name for file in COURSE.released(lesson)]
    assert "cd torch-exercises" in page and "grader watch" in page
    folders = sorted(path.parent.name for path in (tmp_path / "torch-exercises").glob("*/checks.py"))
    assert [name.partition("_")[2] for name in folders] == made.lessons(), "a file browser shows the order of teaching"
    assert "grader watch" in (tmp_path / "torch-exercises" / "README.md").read_text(encoding="utf-8")
    assert ".grader/" in (tmp_path / "torch-exercises" / ".gitignore").read_text(encoding="utf-8")


def test_a_started_lesson_is_taken_for_untouched(tmp_path):
    run(GRADER, "start", tmp_path / "mine", cwd=tmp_path)
    with closing(Plain()) as worker:
        for lesson in COURSE.lessons():
            result = own_check.check(course.find(tmp_path / "mine"), lesson, None, worker)
            assert {exercise.state for exercise in result.exercises} == {"stub"} and not result.notes


def test_the_figures_of_a_script_are_where_it_says(tmp_path):
    run(GRADER, "start", ".", cwd=tmp_path)
    named = [
        script.parent / path
        for script in tmp_path.glob("*/*.py")
        for path in source_figures(script.read_text(encoding="utf-8"))
    ]
    assert len(named) > 5 and all(path.is_file() for path in named), named


def test_links_between_lessons_lead_to_the_numbered_folders(tmp_path):
    run(GRADER, "start", ".", cwd=tmp_path)
    for path in tmp_path.glob("[1-6]_*/*.*"):
        if path.suffix in (".py", ".ipynb") and path.stem in path.parent.name:
            (link,) = set(re.findall(r"\]\((\.\./\d_\w+/\w+\.ipynb)\)", path.read_text(encoding="utf-8")))
            assert (path.parent / link).is_file()


def test_a_started_notebook_is_as_jupyter_saves_it_with_this_python(tmp_path):
    import nbformat

    run(GRADER, "start", ".", cwd=tmp_path)
    for path in tmp_path.glob("*/*.ipynb"):
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        assert notebook.metadata.language_info.version == platform.python_version()
        assert text == nbformat.writes(notebook) + "\n"


def source_figures(text):
    return re.findall(r"!\[[^\]]*\]\(([^)]+\.png)\)", text)


def test_nothing_that_is_there_is_written_over(tmp_path):
    course = tmp_path / "torch-exercises"
    mine = course / "1_tensors"
    mine.mkdir(parents=True)
    (mine / "tensors.py").write_text("my work\n")
    (course / "img").mkdir()
    (course / "img" / "Join-1.png").write_text("my picture\n")
    (course / "softmax").write_text("my notes\n")
    (course / "README.md").write_text("my plans\n")
    page = run(GRADER, "start", cwd=tmp_path)
    assert "tensors: already there" in page and "softmax: already there" in page
    assert [file.name for file in mine.iterdir()] == ["tensors.py"] and (mine / "tensors.py").read_text() == "my work\n"
    assert (course / "softmax").read_text() == "my notes\n" and (course / "README.md").read_text() == "my plans\n"
    assert (course / "img" / "Join-1.png").read_text() == "my picture\n"
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.*")}
    run(GRADER, "start", cwd=tmp_path)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.*")} == before


def test_inside_of_a_course_start_means_that_course(tmp_path):
    run(GRADER, "start", cwd=tmp_path)
    page = run(GRADER, "start", cwd=tmp_path / "torch-exercises" / "1_tensors")
    assert "already there" in page and not (tmp_path / "torch-exercises" / "1_tensors" / "torch-exercises").exists()


def test_a_lesson_that_lies_further_up_is_no_reason_to_write_there(tmp_path):
    shutil.copytree(COURSE.folder("tensors"), tmp_path / "a_lesson")
    (tmp_path / "empty").mkdir()
    run(GRADER, "start", cwd=tmp_path / "empty")
    assert (tmp_path / "empty" / "torch-exercises" / "1_tensors" / "tensors.py").is_file()


def test_the_folders_of_an_older_start_are_found_and_left_alone(tmp_path):
    run(GRADER, "start", cwd=tmp_path)
    course_folder = tmp_path / "torch-exercises"
    (course_folder / "1_tensors").rename(course_folder / "tensors")
    assert "tensors: already there" in run(GRADER, "start", cwd=tmp_path)
    assert not (course_folder / "1_tensors").exists()
    assert "0 of 6" in run(GRADER, "check", "tensors", cwd=course_folder, expect=1)


def test_what_vs_code_is_told_finds_what_a_check_says(tmp_path):
    run(GRADER, "start", ".", cwd=tmp_path)
    task = json.loads((tmp_path / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"][0]
    first, second = task["problemMatcher"]["pattern"]
    script = tmp_path / "1_tensors" / "tensors.py"
    write(script, "cat_along", "return torch.nope(tensors)")
    words = [script if word == "${file}" else word for word in task["args"]]
    page = run(sys.executable, *words, cwd=tmp_path, expect=1, **task["options"]["env"]).split("\n")
    found = {}
    for line, below in itertools.pairwise(page):
        if match := re.match(first["regexp"], line):
            found[match[1], int(match[2])] = re.match(second["regexp"], below)[1]
    line = 1 + script.read_text(encoding="utf-8").split("\n").index("    return torch.nope(tensors)")
    assert "no attribute 'nope'" in found["1_tensors/tensors.py", line] and len(found) == 6


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path):
    (tmp_path / "torch-exercises").write_text("")
    assert "torch-exercises is a file" in run(GRADER, "start", cwd=tmp_path, expect=2)


def test_the_package_runs_as_a_module_and_tells_its_versions(tmp_path):
    page = run(sys.executable, "-m", "grader", "--version", cwd=tmp_path)
    names = [line.split(" ")[0] for line in page.splitlines()]
    assert names == ["torch-exercise-kit", "Python", "torch", "torchvision"]
    assert page == run(GRADER, "--version", cwd=tmp_path)


def old_python():
    """The path of a Python that is too old, or None."""
    for home in (Path.home() / ".pyenv" / "versions").glob("3.[89].*"):
        return home / "bin" / "python"
    return None


@pytest.mark.skipif(old_python() is None, reason="there is no Python 3.8 or 3.9 here")
@pytest.mark.parametrize("words", [("-m", "grader"), ("-m", "grader", "check", "tensors")])
def test_an_old_python_is_told_in_a_sentence(words, tmp_path):
    page = run(old_python(), *words, cwd=tmp_path, expect=2, PYTHONPATH=str(Path(course.__file__).parents[2]))
    assert "need Python 3.11 or newer" in page


@pytest.mark.parametrize("name", ["__init__", "__main__", "environment", "messages"])
def test_what_speaks_to_an_old_python_can_be_read_by_it(name):
    import ast

    text = (Path(course.__file__).parents[1] / f"{name}.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 8))


WITHOUT = """
import sys
from importlib.machinery import PathFinder
find = PathFinder.find_spec
PathFinder.find_spec = classmethod(lambda cls, name, *rest: None if name.split(".")[0] == {name!r} else find(name, *rest))
"""


@pytest.mark.parametrize("name", ["torch", "typer", "msgspec"])
@pytest.mark.parametrize("words", [(GRADER, "check"), (sys.executable, "-m", "grader", "list")])
def test_what_is_not_installed_is_told_in_a_sentence_with_the_command_that_installs_it(name, words, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(name=name))
    page = run(*words, cwd=tmp_path, expect=2, PYTHONPATH=str(tmp_path))
    assert ("PyTorch" if name == "torch" else name) in page and "-m pip install" in page


def test_a_notebook_without_pytorch_is_told_so_too(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(name="torch"))
    done = subprocess.run(
        [sys.executable, "-c", "from grader import check"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "ImportError: PyTorch is not installed" in done.stderr


def test_a_command_for_instructors_says_what_it_lacks(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(name="nbgrader"))
    page = run(GRADER, "release", "--check", "tensors", cwd=COURSE.solutions, expect=2, PYTHONPATH=str(tmp_path))
    assert "nbgrader" in page and "torch-exercise-kit[instructor]" in page
