"""Equal code has equal digests, whatever its names and its layout are."""

import pytest
from support.classroom import Classroom

from grader.judge.result import ExerciseResult, Result
from grader.report.summary import summarize
from grader.worker.normal import normalized

ONE = '''
def softmax(X):
    """Rows."""
    shifted = X - X.max(1, keepdim=True).values  # large numbers
    return share(shifted.exp())

def share(E):
    return E / E.sum(1, keepdim=True)
'''
OTHER = """
import torch
def   rows(values : torch.Tensor):
    return (values / values.sum(1, keepdim=True))
def softmax(logits):
    s: torch.Tensor = (logits
        - logits.max(1, keepdim = True).values)
    return rows(s.exp())
print(softmax)
"""
MODULE = """
class Net(nn.Module):
    def __init__(self, n):
        self.{0} = nn.Linear(n, 2)
    def forward(self, {1}):
        return self.{0}({1})
"""


def test_names_and_layout_change_nothing():
    assert normalized([ONE], ["softmax"]) == normalized(["%matplotlib inline\nx = 1", OTHER], ["softmax"]) != ""
    nets = [normalized([MODULE.format(*names)], ["Net"]) for names in (("fc", "X"), ("linear", "inputs"))]
    assert nets[0] == nets[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [("exp", "log"), ("sum(1", "sum(0"), ("keepdim=True", "keepdim=False"), ("E / E", "E * E"), ("softmax", "softmin")],
)
def test_what_is_done_counts(old, new):
    assert normalized([ONE], ["softmax", "softmin"]) != normalized([ONE.replace(old, new)], ["softmax", "softmin"])


@pytest.mark.parametrize("text", ["", "def f(:", "x = 1", "def f():\n    return " + "-" * 50_000 + "1", "(" * 10_000])
def test_what_defines_nothing_that_can_be_read_is_equal_to_nothing(text):
    assert normalized([text], ["f"]) == ""


def test_a_run_of_a_class_knows_it_and_the_report_lists_groups(classroom):
    told = [classroom.run(*cells).code for cells in (Classroom.right, [cell.replace("X", "Z") for cell in Classroom.right])]
    assert told[0] and told[0] == told[1]
    begun, stub = (ExerciseResult("double", state, "", []) for state in ("wrong", "stub"))
    of = [("ada", "a", begun), ("bo", "a", begun), ("cy", "b", begun), ("di", "", begun), ("ed", "", begun)]
    of += [("flo", "c", stub), ("gil", "c", stub)]
    found = summarize([Result(who, "numbers", [state], file="x.py", code=code) for who, code, state in of], ["numbers"])
    assert [(group.lesson, group.students) for group in found.equal] == [("numbers", ["ada", "bo"])]
