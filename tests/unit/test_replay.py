"""A failing case as lines to paste: they run, and show what the check saw."""

import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import torch

from grader import choice, normal
from grader.judge.replay import replay
from grader.seeded import cotangents

ALONE = "lesson = None\n"


def lines(asked, answer, probes=ALONE):
    """What is to be pasted below an answer that fails."""
    got = asked.seen(answer)
    verdict = asked.verdict(answer)
    assert verdict.passed is False
    (want,) = [item for item in asked.expected if item.case == verdict.case]
    (seen,) = [item for item in got if item.case == verdict.case]
    drawn = cotangents(asked.seed, asked.lesson.name, asked.check.name, want.case)
    return replay(asked.check, want, seen, verdict.shown, probes, drawn)[0], verdict


def in_it(text):
    """The numbers in a text."""
    return [float(number) for number in re.findall(r"-?[\d.]*\d[\d.]*", text)]


def pasted(code, f):
    """What the lines print where `f` is defined."""
    printed = []
    exec(code, {"f": f, "print": lambda *items: printed.extend(items)})
    return printed


def test_pasted_into_python_below_the_answer_the_lines_show_what_the_check_showed(question):
    def probe(answer, X, dim):
        """It is given more than was drawn."""
        return answer.f(torch.cat([X, X + 1], dim), dim)

    answer = "def f(X, dim):\n    import torch\n    return torch.softmax(X, 1 - dim)\n"
    names = {}
    exec(answer, names)
    asked = question(lambda X, dim: torch.softmax(X, dim), probe=probe, X=normal("n>=2 m>=2"), dim=choice(1, 0))
    code, verdict = lines(asked, names["f"])
    ran = subprocess.run([sys.executable, "-c", answer + code], capture_output=True, text=True, check=True)
    assert np.allclose(in_it(ran.stdout), in_it(verdict.shown.got), atol=1e-4)
    expected = [row.lstrip("# ").removeprefix("expected: ").strip() for row in code.split("\n") if row.startswith("#")]
    assert expected == [row.strip() for row in verdict.shown.expected.split("\n")]
    assert verdict.shown.inputs[0][1].count(",") == 7, "what the function got is shown, not what was drawn"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_are_the_same_to_the_last_bit(question, dtype):
    asked = question(lambda X: X, X=normal("n m", dtype=dtype))
    code, _ = lines(asked, lambda X: X + 1)
    given = []
    pasted(code, lambda X: given.append(X))
    want = asked.expected[0].call.arguments["X"]
    assert str(given[0].dtype) == f"torch.{want.dtype}" and torch.equal(given[0], torch.from_numpy(want.data))


def test_all_that_can_be_written_down_is(question):
    X = torch.tensor([[float("inf"), float("-inf")], [float("nan"), 0.0]])
    given = {"X": X, "y": torch.tensor([True]), "n": 2, "s": 'a"b', "t": (1,), "none": None, "dtype": torch.int8, "e": 1e-5}
    asked = question(lambda X, y, n, s, t, none, dtype, e: X, **given)
    seen = []
    pasted(lines(asked, lambda *given: given[0] * 2)[0], lambda *given: seen.extend(given))
    assert torch.equal(seen[0].nan_to_num(9), X.nan_to_num(9)) and torch.equal(seen[1], given["y"])
    assert seen[2:] == [*given.values()][2:]


def test_a_gradient_that_is_wrong_is_shown_by_going_backward(question):
    asked = question(lambda X: X**2, X=normal("n>=2"))
    code, verdict = lines(asked, lambda X: X * X.detach())
    (shown,) = pasted(code, lambda X: X * X.detach())
    assert verdict.shown.of == "X" and "backward" in code
    assert np.allclose(shown, in_it(verdict.shown.got), atol=1e-4)
    assert "requires_grad" in code and torch.allclose(pasted(code, lambda X: X**2)[0], 2 * shown)


def test_a_gradient_that_is_missing_is_none(question):
    asked = question(lambda X: X**2, X=normal("n>=2"))
    code, verdict = lines(asked, lambda X: X.detach() ** 2)
    assert (verdict.shown.of, verdict.shown.got) == ("X", "None")
    with pytest.raises(RuntimeError, match="does not require grad"):
        pasted(code, lambda X: X.detach() ** 2)


def test_the_gradient_of_a_tensor_in_a_list_is_shown_too(question):
    def probe(answer, A, B, dim):
        """Two tensors in a list."""
        return answer.f([A, B], dim)

    def joined_copies(tensors, dim):
        return torch.cat([tensors[0].detach(), 2 * tensors[1] - tensors[1].detach()], dim)

    def joined(tensors, dim):
        return torch.cat(tensors, dim)

    asked = question(joined, probe=probe, A=normal("n m"), B=normal("n m"), dim=1)
    code, verdict = lines(asked, joined_copies)
    (missing,), (right,) = pasted(code, joined_copies), pasted(code, joined)
    assert (verdict.shown.of, verdict.shown.got, missing) == ("A", "None", None)
    assert np.allclose(right, in_it(verdict.shown.expected), atol=1e-4)


