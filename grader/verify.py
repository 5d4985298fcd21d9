"""Proves a lesson sound: the reference passes, stubs fail, every misconception is caught and named, nothing leaks."""

from __future__ import annotations

from itertools import combinations

from grader import assess, audit, release, submission
from grader import key as keys
from grader.diagnose import agrees, diagnose
from grader.judge import judge
from grader.key import Key
from grader.publishable import reference
from grader.result import Result
from grader.run import phases, run
from grader.sandbox.pool import Worker
from grader.source import LessonFiles

SEEDS = (release.PUBLIC_SEED, "verify-1", "verify-2", "verify-3")


def verify(files: LessonFiles, worker: Worker) -> list[str]:
    """Everything that is wrong with a lesson, each as a sentence for its author.

    Raises:
        CourseError: the lesson's own code fails.
    """
    release.build(files, worker)
    problems = _equivalents(files)
    passes = {}
    for seed in SEEDS:
        key = keys.build(files, worker, seed, public_only=False)
        problems += _declarations(key) if seed == SEEDS[0] else []
        passes[seed] = _passes(key)
        problems += reference(files, key) + _misconceptions(key, passes[seed]) + _twins(key)
        for name, text, wanted in (("reference", files.handout, 1), ("stubs", release.stubbed(files.handout), 0)):
            problems += _runs(files, key, worker, name, text, wanted)
    return list(dict.fromkeys(problems + _luck(passes)))


def _equivalents(files: LessonFiles) -> list[str]:
    """Edits that are listed as changing nothing, and can't be made any more."""
    made = {(*answer.exercises, *answer.edit) for answer in audit.edits(files)}
    return [
        f"equivalents.toml lists an edit of {item.exercise} that can't be made any more: {item.was!r} to {item.now!r}."
        for item in audit.equivalents(files)
        if (item.exercise, item.was, item.now) not in made
    ]


def _declarations(key: Key) -> list[str]:
    problems = []
    for exercise in key.exercises:
        checks = key.checks_of(exercise.name)
        if not any(check.points for check in checks if not check.hidden):
            problems.append(
                f"{exercise.name} has no public check with points: a student could not tell whether it is right."
            )
        if len(exercise.hints) != 3:
            problems.append(f"{exercise.name} has {len(exercise.hints)} hints; it needs three, each a step further.")
    return problems


def graded(files: LessonFiles, key: Key, worker: Worker, text: str) -> Result:
    """What comes of a handout's text, of the reference say, where it is handed in as a student's file."""
    handed_in = submission.Submission("", files.name, submission.parse("lesson.py", text.encode(), []), "lesson.py")
    names = [exercise.name for exercise in key.exercises]
    ran = run(worker, handed_in.cells, phases(files, key.checks), names, key.seed)
    return assess.assess(key, handed_in, ran, worker.isolation)


def _runs(files: LessonFiles, key: Key, worker: Worker, name: str, text: str, wanted: int) -> list[str]:
    """Points that the reference lacks, or that the stubs earn."""
    return [
        f"{item.exercise}: the {name} earn{'s' if wanted else ''} {item.earned:g} of {item.points:g} points. {item.summary}"
        for item in graded(files, key, worker, text).exercises
        if item.earned != wanted * item.points
    ]


def _passes(key: Key) -> set[tuple[str, str]]:
    """The misconceptions that earn points where they can be compared, each with the check that gives them."""
    return {
        (mistake.name, check.name)
        for mistake in key.mistakes
        for check in key.compared(mistake.exercise)
        if check.points and judge(check, key.expected[check.name], mistake.observations[check.name]).passed
    }


def _luck(passes: dict[str, set[tuple[str, str]]]) -> list[str]:
    """Misconceptions that earn the points of a check on some seeds and not on others: every student has another seed, and
    the same mistake has to cost the same."""
    problems = []
    for mistake, check in sorted(set().union(*passes.values())):
        lucky = [repr(seed) for seed, passed in passes.items() if (mistake, check) in passed]
        if len(lucky) < len(passes):
            problems.append(
                f"{mistake} passes {check} on some seeds only ({', '.join(lucky)}): its points are luck. Choose inputs that "
                "it always passes or never."
            )
    return problems


def _misconceptions(key: Key, passed: set[tuple[str, str]]) -> list[str]:
    problems = []
    for mistake in key.mistakes:
        if all((mistake.name, check.name) in passed for check in key.compared(mistake.exercise) if check.points):
            problems.append(
                f"{mistake.name} earns full marks for {mistake.exercise} (seed {key.seed!r}): a hole in the checks."
            )
        named = diagnose(key, mistake.exercise, mistake.observations)
        if named is not mistake:
            problems.append(f"{mistake.name} is diagnosed as {named.name if named else 'nothing'} (seed {key.seed!r}).")
    return problems


def _twins(key: Key) -> list[str]:
    """Misconceptions of one exercise that can't be told apart."""
    problems = []
    for one, other in combinations(key.mistakes, 2):
        if one.exercise == other.exercise and all(
            agrees(check, key.expected[check.name], one.observations[check.name], other.observations[check.name])
            for check in key.compared(one.exercise)
        ):
            problems.append(f"{one.name} and {other.name} give the same on every case (seed {key.seed!r}).")
    return problems
