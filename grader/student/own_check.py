"""A student's own check: their file against the public checks and the answer key that lie beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import msgspec

from grader.errors import CourseError, Fault
from grader.files import submission
from grader.files.answer_file import is_notebook, release_digest
from grader.files.course import Course
from grader.files.names import CHECKS_NAME, near
from grader.files.outline import Outline
from grader.files.submission import Submission
from grader.judge import assess, cells
from grader.judge.key import Key, load_key
from grader.judge.observation import Error, Run
from grader.judge.result import Result
from grader.lesson import pictures
from grader.messages import in_a_row, say
from grader.sandbox import faultline, follow
from grader.sandbox.run import Phase, run
from grader.sandbox.session import Worker

ABOUT_GPU = "gpu_too", "gpu_not"


@dataclass(frozen=True)
class Released:
    """What lies beside a student's file: the answer key, the text of the public checks, and the files of data."""

    folder: Path
    key: Key
    checks: str
    data: dict[str, bytes]

    def read(self) -> Submission:
        """The student's file, as a class would read it."""
        names = [item.name for item in self.key.exercises]
        return submission.read(self.folder, "", self.key.lesson, self.key.released, names)


@dataclass
class Checked:
    """What a check gave: the result, for each exercise where to look in the student's file, and the search for the lines at
    fault. That takes seconds: it can wait until the rest is shown, and notes what it finds in the result."""

    result: Result
    places: dict[str, tuple[Path, int | None]] = field(default_factory=dict)
    """The file, and the line in it where that can be told: of a script, the one that stopped or else the definition."""

    locate: Callable[[], object] = lambda: None

    def named_places(self, course: Course) -> dict[str, str]:
        """The places as `path:line`, which terminals and editors take for a link, of what is not right."""
        return {
            item.exercise: course.relative(file) + (f":{line}" if line else "")
            for item in self.result.exercises
            if item.state != "right" and item.exercise in self.places
            for file, line in [self.places[item.exercise]]
        }


def released(course: Course, lesson: str) -> Released:
    """Read what lies beside a student's file.

    Raises:
        CourseError: the release is not whole.
    """
    folder = course.folder(lesson)
    key = load_key(folder)
    try:
        data = {file.name: file.read_bytes() for file in course.data(lesson)}
        return Released(folder, key, (folder / CHECKS_NAME).read_text(encoding="utf-8"), data)
    except (OSError, UnicodeDecodeError):
        raise CourseError(say("no_checks", folder=folder)) from None


def check(course: Course, lesson: str, exercise: str | None, worker: Worker) -> Result:
    """Check one lesson, or one exercise of it, without a search for the lines at fault.

    Raises:
        CourseError: the release is not whole, or there is no such exercise.
    """
    given = released(course, lesson)
    return checked(given, given.read(), [exercise] if exercise else [], worker).result


def checked(given: Released, answers: Submission, exercises: Sequence[str], worker: Worker) -> Checked:
    """Check what was read of a student's file: the named exercises, or all of them."""
    key = only(given.key, *exercises)
    if not answers.cells:
        return Checked(assess.nothing(key, answers, worker.isolation))
    suffix = ".ipynb" if is_notebook(answers.file) else ".py"
    if release_digest(answers.code) == key.released.get(suffix):
        return Checked(assess.untouched(key, answers, worker.isolation), _places(given, answers, key, Run()))
    pictures.prepare(key.pictures)
    phases = [Phase(given.checks, key.checks, given.data)]
    names = [item.name for item in given.key.exercises]
    ran = run(worker, answers, phases, names, key.seed)
    if ran.gpu:
        seen = [item for found in ran.observations.values() if isinstance(found, list) for item in found]
        answers.notes.append(say(ABOUT_GPU[not any(item.kind == "cuda" for item in seen)]))
    is_right = cache(partial(_is_right, given, answers, worker))
    judged = partial(assess.assess, key, answers, ran, worker.isolation, probes=given.checks, is_right=is_right)
    again = partial(run, worker, exercises=names, seed=key.seed)
    result = judged()
    if without := follow.followed(key, answers, phases, result, ran, again, is_right):
        result = judged(followed=without)
    locate = partial(faultline.locate, worker, answers, phases, key, result, ran, names)
    return Checked(result, _places(given, answers, key, ran), locate)


def _is_right(given: Released, answers: Submission, worker: Worker, name: str) -> bool:
    """Whether an exercise is right that was not asked for; what is no exercise has nothing wrong with it."""
    names = [item.name for item in given.key.exercises]
    if name not in names:
        return True
    key = only(given.key, name)
    seen = run(worker, answers, [Phase(given.checks, key.checks, given.data)], names, key.seed)
    return assess.assess(key, answers, seen, worker.isolation).exercises[0].state == "right"


def _places(given: Released, answers: Submission, key: Key, ran: Run) -> dict[str, tuple[Path, int | None]]:
    file = given.folder / answers.file
    if is_notebook(answers.file):
        return {item.name: (file, None) for item in key.exercises}
    return {item.name: (file, _line(answers, key, item.name, ran)) for item in key.exercises}


def _line(answers: Submission, key: Key, exercise: str, ran: Run) -> int | None:
    """The line of a script that an exercise stopped at; where it did not, the one where it is defined last."""
    for check in key.checks_of(exercise):
        seen = ran.observations.get(check.name, [])
        for error in [] if isinstance(seen, Fault) else [item.error for item in seen if item.error]:
            if (line := _in_file(answers, error)) is not None and not cells.of_stub(exercise, error):
                return line
    for index, text in reversed(list(enumerate(answers.cells))):
        if found := submission.definition(text, exercise):
            stopped = ran.errors.get(index)
            line = _in_file(answers, stopped) if isinstance(stopped, Error) else None
            return answers.code[index].at + text.count("\n", 0, found.start()) if line is None else line
    return None


def _in_file(answers: Submission, error: Error) -> int | None:
    if error.cell is None or error.line is None or not 0 <= error.cell < len(answers.code):
        return None
    return answers.code[error.cell].at + error.line - 1


def unknown(key: Key | Outline, exercise: str) -> CourseError:
    """What is wrong where a lesson has no such exercise."""
    close = near(exercise, key.names)
    choices = say("or").join(close) if close else in_a_row(key.names)
    sentence = "no_exercise_called_so" if close else "no_exercise_called"
    return CourseError(say(sentence, lesson=key.lesson, name=exercise, choices=choices))


def only(key: Key, *exercises: str) -> Key:
    """The key, cut down to the exercises that are named; all of it where none is."""
    if not exercises:
        return key
    for name in exercises:
        if name not in key.names:
            raise unknown(key, name)
    return msgspec.structs.replace(
        key,
        exercises=[item for item in key.exercises if item.name in exercises],
        checks=[check for check in key.checks if check.exercise in exercises],
        written=[item for item in key.written if item.name in exercises],
    )
