"""The figures of the lesson on gradients."""

from __future__ import annotations

from fractions import Fraction

import torch
from matplotlib.figure import Figure
from torch import Tensor

from figures.sketch import DARK, MIDDLE, PALE, PLAIN, arrow, gettext, grid, page, write


def with_and_without_zeroing() -> Figure:
    """What x.grad holds after each step, for a 2×3 matrix x. With zeroing: 1/6 everywhere after x.mean().backward(), 0
    after x.grad.zero_(), and 1 after x.sum().backward(), which is the gradient of the sum. Without zeroing: 1/6 after
    x.mean().backward(), then 7/6 after x.sum().backward(), because backward adds the new gradient to the old one."""
    words = {
        "what": gettext("x.grad after each step, for x = ones of shape (2, 3)"),
        "with": gettext("With zeroing"),
        "without": gettext("Without zeroing"),
        "right": gettext("correct: the gradient\nof the sum"),
        "added": gettext("wrong: 1/6 + 1.\nbackward adds to\nwhat is there."),
    }
    steps = {
        "x.mean().backward()": lambda x: x.mean().backward(),
        "x.grad.zero_()": lambda x: x.grad.zero_(),
        "x.sum().backward()": lambda x: x.sum().backward(),
    }
    lanes = (
        (words["with"], words["right"], 4.6, (PALE, PLAIN, MIDDLE), list(steps)),
        (words["without"], words["added"], 10.7, (PALE, PLAIN, DARK), [step for step in steps if "zero" not in step]),
    )
    columns = dict(zip(steps, (1.0, 10.2, 18.6), strict=True))
    cell = 1.6
    sheet, axes = page(16.0)
    write(axes, 1.0, 1.0, words["what"], bold=True)
    for step, left in columns.items():
        write(axes, left, 2.7, step, code=True)
    for heading, outcome, top, shades, taken in lanes:
        x = torch.ones(2, 3, requires_grad=True)
        write(axes, 1.0, top, heading, bold=True)
        for before, step in zip([None, *taken], taken, strict=False):
            steps[step](x)
            assert isinstance(x.grad, Tensor)
            left, middle = columns[step], top + 1.1 + cell
            if before:
                arrow(axes, (columns[before] + 3 * cell + 0.4, middle), (left - 0.4, middle))
            grid(axes, left, top + 1.1, x.grad, shades[list(steps).index(step)], cell=cell, show=_fraction)
        write(axes, columns[taken[-1]] + 3 * cell + 0.7, middle, outcome)
    return sheet


def _fraction(value: float) -> str:
    return str(Fraction(value).limit_denominator(100))
