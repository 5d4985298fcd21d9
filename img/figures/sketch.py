"""What the figures share: the paper, the shades, and how numbers, words and arrows are put on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.typing import RcKeyType
from torch import Tensor

from grader import language

STYLE: dict[RcKeyType, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 100,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.labelsize": 10.5,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
UNIT = 0.25
"""Inches. A page is 32 units wide, which makes 800 pixels: what a notebook shows without scaling."""
WIDTH = 32.0

PALE, MIDDLE, DARK, PLAIN = range(4)
"""Shades of cells. Their brightness alone tells them apart, so that they survive a gray printer."""
FILLS = ("#dcebf7", "#f0a94a", "#1f5582", "#ffffff")
INKS = ("black", "black", "white", "black")
LINE = "#1f5582"
CATALOGUES = Path(__file__).parents[1] / "locale"


@cache
def catalogue(name: str) -> dict[tuple[str, str], str]:
    """The words of the figures in a language; none in English."""
    file = CATALOGUES / f"{name}.po"
    return language.translations(file.read_text(encoding="utf-8")) if file.is_file() else {}


def gettext(english: str) -> str:
    """Words of a figure in the language that is spoken (`grader.language.speaking`)."""
    return catalogue(language.current()).get(("", english), english)


def page(height: float) -> tuple[Figure, Axes]:
    """A white page, `height` units high, and axes over all of it: x from 0 to 32 to the right, y from 0 downwards."""
    sheet = Figure(figsize=(WIDTH * UNIT, height * UNIT))
    axes = sheet.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    return sheet, axes


def chart(sheet: Figure, x: float, y: float, width: float, height: float) -> Axes:
    """Axes for a plot on a page; all in units, (x, y) being the upper left corner."""
    wide, high = sheet.get_size_inches() / UNIT
    return sheet.add_axes((x / wide, 1 - (y + height) / high, width / wide, height / high))


def short(value: float) -> str:
    """A number as short as it can be written, with a true minus sign."""
    return f"{value:g}".replace("-", "−")


def decimals(places: int) -> Callable[[float], str]:
    """What writes a number with so many places after the point, and with a true minus sign."""
    return lambda value: f"{value:z.{places}f}".replace("-", "−")


def grid(
    axes: Axes,
    x: float,
    y: float,
    numbers: Tensor,
    shade: Tensor | int = PALE,
    *,
    cell: float = 1.3,
    show: Callable[[float], str] = short,
) -> None:
    """Draw a matrix as cells with numbers in them, (x, y) being the upper left corner.

    Args:
        numbers: (rows, columns).
        shade: PALE, MIDDLE, DARK or PLAIN, for all cells or as a tensor of any shape that broadcasts to (rows, columns).
        cell: the side of a cell, in units.
    """
    shades = torch.broadcast_to(torch.as_tensor(shade), numbers.shape)
    for row in range(numbers.shape[0]):
        for column in range(numbers.shape[1]):
            left, top, colour = x + column * cell, y + row * cell, int(shades[row, column])
            axes.add_patch(Rectangle((left, top), cell, cell, facecolor=FILLS[colour], edgecolor="black", linewidth=0.8))
            label = show(numbers[row, column].item())
            axes.text(left + cell / 2, top + cell / 2, label, color=INKS[colour], ha="center", va="center_baseline")


def frame(axes: Axes, x: float, y: float, width: float, height: float) -> None:
    """Draw a thick frame around what the reader should look at."""
    for colour, thickness in (("white", 5), ("black", 3)):
        axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=colour, linewidth=thickness, zorder=3))


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow between two points."""
    axes.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=13, shrinkA=0, shrinkB=0, color="black"))


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    at: Literal["left", "center", "right"] = "left",
    bold: bool = False,
    code: bool = False,
) -> None:
    """Write words, or code, centered on the height `y`; `at` says which point of the line lies at `x`. The Chinese font has
    no bold signs: there, the lines of the signs are drawn thicker."""
    thick = bold and not code and language.current() != language.ENGLISH
    axes.text(x, y, text, ha=at, va="center", weight="bold" if bold and not thick else "normal", linespacing=1.4,
              family="DejaVu Sans Mono" if code else None,
              path_effects=[withStroke(linewidth=0.6, foreground="black")] if thick else None)  # fmt: skip
