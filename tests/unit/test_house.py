"""The rules of the house: which folder may import which, read from the source."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "grader"
FLOORS = (
    "language",
    "errors messages wire digest whole environment console kit exercise checks families edits stubs seeded",
    "files lesson",
    "judge worker",
    "sandbox",
    "author report",
    "student classroom",
    "integrations",
    "cli",
)
FLOOR = {room: number for number, floor in enumerate(FLOORS) for room in floor.split()}
OUTSIDE = {"__init__", "__main__"}
"""The package's own doors, which hand on what is asked for."""


def modules():
    return [path for path in sorted(HOUSE.rglob("*.py")) if room(path) not in OUTSIDE]


def room(path):
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imported(path):
    """The full names of what a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            yield from (f"{node.module}.{item.name}" for item in node.names)


def own(path):
    """The rooms of this house that a module imports from."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("grader.")}


def others(path):
    """The packages from elsewhere that a module imports, but for the standard library."""
    return {name.split(".")[0] for name in imported(path)} - sys.stdlib_module_names - {"grader"}


def test_every_room_has_its_floor():
    assert {room(path) for path in modules()} == set(FLOOR)
    assert not [path for path in modules() if path.parent != HOUSE and not (path.parent / "__init__.py").is_file()]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_nothing_imports_upwards(path):
    here = room(path)
    beside = {"environment": {"messages"}}.get(here, set())
    assert not {other for other in own(path) - {here} - beside if FLOOR[other] >= FLOOR[here]}


def test_no_two_modules_import_one_another():
    below = {module(path): {name for name in imported(path) if name.startswith("grader.")} for path in modules()}
    below = {name: {known for known in below if known in wanted or any(each.startswith(f"{known}.") for each in wanted)}
             for name, wanted in below.items()}  # fmt: skip
    while free := {name for name, wanted in below.items() if not wanted & below.keys()}:
        below = {name: wanted for name, wanted in below.items() if name not in free}
    assert not below


def module(path):
    return ".".join(("grader", *path.relative_to(HOUSE).with_suffix("").parts))


@pytest.mark.parametrize("path", [path for path in modules() if room(path) == "judge"], ids=lambda path: path.stem)
def test_the_judge_knows_neither_torch_nor_walls(path):
    assert "torch" not in others(path)
    assert not own(path) & {"sandbox", "worker", "lesson"}


@pytest.mark.parametrize("path", [path for path in modules() if room(path) == "worker"], ids=lambda path: path.stem)
def test_the_worker_needs_little(path):
    # magics uses IPython where the student has it; wire is the talk with the judge, which both ends read.
    assert others(path) <= {"torch", "numpy", "safetensors"} | ({"IPython"} if path.stem == "magics" else set())
    assert own(path) <= {"worker", "lesson", "wire", "errors", "checks", "edits", "stubs", "families", "seeded"}


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("grader.cli", ("torch", "nbgrader", "numpy", "nbformat", "rich.console")),
        ("grader.judge.assess", ("torch", "grader.sandbox", "grader.worker", "grader.lesson.declare", "nbgrader")),
        ("grader.files.submission", ("torch", "grader.sandbox", "numpy")),
        ("grader.author.audit", ("torch", "nbgrader")),
        ("grader.classroom.grade", ("torch", "nbgrader")),
    ],
)
def test_what_is_not_needed_is_not_loaded(name, without):
    program = f"import sys, {name}\nprint(*[item for item in {without!r} if item in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not loaded
