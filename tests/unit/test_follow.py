"""Follow-through: what rests on a mistake is run once more with the solution of that in its place, where a lesson says so."""

from contextlib import closing
from dataclasses import replace
from functools import partial

import msgspec
import pytest
from support.classroom import CHECKS, FILES, Classroom, Here

from grader.author import release
from grader.author.expectations import build_key
from grader.errors import CourseError
from grader.files.course import Course
from grader.judge import assess
from grader.sandbox.follow import followed
from grader.sandbox.plain import Plain
from grader.sandbox.run import phases, run
from grader.student import own_check

ASKED = CHECKS.replace('Lesson("numbers")', 'Lesson("numbers", follow_through=True)').replace(
    'exercise("double")', 'exercise("double", solution="after")'
)
HIDDEN = '''
@total.check(points=1, hidden=True)
def adds_up_rows_of_others(answer, X=normal("n d")):
    """Other rows, too."""
    return answer.total(X)
'''
FOLLOWING = replace(FILES, checks=ASKED + HIDDEN)
TORCH, RIGHT, TOTAL = Classroom.right
TRIPLE = "def double(X):\n    return X * 3"
STUB = 'def double(X):\n    raise NotImplementedError("double is not written yet")'


@pytest.fixture(scope="module")
def key():
    return build_key(FOLLOWING, Here(), "seed", public_only=False)


@pytest.fixture
def hand_in(key, classroom):
    """The results of the two exercises of a hand-in, graded as a class is."""

    def hand_in(*cells):
        answers, staged = classroom.submission(*cells), phases(FOLLOWING, key.checks)
        again = partial(run, Here(), exercises=["double", "total"], seed="seed")
        ran = again(answers, staged)
        judged = partial(assess.assess, key, answers, ran, "sandbox")
        return judged(followed=followed(key, answers, staged, judged(), ran, again)).exercises

    return hand_in


@pytest.mark.parametrize("double", [TRIPLE, STUB, "double = 3", "def double(X):\n  return X *"], ids=range(4))
def test_what_rests_on_a_mistake_earns_what_it_earns_without_it(hand_in, double):
    below, total = hand_in(TORCH, double, TOTAL)
    assert below.earned < 2 and total.state == "wrong"
    assert [(each.passed, each.followed) for each in total.verdicts] == [(False, True)] * 2
    assert (total.earned, total.points, total.followed, total.mistakes) == (3, 3, ["double"], {})
    assert total.summary == (
        "It calls `double`, which is not right yet. Fix that first. "
        "With the solution of `double` in place of yours, it passes every check and earns their points."
    )


def test_it_is_paid_for_no_matter_where_it_stands(hand_in):
    """Before what it rests on, in one cell with it, and where nothing defines that."""
    for cells in ([TORCH, TOTAL, TRIPLE], [f"{TORCH}\n{TRIPLE}\n{TOTAL}"], [TORCH, TOTAL]):
        assert hand_in(*cells)[1].earned == 3


def test_what_a_cell_made_with_it_is_made_with_the_solution(hand_in):
    below, total = hand_in(TORCH, TRIPLE, "twice = double", "def total(X):\n    double\n    return twice(X).sum(1)")
    assert total.earned == 3


def test_a_mistake_of_its_own_is_paid_for(hand_in):
    total = hand_in(TORCH, TRIPLE, "def total(X):\n    return double(X).sum(0)")[1]
    assert (total.earned, total.followed) == (0, ["double"])
    assert "in place of yours, it is still wrong. If this is still wrong" not in total.summary
    assert "With the solution of `double` in place of yours, it is still wrong." in total.summary
    some = hand_in(TORCH, TRIPLE, "def total(X):\n    return double(X).sum(1) if X.shape[1] > 0 else X")[1]
    assert some.earned == 3


def test_what_rests_on_nothing_wrong_is_run_once(hand_in, key):
    below, total = hand_in(TORCH, RIGHT, "def total(X):\n    return double(X).sum(0)")
    assert (below.state, total.earned, total.followed) == ("right", 0, [])
    below, total = hand_in(TORCH, TRIPLE, "def total(X):\n    return (X * 2).sum(1)")
    assert (total.state, total.followed) == ("right", [])


def test_a_hidden_check_says_no_more_than_before(hand_in):
    leaks = "def total(X):\n    import inspect\n    raise ValueError(inspect.getsource(double) if 0 else double.__code__.co_consts)"
    hidden = hand_in(TORCH, TRIPLE, leaks)[1].verdicts[1]
    assert (hidden.message, hidden.where, hidden.shown) == ("A hidden check failed.", "", None)


def test_nothing_that_runs_beside_a_solution_comes_back(hand_in):
    looks = "def total(X):\n    print(double.__code__.co_consts)\n    return double(X, 'text is what it finds')"
    solved = hand_in(TORCH, "def double(X):\n    return X", looks)[1]
    told = msgspec.json.encode(solved).decode()
    assert "X is text, not a tensor" not in told


def test_without_a_word_of_the_author_there_is_no_solution_to_stand_in(classroom):
    assert classroom.key.stand_ins == {}
    after = replace(FILES, checks=CHECKS.replace('exercise("double")', 'exercise("double", solution="after")'))
    assert build_key(after, Here(), "seed", public_only=False).stand_ins == {}


def test_an_exercise_whose_solution_may_not_be_read_stands_in_for_none(classroom):
    """Here `total` may be read, and what it calls may not."""
    only_total = CHECKS.replace('Lesson("numbers")', 'Lesson("numbers", follow_through=True)').replace(
        'exercise("total")', 'exercise("total", solution="after")'
    )
    key = build_key(replace(FILES, checks=only_total), Here(), "seed", public_only=False)
    assert {name: item.uses for name, item in key.stand_ins.items()} == {"total": ["double"]}
    wrong = classroom.hand_in(TORCH, TRIPLE, TOTAL)
    never = followed(key, classroom.submission(), [], wrong, classroom.run(), lambda *_: pytest.fail("it was run"))
    assert never == {}


def test_a_lesson_that_lets_no_solution_be_read_is_told(classroom):
    none = replace(FILES, checks=CHECKS.replace('Lesson("numbers")', 'Lesson("numbers", follow_through=True)'))
    with pytest.raises(
        CourseError, match=r"solutions/numbers/checks\.py: the lesson asks for follow_through, and no solution"
    ):
        build_key(none, Here(), "seed", public_only=False)


def test_a_students_own_check_says_the_same_of_all_exercises_and_of_one(tmp_path):
    course = Course(tmp_path / "exercises")
    with closing(Plain()) as worker:
        release.write(tmp_path / "exercises" / "numbers", release.build(FOLLOWING, worker))
        for answer in (TRIPLE, STUB):
            (tmp_path / "exercises" / "numbers" / "numbers.py").write_text("\n\n# %%\n".join([TORCH, answer, TOTAL]))
            (tmp_path / "exercises" / "numbers" / "numbers.ipynb").unlink(missing_ok=True)
            whole = own_check.check(course, "numbers", None, worker).exercises[1]
            alone = own_check.check(course, "numbers", "total", worker).exercises[0]
            assert whole.followed == alone.followed == ["double"]
            assert whole.earned == alone.earned == 2
            assert "it passes every check and earns their points." in whole.summary == alone.summary
