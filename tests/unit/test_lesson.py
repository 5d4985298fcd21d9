"""Lessons: what an author declares is kept as written, and an author's mistake is a sentence."""

import doctest
from pathlib import Path

import pytest
import torch

from grader import Lesson, LessonError, Tolerance, choice, edits, normal
from grader.files import hidden
from grader.lesson import declare as declaring
from grader.lesson import inputs
from grader.lesson.inputs import Value


@pytest.fixture
def lesson():
    return Lesson("attention")


@pytest.fixture
def softmax(lesson):
    return lesson.exercise("softmax")


@pytest.mark.parametrize("module", [declaring, edits, hidden, inputs])
def test_the_examples_of_the_language_run(module):
    found = doctest.testmod(module)
    assert found.attempted > 0 and found.failed == 0


def test_a_check_keeps_what_its_author_wrote(lesson, softmax):
    @softmax.check(points=1.5, raises=ValueError, mentions=["row"], forbids=["softmax"])
    def sums_to_one(answer, X=normal("n d")):
        """Each row
        sums to one."""
        return answer.softmax(X)

    check = lesson.checks["sums_to_one"]
    assert (check.exercise, check.points, check.says) == ("softmax", 1.5, "Each row sums to one.")
    assert (check.raises, check.mentions, check.forbids) == ("ValueError", ["row"], ["softmax"])
    assert list(lesson.inputs["sums_to_one"]) == ["X"]
    assert lesson.probes["sums_to_one"] is sums_to_one


def test_the_inputs_are_the_defaults_of_the_parameters_in_their_order_and_plain_values_need_no_wrapper(lesson, softmax):
    drawn, way = normal("n d"), choice(1, 2)

    @softmax.check(points=1)
    def takes_all(answer, X=drawn, k=3, *, way=way, name="text"):
        """All."""

    assert lesson.inputs["takes_all"] == {"X": drawn, "k": Value(3), "way": way, "name": Value("text")}
    assert list(lesson.inputs["takes_all"]) == ["X", "k", "way", "name"]


def test_a_check_compares_gradients_and_counts_nothing_unless_told_otherwise(lesson, softmax):
    @softmax.check(points=0)
    def plain(answer):
        """Nothing more."""

    check = lesson.checks["plain"]
    assert check.gradients
    assert not (check.vectorized or check.forbids or check.raises or check.tolerance or check.hidden)


def test_what_a_lesson_and_an_exercise_set_holds_for_their_checks_and_the_nearest_one_counts():
    loose = Tolerance(1e-3, 1e-3, because="The series is cut off.")
    lesson = Lesson("attention", gradients=False, seconds=5)
    softmax, attend = lesson.exercise("softmax", tolerance=loose, seconds=7), lesson.exercise("attend")

    @softmax.check(points=1)
    def roughly(answer):
        """About right."""

    @softmax.check(points=1, gradients=True, seconds=9)
    def with_gradients(answer):
        """Gradients too."""

    @attend.check(points=1)
    def attends(answer):
        """It attends."""

    found = {name: (check.gradients, check.seconds, check.tolerance) for name, check in lesson.checks.items()}
    assert found == {"roughly": (False, 7, loose), "with_gradients": (True, 9, loose), "attends": (False, 5, None)}


def test_exercises_stay_in_the_order_of_their_declaration(lesson, softmax):
    lesson.exercise("attend")
    assert list(lesson.exercises) == ["softmax", "attend"]


def test_the_docstring_of_a_misconception_is_its_sentence_on_one_line(lesson, softmax):
    @softmax.misconception
    def over_the_batch(X):
        """You normalized over
        the batch."""
        return X

    mistake = lesson.misconceptions["over_the_batch"]
    assert (mistake.exercise, mistake.says) == ("softmax", "You normalized over the batch.")
    assert mistake.answer is over_the_batch


def test_a_solution_is_shown_never_or_after_an_answer_is_right(lesson, softmax):
    assert not softmax.shown and lesson.exercise("attend", solution="after").shown
    with pytest.raises(LessonError, match='shown "never" or "after", not \'always\''):
        lesson.exercise("other", solution="always")


def test_another_way_says_what_it_does_better(lesson, softmax):
    @softmax.way
    def by_hand(X):
        """It is
        shorter."""

    assert (lesson.ways["by_hand"].exercise, lesson.ways["by_hand"].says) == ("softmax", "It is shorter.")
    assert not lesson.misconceptions
    with pytest.raises(LessonError, match=r"Two ways of attention are called by_hand\."):
        softmax.way(by_hand)
    with pytest.raises(LessonError, match="The way <lambda> needs a docstring"):
        softmax.way(lambda X: X)


def test_a_class_can_be_a_misconception_too_and_does_not_inherit_its_sentence(lesson, softmax):
    @softmax.misconception
    class Softmax(torch.nn.Module):
        """A function was asked for."""

    assert lesson.misconceptions["Softmax"].answer is Softmax
    with pytest.raises(LessonError, match="The misconception Silent needs a docstring"):

        @softmax.misconception
        class Silent(Softmax):
            pass


