"""The numbers of a class, by hand."""

import csv
import io
import json

import msgspec
import pytest

from grader.judge.result import ExerciseResult, Line, Person, Result, Verdict
from grader.report import class_page, spreadsheet
from grader.report.summary import point_biserial, separates, summarize


def hand_in(student, passes, *, lesson="numbers", mistakes=(), file="numbers.py", **more):
    """A hand-in to a lesson of checks worth a point each, the last of them hidden; None could not be judged."""
    exercises = [
        ExerciseResult(
            f"exercise_{number}", {True: "right", False: "wrong", None: "unjudged"}[passed], "",
            [Verdict("works", "It works.", 1.0, number == len(passes) - 1, passed)],
            dict.fromkeys(mistakes, "You did that.") if number == 0 else {},
        )
        for number, passed in enumerate(passes)
    ]  # fmt: skip
    return Result(student, lesson, exercises, file, **more)


def test_the_correlation_is_that_of_the_textbook():
    assert point_biserial([True, True, False, False], [1, 1, 0, 0]) == pytest.approx(1)
    assert point_biserial([False, False, True, True], [1, 1, 0, 0]) == pytest.approx(-1)
    assert point_biserial([True, False, True, False], [4, 3, 2, 1]) == pytest.approx(1 / 5**0.5)


@pytest.mark.parametrize(
    ("passed", "rest"),
    [([], []), ([True], [1.0]), ([True] * 6, range(6)), ([False] * 6, range(6)), ([True, False], [0.1, 0.1])],
)
def test_where_nothing_can_be_compared_there_is_no_correlation(passed, rest):
    assert point_biserial(passed, rest) is None


def test_the_words_for_a_correlation():
    mixed = [True] * 3 + [False] * 3
    words = [separates(mixed, value) for value in (0.5, 0.2, 0.0, -0.5, None)]
    assert words == ["well", "somewhat", "hardly", "wrong_way", "no_spread"]
    assert separates([True] * 6, None) == "all_pass" and separates([False] * 6, None) == "all_fail"
    assert separates([True, False], 1.0) == "too_few" and separates([], None) == "too_few"


def test_scores_are_the_final_ones():
    late = hand_in("ada", (True, True), penalty=0.5)
    by_hand = hand_in("bob", (False, False))
    by_hand.exercises[0].final = 5.0  # with extra credit
    (lesson,) = summarize([by_hand, late], ["numbers"]).lessons
    assert lesson.scores == {"ada": 1.5, "bob": 5.0} and lesson.points == 2
    assert (lesson.mean, lesson.median, lesson.full) == (3.25, 3.25, 1)
    assert lesson.bars == [0] * 7 + [1, 0, 1]


def test_one_student_and_no_student():
    found = summarize([hand_in("ada", (True,))], ["numbers"], ["ada", "bob"])
    assert found.students == ["ada"] and found.without_results == ["bob"]
    (check,) = found.lessons[0].checks
    assert (check.passed, check.judged, check.correlation, check.separates, check.hidden) == (1, 1, None, "too_few", True)
    assert not summarize([], ["numbers"]).lessons


def test_a_check_is_compared_with_the_rest_and_counts_only_what_could_be_judged():
    strong = [hand_in(f"strong-{number}", (True, True, True)) for number in range(3)]
    weak = [hand_in(f"weak-{number}", (False, False, True)) for number in range(3)]
    others = hand_in("none", (False, False, False), file=""), hand_in("unjudged", (None, True, True))
    first, second, third = summarize([*strong, *weak, *others], []).lessons[0].checks
    assert (first.passed, first.judged, first.separates) == (3, 6, "well") and first.correlation == pytest.approx(1)
    assert (second.passed, second.judged) == (4, 7)
    assert (third.passed, third.judged, third.correlation, third.separates) == (7, 7, None, "all_pass")


def test_mistakes_are_counted_with_who_made_them_and_which_come_together():
    both = [hand_in(name, (False,), mistakes=["squared", "cut_off"]) for name in ("bob", "ada")]
    found = summarize([*both, hand_in("eve", (False,), mistakes=["squared"])], [])
    assert [(each.mistake, each.students) for each in found.lessons[0].mistakes] == [
        ("squared", ["ada", "bob", "eve"]), ("cut_off", ["ada", "bob"]),
    ]  # fmt: skip
    (pair,) = found.together
    assert (pair.first, pair.second) == ("numbers/exercise_0: cut_off", "numbers/exercise_0: squared")
    assert pair.students == ["ada", "bob"]


