"""The instructor's Monday: the commands of their page do what it says, in the order in which they stand there, for a class
of the small lesson. nbgrader's own commands on hand-ins are run by `test_nbgrader`."""

import os
import re
import sys
from pathlib import Path

import pytest
from support.classroom import course_on_disk
from support.command import run

from grader.sandbox import doctor

pytest.importorskip("nbgrader", reason="nbgrader, which instructors install, is not here")
if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
BIN = Path(sys.executable).parent
SMALL = {"convolution": "numbers", "corr2d": "double", "24": "4"}
"""What stands on the page, and what the small lesson has in its place."""


def commands():
    """The lines of the page's blocks that begin with `grader` or `nbgrader db`, as lists of words."""
    text = "\n".join(block for language, block in BLOCKS if not language)
    for word, small in SMALL.items():
        text = re.sub(rf"\b{word}\b", small, text)
    lines = [[each.replace('"', "") for each in re.findall(r'(?:"[^"]*"|\S)+', line)] for line in text.splitlines()]
    return [words for words in lines if words[:1] == ["grader"] or words[:2] == ["nbgrader", "db"]]


def worth_more(checks):
    """Change the lesson: its first check is worth a point more."""
    text = checks.read_text()
    assert text.count("points=2") > 1
    checks.write_text(text.replace("points=2", "points=3", 1))


@pytest.mark.slow
def test_the_commands_of_the_page_run(tmp_path):
    (roster,) = [block for language, block in BLOCKS if language == "text"]
    course_on_disk(tmp_path)
    (tmp_path / "roster.csv").write_text(roster)
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "JUPYTER_PREFER_ENV_PATH": "1", "COLUMNS": "200"}
    said = {}
    found = commands()
    assert len(found) > 12
    for words in found:
        if words[1:] == ["release", "numbers"] and "grader autograde submitted" in said:
            worth_more(tmp_path / "solutions" / "numbers" / "checks.py")
        said[" ".join(words)] = run(BIN / words[0], *words[1:], cwd=tmp_path, **environment)
    assert "of 6 → " in said["grader autograde --dry-run"] and "of 7" in said["grader autograde --dry-run"]
    assert "of 6 → " in said["grader autograde"] and "Feedback pages that changed" in said["grader autograde"]
    assert "student-002" in said["grader explain student-002 numbers/double"]
    assert "student-002 (Grace Hopper)" in (tmp_path / "report.html").read_text(encoding="utf-8")
    for written in (
        "checks.csv",
        "canvas.csv",
        "grades.csv",
        "similar/numbers/info.csv",
        "feedback/student-002/numbers.html",
    ):
        assert (tmp_path / written).stat().st_size, written
