"""Observation × expectation → verdict. Knows neither torch nor any student's code."""

from __future__ import annotations

import re

import msgspec
import numpy as np

from grader.checks import ADVICE, NUMPY, Check, Given
from grader.errors import Fault
from grader.families import family, related
from grader.judge.compare import compare, is_none, short, wrong_gradient
from grader.judge.observation import Error, Observation, Tensor, in_words
from grader.judge.result import Verdict
from grader.judge.show import count, show
from grader.messages import in_a_row, say, together

META_ALONE = (
    "item() cannot be called on meta",
    "no data!",
    "raises unimplemented by default",
    "no fake impl or Meta",
    "incompatible tensor type",
)
"""How PyTorch says that a tensor on `meta` has no numbers, or can't become the data of one that has."""
OUR_OWN = ("MissingName", "NoDebugger")
"""Errors that the kit itself raises in an answer. What they are called says nothing to anybody."""
SLACK = 2
"""Tensor operations by which the count may grow with the sizes beyond the reference's: a copy where a view won't do."""


def judge(
    check: Check,
    expected: list[Observation],
    got: list[Observation] | Fault,
    *,
    called: dict[str, str] | None = None,
    shows: bool = True,
) -> Verdict:
    """Compare what an answer gave with what the reference gave, case by case.

    Args:
        called: how it is told in another language what the check calls things by. Nothing is compared by it.
        shows: also write down the case that failed.
    """
    verdict = Verdict(check.name, check.says, check.points, check.hidden, passed=True)
    if isinstance(got, Fault):
        verdict.passed = False
        verdict.message, verdict.stopped = fault_sentence(got, check.seconds), got.kind
        return verdict
    if check.given:
        return _learnt(check, check.given, got, verdict)
    by_case = {seen.case: seen for seen in got}
    failing: list[tuple[Observation, Observation | None, str]] = []
    for want in main_cases(expected):
        seen = by_case.get(want.case)
        if want.error and not check.raises and not failing:
            verdict.passed, verdict.message = None, say("unjudged")
            return verdict
        if problem := say("unreadable") if seen is None else difference(check, want, seen):
            failing.append((want, seen, problem))
    if failing:
        want, seen, problem = next((each for each in failing if not _hides(*each[:2])), failing[0])
        if called:
            want, seen = in_words(want, called), seen and in_words(seen, called)
            problem = (seen and difference(check, want, seen)) or problem
        verdict.passed, verdict.message, verdict.case = False, problem, want.case
        verdict.shown = show(check, want, seen) if shows else None
        return verdict
    if charged := charges(check, expected, got):
        verdict.passed, verdict.message = False, next(iter(charged.values()))
        return verdict
    verdict.advice = _advice(check, expected, by_case)
    return verdict


def _learnt(check: Check, given: Given, got: list[Observation], verdict: Verdict) -> Verdict:
    """Judge what a trained model gives back by the share of right entries."""
    seen, answers = (got[0] if got else None), given.answers
    verdict.passed = False
    if seen is None or seen.error:
        verdict.message = error_sentence(seen.error) if seen and seen.error else say("unreadable")
        return verdict
    # With numbers of its own: all but the numbers is compared here.
    alike = Tensor(answers.dtype.name, answers.shape, "cpu", getattr(seen.value, "data", None))
    verdict.message = compare(alike, seen.value, None) or ""
    if not verdict.message:
        share, needed = float(np.mean(alike.data == answers)), check.at_least or 0.0
        verdict.passed = share >= needed
        rounded_down = int(share * 1000) / 10  # 93.96 % is not 94 %
        if not verdict.passed:
            verdict.message = say("share", got=f"{rounded_down:g}", total=answers.size, needed=f"{100 * needed:g}")
    return verdict


def main_cases(observations: list[Observation]) -> list[Observation]:
    """The cases that count, the smallest first."""
    return sorted((seen for seen in observations if seen.kind not in ADVICE), key=lambda seen: (_size(seen), seen.case))


def _hides(want: Observation, got: Observation | None) -> bool:
    """Whether a case is too small to show what is wrong with a shape: (1, 1) for (1,) may be a table of all pairs."""
    one, other = want.value, got.value if got else None
    if not (isinstance(one, Tensor) and isinstance(other, Tensor)):
        return False
    return one.shape != other.shape and {*one.shape, *other.shape} <= {1}


def _size(seen: Observation) -> int:
    return sum(count(node) for node in (seen.inputs or {}).values())


def fault_sentence(fault: Fault, seconds: float) -> str:
    """What became of a step that did not come back."""
    sentences = {"time": "slow"}
    return say(sentences.get(fault.kind, fault.kind), seconds=f"{seconds:g}", detail=fault.detail)


def _advice(check: Check, expected: list[Observation], by_case: dict[int, Observation]) -> list[str]:
    """What fails only on a variant that does not count. A key holds no observations from a GPU; there, an error is what is
    advised against."""
    found = []
    for want in expected:
        seen = by_case.get(want.case)
        if want.kind not in ADVICE or want.error or not seen or _refused_by_meta(seen):
            continue
        if difference(check, want, msgspec.structs.replace(seen, changed=want.changed)):  # that is no matter of a dtype
            of_a_class = check.exercise[:1].isupper() and want.kind != "strided"
            found.append(say("advice_buffers" if of_a_class else f"advice_{want.kind}"))
    if not check.raises and any(seen.kind == "cuda" and seen.error for seen in by_case.values()):
        found.append(say("advice_cuda"))
    return found


