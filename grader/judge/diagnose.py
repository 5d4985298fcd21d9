"""Which mistakes are they? The one misconception, or the two in one answer, that give everywhere what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from grader.checks import Check
from grader.errors import Fault
from grader.judge import observation
from grader.judge.compare import compare, is_none
from grader.judge.key import Key, Mistake
from grader.judge.observation import Node, Observation
from grader.judge.trace import trace
from grader.judge.verdict import alike, charges, judge, main_cases
from grader.messages import say

Seen = Mapping[str, list[Observation] | Fault]


class AtHome(NamedTuple):
    """What an answer gives on the inputs that students have at home, and the key of those: it knows what every misconception
    gives, and what two of them give together."""

    key: Key
    seen: Seen


def diagnose(key: Key, exercise: str, seen: Seen, at_home: AtHome | None = None) -> list[Mistake]:
    """The misconception of an exercise that agrees with what was seen on every case of every check; else what may go wrong
    in any exercise; else two misconceptions that give it together.

    Args:
        at_home: what it is called there, it is called here. Only what has no name there is looked at on this key.
    """
    if at_home and not _is_right(*at_home, exercise) and (found := diagnose(at_home.key, exercise, at_home.seen)):
        return found
    if found := [mistake for mistake in _fitting(key, exercise, seen) if not _passes(key, mistake)]:
        named = _by_their_first_name(key, exercise, found)
        return named if len(named) == 1 else []  # on the public checks alone some can't be told apart
    checks = key.compared(exercise)
    for name, fits in ANYWHERE.items():
        if _always(fits, key, checks, seen):
            return [Mistake(name, exercise, say(name))]
    return pair_of(key, exercise, seen)


def undecided(at_home: AtHome, exercise: str) -> list[Mistake]:
    """The misconceptions that an answer may have, and that are not told apart at home: several give there what it gives, or
    nothing is wrong there."""
    found = _fitting(at_home.key, exercise, at_home.seen)
    sure = not _is_right(*at_home, exercise) and len(_by_their_first_name(at_home.key, exercise, found)) == 1
    return [] if sure else found


def _is_right(key: Key, seen: Seen, exercise: str) -> bool:
    """Whether an answer gives on every check what the reference gives."""
    return all(
        agrees(check, expected := key.expected[check.name], expected, seen.get(check.name, []))
        for check in key.compared(exercise)
    )


def _fitting(key: Key, exercise: str, seen: Seen) -> list[Mistake]:
    """The misconceptions of an exercise that agree with what was seen on every case of every check."""
    checks = key.compared(exercise)
    return [
        mistake
        for mistake in key.mistakes
        if mistake.exercise == exercise
        and mistake.observations
        and checks
        and all(
            agrees(check, key.expected[check.name], mistake.observations[check.name], seen.get(check.name, []))
            for check in checks
        )
    ]


def _passes(key: Key, mistake: Mistake) -> bool:
    """Whether nothing is wrong with a misconception on the checks of a key: only a hidden one sees it."""
    seen = mistake.observations
    return all(judge(check, key.expected[check.name], seen[check.name]).passed for check in key.compared(mistake.exercise))


def pair_of(key: Key, exercise: str, seen: Seen) -> list[Mistake]:
    """The misconceptions that give together what was seen, the more basic one first."""
    known = [pair for pair in key.pairs if pair.exercise == exercise]
    mark = trace(key.compared(exercise), key.expected, seen) if known else None
    names = next((pair.mistakes for pair in known if mark and pair.trace.same(mark)), [])
    return _by_their_first_name(key, exercise, [item for name in names for item in key.mistakes if item.name == name])


def _by_their_first_name(key: Key, exercise: str, found: list[Mistake]) -> list[Mistake]:
    """Mistakes, each once: misconceptions of an exercise that say the same are one mistake, made in several ways."""
    firsts = {item.says: item for item in reversed(key.mistakes) if item.exercise == exercise}
    return [firsts[says] for says in dict.fromkeys(item.says for item in found)]


def agrees(check: Check, expected: list[Observation], mistaken: list[Observation], got: list[Observation] | Fault) -> bool:
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


Fits = Callable[[Node], bool]
"""Whether a part of a result is what goes wrong."""


def _always(fits: Fits, key: Key, checks: list[Check], seen: Seen) -> bool:
    """Whether all that is not as expected comes of results that fit, and each check has them in all of its cases or in none:
    some don't look at the result. Errors that are the right answer say nothing."""
    found = False
    for check in checks:
        got = seen.get(check.name, [])
        by_case = {} if isinstance(got, Fault) else {item.case: item for item in got}
        wanted = [item for item in main_cases(key.expected[check.name]) if not item.error]
        if any(want.case not in by_case for want in wanted):
            return False
        wrong = [_wrong(check, want, by_case[want.case], fits) for want in wanted]
        if any(False in parts for parts in wrong) or len(set(map(bool, wrong))) > 1:
            return False
        found = found or any(wrong)
    return found


def _wrong(check: Check, want: Observation, got: Observation, fits: Fits) -> set[bool]:
    """For each part of a case that is not as expected, whether it fits."""
    if got.error:  # outside of the answer's own lines: in what a probe did with its result
        found = {fits is is_none and got.error.cell is None and got.error.line is None and "NoneType" in got.error.message}
    else:
        found = set(_parts(check, want.value, got.value, fits))
    returned = want.nothing or not (got.nothing or check.exercise[:1].isupper())  # of a class no call is seen
    return found and {False} if fits is is_none and returned else found


def _parts(check: Check, want: Node | None, got: Node | None, fits: Fits) -> Iterator[bool]:
    if compare(want, got, check.tolerance) is None:
        return
    if want is None or got is None or fits(got):
        yield got is not None and fits(got)
    elif isinstance(want, observation.Sequence) and isinstance(got, observation.Sequence):
        found = [part for pair in zip(want.items, got.items, strict=False) for part in _parts(check, *pair, fits)]
        yield from found or [False] * bool(got.items)
    elif isinstance(want, observation.Mapping) and isinstance(got, observation.Mapping):
        for name, item in want.items.items():
            part = got.items.get(name)
            listed = isinstance(part, observation.Sequence) and any(map(is_none, part.items))
            yield from [False] if listed else _parts(check, item, part, fits)  # a list of nothing is not nothing
    elif not (isinstance(got, observation.Module) and not any(got.gradients.values())):  # nothing flowed back to it
        yield False


def _is_class(node: Node) -> bool:
    return isinstance(node, observation.Other) and node.type == "type"


ANYWHERE: dict[str, Fits] = {"returns_nothing": is_none, "returns_a_class": _is_class}
"""What may go wrong in any exercise, by the name of its sentence."""
