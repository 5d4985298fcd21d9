"""What holds for the course as a whole, and not for one lesson alone."""

import json
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from support.student import course_in

from grader.errors import CourseError
from grader.families import family
from grader.files import course
from grader.judge.key import load_key
from grader.sandbox.plain import Plain
from grader.student import own_check

COURSE = course.find()
LESSONS = ["tensors", "gradients", "training", "softmax", "convolution", "batch_norm", "lenet"]
KEYS = {lesson: load_key(COURSE.exercises / lesson) for lesson in COURSE.lessons()}


def test_the_lessons_are_there_in_the_order_in_which_they_are_taught():
    assert COURSE.lessons() == LESSONS
    assert course.Course(COURSE.exercises).lessons() == LESSONS


@pytest.mark.parametrize(
    "written",
    ['lesson = Lesson("b", number=1)', 'lesson = Lesson(\n    "b",  # (so)\n    number=1,\n)', 
     "import grader\nlesson = grader.Lesson(number=1, name='b')"],
)  # fmt: skip
def test_a_lessons_number_is_read_however_it_is_written(tmp_path, written):
    for name, text in (
        ("a", 'lesson = Lesson("a", number=2)'),
        ("b", written),
        ("c", "lesson = Lesson('c')"),
        ("d", "("),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "checks.py").write_text(text)
    found = course.Course(tmp_path / "exercises", tmp_path)
    assert found.lessons() == ["b", "a", "c", "d"]
    assert [found.same_place(lesson) for lesson in ("a", "c")] == [[], []]
    (tmp_path / "c" / "checks.py").write_text("lesson = Lesson('c', number=2)")
    assert found.same_place("a") == ["solutions/a/checks.py: the number 2 is that of c too. Choose another."]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_worth_ten_points_and_hidden_checks_carry_at_least_a_third(lesson):
    total = sum(exercise.points for exercise in KEYS[lesson].exercises)
    public = sum(check.points for check in KEYS[lesson].checks)
    assert total == 10
    assert public <= 10 * 2 / 3


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_family_of_operations_is_forbidden_by_one_of_its_names(lesson):
    for check in KEYS[lesson].checks:
        families = [name for name in map(family, check.forbids) if name]
        assert len(set(families)) == len(families), check.name


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_names_mistakes_and_their_sentences_are_short(lesson):
    for exercise in KEYS[lesson].exercises:
        sentences = [mistake.says for mistake in KEYS[lesson].mistakes if mistake.exercise == exercise.name]
        assert len(set(sentences)) >= 6, exercise.name
        for says in sentences:
            assert len(says) <= 200 and says[-1] in ".?!`", says


@pytest.fixture(scope="module")
def worker():
    with closing(Plain()) as worker:
        yield worker


class Nobody:
    """A worker that runs nothing."""

    isolation = "process"


@pytest.mark.parametrize("lesson", LESSONS)
def test_of_an_untouched_lesson_is_said_without_running_it_what_running_it_would_say(lesson, worker, tmp_path):
    shutil.copytree(COURSE.exercises / lesson, tmp_path / lesson)
    copied = course.Course(tmp_path)
    said = own_check.check(copied, lesson, None, Nobody())
    assert {exercise.state for exercise in said.exercises} == {"stub"}
    with (tmp_path / lesson / f"{lesson}.py").open("a") as script:
        script.write("\n# %%\nmine = 1\n")
    with pytest.raises(AttributeError):
        own_check.check(copied, lesson, None, Nobody())
    assert own_check.check(copied, lesson, None, worker).exercises == said.exercises


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_handout_holds_the_result_of_every_example(lesson):
    text = (COURSE.exercises / lesson / f"{lesson}.py").read_text(encoding="utf-8")
    examples = re.findall(r"^# ```python\n(# >>> .*?)^# ```$", text, re.DOTALL | re.MULTILINE)
    assert examples
    for example in examples:
        last = example.strip().split("\n")[-1]
        assert not last.startswith("# >>> "), example


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_notebook_carries_its_figures_and_three_folded_hints_an_exercise(lesson):
    import nbformat

    notebook = nbformat.read(COURSE.exercises / lesson / f"{lesson}.ipynb", as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert "".join(texts).count("<details><summary>Hint") == 3 * len(KEYS[lesson].exercises)
    for cell in notebook.cells:
        for name in re.findall(r"\(attachment:([^)]+)\)", cell.source):
            assert cell.attachments[name]["image/png"]
        assert "../img/" not in cell.source


@pytest.mark.parametrize(
    ("what", "meant"),
    [
        ("softmax", ("softmax", "")),
        ("softmax/", ("softmax", "")),
        ("./softmax", ("softmax", "")),
        ("softmax/log_softmax", ("softmax", "log_softmax")),
        ("softmax/softmax.ipynb", ("softmax", "")),
        ("softmax.py", ("softmax", "")),
        ("exercises\\softmax\\softmax.py", ("softmax", "")),
        ("exercises/softmax", ("softmax", "")),
        ("softmax/softmax", ("softmax", "softmax")),
        ("", ("", "")),
        ("corr2d", ("convolution", "corr2d")),
        ("1_tensors", ("tensors", "")),
        ("Tensors/cat_along", ("tensors", "cat_along")),
        ("1_tensors/cat_along", ("tensors", "cat_along")),
    ],
)
def test_a_lesson_may_be_named_by_its_path(what, meant):
    assert course.find(Path(__file__).parents[1]).meant(what) == meant


def test_a_path_means_the_lesson_that_lies_there(tmp_path, monkeypatch):
    found = course.Course(course_in(tmp_path))
    notebook = str(found.exercises / "2_gradients" / "gradients.ipynb")
    for here, what, meant in [
        (".", ".", ""),
        ("1_tensors", ".", "tensors"),
        ("1_tensors", "tensors.py", "tensors"),
        (".", "1_tensors/", "tensors"),
        ("1_tensors", "..", ""),
        (".", notebook, "gradients"),
        ("img", "../3_training", "training"),
    ]:
        monkeypatch.chdir(found.exercises / here)
        assert found.meant(what) == (meant, ""), (here, what)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("f", "Several lessons have an exercise called f. Say which one you mean: one/f, two/f."),
        ("/f", "There is no lesson and no exercise called /f."),
        ("g_x", "Did you mean one/g_xy?"),
        ("nonsense", "The lessons are one, two."),
    ],
)
def test_what_means_nothing_or_several_things_is_asked_back(tmp_path, what, sentence):
    for lesson, names in (("one", ["f", "g_xy"]), ("two", ["f"])):
        (tmp_path / lesson).mkdir()
        exercises = [{"name": name, "difficulty": 1, "minutes": 1, "hints": []} for name in names]
        key = {"lesson": lesson, "exercises": exercises, "checks": []}
        (tmp_path / lesson / "answer_key.json").write_text(json.dumps(key))
    with pytest.raises(CourseError, match=re.escape(sentence)):
        course.Course(tmp_path).meant(what)
