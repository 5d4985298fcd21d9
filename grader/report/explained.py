"""An explained hand-in as text for its instructor. What a stranger wrote is made printable first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from grader.judge.explain import Case, CheckTold, ExerciseTold
from grader.report.text import MARKS, line


def show(told: list[ExerciseTold], console: Console) -> None:
    """Each exercise with its checks, their cases, and the misconceptions that were near."""
    for exercise in told:
        score = f"{exercise.earned:g} of {exercise.points:g}"
        console.print(line("\n", MARKS[exercise.state], " ", (exercise.exercise, "bold"), f"  {score}"))
        _print(exercise.summary, 2, console)
        for name, says in exercise.mistakes.items():
            _print(f"named: {name}: {says}", 2, console)
        for each in exercise.near:
            agrees = f"agrees on {each.agrees} of {each.of} checks"
            _print(f"not named: {each.mistake}, {agrees}. {each.why}", 2, console)
        for check in exercise.checks:
            _check(check, console)


def _check(check: CheckTold, console: Console) -> None:
    took = "" if check.seconds is None else f", {check.seconds:.2f} s by the clock of {check.limit:g} s of a processor"
    hidden = ", hidden" if check.hidden else ""
    _print(f"{check.check}: {check.earned:g} of {check.points:g}{hidden}{took}", 2, console)
    _print(check.says, 4, console)
    _print(f"compared: {'; '.join(check.compared)}", 4, console)
    if check.reason or check.message:
        _print(f"outcome: {check.reason or check.message}", 4, console)
    for case in check.cases:
        for text in _case(case):
            _print(text, 4, console)


def _case(case: Case) -> Iterator[str]:
    advice = "" if case.counts else ", advice only"
    yield f"case {case.case} ({case.kind}{advice}): {case.problem or 'as expected'}"
    sides = [*case.inputs.items(), ("expected", case.expected), ("came", case.got)]
    for name, (want, got) in case.gradients.items():
        sides += [(f"gradient of {name}, expected", want), (f"gradient of {name}, came", got)]
    if case.changed:
        sides.append(("changed in place", ", ".join(case.changed)))
    if case.operations:
        sides.append(("operations", ", ".join(f"{name} × {times}" for name, times in case.operations.items())))
    if case.printed:
        sides.append(("printed", case.printed))
    for name, value in sides:
        yield f"  {name}: " + value.rstrip().replace("\n", "\n" + " " * (len(name) + 4))


def _print(text: str, by: int, console: Console) -> None:
    console.print(line(" " * by, text.replace("\n", "\n" + " " * by)), soft_wrap="\n" in text)
