"""The line at fault in a student's own kernel: the search runs on what the notebook has defined, the verdict being shown."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
import torch

from grader import stubs, wire
from grader.author.expectations import SECONDS
from grader.checks import Check
from grader.errors import Fault
from grader.integrations.kernel import Deadline, undisturbed
from grader.judge import observation
from grader.judge.key import Key, seed_of
from grader.judge.observation import Error, Run
from grader.judge.result import Line
from grader.lesson.declare import Lesson
from grader.messages import say
from grader.sandbox.client import Edit, Edits, Tried
from grader.sandbox.faultline import Search, sentence, stopped
from grader.worker.mending import Mending, Near, chosen, live, names_in

MEMORY = 2 << 30
"""Bytes that the edits may take beyond what the kernel has: one may ask for more than any machine holds."""


def used(names: Mapping[str, Any], exercise: str, exercises: list[str]) -> set[str]:
    """The other exercises that an answer uses, as it stands in the kernel."""
    mine = chosen(exercise, exercises, live(names))
    return set().union(*(names_in(part.node) for part in mine)) & set(exercises) - {exercise}


def begun(names: Mapping[str, Any], exercise: str) -> bool:
    """Whether an answer in the kernel holds more than a stub; so it is also where its text is not known."""
    mine = chosen(exercise, [exercise], live(names))
    return not mine or stubs.begun(mine[-1].node)


def locate(names: Mapping[str, Any], key: Key, lesson: Lesson, exercises: list[str], ran: Run) -> Line | None:
    """Look for the line at fault of the one exercise that the key is cut down to.

    Args:
        exercises: the names of all exercises of the lesson.
    """
    (about,) = key.exercises
    parts = live(names)
    mine = chosen(about.name, exercises, parts)
    if not mine:
        return None
    near = _near(stopped(key, key.checks, ran), mine[-1].filename)
    mending = Mending(names, mine, list(parts), near)
    edits = msgspec.convert({"edits": mending.described()}, Edits).edits

    def tries(check: Check, numbers: list[int], only: int | None) -> Tried:
        given = {name: torch.from_numpy(item) for name, item in check.given.inputs.items()} if check.given else None
        seen = mending.tried(
            lesson,
            lesson.checks[check.name],
            seed_of(check, key.seed),
            numbers,
            only=only,
            given=given,
            interruptible=True,
        )
        return observation.decode(*wire.split(seen), Tried)

    seen = {name: item for name, item in ran.observations.items() if isinstance(item, list)}
    try:
        with undisturbed(), _bounded(), Deadline(2 * SECONDS):
            found = Search(key, key.checks, tries, near and (None, near.line)).edit(edits, seen)
    except (Fault, KeyboardInterrupt):
        return None
    return _told(found.edit, mending.filename(found.number)) if found else None


def _near(error: Error | None, filename: str) -> Near | None:
    """The line of the exercise's cell that the answer stopped at."""
    if error is None or error.line is None or not error.code:
        return None
    same = linecache.getline(filename, error.line).strip().startswith(error.code)
    return Near(None, error.line, filename) if same else None


def _told(edit: Edit, filename: str) -> Line:
    return sentence(edit, say("line_in_kernel", line=edit.line), linecache.getline(filename, edit.line))


@contextmanager
def _bounded() -> Iterator[None]:
    """Bound the memory, where a system can, and no GPU has the address space already."""
    if sys.platform != "linux" or torch.cuda.is_initialized():
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as pages:
        now = int(pages.read().split()[0]) * resource.getpagesize()
    limits = [now + MEMORY, *(item for item in before if item != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
