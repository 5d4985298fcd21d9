"""The texts of the course: each exercise says what of PyTorch is allowed, links lead somewhere, docstrings fit."""

import ast
import re
import runpy
from itertools import pairwise
from pathlib import Path

import pytest

from grader.files import course
from grader.lesson import declare

ROOT = Path(__file__).parents[2]
COURSE = course.find(ROOT)
LESSONS = COURSE.lessons()
STUB_WIDTH = 80
"""Columns: what a notebook beside a file browser shows without scrolling."""
PYTORCH = "https://docs.pytorch.org/docs/stable/"
PREDICTED = {"prediction_errors", "joined_shape", "gradients_in_turn", "conv_output_size"}
"""Exercises that ask for a guess before code."""


def handout(lesson):
    return (ROOT / "solutions" / lesson / "lesson.py").read_text(encoding="utf-8")


def statements(lesson):
    """The prose of each exercise, by its name, without the signs that make it a comment."""
    prose = re.sub(r"^# ?", "", handout(lesson), flags=re.MULTILINE)
    parts = re.split(r"^## Exercise \d+: `(\w+)`$", prose, flags=re.MULTILINE)
    return {name: text[: text.index("**Difficulty.**")] for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def forbidding(lesson):
    """The exercises with a check that forbids operations, as their author declares them."""
    declared = declared_in(lesson)
    return {check.exercise for check in declared.checks.values() if check.forbids}


def declared_in(lesson):
    names = runpy.run_path(str(ROOT / "solutions" / lesson / "checks.py"))
    (found,) = [value for value in names.values() if isinstance(value, declare.Lesson)]
    return found


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_says_which_of_pytorchs_own_functions_are_allowed(lesson):
    told = statements(lesson)
    assert told.keys() == declared_in(lesson).exercises.keys()
    for name, text in told.items():
        assert re.search(r"^\*\*(Not allowed|Allowed)\.\*\* ", text, re.MULTILINE), name


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_is_not_allowed_is_told_by_a_check_and_the_other_way_round(lesson):
    told = {name for name, text in statements(lesson).items() if "**Not allowed.** " in text}
    assert told == forbidding(lesson)


def test_four_exercises_ask_for_a_guess_first_and_hide_what_is_right():
    asking = {name: text for lesson in LESSONS for name, text in statements(lesson).items() if "**Predict first.**" in text}
    assert asking.keys() == PREDICTED
    for text in asking.values():
        guess, rest = text.split("<details><summary>Compare</summary>")
        assert "**Predict first.**" in guess and "</details>" in rest


@pytest.mark.parametrize("lesson", LESSONS)
def test_docstrings_of_stubs_are_80_columns_wide_at_most(lesson):
    text = handout(lesson)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            held = node.body[0]
            for line in text.splitlines()[held.lineno - 1 : held.end_lineno]:
                assert len(line) <= STUB_WIDTH, line


@pytest.mark.parametrize("lesson", LESSONS)
def test_links_lead_to_pytorchs_documentation_and_to_lessons_that_are_there(lesson):
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)]*)\)", re.sub(r"\n# *", " ", handout(lesson)))
    pages = [link for link in links if link.startswith("http")]
    assert pages and all(link.startswith(PYTORCH) for link in pages)
    assert len(pages) == len(set(pages)), "A function is linked once in a lesson, where it first matters."
    for link in set(links) - set(pages):
        if not link.startswith("../../img/"):
            assert (ROOT / "exercises" / lesson / link).resolve().is_file(), link


@pytest.mark.parametrize(("lesson", "next_lesson"), list(pairwise(LESSONS)))
def test_every_lesson_but_the_last_leads_to_the_next_one(lesson, next_lesson):
    last = handout(lesson).rsplit("# %% [markdown]", 1)[1]
    assert f"](../{next_lesson}/{next_lesson}.ipynb)" in last
