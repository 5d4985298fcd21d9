"""Naming a mistake: an answer that does everywhere what a known wrong answer does gets that one's sentence."""

import torch

from grader import normal
from grader.errors import Fault
from grader.judge import key
from grader.judge.diagnose import agrees, diagnose

REFUSES = "if isinstance(X, str): raise TypeError('text')\n    "
"""How a body of `double` begins that gets text right."""


def test_an_answer_that_does_what_a_misconception_does_gets_its_sentence(classroom):
    squared = classroom.double(REFUSES + "return torch.pow(X, 2)")
    assert (squared.state, squared.mistake, squared.summary) == ("wrong", "squared", "You squared.")
    cut_off = classroom.double(REFUSES + "return torch.add(X, X).detach()")
    assert (cut_off.mistake, cut_off.summary) == ("cut_off", "Your numbers are right, but they are cut off from X.")


def test_an_answer_that_does_something_else_is_not_named(classroom):
    cubed = classroom.double(REFUSES + "return torch.pow(X, 3)")
    assert (cubed.state, cubed.mistake) == ("wrong", None)


def test_an_answer_that_differs_on_one_case_is_not_named(classroom):
    assert classroom.double(REFUSES + "return X * X").mistake == "squared"
    assert classroom.double(REFUSES + "return X * X if X.numel() != 1 else X * 3").mistake is None


def test_an_answer_that_differs_on_one_check_is_not_named(classroom):
    squared = classroom.double("return X * X if not isinstance(X, str) else X")
    assert (squared.state, squared.mistake) == ("wrong", None)


def test_a_hidden_check_counts_for_the_name_too(classroom):
    assert classroom.double(REFUSES + "return X * X if X.dim() == 2 else X * 2").mistake is None


def test_right_numbers_without_a_gradient_are_told_from_right_numbers_with_a_wrong_one(classroom):
    assert classroom.double(REFUSES + "return torch.tensor((X * 2).tolist())").mistake == "cut_off"
    assert classroom.double(REFUSES + "return X + X.detach()").mistake is None


def test_an_error_that_students_raise_names_a_mistake_by_its_type_and_not_by_its_words(classroom):
    assert classroom.double("raise TypeError('in other words')").mistake == "refuses_everything"
    assert classroom.double("raise ValueError('in other words')").mistake == "refuses_with_another_error"
    assert classroom.double("raise KeyError('in other words')").mistake is None


def test_an_error_of_python_names_a_mistake_by_its_words_too(classroom):
    assert classroom.double("return torch.twice(X)").mistake == "looks_for_twice"
    assert classroom.double("return torch.doubel(X)").mistake is None


def test_an_error_on_some_cases_only_is_not_named(classroom):
    body = "if isinstance(X, str) or X.numel() > 1: raise TypeError('text')\n    return X * 2"
    assert classroom.double(body).mistake is None


def test_a_mistake_of_one_exercise_is_not_named_in_another(classroom):
    squares = classroom.total("return (X ** 2).sum(1)")
    assert (squares.mistake, squares.summary) == ("sum_of_squares", "You squared before you added up.")
    result = classroom.hand_in("def double(X):\n    return X.sum(0)", "def total(X):\n    return X * X")
    assert [exercise.mistake for exercise in result.exercises] == [None, None]


def test_two_mistakes_in_two_exercises_are_both_named(classroom):
    result = classroom.hand_in(
        "def double(X):\n    if isinstance(X, str): raise TypeError('text')\n    return X * X",
        "def total(X):\n    return (X * 2).sum(0)",
    )
    assert [exercise.mistake for exercise in result.exercises] == ["squared", "over_columns"]


def test_a_right_answer_has_no_mistake(classroom):
    result = classroom.hand_in(*classroom.right)
    assert [exercise.mistake for exercise in result.exercises] == [None, None]
    assert diagnose(classroom.key, "double", classroom.run(*classroom.right).observations) is None


def test_an_answer_that_did_not_come_back_is_not_named(classroom):
    seen = classroom.run("def double(X):\n    raise TypeError('text')").observations
    assert diagnose(classroom.key, "double", seen).name == "refuses_everything"
    assert diagnose(classroom.key, "double", {**seen, "doubles": Fault("time")}) is None
    assert diagnose(classroom.key, "double", {name: seen[name] for name in seen if name != "doubles"}) is None


def test_each_misconception_agrees_with_itself_and_with_no_other(classroom):
    key = classroom.key
    for exercise in ("double", "total"):
        mistakes = [mistake for mistake in key.mistakes if mistake.exercise == exercise]
        for one in mistakes:
            for other in mistakes:
                same = all(
                    agrees(
                        check, key.expected[check.name], one.observations[check.name], other.observations[check.name]
                    )
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
    assert (nothing.state, nothing.mistake) == ("wrong", "returns_nothing")
    assert nothing.summary == "Your code returns nothing. Does it end with `return`?"
    assert classroom.double(REFUSES + "return X * 2 if X.numel() > 1 else None").mistake is None
    assert classroom.double(REFUSES + "return X * 2 if X.dim() == 2 else X * 3").mistake is None


def test_of_any_exercise_it_is_said_that_it_returns_a_class(classroom):
    given = classroom.double(REFUSES + "return torch.nn.ReLU")
    assert (given.state, given.mistake) == ("wrong", "returns_a_class")
    assert "Put parentheses after its name" in given.summary


def test_none_that_an_answer_stumbles_over_itself_is_not_what_it_returns(classroom):
    stumbles = classroom.double(REFUSES + "return X.grad.sum()")
    assert (stumbles.state, stumbles.mistake) == ("wrong", None)


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
        for answer, name in ((lambda X: None, "returns_nothing"), (lambda X: X * 3, None)):
            found = diagnose(known, "f", {asked.check.name: asked.seen(answer)})
            assert (found.name if found else None) == name
