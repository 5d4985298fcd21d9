"""What lies beside the lessons of a student's course: what to do first, and what VS Code and git are told."""

from __future__ import annotations

import json

from grader.files.course import Course
from grader.messages import say

IGNORED = """\
# What the grader remembers, and what is made of your answers.
.grader/
hand_in/
__pycache__/
.ipynb_checkpoints/
"""
_PYTHON = "${command:python.interpreterPath}"
TASKS = {
    "version": "2.0.0",
    "tasks": [
        {
            "label": "grader: check this file",
            "type": "process",
            "command": _PYTHON,
            "args": ["-m", "grader", "check", "${file}"],
            "options": {"cwd": "${workspaceFolder}", "env": {"COLUMNS": "400"}},
            "group": {"kind": "build", "isDefault": True},
            "presentation": {"clear": True},
            "problemMatcher": {
                "owner": "grader",
                "source": "grader",
                "fileLocation": ["relative", "${workspaceFolder}"],
                "pattern": [
                    {"regexp": r"^\s*[✗○?xo]\s+\S+\s+(.+\.py):(\d+)\s*$", "file": 1, "line": 2},
                    {"regexp": r"^\s+(\S.*?)\s*$", "message": 1},
                ],
            },
        },
        {
            "label": "grader: watch",
            "type": "process",
            "command": _PYTHON,
            "args": ["-m", "grader", "watch"],
            "options": {"cwd": "${workspaceFolder}"},
            "presentation": {"focus": True, "panel": "dedicated"},
            "problemMatcher": [],
        },
    ],
}
"""What VS Code is told: Ctrl+Shift+B checks the file that is open, and lists what is wrong among its problems."""


def write(course: Course) -> None:
    """Write what is not there yet."""
    first = course.lessons()[0]
    files = {
        "README.md": say("readme", lesson=first, path=course.folder(first).name),
        ".gitignore": IGNORED,
        ".vscode/tasks.json": json.dumps(TASKS, indent=2, ensure_ascii=False) + "\n",
    }
    for name, text in files.items():
        file = course.exercises / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
