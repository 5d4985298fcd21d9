"""What a student sees is what is graded: what a kernel or `grader check` calls right earns its public points in a class."""

import random
from contextlib import closing

import nbformat
import pytest
from nbclient import NotebookClient
from support.classroom import course_on_disk

from grader.author.expectations import build_key
from grader.files import submission
from grader.judge import assess
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.plain import Plain
from grader.sandbox.run import phases, run
from grader.student import own_check

pytestmark = pytest.mark.slow

DOUBLE = "def double(X):\n    if isinstance(X, str):\n        raise TypeError('this is text')\n    return X * 2"
TOTAL = "def total(X):\n    return double(X).sum(1)"
HABITS = {
    "asks for Colab": lambda cells: [f"if 'google.colab' in str(get_ipython()):\n    1 / 0\n{cells[0]}", *cells[1:]],
    "installs first": lambda cells: ["!true \\\n  --quiet\nimport os", *cells],
    "indents a cell": lambda cells: [*cells[:-1], "\n".join(f"    {line}" for line in cells[-1].split("\n"))],
    "pastes a prompt": lambda cells: [">>> x = 1\n>>> if x:\n...     y = 2\n", *cells],
    "times its imports": lambda cells: ["%time import torch", *cells],
    "times a cell": lambda cells: [f"%%time\n{cells[0]}", *cells[1:]],
    "captures a cell": lambda cells: [*cells[:-1], f"%%capture\n{cells[-1]}"],
    "waits": lambda cells: [*cells, "import asyncio", "await asyncio.sleep(0)"],
    "holds a main": lambda cells: [*cells, "if __name__ == '__main__':\n    two = 2",
                                   "def double(X, f=double):\n    two\n    return f(X)"],
    "answers in a check's cell": lambda cells: [*cells, f"{TOTAL}\ncheck('total')"],
    "sets everything": lambda cells: ["import torch\ntorch.set_default_dtype(torch.float64)\ntorch.manual_seed(3)", *cells],
    "keeps an old try": lambda cells: ["def double(X):\n    return X * 3", *cells],
    "changes its output": lambda cells: ["import sys\nsys.stdout.flush()\nprint(sys.stdout.encoding)", *cells],
    "writes a module": lambda cells: [*cells, f"%%writefile mine.py\nimport torch\n{DOUBLE}", "from mine import double"],
    "loads in processes": lambda cells: [*cells, "from torch.utils.data import DataLoader\n"
                                         "list(DataLoader(range(4), 2, num_workers=1))"],
    "uses an operator": lambda cells: [cells[0].replace("X * 2", "X.__mul__(2)"), *cells[1:]],
    "asks for help": lambda cells: [*cells, "double?"],
    "runs a shell": lambda cells: ["files = !ls", *cells],
    "is in a class": lambda cells: [f"class Of:\n    two = 2\n{cells[0]}".replace("X * 2", "X * Of.two"), *cells[1:]],
    "is decorated": lambda cells: [cells[0].replace("def double", "@(lambda f: lambda *a: f(*a))\ndef double"), *cells[1:]],
}  # fmt: skip
"""Ways to write the same right answers, all of which a kernel runs."""
NOTEBOOKS = [
    habits[start : start + 4]
    for seed in range(2)
    for habits in [random.Random(seed).sample(sorted(HABITS), len(HABITS))]
    for start in range(0, len(HABITS), 4)
]
"""Each way twice, with three others."""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_on_disk(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def sandbox(course):
    with closing(Sandbox()) as worker:
        yield worker, build_key(course.files("numbers"), worker, "seed", public_only=False)


def written(course, habits):
    """A notebook of right answers in these ways, where the release lies."""
    cells = [f"import torch\nfrom grader import check\n{DOUBLE}", TOTAL]
    for name in habits:
        cells = HABITS[name](cells)
    (course.exercises / "numbers" / "mine.py").unlink(missing_ok=True)
    made = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    nbformat.write(made, course.exercises / "numbers" / "numbers.ipynb")
    return made


def graded(course, worker, known):
    """The result in a class of what lies in the lesson's folder."""
    names = ["double", "total"]
    handed_in = submission.read(course.exercises / "numbers", "ada", "numbers", known.released, names)
    ran = run(worker, handed_in, phases(course.files("numbers"), known.checks), names, "seed")
    return assess.assess(known, handed_in, ran, "sandbox")


def said_in_a_kernel(course, notebook):
    """What checks of both exercises say after all cells have run."""
    notebook.cells = [nbformat.v4.new_code_cell("from grader import check"), *notebook.cells]
    notebook.cells += [nbformat.v4.new_code_cell(f"check('{name}')") for name in ("double", "total")]
    place = {"metadata": {"path": str(course.exercises / "numbers")}}
    NotebookClient(notebook, resources=place, timeout=120, kernel_name="python3").execute()
    return [cell.outputs[-1].data["text/plain"] for cell in notebook.cells[-2:]]


@pytest.mark.parametrize("habits", NOTEBOOKS, ids=", ".join)
def test_a_notebook_that_says_right_in_a_kernel_earns_all_its_points(course, sandbox, habits):
    notebook = written(course, habits)
    result = graded(course, *sandbox)
    for said in said_in_a_kernel(course, notebook):
        assert "✓" in said
    assert result.earned == result.points, result.notes


def test_grader_check_says_of_all_of_them_what_a_kernel_says(course):
    with closing(Plain()) as worker:
        for habits in NOTEBOOKS:
            written(course, habits)
            result = own_check.check(course, "numbers", None, worker)
            assert [exercise.state for exercise in result.exercises] == ["right", "right"], (habits, result.notes)


SCRIPTS = {
    "parses arguments": "import argparse\nargparse.ArgumentParser().parse_args()\n{}",
    "knows its file": "from pathlib import Path\nPath(__file__).read_text()\n{}",
    "shows off for long": "{}\nwhile True:\n    double(1)",
    "shows off when run": "{}\nif __name__ == '__main__':\n    1 / 0",
    "ends itself": "{}\nraise SystemExit(0)",
    "was exported": "#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\nget_ipython().magic('a')\n{}\n\n# In[ ]:\n",
    "needs what is not there": "import google.colab\n{}",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_is_graded_as_grader_check_says(course, sandbox, text):
    folder = course.exercises / "numbers"
    (folder / "numbers.ipynb").unlink(missing_ok=True)
    (folder / "numbers.py").write_text(text.format(f"{DOUBLE}\n{TOTAL}"))
    with closing(Plain()) as worker:
        checked = own_check.check(course, "numbers", None, worker)
    result = graded(course, *sandbox)
    assert [exercise.state for exercise in checked.exercises] == ["right", "right"]
    assert (result.earned, result.notes) == (result.points, checked.notes)


def test_in_a_kernel_an_error_comes_with_the_students_own_line(course):
    cells = [
        "import torch\ndef twice(X):\n    return X.twice()",
        "def double(X):\n    return twice(X)",
        "def total(X):\n    1 / 0",
    ]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    double, total = said_in_a_kernel(course, notebook)
    assert "at line 3: return X.twice()" in double
    assert "at line 2: 1 / 0" in total
