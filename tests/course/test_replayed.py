"""The lines of a failing case of every check that students have: with the right answer they give what is expected."""

import contextlib
import io

import pytest

from grader import wire
from grader.files import course
from grader.judge.compare import compare
from grader.judge.key import load_key
from grader.judge.observation import Node, Observation, Plain, decode
from grader.judge.replay import replay
from grader.judge.show import show
from grader.judge.verdict import main_cases
from grader.worker.record import tree

COURSE = course.find()
TOO_LONG = {"gives_the_same_logits", "takes_the_right_steps", "begins_anew_in_every_call"}
"""Checks whose smallest case has too many numbers to be written down."""
BACKWARD = {"lets_the_layer_learn"}
"""Checks that go backward by themselves, which is not written down."""


@pytest.mark.parametrize("lesson", COURSE.lessons())
def test_the_lines_give_what_is_expected(lesson):
    names = {"check": lambda name: None}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in COURSE.files(lesson).code_cells:
            exec(cell, names)
    folder = COURSE.exercises / lesson
    key, probes = load_key(folder), (folder / "checks.py").read_text(encoding="utf-8")
    for check in key.checks:
        if not check.given:
            want = main_cases(key.expected[check.name])[0]
            wrong = Observation(want.case, want.kind, Plain("str", "wrong"))
            code = replay(check, want, wrong, show(check, want, wrong), probes)
            assert bool(code) != (check.name in TOO_LONG | BACKWARD), check.name
            found = outcome(code, names)
            assert found is None or same(check, want, found), f"{check.name}:\n{code}"


def outcome(code, names):
    """What the lines print, as plain data, or the name of the error that they stop with."""
    printed = []
    try:
        exec(code, {**names, "print": lambda item: printed.append(item)})
    except Exception as error:
        return type(error).__name__
    return decode(*wire.split(tree(printed[0])), Node) if printed else None


def same(check, want, found):
    """Whether that is what the reference gave."""
    return found == want.error.type if want.error else compare(want.value, found, check.tolerance) is None
