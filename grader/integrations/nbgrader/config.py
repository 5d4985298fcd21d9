"""What a course's `nbgrader_config.py` sets, and what nbgrader is told of a release."""

from __future__ import annotations

from typing import Any

import nbformat
from nbgrader import apps, converters
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata, ClearSolutions

from grader.author import release
from grader.classroom import configured, gradebook
from grader.files import course, submission
from grader.files.translated import translated
from grader.integrations.nbgrader.converter import GenerateFeedback, KitAutograde
from grader.integrations.nbgrader.notebook import points
from grader.integrations.nbgrader.steps import GradeInSandbox, WriteStubs
from grader.language import ENGLISH

SOURCE = "build/source"
"""Where the source notebooks are built, below the course's folder; those in another language lie beside it."""


def configure(config: Any) -> list[str]:
    """Set up nbgrader for a course of this kit: `configure(get_config())` is all that `nbgrader_config.py` holds.

    nbgrader can be told its preprocessors, but not another converter. The two places that name a converter, its command
    and its server, are given those below: hand-ins without a readable notebook would else get no row and no grade, and
    students with a bracket in their names no feedback.

    Returns what it has set, a sentence each, with what stood there before: `print(*configure(c), sep="\\n")` in a course
    that was there first. What was set for grading before is kept for its other assignments.
    """
    steps = converters.GenerateAssignment.preprocessors.default()
    ours = {
        ("CourseDirectory", "source_directory"): SOURCE,
        ("CourseDirectory", "release_directory"): "exercises",
        ("FileNameCollectorPlugin", "valid_ext"): list(submission.SUFFIXES),
        ("GenerateAssignment", "preprocessors"): [_named(WriteStubs if step is ClearSolutions else step) for step in steps],
        ("Autograde", "autograde_preprocessors"): [*map(_named, (GradeInSandbox, AssignLatePenalties, CheckCellMetadata))],
    }
    said = []
    for (section, name), value in ours.items():
        before = config[section].get(name)
        if section == "Autograde" and before and before != value:
            config.KitAutograde.other_preprocessors = before
        config[section][name] = value
        if before != value:
            said.append(f"c.{section}.{name} = {value!r}" + (f", before {before!r}" if before else ""))
    apps.autogradeapp.Autograde = apps.api.Autograde = KitAutograde
    apps.generatefeedbackapp.GenerateFeedback = apps.api.GenerateFeedback = GenerateFeedback
    return [*said, "nbgrader autograde and generate_feedback run the kit's own steps, as does formgrader."]


def _named(step: type) -> str:
    """A class by its name, for a configuration that nbgrader's server sends to its pages as JSON."""
    return f"{step.__module__}.{step.__qualname__}"


def publish(found: course.Course, lesson: str, built: dict[str, bytes], language: str = ENGLISH) -> None:
    """Give nbgrader the lesson: build its source folder, and register its assignment in the gradebook, which is one in all
    languages.

    Raises:
        GradebookError: the gradebook can't be written.
    """
    root = found.exercises.parent
    notebook = f"{lesson}.ipynb"
    files = found.files(lesson)
    if language != ENGLISH:
        source = release.source(translated(files, language), built[notebook])
        release.write(root / f"{SOURCE}_{language}" / lesson, built | {notebook: source}, replace=True)
        return
    source = release.source(files, built[notebook])
    release.write(root / SOURCE / lesson, built | {notebook: source}, replace=True)
    released = nbformat.reads(built[notebook].decode(), as_version=4)
    gradebook.register(configured.book(root) or root / "gradebook.db", lesson, points(released), released)
