"""Observing: a probe is run on an answer, and all that happened is plain data."""

import copy
import io
import random
import sys
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from grader import Lesson, normal, wire
from grader.judge.observation import Malformed, Observation, decode
from grader.lesson.inputs import generator
from grader.worker.errors import describe_error
from grader.worker.observe import Answer, kind_of_name, load_checks, observe, run_check
from grader.worker.printed import PRINTED_AT_MOST
from grader.worker.record import NODES_AT_MOST, TENSOR_BYTES_AT_MOST, tree


def seen(answer, gradients=True, count=False, show_inputs=False, **inputs):
    """What is observed when `answer` is put to a probe that returns what it gives."""
    cotangents = generator("cotangents") if gradients else None
    return observe(
        lambda answer, **inputs: answer.f(**inputs), Answer({"f": answer}), inputs, cotangents=cotangents, count=count,
        show_inputs=show_inputs,
    )  # fmt: skip


def cell(source, index=0, **names):
    """Execute a cell of a student's file and return its names."""
    exec(compile(source, f"<cell {index}>", "exec"), names)
    return names


def nodes(node):
    """How many nodes a tree has."""
    below = node.get("items", [])
    return 1 + sum(map(nodes, below.values() if isinstance(below, dict) else below))


@pytest.fixture
def doubling():
    lesson = Lesson("lesson")
    f = lesson.exercise("f")

    @f.check(points=1)
    def doubles(answer, X=normal("n d"), k=2):
        """Twice as much."""
        return answer.f(X, k)

    return lesson


# Values


@pytest.mark.parametrize("dtype", "float16 float32 float64 int8 int16 int32 int64 uint8 bool".split())
def test_a_tensor_is_its_dtype_shape_device_and_numbers(dtype):
    node = tree(torch.tensor([[0, 1, 1], [1, 0, 1]], dtype=getattr(torch, dtype)))
    assert (node["kind"], node["dtype"], node["shape"], node["device"]) == ("tensor", dtype, [2, 3], "cpu")
    assert node["data"].dtype == dtype
    assert node["data"].tolist() == [[0, 1, 1], [1, 0, 1]]


def test_a_bfloat16_tensor_keeps_its_dtype_and_its_numbers():
    node = tree(torch.tensor([1.5, -2.0], dtype=torch.bfloat16))
    assert node["dtype"] == "bfloat16"
    assert node["data"].tolist() == [1.5, -2.0]


@pytest.mark.parametrize("numbers", [torch.tensor([1 + 2j, 3j]), torch.tensor([1 - 2j, -3j]).conj()])
def test_a_complex_tensor_keeps_both_parts(numbers):
    node = tree(numbers)
    assert (node["dtype"], node["shape"]) == ("complex64", [2])
    assert node["data"].tolist() == [[1, 2], [0, 3]]


def test_a_tensor_is_read_however_it_is_laid_out():
    square = torch.tensor([[0.0, 1.0], [2.0, 0.0]])
    for laid_out in (square.to_sparse(), square.T.contiguous().T, nn.Parameter(square)):
        assert tree(laid_out)["data"].tolist() == [[0, 1], [2, 0]]


def test_a_scalar_stays_a_scalar_on_its_way_through_bytes():
    text, blob = wire.split({**seen(lambda: torch.tensor(2.5)), "case": 0, "kind": "smallest"})
    back = decode(text, blob, Observation).value
    assert (back.shape, back.data.shape, back.data.item()) == ((), (), 2.5)


def test_a_tensor_on_meta_has_no_numbers():
    assert tree(torch.empty(2, 3, device="meta")) == {
        "kind": "tensor", "dtype": "float32", "shape": [2, 3], "device": "meta", "data": None,
    }  # fmt: skip


def test_a_tensor_too_large_to_send_is_known_by_its_shape_only():
    too_large = torch.zeros(TENSOR_BYTES_AT_MOST + 1, dtype=torch.uint8)
    node = tree([too_large[:-1], too_large])
    assert node["items"][0]["data"] is not None
    assert node["items"][1]["data"] is None
    assert node["items"][1]["shape"] == [TENSOR_BYTES_AT_MOST + 1]


