"""One hand-in run again as it was graded, with everything shown."""

from __future__ import annotations

import msgspec

from grader.classroom.grade import Grader
from grader.classroom.hand_ins import HandIn
from grader.digest import digest
from grader.errors import CourseError
from grader.judge import explain as judged
from grader.judge.explain import ExerciseTold
from grader.messages import told
from grader.sandbox.timed import Timed


class Explained(msgspec.Struct):
    """What became of a hand-in, and how. `differs` says why this is not what was graded; nothing where it is: the same code,
    inputs, version and isolation. `inputs` names the set of inputs, `cells` are the seconds that each took by the clock."""

    student: str
    lesson: str
    file: str
    handed_in: str
    graded: str
    differs: list[str]
    version: str
    inputs: str
    isolation: str
    earned: float
    points: float
    notes: list[str]
    cells: dict[int, float]
    exercises: list[ExerciseTold]


def explain(grader: Grader, item: HandIn, exercise: str = "") -> Explained:
    """Run a hand-in again on the inputs that it was graded on.

    Nothing is written but keys that are not kept yet.

    Raises:
        CourseError: the lesson has no such exercise.
    """
    earlier = grader.room.graded(item.student, grader.room.result(item.student, item.lesson))
    stamp = earlier.stamp if earlier else None
    seed = grader.seed(item)
    handed_in, worker = grader.judging.read(item), Timed(grader.pool.worker())
    key, run, found = grader.judging.judged(handed_in, seed, worker)
    key = grader.judging.knowing(key, [each.exercise for each in found.exercises if each.state == "wrong"])
    names = [each.exercise for each in found.exercises]
    if exercise and exercise not in names:
        raise CourseError(
            told(
                "{lesson} has no exercise called {exercise}. Its exercises are {names}.",
                lesson=item.lesson,
                exercise=exercise,
                names=", ".join(names),
            )
        )
    differs = []
    if not earlier or not stamp:
        differs.append(told("It has not been graded yet: this is what grading would give."))
    elif handed_in.digest != stamp.content:
        differs.append(told("What was handed in has changed since it was graded."))
    if stamp and stamp.version != grader.judging.versions[item.lesson]:
        differs.append(
            told("The lesson, the grader or PyTorch has changed since it was graded, so the checks may be others.")
        )
    if stamp and stamp.seed != digest([seed]):
        differs.append(
            told("It was graded on other inputs: the class has another secret or another number of variants now.")
        )
    if stamp and stamp.isolation != grader.judging.isolation:
        differs.append(told("It was graded with --isolation {isolation}.", isolation=stamp.isolation))
    if earlier and not differs and earlier.earned != found.earned:
        differs.append(
            told(
                "It gave {earned} points when it was graded: this answer does not always give the same.",
                earned=f"{earlier.earned:g}",
            )
        )
    probes = grader.judging.probes(item.lesson)
    shown = [each for each in judged.explain(key, run, found, worker.checks, probes) if exercise in ("", each.exercise)]
    return Explained(
        found.student,
        found.lesson,
        found.file,
        handed_in.handed_in,
        earlier.graded if earlier else "",
        differs,
        grader.judging.versions[item.lesson],
        seed.partition(":")[0],
        grader.judging.isolation,
        found.earned,
        found.points,
        found.notes,
        {index + 1: seconds for index, seconds in worker.cells.items()},
        shown,
    )
