"""The one format of results: what grading a submission gave. Every report, and the gradebook, reads only this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from grader.errors import FaultKind
from grader.exercise import Solution
from grader.messages import say
from grader.whole import write_whole

Isolation = Literal["sandbox", "process"]
"""How student code was kept apart: behind the sandbox's walls, or in a plain process."""
REMEMBERED = 5
"""Earlier gradings of a hand-in that are kept."""
State = Literal["right", "wrong", "missing", "stub", "unjudged", "by_hand"]


Points = Annotated[float, msgspec.Meta(ge=0, le=1e6)]
"""What a check is worth. A file of results that says anything else was not written by this program."""


class Grid(msgspec.Struct):
    """The numbers of a tensor of one to four axes, row by row, as text; `wrong` are the places of those that differ."""

    shape: list[int]
    numbers: list[str]
    wrong: list[int] = []


FigureKind = Literal["map", "lines", "bars"]


class Figure(msgspec.Struct):
    """Numbers that are drawn: as a map of a tensor of two axes or more, as two lines, or as the bars of a distribution. None
    is a number that is not finite."""

    kind: FigureKind
    shape: list[int]
    expected: list[float | None]
    got_shape: list[int]
    got: list[float | None]
    wrong: list[int] = []


class Shown(msgspec.Struct):
    """The case a message speaks of, as text, where it is small enough to be read: `("X", "[[1, 2]]")` an input.

    `of` is the input whose gradient is shown; without one it is what the answer gave back, or the part of it at `place`.
    `starts_from` says that the inputs are what the check makes the answer's arguments of, such as the samples for a loader.
    Numbers come as grids too, and as a figure where there are many.
    """

    kind: str
    inputs: list[tuple[str, str]] = []
    expected: str = ""
    got: str = ""
    of: str = ""
    expected_grid: Grid | None = None
    got_grid: Grid | None = None
    place: str = ""
    figure: Figure | None = None
    starts_from: bool = False

    @property
    def about(self) -> str:
        """What is compared, where it is not simply what came back; nothing where it is not shown."""
        if not (self.sides or self.figure):
            return ""
        return say("gradient_of", name=self.of) if self.of else say("part", name=self.place) if self.place else ""

    @property
    def sides(self) -> list[tuple[str, str, Grid | None]]:
        """What was expected and what came, each with its name, those that there are."""
        both = (say("expected"), self.expected, self.expected_grid), (say("got"), self.got, self.got_grid)
        return [side for side in both if side[1] or side[2]]


class Verdict(msgspec.Struct):
    """The outcome of one check. `passed` is None where it could not be judged, which earns nothing and is said. `case` is
    the one that the message speaks of, `where` the student's own line that an error came from and `called_from` the lines
    that led there, the nearest last, `printed` what the code printed meanwhile; `shown_anyway` says that the instructor has
    what a hidden check found told like that of any other."""

    check: str
    says: str
    points: Points
    hidden: bool
    passed: bool | None
    message: str = ""
    case: int | None = None
    where: str = ""
    shown: Shown | None = None
    advice: list[str] = []
    shown_anyway: bool = False
    called_from: list[str] = []
    printed: str = ""
    replay: str = ""
    """The case as Python to paste, in a student's own check."""
    not_pasted: str = ""
    """Why there are no such lines, where it is too large for them."""
    reason: str = ""
    """Why it did not pass, for the instructor alone: what a hidden check found too, and how long a step took that did not
    come back. No report shows it."""
    stopped: FaultKind | None = None
    """Why a step did not come back, where one did not."""
    followed: bool = False
    """Whether it did not pass, and does with the solutions in place that its exercise was followed through with."""

    @property
    def earned(self) -> float:
        return self.points if self.passed or self.followed else 0.0

    @property
    def closed(self) -> bool:
        """Whether no more may be told than that it failed."""
        return self.hidden and not self.shown_anyway


