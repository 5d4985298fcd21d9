"""Why a hand-in got its verdicts: what was compared, case by case, and which misconceptions were near."""

import contextlib
import io

from rich.console import Console
from support.classroom import CHECKS

from grader.judge import assess
from grader.judge.explain import explain
from grader.report import explained

CUT_OFF_BELOW_ZERO = "if isinstance(X, str): raise TypeError('text')\n    return X.clamp(min=0) * 2"


def told(classroom, body):
    cells = ("import torch", f"def double(X):\n    {body}", classroom.right[2])
    run = classroom.run(*cells)
    result = assess.assess(classroom.key, classroom.submission(*cells), run, "sandbox")
    return explain(classroom.key, run, result, {"doubles": 0.25}, CHECKS)


def test_each_case_is_told_with_what_went_in_and_came_out_and_hidden_ones_too(classroom):
    double, total = told(classroom, CUT_OFF_BELOW_ZERO)
    checks = {check.check: check for check in double.checks}
    assert checks["doubles"].seconds == 0.25 and checks["doubles"].limit == 2
    assert "values of float32 within 1e-05 + 1.3e-06 × |expected|" in checks["doubles"].compared
    case = next(case for case in checks["doubles"].cases if case.problem)
    assert case.counts and case.inputs["X"] and case.expected and case.got != case.expected
    assert checks["doubles_images"].hidden and checks["doubles_images"].cases[0].inputs["X"]
    assert checks["refuses_text"].compared == ["the error TypeError, whose message holds text"]
    assert [case.problem for case in checks["refuses_text"].cases] == [""]
    assert total.state == "wrong" and not total.near  # both of its misconceptions agree nowhere


def test_a_case_that_differs_can_be_pasted_below_the_answer_and_does_the_same_there(classroom):
    double, _ = told(classroom, CUT_OFF_BELOW_ZERO)
    for check in double.checks:
        assert bool(check.replay) == any(case.problem and case.counts for case in check.cases)
    lines = next(check.replay for check in double.checks if check.hidden)
    page = io.StringIO()
    with contextlib.redirect_stdout(page):
        exec(f"import torch\ndef double(X):\n    {CUT_OFF_BELOW_ZERO}\n{lines}", {})
    assert page.getvalue().startswith("tensor([[[") and "# expected" in lines.lower()


def test_a_misconception_that_was_near_is_told_with_what_kept_it_from_being_named(classroom):
    double, _ = told(classroom, CUT_OFF_BELOW_ZERO)
    assert not double.mistakes and {each.mistake for each in double.near} >= {"squared", "cut_off"}
    near = next(each for each in double.near if each.mistake == "cut_off")
    assert (near.agrees, near.of) == (1, 3) and near.why.startswith("doubles: case ") and ", the answer [[" in near.why
    named, _ = told(classroom, "if isinstance(X, str): raise TypeError('text')\n    return X * X")
    assert list(named.mistakes) == ["squared"] and "squared" not in {each.mistake for each in named.near}


def test_what_a_stranger_raised_is_shown_harmless_in_a_terminal(classroom):
    page = io.StringIO()
    explained.show(
        told(classroom, r"raise ValueError('\x1b[31m [bold]')"), Console(file=page, width=100, force_jupyter=False)
    )
    assert "\x1b" not in page.getvalue() and r"ValueError: \x1b[31m [bold]" in page.getvalue()
