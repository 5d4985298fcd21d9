"""`check("…")` in a student's own kernel: the public probes on what the notebook has defined at this moment."""

from __future__ import annotations

import inspect
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from grader import assess, observation, own_check, wire
from grader import key as keys
from grader.key import CourseError
from grader.messages import say
from grader.observe import Answer, kind_of_name, load_checks, run_check
from grader.result import Result
from grader.run import Run
from grader.submission import Submission


class Shown:
    """What a check came to; Jupyter and Python show it as text."""

    def __init__(self, result: Result | None, problem: str = "") -> None:
        self.result = result
        self.problem = problem

    def __repr__(self) -> str:
        if self.result is None:
            return self.problem
        from rich.console import Console

        from grader.report.text import show

        page = io.StringIO()
        show(self.result, Console(file=page, width=100))
        return page.getvalue().rstrip()


def check(exercise: str, folder: str | Path = ".") -> Shown:
    """Check an exercise of the lesson in `folder`, by default the one that the notebook lies in.

    It raises nothing: what is wrong, with an answer or with the folder, is in what it returns.
    """
    frame = inspect.currentframe()
    names = frame.f_back.f_globals if frame and frame.f_back else {}
    try:
        return Shown(_result(exercise, Path(folder), names))
    except CourseError as error:
        return Shown(None, str(error))


def _result(exercise: str, folder: Path, names: Mapping[str, Any]) -> Result:
    key = own_check.only(keys.load(folder), exercise)
    try:
        lesson = load_checks((folder / "checks.py").read_text(encoding="utf-8"))
    except OSError:
        raise CourseError(say("no_checks", folder=folder.resolve())) from None
    ran = Run(kinds={exercise: kind_of_name(names, exercise)})
    for about in key.checks:
        given = {name: torch.from_numpy(item) for name, item in about.given.inputs.items()} if about.given else None
        seen = run_check(lesson, lesson.checks[about.name], Answer(names), key.seed, given=given)
        # Through bytes, as from the sandbox: one road for an observation, whoever made it.
        ran.observations[about.name] = observation.decode(*wire.split(seen), list[observation.Observation])
    return assess.assess(key, Submission("", key.lesson), ran, "process")
