"""Proves that a cell does in a worker what it does in Jupyter, and that what fails alone costs alone."""

import ast
import builtins
import sys

import pytest

from grader.files.submission import of_cells
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.plain import Plain
from grader.sandbox.run import run
from grader.worker import magics

DOUBLE = "def double(X):\n    return X * 2"


# What is not Python, as Python


@pytest.fixture(params=["IPython", "no IPython"])
def as_python(request, monkeypatch):
    """The transformation, where IPython is installed and where it is not."""
    if request.param == "IPython":
        pytest.importorskip("IPython", reason="IPython, which notebooks bring, is not here")
    else:
        monkeypatch.setitem(sys.modules, "IPython.core.inputtransformer2", None)
    return lambda source, names=(): magics.as_python(source, names)


def same(one, other):
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


MAGIC = "get_ipython().run_line_magic"
WRITTEN = {
    "%matplotlib inline": f"{MAGIC}('matplotlib', 'inline')",
    "%time y = f(3)": f"{MAGIC}('time', 'y = f(3)')",
    "t = %timeit -o f()": f"t = {MAGIC}('timeit', '-o f()')",
    "if True:\n    %time x = 1": f"if True:\n    {MAGIC}('time', 'x = 1')",
    "files = !ls": "files = get_ipython().getoutput('ls')",
    "    def f():\n        return 1": "def f():\n    return 1",
    "\tdef f():\n\t\treturn 1": "def f():\n    return 1",
    ">>> def f():\n...     return 1\n...\n>>> x = f()": "def f():\n    return 1\nx = f()",
    "In [3]: def f():\n   ...:     return 1\n   ...: x = 2": "def f():\n    return 1\nx = 2",
    "s = '''\n%time\n!ls\n'''\n%matplotlib inline": f"s = '''\n%time\n!ls\n'''\n{MAGIC}('matplotlib', 'inline')",
    "x = (10\n     % 3)": "x = (10\n     % 3)",
    "%config InlineBackend.figure_format = 'retina'": f"{MAGIC}('config', \"InlineBackend.figure_format = 'retina'\")",
    "x = 1  # why?\n%cd ..": f"x = 1\n{MAGIC}('cd', '..')",
}


@pytest.mark.parametrize("source", WRITTEN, ids=range(len(WRITTEN)))
def test_magics_prompts_and_indentation_become_python_as_ipython_makes_it(as_python, source):
    assert same(as_python(source), WRITTEN[source])


@pytest.mark.parametrize("source", ["!pip install -q torch", "!pip install -q \\\n  torch", "f?", "?f", "f??", "!echo 'it'"])
@pytest.mark.parametrize("below", ["import torch", DOUBLE])
def test_shell_lines_and_questions_leave_what_stands_below_them(as_python, source, below):
    lines = as_python(f"{source}\n{below}").rstrip("\n").split("\n")
    assert same("\n".join(lines[-below.count("\n") - 1 :]), below)


@pytest.mark.parametrize(
    "source", ["x = 1 % 3", 'print("what?!")', "assert 1 != 2  # really?", "x = f'{3 % 2}'", "y = a if b else c"]
)
def test_python_stays_as_it_is(as_python, source):
    assert as_python(source) == source


@pytest.mark.parametrize(
    "magic", ["%%time", "%%timeit -n 3", "%%capture out", "%%prun", "%%memit", "%%debug", "%%whatever x"]
)
def test_below_a_cell_magic_stands_python_with_the_lines_that_it_had(as_python, magic):
    tree = ast.parse(as_python(f"{magic}\nx = 1\n!ls\ny = 2"))
    assert [node.lineno for node in tree.body if isinstance(node, ast.Assign)] == [2, 4]


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%javascript", "%%latex", "%%sql sqlite://"])
def test_a_cell_in_another_language_holds_nothing(as_python, magic):
    assert as_python(f"{magic}\nrm -rf /") == ""


@pytest.mark.parametrize("source", ["pip install tqdm", "ls", "cd ..", "matplotlib inline"])
def test_a_magic_may_come_without_its_sign_alone_in_a_cell(as_python, source):
    assert as_python(source).startswith(MAGIC)
    name = source.split()[0]
    assert as_python(name, {name: 1}) == name and as_python(f"{name} = 1") == f"{name} = 1"


