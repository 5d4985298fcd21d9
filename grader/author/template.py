"""Writes a new lesson, or a new exercise into one: small, sound as it is, with comments that say what to change."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Sequence
from pathlib import Path

from grader.errors import CourseError
from grader.whole import write_whole

_OPENING = """\
# This is what students get: prose in `# %% [markdown]` cells, code in `# %%` cells. Change all of it, and delete these
# comments, but keep the `# %%` lines and the two `###` lines in each function: between these stands the solution, which no
# student gets.
# A figure is a PNG in img/ beside solutions/. Name it in the prose, with what it shows for those who can't see it:
#     ![A row of three numbers, and below it the same row with its mean taken away.](../../img/Name-1.png)

# %% [markdown]
# # {title}
#
# Say in a few sentences what this lesson is about, and what students can do when they are through.
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check {lesson}` in a terminal. You may check as often as you like.

# %%
import torch
"""
_HANDOUT = '''
# %% [markdown]
# ## `{name}`
#
# Take the mean of each row away from it, so that what is left has the mean 0.
#
# **Shapes.** `X` is `(n, d)`: n rows of d numbers. The result is `(n, d)` too.
#
# **Example.**
# ```python
# >>> {name}(torch.tensor([[1.0, 2.0, 3.0], [4.0, 4.0, 10.0]]))
# ```
#
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** What is the mean of the row 1, 2, 3, and what is left of each number when you take it away?
#
# **Hint.** A tensor can give you its means along one axis. Rows are `(n, d)`: which axis do you take the mean over?
#
# **Hint.** The means have the shape `(n,)`, and `(n, 1)` is needed to meet the rows. `keepdim=True` keeps the axis.


# %%
def {name}(X):
    """Take the mean of each row away.

    X: (n, d)
    Returns: (n, d)
    """
    ### BEGIN SOLUTION
    return X - X.mean(dim=1, keepdim=True)
    ### END SOLUTION
'''
_FIRST_CHECKS = '''\
"""The checks of {lesson}: students get this file, without the hidden checks."""

from grader import Lesson, normal

lesson = Lesson("{lesson}", number={number}, format={format})
'''
_CHECKS = '''
{name} = lesson.exercise("{name}")


# The default of a parameter says what it is given: here numbers in n rows of d, drawn anew for each student.
# Return what comes out, never whether it is right: the same is asked of the solution, and both are compared.
@{name}.check(points=1)
def {name}_takes_the_mean_away(answer, X=normal("n>=2 d>=2")):
    """Each row has the mean 0 afterwards."""
    return answer.{name}(X)


# Students don't get this one, so an answer that is made to fit the first check alone is not enough.
@{name}.check(points=1, hidden=True)
def {name}_of_any_size(answer, X=normal("n d>=3")):
    """Any number of rows, even a single one."""
    return answer.{name}(X)
'''
_FIRST_MISCONCEPTIONS = '''\
"""Wrong answers that students of {lesson} give, and what each of them should read."""
'''
_MISCONCEPTIONS = '''
# A slip is the solution with a piece of it changed, and what is said to those who wrote that.
{name}.slip(
    "dim=1",
    "dim=0",
    name="{name}_of_each_column",
    says="You took the mean of each column. Which axis of `(n, d)` do you go along to stay in one row?",
)


# A function stands in the place of the exercise. Its docstring is what is said.
@{name}.misconception
def {name}_of_all_numbers(X):
    """You took one mean of all numbers. Each row has a mean of its own."""
    return X - X.mean()
