"""Inside the fork, or a plain subprocess: runs an answer's cells and a lesson's probes, and sends back observations.

It does what it is told, one message after the other, and knows no expected value. `python -m grader.worker.child`
serves its standard input and output.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import types
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, BinaryIO

import numpy as np
import safetensors.torch
import torch

import grader
from grader import edits, wire
from grader.families import FAMILIES
from grader.lesson.declare import Lesson, LessonError, Misconception
from grader.worker import magics, noticed, stand_ins
from grader.worker.cells import Again, Cells
from grader.worker.errors import CELL_FILENAME, MISCONCEPTIONS_FILENAME, describe_error
from grader.worker.mending import Mending, Near
from grader.worker.normal import normalized
from grader.worker.observe import Answer, load_checks, run_check

Message = dict[str, Any]
_WARM_UP = """
from grader import Lesson, choice, labels, normal
lesson = Lesson("warm")
echo = lesson.exercise("echo")
@echo.check(points=1)
def touches_everything(answer, X=normal("n m"), K=normal("k>=2 m"), y=labels("n", "m"), way=choice(1, 2)):
    "Runs."
    return answer.echo(X, K, y)
@echo.check(points=1, vectorized=True, forbids=["convolution"])
def counts_operations(answer, X=normal("n m"), K=normal("k>=2 m"), y=labels("n", "m"), way=choice(1, 2)):
    "Counts."
    return answer.echo(X, K, y)
"""


class Job:
    """One submission: its names after its cells have run, and the lesson whose probes are put to it."""

    def __init__(self) -> None:
        self.module = types.ModuleType("__main__")
        self.cells = Cells(self.module)
        self.lesson: Lesson | None = None
        self.mending: Mending | None = None
        sys.modules["__main__"] = sys.modules["submission"] = self.module
        magics.install(self.module.__dict__)
        stand_ins.used.clear()
        grader.check = _quiet  # a check in a cell has nothing to compare with here

    def begin(self, file: str, beside: dict[str, str]) -> Message:
        """Say which file the cells come from. A script is a module of its name, and has what a script expects; what lies
        beside it can be imported and read.

        Args:
            file: its name.
            beside: the text of Python files by their names, the script itself among them.
        """
        folder = os.getcwd()
        for name, text in beside.items():
            with open(os.path.join(folder, os.path.basename(name)), "w", encoding="utf-8", errors="replace") as target:
                target.write(text)
        if folder not in sys.path:
            sys.path.append(folder)
        sys.argv = [file]
        stem, ending = os.path.splitext(file)
        if ending.lower() == ".py":
            self.module.__name__ = stem  # `if __name__ == "__main__":` holds what is shown when it is run by hand
            self.module.__file__ = os.path.join(folder, file)
            sys.modules.setdefault(stem, self.module)
        return {}

    def bring(self, data: dict[str, str]) -> Message:
        """Write a lesson's files of data, read-only, into `data/` where cells run.

        Args:
            data: their content in base64, by their names.
        """
        folder = os.path.join(os.getcwd(), "data")
        os.makedirs(folder, exist_ok=True)
        for name, content in data.items():
            path = os.path.join(folder, os.path.basename(name))
            with open(path, "wb") as target:
                target.write(b64decode(content))
            os.chmod(path, 0o444)
        return {}

    def normal(self, cells: list[str], exercises: list[str]) -> Message:
        """A digest of what cells define, before any of them is run (`grader.worker.normal`)."""
        return {"digest": normalized(cells, exercises)}

    def cell(self, index: int, source: str, again: Again = "") -> Message:
        """Execute one cell in the submission's names (`Cells.run`)."""
        return self.cells.run(index, source, again=again) | {"noted": sorted(stand_ins.used)}

    def names(self, names: list[str]) -> Message:
        """How the exercises' names are bound, and whether there is a GPU."""
        return {"names": self.cells.names(names), "gpu": torch.cuda.is_available()}

    def load(
        self, checks: str, misconceptions: str = "", references: dict[str, str] | None = None, tells: bool = True
    ) -> Message:
        """Take in a lesson's checks and, for the author's own runs, its misconceptions.

        Args:
            references: the text of the cell that defines each exercise: what slips are edits of.
            tells: answer what was declared.
        """
        Lesson.makes_inputs = references is not None
        self.lesson = load_checks(checks)
        self.lesson.references = references or {}
        if misconceptions:
            sys.modules["lesson"] = self.module
            exec(compile(misconceptions, MISCONCEPTIONS_FILENAME, "exec"), {"__name__": "misconceptions"})
        return _described(self.lesson) if tells else {"taken": True}

    def given(self, name: str, seed: int) -> Message:
        """The inputs and the right answers of a check that is not compared with the reference; for the author's runs."""
        assert self.lesson is not None, "load comes before given"
        made, answers = self.lesson.givens[name](seed)
        return {"inputs": {name: item.numpy() for name, item in made.items()}, "answers": answers.numpy()}

    def check(
        self,
        name: str,
        seed: str,
        answer: str = "",
        advice: bool = True,
        show_inputs: bool = False,
        given: dict[str, torch.Tensor] | None = None,
        debugged: bool = False,
    ) -> Message:
        """Run one check on the submission or, where `answer` names one, on a misconception or another way in its
        exercise's place."""
        assert self.lesson is not None, "load comes before check"
        names = self.module.__dict__
        if answer:
            mistake = self.lesson.misconceptions.get(answer) or self.lesson.ways[answer]
            names = names | {mistake.exercise: mistake.answer or self._slipped(mistake)}
        check = self.lesson.checks[name]
        return {
            "observations": run_check(
                self.lesson,
                check,
                Answer(names),
                seed,
                advice=advice and not debugged,
                show_inputs=show_inputs,
                given=given,
                debugged=debugged,
            ),
            "noted": sorted(stand_ins.used),
        }

    def edits(self, exercise: str, exercises: list[str], near: dict[str, int] | None = None) -> Message:
        """The small edits of an exercise's definition, which `tried` then tries.

        Args:
            exercises: the names of all exercises: none is a helper of another one.
            near: the cell and the line that it stopped at.
        """
        torch.ones(1, device="meta").add(1)  # it imports much on first use, which is not an edit's doing
        parts = self.cells.parts(exercise, exercises)
        self.mending = Mending(self.module.__dict__, parts, self.cells.functions(), self._near(near))
        return {"edits": self.mending.described()}

    @staticmethod
    def _near(place: dict[str, int] | None) -> Near | None:
        if place is None:
            return None
        return Near(place["cell"], place["line"], CELL_FILENAME.format(index=place["cell"]))

    def tried(
        self,
        name: str,
        seed: str,
        numbers: list[int],
        only: int | None = None,
        given: dict[str, torch.Tensor] | None = None,
        debugged: bool = False,
    ) -> Message:
        """Put a check to some of the edits (`Mending.tried`)."""
        assert self.lesson is not None and self.mending is not None, "load and edits come before tried"
        return self.mending.tried(self.lesson, self.lesson.checks[name], seed, numbers, only=only, given=given)

    def _slipped(self, mistake: Misconception) -> object:
        """What the reference becomes by the edits of a slip. It finds the references of the other exercises."""
        assert self.lesson is not None, "load comes before check"
        if mistake.exercise not in self.lesson.references:
            raise LessonError(
                f"The slip {mistake.name} edits the solution of {mistake.exercise}, and there is no cell in lesson.py that "
                "begins with its definition and holds the solution."
            )
        text = edits.edited(self.lesson.references[mistake.exercise], mistake.edits)
        names = dict(self.module.__dict__)
        exec(compile(text, MISCONCEPTIONS_FILENAME, "exec"), names)
        return names[mistake.exercise]


