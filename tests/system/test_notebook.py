"""`check("…")` in a student's own kernel."""

import html
import json
import linecache
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from support.classroom import FOLLOWING, Classroom, course_on_disk

import grader
from grader.digest import file_digest
from grader.integrations import at_hand, guide

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
    monkeypatch.setattr(guide, "_memory", guide._Memory())
    monkeypatch.setattr(at_hand, "_notebook", at_hand._Notebook())


def run_cells(*cells):
    """Cells of one notebook; the text of what the last one shows."""
    names = {"check": grader.check}
    for cell in cells[:-1]:
        exec(cell, names)
    return repr(eval(cells[-1], names))


@pytest.mark.parametrize(("line", "said"), [("", "You have not written `corr2d` yet."), ("x = 1", "Delete that line now")])
def test_a_stub_that_nobody_has_touched_is_not_called_an_answer(lesson, line, said):
    cell = f'def corr2d(X, K):\n    """Doc."""\n    {line}\n    raise NotImplementedError("corr2d is not written yet")\n'
    linecache.cache["<cell>"] = (len(cell), None, cell.splitlines(True), "<cell>")  # as IPython keeps it
    names = {"check": grader.check, "__name__": "__main__"}
    exec(compile(cell, "<cell>", "exec"), names)
    assert said in " ".join(repr(eval('check("corr2d")', names)).split())


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


def test_a_name_that_is_nearly_right_is_asked_about(lesson):
    others = "import torch\ncorr3d = 1\ndef corr2d_multi_in(X, K): ...\n"
    shown = run_cells(others + "def corr2D(X, K): return X", 'check("corr2d")')
    assert "Did you mean it by `corr2D`?" in " ".join(shown.split())
    assert "Did you mean" not in run_cells(others, 'check("corr2d")')


def test_an_unknown_exercise_is_a_sentence_and_no_error(lesson):
    assert "no exercise corr3d. Did you mean corr2d?" in run_cells("x = 1", 'check("corr3d")')
    assert "no exercise nonsense. It has corr2d," in run_cells("x = 1", 'check("nonsense")')


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
        json.loads(subprocess.check_output([sys.executable, "-c", program.replace("CHECK", line)], cwd=folder, text=True))
        for line in ("check('corr2d')", "")
    ]


@pytest.mark.parametrize("what", SETTINGS)
def test_a_check_leaves_no_trace_in_the_kernel(settings, what):
    with_checks, without = settings
    assert with_checks[what] == without[what]


def test_an_endless_answer_is_stopped_at_the_limit_it_has_elsewhere(lesson):
    shown = run_cells("def corr2d(X, K):\n    while True: pass", 'check("corr2d")')
    assert "took longer than the limit of 2 seconds" in shown


def test_it_is_stopped_where_interrupts_are_ignored_as_in_the_background_of_a_shell(lesson):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        shown = run_cells("def corr2d(X, K):\n    while True: pass", 'check("corr2d")')
        assert "took longer than the limit of 2 seconds" in shown
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_answer_that_waits_is_stopped_too(lesson):
    shown = run_cells("import time\ndef corr2d(X, K):\n    time.sleep(100)", 'check("corr2d")')
    assert "was still waiting" in shown


def test_an_interrupt_ends_a_check_at_once(lesson):
    """One press: the loop is not entered again for the next case."""
    entered, inside = [], threading.Event()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored in the background of a shell
    names = {"check": grader.check, "entered": entered, "inside": inside}
    exec("def corr2d(X, K):\n    entered.append(1)\n    inside.set()\n    while True: pass", names)
    pressing = threading.Thread(target=lambda: inside.wait() and signal.raise_signal(signal.SIGINT))
    pressing.start()
    with pytest.raises(KeyboardInterrupt):
        exec('check("corr2d")', names)
    pressing.join()
    signal.signal(signal.SIGINT, before)
    assert entered == [1]


def test_a_damaged_lesson_is_a_sentence_and_not_the_students_fault(lesson):
    path = Path("checks.py")
    path.write_text(path.read_text() + "\n(")
    shown = run_cells("def corr2d(X, K): return X", 'check("corr2d")')
    assert "checks.py in" in shown and "again" in shown


