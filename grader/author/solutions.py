"""The solutions that a release may show once an exercise is right: the reference, and other ways to write it."""

from __future__ import annotations

import ast
import re

from grader.author.expectations import blamed_on, observe, run_cells, talk
from grader.author.mistakes import exercises_of
from grader.edits import edited
from grader.errors import CourseError
from grader.exercise import Solution, Way
from grader.files.source import LessonFiles
from grader.judge.key import Key, seed_of
from grader.judge.verdict import judge
from grader.sandbox.client import Client, Described
from grader.sandbox.session import Worker

_ALLOWS = re.compile(r"\bsolution\s*=")


def solutions(files: LessonFiles, worker: Worker, key: Key, *, self_study: bool) -> dict[str, Solution]:
    """The solutions of the exercises that allow it, or in a release for self-study of all.

    Raises:
        CourseError: another way is not right.
    """
    if not (self_study or _ALLOWS.search(files.checks)):
        return {}
    with talk(worker) as client:
        run_cells(client, files)
        full = client.load(**files.declarations)
        shown = [name for name in full.exercises if self_study or name in full.solutions]
        for name, exercise in full.ways.items():
            if exercise in shown:
                _prove(files, client, full, key, name, exercise)
    written = _written(files)
    return {
        name: Solution(
            _without_docstrings(edited(files.references[name], ())),
            [Way(*written[way]) for way, exercise in full.ways.items() if exercise == name],
        )
        for name in shown
    }


def _prove(files: LessonFiles, client: Client, full: Described, key: Key, name: str, exercise: str) -> None:
    """Raise where another way does not pass a check of its exercise, be it hidden."""
    for check in full.checks:
        if check.exercise != exercise or check.at_least is not None:
            continue
        with blamed_on(files.where(name)):
            seed = seed_of(check, key.seed)
            verdict = judge(check, observe(client, check.name, seed), observe(client, check.name, seed, answer=name))
        if not verdict.passed:
            raise CourseError(f"{files.where(name)}: the way {name} does not pass the check {check.name}. {verdict.message}")


def _written(files: LessonFiles) -> dict[str, tuple[str, str]]:
    """The other ways of a lesson: what each is better for, and its text under the name of its exercise."""
    found = {}
    exercises = exercises_of(files)
    for node in ast.parse(files.misconceptions or "").body:
        for item in node.decorator_list if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else []:
            if isinstance(item, ast.Attribute) and item.attr == "way":
                assert isinstance(node, (ast.FunctionDef, ast.ClassDef))
                text = ast.get_source_segment(files.misconceptions, node) or ""
                exercise = exercises.get(ast.unparse(item.value), ast.unparse(item.value))
                says = " ".join((ast.get_docstring(node) or "").split())
                found[node.name] = says, _without_docstrings(re.sub(rf"\b{node.name}\b", exercise, text))
    return found


def _without_docstrings(text: str) -> str:
    """Code without what it says of itself: a student has read the statement."""
    lines = text.strip("\n").split("\n")
    hidden: set[int] = set()
    for node in ast.walk(ast.parse(text.strip("\n"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) and len(node.body) > 1:
            hidden |= set(range(node.body[0].lineno - 1, node.body[0].end_lineno or 0))
            if isinstance(node, ast.ClassDef) and not lines[node.body[0].end_lineno or 0].strip():
                hidden.add(node.body[0].end_lineno or 0)
    return "\n".join(line for number, line in enumerate(lines) if number not in hidden)
