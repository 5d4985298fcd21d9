"""Makes a package of an instructor's own course: a wheel of what students get, which `grader start` finds."""

from __future__ import annotations

import re
import shutil
import time
from contextlib import chdir, suppress
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.author.opening import KIT
from grader.errors import CourseError
from grader.files.course import INSTALLED, Course, in_all_languages
from grader.files.names import DATA
from grader.files.outline import outline

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "{version}"
description = "Exercises in PyTorch, for the command `grader`."
dependencies = ["{kit}>={kit_version}"]

[project.entry-points."{group}"]
"{name}" = "{module}"

[tool.hatch.build]
ignore-vcs = true
only-include = ["{module}"]
"""


def package(course: Course, name: str, out: Path, *, self_study: bool = False) -> Path:
    """Build `out/<name>-<date>-py3-none-any.whl` of the course's release; its path.

    It holds the files of a release and the figures that they name, nothing else that lies there. A wheel that is made later
    has a later version, so that `pip install --upgrade` takes it.

    Args:
        self_study: the release may be one for self-study, which holds the solutions.

    Raises:
        CourseError: the name can't be a package's or is another's, a lesson is not released, or it is for self-study and
            nobody said so.
    """
    _allow(name)
    from hatchling.build import build_wheel  # only an instructor has it

    module = "torch_exercises_" + re.sub(r"[-_.]+", "_", name).lower()
    with TemporaryDirectory() as work:
        home = Path(work, module)
        for lesson in course.lessons():
            if outline(course.exercises / lesson).self_study and not self_study:
                raise CourseError(
                    f"exercises/{lesson} is a release for self-study: it holds the solutions. Run grader release to build "
                    "one without them, or package it with --self-study."
                )
            _copy(course, lesson, home)
        for folder in in_all_languages(course.exercises)[1:]:
            for lesson in Course(folder).lessons():
                _copy(Course(folder), lesson, home)
        (home / "__init__.py").write_text('"""Lessons, as students get them."""\n', encoding="utf-8")
        text = _PROJECT.format(
            name=name, version=time.strftime("%Y.%m.%d.%H%M", time.gmtime()), kit=KIT, kit_version=version(KIT),
            group=INSTALLED, module=module,
        )  # fmt: skip
        Path(work, "pyproject.toml").write_text(text, encoding="utf-8")
        out.mkdir(parents=True, exist_ok=True)
        target = out.resolve()
        with chdir(work):
            built: str = build_wheel(str(target))
    return out / built


def _allow(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", name):
        raise CourseError(
            f"A package can't be called {name!r}: letters from A to Z, digits, and hyphens between them are allowed. "
            "Choose another name with --name."
        )
    with suppress(PackageNotFoundError):
        if not any(item.group == INSTALLED for item in distribution(name).entry_points):
            raise CourseError(
                f"{name} is the name of another package, which yours would replace where it is installed. "
                "Choose another name with --name."
            )


def _copy(course: Course, lesson: str, home: Path) -> None:
    """Copy a lesson's release and its figures to where `course.installed` looks for them."""
    files, folder = course.released(lesson), course.exercises.name
    if len(files) < 5:
        raise CourseError(f"{folder}/{lesson} is not whole. Run grader release {lesson}, then try again.")
    for file in files:
        target = home / folder / lesson
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target / file.name)
    for file in course.data(lesson):
        target = home / folder / lesson / DATA
        target.mkdir(exist_ok=True)
        shutil.copyfile(file, target / file.name)
    for file in course.figures(lesson):
        (home / "img").mkdir(exist_ok=True)
        shutil.copyfile(file, home / "img" / file.name)
