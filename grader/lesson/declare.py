"""What an author declares: a lesson's exercises, its checks, and the misconceptions it can name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, Unpack

import torch

from grader import edits
from grader.checks import FORMAT, Check
from grader.checks import Tolerance as Tolerance
from grader.edits import Edit
from grader.errors import LessonError as LessonError
from grader.exercise import Written
from grader.lesson import inputs
from grader.lesson.inputs import AnyOf, Choice, Drawn, Input, Value
from grader.lesson.options import (
    A_NAME,
    OPTIONS,
    Defaults,
    Options,
    are_texts,
    is_name,
    is_whole,
    require,
    require_known,
    require_options,
)

Answer = TypeVar("Answer", bound=Callable[..., Any])
GivenInputs = Callable[[int], tuple[dict[str, Any], Any]]


@dataclass(frozen=True)
class Misconception:
    """A plausible wrong answer and the sentence that a student who gave it should read: a function or a class, or the edits
    that make it of the reference's source."""

    name: str
    exercise: str
    says: str
    answer: Callable[..., Any] | None = None
    edits: tuple[Edit, ...] = ()


class Lesson:
    """A lesson as its author writes it; `checks.py` makes one and `misconceptions.py` adds to it.

    >>> lesson = Lesson("training", number=3, gradients=False)

    Args:
        name: that of its folder.
        number: its place in the course, from 1; `grader.files.course` reads it from the text of `checks.py`.
        format: the version of this language that it is written in (`grader.checks.FORMAT`). What a later kit reads in
            another way, it reads as it was in this format, or says what to change.
        follow_through: an exercise that is wrong, and calls others that are not right, is run once more with their solutions
            in the place of the student's, and earns what it earns there. Only solutions that may be read stand in, those of
            exercises with `solution="after"`: a student's code runs beside them.
        defaults: what holds for all its checks that say nothing else.

    Attributes:
        exercises: what was declared, by name, in the order in which students meet them.
        questions: what is answered in words, by name.
        checks: by name; `probes` and `inputs` hold what belongs to each.
        ways: right answers other than the reference, by name.
        references: the text of the cell that defines each exercise, where it is known: what slips are edits of.
    """

    makes_inputs = True
    """Whether inputs are made for each check where it is declared, to see that there are some. That takes longer than to
    declare it, and is for the author alone."""

    def __init__(
        self, name: str, *, number: int = 0, format: int = 1, follow_through: bool = False, **defaults: Unpack[Defaults]
    ) -> None:
        require(is_name(name), f"A lesson can't be called {name!r}: {A_NAME}")
        require(is_whole(number) and number >= 0, f"The number of a lesson is a whole number, not {number!r}.")
        require(is_whole(format) and format >= 1, f"The format of a lesson is a whole number from 1 on, not {format!r}.")
        require(
            format <= FORMAT,
            f"The lesson {name} is written in format {format}, and this kit reads formats up to {FORMAT}. Install a newer "
            "kit: pip install --upgrade torch-exercise-kit",
        )
        require(
            isinstance(follow_through, bool),
            f"The option follow_through of the lesson {name} has to be True or False, not {follow_through!r}.",
        )
        require_known(f"The lesson {name}", defaults, Defaults)
        require_options(f"the lesson {name}", defaults)
        self.name = name
        self.number = number
        self.follow_through = follow_through
        self.defaults = defaults
        self.exercises: dict[str, Exercise] = {}
        self.questions: dict[str, Written] = {}
        self.checks: dict[str, Check] = {}
        self.probes: dict[str, Callable[..., Any]] = {}
        self.inputs: dict[str, dict[str, Input]] = {}
        self.misconceptions: dict[str, Misconception] = {}
        self.ways: dict[str, Misconception] = {}
        self.givens: dict[str, GivenInputs] = _Givens()
        self.references: dict[str, str] = {}

    def exercise(self, name: str, *, solution: str = "never", **defaults: Unpack[Defaults]) -> Exercise:
        """Declare an exercise; the order of these calls is the order in which students meet them.

        Its difficulty, its minutes and its hints stand with its prose in `lesson.py`.

        >>> lesson = Lesson("training")
        >>> grad_clipping = lesson.exercise("grad_clipping", gradients=False)

        Args:
            name: that of the function or the class that is to be written.
            solution: "after" has the reference shown to a student whose answer is right, and the release carry it.
            defaults: what holds for all its checks that say nothing else.

        Raises:
            LessonError: there is one of this name already, or something is not of its kind.
        """
        require(is_name(name), f"An exercise can't be called {name!r}: {A_NAME}")
        self._require_new(name)
        require_known(f"The exercise {name}", defaults, Defaults)
        require_options(f"the exercise {name}", defaults)
        shown = ("never", "after")
        require(solution in shown, f'The solution of {name} is shown "never" or "after", not {solution!r}.')
        self.exercises[name] = Exercise(self, name, defaults, solution == "after")
        return self.exercises[name]

    def written(self, name: str, *, points: float) -> None:
        """Declare a question that is answered in words, and graded by a person.

        In `lesson.py` the question is prose, and below it stands a cell of its name, `# %% why_shift [markdown]`. What that
        cell says is for those who grade: students get it empty.

        >>> Lesson("softmax").written("why_shift", points=2)

        Args:
            name: by which the gradebook tells it.
            points: what it is worth.

        Raises:
            LessonError: there is an exercise or a question of this name already, or something is not of its kind.
        """
        require(is_name(name), f"A written answer can't be called {name!r}: {A_NAME}")
        self._require_new(name)
        require_options(f"the written answer {name}", {"points": points})
        self.questions[name] = Written(name, float(points))

    def _require_new(self, name: str) -> None:
        known = self.exercises.keys() | self.questions.keys()
        require(name not in known, f"Two exercises of {self.name} are called {name}.")


