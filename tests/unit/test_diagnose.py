"""Naming a mistake: an answer that does everywhere what a known wrong answer does gets that one's sentence."""

import msgspec
import torch

from grader import normal
from grader.errors import Fault
from grader.judge import key
from grader.judge.diagnose import agrees, diagnose

REFUSES = "if isinstance(X, str): raise TypeError('text')\n    "
"""How a body of `double` begins that gets text right."""


def test_an_answer_that_does_what_a_misconception_does_gets_its_sentence(classroom):
    squared = classroom.double(REFUSES + "return torch.pow(X, 2)")
    assert (squared.state, squared.mistakes, squared.summary) == ("wrong", {"squared": "You squared."}, "You squared.")
    cut_off = classroom.double(REFUSES + "return torch.add(X, X).detach()")
    assert (list(cut_off.mistakes), cut_off.summary) == (
        ["cut_off"],
        "Your numbers are right, but they are cut off from X.",
    )


def test_an_answer_that_does_something_else_is_not_named(classroom):
    cubed = classroom.double(REFUSES + "return torch.pow(X, 3)")
    assert (cubed.state, cubed.mistakes) == ("wrong", {})


def test_an_answer_that_differs_on_one_case_is_not_named(classroom):
    assert list(classroom.double(REFUSES + "return X * X").mistakes) == ["squared"]
    assert not classroom.double(REFUSES + "return X * X if X.numel() != 1 else X * 3").mistakes


def test_an_answer_that_differs_on_one_check_is_not_named(classroom):
    squared = classroom.double("return X * X if not isinstance(X, str) else X")
    assert (squared.state, squared.mistakes) == ("wrong", {})


def test_a_hidden_check_counts_for_the_name_too(classroom):
    assert not classroom.double(REFUSES + "return X * X if X.dim() == 2 else X * 2").mistakes


def test_right_numbers_without_a_gradient_are_told_from_right_numbers_with_a_wrong_one(classroom):
    assert list(classroom.double(REFUSES + "return torch.tensor((X * 2).tolist())").mistakes) == ["cut_off"]
    assert not classroom.double(REFUSES + "return X + X.detach()").mistakes


def test_the_text_of_pythons_errors_counts_unless_a_check_asks_for_the_error(classroom):
    assert classroom.double("raise TypeError('no text, please')").mistakes == {"refuses_everything": "You stop at every X."}
    assert not classroom.double("return torch.zeros(1, dtpye=X.dtype)").mistakes
    body = "if isinstance(X, str): raise TypeError('in other words')\n    return X * X"
    assert list(classroom.double(body).mistakes) == ["squared"]


def test_what_an_answer_raises_itself_may_be_said_in_any_words(classroom):
    assert list(classroom.double("raise TypeError('in other words')").mistakes) == ["refuses_everything"]
    assert list(classroom.double("if X is not None:\n        raise TypeError").mistakes) == ["refuses_everything"]
    assert list(classroom.double("raise ValueError('no text, please')").mistakes) == ["refuses_with_another_error"]
    assert not classroom.double("return int(X, 'no text, please')").mistakes


def test_an_error_of_python_names_a_mistake_by_its_words_too(classroom):
    assert list(classroom.double("return torch.twice(X)").mistakes) == ["looks_for_twice"]
    assert not classroom.double("return torch.doubel(X)").mistakes


def test_a_name_does_not_hide_the_error_that_python_raised(classroom):
    named = classroom.double("return torch.twice(X)").summary
    assert named.startswith("There is no torch.twice. Your code stopped with AttributeError: module 'torch' has no")
    assert named.endswith("(line 2 of cell 2: return torch.twice(X))")


def test_a_name_does_not_hide_that_something_else_is_not_right_yet(classroom):
    result = classroom.hand_in(
        "import torch", "def double(X):\n    return X", "def total(X):\n    double(X)\n    return (X * X).sum(1)"
    )
    assert result.exercises[1].summary == (
        "It calls `double`, which is not right yet. Fix that first. "
        "If this is still wrong after that: You squared before you added up."
    )


def test_gradients_are_not_compared_where_the_value_is_wrong(question):
    asked = question(lambda X: X * 2, X=normal("n d"))
    expected, squared = asked.expected, asked.seen(lambda X: X * X)
    assert agrees(asked.check, expected, squared, asked.seen(lambda X: X.detach() * X))
    half = asked.seen(lambda X: X + X.detach())
    assert not agrees(asked.check, expected, half, asked.seen(lambda X: (X * 2).detach()))
    assert agrees(asked.check, expected, half, asked.seen(lambda X: X.detach() + X))


