"""The numbers of a class: scores, checks, named mistakes, and whose hand-in needs a look. It reads results alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import combinations
from statistics import fmean, median, quantiles
from typing import Literal

import msgspec

from grader.errors import FaultKind
from grader.judge.result import Person, Result
from grader.messages import in_a_row, say, together
from grader.report.outcome import short

BARS = 10
"""Bars of the distribution of scores, each a tenth of the points; the last one holds full marks and more."""
FEWEST = 5
"""Hand-ins below which nothing is said of how well a check separates them: a correlation of fewer is mostly chance."""
TOGETHER_AT_MOST = 20
"""Pairs of mistakes that are listed, the commonest first."""

Separation = Literal["well", "somewhat", "hardly", "wrong_way", "all_pass", "all_fail", "too_few", "no_spread"]
"""How a check tells those who do well in the rest of the lesson from those who do not."""
Look = Literal["unjudged", "no_file", "no_lesson", "time", "crashed", "isolation", "notes"]
"""Why a hand-in needs a look: something could not be judged, there was no file to grade or no such lesson, something took
too long or did not come back for another reason, there was no sandbox, or there is something to say about its file."""
TOO_LONG: frozenset[FaultKind] = frozenset({"time", "waited", "overtime"})


class CheckNumbers(msgspec.Struct):
    """One check: `passed` of `judged` hand-ins pass it. `correlation` is the point-biserial one with what the other checks
    of the lesson earned, None where there is none."""

    exercise: str
    check: str
    says: str
    hidden: bool
    passed: int
    judged: int
    correlation: float | None
    separates: Separation


class MistakeNumbers(msgspec.Struct):
    """A named mistake, and who made it."""

    exercise: str
    mistake: str
    says: str
    students: list[str]


class LessonNumbers(msgspec.Struct):
    """One lesson. `scores` are the final ones by student; `bars` count them by tenths of `points`; a quarter
    of the students has less than the first of `quartiles`, a quarter more than the second. `late` are seconds, and
    `not_handed_in` is everyone in the class or its gradebook of whom there is no file."""

    lesson: str
    points: float
    scores: dict[str, float]
    mean: float
    median: float
    full: int
    bars: list[int]
    quartiles: tuple[float, float]
    checks: list[CheckNumbers]
    mistakes: list[MistakeNumbers]
    late: dict[str, float] = {}
    not_handed_in: list[str] = []
    waiting: int = 0
    """Answers in words that nobody has graded yet."""
    lines: list[LinesNumbers] = []


class LinesNumbers(msgspec.Struct):
    """Where the lines at fault of wrong answers without a name cluster: the exercise, what kind of thing, and who."""

    exercise: str
    kind: str
    students: list[str]


class Together(msgspec.Struct):
    """Two mistakes, `lesson/exercise: name`, that the same students made."""

    first: str
    second: str
    students: list[str]


class EqualCode(msgspec.Struct):
    """Hand-ins of one lesson whose code is equal, but for names and layout: a fact, and no verdict on who wrote it."""

    lesson: str
    students: list[str]


class ToLookAt(msgspec.Struct):
    """A hand-in that needs a look: each reason with what there is to say of it."""

    student: str
    lesson: str
    reasons: dict[Look, str]


class Summary(msgspec.Struct):
    """A class. `without_results` are students whose work is not graded yet; `all_open` says that nothing was graded in the
    sandbox, which is then no reason to look at one hand-in before another. `names` are those of the roster, by id."""

    students: list[str]
    without_results: list[str]
    all_open: bool
    lessons: list[LessonNumbers]
    together: list[Together]
    to_look_at: list[ToLookAt]
    equal: list[EqualCode] = []
    names: dict[str, str] = {}


def summarize(
    results: Iterable[Result],
    lessons: Sequence[str],
    students: Iterable[str] = (),
    people: Mapping[str, Person] | None = None,
) -> Summary:
    """The numbers of a class.

    Args:
        results: with final scores, in any order.
        lessons: the order of the lessons; those without a result are left out.
        students: everyone who has handed in, graded or not.
        people: everyone in the gradebook, by id.
    """
    people = people or {}
    results = sorted(results, key=lambda item: (item.student, item.lesson))
    by_lesson: dict[str, list[Result]] = {}
    for item in results:
        if item.exercises:
            by_lesson.setdefault(item.lesson, []).append(item)
    known = [name for name in lessons if name in by_lesson]
    order = known + sorted(by_lesson.keys() - set(known))
    graded = {item.student for item in results}
    students = set(students)
    everyone = graded | students | people.keys()
    all_open = bool(results) and all(item.isolation != "sandbox" for item in results)
    looks = [ToLookAt(item.student, item.lesson, _reasons(item, all_open)) for item in results]
    return Summary(
        sorted(graded),
        sorted(students - graded),
        all_open,
        [_lesson(name, by_lesson[name], everyone) for name in order],
        _together(results),
        [item for item in looks if item.reasons],
        _equal(results),
        {student: people[student].name for student in sorted(everyone & people.keys()) if people[student].name},
    )


def _equal(results: list[Result]) -> list[EqualCode]:
    """Groups of hand-ins with equal code, the largest first. Those in which nothing is written yet are left out."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in results:
        if item.code and any(each.state not in ("stub", "missing") for each in item.exercises):
            groups.setdefault((item.lesson, item.code), []).append(item.student)
    found = [EqualCode(lesson, students) for (lesson, _), students in groups.items() if len(students) > 1]
    return sorted(found, key=lambda each: (-len(each.students), each.lesson, each.students))


