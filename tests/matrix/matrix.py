"""Tries the kit where its users are, each row a fresh environment, from the built wheel: `matrix.py [ROW …]`.

Each environment lies in a temporary folder, with all that is run in it, and goes when its row is done: up to 10 GB, so set
TMPDIR where the system's own folder is small. Prints a table, and ends with exit code 1 where a row fails.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.author import simulate
from grader.files.percent import MARKER
from grader.files.source import DEFINES

ROOT = Path(__file__).resolve().parents[2]
TEXTBOOK = ROOT / "tests" / "submissions" / "textbook"
SECONDS = 1800
"""Time that one command may take, an install for example."""
NOTEBOOK = "convolution"
"""The lesson whose notebook is run, and that the class hands in."""
STUDENTS = 6


class Failure(Exception):
    """A step did not come out as it has to. The message says what came instead."""


@dataclass(frozen=True)
class Row:
    """An environment: its Python, what is in it before the kit is installed, and what pip is held to."""

    python: str
    before: tuple[str, ...]
    constraints: Path | None = None
    lowest: bool = False
    """Install the lowest version that the kit allows of each package that it names."""


ROWS = {
    "constraints": Row("3.11", before=("torch==2.13.0", "torchvision==0.28.0"), constraints=ROOT / "constraints.txt"),
    "alone": Row("3.11", before=("torch==2.13.0",)),
    "matched": Row("3.11", before=("torch==2.14.1", "torchvision==0.29.1")),
    "oldest": Row("3.12", before=("torch==2.9.0", "torchvision==0.24.0"), lowest=True),
    "colab": Row(
        "3.13",
        before=(
            "torch==2.11.0", "torchvision==0.26.0", "numpy==2.1.3", "ipython==7.34.0", "ipykernel==6.17.1",
            "typer==0.27.1", "rich==13.9.4", "matplotlib==3.10.0",
        ),
    ),
}  # fmt: skip


class Environment:
    """A row's environment in a folder of its own. Nothing of the checkout is on its path."""

    def __init__(self, row: Row, folder: Path, wheel: Path) -> None:
        self.row, self.folder, self.wheel = row, folder, wheel
        self.bin = folder / "env" / "bin"
        ours = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
        self.variables = {name: value for name, value in os.environ.items() if name not in ours} | {
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(folder / "cache"),  # pip's files and the pictures of the last lesson
            "IPYTHONDIR": str(folder / "ipython"),
        }

    def run(self, *words: str | Path, within: Path | None = None) -> str:
        """What a command of the environment prints on standard output. Failure where its exit code is not 0."""
        done = subprocess.run(
            [str(word) for word in words], cwd=within or self.folder, env=self.variables, timeout=SECONDS,
            capture_output=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-40:])
            raise Failure(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{said}")
        return done.stdout

    def grader(self, *words: str | Path, within: Path | None = None) -> str:
        return self.run(self.bin / "grader", *words, within=within)

    def pip(self, *words: str | Path) -> str:
        return self.run(self.bin / "python", "-m", "pip", "--disable-pip-version-check", *words)

    def install(self, *what: str | Path) -> None:
        """Install packages, in the versions that the row is held to."""
        held = self.row.constraints
        if self.row.lowest:
            held = self.folder / "lowest.txt"
            held.write_text(_lowest(self.wheel), encoding="utf-8")
        constraint: list[str | Path] = ["--constraint", held] if held else []
        self.pip("install", "--quiet", *constraint, *what)

    def installed(self) -> dict[str, str]:
        """The versions of all packages, by name."""
        return {item["name"]: item["version"] for item in json.loads(self.pip("list", "--format", "json"))}


# The steps. Each raises Failure where something is not as it has to be.


def installs(here: Environment) -> None:
    """What is there before, then the wheel, which changes none of it."""
    here.run(_python(here.row.python), "-m", "venv", here.folder / "env")
    here.install(*here.row.before)
    before = here.installed()
    here.install(here.wheel)
    after = here.installed()
    if changed := [f"{name} {before[name]} to {after.get(name)}" for name in before if after.get(name) != before[name]]:
        raise Failure(f"The install changed {', '.join(changed)}.")
    if "torchvision" in before:
        here.run(here.bin / "python", "-c", "from grader.lesson import pictures; pictures.torchvision()")
    for words in (("--help",), ("check", "--help"), ("--version",)):
        here.grader(*words)


def instructor(here: Environment) -> None:
    """What instructors need beside it. It may bring a newer Jupyter, and never another PyTorch."""
    before = here.installed()
    here.install(f"{here.wheel}[instructor]")
    if here.installed()["torch"] != before["torch"]:
        raise Failure(f"The install changed torch {before['torch']} to {here.installed()['torch']}.")


def doctor(here: Environment) -> None:
    here.grader("doctor")


def answers(here: Environment) -> None:
    """The lessons as `grader start` writes them, with a textbook's answers: all right."""
    here.grader("start")
    folder = here.folder / "torch-exercises"
    for lesson in _lessons():
        (script,) = folder.glob(f"*_{lesson}/{lesson}.py")
        script.write_text(_answered(script.read_text(encoding="utf-8"), lesson), encoding="utf-8")
    try:
        here.grader("check", "--json", within=folder)
    except Failure:
        raise Failure(here.run("/bin/sh", "-c", "grader check || true", within=folder)) from None


def release(here: Environment) -> None:
    """The release is what its sources give, rounding aside."""
    for path in (ROOT / "solutions", ROOT / "img", *ROOT.glob("exercises*")):  # in each language
        shutil.copytree(path, here.folder / "course" / path.name)
    here.grader("release", "--check", within=here.folder / "course")


def notebook(here: Environment) -> None:
    """A notebook alone, filled in, from top to bottom in its kernel, as where the kit is missing: its first cell installs
    that, nothing else changes, and every check says right."""
    (released,), folder = (here.folder / "torch-exercises").glob(f"*_{NOTEBOOK}"), here.folder / "alone"
    folder.mkdir()
    made = json.loads((released / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))
    known = _textbook(NOTEBOOK)
    for cell in made["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution"):
            cell["source"] = known[about["grade_id"]]
    wrong = f"[name for name in {list(known)} if check(name).result.exercises[0].state != 'right']"
    last: dict[str, object] = {
        "cell_type": "code",
        "id": "last",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
    }
    made["cells"].append(last | {"source": f"wrong = {wrong}\nassert not wrong, wrong"})
    here.install("nbconvert", "ipykernel", *here.row.before)
    (folder / "filled-in.ipynb").write_text(json.dumps(made), encoding="utf-8")
    (folder / "google" / "colab").mkdir(parents=True)
    (folder / "google" / "colab" / "__init__.py").touch()
    before = here.installed()
    here.pip("uninstall", "--quiet", "--yes", "torch-exercise-kit")
    here.variables["PIP_FIND_LINKS"] = str(here.wheel.parent)
    here.run(
        here.bin / "jupyter", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600",
        "filled-in.ipynb", within=folder,
    )  # fmt: skip
    if (after := here.installed()) != before:
        raise Failure(f"The first cell changed {sorted(set(before.items()) ^ set(after.items()))}.")


def classroom(here: Environment) -> None:
    """A small class, graded in the sandbox: a row for everybody, and who handed in the reference has all points."""
    course = here.folder / "course"
    here.grader("simulate", "class", "--students", str(STUDENTS), "--lesson", NOTEBOOK, within=course)
    results = json.loads(here.grader("autograde", "class/submitted", "--json", within=course))
    if len(results) != STUDENTS:
        raise Failure(f"{len(results)} of {STUDENTS} hand-ins have a result.")
    (first,) = (item for item in results if item["student"] == simulate.name_of(0))  # who hands in the reference
    wrong = [item["exercise"] for item in first["exercises"] if item["state"] != "right"]
    if wrong or not (course / "class" / "gradebook.db").is_file():
        raise Failure(f"The reference loses {', '.join(wrong)}." if wrong else "There is no gradebook.db.")


STEPS: dict[str, Callable[[Environment], None]] = {
    "installs": installs, "textbook answers": answers, "notebook": notebook, "instructor": instructor, "doctor": doctor,
    "release": release, "class": classroom,
}  # fmt: skip


def _python(version: str) -> str:
    """The Python of a version: the system's, or one of pyenv's, whose own `python3.12` may start none."""
    name = f"python{version}"
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for found in [shutil.which(name), *map(str, kept.glob(f"{version}.*/bin/{name}"))]:
        if found and subprocess.run([found, "-V"], capture_output=True, check=False).returncode == 0:
            return found
    raise Failure(f"There is no {name} on this machine.")


def _lowest(wheel: Path) -> str:
    """The lowest version of each package that the wheel names for students and instructors, as pip's constraints."""
    with zipfile.ZipFile(wheel) as opened:
        (metadata,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        text = opened.read(metadata).decode()
    named = re.findall(r"^Requires-Dist: ([\w.-]+)>=([\d.]+)(.*)", text, re.MULTILINE)
    return "\n".join(f"{name}=={low}" for name, low, when in named if "extra" not in when or "'instructor'" in when)


def _lessons() -> list[str]:
    return sorted(path.stem for path in TEXTBOOK.glob("*.py"))


def _textbook(lesson: str) -> dict[str, str]:
    """A textbook's answers, by exercise."""
    text = (TEXTBOOK / f"{lesson}.py").read_text(encoding="utf-8")
    markers = list(MARKER.finditer(text))
    ends = [marker.start() for marker in markers[1:]] + [len(text)]
    found = {marker["title"].partition(": ")[0]: text[marker.end() : end] for marker, end in zip(markers, ends, strict=True)}
    return {exercise: f"import torch\nfrom torch import nn\n{cell}" for exercise, cell in found.items()}


def _answered(text: str, lesson: str) -> str:
    """A lesson's script with a textbook's answers in the place of its stubs."""
    known = _textbook(lesson)
    starts = [0, *(marker.start() for marker in MARKER.finditer(text))]
    pieces = [text[at:end] for at, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    for number, piece in enumerate(pieces):
        defined = DEFINES.search(piece)
        if defined and "raise NotImplementedError(" in piece:
            pieces[number] = f"# %%\n{known.pop(defined[1])}\n"
    if known:
        raise Failure(f"{lesson}.py has no stub for {', '.join(known)}.")
    return "".join(pieces)


def tried(name: str, row: Row, wheel: Path) -> tuple[list[str], bool]:
    """A row's cells, and whether all went well."""
    cells, well, started = [], True, time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"matrix-{name}-") as folder:
        here = Environment(row, Path(folder), wheel)
        for title, step in STEPS.items():
            began = time.monotonic()
            try:
                step(here)
                cells.append("✓")
            except (Failure, subprocess.TimeoutExpired, OSError, LookupError, ValueError) as problem:
                print(f"{name}: {title}: {problem}", file=sys.stderr)
                cells.append("✗")
                well = False
                if step is installs:
                    cells += ["–"] * (len(STEPS) - 1)
                    break
            print(f"{name}: {title}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        there = here.installed() if here.bin.is_dir() and cells[0] == "✓" else {}
    what = [f"{there.get('torch', '–')} / {there.get('torchvision', '–')}"]
    return [name, row.python, *what, *cells, f"{(time.monotonic() - started) / 60:.0f}"], well


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; all where none is named")
    chosen = parser.parse_args().rows or list(ROWS)
    if unknown := [name for name in chosen if name not in ROWS]:
        parser.error(f"there is no row {unknown[0]}: the rows are {', '.join(ROWS)}")
    titles = ["row", "Python", "PyTorch / torchvision", *STEPS, "minutes"]
    lines, all_well = [titles, ["---"] * len(titles)], True
    with tempfile.TemporaryDirectory(prefix="matrix-wheel-") as folder:
        building = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
        subprocess.run(building, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = Path(folder).glob("*.whl")
        for name in chosen:
            cells, well = tried(name, ROWS[name], wheel)
            lines.append(cells)
            all_well &= well
    print("\n".join(f"| {' | '.join(line)} |" for line in lines))
    sys.exit(0 if all_well else 1)


if __name__ == "__main__":
    main()