def test_any_result_where_an_error_is_right_is_the_same_mistake_but_for_none(question):
    def refuses(X):
        raise ValueError("This is too small.")

    asked = question(refuses, X=normal("n d"), raises=ValueError)
    known = asked.seen(lambda X: X)
    assert agrees(asked.check, asked.expected, known, asked.seen(lambda X: [X.tolist()]))
    assert not agrees(asked.check, asked.expected, known, asked.seen(lambda X: None))
    assert not agrees(asked.check, asked.expected, asked.seen(lambda X: None), known)


def test_an_error_on_some_cases_only_is_not_named(classroom):
    body = "if isinstance(X, str) or X.numel() > 1: raise TypeError('text')\n    return X * 2"
    assert not classroom.double(body).mistakes


def test_a_mistake_of_one_exercise_is_not_named_in_another(classroom):
    squares = classroom.total("return (X ** 2).sum(1)")
    assert (list(squares.mistakes), squares.summary) == (["sum_of_squares"], "You squared before you added up.")
    result = classroom.hand_in("def double(X):\n    return X.sum(0)", "def total(X):\n    return X * X")
    assert [exercise.mistakes for exercise in result.exercises] == [{}, {}]


def test_two_mistakes_in_two_exercises_are_both_named(classroom):
    result = classroom.hand_in(
        "def double(X):\n    if isinstance(X, str): raise TypeError('text')\n    return X * X",
        "def total(X):\n    return (X * 2).sum(0)",
    )
    assert [list(exercise.mistakes) for exercise in result.exercises] == [["squared"], ["over_columns"]]


def test_a_right_answer_has_no_mistake(classroom):
    result = classroom.hand_in(*classroom.right)
    assert [exercise.mistakes for exercise in result.exercises] == [{}, {}]
    assert diagnose(classroom.key, "double", classroom.run(*classroom.right).observations) == []


def test_an_answer_that_did_not_come_back_is_not_named(classroom):
    seen = classroom.run("def double(X):\n    raise TypeError('no text, please')").observations
    assert [mistake.name for mistake in diagnose(classroom.key, "double", seen)] == ["refuses_everything"]
    assert diagnose(classroom.key, "double", {**seen, "doubles": Fault("time")}) == []
    assert diagnose(classroom.key, "double", {name: seen[name] for name in seen if name != "doubles"}) == []


def test_each_misconception_agrees_with_itself_and_with_no_other(classroom):
    key = classroom.key
    for exercise in ("double", "total"):
        mistakes = [mistake for mistake in key.mistakes if mistake.exercise == exercise]
        for one in mistakes:
            for other in mistakes:
                same = all(
                    agrees(check, key.expected[check.name], one.observations[check.name], other.observations[check.name])
                    for check in key.checks_of(exercise)
                )
                assert same == (one is other), (one.name, other.name)


def test_a_loop_that_a_check_charges_is_part_of_the_mistake(question):
    def loop(X):
        return torch.stack([row * 2 for row in X])

    asked = question(lambda X: X * 2, X=normal("n>=2 d"), vectorized=True)
    known, expected, mistaken = asked.check, asked.expected, asked.seen(loop)
    assert agrees(known, expected, mistaken, asked.seen(lambda X: torch.stack([2 * row for row in X], dim=0)))
    assert not agrees(known, expected, mistaken, asked.seen(lambda X: 2 * X))
    assert not agrees(
        known, expected, asked.seen(lambda X: X * 3), asked.seen(lambda X: torch.stack([3 * row for row in X]))
    )


def test_of_any_exercise_it_is_said_that_it_returns_nothing(classroom):
    nothing = classroom.double(REFUSES + "X * 2")
    assert (nothing.state, list(nothing.mistakes)) == ("wrong", ["returns_nothing"])
    assert nothing.summary == "Your code returns nothing. Does it end with `return`?"
    assert not classroom.double(REFUSES + "return X * 2 if X.numel() > 1 else None").mistakes
    assert not classroom.double(REFUSES + "return X * 2 if X.dim() == 2 else X * 3").mistakes


def test_of_any_exercise_it_is_said_that_it_returns_a_class(classroom):
    given = classroom.double(REFUSES + "return torch.nn.ReLU")
    assert (given.state, list(given.mistakes)) == ("wrong", ["returns_a_class"])
    assert "Put parentheses after its name" in given.summary


