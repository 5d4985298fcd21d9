"""Looks for holes in a lesson's checks: wrong answers made from its reference by machine, of which none may pass."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import local

from grader.author import equivalent, mistakes, mutate, release
from grader.author.equivalent import Equivalent
from grader.author.expectations import build_key
from grader.files.source import LessonFiles
from grader.files.submission import of_cells
from grader.judge.key import Key
from grader.judge.verdict import judge
from grader.sandbox.run import Phase, phases, run
from grader.sandbox.session import Worker

SEEDS = ("audit-1", "audit-2")
"""Every wrong answer has to fail on the inputs of each of them: a grade must not be luck."""
PAIRS = 20
"""Pairs of misconceptions of different exercises that are tried together."""
SLOW_SECONDS = 5.0
"""Checks that may take longer than this are put only to answers that pass all others."""

SPOILERS = {
    "zeros": "torch.zeros_like(it)",
    "ones": "torch.ones_like(it)",
    "a thousandth too large": "it * 1.001 if it.is_floating_point() else it + 1",
    "the other sign": "-it",
    "no sign": "it.abs() if (it < 0).any() else it + 1",
    "rounded": "it.mul(100).round().div(100) + 0.004 if it.is_floating_point() else it * 2",
    "turned round": "it.flip(range(it.dim())) if it.dim() and not torch.equal(it, it.flip(range(it.dim()))) else it + 1",
    "the mean everywhere": "torch.full_like(it, it.double().mean().item()) + (it.numel() < 2)",
    "one more axis": "it.unsqueeze(0)",
    "double precision": "it.double() if it.dtype is not torch.float64 else it.float()",
    "cut off": "it.detach() if it.requires_grad else it + 1",
    "as a list": "it.tolist()",
    "nothing": "None",
    "shuffled": "it.flatten().roll(1).reshape(it.shape) if it.unique().numel() > 1 else it + 1",
}
"""What is done to every tensor that the right answer returns: the right shape, most of them, and plausible numbers."""
_SPOILED = """
import torch as _torch
def _spoiled(answer):
    torch = _torch
    def spoil(it):
        if isinstance(it, torch.Tensor):
            return {code}
        if isinstance(it, (list, tuple)) and type(it) in (list, tuple):
            return type(it)(map(spoil, it))
        if isinstance(it, (bool, int, float)):
            return it + 1
        raise TypeError("nothing to spoil: this exercise is not about what is returned")
    if isinstance(answer, type):
        return type(answer.__name__, (answer,), {{"forward": lambda self, *a, **k: spoil(answer.forward(self, *a, **k))}})
    return lambda *a, **k: spoil(answer(*a, **k))
{name} = _spoiled({name})
"""


@dataclass(frozen=True)
class Wrong:
    """An answer that must not pass: the exercises it gets wrong, what it is, the cells it is made of, and its edit."""

    exercises: tuple[str, ...]
    what: str
    cells: list[str]
    edit: tuple[str, str] = ("", "")


@dataclass
class Audit:
    """The outcome of a lesson's audit."""

    tried: int
    survivors: list[Wrong]
    stale: list[Equivalent]
    """Edits that are listed as changing nothing, but fail, or can't be made any more."""
    unexplained: list[str] = field(default_factory=list)
    """Sentences about edits that are listed without a reason."""


def edits(files: LessonFiles) -> Iterator[Wrong]:
    """The small edits of each exercise's reference."""
    code = [cell for cell in files.cells if cell.kind == "code"]
    for index, cell in enumerate(code):
        for mutant in mutate.mutants(cell.exercise, release.solved(cell)) if cell.exercise else ():
            cells = [*files.code_cells[:index], mutant.source, *files.code_cells[index + 1 :]]
            yield Wrong((mutant.exercise,), mutant.what, cells, (mutant.was, mutant.now))


