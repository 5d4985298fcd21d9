"""What is learnt is judged by the share of right answers to inputs that are handed to it."""

import pytest
from support.lessons import LEARNT

from grader.author import release
from grader.author.expectations import build_key
from grader.author.verify import verify
from grader.files.names import JSON_NAME
from grader.files.submission import of_cells
from grader.judge import assess
from grader.lesson.declare import Lesson, LessonError
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases, run


@pytest.fixture(scope="module")
def worker():
    worker = Sandbox()
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def known(worker):
    return build_key(LEARNT, worker, "seed", public_only=False)


def graded(known, worker, *cells):
    handed_in = of_cells("learnt", cells)
    ran = run(worker, handed_in, phases(LEARNT, known.checks), ["trained"], known.seed)
    result = assess.assess(known, handed_in, ran, "process")
    return result.exercises[0].verdicts


@pytest.mark.parametrize(
    ("model", "passes"),
    [
        ("(X > 0).long()", True),
        ("(X > 2.5).long()", True),  # 3 of 4
        ("(X > 9).long()", False),  # 2 of 4
        ("(X > 0).long()[:3]", False),
        ("(X > 0).float()", False),
        ("1 / 0", False),
        ("None", False),
    ],
)
def test_a_share_of_right_answers_is_asked_for(known, worker, model, passes):
    _, hidden = graded(known, worker, f"def trained(X, y):\n    return lambda X: {model}")
    assert hidden.passed is passes


def test_a_lesson_with_such_a_check_is_sound(worker):
    assert verify(LEARNT, worker) == []


def test_the_right_answers_are_nowhere_in_the_process_that_is_asked(known, worker):
    spy = """
import gc, sys
def trained(X, y):
    if len(X) == 4:
        lesson = sys.modules["checks"].lesson
        assert not lesson.givens and "misconceptions" not in sys.modules
        assert not any(isinstance(item, torch.Tensor) and item.tolist() == [0, 0, 1, 1] for item in gc.get_objects())
    return lambda X: (X > 0).long()
"""
    _, hidden = graded(known, worker, "import torch", spy)
    assert hidden.passed


def test_the_release_holds_neither_hidden_inputs_nor_their_answers(worker):
    built = release.build(LEARNT, worker)
    assert b"has_not_seen" not in built[JSON_NAME] + built["checks.py"]


def test_inputs_are_given_only_to_a_check_that_asks_for_a_share():
    with pytest.raises(LessonError, match="which is not a check of double with `at_least`"):
        Lesson("tiny").exercise("double").given("doubles")(lambda: None)