class Exercise:
    """An exercise as its author declares it: what checks and misconceptions are declared on."""

    def __init__(self, lesson: Lesson, name: str, defaults: Defaults, shown: bool = False) -> None:
        self.lesson = lesson
        self.name = name
        self.defaults = defaults
        self.shown = shown
        """Whether the reference is shown once an answer is right."""

    def check(self, **options: Unpack[Options]) -> Callable[[Answer], Answer]:
        """Declare a check; the function below it is the probe, and its docstring is what the student reads.

        A probe takes the answer and inputs. It returns what came out, never a verdict: whatever it returns is compared with
        what the reference gave. The default of each parameter says what it is given: `normal("n d")`, `choice(1, 2)`,
        `any_of(*range(5, 29))`, or a plain value, the same in every case.

        >>> from grader import normal
        >>> corr2d = Lesson("convolution").exercise("corr2d")
        >>> @corr2d.check(points=1)
        ... def slides_the_kernel(answer, X=normal("h w"), K=normal("kh<=h kw<=w")):
        ...     '''The kernel meets every place of the image where it fits.'''
        ...     return answer.corr2d(X, K)

        Args:
            options: `points`, and what else `grader.checks.Check` describes; `raises` is the type of error itself.

        Raises:
            LessonError: something is not of its kind, or no inputs can be made.
        """

        def declare(probe: Answer) -> Answer:
            self._declare(probe, options)
            return probe

        return declare

    def _declare(self, probe: Callable[..., Any], options: Options) -> None:
        name, lesson = probe.__name__, self.lesson
        where = f"the check {name}"
        require_known(f"The check {name}", options, Options)
        require("points" in options, f"The check {name} has no points. Say what it is worth, such as points=1.")
        require(name not in lesson.checks, f"Two checks of {lesson.name} are called {name}.")
        require_options(where, options)
        says = " ".join((probe.__doc__ or "").split())
        require(says, f"The check {name} needs a docstring: it is the sentence that the student reads.")
        chosen: dict[str, Any] = {**lesson.defaults, **self.defaults, **options}
        for option in ("forbids", "mentions"):
            chosen[option] = list(chosen.get(option, ()))
        for option in ("points", "seconds"):
            chosen |= {option: float(chosen[option])} if option in chosen else {}
        chosen["raises"] = chosen["raises"].__name__ if chosen.get("raises") else None
        check = Check(name=name, exercise=self.name, says=says, **chosen)
        taken = _inputs_of(check, probe)
        if Lesson.makes_inputs:
            inputs.cases(f"{lesson.name}/{name}", taken, "declared", check.vectorized)
        lesson.checks[name], lesson.probes[name], lesson.inputs[name] = check, probe, taken

    def given(self, check: str) -> Callable[[Answer], Answer]:
        """Declare the inputs and the right answers of a check with `at_least`: the function below it returns both, a dict of
        tensors by name, and one tensor. It stands in `misconceptions.py`: no student's code runs where that is read.

        >>> trained = Lesson("learning").exercise("trained")
        >>> @trained.check(points=1, hidden=True, at_least=0.9)
        ... def tells_new_numbers(answer, X):
        ...     '''It tells numbers that it has not seen.'''
        ...     return answer.trained()(X)
        >>> @trained.given("tells_new_numbers")
        ... def new_numbers(seed):
        ...     X = torch.randn(100, generator=torch.Generator().manual_seed(seed))
        ...     return {"X": X}, (X > 0).long()

        Args:
            check: its name.

        The function takes a whole number to draw from. It follows from a class's secret, so that nobody knows the right
        answers beforehand, and no student's process gets it.
        """

        def declare(made: Answer) -> Answer:
            about = self.lesson.checks.get(check)
            if about is None or about.at_least is None or about.exercise != self.name:
                raise LessonError(f"`given` names {check}, which is not a check of {self.name} with `at_least`.")
            if len(inspect.signature(made).parameters) != 1:
                raise LessonError(
                    f"`given` of the check {check} takes the seed that it draws from: def {made.__name__}(seed)."
                )
            self.lesson.givens[check] = partial(_given, check, self.lesson.probes[check], made)
            return made

        return declare

    def misconception(self, answer: Answer) -> Answer:
        """Declare a named wrong answer: the function or class below it, which stands in the place of the exercise. Its
        docstring is what a student reads who gave it.

        >>> corr2d = Lesson("convolution").exercise("corr2d")
        >>> @corr2d.misconception
        ... def flipped_kernel(X, K):
        ...     '''Your kernel is flipped. Here it is used just as it stands.'''
        ...     return reference.corr2d(X, K.flip(0, 1))
        """
        self._add(self._said("misconception", answer))
        return answer

    def way(self, answer: Answer) -> Answer:
        """Declare another right answer, which is shown with the reference where that is. It stands in `misconceptions.py`;
        its docstring says what it does better.

        >>> corr2d = Lesson("convolution").exercise("corr2d", solution="after")
        >>> @corr2d.way
        ... def by_windows(X, K):
        ...     '''All windows at once, as views: no loop in Python.'''
        ...     return (X.unfold(0, K.shape[0], 1).unfold(1, K.shape[1], 1) * K).sum((2, 3))
        """
        made = self._said("way", answer)
        require(made.name not in self.lesson.ways, f"Two ways of {self.lesson.name} are called {made.name}.")
        self.lesson.ways[made.name] = made
        return answer

    def _said(self, what: str, answer: Callable[..., Any]) -> Misconception:
        """An answer with its name and its sentence."""
        name = getattr(answer, "__name__", "")
        require(name and callable(answer), f"A {what} of {self.name} has to be a function or a class.")
        said = answer.__dict__.get("__doc__") if isinstance(answer, type) else answer.__doc__
        require(
            isinstance(said, str) and said.strip(),
            f"The {what} {name} needs a docstring: it is the sentence that the student reads.",
        )
        return Misconception(name, self.name, " ".join(str(said).split()), answer)

    def slip(self, was: str, now: str, *more: Edit, name: str, says: str) -> None:
        """Declare a named wrong answer as the edit of the reference's source that makes it.

        >>> corr2d = Lesson("convolution").exercise("corr2d")
        >>> corr2d.slip("sum()", "mean()", name="mean_of_the_products",
        ...             says="You took the mean of the products. The specification asks for their sum.")

        Args:
            was: a piece of the reference's solution, which occurs in it exactly once.
            now: what stands there instead.
            more: further edits, each a pair of the two.
            name: by which the grader tells it.
            says: what a student reads who gave it.

        Raises:
            LessonError: something is not of its kind, or a piece is not in the solution exactly once.
        """
        require(is_name(name), f"A slip of {self.name} can't be called {name!r}: {A_NAME}")
        made = ((was, now), *more)
        if not all(isinstance(edit, tuple) and len(edit) == 2 and are_texts(edit) for edit in made):
            raise LessonError(f"The slip {name} has to edit texts: write each edit as what was there and what is now.")
        if not (isinstance(says, str) and says.strip()):
            raise LessonError(f"The slip {name} has to say something: its `says` is what the student reads.")
        if self.name in self.lesson.references:
            try:
                edits.edited(self.lesson.references[self.name], made)
            except edits.Misfit as misfit:
                raise LessonError(f"The slip {name} of {self.name} {misfit}.") from None
        self._add(Misconception(name, self.name, " ".join(says.split()), edits=made))

    def _add(self, mistake: Misconception) -> None:
        known = self.lesson.misconceptions
        require(mistake.name not in known, f"Two misconceptions of {self.lesson.name} are called {mistake.name}.")
        known[mistake.name] = mistake


