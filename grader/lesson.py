"""What an author declares: a lesson's exercises, its checks, and the misconceptions it can name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from grader.inputs import Input

Answer = TypeVar("Answer", bound=Callable[..., Any])


class LessonError(Exception):
    """The lesson itself is at fault. The message is a sentence for its author."""


@dataclass(frozen=True)
class Exercise:
    """One thing to write: its difficulty from 1 to 5, about how many minutes it takes, and hints, each a step further."""

    name: str
    difficulty: int
    minutes: int
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Tolerance:
    """How far a number may be off, |got - expected| <= absolute + relative * |expected|, and why not the usual bounds."""

    relative: float
    absolute: float
    because: str


@dataclass(frozen=True)
class Check:
    """One question put to an answer: a probe, the inputs it is run on, and what is compared."""

    name: str
    exercise: str
    points: float
    probe: Callable[..., Any]
    inputs: dict[str, Input]
    says: str
    gradients: bool
    vectorised: bool
    device: bool
    forbids: tuple[str, ...]
    raises: str | None
    mentions: tuple[str, ...]
    tolerance: Tolerance | None
    seconds: float
    no_meta: str
    at_least: float | None


@dataclass(frozen=True)
class Misconception:
    """A plausible wrong answer and the sentence that a student who gave it should read."""

    name: str
    exercise: str
    says: str
    answer: Callable[..., Any]


class Lesson:
    """A lesson as its author writes it; `checks.py` makes one and `misconceptions.py` adds to it.

    Args:
        name: that of its folder.
        number: its place in the course, from 1; `grader.course` reads it from the text of `checks.py`.
    """

    def __init__(self, name: str, *, number: int = 0) -> None:
        self.name = name
        self.number = number
        self.exercises: dict[str, Exercise] = {}
        self.checks: dict[str, Check] = {}
        self.misconceptions: dict[str, Misconception] = {}
        self.givens: dict[str, Callable[[], tuple[dict[str, Any], Any]]] = {}

    def exercise(self, name: str, *, difficulty: int, minutes: int, hints: Sequence[str]) -> None:
        """Declare an exercise; the order of these calls is the order in which students meet them.

        Raises:
            LessonError: there is one of this name already, or the difficulty is not from 1 to 5.
        """
        if name in self.exercises:
            raise LessonError(f"Two exercises of {self.name} are called {name}.")
        if not 1 <= difficulty <= 5:
            raise LessonError(f"The difficulty of {name} is {difficulty}; it has to be from 1 to 5.")
        self.exercises[name] = Exercise(name, difficulty, minutes, tuple(hints))

    def check(
        self,
        exercise: str,
        *,
        points: float,
        gradients: bool = True,
        vectorised: bool = False,
        device: bool = False,
        forbids: Sequence[str] = (),
        raises: type[Exception] | None = None,
        mentions: Sequence[str] = (),
        tolerance: Tolerance | None = None,
        seconds: float = 2.0,
        no_meta: str = "",
        at_least: float | None = None,
        **inputs: Input,
    ) -> Callable[[Answer], Answer]:
        """Declare a check; the function below it is the probe, `probe(answer, **inputs)`, and its docstring is what the
        student reads.

        A probe returns what came out, never a verdict: whatever it returns is compared with what the reference gave.

        Args:
            exercise: the exercise it belongs to.
            points: what it is worth; 0 is allowed.
            gradients: also compare the gradient that flows back to each floating input.
            vectorised: the number of tensor operations may not grow with the sizes.
            device: a tensor made on the wrong device costs the points; else it is only advised against.
            forbids: operations that may not be dispatched, by their names in ATen, such as `"convolution"`.
            raises: the error that is the right answer here.
            mentions: words that the message of that error must hold.
            tolerance: other bounds than those of `torch.testing`, with the reason.
            seconds: CPU time that all its cases together may take.
            no_meta: why right answers can't run on the `meta` device, where they can't. The check is then not run on it.
            at_least: for what is learnt, and so differs from the reference's: the share, from 0 to 1, of entries of the
                result that have to be right. Inputs and right answers come from `given`; nothing else is compared.
            inputs: what the probe receives, by name.
        """

        def declare(probe: Answer) -> Answer:
            name = probe.__name__
            if exercise not in self.exercises:
                raise LessonError(
                    f"The check {name} names the exercise {exercise!r}, which {self.name} does not declare."
                )
            if name in self.checks:
                raise LessonError(f"Two checks of {self.name} are called {name}.")
            if not probe.__doc__:
                raise LessonError(f"The check {name} needs a docstring: it is the sentence that the student reads.")
            self.checks[name] = Check(
                name, exercise, float(points), probe, dict(inputs), " ".join(probe.__doc__.split()), gradients, vectorised,
                device, tuple(forbids), raises.__name__ if raises else None, tuple(mentions), tolerance, float(seconds),
                no_meta, at_least,
            )  # fmt: skip
            return probe

        return declare

    def given(self, check: str) -> Callable[[Answer], Answer]:
        """Declare the inputs and the right answers of a check with `at_least`: the function below it returns both, a dict of
        tensors by name, and one tensor. It stands in `misconceptions.py`: no student's code runs where that is read.
        """

        def declare(made: Answer) -> Answer:
            if check not in self.checks or self.checks[check].at_least is None:
                raise LessonError(f"`given` names {check}, which is no check of {self.name} with `at_least`.")
            self.givens[check] = made
            return made

        return declare

    def misconception(self, exercise: str, *, says: str) -> Callable[[Answer], Answer]:
        """Declare a named wrong answer; the function or class below it stands in the place of the exercise."""

        def declare(answer: Answer) -> Answer:
            name = answer.__name__
            if exercise not in self.exercises:
                raise LessonError(f"The misconception {name} names the exercise {exercise!r}, which does not exist.")
            if name in self.misconceptions:
                raise LessonError(f"Two misconceptions of {self.name} are called {name}.")
            self.misconceptions[name] = Misconception(name, exercise, " ".join(says.split()), answer)
            return answer

        return declare
