"""`check("…")` in a student's own kernel: the public probes on what the notebook has defined at this moment.

A notebook shows what `check` returns, so a wrong answer raises nothing: a traceback would bury the picture. nbgrader's
Validate, in JupyterLab or as a command, executes the notebook and takes an error in a graded cell for failure, and any
other output but a number for full marks. nbgrader names what it does in the environment, and there `check` raises, with the
same words and no traceback, or gives the points of the cell.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from grader import assess, observation, own_check, wire
from grader import key as keys
from grader.key import CourseError, Key
from grader.lesson import Lesson
from grader.messages import say
from grader.observe import Answer, kind_of_name, load_checks, run_check
from grader.result import Result
from grader.run import Run
from grader.submission import Submission

# PyTorch now imports its compiler, which takes a second: in the cell that imports, and not in the first check.
torch.ones(1, device="meta").add(1)


class Feedback:
    """What a check came to: a notebook shows it as HTML, anything else as text. `result` holds it as data, and is None where
    the lesson could not be read, as `problem` says."""

    def __init__(self, result: Result | None, problem: str = "") -> None:
        self.result = result
        self.problem = problem

    def __repr__(self) -> str:
        if self.result is None:
            return self.problem
        from grader.report import text

        return text.plain(self.result)

    def _repr_html_(self) -> str:
        from grader.report import html

        if self.result is None:
            return html.problem(self.problem)
        return html.exercise(self.result.exercises[0], graded=False)


class NotRight(Exception):
    """Tells nbgrader's Validate that an exercise is not right. Its text is all that is shown."""

    def _render_traceback_(self) -> list[str]:
        return str(self).split("\n")


def check(exercise: str, folder: str | Path = ".") -> Feedback | float:
    """Check an exercise of the lesson in `folder`, by default the one that the notebook lies in.

    Returns:
        What to show; it raises nothing, what is wrong with an answer or with the folder is in it. While nbgrader executes
        the notebook, the points of the exercise, if it is right.

    Raises:
        NotRight: nbgrader executes the notebook, and the exercise is not right.
    """
    frame = inspect.currentframe()
    names = frame.f_back.f_globals if frame and frame.f_back else {}
    try:
        feedback = Feedback(_result(exercise, Path(folder), names))
    except CourseError as error:
        feedback = Feedback(None, str(error))
    if not {"NBGRADER_EXECUTION", "NBGRADER_VALIDATING"} & os.environ.keys():
        return feedback
    if feedback.result is None or feedback.result.exercises[0].state != "right":
        raise NotRight(str(feedback))
    return _read(Path(folder))[0].points_of(exercise)


def _result(exercise: str, folder: Path, names: Mapping[str, Any]) -> Result:
    key, lesson = _read(folder)
    key = own_check.only(key, exercise)
    ran = Run(kinds={exercise: kind_of_name(names, exercise)})
    for about in key.checks:
        given = {name: torch.from_numpy(item) for name, item in about.given.inputs.items()} if about.given else None
        seen = run_check(lesson, lesson.checks[about.name], Answer(names), key.seed, given=given)
        # Through bytes, as from the sandbox: one road for an observation, whoever made it.
        ran.observations[about.name] = observation.decode(*wire.split(seen), list[observation.Observation])
    return assess.assess(key, Submission("", key.lesson), ran, "process")


def _read(folder: Path) -> tuple[Key, Lesson]:
    """The answer key and the checks that lie beside the notebook, read again when they have changed."""
    files = [folder.resolve() / name for name in (keys.JSON_NAME, keys.TENSORS_NAME, "checks.py")]
    return _read_once(folder.resolve(), tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files))


@lru_cache(maxsize=4)
def _read_once(folder: Path, changed: tuple[int, ...]) -> tuple[Key, Lesson]:
    key = keys.load(folder)
    try:
        return key, load_checks((folder / "checks.py").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise CourseError(say("no_checks", folder=folder)) from None