def test_a_small_tensor_that_claims_to_be_huge_is_not_blown_up():
    assert tree(torch.ones(1).expand(1 << 40))["data"] is None


@pytest.mark.parametrize(
    ("plain", "kind", "text"),
    [
        (None, "NoneType", "None"), (True, "bool", "True"), (3, "int", "3"), (2.5, "float", "2.5"), (1j, "complex", "1j"),
        (float("nan"), "float", "nan"), ("a word", "str", "a word"), (torch.Size([2, 3]), "Size", "(2, 3)"),
        (torch.float64, "dtype", "float64"), (torch.device("cpu"), "device", "cpu"), (np.float64(1.5), "float", "1.5"),
    ],
)  # fmt: skip
def test_a_plain_value_is_its_type_and_its_text(plain, kind, text):
    assert tree(plain) == {"kind": "plain", "type": kind, "value": text}


def test_lists_tuples_and_dictionaries_may_hold_each_other():
    node = tree({"rows": [(1, torch.ones(1))], 7: None})
    assert node["kind"] == "mapping" and list(node["items"]) == ["rows", "7 (int)"]
    rows = node["items"]["rows"]
    assert (rows["type"], rows["items"][0]["type"]) == ("list", "tuple")
    assert rows["items"][0]["items"][1]["data"].tolist() == [1.0]


def test_a_value_of_an_unknown_kind_is_known_by_its_type():
    assert tree(np.ones(2)) == {"kind": "other", "type": "ndarray"}
    assert tree({1, 2}) == {"kind": "other", "type": "set"}
    assert tree(lambda: 0) == {"kind": "other", "type": "function"}


def test_a_structure_that_is_too_deep_is_cut():
    nested = torch.ones(1)
    for _ in range(5000):
        nested = [nested]
    assert nodes(tree(nested)) < 30


def test_a_list_that_holds_itself_is_cut():
    loop = []
    loop.append(loop)
    assert nodes(tree(loop)) < 30


def test_a_structure_that_is_too_large_is_cut():
    assert nodes(tree(list(range(NODES_AT_MOST // 2)))) == NODES_AT_MOST // 2 + 1
    assert nodes(tree(list(range(NODES_AT_MOST * 3)))) <= NODES_AT_MOST + 1


@pytest.mark.parametrize(
    "huge",
    [
        pytest.param(lambda: list(range(400_000)), id="numbers"),
        pytest.param(lambda: [torch.zeros(1 << 20)] * 17, id="tensors"),
        pytest.param(lambda: ["word" * 2500] * 1700, id="strings"),
        pytest.param(lambda: {f"{number:0200}": 0 for number in range(90_000)}, id="keys"),
    ],
)
def test_whatever_an_answer_returns_to_a_check_fits_into_one_message(doubling, huge):
    record = run_check(doubling, doubling.checks["doubles"], Answer({"f": lambda X, k: huge()}), "seed", show_inputs=True)
    wire.write_frame(io.BytesIO(), {"observations": record})


def test_a_whole_number_of_thousands_of_digits_is_a_value_like_any_other():
    record = seen(lambda: 10**5000)
    assert record["error"] is None
    assert record["value"] is not None


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(lambda: "half \udc80", id="returned"),
        pytest.param(lambda: {"\udc80": 1}, id="a key"),
        pytest.param(lambda: print("half \udc80"), id="printed"),
        pytest.param(lambda: warnings.warn("half \udc80", stacklevel=1), id="warned of"),
        pytest.param(lambda: cell("raise ValueError('half \\udc80')"), id="raised"),
    ],
)
def test_half_a_surrogate_pair_does_not_make_an_observation_unreadable(says):
    with warnings.catch_warnings():
        text, blob = wire.split({**seen(says), "case": 0, "kind": "smallest"})
    try:
        decode(text, blob, Observation)
    except Malformed as problem:
        pytest.fail(str(problem))


# Modules


def test_a_module_is_its_state_its_mode_and_the_gradients_of_its_parameters():
    def step(X):
        layer = nn.Linear(2, 1)
        layer(X).sum().backward()
        return layer.eval()

    node = seen(step, X=torch.ones(3, 2))["value"]
    assert (node["kind"], node["training"]) == ("module", False)
    assert set(node["state"]) == set(node["gradients"]) == {"weight", "bias"}
    assert node["gradients"]["weight"]["data"].tolist() == [[3.0, 3.0]]


def test_a_parameter_without_a_gradient_has_none():
    node = tree(nn.Linear(2, 1))
    assert node["training"] is True
    assert node["gradients"] == {"weight": None, "bias": None}


def test_a_buffer_belongs_to_the_state_of_a_module():
    node = tree(nn.BatchNorm1d(2))
    assert node["state"]["running_var"]["data"].tolist() == [1.0, 1.0]
    assert "running_var" not in node["gradients"]


def test_the_gradients_of_parameters_flow_from_what_was_returned_with_their_module():
    def layer_and_output(X):
        layer = nn.Linear(2, 2, bias=False)
        return layer(X), layer

    node = seen(layer_and_output, X=torch.ones(1, 2))["value"]["items"][1]
    assert np.any(node["gradients"]["weight"]["data"])


# Gradients


def test_a_gradient_flows_back_to_each_floating_input_under_random_weights():
    X, y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1, 2, 3])
    weights = torch.from_numpy(generator("cotangents").standard_normal(3)).float()
    gradients = seen(lambda X, y: X * y, X=X, y=y)["gradients"]
    assert list(gradients) == ["X"]
    assert np.allclose(gradients["X"]["data"], weights * y)


