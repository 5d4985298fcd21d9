"""Numbers that are drawn: expected beside got, in a page and in a terminal, and in words for who sees neither."""

import xml.etree.ElementTree as ET
from math import prod

import pytest

from grader.judge.result import Figure
from grader.report import draw

RAMP = [round(place / 24, 2) for place in range(25)]
MAP = Figure("map", [5, 5], RAMP, [5, 5], [1.0, None, *RAMP[2:]], [0, 1])
LINES = Figure("lines", [6], [6.0, 5.0, 4.0, 3.0, 2.0, 1.0], [6], [6.0] * 6, [1, 2, 3, 4, 5])
BARS = Figure("bars", [5], [0.6, 0.1, 0.1, 0.1, 0.1], [5], [0.2] * 5, [0, 1, 2, 3, 4])


def test_a_map_stands_beside_the_one_that_was_expected():
    rows = draw.rows(MAP, 40)
    assert rows[0].split() == ["expected", "got", "difference"]
    assert [row.split() for row in rows[1:3]] == [["·····", "█!···", "█!···"], ["░░░░░", "░░░░░", "·····"]]


def test_of_a_block_of_matrices_those_are_drawn_that_differ():
    block = Figure("map", [2, 3, 3, 3], [0.0] * 54, [2, 3, 3, 3], [0.0] * 45 + [1.0] * 9, list(range(45, 54)))
    assert [row.strip() for row in draw.rows(block, 80)][1] == "[1, 2]     [1, 2]   [1, 2]"
    assert [caption for caption, _ in draw.panels(block)] == ["expected [1, 2]", "got [1, 2]", "difference [1, 2]"]


def test_maps_of_two_shapes_have_no_difference():
    other = Figure("map", [5, 5], RAMP, [2, 10], [0.0] * 20)
    assert [caption for caption, _ in draw.panels(other)] == ["expected", "got"]
    assert draw.rows(other, 80)[0].split() == ["expected", "got"]


def test_lines_meet_where_numbers_are_the_same():
    rows = draw.rows(LINES, 40)
    assert rows[0] == "6 * x x x x x" and rows[-2] == "1           o"
    assert rows[-1] == "o expected   x got   * both"


def test_bars_are_as_long_as_their_shares():
    assert draw.rows(BARS, 60)[1].split() == ["0", "█" * 16, "█" * 5]


@pytest.mark.parametrize("figure", [MAP, LINES, BARS], ids=lambda figure: figure.kind)
def test_what_does_not_fit_into_a_terminal_is_told_in_words_only(figure):
    assert not draw.rows(figure, 4)


def test_what_has_no_room_beside_the_others_stands_below():
    rows = draw.rows(MAP, 25)
    assert rows[0].split() == ["expected", "got"] and rows[6] == "difference"


def test_each_is_told_in_words():
    assert draw.described(MAP) == "Expected: 25 numbers from 0 to 1. Got: 25 numbers from 0.08 to 1."
    assert draw.described(LINES) == (
        "Expected: 6 numbers, the first is 6, the last 1. Got: 6 numbers, the first is 6, the last 6."
    )
    nothing = Figure("map", [5, 5], [None] * 25, [5, 5], [None] * 25, [])
    assert draw.described(nothing).count("none of which is finite") == 2


@pytest.mark.parametrize("figure", [MAP, LINES, BARS], ids=lambda figure: figure.kind)
def test_a_page_gets_pictures_that_can_be_read_as_such(figure):
    for _, drawn in draw.panels(figure):
        picture = ET.fromstring(drawn)
        assert picture.attrib["viewBox"].split()[:2] == ["0", "0"] and len(picture) > 1
    if figure.kind == "map":
        assert sum(path.attrib.get("d", "").count("M") for path in picture) == prod(figure.shape)


@pytest.mark.parametrize("kind", ["lines", "bars"])
@pytest.mark.parametrize("numbers", [[None] * 5, [0.0] * 5, [1e30, -1e30, 0.0, None, 1.0]], ids=["none", "zero", "huge"])
def test_no_numbers_are_too_odd_to_be_drawn(kind, numbers):
    figure = Figure(kind, [5], numbers, [5], numbers[::-1])
    assert draw.rows(figure, 80) and draw.panels(figure) and draw.described(figure)
