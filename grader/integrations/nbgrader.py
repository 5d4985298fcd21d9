"""nbgrader with the sandbox inside: what a course's `nbgrader_config.py` sets, and what stands where nbgrader executed.

No student code runs in a kernel. The scores are written straight into the gradebook, by the same function as those of
`grader autograde`, and not as outputs for nbgrader's SaveAutoGrades to read: that takes a missing output for full marks, and
would clear the comments.
"""

from __future__ import annotations

import glob
import shutil
from copy import deepcopy
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader import apps, converters
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, ClearSolutions, NbGraderPreprocessor
from nbgrader.utils import rmtree
from traitlets import Bool, Enum

from grader.author import release
from grader.classroom import grade, gradebook, room, times
from grader.classroom.gradebook import GradebookError
from grader.errors import CourseError, SandboxError
from grader.files import answer_file, course, submission
from grader.files.answer_file import Written
from grader.files.source import DEFINES
from grader.judge.result import ExerciseResult, Isolation, Result
from grader.messages import say
from grader.report import html, text
from grader.report.outcome import listed
from grader.report.printable import printable, quoted
from grader.sandbox.workers import start

LAYOUT = str(Path("{nbgrader_step}", "{student_id}", "{assignment_id}"))
SOURCE = "build/source"
"""Where the source notebooks are built, below the course's folder."""


def configure(config: Any) -> None:
    """Set up nbgrader for a course of this kit: `configure(get_config())` is all that `nbgrader_config.py` holds.

    nbgrader can be told its preprocessors, but not another converter. The two places that name a converter, its command
    and its server, are given those below: hand-ins without a readable notebook would else get no row and no grade, and
    students with a bracket in their names no feedback.
    """
    config.CourseDirectory.source_directory = SOURCE
    config.CourseDirectory.release_directory = "exercises"
    steps = converters.GenerateAssignment.preprocessors.default()
    config.FileNameCollectorPlugin.valid_ext = list(submission.SUFFIXES)
    config.GenerateAssignment.preprocessors = [_named(WriteStubs if step is ClearSolutions else step) for step in steps]
    config.Autograde.autograde_preprocessors = [*map(_named, (GradeInSandbox, AssignLatePenalties, CheckCellMetadata))]
    apps.autogradeapp.Autograde = apps.api.Autograde = Autograde
    apps.generatefeedbackapp.GenerateFeedback = apps.api.GenerateFeedback = GenerateFeedback


def _named(step: type) -> str:
    """A class by its name, for a configuration that nbgrader's server sends to its pages as JSON."""
    return f"{step.__module__}.{step.__qualname__}"


class WriteStubs(NbGraderPreprocessor):
    """Stands where ClearSolutions stood: the stubs name what is missing, which the grader tells them by."""

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> tuple[Any, Any]:
        if cell.cell_type == "code":
            cell.source = release.stubbed(cell.source).rstrip("\n")
        return cell, resources


