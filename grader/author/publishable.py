"""What has to hold before a lesson may be given out: each exercise hides its solution, the reference runs, nothing leaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from grader.author import mistakes
from grader.checks import NUMPY
from grader.exercise import Solution
from grader.files import percent
from grader.files.names import DATA, JSON_NAME
from grader.files.source import SOLUTION, LessonFiles, declared
from grader.judge.compare import uncompared
from grader.judge.key import Key
from grader.judge.observation import Plain
from grader.judge.verdict import SLACK, main_cases

LINE_AT_LEAST = 12
"""Characters from which on a line of a solution is telling: `return Y` is not."""


def names(files: LessonFiles, key: Key) -> list[str]:
    """A lesson that is not called as its folder, exercises without a solution that can be taken out, and solutions that
    belong to no exercise."""
    exercises = [exercise.name for exercise in key.exercises]
    hiding = [(cell.exercise, cell.line) for cell in files.cells if SOLUTION.search(cell.source + "\n")]
    called = declared(files.checks).get("name", files.name)
    problems = [
        f"{files.place}/checks.py: the lesson is called {called!r} there, and its folder {files.name}. Write "
        f'Lesson("{files.name}", …).'
    ] * (called != files.name)
    problems += [
        f"{files.place}/lesson.py, line {line}: a cell with a solution defines {name}, which checks.py does not declare as "
        "an exercise."
        for name, line in hiding
        if name not in exercises
    ]
    defined = [name for name, _ in hiding]
    problems += _questions(files, [item.name for item in key.written])
    return problems + [
        f"{files.place}/lesson.py: the exercise {name} has to be defined by one cell, with its solution between "
        f"`### BEGIN SOLUTION` and `### END SOLUTION`. {'No cell does' if not defined.count(name) else 'Two cells do'}."
        for name in exercises
        if defined.count(name) != 1
    ]


def _questions(files: LessonFiles, declared: list[str]) -> list[str]:
    """Answers in words without a cell or a question, and cells with a name that are none: what they say would be shown."""
    named = [(cell, before) for before, cell in pairwise([None, *files.cells]) if cell and cell.name]
    problems = [
        f"{files.place}/lesson.py, line {cell.line}: the cell of prose above this line is called {cell.name}, and checks.py "
        f'declares no such answer. Write `lesson.written("{cell.name}", points=1)` there, or take the name away.'
        for cell, _ in named
        if cell.name not in declared
    ]
    problems += [
        f"{files.place}/lesson.py, line {cell.line}: above the cell {cell.name} there is no cell of prose that asks for it."
        for cell, before in named
        if before is None or before.kind != "markdown" or before.name
    ]
    has = [cell.name for cell, _ in named]
    return problems + [
        f"{files.place}/lesson.py: the written answer {name} needs one cell, `# %% {name} [markdown]`, below its question. "
        f"There {'is none' if not has.count(name) else 'are two'}."
        for name in declared
        if has.count(name) != 1
    ]


def reference(files: LessonFiles, key: Key) -> list[str]:
    """Cases on which the reference raises, where that is not declared to be the right answer, or gives what can't be
    compared; checks of errors on none of whose cases there is one."""
    problems = []
    for check in key.checks:
        if check.given:
            continue  # learned, not compared: whether the reference learns enough is seen when it is graded
        who = f"{files.where(check.name)}: {check.name}"
        seen_here = main_cases(key.expected[check.name])
        if check.raises and not any(seen.error for seen in seen_here):
            problems.append(f"{who}: the reference raises no {check.raises} on any case.")
        for seen in seen_here:
            if seen.error and seen.error.type != check.raises:
                problems.append(
                    f"{who}: the reference raises {seen.error.type}: {seen.error.message} on its {seen.kind} case."
                )
            if kind := uncompared(seen.value):
                problems.append(f"{who} gives a {kind}, of which only the type is compared. Give back what is in it.")
        if all(isinstance(seen.value, Plain) and seen.value.type == "NoneType" for seen in seen_here):
            problems.append(f"{who} returns nothing, so nothing is compared. Is its `return` missing?")
    return problems


def declarations(files: LessonFiles, key: Key) -> list[str]:
    """Exercises that a student could not tell to be right, operations that there are not, and checks that are vectorized and
    have a reference that is not."""
    import torch

    problems = []
    for exercise in key.exercises:
        checks = key.checks_of(exercise.name)
        if files.is_optional(exercise.name):
            if exercise.points:
                problems.append(
                    f"{files.place}/checks.py: {exercise.name} is optional, and its checks are worth {exercise.points:g} "
                    "points. Give each of them points=0, or delete `Optional.` in lesson.py."
                )
        elif not any(check.points for check in checks if not check.hidden):
            problems.append(
                f"{files.place}/checks.py: {exercise.name} has no public check with points: a student could not tell "
                "whether it is right."
            )
        if len(exercise.hints) != 3:
            problems.append(
                f"{files.place}/lesson.py: {exercise.name} has {len(exercise.hints)} hints; it needs three, each a step "
                "further."
            )
    for check in key.checks:
        problems += [
            f"{files.where(check.name)}: {check.name} forbids {name!r}, which is no operation of PyTorch's ATen."
            for name in check.forbids
            if name != NUMPY and not hasattr(torch.ops.aten, name)
        ]
        counts = {seen.kind: sum((seen.operations or {}).values()) for seen in key.expected[check.name]}
        if check.vectorized and counts.get("large", 0) > counts.get("small", 0) + SLACK:
            problems.append(
                f"{files.where(check.name)}: {check.name} is vectorized, and the reference's operations grow in number "
                "with the sizes."
            )
    return problems


def leaks(
    files: LessonFiles,
    built: dict[str, bytes],
    shown: Mapping[str, Solution] | None = None,
    stand_ins: Mapping[str, str] | None = None,
) -> list[str]:
    """Lines of a reference body, a hidden check or a misconception that stand in a file of the release. What a hidden
    check or a misconception has in common with the public text is no secret.

    Args:
        shown: the solutions that the answer key carries, and nothing else, and `stand_ins` those for follow-through.
    """
    secret = {
        "a reference body": [match["body"] for match in SOLUTION.finditer(files.handout)],
        "a hidden check": files.cut.pieces,
        "a misconception": mistakes.code(files),
        "a good answer": [cell.source for cell in files.cells if cell.name],
    }
    texts = {
        name: "\n".join(_texts(json.loads(data))) if name.endswith((".json", ".ipynb")) else data.decode("utf-8", "replace")
        for name, data in built.items()
        if not name.endswith(".safetensors") and name.removeprefix(f"{DATA}/") not in files.data
    }
    given = "\n".join(code for item in (shown or {}).values() for code in (item.code, *(way.code for way in item.ways)))
    given += "\n".join((stand_ins or {}).values())
    shared = SOLUTION.sub("", percent.emptied(files.handout, "")) + files.public_checks
    problems = [
        f"{name} holds the marker {marker}: it has to stand alone on its line, and each BEGIN needs its END."
        for name, text in texts.items()
        for marker in ("BEGIN SOLUTION", "END SOLUTION")
        if marker in text
    ]
    for what, bodies in secret.items():
        for line in sorted({line.strip() for body in bodies for line in body.splitlines()}):
            if _telling(line) and (what == "a reference body" or line not in shared):
                problems += [
                    f"{name} holds a line of {what}: {line}"
                    for name, text in texts.items()
                    if line in text and not (name == JSON_NAME and line in given)
                ]
    for check in re.findall(r"^[ \t]*def (\w+)", "\n".join(secret["a hidden check"]), re.MULTILINE):
        if len(check) >= LINE_AT_LEAST and not re.search(rf"\b{check}\b", shared):
            problems += [
                f"{name} names the hidden check {check}." for name, text in texts.items() if re.search(rf"\b{check}\b", text)
            ]
    return problems


def _texts(tree: object) -> Iterator[str]:
    """All texts in what was read from JSON, names too."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for name, item in tree.items():
            yield name
            yield from _texts(item)
    elif isinstance(tree, list):
        for item in tree:
            yield from _texts(item)


def _telling(line: str) -> bool:
    """Whether a line gives something away. What a misconception says is meant to be read, and so it is in the key."""
    return len(line) >= LINE_AT_LEAST and not line.startswith(("### ", "@", "#", "says=", '"', "def ", "class ", "super()."))
