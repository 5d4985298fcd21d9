"""`check("…")` in a student's own kernel: the public probes on what the notebook has defined at this moment.

A notebook shows what `check` returns, so a wrong answer raises nothing: a traceback would bury the picture. nbgrader's
Validate, in JupyterLab or as a command, executes the notebook and takes an error in a graded cell for failure, and any
other output but a number for full marks. nbgrader names what it does in the environment, and there `check` raises, with the
same words and no traceback, or gives the points of the cell.
"""

from __future__ import annotations

import inspect
import os
from bdb import BdbQuit
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch

from grader import wire
from grader.checks import Check
from grader.errors import CourseError, Fault
from grader.files.submission import Submission
from grader.integrations import at_hand, faultline, guide
from grader.integrations.guide import Told
from grader.integrations.kernel import Deadline, standing_in, undisturbed
from grader.integrations.waiting import Waiting
from grader.judge import assess, observation
from grader.judge.assess import Followed
from grader.judge.key import Key
from grader.judge.observation import Named, Observation, Run
from grader.judge.result import Line, Result
from grader.lesson.declare import Lesson
from grader.messages import say
from grader.sandbox import follow
from grader.sandbox.faultline import wanted
from grader.student import own_check
from grader.worker.observe import Answer, kind_of_name, run_check

# PyTorch now imports its compiler, which takes a second: in the cell that imports, and not in the first check.
torch.ones(1, device="meta").add(1)


class Feedback:
    """What a check came to: a notebook shows it as HTML, anything else as text. `result` holds it as data, and is None where
    the lesson could not be read, as `problem` says."""

    def __init__(
        self, result: Result | None, problem: str = "", locate: Callable[[], Line | None] | None = None, place: Any = None
    ) -> None:
        """`locate` looks for the line at fault, where that is worth while; it may take seconds. `place` is where something
        has been shown meanwhile, which this takes the place of."""
        self.result = result
        self.problem = problem
        self._locate, self._place = locate, place

    def _ipython_display_(self) -> None:
        """Show the verdict at once. The line at fault follows, where one is found: nobody has to wait for it."""
        locate, self._locate = self._locate, None
        place, self._place = self._place, None
        if place is None and (locate is None or self.result is None):
            raise NotImplementedError  # IPython's word for: show me like anything else
        from IPython import get_ipython
        from IPython.display import display

        if place is None:
            handle = display(self._shown(), raw=True, display_id=True)
        else:
            handle = place
            handle.update(self._shown(), raw=True)
        if locate is None or self.result is None:
            return
        self.result.exercises[0].line = found = locate()
        if found and hasattr(get_ipython(), "kernel"):
            handle.update(self._shown(), raw=True)
        elif found:
            print(found.says)  # a terminal shows nothing anew

    def _shown(self) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

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


def check(
    exercise: str | Callable[..., Any] = "", folder: str | Path | None = None, *, debug: bool = False
) -> Feedback | Told | float:
    """Check an exercise, by default the one that was defined last, of the lesson in `folder`, by default the notebook's own.

    Nothing of it stays behind in the kernel: random numbers go on where they were, and every setting is as before. It can be
    interrupted at any time, and has the time limit that it has elsewhere.

    Args:
        debug: only run what the checks run, without a time limit; `breakpoint()` in the answer opens a debugger.

    Returns:
        What to show; it raises nothing, what is wrong with an answer or with the folder is in it. While nbgrader executes
        the notebook, the points of the exercise, if it is right.

    Raises:
        NotRight: nbgrader executes the notebook, and the exercise is not right.
        KeyboardInterrupt: it was interrupted.
    """
    frame = inspect.currentframe()
    names = frame.f_back.f_globals if frame and frame.f_back else {}
    exercise = at_hand.named(exercise)
    points, by_nbgrader = 0.0, bool({"NBGRADER_EXECUTION", "NBGRADER_VALIDATING"} & os.environ.keys())
    try:
        with undisturbed():
            found = at_hand.find(exercise, None if folder is None else Path(folder))
            if exercise in (item.name for item in found.key.written):
                return Told(say("graded_by_hand"))
            exercise = exercise or guide.defined_last(found.key, names)
            if debug:
                return Told(_debugged(own_check.only(found.key, exercise), exercise, found.lesson, names))
            points = own_check.only(found.key, exercise).points_of(exercise)
            with nullcontext(None) if by_nbgrader else Waiting(exercise) as waiting:
                ran, result = _result(found.key, exercise, found.lesson, names, found.checks)
            locate = _search(found.key, found.lesson, names, ran, result)
            feedback = Feedback(result, locate=locate, place=waiting.shown if waiting else None)
            guide.remember(found.key.lesson, exercise, result, names)
    except CourseError as error:
        feedback = Feedback(None, str(error))
    if not by_nbgrader:
        return feedback
    if feedback.result is None or feedback.result.exercises[0].state != "right":
        raise NotRight(str(feedback))
    return points


