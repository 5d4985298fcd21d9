"""Comparing two values: what counts as the same, and the sentence for the first difference."""

import numpy as np
import pytest
import torch
from torch import nn

from grader import wire
from grader.checks import Tolerance
from grader.judge.compare import compare
from grader.judge.observation import Node, Plain, Tensor, decode
from grader.judge.result import Shown
from grader.judge.show import add_numbers, text
from grader.worker.record import tree


def node(value):
    """A value as the judge sees it."""
    return decode(*wire.split(tree(value)), Node)


def difference(expected, got, tolerance=None):
    return compare(node(expected), node(got), tolerance)


@pytest.mark.parametrize(
    "value",
    [
        torch.tensor([[1.5, 2.0]]), torch.tensor(3), torch.zeros(0, 4), torch.tensor([True]), torch.ones(2).bfloat16(),
        torch.tensor([1 + 2j]), None, True, 7, 2.5, "text", torch.Size([2]), torch.float16, torch.device("cpu"), 1 + 2j,
        [1, (torch.ones(1), "a")], {"a": [None], "b": {}}, nn.Linear(2, 1), {1, 2}, torch.empty(2, device="meta"),
    ],
)  # fmt: skip
def test_a_value_agrees_with_itself(value):
    assert difference(value, value) is None


# Mappings


def test_what_is_true_or_false_is_told_in_a_sentence():
    assert difference({"is a layer": True}, {"is a layer": False}) == '"is a layer" should be True, but it is False.'
    deeper = difference({"w afterwards": {"is_leaf": True}}, {"w afterwards": {"is_leaf": False}})
    assert deeper == '"`is_leaf` of w afterwards" should be True, but it is False.'


def test_what_it_is_not_says_more_than_what_it_therefore_lacks():
    assert difference({"is a layer": True, "shapes": {}}, {"is a layer": False}).startswith('"is a layer" should')
    assert difference({"is a layer": True, "shapes": {}}, {"is a layer": True}) == "It lacks `shapes`."
    problem = difference({"what came back": "a network", "losses": [1.0]}, {"what came back": "a list"})
    assert problem == "In what came back: Expected a network, got a list."


def test_nobody_is_told_of_the_dictionary_that_a_check_makes_of_a_result():
    problem = difference({"losses": [1.0], "accuracies": [0.5]}, [(1.0, 0.5), (1.0, 0.5)])
    assert problem == "Expected these parts: `losses`, `accuracies`. Got a list of 2."


# Tensors


def test_another_shape():
    assert difference(torch.ones(2, 4, 5), torch.ones(2, 5, 4)) == "Expected shape (2, 4, 5), got (2, 5, 4)."
    assert difference(torch.tensor(1.0), torch.ones(1)) == "Expected shape (), got (1,)."


def test_another_dtype():
    assert difference(torch.ones(2), torch.ones(2).double()) == "Expected dtype float32, got float64."
    assert difference(torch.ones(2) > 0, torch.ones(2)) == "Expected dtype bool, got float32."


def test_another_dtype_does_not_hide_that_the_values_are_wrong_too():
    assert difference(torch.tensor([4, 9]), torch.tensor([5.0, 9.0])) == (
        "Expected dtype int64, got float32. The values are not right either. "
        "1 of 2 values differ, the first at [0]: expected 4, got 5."
    )
    assert difference(torch.tensor([1 / 3]).double(), torch.tensor([1 / 3])) == "Expected dtype float64, got float32."


def test_another_device():
    assert difference(torch.ones(2, device="meta"), torch.ones(2)) == "Expected a tensor on meta, got one on cpu."


def test_some_values_of_a_tensor_differ():
    expected = torch.full((1, 5, 8), 1.25)
    got = expected.clone()
    got[0, 2, 1] = got[0, 4, 0] = got[0, 4, 7] = 2.5
    assert difference(expected, got) == "3 of 40 values differ, the first at [0, 2, 1]: expected 1.25, got 2.5."


def test_the_only_value_of_a_tensor_differs():
    assert difference(torch.tensor(2.5), torch.tensor(2.0)) == "The value differs: expected 2.5, got 2."
    assert difference(torch.tensor([[4]]), torch.tensor([[5]])) == "The value differs: expected 4, got 5."


def test_numbers_that_differ_are_shown_with_the_digits_in_which_they_differ():
    expected = torch.tensor([1.0, 2.2400002])
    assert difference(expected, torch.tensor([1.0, 2.2400255])) == (
        "1 of 2 values differ, the first at [1]: expected 2.24, got 2.24003. "
        "The greatest difference is 2.5e-05, and 1.3e-05 is allowed."
    )
    assert difference(2.0, 2.0000001, Tolerance(0.0, 0.0, "exact")) == (
        "The value differs: expected 2, got 2.0000001. The greatest difference is 1e-07, and 0 is allowed."
    )
    assert "allowed" not in difference(expected, torch.tensor([1.0, 2.25]))
    shown = Shown("smallest")
    add_numbers(shown, node(expected), node(torch.tensor([1.0, 2.2400255])), None)
    assert [grid.numbers[1] for grid in (shown.expected_grid, shown.got_grid)] == ["2.24", "2.24003"]


