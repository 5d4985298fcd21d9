"""Judging: what an answer gave, beside what the reference gave, is a verdict and a sentence."""

import io

import msgspec
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from grader import Tolerance, choice, integers, normal
from grader.errors import Fault
from grader.judge.observation import (
    Error,
    Malformed,
    Mapping,
    Module,
    Observation,
    Other,
    Plain,
    Sequence,
    Tensor,
    decode,
    encode,
)
from grader.judge.verdict import judge
from grader.messages import say

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


def double(X):
    return X * 2


# Right


def test_an_answer_that_does_the_same_in_another_way_is_right(question):
    asked = question(lambda X: torch.softmax(X, 1), X=normal("n d"))

    def by_hand(X):
        weights = (X - X.max(1, keepdim=True).values).exp()
        return weights / weights.sum(1, keepdim=True)

    verdict = asked.verdict(by_hand)
    assert (verdict.passed, verdict.message, verdict.earned, verdict.advice) == (True, "", 2.0, [])
    assert verdict.shown is None and verdict.case is None


def test_the_reference_itself_is_right_on_every_road(question):
    declared = {"vectorized": True, "forbids": ["convolution"]}
    asked = question(double, X=normal("n d"), **declared)
    assert asked.verdict(double).passed is True


# Values, shapes, gradients


def test_a_wrong_shape_is_told_before_wrong_values(question):
    asked = question(lambda X: X.sum(0), X=torch.ones(2, 3))
    assert asked.message(lambda X: X.sum(1)) == "Expected shape (3,), got (2,)."


def test_a_wrong_value_is_told_with_its_place(question):
    asked = question(double, X=X)
    assert asked.message(lambda X: X**2) == "3 of 4 values differ, the first at [0, 0]: expected 2, got 1."


def test_a_result_without_a_gradient_is_told_by_the_inputs_name(question):
    asked = question(lambda X, K: X @ K, X=X, K=X)
    assert asked.message(lambda X, K: X @ K.detach()) == "No gradient reaches K."
    assert asked.message(lambda X, K: torch.tensor((X @ K).tolist())) == "No gradient reaches X."


def test_a_right_value_with_a_wrong_gradient_is_told_as_such(question):
    asked = question(lambda X: X * X, X=X)
    message = asked.message(lambda X: X * X.detach())
    assert message.startswith("The result is right, but the gradient of X is not. 4 of 4 values differ")


def test_gradients_are_not_compared_where_a_check_says_so(question):
    asked = question(double, X=X, gradients=False)
    assert asked.verdict(lambda X: double(X).detach()).passed is True


def test_a_gradient_that_the_reference_does_not_have_is_not_punished(question):
    asked = question(lambda X, K: X * K.detach(), X=X, K=X)
    assert asked.verdict(lambda X, K: X * K).passed is True


def test_no_gradient_is_as_good_as_a_gradient_of_zero(question):
    asked = question(lambda X, K: X + 0 * K, X=X, K=X)
    assert asked.verdict(lambda X, K: X + 0).passed is True


def test_the_order_of_a_dictionary_is_free(question):
    asked = question(lambda X: {"sum": X.sum(), "double": X * 2}, X=X)
    assert asked.message(lambda X: {"double": X * 2, "sum": X.sum()}) == ""


def test_a_result_whose_gradient_cannot_be_had_is_told_with_the_error(question):
    def overwritten(X):
        Y = X.exp()
        Y += 1
        return Y

    asked = question(lambda X: X.exp() + 1, X=X)
    assert asked.message(overwritten).startswith(
        "The result is right, but going backward through it stopped with RuntimeError: one of the variables"
    )


def test_a_wrong_result_is_not_called_right_because_its_gradient_cannot_be_had(question):
    def overwritten(X):
        Y = X.exp()
        Y += 2
        return Y

    asked = question(lambda X: X.exp() + 1, X=X)
    assert "4 of 4 values differ" in asked.message(overwritten)