EditKind = Literal[
    "number", "axis", "operator", "condition", "name", "argument", "missing_call", "extra_call", "missing_line", "line",
    "order", "indentation", "assignment", "result", "recording",
]  # fmt: skip
"""What kind of thing a small edit is about, as the worker calls it (`grader.worker.edits`, `grader.worker.mends`)."""


class Line(msgspec.Struct):
    """The line at fault: one small edit there made everything pass that it was tried on. Which one is never told.

    It is a place to look, no name of a mistake: `kind` is what kind of thing the edit is about, `says` the sentence.
    """

    kind: EditKind
    says: str


class ExerciseResult(msgspec.Struct):
    """The outcome of one exercise.

    `state` is "right", "wrong", "missing", "stub" or "unjudged", and "by_hand" where a person grades what is there;
    `mistakes` are the misconceptions that were found, each name with its sentence, the one to begin with first; `summary` is
    what a student reads first, and `line` where to look, where that was found for a wrong answer without a name; `solution`
    is what may be read of a right one. `final` is the score that the gradebook holds where an instructor gave one or extra
    credit, `comment` what they wrote."""

    exercise: str
    state: State
    summary: str
    verdicts: list[Verdict]
    mistakes: dict[str, str] = {}
    below: list[str] = []
    """The exercises that a wrong answer uses and that are not right either."""
    followed: list[str] = []
    """The exercises whose solutions took the place of the student's answers when it was run once more."""
    line: Line | None = None
    solution: Solution | None = None
    more: int = 0
    """How many checks that students don't have run when it is graded, where that is to be told."""
    final: float | None = None
    comment: str = ""
    words: str = ""
    """The digest of what was written, where it is answered in words, and so graded by a person."""
    to_reread: bool = False
    """Whether it is another text than the one graded before, and the gradebook does not say so yet."""

    @property
    def in_words(self) -> bool:
        """Whether it is answered in words."""
        return bool(self.words)

    @property
    def grade_cell(self) -> str:
        """What the gradebook calls the cell that holds its score."""
        return self.exercise if self.in_words else f"check_{self.exercise}"

    @property
    def waits(self) -> bool:
        """Whether nobody has graded it yet."""
        return self.state == "by_hand" and self.final is None

    @property
    def score(self) -> float:
        """What counts in the end: `final`, or else what was earned."""
        return self.earned if self.final is None else self.final

    @property
    def points(self) -> float:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def earned(self) -> float:
        return sum(verdict.earned for verdict in self.verdicts)

    @property
    def printed(self) -> str:
        """What the code printed in the check that is told first: the first one that failed, or else the first."""
        told = [verdict for verdict in self.verdicts if not verdict.passed] or self.verdicts
        return next((verdict.printed for verdict in told if verdict.printed), "")

    @property
    def replay(self) -> str:
        """The failing case that is told first, as Python to paste."""
        return next((verdict.replay for verdict in self.verdicts if not verdict.passed), "")

    @property
    def not_pasted(self) -> str:
        """Why it is not there, where it is too large."""
        return next((verdict.not_pasted for verdict in self.verdicts if not verdict.passed), "")

    @property
    def advice(self) -> list[str]:
        """The advice of all checks, each once."""
        return list(dict.fromkeys(advice for verdict in self.verdicts for advice in verdict.advice))


class Stamp(msgspec.Struct):
    """What decided a result: the version of lesson, grader and PyTorch, digests of the seed of the inputs and of what was
    handed in, and how it was graded. A result with the same stamp need not be made again."""

    version: str
    seed: str
    content: str
    isolation: Isolation
    shows_hidden: bool
    lines: bool = False
    """Whether the lines at fault were looked for."""


class Person(msgspec.Struct):
    """What the gradebook's roster says of a student."""

    first: str = ""
    last: str = ""
    email: str = ""
    lms_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()


class Earlier(msgspec.Struct):
    """What a hand-in had earned before it was graded again: when, under which stamp, and each check's points of how many, by
    `exercise/check`."""

    graded: str
    stamp: Stamp | None
    earned: float
    points: float
    checks: dict[str, tuple[float, float]]


