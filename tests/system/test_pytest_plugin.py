"""Lessons in pytest, as a student, an author and CI run them: real pytest, in a process of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support.lessons import tiny

ROOT = Path(__file__).resolve().parents[2]
TEXTBOOK = (ROOT / "tests/submissions/textbook/convolution.py").read_text(encoding="utf-8")
LAST_LINE = re.compile(r" in [\d.]+s.*")


def run(*words, cwd, expect, ci=False):
    """What pytest says. It prints more where the environment says that CI runs it, so that is ours to choose."""
    command = [sys.executable, "-m", "pytest", "-q", *map(str, words)]
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "BUILD_NUMBER")}
    environment |= {"CI": "true"} if ci else {}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    assert not done.stderr and "Traceback" not in done.stdout
    return done.stdout


def count(page):
    """The last line, without the time it took."""
    return LAST_LINE.sub("", page.splitlines()[-1])


@pytest.fixture
def student(tmp_path):
    """A student's folder, with the fifth lesson in it as it was given out."""
    shutil.copytree(ROOT / "exercises" / "convolution", tmp_path / "exercises" / "convolution")
    return tmp_path


def answer(student, *changes):
    """Write the textbook's answers, with pieces of their text replaced."""
    text = TEXTBOOK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    head = "# %%\nimport torch\nfrom torch import nn\n\n"
    (student / "exercises/convolution/convolution.py").write_text(head + text, encoding="utf-8")


ADDED = ("(X[i : i + h, j : j + w] * K)", "(X[i : i + h, j : j + w] + K)")
NO_RETURN = ("return x.view(x.shape[0], -1)", "x.view(x.shape[0], -1)")


STOPS = 'if X.ndim == 3:\n        raise ValueError("no blocks")\n    return X *'
SOLUTION = "    ### BEGIN SOLUTION\n    return X * torch.tensor(2.0)\n    ### END SOLUTION"
TINY = {
    "sound": {},
    "stops": {"handout": ("return X *", STOPS)},
    "open": {"handout": (SOLUTION, "    return X * torch.tensor(2.0)")},
    "broken": {"handout": ("import torch", "import torch\n1 / 0")},
    "unreadable": {"checks": ("lesson.exercise(", "lesson.exercise((")},
}


@pytest.fixture(scope="module")
def authors(tmp_path_factory):
    """What pytest says of a lesson of this course and of tiny ones: one is sound, the others are spoiled in one way each."""
    folder = tmp_path_factory.mktemp("author")
    for name in ("solutions/gradients", "img"):
        shutil.copytree(ROOT / name, folder / name)
    for lesson, changes in TINY.items():
        files, home = tiny(**changes), folder / "solutions" / lesson
        home.mkdir(parents=True)
        for name, text in (
            ("lesson", files.handout),
            ("checks", files.checks),
            ("misconceptions", files.misconceptions),
        ):
            (home / f"{name}.py").write_text(text, encoding="utf-8")
    page = run("solutions", "-rA", "--continue-on-collection-errors", cwd=folder, expect=1)
    return page


def test_an_untouched_lesson_fails_every_check_with_a_sentence_and_nothing_of_the_machinery(student):
    page = run("exercises", cwd=student, expect=1)
    assert count(page) == "11 failed"
    assert page.count("\nYou have not written `FlattenLayer` yet.\n") == 2
    assert page.count("\nYou have not written `corr2d` yet.\n") == 1
    assert "def runtest" not in page and "pytest.py" not in page and "NotImplementedError" not in page


def test_right_answers_pass(student):
    answer(student)
    assert count(run("exercises", cwd=student, expect=0)) == "11 passed"


@pytest.mark.parametrize(
    ("words", "folder", "node"),
    [
        (("exercises",), "", "exercises/convolution/checks.py"),
        ((), "exercises/convolution", "checks.py"),
        (("convolution/checks.py", "--doctest-modules"), "exercises", "convolution/checks.py"),
    ],
)
def test_the_same_items_are_found_wherever_pytest_is_started(words, folder, node, student):
    page = run(*words, "--collect-only", f"--rootdir={student / folder}", cwd=student / folder, expect=0)
    assert count(page) == "11 tests collected"
    assert f"{node}::corr2d::slides_the_kernel\n" in page


def test_a_wrong_answer_is_explained_in_the_terminal_and_for_ci(student):
    answer(student, ADDED)
    page = run("exercises", "--junitxml=found.xml", "-o", "junit_family=xunit1", "-rP", cwd=student, expect=1)
    found = {case.get("name"): case for case in ElementTree.parse(student / "found.xml").iter("testcase")}
    assert len(found) == 11
    said = found["slides_the_kernel"].find("failure").text
    assert said in page
    assert said.startswith("You added the kernel")
    assert re.search(r"\n +K  \[\[.*\nexpected  \[\[.*\n +got  \[\[", said, re.DOTALL)
    checks = (student / "exercises/convolution/checks.py").read_text(encoding="utf-8").splitlines()
    line = checks[int(found["slides_the_kernel"].get("line"))]
    assert line == 'def slides_the_kernel(answer, X=normal("h w"), K=normal("kh<=h kw<=w")):'
    assert found["sits_in_a_network"].find("failure") is None
    assert "`reshape` works where `view` does not." in page  # advice, which costs nothing


