"""Builds what students get of a lesson: the notebook, the .py, the public checks and the answer key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader import answer_file, handout, submission
from grader import key as keys
from grader.key import CourseError, Exercise
from grader.sandbox.pool import Worker
from grader.source import DEFINES, SOLUTION, Cell, LessonFiles
from grader.submission import UNWRITTEN

PUBLIC_SEED = "public"
"""The seed of the inputs that every student has."""
IMPORT_CHECK = "from grader import check"


def build(files: LessonFiles, worker: Worker) -> dict[str, bytes]:
    """The files of `exercises/<lesson>/`, by name; the same sources give the same bytes.

    Raises:
        CourseError: the lesson's own code fails, or a cell with a solution defines no exercise of the lesson.
    """
    key = keys.build(files, worker, PUBLIC_SEED, public_only=True)
    exercises = {exercise.name: exercise for exercise in key.exercises}
    for cell in files.cells:
        if SOLUTION.search(cell.source + "\n") and cell.exercise not in exercises:
            raise CourseError(
                f"solutions/{files.name}/lesson.py: a cell with a solution defines {cell.exercise}, which checks.py does "
                "not declare as an exercise."
            )
    files = handout.with_results(files, worker)
    built = {
        f"{files.name}.py": stubbed(files.handout).encode(),
        f"{files.name}.ipynb": notebook(files, exercises),
        "checks.py": files.public_checks.encode(),
    }
    key.released = digests(files.name, built)
    key.made_from = keys.digest([files.handout, files.checks, files.misconceptions])
    return built | {path.name: data for path, data in keys.save(key, Path()).items()}


def digests(lesson: str, built: dict[str, bytes]) -> dict[str, str]:
    """Digests of the code cells of both files, by suffix: how a file that a student has changed is told."""
    return {
        suffix: answer_file.release_digest(answer_file.parse(name, built[name], []))
        for suffix in submission.SUFFIXES
        for name in [f"{lesson}{suffix}"]
    }


def stubbed(text: str) -> str:
    """A handout or a cell with each solution replaced by a stub that names what is missing."""
    parts, position, name = [], 0, ""
    for match in SOLUTION.finditer(text if text.endswith("\n") else text + "\n"):
        before = text[position : match.start()]
        name = _defined(before) or name
        indent = match["indent"]
        stub = f'{indent}# Your code here.\n{indent}raise NotImplementedError("{name} {UNWRITTEN}")\n'
        parts += [before, stub]
        position = match.end()
    return "".join(parts) + text[position:]


def _defined(text: str) -> str | None:
    """The last function or class that is defined at the left margin."""
    found = DEFINES.findall(text)
    return found[-1] if found else None


def notebook(files: LessonFiles, exercises: dict[str, Exercise]) -> bytes:
    """The lesson's released notebook as `nbgrader generate_assignment` would make it: one solution cell and one locked,
    graded cell an exercise. Figures are inside, and hints stand folded below the statement of their exercise."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    from nbgrader.preprocessors import CheckCellMetadata, ComputeChecksums, LockCells

    cells = [new_code_cell(IMPORT_CHECK, metadata=_nbgrader("import_check", locked=True))]
    for cell, below in zip(files.cells, [*files.cells[1:], None], strict=True):
        if cell.kind == "markdown":
            text, figures = handout.with_figures(cell.source, files)
            if below and below.exercise:
                text += "\n\n" + handout.about(exercises[below.exercise])
            cells.append(new_markdown_cell(text, **({"attachments": figures} if figures else {})))
        elif cell.exercise is None:
            cells.append(new_code_cell(cell.source))
        else:
            cells.append(
                new_code_cell(stubbed(cell.source).rstrip("\n"), metadata=_nbgrader(cell.exercise, solution=True))
            )
            points = exercises[cell.exercise].points
            about = _nbgrader(f"check_{cell.exercise}", grade=True, locked=True, points=points)
            cells.append(new_code_cell(f'check("{cell.exercise}")', metadata=about))
    for number, made in enumerate(cells):
        made["id"] = f"{files.name}-{number}"
    made = new_notebook(cells=cells, metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })  # fmt: skip
    for step in (LockCells, ComputeChecksums, CheckCellMetadata):
        made, _ = step().preprocess(made, {})
    return _written(made)


def source(files: LessonFiles, released: bytes) -> bytes:
    """The notebook that nbgrader calls the source of an assignment: the released one with its solutions back in."""
    import nbformat

    made = nbformat.reads(released.decode(), as_version=4)
    solutions = {cell.exercise: cell.source for cell in files.cells if cell.exercise}
    for cell in made.cells:
        about = cell.metadata.get("nbgrader", {})
        for given in ("checksum", "cell_type"):
            about.pop(given, None)
        if about.get("solution"):
            cell.source = solutions[about["grade_id"]]
    return _written(made)


def _written(made: Any) -> bytes:
    import nbformat

    return (str(nbformat.writes(made, version=4)) + "\n").encode()


def solved(cell: Cell) -> str:
    """A cell with its solution, without the markers."""
    return "\n".join(
        line for line in cell.source.split("\n") if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")
    )


def _nbgrader(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict[str, dict[str, object]]:
    about: dict[str, object] = {
        "grade_id": grade_id, "grade": grade, "solution": solution, "locked": locked, "task": False, "schema_version": 3,
    }  # fmt: skip
    return {"nbgrader": about | ({"points": points} if points is not None else {})}


def out_of_date(folder: Path, built: dict[str, bytes]) -> list[str]:
    """The names of the files in a release's folder that are not as they would be built now. An answer key may differ by what
    another processor rounds in another way."""
    there = {item.name for item in folder.iterdir() if item.is_file()} if folder.is_dir() else set()
    changed = {name for name, data in built.items() if name not in there or (folder / name).read_bytes() != data}
    changed |= there - set(built)
    if changed and changed <= {keys.JSON_NAME, keys.TENSORS_NAME} <= there and keys.alike(folder, built):
        return []
    return sorted(changed)


def write(folder: Path, built: dict[str, bytes]) -> list[str]:
    """Bring a release's folder up to date; the names of the files that changed."""
    changed = out_of_date(folder, built)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        if name in built:
            (folder / name).write_bytes(built[name])
        else:
            (folder / name).unlink()
    return changed
