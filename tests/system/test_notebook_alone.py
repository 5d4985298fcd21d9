"""A notebook alone, as Colab, Kaggle or a hub has it: no kit, no files of its lesson beside it, and a PyTorch that stays."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from test_notebook_runs import marked, released, write_in

ROOT = Path(__file__).resolve().parents[2]
LESSON = "tensors"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Colab is made of symbolic links"),
]


class Colab:
    """An environment with all that is installed here but the kit, and a stand-in for `google.colab`; a folder with nothing
    in it to work in."""

    def __init__(self, home):
        self.home, self.content = home, home / "content"
        self.content.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "venv", home / "env"], check=True)
        self.python = home / "env" / "bin" / "python"
        self.site = Path(self.says("import sysconfig; print(sysconfig.get_path('purelib'))"))
        self.there = {path.name for path in self.site.iterdir()}
        lent = home / "lent"
        lent.mkdir()
        for item in Path(sysconfig.get_path("purelib")).iterdir():
            if not item.name.startswith(("torch_exercise_kit", "_torch_exercise_kit", "pip")) and item.suffix != ".pth":
                (lent / item.name).symlink_to(item)
        stand_in = home / "stand-in" / "google" / "colab"
        stand_in.mkdir(parents=True)
        (stand_in / "__init__.py").write_text("")
        (self.site / "lent.pth").write_text(f"{lent}\n{home / 'stand-in'}\n")
        spec = home / "jupyter" / "kernels" / "colab"
        spec.mkdir(parents=True)
        argv = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        about = {"argv": argv, "display_name": "Colab", "language": "python"}
        (spec / "kernel.json").write_text(json.dumps(about))

    def says(self, program):
        return subprocess.check_output([self.python, "-c", program], text=True).strip()

    @property
    def brought(self):
        """The names of what was installed since."""
        there = {path.name.partition("-")[0] for path in self.site.iterdir() if path.name not in self.there}
        return there - {"lent.pth", "__pycache__"}

    def run(self, notebook, links, monkeypatch):
        """Execute a notebook. Packages come from a folder alone."""
        monkeypatch.setenv("JUPYTER_PATH", str(self.home / "jupyter"))
        monkeypatch.setenv("IPYTHONDIR", str(self.home / "ipython"))
        for name, value in {"NO_INDEX": "1", "FIND_LINKS": str(links), "CONFIG_FILE": os.devnull}.items():
            monkeypatch.setenv(f"PIP_{name}", value)
        for name in ("PYTHONPATH", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("OMP_NUM_THREADS", "1")
        where = {"metadata": {"path": str(self.content)}}
        NotebookClient(notebook, kernel_name="colab", resources=where, timeout=300, allow_errors=True).execute()
        return notebook


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    building = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(building, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return Colab(tmp_path_factory.mktemp("colab"))


@pytest.fixture
def colab(environment):
    """The environment without what an earlier notebook has brought."""
    for item in environment.site.iterdir():
        if item.name.startswith(tuple(environment.brought)):
            shutil.rmtree(item)
    return environment


def told(cell):
    return "\n".join(item.get("text") or item.get("data", {}).get("text/plain", "") for item in cell.outputs)


def test_it_installs_the_kit_leaves_pytorch_alone_and_runs_to_its_end(colab, wheels, monkeypatch):
    notebook = write_in(released(LESSON), LESSON)
    notebook.cells.insert(2, new_code_cell("import os, tempfile; os.chdir(tempfile.mkdtemp())"))
    notebook.cells += [new_code_cell("import google.colab, torch; print(torch.__file__)"), new_code_cell("progress()")]
    colab.run(notebook, wheels, monkeypatch)
    for cell in notebook.cells:
        assert not [item for item in cell.get("outputs", []) if item.output_type == "error"], cell
    for cell in marked(notebook, "grade"):
        (output,) = cell.outputs
        assert "✓ right" in output.data["text/html"], cell.source
    (first,) = (cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "import_check")
    assert told(first) == ""
    assert colab.brought == {"grader", "torch_exercise_kit"}
    assert str(colab.home / "lent") in told(notebook.cells[-2])
    number = len(marked(notebook, "grade"))
    assert f"{number} of {number} exercises of {LESSON} are right" in told(notebook.cells[-1])


def test_where_it_can_not_be_installed_a_sentence_says_what_to_do(colab, tmp_path, monkeypatch):
    (tmp_path / "nothing").mkdir()
    notebook = released(LESSON)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "import_check"]
    colab.run(notebook, tmp_path / "nothing", monkeypatch)
    (cell,) = notebook.cells
    assert "could not be installed" in told(cell) and "Then run this cell again" in " ".join(told(cell).split())
    assert not [item for item in cell.outputs if item.output_type == "error"]


def test_a_notebook_of_another_release_is_told_so_with_the_way_out(colab, wheels, monkeypatch):
    notebook = released(LESSON)
    for cell in notebook.cells:
        cell.source = cell.source.replace('release="', 'release="0')
    notebook.cells = [*notebook.cells[:3], new_code_cell('check("cat_along")'), new_code_cell("hint()")]
    colab.run(notebook, wheels, monkeypatch)
    for cell in notebook.cells[-2:]:
        assert "different releases" in told(cell) and "--upgrade --no-deps" in told(cell)
    nbformat.validate(notebook)
