"""Small edits of a reference: each kind is made, once, and nothing else is touched."""

import ast
import textwrap

import pytest

from grader.author.mutate import mutants

SOURCE = '''
import torch

def other(X):
    return X + 1

def f(X, K, keep=True):
    """The docstring stays."""
    Y = X.sum(dim=0, keepdim=keep) @ K
    if Y.dim() > 1:
        Y *= 2
    return Y
'''


def edits(body):
    source = "def f(x, y):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    return {textwrap.dedent(mutant.source.partition("\n")[2]) for mutant in mutants("f", source)}


@pytest.mark.parametrize(
    ("body", "edit"),
    [
        ("y = x\nreturn y", "return y"),
        ("y = x\nx = y\nreturn y", "x = y\ny = x\nreturn y"),
        ("return x + 2", "return x + 3"),
        ("return x.sum(dim=1)", "return x.sum(dim=0)"),
        ("return x.sum(dim=1)", "return x.sum()"),
        ("return x.sum(dim=1)", "return x.sum(dim=1, keepdim=True)"),
        ("return x.sum(1, keepdim=True)", "return x.sum(1, keepdim=False)"),
        ("return x.var(0, correction=0)", "return x.var(0, correction=1)"),
        ("return -x", "return x"),
        ("return x - y", "return y - x"),
        ("return x @ y", "return y @ x"),
        ("return x * y", "return x / y"),
        ("return x > y", "return x >= y"),
        ("return x.add_(y)", "return x.add(y)"),
        ("return x.mul(y)", "return x.mul_(y)"),
        ("x *= y\nreturn x", "x = x * y\nreturn x"),
        ("x = x * y\nreturn x", "x *= y\nreturn x"),
        ("return x.detach()", "return x"),
        ("return x * y", "return (x * y).detach()"),
        ("x.train()", "x.eval()"),
        ("return x.reshape(2, 3)", "return x.reshape(3, 2)"),
        ("return x.T", "return x"),
        ("return x.transpose(0, 1)", "return x"),
        ("with torch.no_grad():\n    x.add_(y)", "if True:\n    x.add_(y)"),
        ("return x[1:]", "return x[:]"),
        ("return x, y", "return (y, x)"),
        ("return torch.stack(x)", "return torch.cat(x)"),
        ("return x if x else y", "return y if x else x"),
        ("for i in range(y):\n    x = x + i", "for i in range(y - 1):\n    x = x + i"),
    ],
)
def test_an_edit_of_each_kind_is_made(body, edit):
    assert edit in edits(body)


def test_defaults_are_edited_and_docstrings_and_other_functions_are_not():
    made = list(mutants("f", SOURCE))
    assert any("def f(X, K, keep=False):" in mutant.now for mutant in made)
    for mutant in made:
        assert '"""The docstring stays."""' in mutant.source
        assert "return X + 1" in mutant.source


def test_every_mutant_is_another_program_and_the_edit_is_undone_before_the_next():
    made = [mutant.source for mutant in mutants("f", SOURCE)]
    assert len(made) == len(set(made)) > 20
    plain = ast.unparse(ast.parse(SOURCE)).split("\n")
    for source in made:
        ast.parse(source)
        assert sum(line not in source.split("\n") for line in plain) <= 4


@pytest.mark.parametrize(
    ("body", "matters"),
    [
        ("x = 1\ny = 2", False),
        ("self.x = 1\nself.y = 2", False),
        ("self.x = 1\ny = 2", False),
        ("x.grad = None\ny = len(x.shape)", False),
        ("x += 1\ny += 2", False),
        ("self.x = 1\nself.y = self.x", True),
        ("self.x = 1\ny = self.f()", True),
        ("self.x = 1\ny = f(self)", True),
        ("self.x = 1\nself = y", True),
        ("x.grad = None\nx.grad = y", True),
        ("x[0] = 1\ny = 2", True),
        ("x += 1\ny = x", True),
        ("self.x = 1\nsuper().__init__()", True),
    ],
)
def test_two_lines_are_swapped_where_their_order_may_matter(body, matters):
    swapped = "\n".join(body.split("\n")[::-1])
    assert (swapped in edits(body)) == matters
