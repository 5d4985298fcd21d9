"""Lessons: what an author declares is kept as written, and an author's mistake is a sentence."""

from pathlib import Path

import pytest

from grader import Lesson, LessonError, Tolerance, normal


@pytest.fixture
def lesson():
    lesson = Lesson("attention")
    lesson.exercise("softmax", difficulty=2, minutes=10, hints=("Look at one row.", "Which axis?"))
    return lesson


def test_a_check_keeps_what_its_author_wrote(lesson):
    @lesson.check("softmax", points=1.5, X=normal("n d"), raises=ValueError, mentions=["row"], forbids=["softmax"])
    def sums_to_one(answer, X):
        """Each row
        sums to one."""
        return answer.softmax(X)

    check = lesson.checks["sums_to_one"]
    assert (check.exercise, check.points, check.says) == ("softmax", 1.5, "Each row sums to one.")
    assert (check.raises, check.mentions, check.forbids) == ("ValueError", ("row",), ("softmax",))
    assert list(check.inputs) == ["X"]
    assert check.probe is sums_to_one


def test_a_check_compares_gradients_and_counts_nothing_unless_told_otherwise(lesson):
    @lesson.check("softmax", points=0)
    def plain(answer):
        """Nothing more."""

    check = lesson.checks["plain"]
    assert check.gradients
    assert not (check.vectorised or check.forbids or check.raises or check.tolerance)


def test_a_tolerance_comes_with_its_reason(lesson):
    @lesson.check("softmax", points=1, tolerance=Tolerance(1e-3, 1e-3, because="The series is cut off."))
    def roughly(answer):
        """About right."""

    assert lesson.checks["roughly"].tolerance.because == "The series is cut off."


def test_exercises_stay_in_the_order_of_their_declaration(lesson):
    lesson.exercise("attend", difficulty=5, minutes=30, hints=[])
    assert list(lesson.exercises) == ["softmax", "attend"]
    assert lesson.exercises["softmax"].hints == ("Look at one row.", "Which axis?")


def test_a_misconception_says_its_sentence_on_one_line(lesson):
    @lesson.misconception("softmax", says="You normalised over\n    the batch.")
    def over_the_batch(X):
        return X

    mistake = lesson.misconceptions["over_the_batch"]
    assert (mistake.exercise, mistake.says) == ("softmax", "You normalised over the batch.")
    assert mistake.answer is over_the_batch


@pytest.mark.parametrize("difficulty", [0, 6, -1])
def test_a_difficulty_is_from_1_to_5(lesson, difficulty):
    with pytest.raises(LessonError, match=f"The difficulty of attend is {difficulty}; it has to be from 1 to 5."):
        lesson.exercise("attend", difficulty=difficulty, minutes=5, hints=())


def test_a_check_of_an_unknown_exercise_is_refused(lesson):
    with pytest.raises(
        LessonError, match=r"The check adds_up names the exercise 'sotfmax', which attention does not declare\."
    ):

        @lesson.check("sotfmax", points=1)
        def adds_up(answer):
            """The name is misspelt."""


def test_two_checks_of_one_name_are_refused(lesson):
    def adds_up(answer):
        """Rows sum to one."""

    lesson.check("softmax", points=1)(adds_up)
    with pytest.raises(LessonError, match=r"Two checks of attention are called adds_up\."):
        lesson.check("softmax", points=1)(adds_up)


def test_a_check_without_a_docstring_is_refused_since_students_read_it(lesson):
    with pytest.raises(LessonError, match="The check silent needs a docstring"):

        @lesson.check("softmax", points=1)
        def silent(answer):
            return answer


def test_a_misconception_of_an_unknown_exercise_is_refused(lesson):
    with pytest.raises(
        LessonError, match=r"The misconception wrong names the exercise 'nothing', which does not exist\."
    ):

        @lesson.misconception("nothing", says="No.")
        def wrong(X):
            return X


def test_two_misconceptions_of_one_name_are_refused(lesson):
    def wrong(X):
        return X

    lesson.misconception("softmax", says="No.")(wrong)
    with pytest.raises(LessonError, match=r"Two misconceptions of attention are called wrong\."):
        lesson.misconception("softmax", says="No.")(wrong)


def test_two_exercises_of_one_name_are_refused(lesson):
    with pytest.raises(LessonError, match="softmax"):
        lesson.exercise("softmax", difficulty=3, minutes=5, hints=())


def test_a_class_can_be_a_misconception_too(lesson):
    @lesson.misconception("softmax", says="A function was asked for.")
    class Softmax:
        pass

    assert lesson.misconceptions["Softmax"].answer is Softmax


def test_a_word_where_a_list_of_words_is_asked_for_is_refused_as_it_was_written(lesson):
    for option in ("forbids", "mentions"):
        with pytest.raises(
            LessonError, match=f"The option {option} of the check rows has to be a list of .*, not 'add'"
        ):

            @lesson.check("softmax", points=1, **{option: "add"})
            def rows(answer):
                """Rows."""


def test_an_error_knows_where_the_declaration_stands(lesson):
    with pytest.raises(LessonError) as refused:
        lesson.exercise("attend", difficulty=1, minutes=0, hints=())
    assert refused.value.file == __file__
    assert "minutes=0" in Path(__file__).read_text().split("\n")[refused.value.line - 1]
