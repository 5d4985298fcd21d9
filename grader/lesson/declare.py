"""What an author declares: a lesson's exercises, its checks, and the misconceptions it can name."""

from __future__ import annotations

import difflib
import inspect
import keyword
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import torch

from grader.errors import LessonError as LessonError
from grader.lesson.inputs import Choice, Drawn, Input, Value

Answer = TypeVar("Answer", bound=Callable[..., Any])
Given = Callable[[], tuple[dict[str, Any], Any]]
A_NAME = "it needs a name of letters from a to z, digits and _, that Python can have for a variable."


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
        number: its place in the course, from 1; `grader.files.course` reads it from the text of `checks.py`.
    """

    def __init__(self, name: str, *, number: int = 0) -> None:
        _require(_is_name(name), f"A lesson can't be called {name!r}: {A_NAME}")
        _require(_is_whole(number) and number >= 0, f"The number of a lesson is a whole number, not {number!r}.")
        self.name = name
        self.number = number
        self.exercises: dict[str, Exercise] = {}
        self.checks: dict[str, Check] = {}
        self.misconceptions: dict[str, Misconception] = {}
        self.givens: dict[str, Given] = _Givens()

    def exercise(self, name: str, *, difficulty: int, minutes: int, hints: Sequence[str]) -> None:
        """Declare an exercise; the order of these calls is the order in which students meet them.

        Raises:
            LessonError: there is one of this name already, or something is not of its kind.
        """
        _require(_is_name(name), f"An exercise can't be called {name!r}: {A_NAME}")
        _require(name not in self.exercises, f"Two exercises of {self.name} are called {name}.")
        if not (_is_whole(difficulty) and 1 <= difficulty <= 5):
            raise LessonError(f"The difficulty of {name} is {difficulty!r}; it has to be from 1 to 5.")
        if not (_is_whole(minutes) and minutes > 0):
            raise LessonError(f"The minutes of {name} are {minutes!r}; they have to be a whole number from 1 on.")
        _require(_are_texts(hints), f"The hints of {name} have to be a tuple or a list of texts, not {hints!r}.")
        self.exercises[name] = Exercise(name, difficulty, minutes, tuple(hints))

    def check(
        self,
        exercise: str,
        *,
        points: float,
        gradients: bool = True,
        vectorised: bool = False,
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
            forbids: operations that may not be dispatched, by their names in ATen, such as `"convolution"`.
            raises: the error that is the right answer here.
            mentions: words that the message of that error must hold.
            tolerance: other bounds than those of `torch.testing`, with the reason.
            seconds: CPU time that all its cases together may take.
            no_meta: why right answers can't run on the `meta` device, where they can't. The check is then not run on it.
            at_least: for what is learnt, and so differs from the reference's: the share, from 0 to 1, of entries of the
                result that have to be right; its shape, dtype and device have to be those of the right answers. Inputs and
                right answers come from `given`.
            inputs: what the probe receives, by name.

        Raises:
            LessonError: something is not of its kind, or the inputs are not what the probe takes. Whether sizes fit their
                shapes shows when they are made.
        """

        def declare(probe: Answer) -> Answer:
            name = probe.__name__
            self._require_exercise(f"The check {name} names", exercise, f"{self.name} does not declare")
            _require(name not in self.checks, f"Two checks of {self.name} are called {name}.")
            says = " ".join((probe.__doc__ or "").split())
            error = raises.__name__ if isinstance(raises, type) else raises
            _require(says, f"The check {name} needs a docstring: it is the sentence that the student reads.")
            check = Check(
                name, exercise, points, probe, dict(inputs), says, gradients, vectorised, tuple(forbids), error,
                tuple(mentions), tolerance, seconds, no_meta, at_least,
            )  # fmt: skip
            _require_options(check, raises, forbids, mentions)
            _require_inputs(check)
            self.checks[name] = replace(check, points=float(points), seconds=float(seconds))
            return probe

        return declare

    def given(self, check: str) -> Callable[[Answer], Answer]:
        """Declare the inputs and the right answers of a check with `at_least`: the function below it returns both, a dict of
        tensors by name, and one tensor. It stands in `misconceptions.py`: no student's code runs where that is read.
        """

        def declare(made: Answer) -> Answer:
            if check not in self.checks or self.checks[check].at_least is None:
                raise LessonError(f"`given` names {check}, which is no check of {self.name} with `at_least`.")
            self.givens[check] = partial(_given, self.checks[check], made)
            return made

        return declare

    def misconception(self, exercise: str, *, says: str) -> Callable[[Answer], Answer]:
        """Declare a named wrong answer; the function or class below it stands in the place of the exercise."""

        def declare(answer: Answer) -> Answer:
            name = getattr(answer, "__name__", "")
            _require(name and callable(answer), f"A misconception of {exercise} has to be a function or a class.")
            self._require_exercise(f"The misconception {name} names", exercise, "does not exist")
            _require(name not in self.misconceptions, f"Two misconceptions of {self.name} are called {name}.")
            if not (isinstance(says, str) and says.strip()):
                raise LessonError(
                    f"The misconception {name} has to say something: its `says` is what the student reads."
                )
            self.misconceptions[name] = Misconception(name, exercise, " ".join(says.split()), answer)
            return answer

        return declare

    def _require_exercise(self, names: str, exercise: str, fault: str) -> None:
        if exercise not in self.exercises:
            close = difflib.get_close_matches(str(exercise), self.exercises, 1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise LessonError(f"{names} the exercise {exercise!r}, which {fault}.{meant}")


def _require(holds: object, sentence: str) -> None:
    if not holds:
        raise LessonError(sentence)


def _is_name(name: object) -> bool:
    return isinstance(name, str) and name.isidentifier() and name.isascii() and not keyword.iskeyword(name)


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _is_number(number: object) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and math.isfinite(number)


def _are_texts(texts: object) -> bool:
    return isinstance(texts, (list, tuple)) and all(isinstance(text, str) for text in texts)


OPTIONS = tuple(
    name for name, item in inspect.signature(Lesson.check).parameters.items() if item.kind is item.KEYWORD_ONLY
)
"""What `Lesson.check` takes besides inputs."""


def _require_options(check: Check, raises: object, forbids: Sequence[str], mentions: Sequence[str]) -> None:
    """Raise where an option of a check is not of its kind."""
    share = check.at_least
    for option, fits, kind in (
        ("points", _is_number(check.points) and check.points >= 0, "a number from 0 on"),
        ("gradients", isinstance(check.gradients, bool), "True or False"),
        ("vectorised", isinstance(check.vectorised, bool), "True or False"),
        ("forbids", _are_texts(forbids), 'a list of names, such as ["convolution"]'),
        (
            "raises",
            raises is None or (isinstance(raises, type) and issubclass(raises, BaseException)),
            "a type of error",
        ),
        ("mentions", _are_texts(mentions), "a list of words"),
        ("tolerance", check.tolerance is None or isinstance(check.tolerance, Tolerance), "a Tolerance"),
        ("seconds", _is_number(check.seconds) and check.seconds > 0, "a number above 0"),
        ("no_meta", isinstance(check.no_meta, str), "a text"),
        ("at_least", share is None or (_is_number(share) and 0 <= share <= 1), "a number from 0 to 1"),
    ):
        if not fits:
            found = {"forbids": forbids, "mentions": mentions}.get(option, getattr(check, option))
            taken = " An input of the probe can't be called that." if isinstance(found, (Drawn, Choice, Value)) else ""
            raise LessonError(f"The option {option} of the check {check.name} has to be {kind}, not {found!r}.{taken}")


def _require_inputs(check: Check) -> None:
    """Raise where the inputs of a check are not declared as inputs, or not those of its probe."""
    takes = list(inspect.signature(check.probe).parameters.values())
    names = [item.name for item in takes[1:]]
    if not any(item.kind is item.VAR_KEYWORD for item in takes):
        for name in check.inputs:
            if name not in names and (close := difflib.get_close_matches(name, OPTIONS, 1, 0.8)):
                raise LessonError(f"The check {check.name} has no option {name}. Did you mean {close[0]}?")
        for name, item in check.inputs.items():
            if name in names and not isinstance(item, (Drawn, Choice, Value)):
                raise LessonError(
                    f"The input {name} of the check {check.name} is a plain {item!r}: write value({item!r})."
                )
        if check.at_least is None:
            _require_fit(check.name, takes, check.inputs)
    _require(
        check.at_least is None or not check.inputs,
        f"The inputs of the check {check.name} come from `given`, since it has `at_least`: it declares none itself.",
    )


def _require_fit(check: str, takes: list[inspect.Parameter], inputs: Mapping[str, object]) -> None:
    """Raise where a probe does not take the answer and these inputs."""
    try:
        inspect.Signature(takes).bind(None, **inputs)
    except TypeError:
        wanted = ", ".join(["answer", *inputs])
        said = ", ".join(map(str, takes))
        raise LessonError(f"The probe of the check {check} is called with ({wanted}), and takes ({said}).") from None


class _Givens(dict[str, Given]):
    """What makes the inputs of checks with `at_least`, by their names."""

    def __missing__(self, check: str) -> Given:
        raise LessonError(
            f"The check {check} has `at_least`, and nothing makes its inputs: write a function below "
            f'@lesson.given("{check}") in misconceptions.py.'
        )


def _given(check: Check, made: Given) -> tuple[dict[str, Any], Any]:
    """What a function below `given` made."""
    found = made()
    fits = isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], dict)
    if not (fits and all(isinstance(item, torch.Tensor) for item in (*found[0].values(), found[1]))):
        raise LessonError(f"`given` of the check {check.name} has to return a dict of tensors and one tensor.")
    _require_fit(check.name, list(inspect.signature(check.probe).parameters.values()), found[0])
    return found
