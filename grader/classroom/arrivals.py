"""Hand-ins as they come in: which are new in `submitted/`, or have changed, since it was looked at last."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress

from grader.classroom.hand_ins import HandIn, hand_ins
from grader.classroom.room import Classroom
from grader.errors import CourseError
from grader.files.course import Course

FILES_AT_MOST = 200
"""Files of a hand-in that are looked at; of more, a change may go unseen until one of these changes."""

_Look = tuple[tuple[str, int, int], ...]


class Arrivals:
    """What a class hands in from now on.

    Args:
        lessons: only these; all of them where there is none.
        students: names or patterns; all students where there is none.
    """

    def __init__(
        self, room: Classroom, course: Course, lessons: Sequence[str] | None, students: Sequence[str] | None
    ) -> None:
        self._asked = room, course, lessons, students
        self._seen = {place: look for place, (_, look) in self._looked().items()}
        self._moving: dict[tuple[str, str], _Look] = {}

    def come(self) -> list[HandIn]:
        """Hand-ins that are others than they were, and the same as at the last call: what is still being copied is not
        graded by halves."""
        found = []
        for place, (item, look) in self._looked().items():
            if look == self._seen.get(place):
                self._moving.pop(place, None)
            elif self._moving.get(place) == look:
                del self._moving[place]
                self._seen[place] = look
                found.append(item)
            else:
                self._moving[place] = look
        return found

    def _looked(self) -> dict[tuple[str, str], tuple[HandIn, _Look]]:
        items: Iterable[HandIn] = []
        with suppress(CourseError):  # a folder that is just being made
            items = hand_ins(*self._asked)
        return {(item.student, item.lesson): (item, _look(item)) for item in items}


def _look(item: HandIn) -> _Look:
    """Which files there are, when they were changed and how large they are. No link is followed."""
    found: list[tuple[str, int, int]] = []
    if item.folder.is_symlink():
        return ()
    for folder, _, names in os.walk(item.folder):
        for name in sorted(names):
            with suppress(OSError):
                about = os.lstat(os.path.join(folder, name))
                found.append((os.path.join(folder, name), about.st_mtime_ns, about.st_size))
        if len(found) > FILES_AT_MOST:
            break
    return tuple(found[:FILES_AT_MOST])
