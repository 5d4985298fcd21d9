"""An instructor's own course as a package: built, installed beside the kit, started by a student."""

import shutil
import sys
import zipfile
from contextlib import closing

import pytest
from support.command import GRADER, run
from support.lessons import TINY

from grader.author import release
from grader.author.package import package
from grader.errors import CourseError
from grader.files.course import Course
from grader.sandbox.plain import Plain

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one tiny lesson, with a figure, its release, and what else lies about in such folders."""
    root = tmp_path_factory.mktemp("Deep Learning 1") / "deep-learning"
    (root / "img").mkdir(parents=True)
    (root / "img" / "Twice-1.png").write_bytes(b"a picture")
    (root / "img" / "Unused-1.png").write_bytes(b"another picture")
    source = root / "solutions" / "tiny"
    source.mkdir(parents=True)
    handout = TINY.handout.replace("# Write `double(X)`.", "# Write `double(X)`. ![Twice](../../img/Twice-1.png)")
    assert "Twice-1" in handout
    for name, text in (("lesson", handout), ("checks", TINY.checks), ("misconceptions", TINY.misconceptions)):
        (source / f"{name}.py").write_text(text, encoding="utf-8")
    made = Course(root / "exercises", root / "solutions")
    with closing(Plain()) as worker:
        release.write(root / "exercises" / "tiny", release.build(made.files("tiny"), worker))
    (root / "exercises" / "tiny" / "my_answers.py").write_text("secret = 1\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def wheel(course):
    page = run(GRADER, "package", "--out", "made", cwd=course)
    (made,) = (course / "made").iterdir()
    assert made.name in page and "grader start" in page
    return made


def test_it_holds_the_release_and_its_figures_alone(wheel):
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
        (metadata,) = (opened.read(name).decode() for name in opened.namelist() if name.endswith("/METADATA"))
    home = "torch_exercises_deep_learning"
    lesson = {"answer_key.json", "answer_key.safetensors", "checks.py", "tiny.ipynb", "tiny.py"}
    assert names == {f"{home}/__init__.py", f"{home}/img/Twice-1.png"} | {f"{home}/exercises/tiny/{file}" for file in lesson}
    assert "Name: deep-learning" in metadata and "Requires-Dist: torch-exercise-kit>=" in metadata


def test_solutions_are_packaged_only_where_somebody_says_so(course, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")
    with closing(Plain()) as worker:
        built = release.build(Course(root / "exercises", root / "solutions").files("tiny"), worker, self_study=True)
    release.write(root / "exercises" / "tiny", built)
    with pytest.raises(CourseError, match="exercises/tiny is a release for self-study"):
        package(Course(root / "exercises", root / "solutions"), "mine", tmp_path / "dist")
    made = package(Course(root / "exercises", root / "solutions"), "mine", tmp_path / "dist", self_study=True)
    assert made.is_file()


def installed(wheel, folder):
    """The folder of an environment that has the kit of this one, and the wheel."""
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", folder, wheel, cwd=folder)
    return {"PYTHONPATH": str(folder)}


def test_a_student_who_installed_it_starts_it_and_checks_an_answer(wheel, tmp_path):
    (tmp_path / "site").mkdir()
    variables = installed(wheel, tmp_path / "site")
    page = run(GRADER, "start", "mine", cwd=tmp_path, **variables)
    assert "tiny: written." in page and "grader watch" in page
    assert (tmp_path / "mine" / "img" / "Twice-1.png").read_bytes() == b"a picture"
    script = tmp_path / "mine" / "1_tiny" / "tiny.py"
    text = script.read_text(encoding="utf-8")
    assert "(../img/Twice-1.png)" in text
    script.write_text(text.replace('raise NotImplementedError("double is not written yet")', "return X + X"))
    assert "1 of 1" in run(GRADER, "check", cwd=tmp_path / "mine", **variables)


def test_with_two_courses_installed_nobody_guesses(course, wheel, tmp_path):
    run(GRADER, "package", "--name", "another", "--out", tmp_path / "out", cwd=course)
    (other,) = (tmp_path / "out").iterdir()
    (tmp_path / "site").mkdir()
    for each in (wheel, other):
        variables = installed(each, tmp_path / "site")
    page = run(GRADER, "start", cwd=tmp_path, expect=2, **variables)
    assert "another, deep-learning" in page and "pip uninstall" in page
    assert not (tmp_path / "torch-exercises").exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("torch", "the name of another package"), ("torch-exercise-kit", "the name of another package"),
     ("Torch_Exercise.Kit", "the name of another package"), ("深度学习", "can't be called"), ("a b", "can't be called"),
     ("-a", "can't be called"), ("../a", "can't be called")],
)  # fmt: skip
def test_a_name_that_can_not_be_is_refused_in_a_sentence(course, name, sentence, tmp_path):
    page = run(GRADER, "package", f"--name={name}", "--out", tmp_path / "out", cwd=course, expect=2)
    assert sentence in page and "--name" in page
    assert not (tmp_path / "out").exists()


def test_a_lesson_that_is_not_released_yet_is_named(course, tmp_path):
    import shutil

    shutil.copytree(course, tmp_path / "course")
    (tmp_path / "course" / "exercises" / "tiny" / "checks.py").unlink()
    page = run(GRADER, "package", cwd=tmp_path / "course", expect=2)
    assert "grader release tiny" in page
