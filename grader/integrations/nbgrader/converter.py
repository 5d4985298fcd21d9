"""What stands in the place of nbgrader's converters: its command and its server run these."""

from __future__ import annotations

import glob
import shutil
from functools import cached_property, partial
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader import converters
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import rmtree
from traitlets import Bool, Enum, List

from grader.classroom import grade, gradebook, times
from grader.classroom.database import GradebookError, named
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.errors import CourseError, SandboxError
from grader.files import course, submission
from grader.integrations.nbgrader.notebook import points
from grader.judge.result import Isolation, Result
from grader.messages import told
from grader.sandbox.workers import start

LAYOUT = str(Path("{nbgrader_step}", "{student_id}", "{assignment_id}"))


class KitAutograde(converters.Autograde):
    """nbgrader's own, but for what it takes for a hand-in: every folder of a student, whatever lies in it. Nothing of it is
    copied, so no link in it is followed. Assignments that are not lessons of the kit are graded by nbgrader itself, where
    the configuration says so."""

    isolation = Enum(
        ["sandbox", "process"], "sandbox", help="'process' grades without a sandbox, and every report says so."
    ).tag(config=True)
    show_hidden = Bool(False, help="Show what hidden checks found, their inputs too.").tag(config=True)
    others = Enum(
        ["refuse", "nbgrader"], "refuse",
        help="What becomes of assignments that are not lessons of the kit: 'nbgrader' grades them as it always did, their "
        "code in a kernel without a sandbox.",
    ).tag(config=True)  # fmt: skip
    other_preprocessors = List(
        converters.Autograde.autograde_preprocessors.default(), help="What such an assignment is graded by."
    ).tag(config=True)
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
        asked = self.coursedir.assignment_id
        lessons = course.find(Path(self.coursedir.root)).lessons()
        if asked not in lessons and self.others == "nbgrader":
            plain = converters.Autograde(coursedir=self.coursedir, parent=self.parent)
            plain.autograde_preprocessors = self.other_preprocessors
            plain.start()
            return
        if asked not in lessons:
            raise CourseError(
                told(
                    "There is no lesson called {asked}. The lessons are {lessons}. If this is another assignment, set "
                    'c.KitAutograde.others = "nbgrader" in nbgrader_config.py: nbgrader then grades it as it always did.',
                    asked=asked,
                    lessons=", ".join(lessons),
                )
            )
        known = asked
        gradebook.register(self.grader.room.gradebook, known, *self._registered(known))
        self.grader.pool.worker()  # where there is no sandbox, that is said once and not for every student
        super().start()

    @cached_property
    def grader(self) -> grade.Grader:
        """What grades the hand-ins of this course, as `grader autograde` does."""
        if self.coursedir.directory_structure != LAYOUT:
            raise CourseError(
                told("Lessons are graded in nbgrader's own layout only, {layout}: unset directory_structure.", layout=LAYOUT)
            )
        root = Path(self.coursedir.root)
        where = Classroom(root / self.coursedir.submitted_directory, named(self.coursedir.db_url, root))
        isolation: Isolation = "process" if self.isolation == "process" else "sandbox"
        return grade.Grader(
            where,
            course.find(root),
            partial(start, isolation),
            isolation,
            show_hidden=self.show_hidden,
            assigns_penalties=False,
        )

    def released(self, lesson: str) -> NotebookNode:
        """The lesson's notebook as students got it."""
        path = self.grader.course.exercises / lesson / f"{lesson}.ipynb"
        if not path.is_file():
            raise CourseError(told("{path} is not there. Run grader release first.", path=path))
        return nbformat.read(path, as_version=4)

    def _registered(self, lesson: str) -> tuple[dict[str, float], NotebookNode]:
        released = self.released(lesson)
        return points(released), released

    def init_notebooks(self) -> None:
        lesson = self.coursedir.assignment_id
        found = hand_ins(self.grader.room, self.grader.course, [lesson], [self.coursedir.student_id])
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
        self.assignments = {folder: [str(Path(folder, each)) for each in found[folder]] for folder in found if found[folder]}
        if not self.assignments:
            super().init_notebooks()  # it says what there is not