def test_from_another_working_folder_the_lesson_is_found(lesson, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "✓ FlattenLayer" in run_cells(FLATTEN, 'check("FlattenLayer")')


# What is shown beside a verdict


def html_of(*cells):
    """The HTML of what the last cell shows."""
    names = {"check": grader.check}
    for cell in cells[:-1]:
        exec(compile_as_ipython(cell), names)
    return eval(cells[-1], names)._repr_html_()


def compile_as_ipython(cell):
    """A cell's code, with its lines where a traceback looks for them, as in a kernel."""
    name = f"/tmp/ipykernel_1/{len(linecache.cache)}.py"
    linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
    return compile(cell, name, "exec")


TOTAL = "def total(X, K):\n    return X.nonsense()"
CALLS = "def corr2d(X, K):\n    Y = total(X, K)\n    return Y"


def test_an_exception_comes_with_the_students_own_lines_that_led_to_it(lesson):
    page = html_of(TOTAL, CALLS, 'check("corr2d")')
    assert "AttributeError" in page
    assert "line 2: return X.nonsense()\ncalled from line 2: Y = total(X, K)</pre>" in page
    names = {"check": grader.check}
    exec(compile_as_ipython(TOTAL), names)
    exec(compile_as_ipython(CALLS), names)
    shown = repr(eval('check("corr2d")', names))
    assert "at line 2: return X.nonsense()\n      called from line 2: Y = total(X, K)" in shown


def test_an_answer_that_rests_on_one_that_is_not_right_says_so_though_only_it_is_checked(lesson):
    calls = "def corr2d_multi_in(X, K):\n    return sum(corr2d(x, k) for x, k in zip(X, K))"
    shown = html_of("def corr2d(X, K):\n    return X", calls, 'check("corr2d_multi_in")')
    assert "It calls `corr2d`, which is not right yet. Fix that first." in html.unescape(re.sub("</?code>", "`", shown))


def test_follow_through_is_told_in_a_kernel_and_leaves_the_answers_as_they_are(tmp_path, monkeypatch):
    course_on_disk(tmp_path, FOLLOWING)
    monkeypatch.chdir(tmp_path / "exercises" / "numbers")
    names = {"check": grader.check}
    for cell in ("import torch\n", "def double(X):\n    return X * 3\n", Classroom.right[2]):
        exec(compile_as_ipython(cell), names)
    before = dict(names)
    said = " ".join(repr(eval('check("total")', names)).split())
    assert "With the solution of `double` in place of yours, it passes every check and earns their points." in said
    assert names == before
    del names["double"]
    assert "it passes every check" in " ".join(repr(eval('check("total")', names)).split()) and "double" not in names


def test_what_the_code_prints_has_a_place_of_its_own(lesson, capsys):
    printing = "def corr2d(X, K):\n    print('shape', X.shape[0], '<b>')\n    return X"
    page = html_of(printing, 'check("corr2d")')
    assert "What your code printed" in page and re.search(r"<pre[^>]*>shape \d+ &lt;b&gt;</pre>", page)
    assert re.search(r"What your code printed:\n +shape \d+ <b>", run_cells(printing, 'check("corr2d")'))
    assert capsys.readouterr().out == ""


def test_a_right_answer_shows_its_prints_too(lesson):
    printing = FLATTEN.replace("return", "print('in forward')\n        return")
    shown = run_cells(printing, 'check("FlattenLayer")')
    assert "✓ FlattenLayer" in shown and "in forward" in shown


@pytest.mark.parametrize("words", ["'word ' * 5000", r"'line\n' * 5000"])
def test_what_is_printed_is_cut_and_how_much_is_left_is_told(lesson, words):
    shown = run_cells(f"def corr2d(X, K):\n    print({words})\n    return X", 'check("corr2d")')
    assert len(shown) < 3000 and len(shown.splitlines()) < 60
    assert re.search(r"… and \d{4,} characters more", shown)


@pytest.mark.parametrize("stops", ["breakpoint()", "try:\n        breakpoint()\n    except Exception:\n        pass"])
def test_a_breakpoint_is_told_and_never_waits(lesson, stops):
    before = sys.breakpointhook
    shown = run_cells(f"def corr2d(X, K):\n    {stops}\n    return X", 'check("corr2d")')
    assert "`breakpoint()` does not open a debugger during a normal check" in " ".join(shown.split())
    assert sys.breakpointhook is before


def test_a_check_that_is_told_so_lets_a_debugger_be_opened_and_judges_nothing(lesson, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(sys, "breakpointhook", lambda: opened.append(sys._getframe(1).f_code.co_name))
    answer = "def corr2d(X, K):\n    print('here')\n    breakpoint()\n    return X"
    shown = run_cells(answer, 'check("corr2d", debug=True)')
    assert "remove `breakpoint()` and check it again" in shown
    assert opened and set(opened) == {"corr2d"} and "here" in capsys.readouterr().out


# check() without a name, hint, progress and next_exercise


@pytest.fixture
def notebook(lesson):
    """Runs cells one after the other as a kernel does, with `In`, and gives what the last expression of each shows."""
    names = {name: getattr(grader, name) for name in ("check", "hint", "progress", "next_exercise", "use_lesson")}
    names["In"] = [""]

    def run(cell, html=False):
        names["In"].append(cell)
        try:
            code = compile(cell, "cell", "eval")
        except SyntaxError:
            return exec(cell, names)
        shown = eval(code, names)
        return shown._repr_html_() if html else repr(shown)

    return run


OUTPUT_SIZE = "def conv_output_size(n, k, padding=0, stride=1):\n    return 1"


def test_check_without_a_name_takes_what_was_defined_last(notebook):
    notebook(FLATTEN)
    notebook(OUTPUT_SIZE)
    assert "✗ conv_output_size" in notebook("check()")
    notebook(FLATTEN)
    assert "✓ FlattenLayer" in notebook("check()")
    notebook("x = 1")
    assert "✓ FlattenLayer" in notebook("check()")


def test_an_exercise_may_be_named_as_in_the_terminal_or_by_the_function_itself(notebook):
    notebook(FLATTEN)
    assert "✓ FlattenLayer" in notebook('check("convolution/FlattenLayer")')
    assert "✓ FlattenLayer" in notebook("check(FlattenLayer)")
    assert notebook("hint(FlattenLayer)").startswith("`FlattenLayer`, hint 1 of ")


def test_check_without_a_name_where_nothing_was_defined_asks_which(notebook):
    assert 'check("corr2d")' in notebook("check()")


def test_hints_come_one_after_the_other_for_what_was_checked_or_defined_last(notebook):
    notebook(FLATTEN)
    notebook('check("corr2d")')
    first, second = notebook("hint()"), notebook("hint()")
    assert first.startswith("`corr2d`, hint 1 of ") and second.startswith("`corr2d`, hint 2 of ")
    notebook(OUTPUT_SIZE)
    assert notebook("hint()").startswith("`conv_output_size`, hint 1 of ")
    assert notebook('hint("corr2d")').startswith("`corr2d`, hint 3 of ")
    for _ in range(9):
        last = notebook('hint("corr2d")')
    assert "you have seen them all" in last
    assert "no exercise corr3d" in notebook('hint("corr3d")')


def test_progress_counts_what_is_right_and_next_exercise_names_the_first_that_is_not(notebook):
    assert "Next: `corr2d`." in notebook("next_exercise()")
    notebook(FLATTEN)
    notebook('check("FlattenLayer")')
    notebook('check("corr2d")')
    shown = notebook("progress()")
    assert "1 of 7 exercises of convolution are right" in shown
    assert "✓ FlattenLayer: right" in shown and "○ corr2d: missing" in shown and "· corr2d_multi_in: not checked" in shown
    page = notebook("progress()", html=True)
    assert "<td><code>FlattenLayer</code></td><td>✓ right</td>" in page
    assert "<code>corr2d</code>" in notebook("next_exercise()", html=True)


def test_when_all_are_right_the_next_lesson_is_named(notebook, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "exercises" / "batch_norm", tmp_path / "batch_norm")
    monkeypatch.setattr(guide, "_states", lambda key: {item.name: "right" for item in key.exercises})
    assert "The next lesson is batch_norm" in notebook("next_exercise()")
    shutil.rmtree(tmp_path / "batch_norm")
    assert "the last lesson" in notebook("next_exercise()")


# Which release a notebook is of


def release_of(folder):
    return json.loads((folder / "answer_key.json").read_text())["files"]["checks.py"][:8]


def test_a_notebook_takes_the_lesson_of_its_release_and_not_one_that_happens_to_lie_beside_it(notebook, tmp_path):
    old = tmp_path / "convolution"
    notebook(f"use_lesson('convolution', release='{release_of(old)}')")
    checks = old / "checks.py"
    text = checks.read_text().replace('"""', '"""An older release. ', 1)
    checks.write_text(text)
    key = json.loads((old / "answer_key.json").read_text())
    key["files"]["checks.py"] = file_digest(text.encode())
    (old / "answer_key.json").write_text(json.dumps(key))
    notebook(FLATTEN)
    assert "✓ FlattenLayer" in notebook("check()")  # by the installed one


def test_a_notebook_of_a_release_that_is_not_here_is_told_so_with_the_way_out(notebook):
    notebook("use_lesson('convolution', release='00000000')")
    notebook(FLATTEN)
    for cell in ("check()", "hint()", "progress()", "next_exercise()"):
        shown = notebook(cell)
        assert "different releases of the lesson convolution" in shown and "-m pip install --upgrade" in shown


def test_a_notebook_of_a_course_that_is_not_here_is_told_so(notebook):
    notebook("use_lesson('quantum', release='00000000')")
    assert "The checks of the lesson quantum were not found" in notebook('check("spin")')
