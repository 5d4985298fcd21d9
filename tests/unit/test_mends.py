"""Small edits that mend: each kind is made, and a definition is as it was after every one of them."""

import ast
from typing import get_args

import pytest

from grader.judge.result import EditKind
from grader.messages import SENTENCES
from grader.worker.mends import mends

MANY_THINGS = '''
class Net(nn.Module):
    """A docstring."""

    def __init__(self, size, rate=0.1):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(size)), None

    def forward(self, X, dim=-1):
        total = 0
        for i, x in enumerate(X[1:, :]):
            if x.sum() > rate and not i:
                total += self.weight[i] * x.mean(dim=0, keepdim=True) ** 2
        with torch.no_grad():
            X.mul_(2)
        return total, [len(x) for x in X] if dim else X.shape[0]
'''


def edited(body, line=None, functions=()):
    """Every text that one edit makes of the function."""
    source = "def f(x, y):\n" + "".join(f"    {row}\n" for row in body.split("\n"))
    (definition,) = ast.parse(source).body
    made = {}
    for edit in mends(definition, list(functions)):
        edit.make()
        text = "\n".join(
            row.removeprefix("    ") for row in ast.unparse(ast.fix_missing_locations(definition)).split("\n")[1:]
        )
        edit.undo()
        made.setdefault(text, edit)
    return made


@pytest.mark.parametrize(
    ("wrong", "right", "kind"),
    [
        ("return x + 3", "return x + 2", "number"),
        ("return x[:y]", "return x[:y + 1]", "number"),
        ("return range(len(x) - 1)", "return range(len(x) - 1 + 1)", "number"),
        ("return x.sum(dim=0)", "return x.sum(dim=1)", "axis"),
        ("return x.sum()", "return x.sum(dim=-1)", "axis"),
        ("return x.shape[0]", "return x.shape[1]", "axis"),
        ("return x @ y", "return x @ y.T", "axis"),
        ("return x @ y.T", "return x @ y", "axis"),
        ("return torch.einsum('ij,kj->ik', x, y)", "return torch.einsum('ij,jk->ik', x, y)", "axis"),
        ("return torch.einsum('bij,bjk->bik', x, y)", "return torch.einsum('bij,bjk->bki', x, y)", "axis"),
        ("return torch.einsum('ij,jk->jk', x, y)", "return torch.einsum('ij,jk->ik', x, y)", "axis"),
        ("return x + y", "return x - y", "operator"),
        ("return x", "return -x", "operator"),
        ("return x - y", "return x - y * 2", "operator"),
        ("return x / y + 1", "return x / (y + 1)", "operator"),
        ("return x * (y + 1)", "return x * y + 1", "operator"),
        ("return torch.sqrt(x) + y", "return torch.sqrt(x + y)", "operator"),
        ("return y / torch.sqrt(x) + 1", "return y / torch.sqrt(x + 1)", "operator"),
        ("return torch.sqrt(x + y)", "return torch.sqrt(x) + y", "operator"),
        ("return x.sum() ** 2", "return (x ** 2).sum()", "operator"),
        ("return (x ** 2).sum()", "return x.sum() ** 2", "operator"),
        ("return x.sum().log()", "return x.log().sum()", "operator"),
        ("return torch.log(torch.sum(x))", "return torch.sum(torch.log(x))", "operator"),
        ("return x < y", "return x <= y", "condition"),
        ("if x:\n    return y\nreturn x", "if not x:\n    return y\nreturn x", "condition"),
        ("return y", "return x", "name"),
        ("return x[y, x]", "return x[x, y]", "name"),
        ("y, x = x.shape\nreturn x", "x, y = x.shape\nreturn x", "name"),
        ("return [range(x - 1), range(x - 1), range(y - 1)]", "return [range(x - 1), range(y - 1), range(y - 1)]", "name"),
        ("return x.sum(dim=1)", "return x.sum(dim=1, keepdim=True)", "argument"),
        ("return torch.matmul(x, y)", "return torch.matmul(y, x)", "argument"),
        ("return torch.zeros(3)", "return torch.zeros(3, dtype=x.dtype, device=x.device)", "argument"),
        ("return x.mean", "return x.mean()", "missing_call"),
        ("return [y]", "return torch.stack([y])", "missing_call"),
        ("return x.shape()", "return x.shape", "extra_call"),
        ("return x.abs()", "return x", "extra_call"),
        ("return x.bmm(y).sum(0).abs()", "return x.bmm(y)", "extra_call"),
        ("for z in x:\n    y += z", "for z in x[1:]:\n    y += z", "number"),
        ("optimizer = y\nreturn x", "optimizer = y\noptimizer.zero_grad()\nreturn x", "missing_line"),
        ("x = y\nreturn x", "return x", "line"),
        ("x.backward()\nreturn y", "return y", "line"),
        ("x = y\ny = x\nreturn x", "y = x\nx = y\nreturn x", "order"),
        ("for i in x:\n    y = i\n    return y", "for i in x:\n    y = i\nreturn y", "indentation"),
        ("for i in x:\n    y = i\ny += 1", "for i in x:\n    y = i\n    y += 1", "indentation"),
        ("x = 0\nfor i in y:\n    x = i", "x = 0\nfor i in y:\n    x += i", "assignment"),
        ("x.add(y)", "x.add_(y)", "assignment"),
        ("x.add(y)", "x = x.add(y)", "assignment"),
        ("x + y", "return x + y", "result"),
        ("z = x + y", "z = x + y\nreturn z", "result"),
        ("return (y, x)", "return (x, y)", "result"),
        ("return x", "return x.detach()", "recording"),
        ("with torch.no_grad:\n    x += y", "with torch.no_grad():\n    x += y", "missing_call"),
        ("raise 'no'", "raise ValueError('no')", "missing_call"),
        ("return ValueError(y)", "raise ValueError(y)", "result"),
        ("for z in x():\n    z.f()", "for z in x:\n    z.f()", "extra_call"),
        ("return [z for z in x]", "return [z for z in x if z.grad is not None]", "condition"),
        ("x.copy_(y)", "x = y", "assignment"),
        ("return x.backward()\nreturn y", "x.backward()\nreturn y", "result"),
        ("x -= y", "with torch.no_grad():\n    x -= y", "recording"),
    ],
)  # fmt: skip
def test_each_kind_of_edit_is_made(wrong, right, kind):
    made = edited(wrong)
    assert right in made
    assert made[right].kind == kind


