"""Which edits change nothing: by rule, or as a lesson lists them."""

import tomllib
from dataclasses import replace

import pytest
from support.lessons import TINY

from grader.author import equivalent
from grader.errors import CourseError


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("return X.transpose(0, 1) @ Y", "return X.transpose(1, 0) @ Y"),
        ("return torch.swapaxes(X, -1, -2)", "return torch.swapaxes(X, -2, -1)"),
        ("right = logits.argmax(1) == y", "right = (logits.argmax(1) == y).detach()"),
        ("best = X.argmax(1)", "best = X.argmax(1).detach()"),
        ("self.heads = heads\nself.size = size", "self.size = size\nself.heads = heads"),
        ("n = X.shape[0]\nm = Y.shape[1]", "m = Y.shape[1]\nn = X.shape[0]"),
    ],
)
def test_some_edits_change_nothing_by_a_rule(was, now):
    assert equivalent.by_rule(was, now)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("return X.transpose(0, 1)", "return X.transpose(0, 2)"),
        ("return X.permute(0, 1)", "return X.permute(1, 0)"),
        ("return X.exp()", "return X.exp().detach()"),
        ("a = 1\nb = a", "b = a\na = 1"),
        ("a = 1\na = 2", "a = 2\na = 1"),
        ("X[0] = 1\nb = X", "b = X\nX[0] = 1"),
        ("X.data[0] = 1\nb = X + 1", "b = X + 1\nX.data[0] = 1"),
        ("a = torch.rand(2)\nb = torch.rand(2)", "b = torch.rand(2)\na = torch.rand(2)"),
        ("self.a = nn.Linear(2, 3)\nself.b = nn.Linear(2, 3)", "self.b = nn.Linear(2, 3)\nself.a = nn.Linear(2, 3)"),
        ("else:\n    pass", "else:\n    pass"),
    ],
)
def test_other_edits_may_change_something(was, now):
    assert not equivalent.by_rule(was, now)


def test_what_is_written_is_listed_and_its_missing_reason_is_found(tmp_path):
    path = tmp_path / "equivalents.toml"
    edits = [("double", ('return f"\\{X}"\nb', "ä")), ("double", ("", "pass"))]
    assert equivalent.write(tmp_path, edits) == 2
    files = replace(TINY, equivalents=path.read_text())
    assert [(item.exercise, (item.was, item.now)) for item in equivalent.listed(files)] == edits
    assert equivalent.unexplained(files)[0].startswith("solutions/tiny/equivalents.toml, line 7: write why")
    path.write_text(path.read_text().replace('because = ""', 'because = "It is the same."'))
    assert equivalent.write(tmp_path, edits[:1]) == 1
    assert len(tomllib.loads(path.read_text())["equivalent"]) == 3
    assert len(equivalent.unexplained(replace(TINY, equivalents=path.read_text()))) == 1
    assert equivalent.write(tmp_path / "none", []) == 0 and not (tmp_path / "none").exists()


@pytest.mark.parametrize("text", ["[[equivalents]]\n", "[[equivalent]\n", '[[equivalent]]\nexercise = "double"\n'])
def test_a_file_that_lists_nothing_as_it_is_written_is_told(text):
    with pytest.raises(CourseError, match=r"^solutions/tiny/equivalents\.toml can't be read: "):
        equivalent.listed(replace(TINY, equivalents=text))
