"""Which mistake is it? The misconception whose observations an answer shares everywhere names it."""

from __future__ import annotations

from collections.abc import Mapping

from grader.checks import Check
from grader.errors import Fault
from grader.judge.key import Key, Mistake
from grader.judge.observation import Observation
from grader.judge.verdict import charges, difference, main_cases

Seen = Mapping[str, list[Observation] | Fault]


def diagnose(key: Key, exercise: str, seen: Seen) -> Mistake | None:
    """The misconception of an exercise that agrees with what was seen on every case of every check, or None."""
    checks = key.compared(exercise)
    for mistake in key.mistakes:
        if (
            mistake.exercise == exercise
            and checks
            and all(
                agrees(check, key.expected[check.name], mistake.observations[check.name], seen.get(check.name, []))
                for check in checks
            )
        ):
            return mistake
    return None


def agrees(
    check: Check, expected: list[Observation], mistaken: list[Observation], got: list[Observation] | Fault
) -> bool:
    """Whether an answer gave, case by case, what a mistaken one gives, and is charged with the same."""
    if isinstance(got, Fault):
        return False
    by_case = {observation.case: observation for observation in got}
    for want in main_cases(mistaken):
        observation = by_case.get(want.case)
        if observation is None or difference(check, want, observation, strict=True):
            return False
    return charges(check, expected, mistaken).keys() == charges(check, expected, got).keys()