def _lesson(name: str, results: list[Result], everyone: Set[str]) -> LessonNumbers:
    points = max(item.points for item in results)
    scores = {item.student: item.score for item in results}
    bars = [0] * BARS
    for score in scores.values():
        bars[min(BARS - 1, int(BARS * score / points + 1e-9)) if points else 0] += 1
    full = sum(score >= points for score in scores.values())
    middle = fmean(scores.values()), median(scores.values())
    first, _, third = quantiles(scores.values(), method="inclusive") if len(scores) > 1 else [middle[0]] * 3
    quarters = first, third
    found = LessonNumbers(name, points, scores, *middle, full, bars, quarters, _checks(results), _mistakes(results))
    found.late = {item.student: item.late for item in results if item.late}
    found.lines = _lines(results)
    found.waiting = sum(each.waits for item in results for each in item.exercises)
    found.not_handed_in = sorted(everyone - {item.student for item in results if item.file})
    return found


def _checks(results: list[Result]) -> list[CheckNumbers]:
    """The checks of a lesson. Only hand-ins with a file that could be graded count: others pass nothing."""
    names: dict[tuple[str, str], tuple[str, bool]] = {}
    found: dict[tuple[str, str], list[tuple[bool, float]]] = {}
    for item in results:
        earned = item.earned
        for exercise in (each for each in item.exercises if not each.in_words):
            for verdict in exercise.verdicts:
                key = exercise.exercise, verdict.check
                names.setdefault(key, (verdict.says, verdict.hidden))
                seen = found.setdefault(key, [])
                if item.file and verdict.passed is not None:
                    seen.append((verdict.passed, earned - verdict.earned))
    checks = []
    for (exercise_name, check), (says, hidden) in names.items():
        seen = found[exercise_name, check]
        passed = [ok for ok, _ in seen]
        correlation = point_biserial(passed, [rest for _, rest in seen])
        judged = sum(passed), len(passed), correlation, separates(passed, correlation)
        checks.append(CheckNumbers(exercise_name, check, says, hidden, *judged))
    return checks