def test_nothing_is_put_below_a_return_where_a_line_too_many_is_dropped():
    body = "x.backward()\ny.backward()\nreturn y"
    assert {"x.backward()\nreturn y", "y.backward()\nreturn y"} <= edited(body).keys()
    assert not [text for text in edited(body) if "return y\n" in text]


def test_an_edit_says_its_line():
    made = edited("z = x\nreturn z + 3")
    assert made["z = x\nreturn z + 2"].line == 3
    assert made["z = y\nreturn z + 3"].line == 2


def test_another_function_of_the_file_may_be_meant():
    assert "return g(x)" in edited("return h(x)", functions=["g", "f"])


def test_after_every_edit_the_definition_is_as_it_was():
    (definition,) = ast.parse(MANY_THINGS).body
    before = ast.dump(definition, include_attributes=True)
    kinds = set()
    for edit in mends(definition, ["other"]):
        edit.make()
        edit.undo()
        kinds.add(edit.kind)
        assert ast.dump(definition, include_attributes=True) == before
    assert kinds == set(get_args(EditKind))


def test_no_edit_puts_a_definition_into_itself():
    (definition,) = ast.parse("def f(x, y):\n    return g(g(x - y) - y)").body
    for edit in mends(definition, []):
        edit.make()
        ast.unparse(ast.fix_missing_locations(definition))
        edit.undo()


@pytest.mark.parametrize("body", ["z = x\nx.grad = None\nreturn z", "z = x\nx[0] = 1\nreturn z"])
def test_that_a_line_is_not_needed_is_tried_before_another_name_for_what_it_changes(body):
    changes = body.split("\n")[1]
    found = edited(body)
    renamed = found[body.replace(changes, changes.replace("x", "z"))]
    dropped = found["z = x\nreturn z"]
    assert (renamed.kind, dropped.kind) == ("name", "line")
    assert dropped.far < renamed.far


def test_no_edit_raises_a_name_to_the_power_of_another():
    assert not [text for text in edited("return x * y") if "**" in text and "2" not in text]


def test_every_kind_has_a_sentence():
    assert {f"line_{kind}" for kind in get_args(EditKind)} <= SENTENCES.keys()
