"""A lesson's misconceptions as text: what a student who makes the mistake would hand in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from grader.edits import Edit, edited
from grader.errors import CourseError
from grader.files.source import LessonFiles

REFERENCE = "reference"
"""The name by which a misconception calls the reference."""


def as_handed_in(files: LessonFiles) -> dict[str, tuple[str, str]]:
    """The misconceptions of a lesson as students would write them: by name the exercise, and the text under the exercise's
    name, with what it needs of the file above it. One that calls the reference has it there, in a module of its own."""
    exercises, above = exercises_of(files), module(files.references)
    body = ast.parse(files.misconceptions).body
    helpers = {name: text for node in body for name, text in _helper(node, files.misconceptions)}
    found: dict[str, tuple[str, str]] = {}
    for node in body:
        if slip := _slip(node, files.place):
            variable, name, made = slip
            exercise = exercises.get(variable, variable)
            found[name] = exercise, edited(files.references[exercise], made)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (corrected := _corrects(node)):
            segment = ast.get_source_segment(files.misconceptions, node) or ""
            exercise = exercises.get(corrected, corrected)
            parts = [*_needed(segment, helpers), re.sub(rf"\b{node.name}\b", exercise, segment)]
            if re.search(rf"\b{REFERENCE}\.", "\n".join(parts)):
                parts.insert(0, above)
            found[node.name] = exercise, "\n\n".join(parts)
    return found


def slips(files: LessonFiles) -> dict[str, tuple[str, tuple[Edit, ...]]]:
    """The misconceptions that are edits of the reference: by name the exercise and the edits."""
    exercises = exercises_of(files)
    found = filter(None, (_slip(node, files.place) for node in ast.parse(files.misconceptions).body))
    return {name: (exercises.get(variable, variable), made) for variable, name, made in found}


def code(files: LessonFiles) -> list[str]:
    """The code of all misconceptions, without the sentences that students read."""
    texts = [edited(files.references[exercise], made) for exercise, made in slips(files).values()]
    lines = files.misconceptions.split("\n")
    for node in ast.parse(files.misconceptions).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) or _slip(node, files.place):
            continue
        said = _docstring(node)
        hidden = range(said.lineno, (said.end_lineno or 0) + 1) if said else ()
        texts.append("\n".join(lines[at - 1] for at in range(node.lineno, (node.end_lineno or 0) + 1) if at not in hidden))
    return texts


def exercises_of(files: LessonFiles) -> dict[str, str]:
    """The exercises by the variables that `checks.py` keeps them in."""
    found = {}
    for node in ast.parse(files.checks).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func).endswith(".exercise")
            and isinstance(node.value.args[0], ast.Constant)
        ):
            found[node.targets[0].id] = str(node.value.args[0].value)
    return found


def _slip(node: ast.stmt, place: str) -> tuple[str, str, tuple[Edit, ...]] | None:
    """Of a statement that declares a slip: the variable of its exercise, its name, and its edits."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "slip"):
        return None
    try:
        was, now, *more = map(ast.literal_eval, call.args)
        name = next(ast.literal_eval(item.value) for item in call.keywords if item.arg == "name")
    except (ValueError, StopIteration):
        raise CourseError(
            f"{place}/misconceptions.py, line {node.lineno}: a slip is read without running the file. Write its edits and "
            "its name out, in quotes."
        ) from None
    return ast.unparse(call.func.value), name, ((was, now), *more)


def _corrects(node: ast.FunctionDef | ast.ClassDef) -> str | None:
    """The variable of the exercise of which a function or a class is a misconception."""
    for item in node.decorator_list:
        if isinstance(item, ast.Attribute) and item.attr == "misconception":
            return ast.unparse(item.value)
    return None


def _helper(node: ast.stmt, text: str) -> Iterator[tuple[str, str]]:
    """What a statement defines for misconceptions to use, by name."""
    segment = ast.get_source_segment(text, node) or ""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        if getattr(node, "module", node.names[0].name) not in ("checks", "lesson"):
            yield from (((item.asname or item.name).partition(".")[0], segment) for item in node.names)
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.decorator_list:
        yield node.name, segment
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        yield node.targets[0].id, segment


def _docstring(node: ast.stmt) -> ast.stmt | None:
    first = node.body[0] if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else None
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return first if said else None


def module(references: Mapping[str, str]) -> str:
    """Code that makes a module of the references, which find each other there, whatever stands in the student's file."""
    source = "\n\n\n".join(edited(text, ()) for text in references.values())
    return (
        f"import types\n\n{REFERENCE} = types.ModuleType({REFERENCE!r})\n"
        f"{REFERENCE}.__dict__.update(globals())\nexec({source!r}, {REFERENCE}.__dict__)"
    )


def _needed(segment: str, helpers: dict[str, str]) -> list[str]:
    """The helpers that a piece of code names, and those that these name, in the order of the file."""
    names, before = {node.id for node in ast.walk(ast.parse(segment)) if isinstance(node, ast.Name)}, set[str]()
    while names != before:
        before = names
        used = [ast.parse(helpers[name]) for name in names if name in helpers]
        names = names | {node.id for tree in used for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return list(dict.fromkeys(code for name, code in helpers.items() if name in names))