def test_mistakes_that_a_sum_would_hide_show_in_the_gradient():
    X = torch.tensor([[1.0, 2.0, 4.0]])
    under_a_sum = torch.autograd.functional.jacobian(lambda X: torch.softmax(X, 1).sum(), X)
    assert torch.allclose(under_a_sum, torch.zeros(1, 3), atol=1e-6)
    gradient = seen(lambda X: torch.softmax(X, 1), X=X)["gradients"]["X"]["data"]
    assert np.abs(gradient).max() > 0.01


def test_where_no_gradient_reaches_an_input_there_is_none():
    X, K = torch.ones(2), torch.ones(2)
    assert seen(lambda X, K: X * K.detach(), X=X, K=K)["gradients"]["K"] is None
    assert seen(lambda X, K: 3, X=torch.ones(2), K=torch.ones(2))["gradients"] == {"X": None, "K": None}
    assert seen(lambda X: X * 2, gradients=False, X=torch.ones(2))["gradients"] is None


def test_gradients_flow_from_everything_that_was_returned():
    nested = seen(lambda X, K: {"a": [X * 2], "b": (K * 3, "text")}, X=torch.ones(1), K=torch.ones(1))
    assert np.any(nested["gradients"]["X"]["data"]) and np.any(nested["gradients"]["K"]["data"])


def test_the_order_of_a_dictionary_does_not_change_the_gradient():
    one = seen(lambda X: {"sum": X.sum(), "double": X * 2}, X=torch.ones(3))
    other = seen(lambda X: {"double": X * 2, "sum": X.sum()}, X=torch.ones(3))
    assert one["gradients"]["X"]["data"].tolist() == other["gradients"]["X"]["data"].tolist()


def test_an_output_through_which_nothing_flows_does_not_change_the_gradient_of_another():
    constant = seen(lambda X: (torch.ones(2), X * 2), X=torch.ones(3))
    attached = seen(lambda X: (torch.ones(2) + 0 * X.sum(), X * 2), X=torch.ones(3))
    assert constant["gradients"]["X"]["data"].tolist() == attached["gradients"]["X"]["data"].tolist()


def test_an_answer_that_changes_its_input_in_place_is_seen_and_still_gets_its_gradient():
    def doubles(X):
        X *= 2
        return X

    record = seen(doubles, X=torch.ones(3))
    assert record["error"] is None
    assert record["changed"] == ["X"]
    weights = generator("cotangents").standard_normal(3)
    assert np.allclose(record["gradients"]["X"]["data"], 2 * weights)


