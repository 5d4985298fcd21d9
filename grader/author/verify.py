"""Proves a lesson sound: the reference passes, stubs fail, every misconception is caught and named, nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from grader.author import audit, catalogues, equivalent, release, vacuous
from grader.author.expectations import blamed_on, build_key, observe, run_cells, talk
from grader.author.publishable import declarations, reference
from grader.errors import CourseError, Fault
from grader.files import answer_file, submission
from grader.files.source import LessonFiles
from grader.judge import assess
from grader.judge.diagnose import agrees, diagnose
from grader.judge.key import Key, Mistake, seed_of
from grader.judge.observation import Error
from grader.judge.result import Result
from grader.judge.verdict import judge
from grader.sandbox.run import phases, run
from grader.sandbox.session import Worker

SEEDS = (release.PUBLIC_SEED, *(f"verify-{number}" for number in range(1, 9)))
"""The inputs of the release, and as many others as a class has variants."""
RUN_ON = 4
"""Seeds on whose inputs reference and stubs are also handed in: what they earn is no luck."""
_UNMEANT = re.compile(r"name '\w+' is not defined|\w+(\.\w+)*\(\) (takes|got|missing) .*")
"""What a misconception says that stops where its author did not mean it to."""


def verify(files: LessonFiles, worker: Worker, seeds: Sequence[str] = SEEDS) -> list[str]:
    """Everything that is wrong with a lesson, each as a sentence for its author. Of one that is not fit to be given out,
    that is all that is said.

    Args:
        seeds: of the inputs that everything is tried on; the release's own comes first.

    Raises:
        CourseError: the lesson's own code fails on inputs that a student gets, and not on those of the release.
    """
    try:
        release.build(files, worker)
    except CourseError as error:
        return str(error).split("\n")
    found: dict[str, list[str]] = {}
    passes, keys = {}, []
    for seed in seeds:
        key = build_key(files, worker, seed, public_only=False)
        passes[seed] = _passes(key)
        keys.append(key)
        problems = reference(files, key) + _misconceptions(files, key, passes[seed]) + _twins(files, key)
        handed_in = ("reference", files.handout, 1), ("stubs", release.stubbed(files.handout), 0)
        for name, text, wanted in handed_in if seed in SEEDS[:RUN_ON] else ():
            problems += _runs(files, key, worker, name, text, wanted)
        if seed == SEEDS[0]:
            problems += _equivalents(files) + declarations(files, key) + _random(files, key, worker)
            problems += vacuous.find(files, key, worker)
            problems += [problem for name in files.catalogues for problem in catalogues.problems(files, name)]
        for problem in dict.fromkeys(problems):
            found.setdefault(problem, []).append(seed)
    return (
        [
            problem if SEEDS[0] in on else f"{problem} (On some inputs only: {', '.join(on)}.)"
            for problem, on in found.items()
        ]
        + _luck(files, passes)
        + _undrawn(files, keys)
    )


def _equivalents(files: LessonFiles) -> list[str]:
    """Edits that are listed as changing nothing, and can't be made any more, or have no reason."""
    made = {(*answer.exercises, *answer.edit) for answer in audit.edits(files)}
    return [
        f"{files.place}/equivalents.toml lists an edit of {item.exercise} that can't be made any more: {item.was!r} to "
        f"{item.now!r}. Delete it."
        for item in equivalent.listed(files)
        if (item.exercise, item.was, item.now) not in made
    ] + equivalent.unexplained(files)


def _random(files: LessonFiles, key: Key, worker: Worker) -> list[str]:
    """Checks on which the reference gives another result where it finds other random numbers."""
    names = [exercise.name for exercise in key.exercises]
    problems = []
    try:
        with talk(worker) as client:
            run_cells(client, files)
            client.cell(0, f"from grader.author import chance\nchance.watch(globals(), {names})")
            client.load(files.checks)
            for check in (check for check in key.checks if check.at_least is None):
                where, seed = files.where(check.name), seed_of(check, key.seed)
                seen = []
                for other in (False, True):
                    client.cell(0, f"chance.other = {other}")
                    with blamed_on(where):
                        seen.append(observe(client, check.name, seed, advice=False))
                if not judge(check, *seen).passed:
                    problems.append(
                        f"{where}: what the reference gives in {check.name} depends on random numbers, and so does whether "
                        "a right answer passes. Set the seed in the probe, or return what does not depend on it."
                    )
    except Fault as fault:
        raise CourseError(f"{files.place}: the lesson's own code did not come to an end: {fault}.") from None
    return problems


