"""A run while it lasts: what is told in a terminal, and where there is none."""

import io

from rich.console import Console

from grader.judge.result import ExerciseResult, Result
from grader.report import live


def steps():
    for number in range(3):
        yield Result(f"s{number}", "numbers", [ExerciseResult("double", "right", "", [])], file="x.py"), "new"
    yield Result("bo", "numbers", [ExerciseResult("double", "unjudged", "", [])], file="x.py"), "new"
    yield Result("\x1b[31mcy", "numbers", [], notes=["There is no such lesson."]), "new"
    yield Result("known", "numbers", [], notes=["Not again."]), "known"


def told(**options):
    page = io.StringIO()
    console = Console(file=page, width=100, **options)
    assert len(list(live.shown(steps(), 6, 2, console))) == 6
    return page.getvalue()


def test_what_could_not_be_judged_is_told_as_it_comes_and_what_is_known_is_not():
    for said in (told(), told(force_terminal=True, color_system=None)):
        assert "bo, numbers: could not be judged: double" in said
        assert r"\x1b[31mcy, numbers: There is no such lesson." in said and "Not again" not in said


def test_a_terminal_gets_a_bar_with_workers_and_without_one_there_are_lines(monkeypatch):
    assert "2 workers" in told(force_terminal=True, color_system=None)
    assert "Graded" not in told()
    monkeypatch.setattr(live, "LINE_SECONDS", -1.0)
    assert "Graded 5 of 6" in told() and "per minute with 2 workers" in told()
    assert live.pace(60, 420, 120, "1 worker") == "Graded 60 of 420, 30 per minute with 1 worker, about 12 min left."