def test_a_change_of_an_input_of_whole_numbers_is_seen_and_no_change_is_not():
    def sets_to_zero(y, X):
        y[0] = 0
        return X

    assert seen(sets_to_zero, y=torch.tensor([5]), X=torch.ones(2))["changed"] == ["y"]
    assert seen(lambda y, X: y * X, y=torch.tensor([5]), X=torch.ones(2))["changed"] == []


def test_an_input_that_is_made_another_dtype_in_place_is_seen():
    def doubles(X):
        X.data = X.data.double()
        return 2.0

    record = seen(doubles, gradients=False, X=torch.ones(2))
    assert (record["error"], record["changed"]) == (None, ["X"])


def test_going_backward_may_fail_and_what_was_returned_is_kept():
    def overwrites_what_backward_needs(X):
        Y = X.exp()
        Y += 1
        return Y

    record = seen(overwrites_what_backward_needs, X=torch.zeros(2))
    assert record["error"]["type"] == "RuntimeError"
    assert "modified by an inplace operation" in record["error"]["message"]
    assert record["value"]["data"].tolist() == [2.0, 2.0]


def test_an_answer_that_switches_gradients_off_for_itself_has_none():
    @torch.no_grad()
    def silent(X):
        return X * 2

    assert seen(silent, X=torch.ones(2))["gradients"] == {"X": None}


# One run does not change the next


@pytest.mark.parametrize("draw", [lambda: torch.rand(3).tolist(), lambda: np.random.rand(3).tolist(), random.random])
def test_each_run_starts_from_the_same_random_numbers(draw):
    first = seen(draw)
    seen(lambda: [draw() for _ in range(3)])
    assert seen(draw)["value"] == first["value"]


def test_what_was_recorded_stays_when_a_later_run_writes_to_the_same_tensor():
    buffer = torch.zeros(2)
    first = seen(lambda: buffer.add_(1))
    seen(lambda: buffer.add_(1))
    assert first["value"]["data"].tolist() == [1.0, 1.0]


def test_a_default_dtype_that_an_answer_sets_is_gone_in_the_next_run():
    try:
        seen(lambda: torch.set_default_dtype(torch.float64))
        assert seen(lambda: torch.zeros(1))["value"]["dtype"] == "float32"
    finally:
        torch.set_default_dtype(torch.float32)


def test_gradients_that_an_answer_switches_off_are_on_in_the_next_run():
    seen(lambda X: torch.set_grad_enabled(False), X=torch.ones(2))
    assert torch.is_grad_enabled()
    assert seen(lambda X: X * 2, X=torch.ones(2))["gradients"]["X"] is not None


def test_gradients_that_a_cell_has_switched_off_flow_all_the_same():
    with torch.no_grad():  # as after torch.set_grad_enabled(False) at the top of a notebook
        record = seen(lambda X: X * 2, X=torch.ones(2))
    assert record["error"] is None
    assert record["gradients"]["X"] is not None


def test_gradients_flow_where_a_cell_has_entered_inference_mode(doubling):
    with torch.inference_mode():
        [record, *_] = run_check(doubling, doubling.checks["doubles"], Answer({"f": lambda X, k: X * k}), "seed")
    assert record["error"] is None
    assert record["gradients"]["X"] is not None


# Operations


@pytest.mark.parametrize("gradients", [True, False])
def test_operations_are_counted_by_their_names_in_aten(gradients):
    operations = seen(lambda X: (X * 2 + X).sum(), gradients, count=True, X=torch.ones(2))["operations"]
    assert operations == {"mul": 1, "add": 1, "sum": 1}


@pytest.mark.parametrize("gradients", [True, False])
@pytest.mark.parametrize(
    "convolve", [lambda X, K: F.conv2d(X, K), lambda X, K: torch.conv2d(X[0], K), lambda X, K: nn.Conv2d(1, 1, 2)(X)]
)
def test_a_ready_made_convolution_is_called_convolution_in_every_disguise(convolve, gradients):
    record = seen(convolve, gradients, count=True, X=torch.ones(1, 1, 3, 3), K=torch.ones(1, 1, 2, 2))
    assert record["operations"]["convolution"] == 1


