"""Builds what students get of a lesson: the notebook, the .py, the public checks and the answer key."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from grader import language
from grader.author import catalogues, handout, opening, pairs, publishable, solutions
from grader.author.expectations import alike, build_key
from grader.digest import file_digest
from grader.errors import CourseError
from grader.exercise import Exercise
from grader.files import answer_file, percent, proofread, prose, submission
from grader.files.names import CHECKS_NAME, DATA, JSON_NAME, TENSORS_NAME
from grader.files.source import DEFINES, SOLUTION, Cell, LessonFiles
from grader.files.submission import UNWRITTEN
from grader.files.translated import PROSE_COLUMNS, translated, wrapped
from grader.judge.key import Key, in_language, key_files
from grader.language import ENGLISH
from grader.messages import say
from grader.sandbox.session import Worker
from grader.whole import write_whole

PUBLIC_SEED = "public"
"""The seed of the inputs that every student has."""
KEY_FILES = {JSON_NAME, TENSORS_NAME}
"""The answer key, in which nobody writes."""
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py", "mimetype": "text/x-python",
        "name": "python", "nbconvert_exporter": "python", "pygments_lexer": "ipython3",
    },
}  # fmt: skip
"""What Jupyter writes of a notebook's kernel when it saves it, but for the version of Python, which goes with the kernel."""


def build(files: LessonFiles, worker: Worker, *, self_study: bool = False) -> dict[str, bytes]:
    """The files of `exercises/<lesson>/`, by name; the same sources give the same bytes.

    Args:
        self_study: have the key carry the solutions of all exercises, which are shown once an answer is right.

    Raises:
        CourseError: the lesson is not fit to be given out: its own code fails, a marker is wrong, a solution would be shown.
    """
    return build_all(files, worker, self_study=self_study)[ENGLISH]


def build_all(files: LessonFiles, worker: Worker, *, self_study: bool = False) -> dict[str, dict[str, bytes]]:
    """The files of each of a lesson's releases, by language: one in English, and one for each whole catalogue. All come from
    one answer key, and so differ in sentences only.

    Raises:
        CourseError: as `build`.
    """
    proofread.refuse(files)
    key = build_key(files, worker, PUBLIC_SEED, public_only=True)
    _refuse(publishable.names(files, key))
    key.pairs = pairs.pairs(files, worker, key)
    key.solutions, key.self_study = solutions.solutions(files, worker, key, self_study=self_study), self_study
    _refuse(publishable.reference(files, key))
    _refuse(publishable.declarations(files, key))
    for exercise in key.exercises if self_study else []:
        exercise.hidden = 0  # nobody grades it
    files = handout.with_results(files, worker)
    releases = {ENGLISH: _built(files, key)}
    for name in files.catalogues:
        if not catalogues.problems(files, name):
            with language.speaking(name):
                releases[name] = _built(translated(files, name), in_language(key, files, name))
    return releases


def _built(files: LessonFiles, key: Key) -> dict[str, bytes]:
    """The files of a release in one language, which its answer key is told of."""
    key = msgspec.structs.replace(key)
    exercises = {exercise.name: exercise for exercise in key.exercises}
    built = {
        f"{files.name}.py": script(files, exercises),
        f"{files.name}.ipynb": notebook(files, exercises, {item.name: item.points for item in key.written}),
        CHECKS_NAME: files.public_checks.encode(),
        **{f"{DATA}/{name}": content for name, content in files.data.items()},
    }
    key.released = digests(files.name, built)
    key.files = {name: file_digest(data) for name, data in built.items()}
    built |= key_files(key)
    _refuse([f"{files.place}: {problem}" for problem in publishable.leaks(files, built, key.solutions, key.stand_ins)])
    return built


def _refuse(problems: list[str]) -> None:
    if problems:
        raise CourseError("\n".join(problems))


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
    begins = say("your_code")
    for match in SOLUTION.finditer(text if text.endswith("\n") else text + "\n"):
        before = text[position : match.start()]
        name = _defined(before) or name
        indent = match["indent"]
        stub = f'{indent}# {begins}\n{indent}raise NotImplementedError("{name} {UNWRITTEN}")\n'
        parts += [before, stub]
        position = match.end()
    return "".join(parts) + text[position:]


