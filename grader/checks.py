"""What is known of a check without its probe: by the worker that puts it to an answer, and by the judge."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

FORMAT = 1
"""The version of the language that lessons are declared in: `Lesson("softmax", format=1)`. It grows where a lesson that was
sound would mean something else."""
ADVICE = ("strided", "float64", "meta", "cuda")
"""Variants of a case, on which nothing but advice is given: what fails only there costs nothing."""
NUMPY = "numpy"
"""What a check forbids where no function of NumPy's may be called."""


@dataclass
class Tolerance:
    """How far a number may be off, `|got - expected| <= absolute + relative * |expected|`, and why not the usual bounds."""

    relative: float
    absolute: float
    because: str


@dataclass
class Given:
    """Inputs that are handed to a probe, by name, and the right answers to them."""

    inputs: dict[str, np.ndarray]
    answers: np.ndarray


@dataclass(kw_only=True)
class Check:
    """One question put to an answer: what it is worth, what a student reads of it, and what is compared.

    Attributes:
        name: that of its probe.
        exercise: the exercise it belongs to.
        says: the sentence that a student reads.
        points: what it is worth; 0 is allowed.
        hidden: it is put to what was handed in, and no student has it.
        gradients: also compare the gradient that flows back to each floating input.
        vectorized: the number of tensor operations must not grow with the sizes.
        forbids: operations that must not be dispatched, by their names in ATen, such as `"convolution"`. Others that do
            the same, as `grader.families` tells them, are forbidden with them. `"numpy"` stands for all of NumPy's.
        raises: the name of the error that is the right answer here, on one case at least.
        mentions: words that the message of that error must hold.
        tolerance: other bounds than those of `torch.testing`, with the reason.
        seconds: CPU time that all its cases together may take.
        at_least: for what is learned, and so differs from the reference's: the share, from 0 to 1, of entries of the
            result that have to be right; its shape, dtype and device have to be those of the right answers.
        given: the inputs and the right answers of a check with `at_least`.
    """

    name: str
    exercise: str
    says: str
    points: float
    hidden: bool = False
    gradients: bool = True
    vectorized: bool = False
    forbids: list[str] = field(default_factory=list)
    raises: str | None = None
    mentions: list[str] = field(default_factory=list)
    tolerance: Tolerance | None = None
    seconds: float = 2.0
    at_least: float | None = None
    given: Given | None = None
