"""Draws numbers that were expected beside those that came: as SVG in the colors of its page, and as characters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from grader.judge.result import Figure
from grader.messages import say

if TYPE_CHECKING:
    from markupsafe import Markup

Numbers = list[float | None]
SHADES = "·░▒▓█"
"""From the lowest number to the highest."""
NOT_FINITE = "!"
MATRICES_AT_MOST = 4
RED = "#d04f3f"
HEIGHT, COLUMNS, BAR = 8, 60, 16
"""Lines of a drawing in a terminal, columns of it, and columns of a bar."""


def described(figure: Figure) -> str:
    """What a figure shows, in a sentence: for who does not see it."""
    tell = _ends if figure.kind == "lines" else _range
    return say("figure", expected=tell(figure.expected), got=tell(figure.got))


def _ends(numbers: Numbers) -> str:
    return say("figure_ends", total=len(numbers), first=_number(numbers[0]), last=_number(numbers[-1]))


def _range(numbers: Numbers) -> str:
    if all(number is None for number in numbers):
        return say("figure_not_finite", total=len(numbers))
    low, high = _bounds(numbers)
    return say("figure_low_high", total=len(numbers), low=f"{low:g}", high=f"{high:g}")


def _number(number: float | None) -> str:
    return say("not_finite") if number is None else f"{number:g}"


def _bounds(*several: Numbers) -> tuple[float, float]:
    finite = [number for numbers in several for number in numbers if number is not None] or [0.0]
    return min(finite), max(finite)


def _levels(numbers: Numbers, low: float, high: float, most: int) -> list[int | None]:
    """Each number as a level from 0 to `most`."""
    span = (high - low) or 1
    return [None if item is None else min(int((item - low) / span * (most + 1)), most) for item in numbers]


def _differences(figure: Figure, most: int) -> Iterator[int | None]:
    """How far numbers are off, as levels; 0 where they are the same."""
    off = set(figure.wrong)
    far = [
        None if one is None or other is None else abs(one - other) * (place in off)
        for place, (one, other) in enumerate(zip(figure.expected, figure.got, strict=True))
    ]
    _, high = _bounds(far)
    for place, item in enumerate(far):
        if item is None:
            yield None if place in off else 0
        else:
            yield min(math.ceil(item / (high or 1) * most) or (place in off), most)


# A map: matrix by matrix, those that differ


def _matrices(shape: list[int], wrong: list[int]) -> Iterator[tuple[str, int]]:
    """The matrices of a tensor that are drawn: how each is called, and the place where it begins."""
    size = math.prod(shape[-2:])
    numbers = range(math.prod(shape[:-2]))
    telling = [number for number in numbers if not wrong or any(place // size == number for place in wrong)]
    for number in telling[:MATRICES_AT_MOST]:
        yield index(number, shape[:-2]), number * size


def index(number: int, shape: list[int]) -> str:
    """The number of a matrix as an index, such as "[1, 0]"; nothing where there is one only."""
    found: list[str] = []
    for size in reversed(shape):
        found, number = [str(number % size), *found], number // size
    return f"[{', '.join(found)}]" if shape else ""


def panels(figure: Figure) -> list[tuple[str, Markup]]:
    """The parts of a figure, each with its caption."""
    from markupsafe import Markup

    if figure.kind != "map":
        return [(say(f"figure_key_{figure.kind}"), Markup(_curves(figure) if figure.kind == "lines" else _bars(figure)))]
    low, high = _bounds(figure.expected, figure.got)
    sides = [
        (say("expected"), figure.shape, _levels(figure.expected, low, high, 8), "currentColor"),
        (say("got"), figure.got_shape, _levels(figure.got, low, high, 8), "currentColor"),
    ]
    if figure.shape == figure.got_shape:
        sides.append((say("difference"), figure.shape, [*_differences(figure, 8)], RED))
    return [
        (" ".join([name, which]).strip(), Markup(_map(shape, levels[start : start + math.prod(shape[-2:])], color)))
        for name, shape, levels, color in sides
        for which, start in _matrices(shape, figure.wrong if shape == figure.shape else [])
    ]


def _map(shape: list[int], levels: list[int | None], color: str) -> str:
    """A matrix as squares, the darker the higher; in red what is not finite."""
    rows, columns = shape[-2:]
    paths: dict[int | None, str] = {}
    for place, level in enumerate(levels):
        paths[level] = paths.get(level, "") + f"M{place % columns} {place // columns}h1v1h-1z"
    cell = max(4, min(14, 168 // max(columns, 1)))
    drawn = "".join(
        f'<path d="{path}" fill="{RED if level is None else color}" fill-opacity="{1 if level is None else level / 8:g}"/>'
        for level, path in paths.items()
    )
    frame = (
        f'<rect width="{columns}" height="{rows}" fill="none" stroke="currentColor" stroke-opacity=".4" stroke-width=".1"/>'
    )
    return _svg(columns, rows, columns * cell, drawn + frame)


def _curves(figure: Figure) -> str:
    low, high = _bounds(figure.expected, figure.got)
    lines = ((figure.expected, 'stroke="currentColor"'), (figure.got, f'stroke="{RED}" stroke-dasharray="5 3"'))
    drawn = ""
    for numbers, style in lines:
        step = 228 / max(len(numbers) - 1, 1)
        points = [
            (6 + step * at, 84 - 78 * (item - low) / ((high - low) or 1))
            for at, item in enumerate(numbers)
            if item is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn += f'<polyline points="{path}" fill="none" stroke-width="2" {style}/>'
    return _svg(240, 90, 240, drawn)


def _bars(figure: Figure) -> str:
    _, high = _bounds(figure.expected, figure.got)
    count = max(len(figure.expected), len(figure.got))
    drawn = ""
    for side, (numbers, color) in enumerate(((figure.expected, "currentColor"), (figure.got, RED))):
        for at, item in enumerate(numbers):
            tall = 80 * max(item or 0, 0) / (high or 1)
            drawn += f'<rect x="{(at + 0.1 + 0.4 * side) * 240 / count:.1f}" y="{84 - tall:.1f}" width="{96 / count:.1f}" '
            drawn += f'height="{tall:.1f}" fill="{color}"/>'
    return _svg(240, 90, 240, drawn + '<path d="M0 84h240" stroke="currentColor"/>')


def _svg(width: int, height: int, pixels: int, drawn: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{pixels}">{drawn}</svg>'


# In a terminal


def rows(figure: Figure, width: int) -> list[str]:
    """A figure as lines of characters, none where it does not fit into so many columns."""
    drawn = {"map": _map_rows, "lines": _line_rows, "bars": _bar_rows}[figure.kind](figure, width)
    return drawn if max(map(len, drawn), default=0) <= width else []


def _map_rows(figure: Figure, width: int) -> list[str]:
    low, high = _bounds(figure.expected, figure.got)
    sides = [
        (say("expected"), figure.shape, _levels(figure.expected, low, high, len(SHADES) - 1)),
        (say("got"), figure.got_shape, _levels(figure.got, low, high, len(SHADES) - 1)),
    ]
    if figure.shape == figure.got_shape:
        sides.append((say("difference"), figure.shape, [*_differences(figure, len(SHADES) - 1)]))
    blocks = []
    for name, shape, levels in sides:
        drawn = [NOT_FINITE if level is None else SHADES[level] for level in levels]
        blocks.append(_block(name, shape, drawn, figure.wrong if shape == figure.shape else []))
    return _beside(blocks, width)


def _block(name: str, shape: list[int], drawn: list[str], wrong: list[int]) -> list[str]:
    block = [name]
    for which, start in _matrices(shape, wrong):
        block += [which] * bool(which)
        for row in range(shape[-2]):
            first = start + row * shape[-1]
            block.append("".join(drawn[first : first + shape[-1]]))
    return block


def _beside(blocks: list[list[str]], width: int) -> list[str]:
    """Blocks of lines, one beside the other as far as there is room, and the others below."""
    widths = [max(map(len, block)) for block in blocks]
    fit = max(
        number for number in range(1, len(blocks) + 1) if number == 1 or sum(widths[:number]) + 3 * (number - 1) <= width
    )
    padded = [[f"{row:<{wide}}" for row in block] for block, wide in zip(blocks, widths[:fit], strict=False)]
    lines = zip_longest(*padded, fillvalue="")
    below = _beside(blocks[fit:], width) if blocks[fit:] else []
    return ["   ".join(line).rstrip() for line in lines] + below


def _line_rows(figure: Figure, width: int) -> list[str]:
    low, high = _bounds(figure.expected, figure.got)
    count = max(len(figure.expected), len(figure.got))
    columns = min(count, COLUMNS)
    field = [[" "] * columns for _ in range(HEIGHT)]
    for numbers, sign in ((figure.expected, "o"), (figure.got, "x")):
        for at, level in enumerate(_levels(numbers, low, high, HEIGHT - 1)):
            if level is not None:
                column = at * columns // count
                there = field[HEIGHT - 1 - level][column]
                field[HEIGHT - 1 - level][column] = sign if there in (" ", sign) else "*"
    names = [f"{high:g}", *[""] * (HEIGHT - 2), f"{low:g}"]
    margin = max(map(len, names))
    spaced = " " if columns <= COLUMNS // 2 else ""
    return [f"{name:>{margin}} {spaced.join(row)}".rstrip() for name, row in zip(names, field, strict=True)] + [
        say("figure_key_signs")
    ]


def _bar_rows(figure: Figure, width: int) -> list[str]:
    _, high = _bounds(figure.expected, figure.got)
    sides = [
        [name, *("█" * round(BAR * max(item or 0, 0) / (high or 1)) for item in numbers)]
        for name, numbers in ((say("expected"), figure.expected), (say("got"), figure.got))
    ]
    count = max(len(figure.expected), len(figure.got))
    return _beside([["", *map(str, range(count))], *sides], width)