def _inputs_of(check: Check, probe: Callable[..., Any]) -> dict[str, Input]:
    """The inputs of a probe: the defaults of its parameters.

    Raises:
        LessonError: a parameter is not an input.
    """
    takes = list(inspect.signature(probe).parameters.values())
    require(takes, f"The probe of the check {check.name} has to take the answer: def {check.name}(answer, …).")
    found: dict[str, Input] = {}
    for item in takes[1:]:
        if item.kind not in (item.POSITIONAL_OR_KEYWORD, item.KEYWORD_ONLY):
            raise LessonError(f"The probe of the check {check.name} takes {item}: name each input.")
        if check.at_least is not None:
            if item.default is not item.empty:
                raise LessonError(
                    f"The inputs of the check {check.name} come from `given`, since it has `at_least`: {item.name} has no "
                    "default."
                )
            continue
        if item.default is item.empty:
            raise LessonError(
                f"The input {item.name} of the check {check.name} has no default. Say what it is, such as {item.name}="
                'normal("n d").'
            )
        if item.name in OPTIONS:
            raise LessonError(
                f"The input {item.name} of the check {check.name} is called like an option. If it is one, write it in the "
                "line above, behind `check`; else give it another name."
            )
        plain = not isinstance(item.default, (Drawn, Choice, AnyOf))
        found[item.name] = Value(item.default) if plain else item.default
    return found


class _Givens(dict[str, GivenInputs]):
    """What makes the inputs of checks with `at_least`, by their names."""

    def __missing__(self, check: str) -> GivenInputs:
        raise LessonError(
            f"The check {check} has `at_least`, and nothing makes its inputs: write a function below "
            f'@….given("{check}") in misconceptions.py.'
        )


def _given(check: str, probe: Callable[..., Any], made: GivenInputs, seed: int) -> tuple[dict[str, Any], Any]:
    """What a function below `given` made."""
    found = made(seed)
    fits = isinstance(found, tuple) and len(found) == 2 and isinstance(found[0], dict)
    if not (fits and all(isinstance(item, torch.Tensor) for item in (*found[0].values(), found[1]))):
        raise LessonError(f"`given` of the check {check} has to return a dict of tensors and one tensor.")
    takes = list(inspect.signature(probe).parameters)[1:]
    if set(takes) != set(found[0]):
        raise LessonError(
            f"`given` of the check {check} makes {', '.join(found[0])}, and its probe takes {', '.join(takes)}."
        )
    return found
