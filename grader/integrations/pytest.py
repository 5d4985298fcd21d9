"""Lessons in pytest, one item per check: `pytest exercises/` checks answers, `pytest solutions/` an author's references.

pytest loads this module in every project where the kit is installed: what is heavy is imported once a lesson is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.files.source import LessonFiles
    from grader.judge.result import ExerciseResult, Result, Verdict
    from grader.sandbox.session import Worker

SEED = "pytest"
"""The seed of the inputs on which a reference is tried: others than those that a release or a class has."""
WORKERS = pytest.StashKey[dict[Callable[[], "Worker"], "Worker"]]()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect a lesson's `checks.py` in the place of whatever else would: as a module of tests it would be imported here."""
    collectors = yield
    kind = _kind(file_path.parent) if file_path.name == "checks.py" else None
    return [kind.from_parent(parent, path=file_path)] if kind else collectors


def _kind(folder: Path) -> type[_Lesson] | None:
    from grader.files.names import JSON_NAME

    if (folder / JSON_NAME).is_file():
        return _Exercises
    return _Solutions if folder.parent.name == "solutions" and (folder / "lesson.py").is_file() else None


class _Lesson(pytest.File):
    """The `checks.py` of a lesson. Its items share one run, which is made when the first of them is to run."""

    result: Result | None = None

    def declared(self) -> dict[str, dict[str, type[_Check]]]:
        """The items of each exercise, by name."""
        raise NotImplementedError

    def run(self) -> Result:
        raise NotImplementedError

    def collect(self) -> Iterable[_Exercise]:
        from grader.errors import CourseError, SandboxError

        try:
            declared = self.declared()
        except (CourseError, SandboxError) as error:
            raise self.CollectError(str(error)) from None
        return [_Exercise.from_parent(self, name=name, lesson=self, items=items) for name, items in declared.items()]

    def setup(self) -> None:
        from grader.errors import CourseError, SandboxError

        try:
            self.result = self.result or self.run()
        except (CourseError, SandboxError) as error:
            # pytest keeps it, and says the same of the lesson's other items.
            raise pytest.fail.Exception(str(error), pytrace=False) from None

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8", errors="replace")

    def worker(self, start: Callable[[], Worker]) -> Worker:
        """The session's worker of a kind, started when it is first needed."""
        workers = self.config.stash.setdefault(WORKERS, {})
        if start not in workers:
            workers[start] = start()
            self.config.add_cleanup(workers[start].close)
        return workers[start]


class _Exercises(_Lesson):
    """A lesson as a student has it: `grader check`, item by item."""

    def declared(self) -> dict[str, dict[str, type[_Check]]]:
        from grader.judge.key import load_key

        key = load_key(self.path.parent)
        return {item.name: {check.name: _Check for check in key.checks_of(item.name)} for item in key.exercises}

    def run(self) -> Result:
        from grader.files.course import Course
        from grader.files.outline import outline
        from grader.sandbox.plain import Plain
        from grader.student import own_check

        folder = self.path.parent
        return own_check.check(Course(folder.parent), outline(folder).lesson, None, self.worker(Plain))


class _Solutions(_Lesson):
    """A lesson as its author has it: the reference earns every check, the public and the hidden ones, and a stub none."""

    stubs: Result

    def declared(self) -> dict[str, dict[str, type[_Check]]]:
        """What a lesson declares is known once its `checks.py` has run: here that is the author's own, and in a worker."""
        from grader.author.expectations import blamed_on, talk
        from grader.errors import CourseError, Fault
        from grader.sandbox.workers import trusted

        try:
            with talk(self.worker(trusted)) as client, blamed_on(self.files.place):
                told = client.load(self.files.checks)
        except Fault as fault:
            raise CourseError(f"{self.path} did not come to an end: {fault}.") from None
        return {
            name: {check.name: _Check for check in told.checks if check.exercise == name} | {"the_stub_fails": _StubFails}
            for name in told.exercises
        }

    def run(self) -> Result:
        from grader.author.expectations import build_key
        from grader.author.publishable import reference
        from grader.author.release import stubbed
        from grader.author.verify import graded
        from grader.sandbox.workers import trusted

        files, worker = self.files, self.worker(trusted)
        key = build_key(files, worker, SEED, public_only=False)
        self.stubs = graded(files, key, worker, stubbed(files.handout))
        result = graded(files, key, worker, files.handout)
        result.notes += reference(files, key)
        return result

    @cached_property
    def files(self) -> LessonFiles:
        """The lesson's sources."""
        from grader.files.course import Course

        lesson, solutions = self.path.parent.name, self.path.parent.parent
        return Course(solutions.parent / "exercises", solutions).files(lesson)


class _Exercise(pytest.Collector):
    def __init__(self, *, lesson: _Lesson, items: dict[str, type[_Check]], **about: Any) -> None:
        super().__init__(**about)
        self.lesson, self.items = lesson, items

    def collect(self) -> Iterable[_Check]:
        for name, kind in self.items.items():
            yield kind.from_parent(self, name=name, lesson=self.lesson, exercise=self.name)


class _Check(pytest.Item):
    """One check of a lesson, earned or not."""

    def __init__(self, *, lesson: _Lesson, exercise: str, **about: Any) -> None:
        super().__init__(**about)
        self.lesson, self.exercise = lesson, exercise

    def reportinfo(self) -> tuple[Path, int, str]:
        found = re.search(rf"^[ \t]*def {re.escape(self.name)}\b", self.lesson.text, re.MULTILINE)
        line = self.lesson.text.count("\n", 0, found.start()) if found else 0
        return self.path, line, f"{self.exercise}::{self.name}"

    def runtest(self) -> None:
        result = self.lesson.result
        assert result is not None, "the lesson's setup comes first"
        exercise = self.of(result)
        verdict = next(verdict for verdict in exercise.verdicts if verdict.check == self.name)
        notes = [note for note in result.notes if note != verdict.message]
        for title, sentences in (("notes", notes), ("advice", verdict.advice)):
            if sentences:
                self.add_report_section("call", title, "\n".join(sentences))
        if not verdict.passed:
            pytest.fail(_said(exercise, verdict), pytrace=False)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """The report of a failure, of which the summary gets the first line: in CI pytest would print it all once more."""
        report = super().repr_failure(excinfo, *args)
        if crash := getattr(report, "reprcrash", None):
            crash.message = crash.message.partition("\n")[0]
        return report

    def of(self, result: Result) -> ExerciseResult:
        return next(exercise for exercise in result.exercises if exercise.exercise == self.exercise)


class _StubFails(_Check):
    """What students are given earns no check of its exercise."""

    def runtest(self) -> None:
        assert isinstance(self.lesson, _Solutions)
        if earned := [verdict.check for verdict in self.of(self.lesson.stubs).verdicts if verdict.passed]:
            pytest.fail(f"The stub of {self.exercise} passes {', '.join(earned)}, with nothing written.", pytrace=False)


def _said(exercise: ExerciseResult, verdict: Verdict) -> str:
    """What `grader check` says of an exercise, with this check's case in the place of the first one that failed."""
    import msgspec

    from grader.report import text

    first = next(each for each in exercise.verdicts if not each.passed)
    summary = exercise.summary if exercise.mistakes or verdict is first else verdict.message
    alone = msgspec.structs.replace(exercise, summary=summary, verdicts=[verdict])
    return "\n".join(detail.plain for detail in text.details(alone))
