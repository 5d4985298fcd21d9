"""Inputs: what an author declares becomes the same numbers everywhere, in the cases that find mistakes."""

import numpy as np
import pytest
import torch

from grader import any_of, choice, integers, labels, normal, uniform
from grader.errors import LessonError
from grader.lesson.inputs import Case, Value, cases, generator, make


def made(inputs, seed="seed", name="lesson/check", vectorized=False):
    """The inputs of every case that can be had here, by kind."""
    all_cases = [case for case in cases(name, inputs, seed, vectorized) if case.kind != "cuda"]
    return [(case.kind, make(name, inputs, case, seed)) for case in all_cases]


def numbers(inputs, **which):
    return [case["X"].tolist() for kind, case in made(inputs, **which) if kind != "meta"]


def of_kind(kind, inputs):
    return next(case for found, case in made(inputs) if found == kind)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    inputs = {"X": normal("n d")}
    assert numbers(inputs, seed="ada") == numbers(inputs, seed="ada")
    assert numbers(inputs, seed="ada") != numbers(inputs, seed="grace")


def test_two_checks_of_a_lesson_get_different_numbers_from_one_seed():
    assert numbers({"X": normal("4 4")}, name="lesson/one") != numbers({"X": normal("4 4")}, name="lesson/two")


def test_a_generator_depends_on_its_words_alone():
    assert generator("a", 1).integers(0, 1 << 60) == generator("a", 1).integers(0, 1 << 60)
    assert generator("a", 1).integers(0, 1 << 60) != generator("a", 2).integers(0, 1 << 60)


def test_every_check_runs_on_the_smallest_case_and_on_one_with_all_sizes_different():
    shapes = {kind: tuple(case["X"].shape) for kind, case in made({"X": normal("b h w"), "K": normal("kh<=h")})}
    assert shapes["smallest"] == (1, 1, 1)
    assert len(set(shapes["different"])) == 3
    assert {"tight", "drawn", "strided", "float64", "meta"} <= set(shapes)


def test_a_check_without_symbols_has_one_case_and_its_variants():
    assert [kind for kind, _ in made({"X": normal("2 2")})] == ["smallest", "strided", "float64", "meta"]


def test_a_large_case_is_there_only_where_operations_are_counted():
    inputs = {"X": normal("n")}
    assert "large" not in [kind for kind, _ in made(inputs)]
    assert "large" in [kind for kind, _ in made(inputs, vectorized=True)]


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("shape", ["2 2", "n d", "n k<=n"])
def test_every_value_of_a_choice_is_in_at_least_one_case_that_counts(count, shape):
    inputs = {"X": normal(shape), "p": choice(*range(count))}
    counting = [case["p"] for kind, case in made(inputs) if kind not in ("strided", "float64", "meta")]
    assert set(counting) == set(range(count))


def test_a_variant_takes_the_numbers_and_the_choices_of_the_case_that_it_varies():
    inputs = {"X": normal("n d"), "p": choice(0.1, 0.5, 0.9)}
    plain, double = of_kind("smallest", inputs), of_kind("float64", inputs)
    assert double["X"].dtype is torch.float64
    assert torch.equal(double["X"], plain["X"].double())
    assert double["p"] == plain["p"]


def test_a_strided_variant_holds_the_same_numbers_and_is_not_contiguous():
    inputs = {"X": normal("n d"), "v": normal("n"), "y": labels("n", 3), "image": normal("c h w")}
    plain, strided = of_kind("different", inputs), of_kind("strided", inputs)
    for name in inputs:
        assert torch.equal(strided[name], plain[name])
        assert not strided[name].is_contiguous()
    with pytest.raises(RuntimeError, match="view"):
        strided["X"].view(-1)


def test_the_meta_variant_has_shape_and_dtype_but_no_numbers():
    meta = of_kind("meta", {"X": normal("3 4"), "y": labels("3", 2), "w": Value(torch.ones(2))})
    assert {tensor.device.type for tensor in meta.values()} == {"meta"}
    assert (meta["X"].shape, meta["X"].dtype, meta["y"].dtype) == ((3, 4), torch.float32, torch.int64)


