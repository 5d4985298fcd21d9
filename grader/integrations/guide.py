"""What a notebook can ask for beside a check: a hint, how far one is, and what is next."""

from __future__ import annotations

import sys
import types
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from grader.errors import CourseError
from grader.exercise import Exercise
from grader.files.course import Course
from grader.files.source import DEFINES
from grader.integrations import at_hand
from grader.judge.key import Key
from grader.judge.result import Result
from grader.messages import say
from grader.student import own_check


class Told:
    """A sentence, and a table of exercises with their states where there is one: a notebook shows it as HTML, anything else
    as text."""

    def __init__(self, sentence: str, states: Mapping[str, str] | None = None) -> None:
        self.sentence = sentence
        self.states = states or {}

    def __repr__(self) -> str:
        from grader.report import text

        return "\n".join([self.sentence, *text.states(self.states)])

    def _repr_html_(self) -> str:
        from grader.report import html

        return html.told(self.sentence, self.states)


class _Memory:
    """What this kernel remembers: the states of exercises by lesson and name, the hints that were read, and which exercise
    was checked last, after how many cells. It ends with the kernel."""

    def __init__(self) -> None:
        self.states: dict[tuple[str, str], str] = {}
        self.hints: Counter[tuple[str, str]] = Counter()
        self.checked, self.cells = "", 0


_memory = _Memory()


def remember(lesson: str, exercise: str, result: Result | None, names: Mapping[str, Any]) -> None:
    """Note what a check of one exercise gave."""
    if result:
        _memory.states[lesson, exercise] = result.exercises[0].state
        _memory.checked, _memory.cells = exercise, len(_cells(names))


def _states(key: Key) -> dict[str, str]:
    """The state of each exercise of a lesson, "unchecked" where it is not known."""
    return {item.name: _memory.states.get((key.lesson, item.name), "unchecked") for item in key.exercises}


def hint(exercise: str | Callable[..., Any] = "") -> Told:
    """The next hint for an exercise: the one that is named, or else the one that you checked or defined last."""
    return _told(_hint, at_hand.named(exercise))


def progress() -> Told:
    """How many exercises of the lesson are right, and the state of each."""
    return _told(_progress)


def next_exercise() -> Told:
    """The first exercise that is not right yet; where all are, the next lesson."""
    return _told(_next_exercise)


def _told(ask: Callable[..., Told], *words: str) -> Told:
    """What is asked for, of the notebook that called the caller; or why it can't be told."""
    frame = sys._getframe(2)
    try:
        return ask(frame.f_globals, *words)
    except CourseError as error:
        return Told(str(error))


def _hint(names: Mapping[str, Any], exercise: str) -> Told:
    key = at_hand.find(exercise).key
    (about,) = own_check.only(key, exercise or _at(key, names)).exercises
    read = _memory.hints[key.lesson, about.name]
    if read >= len(about.hints):
        return Told(say("no_more_hints", name=about.name, hints=len(about.hints)))
    _memory.hints[key.lesson, about.name] += 1
    return Told(say("hint_of", name=about.name, number=read + 1, hints=len(about.hints), text=about.hint(read + 1)))


def _progress(names: Mapping[str, Any]) -> Told:
    key = at_hand.find().key
    states = _states(key)
    done = sum(state == "right" for state in states.values())
    return Told(say("progress_in_notebook", done=done, total=len(states), lesson=key.lesson), states)


def _next_exercise(names: Mapping[str, Any]) -> Told:
    found = at_hand.find()
    states, lesson = _states(found.key), found.key.lesson
    left: list[Exercise] = [item for item in found.key.exercises if states[item.name] != "right"]
    if left:
        return Told(say("next_in_notebook", name=left[0].name, difficulty=left[0].difficulty, minutes=left[0].minutes))
    lessons = Course(found.folder.parent).lessons()
    behind = lessons[lessons.index(found.folder.name) + 1 :]
    return Told(say("next_lesson", lesson=lesson, next=behind[0]) if behind else say("last_lesson", lesson=lesson))


def defined_last(key: Key, names: Mapping[str, Any]) -> str:
    """The exercise that was defined last in a notebook.

    Raises:
        CourseError: none was.
    """
    if found := _defined(key, names)[0]:
        return found
    raise CourseError(say("no_exercise_yet", call=f'check("{key.exercises[0].name}")'))


def defined(names: Mapping[str, Any], besides: set[str]) -> list[str]:
    """The functions and classes that the cells of a notebook have defined, but for those `besides`."""
    own = [
        name
        for name, item in names.items()
        if (isinstance(item, types.FunctionType) and item.__globals__ is names)
        or (isinstance(item, type) and item.__module__ == names.get("__name__"))
    ]
    return [name for name in own if name not in besides]


def _at(key: Key, names: Mapping[str, Any]) -> str:
    """The exercise that somebody is at: the one checked last, or one that was defined since."""
    known = {item.name for item in key.exercises}
    defined, cell = _defined(key, names)
    if _memory.checked in known and cell <= _memory.cells:
        return _memory.checked
    return defined or key.exercises[0].name


def _defined(key: Key, names: Mapping[str, Any]) -> tuple[str, int]:
    """The exercise that was defined last, and in which cell that was run; or no name."""
    known = {item.name for item in key.exercises}
    cells = _cells(names)
    for number in range(len(cells), 0, -1):
        if found := [name for name in DEFINES.findall(cells[number - 1]) if name in known]:
            return found[-1], number
    return next((name for name in reversed([*names]) if name in known), ""), 0


def _cells(names: Mapping[str, Any]) -> list[str]:
    """The cells that were run in a kernel, in that order, the one that is running included; IPython keeps them as `In`."""
    cells = names.get("In")
    return list(map(str, cells)) if isinstance(cells, list) else []
