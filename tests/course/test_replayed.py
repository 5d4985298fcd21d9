"""The lines of a failing case of every check that students have: with the right answer they give what is expected."""

import contextlib
import io
import re
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from grader import wire
from grader.author import mistakes
from grader.files import course
from grader.files.submission import of_cells
from grader.judge import assess
from grader.judge.compare import compare
from grader.judge.key import load_key
from grader.judge.observation import Mapping, Module, Named, Node, Observation, Plain, Run, Tensor, decode
from grader.judge.replay import replay
from grader.judge.show import show
from grader.judge.verdict import main_cases
from grader.seeded import cotangents
from grader.student import own_check, warm
from grader.worker.record import tree

COURSE = course.find()
TOO_LONG = {"gives_the_same_logits", "takes_the_right_steps", "begins_anew_in_every_call"}
"""Checks whose smallest case has too many numbers to be written down."""


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
            drawn = cotangents(key.seed, lesson, check.name, want.case)
            code, why = replay(check, want, wrong, show(check, want, wrong), probes, drawn)
            assert bool(code) != (check.name in TOO_LONG) and bool(code) != bool(why), check.name
            found = outcome(code, names)
            assert found is None or same(check, want, without_gradients(found)), f"{check.name}:\n{code}"


def outcome(code, names):
    """What the lines print, as plain data, or the name of the error that they stop with."""
    printed = []
    try:
        exec(code, {**names, "print": lambda item: printed.append(item)})
    except Exception as error:
        return type(error).__name__
    return decode(*wire.split(tree(printed[0])), Node) if printed else None


def without_gradients(node):
    """A value as it is before anybody goes backward."""
    if isinstance(node, Mapping):
        return Mapping({name: without_gradients(item) for name, item in node.items.items()})
    return Module(node.training, node.state, {}) if isinstance(node, Module) else node


def same(check, want, found):
    """Whether that is what the reference gave."""
    return found == want.error.type if want.error else compare(without_gradients(want.value), found, check.tolerance) is None


def test_of_what_is_checked_on_hundreds_of_pictures_it_is_said_that_they_are_too_many():
    folder = COURSE.exercises / "lenet"
    key = own_check.only(load_key(folder), "train_lenet")
    observations = dict(key.expected)
    for check in key.checks:
        if check.given:
            zeros = np.zeros_like(check.given.answers)
            observations[check.name] = [Observation(0, "given", Tensor("int64", zeros.shape, data=zeros))]
    ran = Run(names={"train_lenet": Named("callable")}, observations=observations)
    probes = (folder / "checks.py").read_text(encoding="utf-8")
    (item,) = assess.assess(key, of_cells("lenet", ["…"]), ran, "process", probes=probes).exercises
    assert item.state == "wrong" and not item.replay
    assert re.fullmatch(r"This case is too large to paste: it is checked on \d{5,} numbers\.", item.not_pasted)


# What is not a value: the lines of each misconception that fails by a gradient, by what it changed or on the way back


@pytest.fixture(scope="module")
def worker():
    with closing(warm.worker()) as worker:
        yield worker


@pytest.mark.slow
@pytest.mark.parametrize("lesson", ["softmax", "convolution", "batch_norm"])
def test_the_lines_of_a_gradient_give_what_the_check_saw(lesson, worker):
    files, given = COURSE.files(lesson), own_check.released(COURSE, lesson)
    found = 0
    for name, (exercise, text) in mistakes.as_handed_in(files).items():
        cells = [text if cell.exercise == exercise else cell.source for cell in files.cells if cell.kind == "code"]
        answers = replace(of_cells(lesson, cells), file=f"{lesson}.py")
        (item,) = own_check.checked(given, answers, [exercise], worker).result.exercises
        verdict = next((verdict for verdict in item.verdicts if not verdict.passed), None)
        if verdict and verdict.shown and OF_A_GRADIENT.search(verdict.message):
            gives_what_was_seen(verdict, cells, files.code_cells, name)
            found += 1
    assert found


OF_A_GRADIENT = re.compile("gradient|changed in place|going backward")
"""What is said of an answer whose value is right."""


def gives_what_was_seen(verdict, wrong, right, name):
    code, shown = verdict.replay, verdict.shown
    assert code, f"{name}: {verdict.message}"
    expected, got = printed(code, right), printed(code, wrong)
    assert expected != got, f"{name}:\n{code}"
    if "# expected: " in code:
        assert in_it(expected) == pytest.approx(in_it(code.rpartition("# expected: ")[2]), abs=1e-3), f"{name}:\n{code}"
    if shown.of:
        assert in_it(got) == pytest.approx(in_it(shown.got), abs=1e-3), f"{name}:\n{code}"


def in_it(text):
    """The numbers in a text."""
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", text)]


def printed(code, cells):
    """What the lines print below some cells, as a person reads it; or the error that they stop with."""
    page, names = io.StringIO(), {"check": lambda name: None}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            exec(cell, names)
    try:
        with contextlib.redirect_stdout(page):
            exec(code, names)
    except RuntimeError as error:
        return type(error).__name__
    return re.sub(r"(?:grad_fn|requires_grad|dtype)=\S+", "", page.getvalue())
