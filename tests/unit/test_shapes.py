"""Symbolic shapes: the little language they are written in, and the sizes that a case gives to their symbols."""

import pytest

from grader.lesson.inputs import generator
from grader.lesson.shapes import LARGE, Axis, choose, parse, resolve, symbols

SEEDS = range(60)


def sizes(kind, *shapes, seed=0):
    parsed = list(map(parse, shapes))
    literals = {axis.size for shape in parsed for axis in shape if axis.size is not None}
    return choose(kind, symbols(parsed), generator(seed), literals)


def test_a_shape_mixes_symbols_and_sizes():
    assert parse("n 28") == (Axis("n"), Axis("28", size=28))
    assert resolve(parse("n 28 n d"), {"n": 3, "d": 5}) == (3, 28, 3, 5)


def test_a_symbol_may_have_bounds_from_below_and_from_above():
    assert parse("n>=2 k<=h m<=9 g>=2<=h") == (
        Axis("n", low=2), Axis("k", bound="h"), Axis("m", bound="9"), Axis("g", low=2, bound="h"),
    )  # fmt: skip


def test_the_empty_text_is_the_shape_of_a_scalar():
    assert resolve(parse(""), {}) == ()


@pytest.mark.parametrize("word", ["n-1", "3d", "n>2", "n<h", "n<=", ">=2", "n>=k", "-1", "*", "n,m", "n=3"])
def test_a_word_of_another_kind_is_refused_by_name(word):
    with pytest.raises(ValueError) as refused:
        parse(f"b {word} d")
    assert repr(word) in str(refused.value)
    assert repr(f"b {word} d") in str(refused.value)


def test_a_symbol_of_two_shapes_is_one_symbol_with_all_its_bounds():
    found = symbols([parse("h kh 3"), parse("kh<=h"), parse("h>=2 h>=4")])
    assert found == {"h": Axis("h", low=4), "kh": Axis("kh", bound="h")}


def test_the_smallest_case_gives_every_symbol_its_lower_bound():
    assert sizes("smallest", "n>=2 h 7", "kh<=h c>=3<=8") == {"n": 2, "h": 1, "kh": 1, "c": 3}


@pytest.mark.parametrize("shapes", [("n",), ("b h w",), ("ci h w", "co ci kh<=h kw<=w"), ("n>=2 d<=4", "d m")])
def test_sizes_are_all_different_and_at_least_2_so_that_a_swapped_axis_cannot_hide(shapes):
    for seed in SEEDS:
        dealt = sizes("different", *shapes, seed=seed)
        assert len(set(dealt.values())) == len(dealt)
        assert min(dealt.values()) >= 2


@pytest.mark.parametrize("shapes", [("n 2 3",), ("n ci 3 4", "co>=2 ci 1 1"), ("2 h w", "3 2 kh<=h kw<=w"), ("n c<=4 3",)])
@pytest.mark.parametrize("kind", ["different", "tight"])
def test_sizes_differ_from_the_literal_ones_too(kind, shapes):
    for seed in SEEDS:
        dealt = sizes(kind, *shapes, seed=seed)
        literal = {int(word) for shape in shapes for word in shape.split() if word.isdigit()}
        free = {name for name in dealt if kind == "different" or name not in ("kh", "kw", "c")}
        assert not {dealt[name] for name in free} & (literal | {1})


def test_a_literal_size_gives_way_where_nothing_else_is_left():
    assert sizes("different", "n<=2 2") == {"n": 2}


@pytest.mark.parametrize("shapes", [("h w", "kh<=h kw<=w"), ("ci h w", "co ci kh<=h kw<=w"), ("n d h w", "kh<=h kw<=w")])
def test_what_is_left_of_a_size_below_its_bound_differs_too_so_that_a_result_is_not_square(shapes):
    for seed in SEEDS:
        dealt = sizes("different", *shapes, seed=seed)
        assert 0 < dealt["h"] - dealt["kh"] != dealt["w"] - dealt["kw"] > 0
        assert max(dealt.values()) <= 2 * len(dealt)


def test_any_identifier_is_a_symbol():
    assert parse("N C_out H W<=H") == (Axis("N"), Axis("C_out"), Axis("H"), Axis("W", bound="H"))


@pytest.mark.parametrize("kind", ["smallest", "different", "tight", "large", "drawn"])
def test_bounds_hold_in_every_case(kind):
    for seed in SEEDS:
        dealt = sizes(kind, "ci h>=3 w>=3 n<=7", "co>=2 ci kh<=h kw<=w g>=2<=h", seed=seed)
        assert dealt["h"] >= 3 and dealt["w"] >= 3 and dealt["co"] >= 2 and dealt["n"] <= 7
        assert 1 <= dealt["kh"] <= dealt["h"] and 1 <= dealt["kw"] <= dealt["w"] and 2 <= dealt["g"] <= dealt["h"]


def test_a_tight_case_meets_each_bound():
    for seed in SEEDS:
        dealt = sizes("tight", "h w", "kh<=h kw<=w c<=9", seed=seed)
        assert (dealt["kh"], dealt["kw"], dealt["c"]) == (dealt["h"], dealt["w"], 9)
        assert dealt["h"] != dealt["w"]


def test_a_large_case_makes_every_symbol_large_but_for_its_bounds():
    assert sizes("large", "n h>=9", "k<=h c<=4") == {"n": LARGE, "h": 9, "k": LARGE, "c": 4}


def test_drawn_sizes_differ_from_seed_to_seed_and_not_for_the_same_one():
    drawn = [tuple(sizes("drawn", "a b c", seed=seed).values()) for seed in SEEDS]
    assert len(set(drawn)) > 20
    assert drawn == [tuple(sizes("drawn", "a b c", seed=seed).values()) for seed in SEEDS]


@pytest.mark.parametrize("kind", ["smallest", "different", "tight", "large", "drawn"])
@pytest.mark.parametrize("shape", ["n>=5<=3", "n>=2<=1", "n<=0"])
def test_bounds_that_no_size_can_meet_are_refused_with_a_sentence(kind, shape):
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        sizes(kind, shape)


@pytest.mark.parametrize("kind", ["different", "large", "drawn"])
def test_a_symbol_that_has_to_be_large_still_gets_a_size(kind):
    for seed in SEEDS:
        dealt = sizes(kind, "n>=12 d", seed=seed)
        assert dealt["n"] >= 12


@pytest.mark.parametrize("kind", ["smallest", "different", "tight", "large", "drawn"])
def test_a_bound_may_be_bounded_itself(kind):
    for seed in SEEDS:
        dealt = sizes(kind, "h<=4 w", "kh<=h", seed=seed)
        assert 1 <= dealt["kh"] <= dealt["h"] <= 4
        if kind == "tight":
            assert dealt["kh"] == dealt["h"] == 4


def test_two_bounds_of_one_symbol_both_hold():
    for seed in SEEDS:
        try:
            dealt = sizes("different", "h w", "k<=h", "k<=w", seed=seed)
        except ValueError:
            continue  # to refuse it is as good
        assert dealt["k"] <= min(dealt["h"], dealt["w"])


def test_a_bound_that_no_shape_has_is_refused_by_name():
    with pytest.raises(ValueError, match=r"\bq\b"):
        sizes("different", "h w", "k<=q")
