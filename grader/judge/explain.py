"""All that a verdict came from, for the instructor: cases, what was compared, by which bounds, and which mistakes were near.
It decides nothing: it tells again, step by step, what `assess` and `diagnose` did."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import msgspec

from grader.checks import ADVICE, Check
from grader.errors import Fault
from grader.judge.compare import bounds, short
from grader.judge.diagnose import agrees
from grader.judge.key import Key, Mistake, seed_of
from grader.judge.observation import Error, Node, Observation, Plain, Run, Sequence, Tensor
from grader.judge.observation import Mapping as Dict
from grader.judge.replay import replay
from grader.judge.result import ExerciseResult, Result, Verdict
from grader.judge.show import show, text
from grader.judge.verdict import OUR_OWN, alike, charges, difference, error_sentence, main_cases
from grader.messages import in_a_row, told
from grader.seeded import cotangents

NEAR_AT_MOST = 5
"""Misconceptions that are still told of an exercise, the nearest first."""


class Case(msgspec.Struct):
    """One case: what went in, what was expected and what came, and how that differs; nothing where it is as expected.
    `counts` is false of variants on which nothing but advice is given."""

    case: int
    kind: str
    counts: bool
    inputs: dict[str, str]
    expected: str
    got: str
    gradients: dict[str, tuple[str, str]]
    changed: list[str]
    operations: dict[str, int]
    printed: str
    problem: str


class CheckTold(msgspec.Struct):
    """One check: what it compared and by which bounds, the `seconds` that it took by the clock, the `limit` of its
    processor time, and its cases. `followed`: it passed with solutions in the place of what its exercise calls. `replay`:
    the first case that differs, as Python to paste."""

    check: str
    says: str
    hidden: bool
    points: float
    earned: float
    compared: list[str]
    seconds: float | None
    limit: float
    message: str
    reason: str
    cases: list[Case]
    followed: bool = False
    replay: str = ""


class Near(msgspec.Struct):
    """A misconception and how near it is: the checks it agrees on, of all that are compared, and where it does not."""

    mistake: str
    says: str
    agrees: int
    of: int
    why: str


class ExerciseTold(msgspec.Struct):
    exercise: str
    state: str
    earned: float
    points: float
    summary: str
    mistakes: dict[str, str]
    checks: list[CheckTold]
    near: list[Near]


def explain(key: Key, run: Run, result: Result, seconds: Mapping[str, float], probes: str) -> list[ExerciseTold]:
    """Tell how each exercise got its verdict.

    Args:
        key: one that knows what the misconceptions of wrong exercises give.
        seconds: how long each check took by the clock, by name, where it is known.
        probes: the text of the lesson's `checks.py`.
    """
    return [_exercise(key, run, item, seconds, probes) for item in result.exercises]


def _exercise(key: Key, run: Run, item: ExerciseResult, seconds: Mapping[str, float], probes: str) -> ExerciseTold:
    of = {check.name: check for check in key.checks_of(item.exercise)}
    judged = [] if item.in_words else item.verdicts
    checks = [_check(key, run, of[verdict.check], verdict, seconds.get(verdict.check), probes) for verdict in judged]
    near = _near(key, run, item) if item.state == "wrong" else []
    about = item.exercise, item.state, item.earned, item.points, item.summary, item.mistakes
    return ExerciseTold(*about, checks, near)


def _check(key: Key, run: Run, check: Check, verdict: Verdict, seconds: float | None, probes: str) -> CheckTold:
    seen = run.observations.get(check.name, [])
    by_case = {} if isinstance(seen, Fault) else {item.case: item for item in seen}
    cases = [_case(check, want, by_case.get(want.case)) for want in key.expected[check.name]]
    drawn = partial(cotangents, seed_of(check, key.seed), key.lesson, check.name)
    pasted = (
        replay(check, want, got, show(check, want, got), probes, drawn(want.case), key.called)[0]
        for case, want in zip(cases, key.expected[check.name], strict=True)
        if case.problem and case.counts and (got := by_case.get(want.case))
    )
    about = check.name, check.says, check.hidden, check.points, verdict.earned, _compared(key, check)
    return CheckTold(
        *about,
        seconds,
        check.seconds,
        verdict.message,
        verdict.reason,
        cases,
        verdict.followed,
        next(filter(None, pasted), ""),
    )


def _compared(key: Key, check: Check) -> list[str]:
    """What a check compares, a sentence each."""
    if check.at_least is not None:
        share = f"{100 * check.at_least:g}"
        return [told("at least {share} % of the answers to given inputs have to be right", share=share)]
    if check.raises:
        words = ", ".join(check.mentions)
        error = told("the error {type}, whose message holds {words}", type=check.raises, words=words)
        found = [error if words else told("the error {type}", type=check.raises)]
        others = any(not want.error for want in key.expected[check.name])
        return found + [told("what comes out of the other cases")] * others
    dtypes = sorted({dtype for want in main_cases(key.expected[check.name]) for dtype in _dtypes(want.value)})
    found = [told("structure, type, shape and dtype")]
    for dtype in dtypes:
        relative, absolute = bounds(dtype, check.tolerance)
        within = told(
            "values of {dtype} within {absolute} + {relative} × |expected|",
            dtype=dtype, absolute=f"{absolute:g}", relative=f"{relative:g}",
        )  # fmt: skip
        found.append(within if relative or absolute else told("values of {dtype} exactly", dtype=dtype))
    if check.tolerance:
        found.append(told("these bounds because: {reason}", reason=check.tolerance.because))
    if check.gradients and any(want.gradients for want in key.expected[check.name]):
        found.append(told("gradients, by the same bounds"))
    found.append(told("which inputs were changed in place"))
    if check.forbids:
        found.append(told("operations: none of {names}", names=in_a_row(check.forbids)))
    if check.vectorized:
        found.append(told("operations: their number must not grow with the sizes"))
    return found


def _dtypes(node: Node | None) -> set[str]:
    if isinstance(node, Tensor):
        return {node.dtype}
    if isinstance(node, Plain):
        return {node.type} & {"int", "float", "complex", "bool"}
    items = node.items if isinstance(node, Sequence) else node.items.values() if isinstance(node, Dict) else []
    return {dtype for item in items for dtype in _dtypes(item)}


def _case(check: Check, want: Observation, got: Observation | None) -> Case:
    inputs = want.call.arguments if want.call else want.inputs or {}
    problem = "" if check.given else (difference(check, want, got) or "") if got else told("nothing came back")
    seen = got or Observation(want.case, want.kind)
    gradients = {
        name: (_text(node), _text((seen.gradients or {}).get(name))) for name, node in (want.gradients or {}).items()
    }
    return Case(
        want.case,
        want.kind,
        want.kind not in ADVICE,
        {name: _text(node) for name, node in inputs.items()},
        _came(want.value, want.error),
        _came(seen.value, seen.error) if got else "",
        gradients,
        seen.changed,
        dict(seen.operations or {}),
        seen.printed,
        problem,
    )


def _came(value: Node | None, error: Error | None) -> str:
    if error and error.type in OUR_OWN:
        return error_sentence(error)
    return f"{error.type}: {short(error.message, 300)}" if error else _text(value)


def _text(node: Node | None) -> str:
    """A value, or what is known of one that is too large to be read."""
    if node is None:
        return told("none")
    if written := text(node, 6):
        return written
    if isinstance(node, Tensor):
        return told("{dtype} of shape {shape}", dtype=node.dtype, shape=tuple(node.shape))
    return str(getattr(node, "type", type(node).__name__.lower()))


def _near(key: Key, run: Run, item: ExerciseResult) -> list[Near]:
    """The misconceptions that agree with what was seen on most checks, those that were named left out."""
    checks = key.compared(item.exercise)
    found = []
    for mistake in key.mistakes:
        if mistake.exercise != item.exercise or mistake.name in item.mistakes or not mistake.observations:
            continue
        apart = [
            (check, why) for check in checks if (why := _apart(key, check, mistake, run.observations.get(check.name, [])))
        ]
        why = told("it agrees everywhere, and so does another one that says more")
        why = f"{apart[0][0].name}: {apart[0][1]}" if apart else why
        if not apart or len(apart) < len(checks):
            found.append(Near(mistake.name, mistake.says, len(checks) - len(apart), len(checks), why))
    return sorted(found, key=lambda each: -each.agrees)[:NEAR_AT_MOST]


def _apart(key: Key, check: Check, mistake: Mistake, got: list[Observation] | Fault) -> str:
    """Where an answer gave something else on a check than a misconception does; nothing where they agree."""
    expected, known = key.expected[check.name], mistake.observations[check.name]
    if agrees(check, expected, known, got):
        return ""
    if isinstance(got, Fault):
        return told("the answer did not come back")
    by_case, right = {seen.case: seen for seen in got}, {want.case: want for want in expected}
    for one in main_cases(known):
        seen = by_case.get(one.case)
        if seen is None or not alike(check, right[one.case], one, seen):
            mine = _cut(_came(seen.value, seen.error)) if seen else told("nothing")
            other = _cut(_came(one.value, one.error))
            return told("case {case}: it gives {other}, the answer {mine}", case=one.case, other=other, mine=mine)
    charged = [", ".join(charges(check, expected, each)) or told("nothing") for each in (known, got)]
    return told("it is charged with {other}, the answer with {mine}", other=charged[0], mine=charged[1])


def _cut(text: str) -> str:
    return short(" ".join(text.split()), 80)