def test_there_are_none_where_what_stopped_is_the_way_back(question):
    def probe(answer, X):
        """Part of a table, which is no call that could be written down."""
        return {"Y": answer.f(X)}

    def needs_what_it_changed(X):
        Y = X.exp()
        result = Y * 1
        Y.mul_(1)
        return result

    code, verdict = lines(question(torch.exp, probe=probe, X=normal("n>=2")), needs_what_it_changed)
    assert "going backward" in verdict.message and code == ""


def test_what_was_changed_is_printed_and_how_it_was_is_expected(question):
    def doubles_in_place(X):
        return X.mul_(2) / 2

    code, _ = lines(question(lambda X: X * 1, X=torch.tensor([1.0, 2.0])), doubles_in_place)
    assert torch.equal(pasted(code, doubles_in_place)[0], torch.tensor([2.0, 4.0]))
    assert code.endswith("# expected: [1., 2.]")


def test_an_error_comes_again(question):
    asked = question(lambda X: X * 2, X=normal("n"))
    code, _ = lines(asked, lambda X: torch.from_numpy(X.numpy()))
    with pytest.raises(RuntimeError, match="requires grad"):
        pasted(code, lambda X: torch.from_numpy(X.numpy()))


def test_the_error_that_is_asked_for_is_named(question):
    def refuses(n):
        raise ValueError("n is odd")

    code, _ = lines(question(refuses, n=3, raises=ValueError, mentions=["odd"]), lambda n: n)
    assert code.endswith("# expected: a ValueError that mentions odd") and pasted(code, lambda n: n) == [3]


PROBES = textwrap.dedent('''
    """Checks."""

    import torch
    from torch import nn

    from grader import Lesson, normal

    lesson = Lesson("lesson")
    FACTOR = 3


    def moved(answer, model, X, times=2):
        """Some steps."""
        for _ in range(times):
            answer.f(model, X * FACTOR)
        return [param.detach() for param in model.parameters()]


    f = lesson.exercise("f")


    @f.check(points=1, gradients=False)
    def moves(answer, X=normal("n 2")):
        """The model moves."""
        model = nn.Linear(X.shape[1], 1)
        return moved(answer, model, X)
''')


@pytest.fixture
def moves(question):
    names = {"Lesson": None}
    exec(PROBES, names)
    return question(step(0.1), probe=names["moves"], X=normal("n 2"), gradients=False)


def step(by):
    def f(model, X):
        with torch.no_grad():
            for param in model.parameters():
                param.add_(by * X.mean())

    return f


def test_where_a_model_is_given_the_lines_build_it_as_the_check_does(moves):
    code, _ = lines(moves, step(0.2), PROBES)
    assert "answer" not in code and "Lesson" not in code
    case = next(item for item in moves.expected if item.kind == "smallest")
    (found,) = pasted(code, step(0.1))
    for param, want in zip(found, case.value.items, strict=True):
        assert torch.allclose(param, torch.from_numpy(want.data))


@pytest.mark.parametrize(
    "probe",
    [
        "    found = [answer]\n    return found[0].f(nn.Linear(1, 1), X)",
        "    f = 1\n    return answer.f(nn.Linear(1, 1), f)",
        "    return exercise.name, answer.f(nn.Linear(1, 1), X)",
    ],
)
def test_nothing_is_said_that_might_not_be_true(moves, probe):
    probes = PROBES[: PROBES.index("    model = nn")].replace("f = lesson", "exercise = f = lesson") + probe
    assert lines(moves, step(0.2), probes)[0] == ""


SEVERAL = textwrap.dedent('''
    import torch
    from torch import nn

    def named(results):
        return dict(zip(("b", "a", "n"), results))

    def probe(answer, X, w):
        """Several results."""
        return named(answer.f(X, w))

    def layered(answer, X):
        """The layer learns."""
        torch.manual_seed(1)
        layer = nn.Linear(2, 1)
        return {"output": answer.f(layer, X), "layer": layer}
''')


def asked_of(question, name, reference, **inputs):
    """A question with a probe out of `SEVERAL`."""
    names = {}
    exec(SEVERAL, names)
    return question(reference, probe=names[name], **inputs)


