"""The student's page: its commands do what it says, in the order in which they stand there."""

import re
import shutil
from pathlib import Path

from support.command import run
from support.student import GRADER, RIGHT, write
from support.terminal import Terminal

PAGE = (Path(__file__).parents[2] / "docs" / "student.md").read_text(encoding="utf-8")


def commands():
    """The lines of the page's blocks that begin with `grader`, as lists of words."""
    blocks = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    lines = [line.partition("#")[0].split() for block in blocks for line in block.splitlines()]
    return [words[1:] for words in lines if words[:1] == ["grader"]]


def test_the_commands_of_the_page_run(tmp_path):
    course = tmp_path / "torch-exercises"
    found = commands()
    assert found[0] == ["start"] and ["submit", "tensors"] in found and len(found) > 8
    for words in found:
        here = course if course.exists() else tmp_path
        if words == ["watch"]:
            terminal = Terminal(GRADER, *words, cwd=here)
            terminal.wait_for("q quit")
            terminal.close()
            write(course / "1_tensors" / "tensors.py", "cat_along", RIGHT["cat_along"])
        else:
            wrong = words == ["check", "tensors"]
            run(GRADER, *words, cwd=here, expect=1 if wrong else 0)
            if words[:1] == ["reset"]:
                (copy,) = (course / ".grader" / "backup").rglob("*.py")
                shutil.copy(copy, course / "1_tensors" / "tensors.py")
    assert (course / "hand_in" / "tensors.zip").exists()
