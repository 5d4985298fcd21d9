"""The released notebooks in a real kernel: every cell runs, and every check answers."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.author.release import solved
from grader.files import source
from grader.files.course import find

ROOT = Path(__file__).resolve().parents[2]
LESSONS = find(ROOT).lessons()


def released(lesson):
    return nbformat.read(ROOT / "exercises" / lesson / f"{lesson}.ipynb", as_version=4)


def marked(notebook, kind):
    """The cells of a notebook that nbgrader calls solutions, or grades."""
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(kind)]


def write_in(notebook, lesson):
    """The notebook with the references in the place of the stubs."""
    answers = {cell.exercise: solved(cell) for cell in source.read(ROOT / "solutions" / lesson).cells if cell.exercise}
    for cell in marked(notebook, "solution"):
        cell.source = answers[cell.metadata.nbgrader.grade_id]
    return notebook


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS)
def test_every_cell_runs_the_untouched_says_not_written_and_the_solved_is_right(lesson, tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # beside other tests, threads wait for one another
    shutil.copytree(ROOT / "exercises" / lesson, tmp_path / lesson)
    untouched, answered = released(lesson), write_in(released(lesson), lesson)
    # One kernel for both: a student's too goes on after the first run.
    client = NotebookClient(untouched, resources={"metadata": {"path": str(tmp_path / lesson)}}, timeout=120)
    with client.setup_kernel():
        for index, cell in enumerate(untouched.cells):
            client.execute_cell(cell, index)
        client.nb = answered
        for index, cell in enumerate(answered.cells):
            client.execute_cell(cell, index)
    for notebook, words in (untouched, "○ not written yet"), (answered, "✓ right"):
        checks = marked(notebook, "grade")
        assert checks
        for cell in checks:
            (output,) = cell.outputs
            assert words in output.data["text/html"], cell.source
            assert output.data["text/plain"].strip()


@pytest.mark.slow
@pytest.mark.parametrize("right", [True, False])
def test_nbgraders_validate_passes_a_right_notebook_and_fails_a_wrong_exercise_in_the_same_words(tmp_path, right):
    folder = tmp_path / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", folder)
    notebook = write_in(released("convolution"), "convolution")
    if not right:
        (cell,) = (cell for cell in marked(notebook, "solution") if cell.metadata.nbgrader.grade_id == "FlattenLayer")
        cell.source = "class FlattenLayer(nn.Module):\n    def forward(self, x):\n        return x.flatten()"
    nbformat.write(notebook, folder / "convolution.ipynb")
    done = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "validate", folder / "convolution.ipynb"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ("Success!" in done.stdout) == right, done.stdout + done.stderr
    assert "cannot be converted to a float" not in done.stderr.replace("\n", " ")
    if not right:
        assert "FAILED ON 1 CELL" in done.stdout and "✗ FlattenLayer" in done.stdout
        assert "You have flattened the whole batch" in done.stdout or "Expected shape" in done.stdout
        assert "Traceback" not in done.stdout


@pytest.mark.slow
def test_the_verdict_is_shown_at_once_and_the_line_at_fault_follows(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    shutil.copytree(ROOT / "exercises" / "convolution", tmp_path / "convolution")
    wrong = "class FlattenLayer(nn.Module):\n    def forward(self, x):\n        return x.reshape(x.shape[1], -1)\n"
    cells = ["from torch import nn\nfrom grader import check", wrong, 'check("FlattenLayer")']
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path / "convolution")}}, timeout=120)
    shown = []
    process = client.process_message

    def watched(message, cell, index):
        if message["header"]["msg_type"] in ("display_data", "update_display_data"):
            shown.append((message["header"]["msg_type"], message["content"]["data"]["text/html"]))
        return process(message, cell, index)

    client.process_message = watched
    client.execute()
    (first, verdict), (then, both) = shown
    assert (first, then) == ("display_data", "update_display_data")
    assert "Expected shape" in verdict and "one small change" not in verdict
    assert (
        "Expected shape" in both and "Line 3, <code>return x.reshape(x.shape[1], -1)</code>: with one small change" in both
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_notebook_opens_with_its_title_and_is_as_jupyter_saves_it(lesson):
    """Whoever opens it, saves it and looks at what has changed sees no more than the version of Python."""
    path = ROOT / "exercises" / lesson / f"{lesson}.ipynb"
    notebook = released(lesson)
    nbformat.validate(notebook)
    title, first = notebook.cells[:2]
    assert title.cell_type == "markdown" and title.source.startswith("# ")
    assert first.metadata.nbgrader.grade_id == "import_check" and first.metadata.nbgrader.locked
    assert max(map(len, first.source.splitlines())) <= 80
    assert notebook.metadata.kernelspec.display_name == "Python 3 (ipykernel)"
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"