def test_an_input_changed_in_place_is_told_by_name(question):
    def in_place(X, K):
        return X.mul_(2) + K

    asked = question(lambda X, K: X * 2 + K, X=X, K=X)
    assert asked.message(in_place) == "X was changed in place. Work on a copy, or make a new tensor."


def test_an_input_that_the_reference_changes_may_be_changed_or_not(question):
    asked = question(lambda X: X.mul_(2), X=X)
    assert asked.verdict(lambda X: X.mul_(2)).passed is True
    assert asked.verdict(double).passed is True


def test_a_whole_number_where_a_float_was_asked_for(question):
    asked = question(lambda y: y / 2, y=integers("n", 1, 9))
    assert asked.message(lambda y: y // 2) == "Expected dtype float32, got int64."


def test_an_author_may_allow_more(question):
    near = {"X": X, "gradients": False}
    assert question(double, **near).verdict(lambda X: X * 2.01).passed is False
    loose = question(double, **near, tolerance=Tolerance(0.01, 0, because="A series is cut off."))
    assert loose.verdict(lambda X: X * 2.01).passed is True


# Errors


def test_an_error_is_told_with_its_type_and_message(question):
    def fails(X):
        raise ValueError("too few rows")

    def fails_quietly(X):
        raise ValueError

    asked = question(double, X=X)
    assert asked.message(fails) == "Your code stopped with ValueError: too few rows"
    assert asked.message(fails_quietly) == "Your code stopped with ValueError."


def test_leaving_python_is_an_error_like_any_other(question):
    assert question(double, X=X).message(lambda X: exit(3)) == "Your code stopped with SystemExit: 3"


def test_a_name_that_is_missing_is_told_by_name(question):
    assert question(double, X=X).message(None) == "Your code uses `f`, which is missing."


def test_where_an_error_is_the_right_answer_its_type_counts(question):
    class ShapeError(ValueError):
        pass

    def refuses(kind, message="the shapes do not fit"):
        def refusing(X):
            raise kind(message)

        return refusing

    asked = question(refuses(ValueError), X=X, raises=ValueError)
    assert asked.verdict(refuses(ValueError, "in other words")).passed is True
    assert asked.verdict(refuses(ShapeError)).passed is True
    assert asked.message(refuses(TypeError)) == (
        "Expected the error ValueError, got TypeError. It says: the shapes do not fit"
    )
    assert asked.message(double) == "Expected the error ValueError, but no error was raised."


def test_the_message_of_an_error_has_to_name_what_the_author_asks_for(question):
    def refuses(message):
        def refusing(X):
            raise ValueError(message)

        return refusing

    asked = question(refuses("X has 2 rows"), X=X, raises=ValueError, mentions=["rows", "2"])
    assert asked.verdict(refuses("2 Rows are too few")).passed is True
    assert asked.message(refuses("rows!")) == "The message of the ValueError should mention 2. It says: rows!"
    assert asked.message(refuses("")) == "The message of the ValueError should mention rows, 2."


def test_a_check_that_the_reference_fails_cannot_be_judged_and_earns_nothing(question):
    def broken(X):
        raise RuntimeError("a bug of the author's")

    asked = question(double, X=X)
    asked.expected = asked.seen(broken, show_inputs=True)
    verdict = asked.verdict(double)
    assert (verdict.passed, verdict.earned) == (None, 0.0)
    assert verdict.message.startswith("This check could not be judged, and that is not your fault")


# Operations


def test_a_loop_fails_where_all_of_it_is_to_be_done_at_once(question):
    asked = question(lambda A, B: A @ B, A=normal("n k"), B=normal("k m"), vectorized=True)

    def loop(A, B):
        return torch.stack([sum(A[:, i] * B[i, j] for i in range(len(B))) for j in range(B.shape[1])], dim=1)

    message = asked.message(loop)
    assert message.startswith("The number of tensor operations grows with the sizes of the inputs, from ")
    assert message.endswith("Look for operations that do everything at once, without a loop.")
    assert asked.verdict(lambda A, B: (A[:, :, None] * B).sum(1)).passed is True


@pytest.mark.parametrize("shapes", [("n k", "k m"), ("n>=2 k>=2", "k m>=2")])
def test_an_einsum_is_no_loop(question, shapes):
    asked = question(lambda A, B: A @ B, A=normal(shapes[0]), B=normal(shapes[1]), vectorized=True)
    assert asked.message(lambda A, B: torch.einsum("nk,km->nm", A, B)) == ""


def test_a_loop_passes_where_the_reference_needs_one_too(question):
    asked = question(lambda X: torch.stack([row.sum() for row in X]), X=normal("n d"), vectorized=True)
    assert asked.verdict(lambda X: torch.stack([row.sum() for row in X])).passed is True


def test_a_ready_made_operation_fails_where_it_is_forbidden(question):
    def by_hand(X, K):
        windows = X.unfold(2, K.shape[2], 1).unfold(3, K.shape[3], 1)
        return torch.einsum("nchwij,ocij->nohw", windows, K)

    shapes = {"X": normal("n c h w"), "K": normal("o c kh<=h kw<=w")}
    asked = question(by_hand, **shapes, forbids=["convolution"])
    assert asked.verdict(by_hand).passed is True
    assert asked.message(lambda X, K: F.conv2d(X, K)) == (
        "Do not use PyTorch's built-in convolution here: this exercise asks you to do without it."
    )
    assert question(by_hand, **shapes).verdict(lambda X, K: F.conv2d(X, K)).passed is True


def test_what_is_forbidden_is_called_as_a_student_knows_it(question):
    labels = torch.tensor([0, 1])
    asked = question(lambda X: -(X[:, 0] + 0 * X[:, 1]).mean(), X=normal("2 2"), forbids=["nll_loss_forward"])
    assert "built-in loss here" in asked.message(lambda X: F.nll_loss(X, 0 * labels))


def test_several_inputs_that_were_changed_are_told_in_the_plural(question):
    asked = question(lambda A, B: A + B, A=torch.ones(2), B=torch.ones(2))
    assert asked.message(lambda A, B: A.mul_(2) / 2 + B.mul_(2) / 2).startswith("A, B were changed in place.")


def test_leaving_pytorch_fails_where_its_operations_are_looked_at_unless_the_reference_does(question):
    def in_numpy(X):
        return torch.from_numpy(np.exp(X.detach().numpy()))

    for options in ({"forbids": ["exp"]}, {"vectorized": True}):
        asked = question(lambda X: (2.718281828459045**X).detach(), X=X, **options)
        assert asked.message(in_numpy) == (
            "Your code leaves PyTorch here, through `.numpy()`. Stay with tensors and PyTorch's operations."
        )
        assert question(in_numpy, X=X, **options).verdict(in_numpy).passed is True
    assert question(lambda X: X.exp().detach(), X=X).verdict(in_numpy).passed is True


def test_a_ready_made_operation_is_seen_without_the_runs_for_advice_too(question):
    asked = question(lambda X: X.exp() / X.exp().sum(), X=normal("4"), forbids=["_softmax"])
    made = asked.seen(lambda X: torch.softmax(X, 0), advice=False)
    assert judge(asked.check, asked.expected, made).message.startswith("Do not use PyTorch's built-in")


def test_a_wrong_value_is_told_before_a_loop(question):
    asked = question(lambda X: X * 2, X=normal("n>=2 d"), vectorized=True)
    assert "values differ" in asked.message(lambda X: torch.stack([row * 3 for row in X]))


# Cases


def test_the_smallest_case_that_fails_is_the_one_that_is_shown(question):
    asked = question(lambda X: X.T, X=normal("n d"))
    verdict = asked.verdict(lambda X: X)  # right where there is one row and one column
    failing = min((seen for seen in asked.expected if seen.case in (1, 2)), key=lambda seen: seen.inputs["X"].data.size)
    assert verdict.case == failing.case
    assert verdict.shown.kind == failing.kind


def test_a_case_is_shown_with_its_inputs_what_was_expected_and_what_came(question):
    asked = question(lambda X, k: X * k, X=torch.tensor([1.0, 2.0]), k=choice(3))
    shown = asked.verdict(lambda X, k: X + k).shown
    assert shown.inputs == [("X", "[1., 2.]"), ("k", "3")]
    assert (shown.expected, shown.got) == ("[3., 6.]", "[4., 5.]")


def test_where_some_numbers_differ_those_that_came_are_marked(question):
    asked = question(lambda X: X, X=torch.tensor([[1.0, -2.0], [3.0, 4.5]]))
    shown = asked.verdict(lambda X: X.abs()).shown
    assert shown.expected == "[[ 1. , -2. ],\n [ 3. ,  4.5]]"
    assert shown.got == "[[ 1. , ≠2. ],\n [ 3. ,  4.5]]"
    assert (shown.expected_grid.wrong, shown.got_grid.wrong) == ([], [1])


def test_a_case_that_is_too_large_to_read_is_drawn(question):
    verdict = question(double, X=torch.ones(10, 10)).verdict(lambda X: X)
    assert verdict.passed is False
    assert (verdict.shown.inputs, verdict.shown.expected) == ([("X", "a tensor of shape (10, 10)")], "")
    assert (verdict.shown.figure.kind, len(verdict.shown.figure.got)) == ("map", 100)


def test_matrices_in_a_list_stand_below_one_another_in_line(question):
    asked = question(lambda tensors: tensors[0], tensors=[torch.eye(2), torch.ones(2, 2), 3])
    ((_, shown),) = asked.verdict(lambda tensors: tensors[1]).shown.inputs
    assert shown == "[[[1., 0.],\n  [0., 1.]],\n [[1., 1.],\n  [1., 1.]],\n 3]"


def test_who_asks_for_words_is_told_that_nobody_types_them(question, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())  # as in a check

    def asks(X):
        return input()

    assert question(lambda X: X, X=normal("n")).message(asks).startswith("Your code called `input()`")


def test_a_case_that_is_too_large_to_draw_is_not_shown(question):
    assert question(double, X=torch.ones(100, 100)).verdict(lambda X: X).shown is None


def test_of_what_is_put_together_the_part_that_differs_is_shown(question):
    def history(lr):
        return {"model": torch.nn.Linear(2, 1), "history": [{"losses": [lr / (step + 1) for step in range(8)]}, [1.0]]}

    shown = question(history, lr=2.0).verdict(lambda lr: history(lr) | {"history": [{"losses": [lr] * 8}, [1.0]]}).shown
    assert shown.about == "`losses` of item 1 of `history`:"
    assert shown.got.startswith("[ 2.0, ≠2.0, ≠2.0") and shown.figure.kind == "lines"


def test_shares_are_drawn_as_bars_and_labels_are_not_drawn(question):
    asked = question(lambda X: X.softmax(0), X=torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert asked.verdict(lambda X: X.abs().softmax(0) * 0.5).shown.figure.kind == "bars"
    assert question(lambda X: X, X=torch.arange(30)).verdict(lambda X: X + 1).shown.figure is None


def test_a_case_without_an_answer_is_shown_with_what_was_expected(question):
    def fails(X):
        raise ValueError("no")

    shown = question(double, X=torch.tensor([1.0])).verdict(fails).shown
    assert (shown.expected, shown.got) == ("[2.]", "")


def test_an_answer_that_only_fails_for_one_choice_fails(question):
    asked = question(lambda X, k: X * k, X=X, k=choice(1, 2, 3, 4, 5))
    verdict = asked.verdict(lambda X, k: X * min(k, 4))
    assert verdict.passed is False
    assert dict(verdict.shown.inputs)["k"] == "5"


# Advice and the device


def test_a_view_that_fails_on_a_transposed_tensor_is_advised_against_and_costs_nothing(question):
    verdict = question(lambda X: X.reshape(-1), X=normal("n d")).verdict(lambda X: X.view(-1))
    assert (verdict.passed, verdict.earned) == (True, 2.0)
    assert verdict.advice == [say("advice_strided")]


def test_an_answer_that_loses_float64_is_advised_against_it(question):
    verdict = question(double, X=normal("n d")).verdict(lambda X: X.float() * 2)
    assert (verdict.passed, verdict.advice) == (True, [say("advice_float64")])


def made_on_the_cpu(X):
    return X * 2 + torch.zeros(X.shape)


def test_a_tensor_made_on_a_device_of_its_own_is_advised_against(question):
    verdict = question(double, X=normal("n d")).verdict(made_on_the_cpu)
    assert verdict.passed is True
    assert say("advice_meta") in verdict.advice


@pytest.mark.parametrize("number", ["X.sum().item()", "int(X.sum())", "sum(X.flatten().tolist())"])
def test_an_answer_that_reads_a_number_is_not_said_to_fail_on_a_gpu(question, number):
    read = question(lambda X: X * 2, X=normal("n m"), gradients=False)
    verdict = read.verdict(lambda X: X * 2 if eval(number, {"X": X}) < 1e9 else X)
    assert verdict.passed and verdict.advice == []


def test_where_the_reference_fails_on_a_variant_nobody_is_advised(question):
    asked = question(lambda X: X.view(-1) + torch.zeros(X.numel()), X=normal("n d"))
    assert asked.verdict(lambda X: X.view(-1) + torch.zeros(X.numel())).advice == []


def test_an_input_that_is_changed_in_one_dtype_only_is_no_matter_of_the_dtype(question):
    def in_float64(X):
        return X.double().mul_(2).to(X.dtype)

    assert question(double, X=normal("n d")).verdict(in_float64).advice == []


def test_an_answer_that_fails_gets_no_advice_on_top(question):
    assert question(double, X=normal("n d")).verdict(lambda X: X.view(-1)).advice == []


# No answer


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault("time"), "Your code took longer than the limit of 2 seconds. Is there an infinite loop?"),
        (
            Fault("ended", "it was stopped by SIGSEGV"),
            "Your code ended the Python process: it was stopped by SIGSEGV.",
        ),
        (Fault("flood"), "Your code wrote into the grader's own channel, so this could not be judged."),
    ],
)
def test_a_step_that_did_not_come_back_fails_with_a_sentence(question, fault, message):
    asked = question(double, X=X)
    verdict = judge(asked.check, asked.expected, fault)
    assert (verdict.passed, verdict.message) == (False, message)


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_case_that_did_not_come_back_fails(question, kept):
    asked = question(double, X=normal("n d"))
    verdict = judge(asked.check, asked.expected, asked.seen(double)[:kept])
    assert verdict.passed is False
    assert verdict.message.startswith("The grader could not read what your code returned")