def test_two_of_one_name_are_refused(lesson, softmax):
    def adds_up(answer):
        """Rows sum to one."""

    softmax.check(points=1)(adds_up)
    with pytest.raises(LessonError, match=r"Two checks of attention are called adds_up\."):
        softmax.check(points=1)(adds_up)
    softmax.misconception(adds_up)
    with pytest.raises(LessonError, match=r"Two misconceptions of attention are called adds_up\."):
        softmax.slip("0", "1", name="adds_up", says="No.")
    with pytest.raises(LessonError, match="Two exercises of attention are called softmax"):
        lesson.exercise("softmax")


def test_a_word_where_a_list_of_words_is_asked_for_is_refused_as_it_was_written(softmax):
    for option in ("forbids", "mentions"):
        with pytest.raises(LessonError, match=f"The option {option} of the check rows has to be a list of .*, not 'add'"):

            @softmax.check(points=1, **{option: "add"})
            def rows(answer):
                """Rows."""


def test_a_check_of_what_is_learned_declares_no_inputs(softmax):
    with pytest.raises(LessonError, match="come from `given`, since it has `at_least`: X has no default"):

        @softmax.check(points=1, at_least=0.9)
        def learns(answer, X=normal("n")):
            """It learns."""


def test_an_error_knows_where_the_declaration_stands(lesson):
    with pytest.raises(LessonError) as refused:
        lesson.exercise("attend", seconds=0)
    assert refused.value.file == __file__
    assert "seconds=0" in Path(__file__).read_text().split("\n")[refused.value.line - 1]


# Slips

CELL = """def softmax(X):
    ### BEGIN SOLUTION
    Z = (X - X.amax(1, keepdim=True)).exp()
    return Z / Z.sum(1, keepdim=True)
    ### END SOLUTION"""


def test_a_slip_is_the_edit_of_the_solution_alone():
    cell = CELL.replace("def softmax(X):", 'def softmax(X):\n    """Not Z.sum(0)."""')
    assert "return Z / Z.mean(1, keepdim=True)" in edits.edited(cell, [("Z.sum", "Z.mean")])
    assert '"""Not Z.sum(0)."""' in edits.edited(cell, [("Z.sum", "Z.mean")])


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ([("Y", "Z")], "edits 'Y', which is no longer in the reference's solution"),
        ([("keepdim", "dim")], "edits 'keepdim', which is 2 times in the reference's solution"),
        ([("def", "async def")], "edits 'def', which is no longer"),
        ([("Z.sum(1", "Z.sum(0"), ("(1, keepdim=True)\n", "\n")], "which is no longer|twice"),
        ([("", "x")], "edits '', which is no longer"),
    ],
)
def test_an_edit_that_does_not_fit_says_why(made, why):
    with pytest.raises(edits.Misfit, match=why):
        edits.edited(CELL, made)


def test_two_slips_stand_together_unless_they_edit_the_same():
    both = edits.composed(CELL, [("Z.sum(1", "Z.sum(0")], [("amax(1", "amax(0")])
    assert "X.amax(0" in both and "Z.sum(0" in both
    assert edits.composed(CELL, [("Z.sum(1", "Z.sum(0")], [("sum(1, keep", "mean(1, keep")]) is None


# Cutting hidden checks out

CHECKS = '''"""Checks."""

import math
from grader import Lesson, choice, normal

lesson = Lesson("attention")
softmax = lesson.exercise("softmax")
attend = lesson.exercise("attend")
LIMIT = 1.0
SECRET = 3


def shared(X):
    return X


def only_hidden(X):
    return deeper(X) + SECRET


def deeper(X):
    return math.sqrt(X)


@softmax.check(points=1)
def open_one(answer, X=normal("n")):
    """Open."""
    return shared(answer.softmax(X))


# How the secret is kept.
@softmax.check(points=1, hidden=True)
def closed_one(answer, X=choice(1, 2)):
    """Closed."""
    return only_hidden(shared(X))
    # and nothing else


@softmax.check(points=1, hidden=False)
def last_one(answer):
    """Last."""


@attend.check(points=1, hidden=True)
def attends(answer):
    """It attends."""
'''


def test_hidden_checks_are_cut_out_with_what_only_they_use():
    found = hidden.cut(CHECKS)
    assert found.names == ["closed_one", "attends"] and not found.problems
    for gone in ("closed", "secret", "SECRET", "only_hidden", "deeper", "math", "choice", "nothing else", "attends"):
        assert gone.lower() not in found.public.lower(), gone
    for kept in ("import Lesson, normal", "LIMIT = 1.0", "def shared", "open_one", "last_one", "attend = lesson"):
        assert kept in found.public, kept
    compile(found.public, "checks.py", "exec")
    assert "\n\n\n\n" not in found.public


def test_of_what_is_no_python_nothing_is_public():
    found = hidden.cut("def (")
    assert (found.public, [line for line, _ in found.problems]) == ("", [1])