def _debugged(key: Key, exercise: str, lesson: Lesson, names: Mapping[str, Any]) -> str:
    """Run an exercise where `breakpoint()` opens the debugger of the kernel; what there is to say then."""
    try:
        for check in (lesson.checks[about.name] for about in key.checks if not about.given):
            run_check(lesson, check, Answer(names), key.seed, advice=False, interruptible=True, debugged=True)
    except BdbQuit:
        return say("debug_left", name=exercise)
    return say("debug_done", name=exercise)


def _result(whole: Key, exercise: str, lesson: Lesson, names: dict[str, Any], probes: str = "") -> tuple[Run, Result]:
    """One exercise's run, and its result. With the text of the probes, it also says which exercises that it uses are not
    right, what it gives with their solutions where the lesson asks for that, and how to run a failing case again."""
    key = own_check.only(whole, exercise)
    exercises = [item.name for item in whole.exercises]
    uses = sorted(faultline.used(names, exercise, exercises)) if probes else []
    named = Named(kind_of_name(names, exercise), uses=uses, begun=faultline.begun(names, exercise))
    ran = Run(names={exercise: named}, in_kernel=True)
    ran.defined = guide.defined(names, besides=set(exercises))
    for about in key.checks:
        ran.observations[about.name] = _observed(about, lesson, key.seed, names)

    @cache
    def is_right(other: str) -> bool:
        return _result(whole, other, lesson, names)[1].exercises[0].state == "right"

    judged = partial(assess.assess, key, Submission("", key.lesson), ran, "process", probes=probes, is_right=is_right)
    result = judged()
    (item,) = result.exercises
    if stand_in := follow.in_place(key, item, is_right):
        failed = {verdict.check for verdict in item.verdicts if not verdict.passed}
        with standing_in(names, {name: code for name, code in key.stand_ins.items() if name in stand_in}):
            seen = {each.name: _observed(each, lesson, key.seed, names) for each in key.checks if each.name in failed}
        result = judged(followed={exercise: Followed(stand_in, seen)})
    return ran, result


def _search(
    whole: Key, lesson: Lesson, names: Mapping[str, Any], ran: Run, result: Result
) -> Callable[[], Line | None] | None:
    """The search for the line at fault, where the answer is wrong without a name, and nothing that it uses is wrong."""
    key = own_check.only(whole, result.exercises[0].exercise)
    if not wanted(key, result, ran):
        return None

    def search() -> Line | None:
        try:
            return faultline.locate(names, key, lesson, [item.name for item in whole.exercises], ran)
        except KeyboardInterrupt:
            return None

    return search


def _observed(about: Check, lesson: Lesson, seed: str, names: Mapping[str, Any]) -> list[Observation] | Fault:
    given = {name: torch.from_numpy(item) for name, item in about.given.inputs.items()} if about.given else None
    check = lesson.checks[about.name]
    try:
        with Deadline(about.seconds):
            seen = run_check(lesson, check, Answer(names), seed, given=given, interruptible=True)
    except Fault as fault:
        return fault
    # Through bytes, as from the sandbox: one road for an observation, whoever made it.
    return observation.decode(*wire.split(seen), list[Observation])