def test_cases_may_come_back_in_any_order(question):
    asked = question(double, X=normal("n d"))
    assert judge(asked.check, asked.expected, asked.seen(double)[::-1]).passed is True


# What nobody honest sends

HUGE = 10**4000
DEEP = Plain("int", "1")
for _ in range(300):
    DEEP = Sequence("list", [DEEP])


def forged(observations, **made_up):
    """What arrives when somebody writes their own observations into the channel."""
    try:
        replaced = [msgspec.structs.replace(seen, **made_up) for seen in observations]
        return decode(*encode(replaced), list[Observation])
    except Malformed:
        return Fault("flood")


@pytest.mark.parametrize(
    "made_up",
    [
        {"value": None},
        {"value": Tensor("float32", (2, 2), "cpu", np.ones(3, "float32"))},
        {"value": Tensor("float32", (2, 2), "cpu", np.full((2, 2), 1e300))},
        {"value": Tensor("float32", (2**62, 2**62), "cpu", None)},
        {"value": Tensor("float32", (2**63,) * 20 + (-1,), "cpu", None)},
        {"value": Tensor("float32", (2**63, -1, 0) * 20, "cpu", None)},
        {"value": Tensor("float32", (HUGE, -HUGE), "cpu", None)},
        {"value": Tensor("float32", (), "cpu", np.zeros((1000, 1000)))},
        {"value": Tensor("\x1b[31m" * 100_000, (2, 2), "cpu", None)},
        {"value": Plain("float", "abc")},
        {"value": Plain("str", "x" * 1_000_000)},
        {"value": DEEP},
        {"value": Mapping({"x" * 100_000: Plain("int", "1")})},
        {"value": Module(True, {}, {"w": None})},
        {"value": Other("x" * 1_000_000)},
        {"gradients": {"X": Plain("float", "abc")}},
        {"gradients": {"X": Tensor("float32", (2, 2), "cpu", np.ones((2, 2), "bool"))}},
        {"gradients": {}},
        {"gradients": None},
        {"changed": ["Y" * 100_000] * 10},
        {"changed": ["{names}", "%s"]},
        {"error": Error("E" * 1_000_000, [], "m" * 1_000_000)},
        {"error": Error("ValueError", [], "")},
        {"error": Error("MissingName", [], "m" * 1_000_000)},
        {"error": Error("{type}", ["{0.__class__}"], "{message!r:>{9}}", cell=-HUGE, line=HUGE)},
    ],
    ids=lambda made_up: next(iter(made_up)),
)
def test_an_observation_that_somebody_made_up_fails_with_a_short_sentence(question, made_up):
    asked = question(double, X=X)
    verdict = judge(asked.check, asked.expected, forged(asked.seen(double), **made_up))
    assert verdict.passed is False
    assert 0 < len(verdict.message) < 5000
    assert verdict.shown is None or len(verdict.shown.got) < 5000