def test_each_check_has_its_own_case_and_the_named_mistake_stands_with_each(student):
    answer(student, NO_RETURN, ("(n - kernel + 2 * padding + stride)", "(n - kernel + stride)"))
    page = run("exercises", cwd=student, expect=1)
    assert count(page) == "3 failed, 8 passed"
    assert page.count("\nYour code returns nothing.") == 2
    assert page.count("\nWhat was checked: A batch of pictures becomes a batch of rows.") == 1
    assert page.count("\nWhat was checked: The layer can be part of an nn.Sequential") == 1


def test_in_ci_the_summary_has_one_line_for_each_check_that_failed(student):
    answer(student, NO_RETURN)
    page = run("exercises", cwd=student, expect=1, ci=True)
    summary = page.partition("short test summary info")[2].splitlines()
    assert len(summary) == 1 + 2 + 1  # the title's rest, two checks, the count
    assert summary[1].endswith("Your code returns nothing. Does it end with `return`?")


def test_items_are_chosen_stopped_at_and_run_again_as_pytest_does_it(student):
    assert count(run("exercises", "-k", "FlattenLayer", cwd=student, expect=1)) == "2 failed, 9 deselected"
    assert count(run("exercises", "-x", cwd=student, expect=1)) == "1 failed"
    assert count(run("exercises", "--lf", cwd=student, expect=1)) == "3 failed, 8 deselected"
    node = "exercises/convolution/checks.py::conv_output_size"
    assert count(run(node, "--collect-only", cwd=student, expect=0)) == "2 tests collected"
    assert count(run(f"{node}::counts_the_places", "--collect-only", cwd=student, expect=0)) == "1 test collected"


def test_collecting_starts_no_worker_and_imports_no_torch(student):
    program = (
        "import subprocess, sys, pytest\n"
        "subprocess.Popen = None\n"
        "assert pytest.main(['-q', '--collect-only', 'exercises']) == 0\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=student, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exercises/convolution/checks.py::FlattenLayer::sits_in_a_network\n" in done.stdout


def test_a_damaged_answer_key_is_one_sentence(student):
    (student / "exercises/convolution/answer_key.safetensors").write_bytes(b"x")
    page = run("exercises", cwd=student, expect=2)
    assert "can't be read" in page and "Copy the lesson's folder again." in page
    assert page.count("answer key") == 1


def test_a_project_without_lessons_does_not_notice_the_plugin(tmp_path):
    (tmp_path / "test_own.py").write_text(
        "import sys\n\ndef test_nothing_was_imported():\n    assert not {'torch', 'msgspec', 'numpy'} & set(sys.modules)\n"
    )
    assert count(run(cwd=tmp_path, expect=0)) == "1 passed"
    (tmp_path / "app").mkdir()
    for name in ("checks.py", "lesson.py"):
        (tmp_path / "app" / name).write_text("raise RuntimeError('imported')\n")
    with_it = run("app", cwd=tmp_path, expect=5)
    assert LAST_LINE.sub("", with_it) == LAST_LINE.sub("", run("app", "-p", "no:grader", cwd=tmp_path, expect=5))


def test_a_reference_earns_every_check_and_its_stub_none(authors):
    for name in ("doubles", "doubles_a_block_of_numbers", "the_stub_fails"):
        assert f"PASSED solutions/sound/checks.py::double::{name}\n" in authors
    checks = (ROOT / "solutions/gradients/checks.py").read_text(encoding="utf-8")
    items = len(re.findall(r"^(?:@\w+\.check|\w+ = lesson\.exercise)\(", checks, re.MULTILINE))
    assert authors.count("\nPASSED solutions/gradients/") == items


def test_a_reference_that_stops_in_a_hidden_check_is_told_with_its_error(authors):
    assert "FAILED solutions/stops/checks.py::double::doubles_a_block_of_numbers" in authors
    assert "doubles_a_block_of_numbers: the reference raises ValueError: no blocks" in authors


def test_a_stub_that_gives_the_answer_away_is_told(authors):
    assert "FAILED solutions/open/checks.py::double::the_stub_fails" in authors
    assert "The stub of double passes doubles, doubles_a_block_of_numbers, with nothing written." in authors


def test_an_authors_own_code_that_stops_is_a_sentence(authors):
    said = "solutions/broken/lesson.py, line 8: the lesson's own code stops with ZeroDivisionError: division by zero"
    assert f"\n{said}\n" in authors
    assert "ERROR solutions/unreadable/checks.py" in authors and "SyntaxError" in authors
