"""A run of a submission → its result: a verdict for each check, a diagnosis and a sentence for each exercise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from grader.checks import Check
from grader.digest import digest
from grader.errors import Fault, FaultKind
from grader.files.submission import Submission
from grader.judge.cells import cell_notes, defined_twice, of_stub, own_raise, where_of, why_missing, why_stub
from grader.judge.compare import short
from grader.judge.diagnose import AtHome, Seen, diagnose
from grader.judge.key import Key, seed_of
from grader.judge.literal import NUMBERS_AT_MOST, too_large
from grader.judge.observation import CELL_SECONDS, Error, Named, Observation, Run
from grader.judge.replay import replay
from grader.judge.result import ExerciseResult, Isolation, Result, Verdict
from grader.judge.verdict import error_sentence, fault_sentence, judge
from grader.messages import in_a_row, say, together
from grader.seeded import cotangents

PRINTED_SHOWN, LINES_SHOWN = 1000, 20
"""Characters and lines of what the code printed in one case that are still shown."""
SURE = "right", "stub", "missing"
"""States of an exercise that need no reason."""


class Followed(NamedTuple):
    """What an exercise gives, by check, with the solutions of others in their place."""

    solutions: list[str]
    seen: Seen


def assess(
    key: Key,
    submission: Submission,
    run: Run,
    isolation: Isolation,
    *,
    show_hidden: bool = False,
    at_home: AtHome | None = None,
    probes: str = "",
    is_right: Callable[[str], bool] = lambda other: True,
    followed: Mapping[str, Followed] | None = None,
    draft: Result | None = None,
    drafts: bool = False,
) -> Result:
    """Judge what a run gave. Says the same for the same observations, whoever asks.

    Args:
        show_hidden: tell of the hidden checks what is told of the others: the case that failed, and what the answer said.
        at_home: where to look for its mistakes first, and what is told of visible checks: so it is nothing that the inputs
            of a class would give away.
        probes: the text of the `checks.py` that the student has, whose own check this is: it tells how to run a failing case
            again, and shows the solution of what is right where the key carries it.
        is_right: says of another name than the key's exercises whether all is right with it, where a wrong answer uses it.
        followed: the exercises that were run once more without the mistakes that they rest on (`grader.sandbox.follow`).
        drafts: look for no reason of what is wrong.
        draft: what came of that; what is `SURE` there is not judged again.
    """
    of_cells = cell_notes(submission, run)
    notes = [*submission.notes, *(note for note, _ in of_cells)] + [say(f"noted_{item}") for item in sorted(run.noted)]
    sure = {item.exercise: item for item in draft.exercises if item.state in SURE} if draft else {}
    exercises = [
        sure.get(exercise.name) or _exercise(key, exercise.name, submission, run, show_hidden, at_home, drafts)
        for exercise in key.exercises
    ]
    for result in exercises:
        _point_below(result, exercises, run, is_right)
        if result.below:
            _say_below(result, _follow(key, result, (followed or {}).get(result.exercise)))
        if probes and result.state == "wrong":
            _add_replay(result, key, run, probes)
        if probes and result.state == "right":
            result.solution = key.solutions.get(result.exercise)
            result.more = next(item.hidden for item in key.exercises if item.name == result.exercise)
        notes += defined_twice(result, submission, run)
    exercises += _in_words(key, submission)
    stopped = {note: kind for note, kind in of_cells if kind}
    about = submission.file, notes, run.printed
    return Result(submission.student, submission.lesson, exercises, *about, isolation=isolation, stopped=stopped)


def nothing(key: Key, submission: Submission, isolation: Isolation) -> Result:
    """The result of a hand-in without any cell to run: every check failed, and the notes say why."""
    why = submission.notes[-1] if submission.notes else say("empty_folder", lesson=submission.lesson)
    exercises = [
        ExerciseResult(item.name, "missing", why, [_failed(check, why) for check in key.checks_of(item.name)])
        for item in key.exercises
    ] + _in_words(key, submission)
    return Result(submission.student, submission.lesson, exercises, submission.file, submission.notes, isolation=isolation)


def untouched(key: Key, submission: Submission, isolation: Isolation) -> Result:
    """The result of a release as it was given out: every exercise is still to be written."""
    exercises = [_stub(key, item.name) for item in key.exercises] + _in_words(key, submission)
    return Result(submission.student, submission.lesson, exercises, submission.file, submission.notes, isolation=isolation)


def _in_words(key: Key, submission: Submission) -> list[ExerciseResult]:
    """The answers in words: a person grades what is there, and an empty cell earns nothing."""
    found = []
    for item in key.written:
        state, text = submission.state_in_words(item.name), submission.words(item.name)
        why = say({"by_hand": "graded_by_hand", "missing": "answer_missing", "stub": "stub"}[state], name=item.name)
        verdict = Verdict(item.name, say("answer_in_words"), item.points, False, None if text else False, why)
        found.append(ExerciseResult(item.name, state, why, [verdict], words=digest([text or ""])))
    return found


def _stub(key: Key, name: str) -> ExerciseResult:
    why = say("stub", name=name)
    return ExerciseResult(name, "stub", why, [_failed(check, why) for check in key.checks_of(name)])


def _exercise(
    key: Key, name: str, submission: Submission, run: Run, show_hidden: bool, at_home: AtHome | None, drafts: bool
) -> ExerciseResult:
    checks = key.checks_of(name)
    if isinstance(run.names, Fault):
        why, kind = fault_sentence(run.names, CELL_SECONDS), run.names.kind
        return ExerciseResult(name, "wrong", why, [_failed(check, why, kind) for check in checks])
    named = run.names.get(name, Named("missing"))
    if named.kind != "callable":
        missing = named.kind == "missing"
        why = why_missing(name, submission, run) if missing else say("not_callable", name=name, type=named.kind)
        return ExerciseResult(name, "missing" if missing else "wrong", why, [_failed(check, why) for check in checks])
    seen = {check.name: run.observations.get(check.name, []) for check in checks}
    verdicts = [_verdict(key, check, seen[check.name], submission, show_hidden, at_home, drafts) for check in checks]
    if all(verdict.passed for verdict in verdicts):
        return ExerciseResult(name, "right", say("right"), verdicts)
    if any(verdict.passed is None for verdict in verdicts):
        return ExerciseResult(name, "unjudged", say("unjudged"), verdicts)
    if stubs := _stubs(name, verdicts, seen):
        why = why_stub(name, named, stubs[0], submission)
        if len(stubs) == len(verdicts):
            return ExerciseResult(name, "stub", why, [_failed(check, why) for check in checks])
        return ExerciseResult(name, "wrong", why, verdicts)
    if drafts:
        return ExerciseResult(name, "wrong", "", verdicts)
    found = diagnose(key, name, seen, at_home)
    mistakes = {mistake.name: mistake.says for mistake in found}
    summary = _named(list(mistakes.values()), verdicts) if mistakes else _first_problem(verdicts)
    return ExerciseResult(name, "wrong", summary, verdicts, mistakes)


def _stubs(name: str, verdicts: list[Verdict], seen: dict[str, list[Observation] | Fault]) -> list[Error]:
    """The errors of a stub that are all that keeps checks from passing; none where something else does, too."""
    found = [_stub_error(name, seen[verdict.check]) for verdict in verdicts if not verdict.passed]
    stubs = [error for error in found if error]
    return stubs if len(stubs) == len(found) else []


def _stub_error(name: str, seen: list[Observation] | Fault) -> Error | None:
    errors = [] if isinstance(seen, Fault) else [item.error for item in seen if item.error]
    return next((error for error in errors if of_stub(name, error)), None)


def _verdict(
    key: Key,
    check: Check,
    seen: list[Observation] | Fault,
    submission: Submission,
    show_hidden: bool,
    at_home: AtHome | None,
    drafts: bool,
) -> Verdict:
    told_there = at_home is not None and check.name in at_home.seen
    verdict = judge(check, key.expected[check.name], seen, called=key.called, shows=not (drafts or told_there))
    verdict.shown_anyway = check.hidden and show_hidden
    if not verdict.passed:
        verdict.reason = verdict.message if not isinstance(seen, Fault) else f"{verdict.message} ({seen.kind}: {seen})"
    if verdict.closed:
        # From the moment a hidden probe is in the process, nothing a student's code says may come back.
        hidden = {True: "", False: say("hidden_failed"), None: say("hidden_unjudged")}
        verdict.message = hidden[verdict.passed]
        verdict.case, verdict.shown, verdict.advice = None, None, []
    elif not isinstance(seen, Fault):
        if verdict.passed is False and at_home and check.name in at_home.seen:
            seen = _told_at_home(verdict, check, seen, at_home)
        told = [item for item in seen if verdict.case in (None, item.case)][:1]
        verdict.printed = "".join(_cut(item.printed) for item in told)
        # What is charged for its operations has no case: an error in one of them, which may be right there, is not why.
        is_why = not verdict.passed and (verdict.case is not None or check.given)
        for error in [item.error for item in told if item.error and is_why]:
            verdict.where = where_of(error, submission)
            if (word := own_raise(error, submission)) and verdict.message == error_sentence(error):
                stopped = f"{error.type}: {short(error.message, 500).rstrip('.')}" if error.message else error.type
                verdict.message = say("raised_yourself", word=word, error=stopped)
            verdict.called_from = [place for line in error.called_from if (place := where_of(line, submission))]
    return verdict


def _told_at_home(verdict: Verdict, check: Check, seen: list[Observation], at_home: AtHome) -> list[Observation]:
    """Have a check that failed tell what it tells at home, and where it passes there, no expected value: whoever hands in
    again and again could put them all together. The observations that are told of."""
    there = at_home.seen[check.name]
    if not isinstance(there, Fault):
        own = judge(check, at_home.key.expected[check.name], there, called=at_home.key.called)
        if own.passed is False:
            verdict.message, verdict.case, verdict.shown = own.message, own.case, own.shown
            return there
    verdict.shown = None
    if verdict.case is not None and not any(item.error for item in seen if item.case == verdict.case):
        verdict.message = say("only_in_class")
    return seen


def _add_replay(result: ExerciseResult, key: Key, run: Run, probes: str) -> None:
    """Note how the case can be run again that is told of an exercise."""
    verdict = next(verdict for verdict in result.verdicts if not verdict.passed)
    check = next(check for check in key.checks_of(result.exercise) if check.name == verdict.check)
    seen = run.observations.get(check.name, [])
    if isinstance(seen, Fault) or verdict.hidden:
        return
    if check.given and (size := sum(item.size for item in check.given.inputs.values())) > NUMBERS_AT_MOST:
        verdict.not_pasted = too_large(size)
    for got in [item for item in seen if item.case == verdict.case]:
        want = next(item for item in key.expected[check.name] if item.case == verdict.case)
        drawn = cotangents(seed_of(check, key.seed), key.lesson, check.name, want.case)
        verdict.replay, verdict.not_pasted = replay(check, want, got, verdict.shown, probes, drawn, key.called)


def _cut(printed: str) -> str:
    """The start of what was printed, and how much more there is."""
    lines = printed.rstrip()[:PRINTED_SHOWN].split("\n")[:LINES_SHOWN]
    left = len(printed.rstrip()) - len("\n".join(lines))
    return "\n".join(lines) + ("\n" + say("printed_more", characters=left) if left else "")


def _failed(check: Check, why: str, stopped: FaultKind | None = None) -> Verdict:
    told = say("hidden_failed") if check.hidden else why
    return Verdict(check.name, check.says, check.points, check.hidden, False, told, stopped=stopped)


def _first_problem(verdicts: list[Verdict]) -> str:
    failed = [verdict for verdict in verdicts if not verdict.passed]
    public = [verdict for verdict in failed if not verdict.hidden]
    return public[0].message if public else say("public_right", says=failed[0].says)


def _named(sentences: list[str], verdicts: list[Verdict]) -> str:
    """The sentences of the mistakes that were found, with the error that the answer stopped with: no name hides it."""
    told = say("and_then").join(sentences)
    open_ones = [each for each in verdicts if not each.passed and not each.closed]
    stopped = next((each for each in open_ones if each.where), None)
    if stopped is None:
        return told
    sentence = "named_and_stopped" if stopped is open_ones[0] else "named_and_stopped_elsewhere"
    return say(sentence, says=told, error=stopped.message, where=stopped.where)


def _point_below(result: ExerciseResult, exercises: list[ExerciseResult], run: Run, is_right: Callable[[str], bool]) -> None:
    """Note the other exercises that a wrong answer uses and that are not right either: there is where to look. What is wrong
    here may be no more than what comes of it."""
    if result.state != "wrong" or isinstance(run.names, Fault):
        return
    right = {other.exercise: other.state == "right" for other in exercises}
    used = [name for name in sorted(run.names[result.exercise].uses) if name != result.exercise]
    result.below = [name for name in used if not (right[name] if name in right else is_right(name))]


def _follow(key: Key, result: ExerciseResult, followed: Followed | None) -> str:
    """Have an exercise earn what it earns with solutions in the place of what it rests on; the sentence about that, or
    nothing where it was not run so. Of hidden checks nothing else of this run is told, nor of the others."""
    if followed is None:
        return ""
    result.followed = followed.solutions
    for check, verdict in zip(key.checks_of(result.exercise), result.verdicts, strict=True):
        if not verdict.passed:
            verdict.followed = bool(judge(check, key.expected[check.name], followed.seen.get(check.name, [])).passed)
    passing, names = sum(bool(each.passed or each.followed) for each in result.verdicts), _named_code(followed.solutions)
    if passing == len(result.verdicts):
        result.mistakes = {}  # what was found was not its own
        return say("followed_right", names=names)
    if not passing:
        return say("followed_wrong", names=names)
    return say("followed_partly", names=names, passing=passing, number=len(result.verdicts))


def _say_below(result: ExerciseResult, followed: str) -> None:
    """Begin with what a wrong answer rests on, and with what it earns without that."""
    first = say("builds_on" if len(result.below) == 1 else "builds_on_several", names=_named_code(result.below))
    # A name found where something below is wrong may be that one's doing: it holds only if it stays.
    then = say("if_it_stays", says=result.summary) if result.mistakes else result.summary
    if all(verdict.passed or verdict.followed for verdict in result.verdicts):
        then = ""
    result.summary = together(*filter(None, (first, followed, then)))


def _named_code(names: list[str]) -> str:
    return in_a_row(f"`{name}`" for name in names)
