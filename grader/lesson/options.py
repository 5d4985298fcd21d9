"""What a check can be declared with besides its inputs, and whether an author has written it as it has to be."""

from __future__ import annotations

import difflib
import keyword
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

from grader.checks import Tolerance
from grader.errors import LessonError
from grader.lesson.inputs import AnyOf, Choice, Drawn

A_NAME = "it needs a name of letters from a to z, digits and _, that Python can have for a variable."


class Defaults(TypedDict, total=False):
    """Options that a lesson or an exercise may set once for all its checks; `grader.checks.Check` describes them."""

    gradients: bool
    vectorized: bool
    forbids: Sequence[str]
    tolerance: Tolerance | None
    seconds: float


class Options(Defaults, total=False):
    """Options of a check."""

    points: float
    hidden: bool
    raises: type[Exception] | None
    mentions: Sequence[str]
    at_least: float | None


def require(holds: object, sentence: str) -> None:
    """Raise a sentence for the author where something does not hold."""
    if not holds:
        raise LessonError(sentence)


def is_name(name: object) -> bool:
    return isinstance(name, str) and name.isidentifier() and name.isascii() and not keyword.iskeyword(name)


def is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _is_number(number: object) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and math.isfinite(number)


def are_texts(texts: object) -> bool:
    return isinstance(texts, (list, tuple)) and all(isinstance(text, str) for text in texts)


OPTIONS = tuple(Options.__annotations__)
"""What a check can be declared with."""


def require_known(who: str, options: Mapping[str, object], known: Any) -> None:
    """Raise where an option does not exist, or not here.

    Args:
        who: the beginning of the sentence, such as "The check f".
        known: the options that there are: `Defaults` or `Options`.
    """
    names = tuple(known.__annotations__)
    for name, item in options.items():
        if name in names:
            continue
        if name in OPTIONS:
            raise LessonError(f"{who} can't set {name}: each check says that for itself.")
        if isinstance(item, (Drawn, Choice, AnyOf)):
            raise LessonError(f"{who} has no option {name}. Write an input as the default of its probe's parameter.")
        close = difflib.get_close_matches(name, names, 1)
        meant = f"Did you mean {close[0]}?" if close else f"There are {', '.join(names)}."
        raise LessonError(f"{who} has no option {name}. {meant}")


_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "points": (lambda it: _is_number(it) and it >= 0, "a number from 0 on"),
    "hidden": (lambda it: isinstance(it, bool), "True or False"),
    "gradients": (lambda it: isinstance(it, bool), "True or False"),
    "vectorized": (lambda it: isinstance(it, bool), "True or False"),
    "forbids": (are_texts, 'a list of names, such as ["convolution"]'),
    "raises": (
        lambda it: it is None or (isinstance(it, type) and issubclass(it, BaseException)),
        "a type of error",
    ),
    "mentions": (are_texts, "a list of words"),
    "tolerance": (lambda it: it is None or isinstance(it, Tolerance), "a Tolerance"),
    "seconds": (lambda it: _is_number(it) and it > 0, "a number above 0"),
    "at_least": (lambda it: it is None or (_is_number(it) and 0 <= it <= 1), "a number from 0 to 1"),
}
"""Each option: what fits it, and how that is called."""


def require_options(where: str, options: Mapping[str, Any]) -> None:
    """Raise where an option is not of its kind."""
    for option, found in options.items():
        fits, kind = _KINDS[option]
        if not fits(found):
            raise LessonError(f"The option {option} of {where} has to be {kind}, not {found!r}.")
