"""An explained hand-in as text for its instructor. What a stranger wrote is made printable first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from grader.files.translated import columns
from grader.judge.explain import Case, CheckTold, ExerciseTold
from grader.messages import in_a_row, say, told
from grader.report.text import MARKS, line


def show(exercises: list[ExerciseTold], console: Console) -> None:
    """Each exercise with its checks, their cases, and the misconceptions that were near."""
    for exercise in exercises:
        score = say("points", earned=f"{exercise.earned:g}", points=f"{exercise.points:g}")
        console.print(line("\n", MARKS[exercise.state], " ", (exercise.exercise, "bold"), f"  {score}"))
        _print(exercise.summary, 2, console)
        for name, says in exercise.mistakes.items():
            _print(told("named: {name}: {says}", name=name, says=says), 2, console)
        for each in exercise.near:
            near = told(
                "not named: {name}, agrees on {agrees} of {number} checks. {why}",
                name=each.mistake, agrees=each.agrees, number=each.of, why=each.why,
            )  # fmt: skip
            _print(near, 2, console)
        for check in exercise.checks:
            _check(check, console)


def _check(check: CheckTold, console: Console) -> None:
    score = say("points_hidden" if check.hidden else "points", earned=f"{check.earned:g}", points=f"{check.points:g}")
    _print(f"{check.check}: {score}", 2, console)
    _print(check.says, 4, console)
    if check.seconds is not None:
        took, limit = f"{check.seconds:.2f}", f"{check.limit:g}"
        _print(told("time: {took} s by the clock; {limit} s of a processor are allowed", took=took, limit=limit), 4, console)
    _print(told("compared: {what}", what="; ".join(check.compared)), 4, console)
    if check.reason or check.message:
        _print(told("outcome: {what}", what=check.reason or check.message), 4, console)
    if check.followed:
        _print(told("followed through: it passed with the solution of what the exercise calls"), 4, console)
    for case in check.cases:
        for text in _case(case):
            _print(text, 4, console)
    if check.replay:
        _print(told("the first case that differs, as lines to paste below the answer:"), 4, console)
        console.print(line(f"\n{check.replay}\n"), soft_wrap=True)


def _case(case: Case) -> Iterator[str]:
    about, problem = {"number": case.case, "kind": case.kind}, case.problem or told("as expected")
    if case.counts:
        yield told("case {number} ({kind}): {problem}", **about, problem=problem)
    else:
        yield told("case {number} ({kind}, advice only): {problem}", **about, problem=problem)
    sides = [*case.inputs.items(), (told("expected"), case.expected), (told("came"), case.got)]
    for name, (want, got) in case.gradients.items():
        sides += [
            (told("gradient of {name}, expected", name=name), want),
            (told("gradient of {name}, came", name=name), got),
        ]
    if case.changed:
        sides.append((told("changed in place"), in_a_row(case.changed)))
    if case.operations:
        sides.append((told("operations"), in_a_row(f"{name} × {times}" for name, times in case.operations.items())))
    if case.printed:
        sides.append((told("printed"), case.printed))
    for name, value in sides:
        yield f"  {name}: " + value.rstrip().replace("\n", "\n" + " " * (columns(name) + 4))


def _print(text: str, by: int, console: Console) -> None:
    console.print(line(" " * by, text.replace("\n", "\n" + " " * by)), soft_wrap="\n" in text)