class Result(msgspec.Struct):
    """The outcome of one submission. `notes` are sentences about the hand-in itself (a cell that raised, a file that could
    not be read).
    `penalty` is what the gradebook takes off for being late, `elsewhere` what it holds by hand for cells that are not
    exercises. `history` holds what was graded before, the latest last. `code` is the digest of what the code defines,
    without names and layout (`grader.worker.normal`)."""

    student: str
    lesson: str
    exercises: list[ExerciseResult]
    file: str = ""
    notes: list[str] = []
    printed: str = ""
    stamp: Stamp | None = None
    handed_in: str = ""
    graded: str = ""
    isolation: Isolation = "sandbox"
    penalty: float = 0.0
    elsewhere: float = 0.0
    language: str = ""
    """The language that the hand-in's release is in, where that can be told; else an instructor's own holds."""
    history: list[Earlier] = []
    code: str = ""
    folder: str = ""
    """A digest of the folder that was handed in, as it lay: as long as that is the same, it is not read again."""
    person: Person = msgspec.field(default_factory=Person)
    late: float = 0.0
    """Seconds after the due date, and after what the student was given beyond it, that it was handed in."""
    stopped: dict[str, FaultKind] = {}
    """The notes about a cell that did not come back, each with why."""

    @property
    def called(self) -> str:
        """The student as people know them: with their name, where the gradebook has one."""
        return f"{self.student} ({self.person.name})" if self.person.name else self.student

    @property
    def score(self) -> float:
        """What counts in the end, as nbgrader counts it."""
        return max(0.0, sum(exercise.score for exercise in self.exercises) + self.elsewhere - self.penalty)

    @property
    def regraded(self) -> Earlier | None:
        """What it earned before, where that was the same work and other points."""
        last = self.history[-1] if self.history else None
        same = last and last.stamp and self.stamp and last.stamp.content == self.stamp.content
        return last if last and same and (last.earned, last.points) != (self.earned, self.points) else None

    @property
    def settled(self) -> bool:
        """Whether an instructor or a late penalty has had a say in the score."""
        return bool(self.penalty or self.elsewhere) or any(item.final is not None for item in self.exercises)

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)

    @property
    def earned(self) -> float:
        return sum(exercise.earned for exercise in self.exercises)


def earned_by_check(result: Result) -> dict[str, tuple[float, float]]:
    """The points that each check earned, and how many there were, by `exercise/check`."""
    return {
        f"{item.exercise}/{verdict.check}": (verdict.earned, verdict.points)
        for item in result.exercises
        for verdict in item.verdicts
    }


def without_details(result: Result) -> Result:
    """What a table of a class needs of a result: what only its own page shows is left away, and that is most of it."""
    exercises = [
        msgspec.structs.replace(
            item,
            summary="",
            solution=None,
            verdicts=[
                Verdict(each.check, "", each.points, each.hidden, each.passed, followed=each.followed)
                for each in item.verdicts
            ],
        )
        for item in result.exercises
    ]
    return msgspec.structs.replace(result, exercises=exercises, printed="", history=[])


def remember(result: Result, earlier: Result) -> None:
    """Keep in a result what it takes the place of, where that is not the same once more."""
    before = Earlier(earlier.graded, earlier.stamp, earlier.earned, earlier.points, earned_by_check(earlier))
    same = earlier.stamp == result.stamp and before.checks == earned_by_check(result)
    result.history = [*earlier.history, *([] if same else [before])][-REMEMBERED:]


def note_rewritten(result: Result, earlier: Result) -> None:
    """Note which answers in words are not those that were handed in before: what a person gave them is for another text."""
    before = {item.exercise: item for item in earlier.exercises if item.words}
    for item in result.exercises:
        if item.exercise in before:
            item.to_reread = before[item.exercise].to_reread or before[item.exercise].words != item.words


def save(result: Result, path: Path) -> None:
    """Write a result so that a reader sees all of it or nothing."""
    write_whole(path, msgspec.json.encode(result))


def load(path: Path) -> Result | None:
    """Read a result, or None where there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Result)
    except (OSError, msgspec.MsgspecError):
        return None
