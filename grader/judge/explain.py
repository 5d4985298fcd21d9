"""All that a verdict came from, for the instructor: cases, what was compared, by which bounds, and which mistakes were near.
It decides nothing: it tells again, step by step, what `assess` and `diagnose` did."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from grader.checks import ADVICE, Check
from grader.errors import Fault
from grader.judge.compare import bounds, short
from grader.judge.diagnose import agrees
from grader.judge.key import Key, Mistake
from grader.judge.observation import Error, Node, Observation, Plain, Run, Sequence, Tensor
from grader.judge.observation import Mapping as Dict
from grader.judge.result import ExerciseResult, Result, Verdict
from grader.judge.show import text
from grader.judge.verdict import alike, charges, difference, main_cases

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
    processor time, and its cases."""

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


def explain(key: Key, run: Run, result: Result, seconds: Mapping[str, float]) -> list[ExerciseTold]:
    """Tell how each exercise got its verdict.

    Args:
        key: one that knows what the misconceptions of wrong exercises give.
        seconds: how long each check took by the clock, by name, where it is known.
    """
    return [_exercise(key, run, item, seconds) for item in result.exercises]


def _exercise(key: Key, run: Run, item: ExerciseResult, seconds: Mapping[str, float]) -> ExerciseTold:
    of = {check.name: check for check in key.checks_of(item.exercise)}
    checks = [_check(key, run, of[verdict.check], verdict, seconds.get(verdict.check)) for verdict in item.verdicts]
    near = _near(key, run, item) if item.state == "wrong" else []
    told = item.exercise, item.state, item.earned, item.points, item.summary, item.mistakes
    return ExerciseTold(*told, checks, near)


def _check(key: Key, run: Run, check: Check, verdict: Verdict, seconds: float | None) -> CheckTold:
    seen = run.observations.get(check.name, [])
    by_case = {} if isinstance(seen, Fault) else {item.case: item for item in seen}
    cases = [_case(check, want, by_case.get(want.case)) for want in key.expected[check.name]]
    about = check.name, check.says, check.hidden, check.points, verdict.earned, _compared(key, check)
    return CheckTold(*about, seconds, check.seconds, verdict.message, verdict.reason, cases)


def _compared(key: Key, check: Check) -> list[str]:
    """What a check compares, a sentence each."""
    if check.at_least is not None:
        return [f"at least {100 * check.at_least:g} % of the answers to given inputs have to be right"]
    if check.raises:
        words = f", whose message holds {', '.join(check.mentions)}" if check.mentions else ""
        told = [f"the error {check.raises}{words}"]
        return told + ["what comes out of the other cases"] * any(not want.error for want in key.expected[check.name])
    dtypes = sorted({dtype for want in main_cases(key.expected[check.name]) for dtype in _dtypes(want.value)})
    found = ["structure, type, shape and dtype"]
    for dtype in dtypes:
        relative, absolute = bounds(dtype, check.tolerance)
        exactly = "exactly" if not relative and not absolute else f"within {absolute:g} + {relative:g} × |expected|"
        found.append(f"values of {dtype} {exactly}")
    if check.tolerance:
        found.append(f"these bounds because: {check.tolerance.because}")
    if check.gradients and any(want.gradients for want in key.expected[check.name]):
        found.append("gradients, by the same bounds")
    found.append("which inputs were changed in place")
    if check.forbids:
        found.append(f"operations: none of {', '.join(check.forbids)}")
    if check.vectorized:
        found.append("operations: their number must not grow with the sizes")
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
    problem = "" if check.given else (difference(check, want, got) or "") if got else "nothing came back"
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
    return f"{error.type}: {short(error.message, 300)}" if error else _text(value)


def _text(node: Node | None) -> str:
    """A value, or what is known of one that is too large to be read."""
    if node is None:
        return "none"
    if written := text(node, 6):
        return written
    about = f"{node.dtype} of shape {tuple(node.shape)}" if isinstance(node, Tensor) else ""
    return about or str(getattr(node, "type", type(node).__name__.lower()))


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
        why = (
            f"{apart[0][0].name}: {apart[0][1]}" if apart else "it agrees everywhere, and so does another one that says more"
        )
        if not apart or len(apart) < len(checks):
            found.append(Near(mistake.name, mistake.says, len(checks) - len(apart), len(checks), why))
    return sorted(found, key=lambda each: -each.agrees)[:NEAR_AT_MOST]


def _apart(key: Key, check: Check, mistake: Mistake, got: list[Observation] | Fault) -> str:
    """Where an answer gave something else on a check than a misconception does; nothing where they agree."""
    expected, known = key.expected[check.name], mistake.observations[check.name]
    if agrees(check, expected, known, got):
        return ""
    if isinstance(got, Fault):
        return "the answer did not come back"
    by_case, right = {seen.case: seen for seen in got}, {want.case: want for want in expected}
    for one in main_cases(known):
        seen = by_case.get(one.case)
        if seen is None or not alike(check, right[one.case], one, seen):
            return f"case {one.case}: it gives {_cut(_came(one.value, one.error))}" + _instead(seen)
    mine, others = charges(check, expected, got), charges(check, expected, known)
    return f"it is charged with {', '.join(others) or 'nothing'}, the answer with {', '.join(mine) or 'nothing'}"


def _instead(seen: Observation | None) -> str:
    return f", the answer {_cut(_came(seen.value, seen.error))}" if seen else ", the answer nothing"


def _cut(text: str) -> str:
    return short(" ".join(text.split()), 80)