def test_what_is_no_python_is_left_for_python_to_say(as_python):
    with pytest.raises(SyntaxError):
        ast.parse(as_python("def f(:\n    return 1"))


# Cells in a worker


@pytest.fixture(scope="module", params=[Sandbox, Plain], ids=["sandbox", "process"])
def worker(request):
    worker = request.param()
    yield worker
    worker.close()


def ran(worker, *cells, **about):
    """What running these cells gave, of the names `double` and `other`."""
    handed_in = of_cells("lesson", cells)
    for name, value in about.items():
        setattr(handed_in, name, value)
    return run(worker, handed_in, [], ["double", "other"], "seed")


RIGHT_IN_JUPYTER = {
    "asks whether it runs in Colab": [f"if 'google.colab' in str(get_ipython()):\n    1 / 0\n{DOUBLE}"],
    "asks which shell it runs in": [f"assert get_ipython().__class__.__name__ == 'ZMQInteractiveShell'\n{DOUBLE}"],
    "imports get_ipython": [f"from IPython import get_ipython\nget_ipython().run_line_magic('a', 'b')\n{DOUBLE}"],
    "was exported from Jupyter": [f"get_ipython().system('pip install torch')\n{DOUBLE}\nget_ipython().magic('time 1')"],
    "installs on two lines": [f"!pip install -q \\\n  torch\n{DOUBLE}"],
    "waits at the left margin": [f"import asyncio\n{DOUBLE}\nawait asyncio.sleep(0)\nother = len"],
    "waits for its own function": ["async def f():\n    return len\nother = await f()", DOUBLE],
    "times an import": ["%time import torch", "double = torch.mul"],
    "times an assignment": ["%time double = len"],
    "is the main module": [f"if __name__ == '__main__':\n    two = 2\n{DOUBLE}\ndouble(two)"],
    "shows something": [f"display(3)\n{DOUBLE}"],
    "turns the output": [f"import sys\nsys.stdout.reconfigure(encoding='utf-8')\nsys.stdout.buffer.write(b'1')\n{DOUBLE}"],
    "watches for faults": [f"import faulthandler\nfaulthandler.enable()\n{DOUBLE}"],
    "captures output": [f"%%capture out\n{DOUBLE}", "out.show()\nother = double"],
    "writes a file and runs it": [f"%%writefile mine.py\n{DOUBLE}", "%run mine.py", "from mine import double as other"],
    "annotates with what does not exist": ["from __future__ import annotations", "def double(X: Nothing): return X"],
    "pickles a class": ["import pickle\nclass double: pass\npickle.loads(pickle.dumps(double()))\nother = double"],
    "compiles": [f"import torch\n@torch.compile\n{DOUBLE}\nassert double(2) == 4"],
    "compiles a model": [f"import torch\nmodel = torch.nn.Linear(1, 1)\nmodel.compile()\nmodel(torch.ones(1))\n{DOUBLE}"],
}  # fmt: skip


@pytest.mark.parametrize("cells", RIGHT_IN_JUPYTER.values(), ids=RIGHT_IN_JUPYTER)
def test_what_jupyter_runs_a_worker_runs(worker, cells):
    done = ran(worker, *cells)
    assert (done.errors, done.names["double"].kind) == ({}, "callable")
    assert "other" not in " ".join(cells) or done.names["other"].kind == "callable"


@pytest.mark.parametrize(
    "line",
    [
        "import google.colab",
        "from d2l import torch as d2l",
        "1 / 0",
        "import os; os.chdir('/no/such')",
        "raise SystemExit",
    ],
)
def test_a_line_that_fails_costs_itself_and_not_the_rest_of_its_cell(worker, line):
    done = ran(worker, f"import math\n{line}\nimport torch\n{DOUBLE}\nother = torch.mul", "x = [\n", "y = double(2)")
    assert {name: item.kind for name, item in done.names.items()} == {"double": "callable", "other": "callable"}
    assert {cell: error.line for cell, error in done.errors.items()} == {0: 2, 1: 1}