def _refused_by_meta(seen: Observation) -> bool:
    """Whether an answer stopped for what `meta` alone refuses, and a GPU would not."""
    return seen.kind == "meta" and bool(seen.error) and any(words in said(seen) for words in META_ALONE)


def charges(check: Check, expected: list[Observation], got: list[Observation]) -> dict[str, str]:
    """What the operations that were dispatched are charged with, and the sentence for it: forbidden ones by the name of
    their family if they have one (a student has never heard of `nll_loss_forward`), a count that grows with the sizes, and
    what was done where none are seen, unless the reference leaves PyTorch too."""
    dispatched = {_plain(name) for seen in got for name in seen.operations or {}}
    used = [family(name) or name.strip("_") for name in check.forbids if _plain(name) in dispatched]
    found = {
        name: say("forbidden_numpy") if name == NUMPY else say("forbidden", operation=name)
        for name in [*used, *related(check.forbids, dispatched)]
    }
    if check.vectorized:
        small, large = _counts(expected, got)
        small_wanted, large_wanted = _counts(expected, expected)
        if large - small > max(0, large_wanted - small_wanted) + SLACK:
            found["grows"] = say("grows", small=small, large=large)
    ways = [way for seen in got for way in seen.left]
    if ways and not any(want.left for want in expected):
        found["left"] = say("left", way=short(ways[0]))
    return found


def _plain(operation: str) -> str:
    """What an operation is called as one that is neither in place, as `add_` is, nor for lists, as `_foreach_add` is."""
    return operation.removeprefix("_foreach_").removesuffix("_")


def _counts(expected: list[Observation], got: list[Observation]) -> tuple[int, int]:
    """How many operations were dispatched on the small case and on the large one."""
    kinds = {want.case: want.kind for want in expected}
    totals = {kinds.get(seen.case): sum((seen.operations or {}).values()) for seen in got}
    return totals.get("small", 0), totals.get("large", 0)


def difference(check: Check, want: Observation, got: Observation) -> str | None:
    """The first way in which one case came out differently, as a sentence, or None."""
    if want.error or got.error:
        return _errors(check, want, got)
    if problem := compare(want.value, got.value, check.tolerance):
        return problem
    if surprising := [name for name in got.changed if name not in want.changed]:
        return say("changed" if len(surprising) == 1 else "changed_several", names=short(in_a_row(surprising)))
    return _gradients(check, want, got)


def alike(check: Check, right: Observation, known: Observation, got: Observation) -> bool:
    """Whether an answer gave on one case what a known one gives, also where the reference leaves it open: a gradient where
    none is expected, and what Python or PyTorch say of an error unless the check asks for the error.

    Where the value is wrong already, gradients are not compared: there they hang on rounding, inf and nan. Where an error is
    right, every result is as wrong as another, but for None.
    """
    if (known.error is None) != (got.error is None) or set(known.changed) != set(got.changed):
        return False
    if right.error and not got.error:
        return is_none(known.value) == is_none(got.value)
    if known.error and got.error and known.error.type not in got.error.bases:
        return False
    if not check.raises and said(known) != said(got):
        return False
    if _differ(check, known, got) or _differ(check, got, known):
        return False
    if known.error or _differ(check, right, known):
        return True
    return not any(_gradients(check, *pair) for pair in ((known, got), (got, known)))


def _differ(check: Check, one: Observation, other: Observation) -> bool:
    return compare(one.value, other.value, check.tolerance) is not None


def _errors(check: Check, want: Observation, got: Observation) -> str | None:
    if got.error is None:
        return say("not_raised", expected=want.error.type if want.error else "")
    if want.error is None:
        if got.value is None:
            return error_sentence(got.error)
        return compare(want.value, got.value, check.tolerance) or say(
            "backward", type=got.error.type, message=short(got.error.message, 300)
        )
    said = [say("it_says", message=short(got.error.message, 300))] if got.error.message else []
    if want.error.type not in got.error.bases:
        return together(say("wrong_error", expected=want.error.type, got=got.error.type), *said)
    absent = [word for word in check.mentions if word.lower() not in got.error.message.lower()]
    if not absent:
        return None
    return together(say("not_mentioned", type=got.error.type, words=in_a_row(absent)), *said)


def said(seen: Observation) -> str:
    """The text of an error without the addresses in it, which are never the same. Numbers are those of the case. What an
    answer raises itself it may put in any words."""
    if not seen.error:
        return ""
    return "in words of its own" if seen.error.own_words else re.sub(r"0x[0-9a-f]+", "#", seen.error.message)


def error_sentence(error: Error) -> str:
    """What an answer stopped with."""
    if error.type == "MissingName":
        return say("uses_missing", name=short(error.message))
    if error.type == "NoDebugger":
        return say("no_debugger")
    if error.type == "EOFError" and not error.own_words and "reading a line" in error.message:
        return say("no_input")
    if error.call:
        called, message = re.sub(r"\banswer\.", "", error.call), short(error.message, 500)
        return say("call_stopped", call=called, type=error.type, message=message)
    if not error.message:
        return say("raised_quietly", type=error.type)
    return say("raised", type=error.type, message=short(error.message, 500))


def _gradients(check: Check, want: Observation, got: Observation) -> str | None:
    if not (name := wrong_gradient(want.gradients, got.gradients, check.tolerance)):
        return None
    expected, seen = (want.gradients or {})[name], (got.gradients or {}).get(name)
    if seen is None:
        return say("no_gradient", name=name)
    return say("gradient", name=name, problem=compare(expected, seen, check.tolerance))