def _defined(text: str) -> str | None:
    """The last function or class that is defined at the left margin."""
    found = DEFINES.findall(text)
    return found[-1] if found else None


def script(files: LessonFiles, exercises: dict[str, Exercise]) -> bytes:
    """The lesson's released script: what the notebook says of each exercise but its hints, and in which language."""
    below = [(cell.line, exercises[cell.exercise]) for cell in files.cells if cell.exercise]

    def told(at: int) -> str:
        exercise = next(exercise for line, exercise in below if line > at)
        line = f"{handout.difficulty(exercise)} {say('hints_in_terminal', name=exercise.name)}"
        return "\n# ".join(wrapped(line, PROSE_COLUMNS))

    return percent.with_language(
        stubbed(percent.emptied(prose.ending(files.handout, told), say("your_answer"))), language.tag(files.language)
    ).encode()


def notebook(files: LessonFiles, exercises: dict[str, Exercise], written: Mapping[str, float]) -> bytes:
    """The lesson's released notebook as `nbgrader generate_assignment` would make it: one solution cell and one locked,
    graded cell an exercise, one cell graded by hand for each answer in words. Figures are inside, and hints stand folded
    below the statement of their exercise.

    Args:
        written: the points of each answer in words.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
    from nbgrader.preprocessors import CheckCellMetadata, ComputeChecksums, LockCells

    cells: list[Any] = []
    example = ""
    for cell, below in zip(files.cells, [*files.cells[1:], None], strict=True):
        if cell.name:
            points, by_hand = written[cell.name], {"grade": True, "solution": True}
            cells[-1].source += f"\n\n*{say('asked_in_words', points=f'{points:g}')}*"
            cells.append(new_markdown_cell(say("your_answer"), metadata=_nbgrader(cell.name, points=points, **by_hand)))
        elif cell.kind == "markdown":
            text, figures = handout.with_figures(cell.source, files)
            example = handout.example(text, (below and below.exercise) or "")
            if below and below.exercise:
                text = prose.statement(text) + "\n\n" + handout.about(exercises[below.exercise])
            cells.append(new_markdown_cell(text, **({"attachments": figures} if figures else {})))
            if example and not (below and below.exercise):
                cells.append(new_code_cell(example, metadata=answer_file.as_example(example)))
        elif cell.exercise is None:
            cells.append(new_code_cell(cell.source))
        else:
            cells.append(new_code_cell(stubbed(cell.source).rstrip("\n"), metadata=_nbgrader(cell.exercise, solution=True)))
            if example:
                cells.append(new_code_cell(example, metadata=answer_file.as_example(example)))
            points = exercises[cell.exercise].points
            about = _nbgrader(f"check_{cell.exercise}", grade=True, locked=True, points=points)
            cells.append(new_code_cell(f'check("{cell.exercise}")', metadata=about))
    titled = int(bool(cells) and cells[0].cell_type == "markdown")
    if titled:
        cells[0].source = opening.with_badges(cells[0].source, files)
    cells.insert(titled, new_code_cell(opening.first_cell(files), metadata=_nbgrader("import_check", locked=True)))
    for number, made in enumerate(cells):
        made["id"] = f"{files.name}-{number}"
    made = new_notebook(cells=cells, metadata=_METADATA)
    for step in (LockCells, ComputeChecksums, CheckCellMetadata):
        made, _ = step().preprocess(made, {})
    return _written(made)


def source(files: LessonFiles, released: bytes) -> bytes:
    """The notebook that nbgrader calls the source of an assignment: the released one with its solutions back in."""
    import nbformat

    made = nbformat.reads(released.decode(), as_version=4)
    solutions = {cell.exercise or cell.name: cell.source for cell in files.cells if cell.exercise or cell.name}
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


@dataclass(frozen=True)
class Changes:
    """What building a release would do to its folder: files by name, sorted."""

    written: list[str]
    removed: list[str]
    """What an earlier release wrote, and this one does not have."""
    edited: list[str]
    """What would be overwritten, and is not as it was given out: somebody's work, perhaps."""
    foreign: list[str]
    """What no release wrote."""

    @property
    def stale(self) -> list[str]:
        return sorted({*self.written, *self.removed, *self.edited})


