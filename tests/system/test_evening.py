"""A student's evening, lived whole: the wheel in an environment of its own, three lessons solved with `grader watch`, handed
in, and graded in a class by the instructor's own installation. Every score is the one that was told."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from support.command import GRADER, run

pytest.importorskip("pty", reason="there are no pseudo-terminals here")
pytest.importorskip("nbgrader")
from support.terminal import Terminal

from grader.judge import result
from grader.sandbox import doctor

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LESSONS = ["tensors", "gradients", "training"]
WRONG = {
    "matrix_product": ("X @ Y", "X * Y", "multiplied the entries that stand at"),
    "gradients_in_turn": ("x.grad.zero_()", "pass", "the sum of all before"),
    "train_step": ("optimizer.zero_grad()", "pass", "never cleared"),
}
"""What the student writes first, as an edit of the right answer, and a part of what is told."""
TWO_AXES = "def cat_along(tensors, dim):\n    return torch.vstack(tensors) if dim == 0 else torch.hstack(tensors)\n"
"""It passes all that a student can see, and not all that is graded."""
CHINESE = "bo"
"""A student who has written the same into the Chinese script of the first lesson."""
UNWRITTEN = "evaluate"
KEYS = ".*q quit"


def right_answers(lesson):
    text = (ROOT / "tests" / "submissions" / "textbook" / f"{lesson}.py").read_text(encoding="utf-8")
    found = dict(re.findall(r"^# %% (\w+): textbook\n(.*?)\s*(?=^# %%|\Z)", text, re.MULTILINE | re.DOTALL))
    return {name: code.replace("torch.mm(X, Y)", "X @ Y") for name, code in found.items()}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The `bin` of an environment with the wheel, as built from this checkout; what it depends on is lent."""
    home = tmp_path_factory.mktemp("environment")
    building = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", home]
    subprocess.run(building, cwd=ROOT, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "env"], check=True)
    python = home / "env" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, *home.glob("*.whl")], check=True, capture_output=True)
    own = subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True)
    # As a path it is only looked into: the line that leads from there to this checkout is not followed.
    Path(own.strip(), "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return home / "env" / "bin"


@pytest.fixture(scope="module")
def grader(environment):
    """Runs the installed program; nothing of this checkout is on its path."""

    def grader(*words, cwd):
        return run(environment / "grader", *words, cwd=cwd, PYTHONPATH="")

    return grader


class Desk:
    """A student's course, in which answers are written into the script or the notebook of a lesson."""

    def __init__(self, course):
        self.course = course

    def write(self, file, name, code):
        cells = re.compile(rf"^(?:def|class) {name}\b.*?(?=^# %%|\Z)", re.MULTILINE | re.DOTALL)
        if file.suffix == ".py":
            text, times = cells.subn(lambda _: code + "\n\n", file.read_text(encoding="utf-8"))
        else:
            notebook = json.loads(file.read_text(encoding="utf-8"))
            defining = [cell for cell in notebook["cells"] if cells.match("".join(cell["source"]))]
            for cell in defining:
                cell["source"] = code
            text, times = json.dumps(notebook), len(defining)
        assert times == 1, name
        file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def evening(environment, grader, tmp_path_factory):
    """What the student was told at the end: the rows of `grader list`, and what `grader submit` said."""
    home = tmp_path_factory.mktemp("evening")
    assert "cd torch-exercises" in grader("start", cwd=home)
    course = home / "torch-exercises"
    terminal = Terminal(environment / "grader", "watch", cwd=course, columns=100, PYTHONPATH="")
    try:
        terminal.wait_for(f"○ .*matrix_product{KEYS}", 120)
        live(Desk(course), terminal)
    finally:
        terminal.close()
    return course, json.loads(grader("list", "--json", cwd=course)), grader("submit", cwd=course)


def live(desk, terminal):
    """Each exercise in its turn: some wrong first, one left as it is, and `n` to go on."""
    for number, lesson in enumerate(LESSONS, 1):
        file = desk.course / f"{number}_{lesson}" / f"{lesson}{'.ipynb' if lesson == 'gradients' else '.py'}"
        for name, code in right_answers(lesson).items():
            if name == UNWRITTEN:
                continue
            if name != "matrix_product":
                terminal.press("n")
                terminal.wait_for(f"○ {name}{KEYS}", 120)
            if name in WRONG:
                before, after, said = WRONG[name]
                desk.write(file, name, code.replace(before, after))
                terminal.wait_for(f"✗ {name}.*{said}{KEYS}", 120)
            desk.write(file, name, TWO_AXES if name == "cat_along" else code)
            terminal.wait_for(f"✓ {name}.*Press n{KEYS}", 120)


@pytest.fixture(scope="module")
def graded(evening, tmp_path_factory):
    """A class that got the three archives by nbgrader's `zip_collect`, and graded them."""
    course, _, _ = evening
    root = tmp_path_factory.mktemp("class")
    for lesson in LESSONS:
        for folder in ("solutions", "exercises"):
            shutil.copytree(ROOT / folder / lesson, root / folder / lesson)
        downloaded = root / "downloaded" / lesson / "archive"
        downloaded.mkdir(parents=True)
        shutil.copy(course / "hand_in" / f"{lesson}.zip", downloaded / f"ada_assignsubmission_file_{lesson}.zip")
    shutil.copytree(ROOT / "exercises_zh_CN" / "tensors", root / "exercises_zh_CN" / "tensors")
    theirs = Desk(shutil.copytree(root / "exercises_zh_CN" / "tensors", root / "submitted" / CHINESE / "tensors"))
    for name, code in right_answers("tensors").items():
        theirs.write(theirs.course / "tensors.py", name, TWO_AXES if name == "cat_along" else code)
    shutil.copytree(ROOT / "img", root / "img", ignore=shutil.ignore_patterns("*.py"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    pattern = r".*[/](?P<student_id>\w+?)_assignsubmission_file_[^/]*/(?P<file_id>.*)"
    for lesson in LESSONS:
        named = f"--FileNameCollectorPlugin.named_regexp={pattern}"
        run(GRADER.with_name("nbgrader"), "zip_collect", lesson, named, cwd=root)
    isolation = ["--isolation", "process"] if doctor.lacking() else []
    run(GRADER, "autograde", "submitted", *isolation, cwd=root)
    return root


def earned(root, student, lesson):
    """What each exercise of a hand-in earned in a class, where there was nothing to say of the files."""
    graded = result.load(root / ".grader" / "results" / student / f"{lesson}.json")
    assert not graded.notes
    return {item.exercise: item.earned for item in graded.exercises}


def test_the_student_is_told_what_is_right_and_that_more_is_checked(evening):
    _, rows, said = evening
    states = {row["exercise"]: row["state"] for row in rows if row["lesson"] in LESSONS}
    assert [name for name, state in states.items() if state != "right"] == [UNWRITTEN] and len(states) == 18
    assert "6 of 6 exercises pass all the checks that you can see" in said
    assert "11 more checks run when it is graded" in said and f"Not written yet: {UNWRITTEN}." in said


def test_each_score_is_the_one_that_was_told(evening, graded):
    _, rows, _ = evening
    told = {lesson: {row["exercise"]: row["points"] for row in rows if row["lesson"] == lesson} for lesson in LESSONS}
    told["training"][UNWRITTEN] = 0
    told["tensors"]["cat_along"] = 1  # of 1.5: it fails what only a class checks
    assert {lesson: earned(graded, "ada", lesson) for lesson in LESSONS} == told


def test_each_student_reads_the_language_of_what_was_handed_in_and_the_scores_are_the_same(graded):
    assert earned(graded, CHINESE, "tensors") == earned(graded, "ada", "tensors")
    pages = [(graded / "feedback" / name / "tensors.html").read_text(encoding="utf-8") for name in ("ada", CHINESE)]
    assert '<html lang="en"' in pages[0] and '<html lang="zh-CN"' in pages[1]
    assert "矩阵" in pages[1] and "矩阵" not in pages[0]