@pytest.mark.parametrize("expected", [1.5, [1.5], {"a": 1.5}, torch.tensor(1.5), None])
@pytest.mark.parametrize("got", [DEEP, Plain("float", "1_0x"), Tensor("f", (9, 9), "", None), Module(False, {}, {})])
def test_a_made_up_value_in_the_place_of_any_other_fails(question, expected, got):
    asked = question(lambda X: expected, X=X)
    assert judge(asked.check, asked.expected, forged(asked.seen(lambda X: expected), value=got)).passed is False


@pytest.mark.parametrize("operations", [{"mul": HUGE}, {"a": 9 * 10**4299, "b": 9 * 10**4299}, {"convolution": -1}])
def test_counts_that_somebody_made_up_fail_with_a_short_sentence(question, operations):
    asked = question(double, X=normal("n d"), vectorized=True, forbids=["convolution"])
    smallest, *others = asked.seen(double)
    made_up = forged(others, operations=operations)
    verdict = judge(asked.check, asked.expected, made_up if isinstance(made_up, Fault) else [smallest, *made_up])
    assert verdict.passed is False
    assert 0 < len(verdict.message) < 5000


def test_cases_that_nobody_asked_for_change_nothing(question):
    asked = question(double, X=X)
    honest = asked.seen(double)
    extra = [msgspec.structs.replace(honest[0], case=case, kind="different", value=None) for case in (-1, 99, HUGE)]
    assert judge(asked.check, asked.expected, honest + extra).passed is True


def test_a_list_that_is_eaten_up_was_changed_in_place(question):
    def asks(answer, X):
        """The rows are added up."""
        return answer.f(list(X), {"scale": 2.0})

    def eats(rows, options):
        total = rows.pop(0) * options["scale"]
        for row in rows:
            total = total + row * options["scale"]
        return total

    def empties(rows, options):
        return sum(rows) * options.pop("scale")

    asked = question(lambda rows, options: sum(rows) * options["scale"], probe=asks, X=normal("n>=2 d"))
    assert asked.message(eats) == "rows was changed in place. Work on a copy, or make a new tensor."
    assert asked.message(empties).startswith("options was changed in place.")
    assert asked.verdict(lambda rows, options: torch.stack(rows).sum(0) * options["scale"]).passed is True