class _Manifest(msgspec.Struct):
    """What an answer key says of the files beside it, and of its checks; one of an older kit has no `files`."""

    files: dict[str, str] = {}
    released: dict[str, str] = {}
    checks: list[object] = []
    hidden: int = 0


def described(built: dict[str, bytes]) -> str:
    """How many checks of a built release are public, and how many hidden checks it holds back."""
    manifest = msgspec.json.decode(built[JSON_NAME], type=_Manifest)
    return f"{len(manifest.checks)} public and {manifest.hidden} hidden checks"


def changes(folder: Path, built: dict[str, bytes]) -> Changes:
    """Compare a release's folder with what is built now. An answer key may differ by what another processor rounds in
    another way."""
    items = list(folder.iterdir()) if folder.is_dir() else []
    items += list((folder / DATA).iterdir()) if (folder / DATA).is_dir() else []
    there = {item.relative_to(folder).as_posix(): item for item in items if item.is_file()}
    different = {name for name in built if name not in there or not _same(there[name], built[name])}
    if different <= KEY_FILES <= set(there) and alike(folder, built):
        different = set()
    manifest = _manifest(folder)
    known = {name: path for name, path in there.items() if name in built or name in manifest.files}
    ours = {name for name, path in known.items() if _is_as_given_out(name, path, manifest)} | KEY_FILES
    edited = {name for name in different if name in there and name not in ours}
    removed = (ours & set(known)) - set(built)
    named = {item.relative_to(folder).as_posix() + "/" * item.is_dir() for item in items}
    foreign = named - removed - set(built) - {f"{DATA}/" for name in built if name.startswith(f"{DATA}/")}
    shown = {name for name in foreign if not name.startswith((".", "__pycache__"))}
    return Changes(*map(sorted, (different - edited, removed, edited, shown)))


def _same(path: Path, data: bytes) -> bool:
    return file_digest(path.read_bytes()) == file_digest(data)


def _manifest(folder: Path) -> _Manifest:
    try:
        return msgspec.json.decode((folder / JSON_NAME).read_bytes(), type=_Manifest)
    except (OSError, msgspec.MsgspecError):
        return _Manifest()


def _is_as_given_out(name: str, path: Path, manifest: _Manifest) -> bool:
    """Whether a file is as a release wrote it. An older key knows only the code of the handout's two files."""
    if manifest.files or not manifest.released:
        return manifest.files.get(name) == file_digest(path.read_bytes())
    if path.suffix in manifest.released and path.name != CHECKS_NAME:
        with suppress(answer_file.Unreadable):
            parsed = answer_file.parse(path.name, path.read_bytes(), [])
            return answer_file.release_digest(parsed) == manifest.released[path.suffix]
        return False
    return path.name == CHECKS_NAME


def write(folder: Path, built: dict[str, bytes], *, replace: bool = False) -> Changes:
    """Bring a release's folder up to date.

    Args:
        replace: also replace files that somebody has edited: for a folder in which nobody works.

    Raises:
        CourseError: a file would be overwritten that is not as it was given out. Nothing is written then.
    """
    found = changes(folder, built)
    if found.edited and not replace:
        raise CourseError(
            f"{folder.parent.name}/{folder.name} was not written: {listed(found.edited)} there "
            f"{'was' if len(found.edited) == 1 else 'were'} edited, and would be overwritten. Move what you want to keep to "
            "another folder, delete the rest, and run this again."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted({*found.written, *found.edited}):
        (folder / name).parent.mkdir(exist_ok=True)
        write_whole(folder / name, built[name])
    for name in found.removed:
        (folder / name).unlink()
    with suppress(OSError):
        (folder / DATA).rmdir()  # where nothing is left in it
    return found


def listed(names: list[str]) -> str:
    """Names in a sentence."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