def test_truth_values_differ():
    message = difference(torch.tensor([True, False]), torch.tensor([True, True]))
    assert message == "1 of 2 values differ, the first at [1]: expected False, got True."


def test_complex_values_are_counted_as_numbers_and_not_as_parts():
    message = difference(torch.tensor([1 + 1j, 2j, 3j]), torch.tensor([1 + 1j, 5j, 3j]))
    assert message.startswith("1 of 3 values differ, the first at [1]: expected")
    assert "2j, got" in message and "5j." in message


def test_not_a_number_agrees_with_not_a_number_only():
    nan, inf = float("nan"), float("inf")
    assert difference(torch.tensor([nan, inf, -inf]), torch.tensor([nan, inf, -inf])) is None
    assert "expected nan, got 1." in difference(torch.tensor([nan]), torch.tensor([1.0]))
    assert "expected 1, got nan." in difference(torch.tensor([1.0]), torch.tensor([nan]))
    assert "expected inf, got -inf." in difference(torch.tensor([inf]), torch.tensor([-inf]))
    assert "expected inf, got 1e+30." in difference(torch.tensor([inf]), torch.tensor([1e30]))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("size", [0.0, 1.0, 300.0])
def test_numbers_may_be_off_by_as_much_as_torch_testing_allows(dtype, size):
    expected = torch.tensor([size], dtype=dtype)
    off = 1e-7 if dtype is torch.float64 else 1e-5
    for step in (0.1, 0.5, 2, 10, 1e3, 1e4, 1e5, 1e6):
        got = expected + torch.tensor(off * step * max(size, 1), dtype=dtype)
        try:
            torch.testing.assert_close(got, expected)
            close = True
        except AssertionError:
            close = False
        assert (difference(expected, got) is None) == close, (dtype, size, step)


def test_whole_numbers_are_exact_however_large():
    assert difference(torch.tensor([2**60]), torch.tensor([2**60])) is None
    assert difference(torch.tensor([1_000_000]), torch.tensor([1_000_001])) is not None
    assert difference(torch.tensor([2**60]), torch.tensor([2**60 + 1])) is not None
    assert difference(2**60, 2**60 + 1) is not None


def test_an_author_may_allow_more_or_less():
    loose, strict = Tolerance(0.1, 0.0, "A series."), Tolerance(0.0, 0.0, "Nothing is rounded.")
    assert difference(torch.tensor([100.0]), torch.tensor([109.0]), loose) is None
    assert difference(torch.tensor([100.0]), torch.tensor([111.0]), loose) is not None
    assert difference(torch.tensor([1.0]), torch.tensor([1.0000001])) is None
    assert difference(torch.tensor([1.0]), torch.tensor([1.0000001]), strict) is not None
    assert difference(100.0, 109.0, loose) is None


def test_complex_numbers_are_as_close_as_torch_testing_says():
    expected, got = torch.tensor([1000 + 0j]), torch.tensor([1000 + 1e-3j])
    torch.testing.assert_close(got, expected)
    assert difference(expected, got) is None


# Plain values


def test_another_kind_of_value():
    assert difference(torch.ones(1), 1.0) == "Expected a tensor, got 1.0 (float)."
    assert difference(torch.ones(1), None) == "Expected a tensor, got None."
    assert difference(1, 1.0) == "Expected 1 (int), got 1.0 (float)."
    assert difference(1, True) == "Expected 1 (int), got True (bool)."
    assert difference(torch.tensor(-1.71).item(), 0) == "Expected -1.71 (float), got 0 (int)."
    assert difference([1, 2], {"a": 1}) == "Expected a list of 2, got a dict."
    assert difference(nn.ReLU(), {1}) == "Expected an nn.Module, got a value of type set."


@pytest.mark.parametrize(
    ("expected", "got", "message"),
    [
        (3, 4, "Expected 3, got 4."),
        ("relu", "tanh", "Expected relu, got tanh."),
        (torch.Size([2, 3]), torch.Size([3, 2]), "Expected (2, 3), got (3, 2). These axes are off: 0, 1."),
        (torch.Size([2, 3]), torch.Size([2, 4]), "Expected (2, 3), got (2, 4). Axis 1 is off."),
        (torch.Size([2, 3]), torch.Size([3]), "Expected (2, 3), got (3,). The number of axes differs: expected 2, got 1."),
        (torch.float32, torch.float64, "Expected float32, got float64."),
        (0.5, 0.25, "The value differs: expected 0.5, got 0.25."),
        (True, False, "Expected True, got False."),
    ],
)
def test_another_plain_value(expected, got, message):
    assert difference(expected, got) == message


def test_a_float_is_compared_as_a_number():
    assert difference(0.3, 0.1 + 0.2) is None
    assert difference(float("nan"), float("nan")) is None
    assert difference(float("inf"), float("-inf")) is not None


# Structures


def test_the_place_of_a_difference_in_a_structure_is_named():
    assert difference([1, (2, 3)], [1, (2, 4)]) == ("Expected 3, got 4. (It is item 2 of item 2 of what was compared.)")
    assert difference({"loss": [0.5]}, {"loss": [1.5]}) == "In item 1 of `loss`: The value differs: expected 0.5, got 1.5."


