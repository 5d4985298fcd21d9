"""`check("…")` in a student's own kernel."""

import shutil
from pathlib import Path

import pytest

import grader

ROOT = Path(__file__).resolve().parents[1]


FLATTEN = """
from torch import nn
class FlattenLayer(nn.Module):
    def forward(self, x):
        return x.view(x.shape[0], -1)
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "exercises" / "convolution", tmp_path / "convolution")
    monkeypatch.chdir(tmp_path / "convolution")


def run_cells(*cells):
    """Cells of one notebook; the text of what the last one shows."""
    names = {"check": grader.check}
    for cell in cells[:-1]:
        exec(cell, names)
    return repr(eval(cells[-1], names))


def test_a_right_answer_is_told(lesson):
    shown = run_cells(FLATTEN, 'check("FlattenLayer")')
    assert "✓ FlattenLayer" in shown and "1 of 1 exercises are right" in shown


def test_a_view_of_what_is_not_contiguous_is_advised_against_and_costs_nothing(lesson):
    shown = run_cells(FLATTEN, 'check("FlattenLayer")')
    assert "Advice" in shown and "`reshape` works where `view` does not" in shown


def test_a_mistake_is_named(lesson):
    shown = run_cells("def corr2d(X, K):\n    pass", 'check("corr2d")')
    assert "✗ corr2d" in shown and "return" in shown


def test_what_is_not_defined_is_missing(lesson):
    assert "`corr2d` is not defined yet. Run the cell" in run_cells("x = 1", 'check("corr2d")')


def test_an_unknown_exercise_is_a_sentence_and_no_error(lesson):
    assert "no exercise corr3d. It has corr2d," in run_cells("x = 1", 'check("corr3d")')


def test_outside_of_a_lesson_the_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "No lesson with `corr5d` was found" in run_cells("x = 1", 'check("corr5d")')