def test_a_loop_dispatches_more_operations_for_more_rows():
    def total(rows):
        record = seen(lambda X: torch.stack([row.sum() for row in X]), count=True, X=torch.ones(rows, 2))
        return sum(record["operations"].values())

    assert total(8) - total(2) >= 6


def test_operations_are_not_counted_unless_asked_for():
    assert seen(lambda X: X * 2, X=torch.ones(2))["operations"] is None


# Print, warnings, errors


def test_what_is_printed_is_kept_up_to_a_length():
    def chatty():
        print("hello")
        print("careful", file=sys.stderr)
        for _ in range(100):
            print("x" * 1000)

    printed = seen(chatty)["printed"]
    assert printed.startswith("hello\ncareful\nxxx")
    assert len(printed) == PRINTED_AT_MOST


def test_what_is_printed_does_not_get_out(capsys):
    seen(lambda: print("secret"))
    assert capsys.readouterr() == ("", "")


def test_a_warning_stops_nobody():
    record = seen(lambda: warnings.warn("old habit", DeprecationWarning, stacklevel=1))
    assert record["error"] is None and record["printed"] == ""


def test_an_error_is_its_type_its_bases_its_message_and_the_students_own_line():
    names = cell("def f(X):\n    y = X + 1\n    return helper(y)\n\ndef helper(y):\n    return y[5]\n")
    error = seen(names["f"], X=torch.ones(2))["error"]
    assert error["type"] == "IndexError"
    assert error["bases"][:3] == ["IndexError", "LookupError", "Exception"]
    assert "index 5 is out of bounds" in error["message"]
    assert (error["cell"], error["line"]) == (0, 6)


def test_the_line_of_an_error_inside_a_library_is_the_students_last_one():
    names = cell("import torch.nn.functional as F\n\ndef f(X):\n    return F.cross_entropy(X, 'label')\n", index=4)
    error = seen(names["f"], X=torch.ones(1, 2))["error"]
    assert (error["cell"], error["line"]) == (4, 4)


def test_an_error_outside_of_all_cells_has_no_line():
    error = seen(lambda X: X.nothing, X=torch.ones(1))["error"]
    assert (error["cell"], error["line"]) == (None, None)


def test_a_syntax_error_is_placed_in_its_cell():
    with pytest.raises(SyntaxError) as raised:
        cell("x = 1\ny = = 2\n", index=3)
    error = describe_error(raised.value)
    assert (error["type"], error["message"], error["cell"], error["line"]) == ("SyntaxError", "invalid syntax", 3, 2)


@pytest.mark.parametrize("leaving", [SystemExit, GeneratorExit])
def test_an_answer_that_leaves_by_the_back_door_is_observed_like_any_other(leaving):
    def leaves():
        raise leaving("bye")

    record = seen(leaves)
    assert (record["error"]["type"], record["error"]["message"]) == (leaving.__name__, "bye")


def test_an_error_that_cannot_say_its_message_has_none():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no")

    def fails():
        raise Mute

    assert seen(fails)["error"]["type"] == "Mute"
    assert seen(fails)["error"]["message"] == ""


@pytest.mark.parametrize("place", ["<cell x>", "<cell -1>", "<cell >"])
def test_code_that_pretends_to_be_a_cell_has_no_line(place):
    error = seen(lambda: exec(compile("1 / 0", place, "exec"), {}))["error"]
    assert (error["type"], error["cell"], error["line"]) == ("ZeroDivisionError", None, None)


def test_a_message_of_a_million_letters_is_cut():
    def fails():
        raise ValueError("x" * 1_000_000)

    assert len(seen(fails)["error"]["message"]) == wire.TEXT_AT_MOST


def test_a_name_that_an_answer_does_not_define_is_told_by_name():
    record = observe(lambda answer: answer.softmax(1), Answer({"relu": abs}), {})
    assert (record["error"]["type"], record["error"]["message"]) == ("MissingName", "softmax")


def test_a_value_that_cannot_be_read_is_an_error_and_not_a_crash():
    class Stubborn(dict):
        def items(self):
            raise OSError("not today")

    record = seen(Stubborn)
    assert record["error"]["type"] == "OSError"