def test_none_that_an_answer_stumbles_over_itself_is_not_what_it_returns(classroom):
    stumbles = classroom.double(REFUSES + "return X.grad.sum()")
    assert (stumbles.state, stumbles.mistakes) == ("wrong", {})


def test_a_probe_may_stumble_over_the_nothing_that_an_answer_returns_or_put_it_into_a_dictionary(question):
    def stumbles(answer, X):
        """It can be added up."""
        return answer.f(X).sum()

    def told(answer, X):
        """By name."""
        return {"result": answer.f(X), "rows": len(X)}

    for probe in (stumbles, told):
        asked = question(lambda X: X * 2, probe=probe, X=normal("n>=2 d"))
        known = key.Key("lesson", "seed", [], [asked.check], {asked.check.name: asked.expected}, [])
        for answer, name in ((lambda X: None, ["returns_nothing"]), (lambda X: X * 3, [])):
            found = diagnose(known, "f", {asked.check.name: asked.seen(answer)})
            assert [mistake.name for mistake in found] == name


def test_what_returns_something_is_not_said_to_return_nothing_whatever_else_is_none(question):
    def step(answer, X):
        """What is left behind."""
        param = torch.nn.Parameter(X.detach().clone())
        param.grad = X.detach().clone()
        answer.f(param)
        return {"the gradient": param.grad}

    def clears(gives):
        def clear(param):
            param.grad = None
            return gives

        return clear

    for right, wrong, named in ((1, 1, []), (None, None, []), (1, None, ["returns_nothing"])):
        asked = question(lambda param, right=right: right, probe=step, X=normal("n d"))
        known = key.Key("lesson", "seed", [], [asked.check], {asked.check.name: asked.expected}, [])
        found = diagnose(known, "f", {asked.check.name: asked.seen(clears(wrong))})
        assert [mistake.name for mistake in found] == named


def test_where_two_mistakes_agree_none_is_named(classroom):
    known = classroom.key
    (squared,) = [mistake for mistake in known.mistakes if mistake.name == "squared"]
    known.mistakes = [
        *known.mistakes,
        key.Mistake("doubled_twice", "double", "You doubled twice.", squared.observations),
    ]
    assert diagnose(known, "double", squared.observations) == []


def test_misconceptions_that_say_the_same_are_one_mistake(classroom):
    known = classroom.key
    by_name = {mistake.name: mistake for mistake in known.mistakes}
    again = key.Mistake("squared_again", "double", by_name["squared"].says, by_name["cut_off"].observations)
    known.mistakes = [again, *known.mistakes]
    assert diagnose(known, "double", by_name["squared"].observations) == [again]
    known.mistakes = [by_name["squared"], msgspec.structs.replace(again, observations=by_name["squared"].observations)]
    assert diagnose(known, "double", by_name["squared"].observations) == [by_name["squared"]]


def test_a_mistake_that_is_seen_by_hidden_checks_alone_is_not_named_where_it_passes(question):
    def refuses(words):
        def refuse(X):
            raise ValueError(words)

        return refuse

    asked = question(refuses("It has 2 rows."), X=normal("n d"), raises=ValueError, mentions=["rows"])
    late = key.Mistake("late", "f", "You count too late.", {asked.check.name: asked.seen(refuses("Few rows."))})
    early = key.Mistake("early", "f", "It says too little.", {asked.check.name: asked.seen(refuses("It won't do."))})
    known = key.Key("lesson", "seed", [], [asked.check], {asked.check.name: asked.expected}, [late])
    silent = {asked.check.name: asked.seen(refuses("No."))}
    assert diagnose(known, "f", silent) == []
    known.mistakes = [late, early]
    assert diagnose(known, "f", silent) == [early]


def test_a_list_of_nothing_is_not_nothing(question):
    def asks(answer, X):
        """By name."""
        return {"the gradients": answer.f(X)}

    asked = question(lambda X: [X, X], probe=asks, X=normal("n d"))
    known = key.Key("lesson", "seed", [], [asked.check], {asked.check.name: asked.expected}, [])
    assert diagnose(known, "f", {asked.check.name: asked.seen(lambda X: [None, None])}) == []
    (nothing,) = diagnose(known, "f", {asked.check.name: asked.seen(lambda X: None)})
    assert nothing.name == "returns_nothing"