def test_lists_and_tuples_are_different_and_so_are_their_lengths():
    assert difference([1, 2], (1, 2)) == "Expected a list of 2, got a tuple of 2."
    assert difference([1, 2], [1, 2, 3]) == "The number of items differs: expected 2, got 3."


def test_dictionaries_have_the_same_keys_in_any_order():
    assert difference({"a": 1, "b": 2}, {"b": 2, "a": 1}) is None
    assert difference({"a": 1}, {"b": 1}) == "It lacks `a`. It should not have `b`."
    assert difference({"the shapes": {"(2,)": 1}}, {"the shapes": {}}) == "In the shapes: It lacks (2,)."


def test_a_message_stays_short_whatever_is_in_it():
    long_word, many_keys = "x" * 9000, {f"key {number}": 0 for number in range(5000)}
    assert len(difference({"a": 1}, many_keys)) < 2000
    assert len(difference("a", long_word)) < 2000
    assert len(difference(1, long_word)) < 2000


# Modules


def test_modules_agree_when_their_state_does():
    torch.manual_seed(0)
    layer = nn.Linear(2, 1)
    other = nn.Sequential(nn.Linear(2, 1))[0]
    other.load_state_dict(layer.state_dict())
    assert difference(layer, other) is None


def test_a_name_that_leads_to_a_part_is_told_before_what_differs_there():
    assert difference({"losses": [1, 2]}, {"losses": [1, 3]}) == "In item 2 of `losses`: Expected 2, got 3."
    nested = {"the first epoch": {"losses": [1]}}, {"the first epoch": {"losses": [2]}}
    assert difference(*nested) == "In item 1 of `losses` of the first epoch: Expected 1, got 2."
    models = [nn.Sequential(nn.PReLU(1, start)) for start in (0.25, 0.5)]
    assert difference(*({"model": model} for model in models)).startswith("In `0.weight` of `model`: The value differs")


def test_a_parameter_of_another_value_or_name_is_named():
    expected, got = nn.Linear(2, 1), nn.Linear(2, 1)
    got.load_state_dict({"weight": expected.weight + 1, "bias": expected.bias})
    assert difference(expected, got).startswith("In `weight`: 2 of 2 values differ")
    assert difference(nn.Linear(2, 1), nn.Linear(2, 1, bias=False)) == "It lacks `bias`."


def test_the_mode_of_a_module_counts():
    layer = nn.Dropout()
    assert difference(layer, nn.Dropout().eval()) == "Expected the model in training mode, got it in evaluation mode."


def test_the_gradients_of_a_module_are_compared_where_there_are_some():
    def layer(factor):
        torch.manual_seed(0)
        layer = nn.Linear(2, 1)
        if factor is not None:
            (layer(torch.ones(1, 2)) * factor).sum().backward()
        return layer

    assert difference(layer(1), layer(None)) == "The parameter weight has no gradient."
    assert difference(layer(1), layer(2)).startswith("The result is right, but the gradient of weight is not. 2 of 2")
    assert difference(layer(None), layer(1)) is None
    assert difference(layer(0), layer(None)) is None


# As text


def test_a_small_value_is_written_as_a_person_would():
    assert text(node(torch.tensor([[1.5, 2.0], [0.0, -1.0]]))) == "[[ 1.5,  2. ],\n [ 0. , -1. ]]"
    assert text(node([1, "a", None])) == "[1, a, None]"
    assert text(node(torch.tensor(2.5))) == "2.5"
    assert "\n\n" not in text(node(torch.ones(2, 2, 2)))


def test_a_large_value_is_not_written():
    assert text(node(torch.ones(7, 7))) == ""
    assert text(node([torch.ones(7, 7)])) == ""
    assert text(node(nn.Linear(1, 1))) == text(None) == ""
    assert len(text(node(["word" * 2000]))) < 2000


# What nobody honest sends


@pytest.mark.parametrize(
    "data",
    [
        None, np.ones(3, "float32"), np.ones((2, 1), "float32"), np.array(["a", "b"]), np.array([b"a", b"b"]),
        np.array([None, {}]), np.array(["2020", "2021"], dtype="M8[Y]"), np.zeros(2, dtype="V3"),
    ],
)  # fmt: skip
def test_numbers_that_are_none_cannot_be_read(data):
    got = Tensor("float32", (2,), "cpu", data)
    assert compare(node(torch.ones(2)), got, None, "").startswith("The grader could not read what your code returned")


@pytest.mark.parametrize("dtype", ["complex128", "int8", "bool", "uint64", "float64"])
def test_numbers_of_another_kind_than_announced_do_not_stop_the_judge(dtype):
    got = Tensor("float32", (2,), "cpu", np.array([0, 1]).astype(dtype))
    assert compare(node(torch.ones(2)), got, None, "").startswith("1 of 2 values differ")


def test_a_float_that_is_no_number_cannot_be_read():
    message = compare(Plain("float", "1.5"), Plain("float", "abc"), None, "")
    assert message.startswith("The grader could not read what your code returned")
