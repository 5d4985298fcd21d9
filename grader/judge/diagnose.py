"""Which mistakes are they? Those whose observations an answer shares where no other explains them (docs/naming.md)."""

from __future__ import annotations

from collections.abc import Mapping

from grader.errors import Fault
from grader.judge.key import Check, Key, Mistake
from grader.judge.observation import Observation
from grader.judge.verdict import alike, charges, main_cases

Seen = Mapping[str, list[Observation] | Fault]


def diagnose(key: Key, exercise: str, seen: Seen) -> list[Mistake]:
    """The misconceptions of an exercise that agree with what was seen."""
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
            return [mistake]
    return []


def agrees(
    check: Check, expected: list[Observation], mistaken: list[Observation], got: list[Observation] | Fault
) -> bool:
    """Whether an answer gave, case by case, what a mistaken one gives, and is charged with the same."""
    if isinstance(got, Fault):
        return False
    by_case = {observation.case: observation for observation in got}
    right = {observation.case: observation for observation in expected}
    for known in main_cases(mistaken):
        observation = by_case.get(known.case)
        if observation is None or not alike(check, right[known.case], known, observation):
            return False
    return charges(check, expected, mistaken).keys() == charges(check, expected, got).keys()