def graded(files: LessonFiles, key: Key, worker: Worker, text: str) -> Result:
    """What comes of a handout's text, of the reference say, where it is handed in as a student's file."""
    handed_in = submission.Submission("", files.name, answer_file.parse("lesson.py", text.encode(), []), "lesson.py")
    names = [exercise.name for exercise in key.exercises]
    ran = run(worker, handed_in, phases(files, key.checks), names, key.seed)
    return assess.assess(key, handed_in, ran, worker.isolation, show_hidden=True)


def _runs(files: LessonFiles, key: Key, worker: Worker, name: str, text: str, wanted: int) -> list[str]:
    """Points that the reference lacks, or that the stubs earn."""
    return [
        f"{files.where(item.exercise)}: {item.exercise}: the {name} earn{'s' if wanted else ''} {item.earned:g} of "
        f"{item.points:g} points. {item.summary if wanted else 'Is a part of the solution outside of the markers?'}"
        for item in graded(files, key, worker, text).exercises
        if item.earned != wanted * item.points and not item.in_words
    ]


def _passes(key: Key) -> set[tuple[str, str]]:
    """The misconceptions that earn points where they can be compared, each with the check that gives them."""
    return {
        (mistake.name, check.name)
        for mistake in key.mistakes
        for check in key.compared(mistake.exercise)
        if check.points and judge(check, key.expected[check.name], mistake.observations[check.name]).passed
    }


def _luck(files: LessonFiles, passes: dict[str, set[tuple[str, str]]]) -> list[str]:
    """Misconceptions that earn the points of a check on some seeds and not on others: every student has another seed, and
    the same mistake has to cost the same."""
    problems = []
    for mistake, check in sorted(set().union(*passes.values())):
        lucky = [repr(seed) for seed, passed in passes.items() if (mistake, check) in passed]
        if len(lucky) < len(passes):
            problems.append(
                f"{files.where(check)}: {mistake} passes {check} on some seeds only ({', '.join(lucky)}): its points are "
                "luck. Choose inputs that it always passes or never."
            )
    return problems


def _undrawn(files: LessonFiles, keys: Sequence[Key]) -> list[str]:
    """Visible checks with points that expect the same of all inputs: whoever copies their answers from the release's key
    earns them. An exercise of which nothing is drawn, a prediction say, is left out."""
    release, *others = keys
    same = {
        check.name
        for check in release.checks
        if others and check.at_least is None
        and all(judge(check, key.expected[check.name], release.expected[check.name]).passed for key in others)
    }  # fmt: skip
    return [
        f"{files.where(check.name)}: {check.name} expects the same of all inputs: whoever copies from the answer key "
        f"of the release earns its {check.points:g} points. Draw what its answer depends on (`normal`, `any_of`), let the "
        "probe return something drawn besides, or give it points=0."
        for check in release.checks
        if check.name in same and check.points and not check.hidden
        and any(other.name not in same for other in release.checks_of(check.exercise))
    ]  # fmt: skip


def _misconceptions(files: LessonFiles, key: Key, passed: set[tuple[str, str]]) -> list[str]:
    problems = []
    for mistake in key.mistakes:
        where = files.where(mistake.name)
        checks = [check for check in key.compared(mistake.exercise) if check.points]
        if checks and all((mistake.name, check.name) in passed for check in checks):
            problems.append(f"{where}: {mistake.name} earns full marks for {mistake.exercise}: a hole in the checks.")
        named = diagnose(key, mistake.exercise, mistake.observations)
        if [item.says for item in named] != [mistake.says]:
            told = ", ".join(item.name for item in named) or "nothing"
            problems.append(f"{where}: {mistake.name} is diagnosed as {told}.")
        for seen in (seen for observations in mistake.observations.values() for seen in observations):
            if seen.error and seen.error.type in ("NameError", "TypeError") and _is_unmeant(seen.error, mistake):
                problems.append(
                    f"{where}: {mistake.name} stops with {seen.error.type}: {seen.error.message}. Is that the mistake that "
                    "it should make?"
                )
    return problems


def _is_unmeant(error: Error, mistake: Mistake) -> bool:
    """Whether a misconception stops for want of a name, or as it takes other arguments than the exercise."""
    found = _UNMEANT.fullmatch(error.message)
    return bool(found) and (error.type == "NameError" or mistake.exercise in error.message.partition("(")[0])


def _twins(files: LessonFiles, key: Key) -> list[str]:
    """Misconceptions of one exercise that can't be told apart, and say different things."""
    problems = []
    for one, other in combinations(key.mistakes, 2):
        rivals = one.exercise == other.exercise and one.says != other.says
        if rivals and all(
            agrees(check, key.expected[check.name], one.observations[check.name], other.observations[check.name])
            for check in key.compared(one.exercise)
        ):
            problems.append(f"{files.where(other.name)}: {one.name} and {other.name} give the same on every case.")
    return problems
