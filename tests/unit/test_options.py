"""Options of a check crossed two by two: each right answer passes and each wrong one fails, whatever else is asked for."""

from itertools import combinations

import pytest
import torch

from grader import Tolerance, choice, integers, labels, normal

OPTIONS = {
    "gradients": {"gradients": False},
    "vectorized": {"vectorized": True},
    "forbids": {"forbids": ["convolution"]},
    "tolerance": {"tolerance": Tolerance(1e-3, 1e-3, "of this test")},
    "seconds": {"seconds": 1.0},
    "hidden": {"hidden": True},
    "one more input": {"K": normal("n>=2 m")},
    "a plain input": {"way": "rows"},
    "a chosen input": {"way": choice("rows", "columns")},
    "whole numbers": {"y": integers("n m", 0, 9)},
    "labels": {"labels": labels("n", 3)},
    "a container": {"pair": [torch.ones(2), torch.zeros(2)]},
}
PAIRS = [pair for pair in combinations(OPTIONS, 2) if pair != ("a plain input", "a chosen input")]


def doubled(X, **others):
    return X * 2


def added(X, **others):
    return X + X


def viewed(X, **others):
    return X.view(-1).mul(2).view(X.shape)  # a view does not do for a transposed tensor: advice


def in_float32(X, **others):
    return 2 * X.to(torch.float32)  # loses float64: advice


def nothing(X, **others):
    X * 2


def tripled(X, **others):
    return X * 3


def changed_in_place(X, **others):
    return X.mul_(2)


def stopped(X, **others):
    raise IndexError("no such row")


def flattened(X, **others):
    return (X * 2).flatten()


def asked(question, pair):
    return question(doubled, X=normal("n>=2 m>=2"), **OPTIONS[pair[0]], **OPTIONS[pair[1]])


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_right_answers_pass_whatever_two_options_a_check_has(question, pair):
    check = asked(question, pair)
    for answer in (doubled, added, viewed, in_float32):
        verdict = check.verdict(answer)
        assert (verdict.passed, verdict.message) == (True, ""), answer.__name__
    assert check.verdict(viewed).advice and not check.verdict(added).advice


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_wrong_answers_fail_with_a_sentence_whatever_two_options_a_check_has(question, pair):
    check = asked(question, pair)
    for answer in (nothing, tripled, changed_in_place, stopped, flattened):
        verdict = check.verdict(answer)
        assert verdict.passed is False and verdict.message, answer.__name__
    assert "IndexError: no such row" in check.message(stopped)
    assert "shape" in check.message(flattened)
    assert "X was changed in place" in check.message(changed_in_place)


@pytest.mark.parametrize("name", [name for name in OPTIONS if name != "vectorized"])
def test_an_expected_error_stands_beside_every_other_option(question, name):
    def refuses(X, **others):
        raise ValueError("X has negative numbers")

    check = question(refuses, X=normal("n m"), raises=ValueError, mentions=["negative"], **OPTIONS[name])
    assert check.verdict(refuses).passed is True
    for answer in (doubled, nothing, stopped):
        assert check.verdict(answer).passed is False
