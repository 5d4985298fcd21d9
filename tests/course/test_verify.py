"""`grader verify` finds what is wrong with a lesson; each test breaks a sound one in one way."""

from dataclasses import replace

import pytest
from support.lessons import TINY, tiny

from grader.author import template
from grader.author.verify import SEEDS, verify
from grader.classroom.room import VARIANTS
from grader.files import course, source
from grader.sandbox.bubblewrap import Sandbox


@pytest.fixture(scope="module")
def worker():
    worker = Sandbox()
    yield worker
    worker.close()


def test_a_sound_lesson_has_no_problems(worker):
    assert verify(TINY, worker) == []


def test_a_new_lesson_is_sound_as_it_is_written(worker, tmp_path):
    template.new_lesson(tmp_path / "solutions", "demo", ["one", "other"], 1, 1)
    assert verify(source.read(tmp_path / "solutions" / "demo"), worker, SEEDS[:2]) == []


@pytest.mark.slow
@pytest.mark.parametrize("lesson", course.find().lessons())
def test_every_lesson_of_the_course_is_sound(lesson, worker):
    """On the inputs of the release and three more; `grader verify` takes as many as a class has variants."""
    assert verify(course.find().files(lesson), worker, SEEDS[:4]) == []


BODY = "return X * torch.tensor(2.0)"
CHECK = "points=1)"
WRONG = "return X + 2 * 1.0"
HOLES = {
    "earns full marks for double": {"misconceptions": ("X + 2", "X + X")},
    "two_added and three_times give the same on every case": {"misconceptions": ("X + 2", "X * 3.0")},
    "three_times is diagnosed as nothing": {"misconceptions": ("X + 2", "X * 3.0")},
    "three_times passes doubles on some seeds only": {
        # Of the smallest case it goes by the sign of a single number, which is right for half of all seeds.
        "misconceptions": ("return X * 3", "return X * (3 if X.numel() == 1 and X.sum() > 0 else 2)")
    },
    "has no public check with points": {"checks": (CHECK, "points=0)")},
    "has 2 hints": {"handout": ("#\n# **Hint.** Two.\n", "")},
    "holds a line of a reference body": {"handout": ("# Write", f"# {BODY}\n# Write")},
    "holds a line of a misconception": {
        "misconceptions": (
            'multiply by it."\n    return X + 2',
            f'you wrote {WRONG}"\n    {WRONG}',
        )
    },
    "`### END HIDDEN TESTS` hides nothing here": {
        "checks": ("@double.check(points=1, hid", "### END HIDDEN TESTS\n@double.check(points=1, hid")
    },
    "the reference raises RuntimeError": {"handout": ("return X *", "X.view(-1, 7)\n    return X *")},
    "the reference raises no ValueError": {"checks": (CHECK, f"raises=ValueError, {CHECK}")},
    "gives a set, of which only the type is compared": {"handout": (BODY, "return {X.sum().item()}")},
    "the stubs earn 2 of 2 points": {
        "handout": (f"### BEGIN SOLUTION\n    {BODY}", f"{BODY}\n    ### BEGIN SOLUTION\n    pass")
    },
    "doubles returns nothing": {"checks": ('It doubles."""\n    return answer', 'It doubles."""\n    answer')},
    "two_added stops with NameError: name 'Y' is not defined": {"misconceptions": ("X + 2", "Y + 2")},
    "two_added stops with TypeError: double() takes 0 positional": {"misconceptions": ("two_added(X)", "two_added()")},
    "doubles expects the same of all inputs": {
        "checks": (
            'It doubles."""\n    return answer.double(X)',
            'It doubles."""\n    return answer.double(X).shape[1:] == X.shape[1:]',
        )
    },
    "no wrong answer loses doubles:": {
        "checks": ('It doubles."""\n    return answer.double(X)', 'It doubles."""\n    return 1')
    },
    "depends on random numbers": {"handout": (BODY, f"{BODY} + 0.01 * torch.randn_like(X)")},
    "forbids 'trilll', which is no operation": {"checks": (CHECK, f"forbids=['trilll'], {CHECK}")},
    "the reference's operations grow": {
        "checks": (CHECK, f"vectorized=True, {CHECK}"),
        "handout": (BODY, "return torch.stack([row * torch.tensor(2.0) for row in X])"),
    },
}


@pytest.mark.parametrize("seeded", [True, False])
def test_a_reference_may_draw_random_numbers_where_the_probe_sets_the_seed(seeded, worker):
    """A dropout, say: what it gives from one seed is no matter of luck."""
    seed = "import torch\n    torch.manual_seed(3)\n    " if seeded else ""
    noisy = tiny(
        handout=(BODY, f"{BODY} * torch.rand_like(X)"),
        checks=("return answer.double(X)", f"{seed}return answer.double(X)"),
    )
    assert any("depends on random numbers" in problem for problem in verify(noisy, worker)) is not seeded


def test_what_is_wrong_on_the_inputs_of_every_student_is_said_once_with_its_file_and_line(worker):
    found = [problem for problem in verify(tiny(**HOLES["doubles returns nothing"]), worker) if "returns nothing" in problem]
    assert len(found) == 1
    assert found[0].startswith("solutions/tiny/checks.py, line 10: ")


@pytest.mark.parametrize("problem", HOLES)
def test_a_hole_is_found_and_said(problem, worker):
    problems = verify(tiny(**HOLES[problem]), worker)
    assert any(problem in found for found in problems), problems


def test_a_check_of_an_error_has_a_case_that_is_none_and_copying_it_from_the_key_is_found(worker):
    """Otherwise whoever always raises earns it."""
    refusing = {
        "handout": (BODY, "if X.dim() == 1:\n        raise ValueError('one axis')\n    return X * torch.tensor(2.0)"),
        "misconceptions": ("return X * 3", "return X.reshape(-1) * 2"),
    }
    always = CHECKS_OF_ERRORS.format(way="0, 0")
    mixed = CHECKS_OF_ERRORS.format(way="0, 1")
    found = [verify(replace(tiny(**refusing), checks=TINY.checks + text), worker, SEEDS[:3]) for text in (always, mixed)]
    assert [[said for said in each if "expects the same of all inputs" in said] for each in found] == [
        [found[0][-1]], []
    ]  # fmt: skip
    assert "refuses_a_row expects the same" in found[0][-1] and "solutions/tiny/checks.py, line " in found[0][-1]
    assert not any("raises no ValueError" in said for each in found for said in each)


CHECKS_OF_ERRORS = """
from grader import choice


@double.check(points=1, raises=ValueError)
def refuses_a_row(answer, X=normal("n m"), way=choice({way})):
    "A row is refused."
    return answer.double(X if way else X[0])
"""


def test_an_error_may_be_the_right_answer(worker):
    refusing = tiny(
        handout=("return X * torch.tensor(2.0)", 'raise ValueError("the shape does not fit")'),
        checks=("points=1", "points=1, raises=ValueError, mentions=['shape']"),
        misconceptions=("return X + 2", 'raise ValueError("no")'),
    )
    problems = verify(refusing, worker)
    assert not any("the reference" in problem for problem in problems)


def test_misconceptions_are_tried_on_as_many_inputs_as_a_class_has():
    assert len(SEEDS) == 1 + VARIANTS