def spoiled(files: LessonFiles) -> Iterator[Wrong]:
    """Right answers whose results are spoiled."""
    for exercise in [cell.exercise for cell in files.cells if cell.exercise]:
        for what, code in SPOILERS.items():
            yield Wrong((exercise,), f"returns {what}", [*files.code_cells, _SPOILED.format(code=code, name=exercise)])


def pairs(files: LessonFiles) -> Iterator[Wrong]:
    """Two misconceptions at a time, of two exercises."""
    of_exercise = defaultdict[str, list[tuple[str, str]]](list)
    for name, (exercise, text) in mistakes.as_handed_in(files).items():
        of_exercise[exercise].append((name, text))
    dice = random.Random(files.name)
    for _ in range(PAIRS if len(of_exercise) > 1 else 0):
        exercises = dice.sample(sorted(of_exercise), 2)
        names, texts = zip(*(dice.choice(of_exercise[exercise]) for exercise in exercises), strict=True)
        yield Wrong(tuple(exercises), " and ".join(names), [*files.code_cells, *texts])


def audit(files: LessonFiles, start_worker: Callable[[], Worker], workers: int) -> Audit:
    """Run every wrong answer through the lesson's checks; list those that pass on the inputs of some seed.

    Raises:
        CourseError: the lesson's own code fails.
    """
    listed = {(item.exercise, item.was, item.now): item for item in equivalent.listed(files)}
    wrong = [*edits(files), *spoiled(files), *pairs(files)]
    mine, started = local(), []
    with ThreadPoolExecutor(workers) as pool:

        def survives(answer: Wrong) -> bool:
            if not hasattr(mine, "worker"):
                mine.worker = start_worker()
                started.append(mine.worker)
            return any(_passes(files, key, mine.worker, answer) for key in made)

        try:
            first = start_worker()
            started.append(first)
            made = [build_key(files, first, seed, public_only=False) for seed in SEEDS]
            survivors = [answer for answer, lives in zip(wrong, pool.map(survives, wrong), strict=True) if lives]
        finally:
            pool.shutdown(cancel_futures=True)
            for worker in started:
                worker.close()
    living = {(*answer.exercises, *answer.edit) for answer in survivors}
    return Audit(
        len(wrong),
        [
            answer
            for answer in survivors
            if (*answer.exercises, *answer.edit) not in listed
            and not (any(answer.edit) and equivalent.by_rule(*answer.edit))
        ],
        [item for place, item in listed.items() if place not in living],
        equivalent.unexplained(files),
    )


def described(found: Audit) -> Iterator[str]:
    """What an audit found, line by line: each answer that passes with its edit, and what has to leave the list."""
    for answer in found.survivors:
        yield f"{', '.join(answer.exercises)}: {answer.what}"
        yield from (f"  - {line}" for line in answer.edit[0].split("\n") if line)
        yield from (f"  + {line}" for line in answer.edit[1].split("\n") if line)
    for item in found.stale:
        yield f"equivalents.toml lists an edit of {item.exercise} that no longer passes: {item.was!r} to {item.now!r}"
    yield from found.unexplained


def _passes(files: LessonFiles, key: Key, worker: Worker, answer: Wrong) -> bool:
    """Whether an answer earns full marks for any exercise that it gets wrong."""
    return any(
        all(_all_pass(key, worker, answer, exercise, stage) for stage in _stages(files, key, exercise))
        for exercise in answer.exercises
    )


def _stages(files: LessonFiles, key: Key, exercise: str) -> Iterator[list[Phase]]:
    checks = key.checks_of(exercise)
    for slow in (False, True):
        stage = [check for check in checks if (check.seconds > SLOW_SECONDS) == slow]
        if stage:
            yield phases(files, stage)


def _all_pass(key: Key, worker: Worker, answer: Wrong, exercise: str, stage: list[Phase]) -> bool:
    ran = run(worker, of_cells(key.lesson, answer.cells), stage, [exercise], key.seed)
    return all(
        judge(check, key.expected[check.name], ran.observations.get(check.name, [])).passed
        for phase in stage
        for check in phase.checks
    )
