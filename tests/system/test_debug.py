"""`grader check --debug`: a debugger in the terminal, at the student's own line."""

import re
import subprocess

import pytest
from support.student import GRADER, course_in, write


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


def debug(course, *words, keys=""):
    done = subprocess.run(
        [GRADER, "check", "--debug", *words], cwd=course, input=keys, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def test_a_debugger_opens_at_the_line_and_nothing_is_judged(course):
    script = course / "1_tensors" / "tensors.py"
    write(script, "matrix_product", "Z = X @ Y\nbreakpoint()\nreturn Z")
    done = debug(course, "matrix_product", keys="p Z.sum()\nl\nq\n")
    assert re.search(r"\(Pdb\) tensor\(\d+\)", done.stdout) and "->" in done.stdout and "return Z" in done.stdout
    assert "You left the debugger" in done.stdout and "✓" not in done.stdout
    assert sorted(path.name for path in script.parent.iterdir() if path.is_file()) == [
        "answer_key.json", "answer_key.safetensors", "checks.py", "tensors.ipynb", "tensors.py",
    ]  # fmt: skip


def test_it_is_for_one_exercise(course):
    done = debug(course, "tensors")
    assert done.returncode == 2 and "Which exercise of tensors?" in done.stderr
    assert debug(course).returncode == 2