class Autograde(converters.Autograde):
    """nbgrader's own, but for what it takes for a hand-in: every folder of a student, whatever lies in it. Nothing of it is
    copied, so no link in it is followed."""

    isolation: Isolation = Enum(
        ["sandbox", "process"], "sandbox", help="'process' grades without a sandbox, and every report says so."
    ).tag(config=True)
    show_hidden = Bool(False, help="Show what hidden checks found, their inputs too.").tag(config=True)
    graded: Result
    """The hand-in that was graded last."""

    def start(self) -> None:
        try:
            self._start()
        except (CourseError, GradebookError, SandboxError) as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        finally:
            if "grader" in vars(self):
                self.grader.close()

    def _start(self) -> None:
        known = self.grader.course.chosen([self.coursedir.assignment_id])[0]
        gradebook.register(self.grader.room.gradebook, known, *self._registered(known))
        self.grader.worker()  # where there is no sandbox, that is said once and not for every student
        super().start()

    @cached_property
    def grader(self) -> grade.Grader:
        """What grades the hand-ins of this course, as `grader autograde` does."""
        if self.coursedir.directory_structure != LAYOUT:
            raise CourseError(f"Lessons are graded in nbgrader's own layout only, {LAYOUT}: unset directory_structure.")
        if not self.coursedir.db_url.startswith("sqlite:///"):
            raise CourseError("Lessons are graded into a SQLite gradebook only: unset db_url, or name a file in it.")
        root = Path(self.coursedir.root)
        book = root / self.coursedir.db_url.removeprefix("sqlite:///")
        where = room.ClassRoom(root / self.coursedir.submitted_directory, book)
        return grade.Grader(
            where,
            course.find(root),
            partial(start, self.isolation),
            self.isolation,
            show_hidden=self.show_hidden,
            assigns_penalties=False,
        )

    def released(self, lesson: str) -> NotebookNode:
        """The lesson's notebook as students got it."""
        path = self.grader.course.exercises / lesson / f"{lesson}.ipynb"
        if not path.is_file():
            raise CourseError(f"{path} is not there. Run grader release first.")
        return nbformat.read(path, as_version=4)

    def _registered(self, lesson: str) -> tuple[dict[str, float], NotebookNode]:
        released = self.released(lesson)
        return points(released), released

    def init_notebooks(self) -> None:
        lesson = self.coursedir.assignment_id
        found = room.hand_ins(self.grader.room, self.grader.course, [lesson], [self.coursedir.student_id])
        self.hand_ins = {item.student: item for item in found}
        self.assignments = {
            self._format_source(lesson, student): [str(Path(self._format_source(lesson, student), f"{lesson}.ipynb"))]
            for student in self.hand_ins
        }

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Whether a hand-in is to be graded: one that is new, that is newer than what was graded, or any with --force. As
        nbgrader decides it, but for a time that can't be read, which would stop it."""
        if student_id in self.coursedir.student_id_exclude.split(","):
            return False
        made = Path(self._format_dest(assignment_id, student_id))
        if not made.exists():
            return True
        new, old = (
            times.when(submission.noted(folder, "timestamp.txt")) for folder in (self.hand_ins[student_id].folder, made)
        )
        if not self.force and not (new and (old is None or new > old)):
            self.log.info("Skipping existing assignment: %s", made)
            return False
        rmtree(made)
        return True

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Keep what nbgrader noted of the hand-in, for its later steps. Rows of the gradebook are made when a result is
        recorded."""
        folder = Path(self._format_dest(assignment_id, student_id))
        for name in ("timestamp.txt", "submission_secret.txt"):
            if noted := submission.noted(self.hand_ins[student_id].folder, name):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(noted.lstrip("\ufeff\ufffd"))

    def convert_single_notebook(self, notebook_filename: str) -> None:
        self.log.info("Autograding %s", notebook_filename)
        resources = self.init_single_notebook_resources(notebook_filename)
        self._sanitizing = False
        try:
            self._init_preprocessors()
            output, resources = self.exporter.from_notebook_node(new_notebook(), resources=resources)
            self.grader.read_back([self.graded])  # with the late penalty, which was assigned just now
        except (CourseError, GradebookError, SandboxError) as error:
            # It would meet the next student too. nbgrader goes on after any Exception, and shows its traceback.
            self.log.error(str(error))
            about = resources["nbgrader"]
            shutil.rmtree(self._format_dest(about["assignment"], about["student"]), ignore_errors=True)
            raise SystemExit(1) from None
        finally:
            self._sanitizing = True
        self.write_single_notebook(output, resources)


class GenerateFeedback(converters.GenerateFeedback):
    """nbgrader's own, but that the name of a folder it has found is not taken for a pattern once more."""

    def init_notebooks(self) -> None:
        wanted = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        folders = [wanted] if Path(wanted).is_dir() else glob.glob(wanted)
        name = f"{self.coursedir.notebook_id}.ipynb"
        found = {folder: glob.glob(name, root_dir=folder) for folder in folders}
        self.assignments = {
            folder: [str(Path(folder, each)) for each in found[folder]] for folder in found if found[folder]
        }
        if not self.assignments:
            super().init_notebooks()  # it says what there is not


