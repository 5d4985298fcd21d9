"""Whether the folder that was named is that of a class, or which one was probably meant."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import partial
from os.path import isdir  # unlike that of Path, it raises nothing where nothing may be read
from pathlib import Path

from grader.classroom.folders import answers, is_of_a_student, subfolders
from grader.errors import CourseError
from grader.files import names
from grader.files.course import Course
from grader.messages import together, told
from grader.report.printable import printable

MADE = {names.OWN_FOLDER, "feedback", "autograded"}
"""What grading makes beside `submitted/`, this program or nbgrader."""


def see_level(submitted: Path, course: Course, known: Sequence[str]) -> None:
    """See that a folder is that of a class, `<student>/<lesson>/` below it, as far as that can be told.

    Raises:
        CourseError: it is a student's, a lesson's, the course's or one that holds a class; the message says which command
            was probably meant.
    """
    here = submitted.resolve()
    own = [course.exercises.resolve()] + ([course.solutions.resolve()] if course.solutions else [])
    if any(here == folder or folder in here.parents for folder in own) or any(here.glob("*/misconceptions.py")):
        raise CourseError(
            told(
                "{folder} belongs to the course itself. Name the folder that holds what students handed in.",
                folder=submitted,
            )
        )
    made = next((folder for folder in (here, here.parent) if folder.name in MADE), None)
    if made and isdir(made.parent / "submitted"):
        raise _meant(
            told("{folder} holds what grading made, not what was handed in.", folder=submitted),
            _shown(made.parent / "submitted"),
        )
    if below := _class_below(submitted, here, own, known):
        raise _meant(told("{folder} is one folder too high.", folder=submitted), below)
    if any(is_of_a_student(item, known) for item in subfolders(submitted) if not names.lesson_of(item.name, known)):
        return
    lessons = [item for item in subfolders(submitted) if names.lesson_of(item.name, known)]
    loose = [item for item in answers(submitted) if names.lesson_of_file(item.name, known)]
    layout = partial(
        told, "The layout is {folder}/<student>/<lesson>/, such as {example}.", folder=submitted.name or here.name
    )
    if any(subfolders(item) and not answers(item) for item in lessons):
        swapped = next(item for item in lessons if subfolders(item))
        lesson, student = (printable(names.as_told(item.name)) for item in (swapped, subfolders(swapped)[0]))
        swap = told(
            "In {folder} the folders of students and lessons are swapped: it holds {found}.",
            folder=submitted,
            found=f"{lesson}/{student}/",
        )
        raise CourseError(together(swap, layout(example=f"{student}/{lesson}/")))
    if (lessons or loose) and here.name.casefold() == "submitted":
        what = printable(names.as_told((lessons or loose)[0].name))
        loose_ones = told("{folder} holds {what}, but no folder of a student.", folder=submitted, what=what)
        raise CourseError(together(loose_ones, layout(example=f"ada/{known[0]}/")))
    if lessons or loose:
        one = here.parent if not lessons and names.lesson_of(here.name, known) else here
        problem = told("{folder} is the folder of one student, not of a class.", folder=submitted)
        raise _meant(problem, _shown(one.parent), "--student", one.name)


def _class_below(submitted: Path, here: Path, own: list[Path], known: Sequence[str]) -> Path | None:
    """The folder of a class below one that is not."""
    direct = submitted / "submitted"
    if isdir(direct) and not is_of_a_student(direct, known):
        return direct
    if here in {folder.parent for folder in own}:
        return direct  # the course's own folder, where the class would be
    folders = [item for item in subfolders(submitted) if not names.lesson_of(item.name, known)]
    if any(is_of_a_student(item, known) for item in folders):
        return None
    for item in folders:
        below = item / "submitted"
        if isdir(below) and not is_of_a_student(below, known):
            return below
        if sum(is_of_a_student(each, known) for each in subfolders(item)) > 1:
            return item
    return None


def _shown(folder: Path) -> Path:
    """A folder as it is named from here."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def _meant(problem: str, folder: Path, *options: str) -> CourseError:
    command = shlex.join(["grader", "autograde", str(folder), *options])
    return CourseError(printable(together(problem, told("Did you mean this? {command}", command=command))))