def point_biserial(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """The correlation between passing a check and the score in the rest: (M₁ - M₀) / s · √(p (1 - p)), with the means of
    those who pass and who don't, the standard deviation of all (divided by n) and the share p that passes.

    None where all pass, none does, or all scores are alike. Source: Lord and Novick, Statistical Theories of Mental Test
    Scores, 1968.
    """
    those = [score for ok, score in zip(passed, rest, strict=True) if ok]
    others = [score for ok, score in zip(passed, rest, strict=True) if not ok]
    if not those or not others:
        return None
    mean, share = fmean(rest), len(those) / len(rest)
    deviation = math.sqrt(fmean((score - mean) ** 2 for score in rest))
    if deviation < 1e-9:
        return None
    return (fmean(those) - fmean(others)) / deviation * math.sqrt(share * (1 - share))


def separates(passed: Sequence[bool], correlation: float | None) -> Separation:
    """The word for a correlation. The bounds are those that item analysis uses: 0.3 is good, below 0.1 is poor."""
    if len(passed) < FEWEST:
        return "too_few"
    if all(passed) or not any(passed):
        return "all_pass" if passed[0] else "all_fail"
    if correlation is None:
        return "no_spread"
    if correlation <= -0.1:
        return "wrong_way"
    return "well" if correlation >= 0.3 else "somewhat" if correlation >= 0.1 else "hardly"


def _mistakes(results: list[Result]) -> list[MistakeNumbers]:
    """The named mistakes, the commonest first."""
    found: dict[tuple[str, str], MistakeNumbers] = {}
    for item in results:
        for exercise in item.exercises:
            for name, says in exercise.mistakes.items():
                fresh = MistakeNumbers(exercise.exercise, name, says, [])
                found.setdefault((exercise.exercise, name), fresh).students.append(item.student)
    return sorted(found.values(), key=lambda each: (-len(each.students), each.exercise, each.mistake))


def _lines(results: list[Result]) -> list[LinesNumbers]:
    """Where the lines at fault that were found cluster, the commonest first."""
    found: dict[tuple[str, str], LinesNumbers] = {}
    for item in results:
        for exercise in item.exercises:
            if exercise.line:
                place = exercise.exercise, exercise.line.kind
                found.setdefault(place, LinesNumbers(*place, [])).students.append(item.student)
    return sorted(found.values(), key=lambda each: (-len(each.students), each.exercise, each.kind))


def _together(results: list[Result]) -> list[Together]:
    """Pairs of mistakes that more than one student made both of, the commonest first."""
    of_student: dict[str, set[str]] = {}
    for item in results:
        for exercise in item.exercises:
            made = {f"{item.lesson}/{exercise.exercise}: {name}" for name in exercise.mistakes}
            of_student.setdefault(item.student, set()).update(made)
    pairs = Counter(pair for made in of_student.values() for pair in combinations(sorted(made), 2))
    common = sorted((-number, pair) for pair, number in pairs.items() if number > 1)[:TOGETHER_AT_MOST]
    return [Together(*pair, [name for name, made in of_student.items() if made.issuperset(pair)]) for _, pair in common]


def _reasons(item: Result, all_open: bool) -> dict[Look, str]:
    """Why a hand-in needs a look; nothing where it does not."""
    found: dict[Look, str] = {}
    about = short(together(*item.notes))
    if unjudged := [each.exercise for each in item.exercises if each.state == "unjudged"]:
        found["unjudged"] = ", ".join(unjudged)
    for why in ("time", "crashed"):
        if what := _did_not_come_back(item, too_long=why == "time"):
            found[why] = what
    if item.isolation != "sandbox" and not all_open:
        found["isolation"] = say("no_sandbox", isolation=item.isolation)
    if not item.exercises or not item.file:
        found["no_file" if item.exercises else "no_lesson"] = about
    elif other := short(together(*(note for note in item.notes if note not in item.stopped))):
        found["notes"] = other
    return found


def _did_not_come_back(item: Result, *, too_long: bool) -> str:
    """The exercises and the notes in which a step took too long, or those in which it stopped for another reason."""
    exercises = [
        each.exercise
        for each in item.exercises
        if any(verdict.stopped and (verdict.stopped in TOO_LONG) == too_long for verdict in each.verdicts)
    ]
    notes = short(together(*(note for note, kind in item.stopped.items() if (kind in TOO_LONG) == too_long)))
    return ". ".join(filter(None, [in_a_row(exercises), notes]))