class GradeInSandbox(NbGraderPreprocessor):
    """Stands where Execute stood: grades the hand-in in the sandbox, records what it earned, and makes the autograded
    notebook: what the student wrote, each exercise followed by its check, which shows the feedback."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        converter: Autograde = self.parent.parent
        item = converter.hand_ins[resources["nbgrader"]["student"]]
        result = converter.grader.one(item, force=True)
        converter.grader.record([result])
        converter.graded = result
        written = answer_file.as_written(item.folder / result.file) if result.file else []
        return autograded(result, converter.released(item.lesson), written), resources


def points(released: NotebookNode) -> dict[str, float]:
    """What each exercise of a released notebook is worth."""
    found = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader for cell in _marked(released)}
    return {name.removeprefix("check_"): about["points"] for name, about in found.items() if about["grade"]}


def _marked(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


def autograded(result: Result, released: NotebookNode, written: list[Written]) -> NotebookNode:
    """The autograded notebook. What nbgrader knows a cell by comes from the release alone, whatever the student changed."""
    marked = {cell.metadata.nbgrader.grade_id: cell for cell in _marked(released)}
    prose = {cell.source: cell for cell in released.cells if cell.cell_type == "markdown"}
    of_exercise = {each.exercise: each for each in result.exercises}
    answers = {index: name for name in of_exercise if (index := _answer(name, written)) is not None}
    checks = {cell.source for cell in marked.values()}
    cells = _about(result)
    for index, cell in enumerate(written):
        if index in answers:
            cells += _pair(of_exercise.pop(answers[index]), marked, cell.source)
        elif cell.kind == "code" and not (cell.is_check and cell.source in checks):
            cells.append(new_code_cell(_code(cell.source)))
        elif cell.kind != "code":
            cells.append(deepcopy(prose.get(cell.source)) or new_markdown_cell(quoted(cell.source)))
    for missing in of_exercise.values():
        cells += _pair(missing, marked, "")
    for number, made in enumerate(cells):
        made["id"] = f"cell-{number}"
    return new_notebook(cells=cells, metadata=released.metadata)


def _answer(name: str, written: list[Written]) -> int | None:
    """Which cell holds the answer to an exercise: the last that defines it, or else the one that was meant for it."""
    defining = [
        index for index, cell in enumerate(written) if cell.kind == "code" and name in DEFINES.findall(cell.source)
    ]
    meant = [index for index, cell in enumerate(written) if cell.kind == "code" and cell.grade_id == name]
    found = defining or meant
    return found[-1] if found else None


def _pair(of: ExerciseResult, marked: dict[str, NotebookNode], answer: str) -> list[NotebookNode]:
    """The cell of an answer, and that of its check with the feedback below it."""
    solution, check = marked[of.exercise], marked[f"check_{of.exercise}"]
    shown = _shown(html.exercise(of, graded=True), text.plain(of))
    return [
        new_code_cell(_code(answer), metadata=solution.metadata),
        new_code_cell(check.source, metadata=check.metadata, outputs=[shown]),
    ]


def _code(source: str) -> str:
    """A student's code with all of its characters to be seen: some turn the direction of what stands after them."""
    return printable(source.replace("\r\n", "\n"))


def _about(result: Result) -> list[NotebookNode]:
    """A cell with what there is to say of the hand-in itself: notes, what was printed, and how it was run."""
    if not (result.notes or result.printed or result.isolation != "sandbox"):
        return []
    shown = _shown(html.about(result), "\n".join(listed(result.notes)))
    return [new_code_cell(say("about_cell", lesson=result.lesson), outputs=[shown])]


def _shown(page: str, plain: str) -> NotebookNode:
    return new_output("display_data", {"text/html": page, "text/plain": plain})


def publish(found: course.Course, lesson: str, built: dict[str, bytes]) -> None:
    """Give nbgrader the lesson: build its source folder, and register its assignment in the gradebook.

    Raises:
        GradebookError: the gradebook can't be written.
    """
    root = found.exercises.parent
    notebook = f"{lesson}.ipynb"
    source = release.source(found.files(lesson), built[notebook])
    release.write(root / SOURCE / lesson, built | {notebook: source}, replace=True)
    released = nbformat.reads(built[notebook].decode(), as_version=4)
    gradebook.register(root / "gradebook.db", lesson, points(released), released)