def test_a_variant_leaves_whole_numbers_and_plain_values_as_they_are():
    double = of_kind("float64", {"y": integers("4", 0, 9), "k": Value(2), "name": choice("relu")})
    assert double["y"].dtype is torch.int64
    assert (double["k"], double["name"]) == (2, "relu")


def test_labels_are_below_the_number_of_classes_of_their_case():
    inputs = {"scores": normal("n c"), "y": labels("n", "c")}
    for seed in range(40):
        for kind, case in made(inputs, seed=seed):
            if kind != "meta":
                assert case["y"].dtype is torch.int64
                assert case["y"].min() >= 0 and case["y"].max() < case["scores"].shape[1]


def test_labels_may_have_a_fixed_number_of_classes_and_all_of_them_occur():
    [(_, case), *_] = made({"y": labels("200", 3)})
    assert set(case["y"].tolist()) == {0, 1, 2}


def test_integers_reach_their_lowest_number_and_stay_below_the_highest():
    [(_, case), *_] = made({"X": integers("300", -2, 3)})
    assert set(case["X"].tolist()) == {-2, -1, 0, 1, 2}


@pytest.mark.parametrize("drawn", [normal("300"), uniform("300", -5, 5)])
def test_numbers_are_rounded_to_two_decimals_so_that_a_person_can_read_them(drawn):
    [(_, case), *_] = made({"X": drawn})
    assert np.allclose(case["X"].numpy() * 100, np.round(case["X"].numpy() * 100), atol=1e-3)
    assert len(set(case["X"].tolist())) > 50


def test_uniform_numbers_are_below_their_upper_end_and_not_below_the_lower_one():
    [(_, case), *_] = made({"X": uniform("10000", 0.0, 1.0)})
    assert case["X"].min() >= 0.0
    assert case["X"].max() < 1.0


@pytest.mark.parametrize("drawn", [normal(""), uniform(""), integers("", 0, 5), labels("", 4)])
def test_the_empty_shape_makes_a_scalar(drawn):
    for _, case in made({"X": drawn}):
        assert case["X"].shape == ()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_an_author_chooses_the_dtype(dtype):
    [(_, case), *_] = made({"X": normal("2 2", dtype=dtype), "U": uniform("2", dtype=dtype)})
    assert case["X"].dtype is case["U"].dtype is getattr(torch, dtype)


def test_a_tensor_of_the_author_is_copied_for_each_run():
    fixed = torch.ones(3)
    case = Case(0, "smallest", {}, 0)
    make("check", {"X": Value(fixed)}, case, "seed")["X"].zero_()
    assert torch.equal(fixed, torch.ones(3))


@pytest.mark.parametrize("declare", [Value, choice])
def test_a_list_of_the_author_is_copied_with_all_it_holds(declare):
    nested = [[1, 2], [3]]
    inputs = {"rows": declare(nested)}
    case = Case(0, "smallest", {}, 0)
    make("check", inputs, case, "seed")["rows"][0].append(99)
    assert nested == [[1, 2], [3]]
    assert make("check", inputs, case, "seed")["rows"] == [[1, 2], [3]]


def test_any_of_draws_a_value_for_each_case_by_the_seed_also_inside_of_a_choice():
    inputs = {"n": any_of(*range(100)), "shape": choice(any_of("a", "b"), "c"), "X": normal("n>=2")}
    drawn = [[case for _, case in made(inputs, seed=f"{seed}")] for seed in range(20)]
    assert [case["n"] for case in drawn[0]] == [case["n"] for _, case in made(inputs, seed="0")]
    assert len({found[0]["n"] for found in drawn}) > 10
    assert {found[0]["shape"] for found in drawn} == {"a", "b"} and {found[1]["shape"] for found in drawn} == {"c"}
    assert of_kind("strided", inputs)["n"] == of_kind("different", inputs)["n"], "a variant has the values of its case"


def test_any_of_nothing_is_refused():
    with pytest.raises(LessonError, match=r"any_of\(\) needs at least one value"):
        any_of()
