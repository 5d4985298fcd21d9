"""Two known mistakes in one answer: made by machine, told both."""

from dataclasses import replace

import msgspec
import numpy as np
import torch
from support.classroom import FILES, Here

from grader.author import compose
from grader.author.expectations import build_key
from grader.author.pairs import pairs
from grader.files.submission import of_cells
from grader.judge import assess
from grader.judge.key import key_files
from grader.judge.observation import decode
from grader.judge.trace import Trace, trace
from grader.sandbox.run import Phase, run

SLIPS = """
total.slip("double(X)", "X", name="not_doubled", says="You did not double.")
total.slip("sum(1)", "mean(1)", name="mean_for_sum", says="You took the mean.")
total.slip(".sum(1)", ".amax(1)", name="highest_for_sum", says="You took the highest.")

@total.misconception
def signs_turned(X):
    "Your sign is wrong."
    return -reference.total(X)
"""
LESSON = replace(FILES, misconceptions=FILES.misconceptions + SLIPS)


def key_of_a_release(lesson=LESSON):
    key = build_key(lesson, Here(), "seed", public_only=True)
    key.pairs = pairs(lesson, Here(), key)
    return key


def told(key, body):
    """What is told of an answer to `total`."""
    answer = of_cells("numbers", [*LESSON.code_cells, f"def total(X):\n    {body}"])
    ran = run(Here(), answer, [Phase(LESSON.public_checks, key.checks)], ["double", "total"], "seed")
    return assess.assess(key, answer, ran, "process").exercises[1]


def test_slips_that_leave_each_other_alone_stand_together():
    made = {answer.mistakes: answer.text for answer in compose.answers(LESSON)}
    assert made["not_doubled", "mean_for_sum"] == "def total(X):\n    return X.mean(1)"
    assert ("mean_for_sum", "highest_for_sum") not in made


def test_two_mistakes_are_both_told_also_in_other_words(classroom):
    key = key_of_a_release()
    both = told(key, "return sum(X.unbind(1)) / X.shape[1]")
    assert list(both.mistakes) == ["not_doubled", "mean_for_sum"]
    assert both.summary == "You did not double. Once that is right: You took the mean."
    around = told(key, "return -X.sum(dim=1)")
    assert sorted(around.mistakes) == ["not_doubled", "signs_turned"]
    assert not told(key, "return -X.prod(1)").mistakes


def test_a_mistake_that_nobody_foresaw_is_not_told_as_two(classroom):
    key = key_of_a_release()
    assert list(told(key, "return X.sum(1)").mistakes) == ["not_doubled"]
    assert not told(key, "return (X + 1).sum(1)").mistakes
    assert told(key, "return (X * 2).sum(1)").state == "right"


def test_a_mistake_made_in_several_ways_is_told_beside_another_one_all_the_same(classroom):
    again = 'total.slip(".sum(1)", ".sum(1) / X.shape[1]", name="mean_by_hand", says="You took the mean.")\n'
    key = key_of_a_release(replace(LESSON, misconceptions=LESSON.misconceptions + again))
    assert list(told(key, "return X.mean(1)").mistakes) == ["not_doubled", "mean_for_sum"]


def test_two_mistakes_that_give_one_number_everywhere_are_not_told(classroom):
    counted = """
total.slip(".sum(1)", ".numel()", name="numbers_counted", says="You counted the numbers.")
total.slip("double(X)", "X.sum()", name="all_added", says="You added up everything.")
"""
    key = key_of_a_release(replace(LESSON, misconceptions=LESSON.misconceptions + counted))
    assert list(told(key, "return X.mean(1)").mistakes) == ["not_doubled", "mean_for_sum"]
    assert not told(key, "return 1").mistakes


def test_two_mistakes_that_stop_everywhere_with_one_error_are_not_told(classroom):
    listed = 'total.slip("double(X)", "list(X)", name="a_list", says="You made a list.")\n'
    key = key_of_a_release(replace(LESSON, misconceptions=LESSON.misconceptions + listed))
    assert list(told(key, "return X.tolist().sum(1)").mistakes) == ["a_list"]
    other = told(key, "return X.tolist().mean(1)")
    assert not other.mistakes and "'list' object has no attribute 'mean'" in other.summary


def test_a_key_keeps_the_traces_of_pairs(classroom):
    key = key_of_a_release()
    json, tensors = key_files(key).values()
    again = decode(json, tensors, type(key))
    assert [pair.mistakes for pair in again.pairs] == [pair.mistakes for pair in key.pairs]
    assert all(one.trace.same(other.trace) for one, other in zip(again.pairs, key.pairs, strict=True))


def test_a_trace_tells_numbers_and_kinds_and_forgives_rounding(question):
    asked = question(lambda X: X * 2, X=torch.arange(6.0).reshape(2, 3))

    def mark(answer):
        return trace([asked.check], {asked.check.name: asked.expected}, {asked.check.name: asked.seen(answer)})

    tripled = mark(lambda X: X * 3)
    assert tripled.same(mark(lambda X: X + X + X))
    assert tripled.same(mark(lambda X: X * 3.0000001))
    for other in (
        lambda X: X * 3.01, lambda X: (X * 3).double(), lambda X: (X * 3).flatten(), lambda X: [X * 3], lambda X: None,
        lambda X: (X * 3).flip(1), lambda X: X / 0, lambda X: X.nothing, lambda X: X.mul_(3),
    ):  # fmt: skip
        assert not tripled.same(mark(other))
    assert isinstance(msgspec.structs.replace(tripled, sums=np.zeros((9, 2))).same(tripled), bool)
    assert not Trace(tripled.digest, np.zeros((9, 2))).same(tripled)