SCRIPT = "import argparse, sys\nargs = argparse.ArgumentParser().parse_args()\nhere = open(__file__).read()\n" + DOUBLE


def test_a_script_finds_what_a_script_expects(worker):
    done = ran(worker, SCRIPT, file="convolution.py", beside={"convolution.py": SCRIPT})
    assert (done.errors, done.names["double"].kind) == ({}, "callable")


def test_a_script_is_not_run_as_by_hand(worker):
    text = f"{DOUBLE}\nif __name__ == '__main__':\n    1 / 0"
    assert ran(worker, text, file="convolution.py", beside={"convolution.py": text}).errors == {}


def test_a_file_that_lies_beside_the_answer_can_be_imported(worker):
    done = ran(worker, "from utils import double", beside={"utils.py": DOUBLE})
    assert (done.errors, done.names["double"].kind) == ({}, "callable")


LOADERS = [
    "DataLoader(numbers, 2, num_workers=2)",
    "DataLoader(numbers, 2, False, None, None, 3)",
    "DataLoader(numbers, 2, num_workers=1, persistent_workers=True, prefetch_factor=2)",
]


@pytest.mark.parametrize("loader", LOADERS)
def test_a_loader_with_processes_loads_without_them_and_that_is_noted(worker, loader):
    lines = "import torch\nfrom torch.utils.data import *\nnumbers = TensorDataset(torch.arange(5))\n"
    done = ran(worker, f"{lines}print([len(batch[0]) for batch in {loader}])", DOUBLE)
    assert (done.errors, done.printed, done.noted) == ({}, "[2, 2, 1]\n", {"loader"})


@pytest.mark.parametrize(
    "line",
    [
        "while True: pass",
        "import os; os._exit(3)",
        "import ctypes; ctypes.string_at(0)",
    ],
)
def test_a_cell_that_does_not_come_to_an_end_keeps_what_it_defines(worker, line):
    done = ran(worker, f"{DOUBLE}\nlimit = min(3, 4)\n{line}\nother = len", "x = 1")
    assert [done.names[name].kind for name in ("double", "other")] == ["callable", "callable"]
    assert (list(done.errors), done.kept) == ([0], {0})


def test_a_cell_that_never_lets_go_is_left_out(worker):
    done = ran(worker, f"{DOUBLE}\nsum(iter(int, 1))", "def other(): pass")  # no word of Python's comes in between
    assert {name: item.kind for name, item in done.names.items()} == {"double": "missing", "other": "callable"}
    assert done.kept == set()


def test_where_a_name_is_defined_and_what_it_reads_is_told(worker):
    done = ran(worker, DOUBLE, "def other(X):\n    return double(X) + limit", "\n\ndouble = lambda X: other(X)")
    double, other = done.names["double"], done.names["other"]
    assert [(place.cell, place.line) for place in double.places] == [(0, 1), (2, 3)]
    assert set(other.uses) >= {"double", "limit"} and set(double.uses) >= {"other"}


@pytest.mark.parametrize(
    ("body", "begun"),
    [
        ("raise NotImplementedError('double is not written yet')", False),
        ('"""Doubles."""\n    # Your code here.\n    raise NotImplementedError("double is not written yet")', False),
        ("Y = X * 2\n    raise NotImplementedError('double is not written yet')", True),
        ("raise NotImplementedError('double is not written yet')\n    return X * 2", True),
    ],
)
def test_a_stub_is_told_from_what_was_begun(worker, body, begun):
    assert ran(worker, f"def double(X):\n    {body}").names["double"].begun == begun


def test_a_worker_without_ipython_has_a_stand_in_for_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython.core", None)
    for name in ("IPython", "IPython.display"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(builtins, "get_ipython", lambda: "the shell", raising=False)
    magics.answer_for_ipython("from IPython import get_ipython")
    names = {}
    exec("from IPython import get_ipython\nfrom IPython.display import display, HTML\ndisplay(HTML('x'))", names)
    assert names["get_ipython"]() == "the shell"
    for name in ("IPython", "IPython.display"):
        sys.modules.pop(name)
