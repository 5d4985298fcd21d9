"""`check("…")` in a student's own kernel."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import grader

ROOT = Path(__file__).resolve().parents[2]


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
    assert "✓ FlattenLayer" in shown and "1 of 1 exercise right" in shown


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


# A check leaves no trace, and comes to an end

SETTINGS = {
    "random numbers": "torch.rand(1).item(), np.random.rand(), random.random()",
    "the default dtype": "torch.get_default_dtype()",
    "gradients": "torch.is_grad_enabled()",
    "threads": "torch.get_num_threads()",
    "warnings": "len(warnings.filters), warnings.filters[:3]",
    "deterministic algorithms": "torch.are_deterministic_algorithms_enabled()",
    "anomalies": "torch.is_anomaly_enabled()",
    "the working folder": "os.getcwd()",
    "modules": "sys.modules.get('checks')",
}
CHANGED = """
torch.manual_seed(7); np.random.seed(7); random.seed(7)
torch.set_default_dtype(torch.float64); torch.set_grad_enabled(False); torch.use_deterministic_algorithms(True)
warnings.simplefilter("ignore")
"""
MEDDLES = """
def corr2d(X, K):
    torch.rand(3); np.random.rand(); random.random(); torch.set_default_dtype(torch.float16)
    torch.set_grad_enabled(True); warnings.simplefilter("error"); os.chdir("/")
    torch.autograd.set_detect_anomaly(True); torch.use_deterministic_algorithms(False)
    return X
"""


@pytest.fixture(scope="module")
def settings():
    """What is set at the end of a program, by name: of one that checks, and of one that does not."""
    shown = ", ".join(f"{what!r}: repr(({how}))" for what, how in SETTINGS.items())
    program = f"""
import os, random, sys, warnings
import numpy as np
import torch
from grader import check
CHECK
{CHANGED}
{MEDDLES}
CHECK
import json
print(json.dumps({{{shown}}}))
"""
    folder = ROOT / "exercises" / "convolution"
    return [
        json.loads(
            subprocess.check_output([sys.executable, "-c", program.replace("CHECK", line)], cwd=folder, text=True)
        )
        for line in ("check('corr2d')", "")
    ]


@pytest.mark.parametrize("what", SETTINGS)
def test_a_check_leaves_no_trace_in_the_kernel(settings, what):
    with_checks, without = settings
    assert with_checks[what] == without[what]


def test_an_endless_answer_is_stopped_at_the_limit_it_has_elsewhere(lesson):
    shown = run_cells("def corr2d(X, K):\n    while True: pass", 'check("corr2d")')
    assert "took longer than the 2 seconds" in shown


def test_an_answer_that_waits_is_stopped_too(lesson):
    shown = run_cells("import time\ndef corr2d(X, K):\n    time.sleep(100)", 'check("corr2d")')
    assert "was still waiting" in shown


def test_an_interrupt_ends_a_check_at_once(lesson):
    """One press: the loop is not entered again for the next case."""
    pressed = "import signal, threading\nthreading.Timer(0.5, signal.raise_signal, [signal.SIGINT]).start()"
    entered = []
    names = {"check": grader.check, "entered": entered}
    exec(f"def corr2d(X, K):\n    entered.append(1)\n    while True: pass\n{pressed}", names)
    with pytest.raises(KeyboardInterrupt):
        exec('check("corr2d")', names)
    assert entered == [1]


def test_a_damaged_lesson_is_a_sentence_and_not_the_students_fault(lesson):
    path = Path("checks.py")
    path.write_text(path.read_text() + "\n(")
    shown = run_cells("def corr2d(X, K): return X", 'check("corr2d")')
    assert "checks.py in" in shown and "again" in shown


def test_from_another_working_folder_the_lesson_is_found(lesson, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "✓ FlattenLayer" in run_cells(FLATTEN, 'check("FlattenLayer")')