def test_who_needs_a_look():
    slow = hand_in("slow", (False,))
    slow.exercises[0].verdicts[0].stopped = "time"
    slower = hand_in("waits", (False,))
    slower.exercises[0].verdicts[0].stopped = "waited"
    ended = hand_in("ended", (False,), notes=["A note."])
    ended.exercises[0].verdicts[0].stopped = "ended"
    cell = "It took longer."
    found = summarize(
        [
            hand_in("cell", (True,), notes=[cell], stopped={cell: "time"}), hand_in("fine", (True,)), slow, slower, ended,
            hand_in("unjudged", (None,)),
            hand_in("open", (True,), isolation="process"),
            hand_in("empty", (False,), file="", notes=["The folder is empty."]),
            hand_in("noted", (True,), notes=["A note."]),
            Result("lost", "nombers", [], notes=["There is no lesson."]),
        ], [],
    )  # fmt: skip
    assert {each.student: list(each.reasons) for each in found.to_look_at} == {
        "cell": ["time"], "slow": ["time"], "waits": ["time"], "ended": ["crashed", "notes"],
        "unjudged": ["unjudged"], "open": ["isolation"],
        "empty": ["no_file"], "noted": ["notes"], "lost": ["no_lesson"],
    }  # fmt: skip
    assert [item.lesson for item in found.lessons] == ["numbers"] and not found.all_open


def test_where_nothing_was_isolated_it_is_said_once():
    found = summarize([hand_in(name, (True,), isolation="process") for name in ("ada", "bob")], [])
    assert found.all_open and not found.to_look_at


def test_the_numbers_are_json_for_any_reader():
    found = summarize([hand_in("ada", (True, None)), hand_in("bob", (True, True))], [])
    assert "NaN" not in json.dumps(json.loads(msgspec.json.encode(found)), allow_nan=False)


def test_the_numbers_of_checks_are_a_table_too():
    found = summarize([hand_in(f"s{number}", (number > 1, number > 2)) for number in range(6)], ["numbers"])
    head, first, second = csv.reader(io.StringIO(spreadsheet.of_checks(found).removeprefix("\ufeff")))
    assert head[:4] == ["lesson", "exercise", "check", "hidden"] and first[3:7] == ["no", "4", "6", "0.6667"]
    assert second[3:7] == ["yes", "3", "6", "0.5"] and second[-1] == "well"


def test_who_was_late_or_has_not_handed_in_is_named_from_the_roster():
    late = hand_in("ada", (True, True), late=7200.0)
    people = {"ada": Person("Ada", "Byron"), "cy": Person("Cy", "Twombly"), "old": Person()}
    found = summarize([late, hand_in("bo", (True, True), file="")], ["numbers"], ["di"], people)
    (lesson,) = found.lessons
    assert lesson.late == {"ada": 7200.0} and lesson.not_handed_in == ["bo", "cy", "di", "old"]
    assert found.names == {"ada": "Ada Byron", "cy": "Cy Twombly"}
    page = class_page.page(found, {("ada", "numbers"): "#", ("bo", "numbers"): "#"})
    assert "2 h late" in page and "cy (Cy Twombly)" in page


def test_it_is_counted_what_the_lines_at_fault_are_about():
    located = [hand_in(f"s{number}", (False, True)) for number in range(3)]
    for number, item in enumerate(located):
        item.exercises[0].line = Line("axis" if number else "operator", "Look here.")
    found = summarize(located, ["numbers"])
    assert [(each.exercise, each.kind, each.students) for each in found.lessons[0].lines] == [
        ("exercise_0", "axis", ["s1", "s2"]),
        ("exercise_0", "operator", ["s0"]),
    ]
    assert "Lines at fault" in class_page.page(found, dict.fromkeys(((f"s{number}", "numbers") for number in range(3)), "#"))


def test_lessons_are_drawn_in_their_order_with_the_middle_half_of_the_students():
    students = [hand_in(f"s{number}", [number > place for place in range(4)], lesson="zeros") for number in range(5)]
    others = [hand_in("s1", (True, True), lesson="ones")]
    found = summarize([*students, *others], ["zeros", "ones"])
    zeros, ones = found.lessons
    assert (zeros.mean, zeros.quartiles) == (2, (1, 3)) and ones.quartiles == (2, 2)
    page = class_page.page(found, {(item.student, item.lesson): "#" for item in [*students, *others]})
    assert "zeros: mean 50 %, middle half 25 % to 75 %; ones: mean 100 %, middle half 100 % to 100 %" in page
    alone = summarize(others, ["ones"])
    assert "polyline points" not in class_page.page(alone, {("s1", "ones"): "#"})
