"""Follow-through: what rests on a mistake is run once more with the solution of that in its place, if a lesson says so."""

from contextlib import closing
from dataclasses import replace
from functools import partial

import msgspec
import pytest
from support.classroom import CHECKS, FILES, FOLLOWING, Classroom, Here, course_on_disk

from grader.author.expectations import build_key
from grader.errors import CourseError
from grader.judge import assess
from grader.sandbox.follow import followed
from grader.sandbox.plain import Plain
from grader.sandbox.run import phases, run
from grader.student import own_check

TORCH, RIGHT, TOTAL = Classroom.right
TRIPLE = "def double(X):\n    return X * 3"
STUB = 'def double(X):\n    raise NotImplementedError("double is not written yet")'


@pytest.fixture(scope="module")
def key():
    return build_key(FOLLOWING, Here(), "seed", public_only=False)


def graded(key, answers, runs=None):
    """The results of the exercises of a hand-in, graded as a class is, and the runs that followed."""
    staged = phases(FOLLOWING, key.checks)
    runs = [] if runs is None else runs

    def again(*of):
        runs.append(run(Here(), *of, exercises=["double", "total"], seed="seed"))
        return runs[-1]

    judged = partial(assess.assess, key, answers, ran := again(answers, staged), "sandbox")
    return judged(followed=followed(key, answers, staged, judged(), ran, again)).exercises


@pytest.fixture
def hand_in(key, classroom):
    return lambda *cells, runs=None: graded(key, classroom.submission(*cells), runs)


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
    assert hand_in(TORCH, TRIPLE, "twice = double", "def total(X):\n    double\n    return twice(X).sum(1)")[1].earned == 3


def test_a_mistake_of_its_own_is_paid_for(hand_in):
    total = hand_in(TORCH, TRIPLE, "def total(X):\n    return double(X).sum(0)")[1]
    assert (total.earned, total.followed) == (0, ["double"])
    assert "With the solution of `double` in place of yours, it is still wrong." in total.summary
    short = "def total(X):\n    return double(X).sum(1) if X.shape[1] < 30 else X.sum(1)"
    total = hand_in(TORCH, TRIPLE, short)[1]
    assert total.earned == 2 and "it passes 1 of 2 checks and earns their points." in total.summary


def test_who_hands_on_the_work_to_an_exercise_that_is_not_written_earns_nothing_by_it(classroom):
    """The solution of `double` does not call `total`, so a `double` that does has its own work to do."""
    both = FOLLOWING.checks.replace('exercise("total")', 'exercise("total", solution="after")')
    key = build_key(replace(FOLLOWING, checks=both), Here(), "seed", public_only=False)
    double, _ = graded(key, classroom.submission(TORCH, "def double(X):\n    return total(X)"))
    assert (double.below, double.followed, double.earned) == (["total"], [], 0)


def test_what_rests_on_nothing_wrong_is_run_once(hand_in, key):
    below, total = hand_in(TORCH, RIGHT, "def total(X):\n    return double(X).sum(0)")
    assert (below.state, total.earned, total.followed) == ("right", 0, [])
    below, total = hand_in(TORCH, TRIPLE, "def total(X):\n    return (X * 2).sum(1)")
    assert (total.state, total.followed) == ("right", [])


def test_nothing_that_runs_beside_a_solution_comes_back(hand_in):
    looks = "def total(X):\n    print(double.__code__.co_consts)\n    raise ValueError(double.__code__.co_consts)"
    total = hand_in(TORCH, TRIPLE, looks, runs=(runs := []))[1]
    assert total.followed == ["double"] and total.earned == 0
    assert "X is text" in str(runs[1].observations["adds_up_rows"]) and "X is text" not in str(total)


def test_what_a_solution_calls_through_a_function_of_the_handout_is_known(key):
    handout = FOLLOWING.handout.replace("import torch\n", "import torch\n\ndef call(X):\n    return double(X)\n")
    through = replace(FOLLOWING, handout=handout.replace("double(X).sum", "call(X).sum"))
    calls = {"double": [], "total": ["double"]}
    assert build_key(through, Here(), "seed", public_only=False).calls == key.calls == calls


def test_without_a_word_of_the_author_there_is_no_solution_to_stand_in(classroom):
    assert classroom.key.stand_ins == {}
    after = replace(FILES, checks=CHECKS.replace('exercise("double")', 'exercise("double", solution="after")'))
    assert build_key(after, Here(), "seed", public_only=False).stand_ins == {}


def test_an_exercise_whose_solution_may_not_be_read_stands_in_for_none(key, classroom):
    untold = msgspec.structs.replace(key, stand_ins={})
    total = graded(untold, classroom.submission(TORCH, TRIPLE, TOTAL))[1]
    assert (total.below, total.followed, total.earned) == (["double"], [], 0)


@pytest.mark.parametrize("shown", ["", ', solution="after"'], ids=["none", "one that no other calls"])
def test_a_lesson_without_a_solution_that_may_stand_in_is_told(shown):
    checks = CHECKS.replace('Lesson("numbers")', 'Lesson("numbers", follow_through=True)')
    files = replace(FILES, checks=checks.replace('exercise("total")', f'exercise("total"{shown})'))
    with pytest.raises(CourseError, match=r"^solutions/numbers/checks\.py: the lesson asks for follow_through, and no sol"):
        build_key(files, Here(), "seed", public_only=False)


def test_a_students_own_check_says_the_same_of_all_exercises_and_of_one(tmp_path):
    course = course_on_disk(tmp_path, FOLLOWING)
    with closing(Plain()) as worker:
        for answer in (TRIPLE, STUB):
            (tmp_path / "exercises" / "numbers" / "numbers.py").write_text("\n\n# %%\n".join([TORCH, answer, TOTAL]))
            (tmp_path / "exercises" / "numbers" / "numbers.ipynb").unlink(missing_ok=True)
            whole = own_check.check(course, "numbers", None, worker).exercises[1]
            alone = own_check.check(course, "numbers", "total", worker).exercises[0]
            assert whole.followed == alone.followed == ["double"]
            assert whole.earned == alone.earned == 2
            assert "it passes every check and earns their points." in whole.summary == alone.summary