def several(X, w):
    return X * w, X.exp(), X.detach()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda X, w: (X * w, X.detach().exp(), X.detach()),
        lambda X, w: (X.detach() * w, X.detach().exp(), X.detach()),
        lambda X, w: (X * w.detach(), X.exp(), X.detach()),
        lambda X, w: (X * w, X.exp(), X * 1),
    ],
)
def test_the_gradient_of_several_results_is_the_one_that_the_check_saw(question, wrong):
    asked = asked_of(question, "probe", several, X=normal("n>=2"), w=normal("n"))
    code, verdict = lines(asked, wrong, SEVERAL)
    of = verdict.shown.of
    case = next(item for item in asked.expected if item.case == verdict.case)
    seen = next(item for item in asked.seen(wrong) if item.case == verdict.case)
    (right,), (found,) = pasted(code, several), pasted(code, wrong)
    assert torch.allclose(right, torch.from_numpy(case.gradients[of].data))
    want = seen.gradients[of]
    assert found is None if want is None else torch.allclose(found, torch.from_numpy(want.data))
    assert in_it(code[code.rindex("# expected") :]) == in_it(verdict.shown.expected)


def test_the_gradient_of_a_parameter_is_the_one_that_the_check_saw(question):
    def copied(layer, X):
        return X @ layer.weight.detach().T + layer.bias

    asked = asked_of(question, "layered", lambda layer, X: layer(X), X=normal("n 2"))
    code, verdict = lines(asked, copied, SEVERAL)
    assert "The parameter weight has no gradient." in verdict.message
    case = next(item for item in asked.expected if item.case == verdict.case)
    (right,), (found,) = pasted(code, lambda layer, X: layer(X)), pasted(code, copied)
    assert torch.allclose(right, torch.from_numpy(case.value.items["layer"].gradients["weight"].data)) and found is None
    assert np.allclose(in_it(code[code.rindex("# expected") :]), right.flatten(), atol=1e-4)


def test_what_a_model_holds_is_shown_where_it_is_wrong(question):
    def moves(layer, X):
        found = layer(X)
        with torch.no_grad():
            layer.bias += 1
        return found

    asked = asked_of(question, "layered", lambda layer, X: layer(X), X=normal("n 2"))
    code, verdict = lines(asked, moves, SEVERAL)
    (right,), (found,) = pasted(code, lambda layer, X: layer(X)), pasted(code, moves)
    assert np.allclose(in_it(verdict.shown.expected), right, atol=1e-4) and torch.allclose(found, right + 1)


def test_an_input_of_a_check_that_does_more_is_printed_where_it_was_changed(question):
    def doubles(X, w):
        found = several(X, w)
        w.data.mul_(2)
        return found

    asked = asked_of(question, "probe", several, X=normal("n>=2"), w=normal("n"))
    code, _ = lines(asked, doubles, SEVERAL)
    (right,), (found,) = pasted(code, several), pasted(code, doubles)
    assert torch.equal(found, 2 * right) and np.allclose(in_it(code[code.rindex("# expected") :]), right.detach(), atol=1e-4)


def test_what_stops_on_the_way_back_stops_again(question):
    def in_the_way(X, w):
        Y = X.exp()
        results = X * w, Y * 1, X.detach()
        Y.mul_(1)
        return results

    asked = asked_of(question, "probe", several, X=normal("n>=2"), w=normal("n"))
    code, verdict = lines(asked, in_the_way, SEVERAL)
    assert "going backward" in verdict.message
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        pasted(code, in_the_way)


def test_names_of_the_lines_are_nobody_elses(question):
    probes = (
        "import torch\n\ndef probe(answer, result, weights):\n    'Two results.'\n    outputs = 2\n"
        "    return {'a': answer.f(result, weights), 'b': result * outputs}\n"
    )
    names = {}
    exec(probes, names)
    asked = question(lambda X, w: X * w, probe=names["probe"], result=normal("n>=2"), weights=normal("n"))
    code, verdict = lines(asked, lambda X, w: X * w.detach(), probes)
    (right,) = pasted(code, lambda X, w: X * w)
    assert verdict.shown.of == "weights" and np.allclose(in_it(verdict.shown.expected), right, atol=1e-4)


def test_a_case_that_is_too_large_is_said_to_be_so(question):
    asked = question(lambda X: X, X=normal("201"))
    want, wrong = asked.expected[0], asked.seen(lambda X: X + 1)[0]
    drawn = cotangents(asked.seed, asked.lesson.name, asked.check.name, want.case)
    said = "", "This case is too large to paste: it is checked on 201 numbers."
    probes = "def asks(answer, X):\n    return answer.f(X)\n"
    assert replay(asked.check, want, wrong, None, probes, drawn) == said


def test_a_table_of_all_pairs_is_shown_where_it_is_one(question):
    asked = question(lambda a, b: a[:, 0] - b, a=normal("n 1"), b=normal("n"))
    verdict = asked.verdict(lambda a, b: a - b)
    size = len(verdict.shown.expected.split(","))
    assert size > 1 and verdict.message == f"Expected shape ({size},), got ({size}, {size})."


def test_the_smallest_case_is_shown_where_it_says_as_much(question):
    asked = question(lambda X: X.sum(), X=normal("n m"))
    assert asked.verdict(lambda X: -X.sum()).shown.kind == "smallest"
