"""Windows and macOS: what a student uses there asks for nothing that only Linux has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.classroom import course_on_disk

pytestmark = pytest.mark.slow
ELSEWHERE = Path(__file__).parents[1] / "support" / "elsewhere"
PROBE = """
import sys, types
probe = types.ModuleType("grader.probe")
exec('''
import os, sys
print(sys.platform, hasattr(os, "fork"))
try:
    import fcntl
    print("fcntl")
except ImportError:
    print("none")
''', vars(probe))
print(sys.platform)
"""
NOTEBOOK = """
def double(X):
    return X * 2
from grader import check
feedback = check("double", "numbers")
print(feedback, feedback._repr_html_())
"""
SYSTEMS = ["win32", "darwin"]


def run(system, *words, cwd, expect=0):
    """A program on another system, as far as the grader can tell: its workers too."""
    variables = os.environ | {"PYTHONPATH": str(ELSEWHERE), "PRETEND": system}
    done = subprocess.run(
        [sys.executable, *words], cwd=cwd, env=variables, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("elsewhere")
    made = course_on_disk(root / "course")
    (made.exercises / "numbers").rename(root / "numbers")
    script = root / "numbers" / "numbers.py"
    answer = "def double(X):\r\n    return X * 2 if isinstance(X, str) is False else X.no_such_thing\r\n"
    script.write_bytes(f"# %%\r\nimport torch\r\n\r\n# %%\r\n{answer}".encode())  # lines end as an editor there ends them
    return root


@pytest.mark.parametrize(("system", "forks", "locks"), [("win32", False, "none"), ("darwin", True, "fcntl")])
def test_the_pretence_holds_for_the_grader_and_for_nobody_else(system, forks, locks, place):
    assert run(system, "-c", PROBE, cwd=place).split() == [system, str(forks), locks, "linux"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_student_lists_checks_and_asks_for_a_hint(system, place):
    assert "of 2 done" in run(system, "-m", "grader", "list", cwd=place)
    page = run(system, "-m", "grader", "check", cwd=place, expect=1)
    assert "no_such_thing" in page and "line 6 of numbers.py" in page
    assert "Hint 1 of 3" in run(system, "-m", "grader", "hint", "double", "1", cwd=place)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_student_starts(system, place):
    assert "grader watch" in run(system, "-m", "grader", "start", f"started-on-{system}", cwd=place)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_notebook_checks(system, place):
    assert "double" in run(system, "-c", NOTEBOOK, cwd=place)


@pytest.mark.parametrize("system", SYSTEMS)
def test_doctor_and_autograde_say_that_grading_needs_linux(system, place):
    assert "Linux" in run(system, "-m", "grader", "doctor", cwd=place, expect=1)
    (place / "course" / "submitted" / "ada" / "numbers").mkdir(parents=True, exist_ok=True)
    assert run(system, "-m", "grader", "autograde", "course/submitted", cwd=place, expect=2) == ""
