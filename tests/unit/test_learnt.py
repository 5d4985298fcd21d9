"""What is learnt is judged by the share of right answers to inputs that are handed to it."""

import sys
from pathlib import Path

import pytest
import torch
from support.lessons import LEARNT

from grader.author import release
from grader.author.expectations import build_key
from grader.author.verify import verify
from grader.checks import Check
from grader.files.course import Course
from grader.files.names import JSON_NAME
from grader.files.submission import of_cells
from grader.judge import assess
from grader.judge.key import given_seed, seed_of
from grader.lesson.declare import Lesson, LessonError
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases, run
from grader.worker.observe import load_checks

ROOT = Path(__file__).resolve().parents[2]


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
        Lesson("tiny").exercise("double").given("doubles")(lambda seed: None)


def test_what_inputs_are_drawn_from_follows_from_the_secret_and_not_from_what_a_process_sees():
    check = Check(name="tells", exercise="trained", says="", points=1, at_least=0.9)
    assert given_seed(check, "ab:secret") == given_seed(check, "cd:secret")  # what a process sees has no part in it
    assert given_seed(check, "ab:secret") != given_seed(check, "ab:other")
    assert f"{given_seed(check, 'ab:secret'):x}" not in seed_of(check, "ab:secret")


def test_what_makes_inputs_has_to_take_the_seed():
    trained = Lesson("tiny").exercise("trained")

    @trained.check(points=1, at_least=0.9)
    def tells(answer, X):
        """It tells numbers."""

    with pytest.raises(LessonError, match=r"takes the seed that it draws from: def numbers\(seed\)"):

        @trained.given("tells")
        def numbers():
            return {}, None


def test_pictures_are_read_by_the_weights_of_a_network_and_by_nothing_else_of_it():
    files = Course(ROOT / "exercises", ROOT / "solutions").files("lenet")
    names: dict = {}
    for cell in files.code_cells[:2]:
        exec(cell, names)
    load_checks(files.checks)
    checks, images = sys.modules["checks"], torch.rand(20, 1, 28, 28)
    plain = names["lenet_with_batch_norm"]()

    class ByHeart(torch.nn.Sequential):
        """It knows what to say without having learned it."""

        def forward(self, images):
            return torch.eye(10)[torch.arange(len(images)) % 10]

    said = checks.said_by_its_weights(plain, images)
    assert torch.equal(said, plain.eval()(images).argmax(1))
    assert torch.equal(said, checks.said_by_its_weights(ByHeart(*plain), images))
    assert isinstance(checks.said_by_its_weights(torch.nn.Flatten(), images), str)
