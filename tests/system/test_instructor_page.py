"""The instructor's page: its commands do what it says, in the order in which they stand there, for a class of the small
lesson."""

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
BIN = Path(sys.executable).parent
SMALL = {"convolution": "numbers", "corr2d": "double", "24": "4"}
"""What stands on the page, and what the small lesson has in its place."""


def commands():
    """The lines of the page's blocks that begin with `grader` or `nbgrader`, as lists of words."""
    blocks = re.findall(r"^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    text = "\n".join(blocks)
    for word, small in SMALL.items():
        text = re.sub(rf"\b{word}\b", small, text)
    lines = [[each.replace('"', "") for each in re.findall(r'(?:"[^"]*"|\S)+', line)] for line in text.splitlines()]
    return [words for words in lines if words[:1] in (["grader"], ["nbgrader"])]


@pytest.mark.slow
def test_the_commands_of_the_page_run(tmp_path):
    (roster,) = re.findall(r"^```text\n(id,.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    course_on_disk(tmp_path)
    (tmp_path / "roster.csv").write_text(roster)
    (tmp_path / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    environment = {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "JUPYTER_PREFER_ENV_PATH": "1", "COLUMNS": "200"}
    said = {}
    for words in commands():
        said[" ".join(words)] = run(BIN / words[0], *words[1:], cwd=tmp_path, **environment)
    assert "Nothing would change" in said["grader autograde --dry-run"] or "0 of" in said["grader autograde --dry-run"]
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "student-002 (Grace Hopper)" in report
    assert "student-002" in said["grader explain student-002 numbers/double"]
    assert (tmp_path / "feedback" / "student-002" / "numbers.html").is_file()
    for written in ("checks.csv", "canvas.csv", "grades.csv", "similar/numbers/info.csv"):
        assert (tmp_path / written).stat().st_size, written