def _quiet(*_: object, **__: object) -> None:
    """Does nothing."""


def _described(lesson: Lesson) -> Message:
    return {
        "lesson": lesson.name,
        "exercises": list(lesson.exercises),
        "written": list(map(asdict, lesson.questions.values())),
        "checks": list(map(asdict, lesson.checks.values())),
        "misconceptions": [
            {"name": item.name, "exercise": item.exercise, "says": item.says} for item in lesson.misconceptions.values()
        ],
        "solutions": [item.name for item in lesson.exercises.values() if item.shown],
        "ways": {item.name: item.exercise for item in lesson.ways.values()},
        "follow_through": lesson.follow_through,
    }


def serve(reader: BinaryIO, writer: BinaryIO) -> None:
    """Answer messages until there are no more. A message we can't handle is a bug of ours, or a wrong lesson: its error
    is the answer. Each process draws the same random numbers: which one runs an answer must not decide its grade."""
    random.seed(0)
    np.random.seed(0)
    torch.default_generator.manual_seed(0)
    job = Job()
    while (frame := wire.read_frame(reader)) is not None:
        message = json.loads(frame[0])
        if "given" in message:
            arrays = safetensors.torch.load(frame[1])
            message["given"] = {name: arrays[str(number)] for name, number in message["given"].items()}
        try:
            step: Callable[..., Message] = getattr(job, message.pop("do"))
            reply = step(**message)
        except BaseException as error:
            reply = {"failed": describe_error(error)}
        try:
            wire.write_frame(writer, reply)
        except (wire.FrameError, TypeError, ValueError):
            wire.write_frame(writer, {"failed": {"type": "FrameError", "bases": [], "message": "too large"}})


def warm_up() -> None:
    """Import what PyTorch imports only on first use: the first backward, the first step of an optimizer, the first
    operation on `meta`. A fork of a process that has done so need not do it again. The same goes for pages of memory that
    are written to on first use: so a lesson of our own goes the whole way once."""
    import grader.worker.mends  # noqa: F401

    stand_ins.install()
    torch.set_num_threads(1)
    layer = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), torch.nn.BatchNorm2d(1), torch.nn.Flatten())
    loss = torch.nn.CrossEntropyLoss()(layer(torch.ones(2, 1, 2, 2)), torch.zeros(2, dtype=torch.int64))
    loss.backward()
    for kind in (torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop, torch.optim.Adadelta, torch.optim.Adam):
        optimizer = kind(layer.parameters(), lr=0.1)
        optimizer.zero_grad()
        optimizer.step()
    torch.ones(2, device="meta") @ torch.ones(2, device="meta")
    job = Job()
    job.cell(0, "import torch\ndef echo(X, K, y):\n    print()\n    return [(X * K[0]).sum(dim=0), y]\n")
    job.load(_WARM_UP)
    if noticed.available():
        noticed.look_for(FAMILIES)
    for name in ("touches_everything", "counts_operations"):
        wire.split(job.check(name, "warm", show_inputs=True))
    gc.collect()
    gc.freeze()


def main() -> None:
    """Serve standard input and output; what student code prints must not get into either. `warm`: warm up before."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(null, descriptor)
    if sys.argv[1:] == ["warm"]:
        warm_up()
    stand_ins.install()
    torch.set_num_threads(1)
    wire.write_frame(writer, {})  # what comes from now on is the answer's time
    serve(reader, writer)
    os._exit(0)  # an answer's threads and exit handlers have no say


if __name__ == "__main__":
    main()