'''


def new_lesson(solutions: Path, lesson: str, exercises: Sequence[str], number: int, format: int) -> list[Path]:
    """Write a lesson; the files that were written.

    Args:
        solutions: the folder of all lessons' sources, made where it is missing.
        exercises: their names; one that is called as the lesson where there are none.
        number: its place in the course.
        format: the version of the language that it is written in.

    Raises:
        CourseError: a name can't be used, or the lesson exists.
    """
    names = exercises or [lesson]
    for name in (lesson, *names):
        _require_name(name)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise CourseError(f"Two exercises can't both be called {twice}.")
    folder = solutions / lesson
    if folder.exists():
        raise CourseError(f"solutions/{lesson} is there already. To add an exercise to it, run: grader new {lesson}/NAME")
    about = {"lesson": lesson, "title": lesson.replace("_", " ").capitalize(), "number": number, "format": format}
    texts = {
        "lesson.py": _OPENING.format(**about),
        "checks.py": _FIRST_CHECKS.format(**about),
        "misconceptions.py": _FIRST_MISCONCEPTIONS.format(**about),
    }
    for name in names:
        texts = _with_exercise(texts, name)
    return _written(folder, texts)


def new_exercise(folder: Path, name: str) -> list[Path]:
    """Write one more exercise at the end of a lesson's files; the files that were changed.

    Raises:
        CourseError: the name can't be used, or something of this name is in the lesson.
    """
    _require_name(name)
    texts = {file: _text(folder / file) for file in ("lesson.py", "checks.py")}
    there = folder / "misconceptions.py"
    texts[there.name] = _text(there) if there.exists() else _FIRST_MISCONCEPTIONS.format(lesson=folder.name)
    for file, text in texts.items():
        if name in _defined(text, f"solutions/{folder.name}/{file}"):
            raise CourseError(f"solutions/{folder.name}/{file} has something called {name} already. Choose another name.")
    if "lesson" not in _defined(texts["checks.py"], f"solutions/{folder.name}/checks.py"):
        raise CourseError(f"solutions/{folder.name}/checks.py has to bind the name `lesson` to a Lesson.")
    return _written(folder, _with_exercise(texts, name))


def _with_exercise(texts: dict[str, str], name: str) -> dict[str, str]:
    """The files of a lesson with one more exercise at the end."""
    wanted = {
        "lesson.py": ("import torch", "torch", _HANDOUT),
        "checks.py": ("from grader import normal", "normal", _CHECKS),
        "misconceptions.py": (f"from checks import {name}", name, _MISCONCEPTIONS),
    }
    return {
        file: _importing(texts[file], statement, bound).rstrip("\n") + "\n\n" + code.format(name=name)
        for file, (statement, bound, code) in wanted.items()
    }


def _importing(text: str, statement: str, bound: str) -> str:
    """A file with one more import among its others, or below its docstring; the same where the name is bound."""
    body = ast.parse(text).body
    if bound in _bound(body):
        return text
    imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
    docstring = body[:1] if body and isinstance(body[0], ast.Expr) else []
    after = (imports or docstring)[-1:]
    lines = text.split("\n")
    module, _, name = statement.removeprefix("from ").partition(" import ")
    for node in imports:
        if isinstance(node, ast.ImportFrom) and node.module == module and node.lineno == node.end_lineno:
            lines[node.lineno - 1] = f"from {module} import {', '.join(sorted([*map(ast.unparse, node.names), name]))}"
            return "\n".join(lines)
    at = (after[0].end_lineno or 0) if after else 0
    lines[at:at] = [statement] if imports else ["", statement]
    return "\n".join(lines)


def _bound(body: Sequence[ast.stmt]) -> set[str]:
    """The names that a file's statements bind."""
    found = {getattr(node, "name", "") for node in body}
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {item.asname or item.name.partition(".")[0] for item in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            found |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return found - {""}


def _defined(text: str, path: str) -> set[str]:
    try:
        return _bound(ast.parse(text).body)
    except SyntaxError as error:
        raise CourseError(f"{path}, line {error.lineno}: {error.msg}. Mend that first.") from None


def _require_name(name: str) -> None:
    if not (name.isidentifier() and name.isascii()) or keyword.iskeyword(name):
        raise CourseError(
            f"{name!r} can't be used: a name is made of letters from a to z, digits and _, and begins with a letter."
        )
    if name in ("torch", "normal", "Lesson", "lesson", "checks", "grader", "answer", "X"):
        raise CourseError(f"{name!r} can't be used: a lesson's own files use this name. Choose another.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError(f"solutions/{path.parent.name}/{path.name} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CourseError(f"solutions/{path.parent.name}/{path.name} is not UTF-8. Save the file as UTF-8.") from None


def _written(folder: Path, texts: dict[str, str]) -> list[Path]:
    for file, text in texts.items():
        write_whole(folder / file, text.encode())
    return [folder / file for file in texts]