# A whole check


def kinds(observations):
    return [(item["case"], item["kind"]) for item in observations if item["kind"] != "cuda"]


def test_a_check_gives_one_observation_a_case(doubling):
    observations = run_check(doubling, doubling.checks["doubles"], Answer({"f": lambda X, k: X * k}), "seed")
    assert kinds(observations) == [
        (0, "smallest"), (1, "different"), (2, "drawn"), (3, "strided"), (4, "float64"), (5, "meta"),
    ]  # fmt: skip
    assert [item["gradients"] is None for item in observations[:6]] == [False, False, False, True, True, True]
    assert all("inputs" not in item for item in observations)


def test_without_advice_the_variants_are_not_run(doubling):
    check = doubling.checks["doubles"]
    observations = run_check(doubling, check, Answer({"f": lambda X, k: X * k}), "seed", advice=False, show_inputs=True)
    assert kinds(observations) == [(0, "smallest"), (1, "different"), (2, "drawn")]
    assert observations[0]["inputs"]["k"] == {"kind": "plain", "type": "int", "value": "2"}


def test_two_runs_of_a_check_with_one_seed_are_the_same_bytes(doubling):
    def bytes_of(seed):
        observations = run_check(doubling, doubling.checks["doubles"], Answer({"f": lambda X, k: X.exp() * k}), seed)
        return wire.split(observations)

    assert bytes_of("ada") == bytes_of("ada")
    assert bytes_of("ada") != bytes_of("grace")


def test_the_inputs_that_are_shown_are_those_before_the_answer_changed_them():
    def spoils(X):
        X.zero_()
        return X

    for gradients in (True, False):
        record = seen(spoils, gradients, show_inputs=True, X=torch.ones(2))
        assert record["inputs"]["X"]["data"].tolist() == [1.0, 1.0]


# Names and checks


def test_a_name_is_callable_missing_or_bound_to_something_else():
    names = {"f": abs, "Layer": nn.Linear, "model": nn.Linear(1, 1), "table": {}, "nothing": None}
    assert [kind_of_name(names, name) for name in ("f", "Layer", "model", "table", "nothing", "g")] == [
        "callable", "callable", "callable", "dict", "NoneType", "missing",
    ]  # fmt: skip


def test_checks_are_read_from_their_text(monkeypatch):
    monkeypatch.delitem(sys.modules, "checks", raising=False)
    monkeypatch.setitem(sys.modules, "some_checks", None)
    assert load_checks("from grader import Lesson\nlesson = Lesson('tensors')", "some_checks").name == "tensors"


def test_checks_without_a_lesson_are_refused_with_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "some_checks", None)
    with pytest.raises(LookupError, match=r"checks.py has to bind the name `lesson` to a Lesson\."):
        load_checks("lesson = 'tensors'", "some_checks")


def twice_in_numpy(X):
    return torch.from_numpy(np.stack([row + row for row in np.asarray(X.detach())]))


@pytest.mark.parametrize(
    ("answer", "ways"),
    [
        (lambda X: 2 * X.sum().item() + X, []),  # it is counted
        (lambda X: print(X, f"{X.sum()}", X.shape) or copy.deepcopy(X), []),  # PyTorch's own doing
        (twice_in_numpy, ["NumPy"]),
        (lambda X: torch.tensor([2 * number for number in X.tolist()]), ["`.tolist()`"]),
        (lambda X: X.detach().clone().apply_(lambda number: 2 * number), ["`.apply_()`"]),
        (lambda X: torch.from_numpy(X.detach().numpy() * X.data_ptr()), ["`.numpy()`", "`.data_ptr()`"]),
    ],
)
def test_leaving_pytorch_is_noted_where_operations_are_counted(answer, ways):
    assert seen(answer, count=True, X=torch.ones(3))["left"] == ways
    assert seen(answer, X=torch.ones(3))["left"] == []


def test_a_torchscript_function_is_counted():
    twice = torch.jit.CompilationUnit("def twice(X):\n    return X + X\n").twice
    assert seen(twice, count=True, X=torch.ones(3))["operations"] == {"add": 1}
