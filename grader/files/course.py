"""Where a course lies on disk: its lessons, their sources, and what students get of them."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path, PurePath

from grader.errors import CourseError
from grader.files import source
from grader.files.names import DATA, JSON_NAME, RELEASED, TENSORS_NAME, lesson_of, lesson_of_file, near, released_in
from grader.files.outline import outline
from grader.language import ENGLISH
from grader.messages import in_a_row, say

INSTALLED = "torch_exercise_kit.courses"
"""The group of entry points in which a course that can be installed (`grader package`) names its package."""


@dataclass(frozen=True)
class Course:
    """A course's folders. A student's copy has no `solutions`."""

    exercises: Path
    solutions: Path | None = None

    def lessons(self) -> list[str]:
        """The names of the lessons, in the order in which they are taught."""
        if not self.solutions:
            folders = self._folders()
            return sorted(folders, key=lambda lesson: _place(folders[lesson], lesson))
        authored = (item for item in self.solutions.iterdir() if (item / "checks.py").is_file())
        return [item.name for item in sorted(authored, key=lambda item: _place(item, item.name))]

    def folder(self, lesson: str) -> Path:
        """The folder of what students get of a lesson. In a student's copy its name has the lesson's number in front."""
        plain = self.exercises / lesson
        return plain if (plain / JSON_NAME).is_file() else self._folders().get(lesson, plain)

    def in_language(self, language: str) -> Course:
        """What students get of it in a language; it may hold less lessons."""
        return self if language == ENGLISH else Course(self.exercises.with_name(released_in(language)))

    def language(self) -> str:
        """The language that students read here: that of the first lesson that is not in English; authors write English."""
        for folder in self._folders().values() if not self.solutions else ():
            with suppress(CourseError):
                if (found := outline(folder).language) != ENGLISH:
                    return found
        return ENGLISH

    def relative(self, path: Path) -> str:
        """A path as somebody in the present folder would name it."""
        return os.path.relpath(path).replace(os.sep, "/") if path.anchor == Path.cwd().anchor else str(path)

    def lessons_there(self) -> list[str]:
        """The lessons of which students get anything here, in no order; none where there is no such folder yet."""
        return list(self._folders())

    def is_students(self, folder: Path) -> bool:
        """Whether a folder is a student's copy of the course, or one of its lessons. A course further up is another one."""
        places = [self.exercises, *self._folders().values()]
        return not self.solutions and any(item.resolve() == folder.resolve() for item in places)

    def _folders(self) -> dict[str, Path]:
        there = sorted(self.exercises.iterdir()) if self.exercises.is_dir() else []
        return {_lesson_in(item): item for item in reversed(there) if (item / JSON_NAME).is_file()}

    def chosen(self, names: list[str]) -> list[str]:
        """The named lessons, or all of them.

        Raises:
            CourseError: a name is no lesson's; the message says which is meant, perhaps.
        """
        known = self.lessons()
        for name in names:
            if name not in known:
                close = difflib.get_close_matches(name, known, 1)
                if close:
                    raise CourseError(say("no_lesson_called_so", name=name, choice=close[0]))
                raise CourseError(say("no_lesson_called", name=name, lessons=in_a_row(known)))
        return names or known

    def meant(self, what: str) -> tuple[str, str]:
        """The lesson and the exercise that are meant by `LESSON/EXERCISE`, the name of either, or a path to the folder
        or the file of a lesson. The exercise is empty where a whole lesson is meant, and both are where it is the course.

        Raises:
            CourseError: it means nothing here, or one of several exercises.
        """
        lessons, text = self.lessons(), what.replace("\\", "/").removeprefix("./").rstrip("/")
        if what and os.path.exists(what) and (found := self._at(Path(what).resolve())) is not None:
            return found, ""
        before, _, last = text.rpartition("/")
        if lesson := lesson_of_file(last, lessons):
            return lesson, ""
        if before and (lesson := lesson_of(before.rpartition("/")[2], lessons)):
            return lesson, last
        if not what or (lesson := lesson_of(last, lessons)):
            return lesson if what and lesson else "", ""
        having = [each for each in lessons if text in self._exercises(each)]
        if len(having) > 1:
            raise CourseError(say("several_have_it", name=text, choices=in_a_row(f"{each}/{text}" for each in having)))
        if not having:
            raise CourseError(self._nothing_called(what))
        return having[0], text

    def _at(self, path: Path) -> str | None:
        """The lesson that lies at a path; the empty text for the whole course, and None for anything else."""
        home = self.exercises.resolve()
        if path in (home, home.parent):
            return ""
        folders = {folder.resolve(): lesson for lesson, folder in self._folders().items()}
        return next((lesson for folder, lesson in folders.items() if path == folder or folder in path.parents), None)

    def _exercises(self, lesson: str) -> list[str]:
        with suppress(CourseError):
            return [item.name for item in outline(self.folder(lesson)).exercises]
        return []

    def _nothing_called(self, what: str) -> str:
        known = {lesson: lesson for lesson in self.lessons()}
        known |= {name: f"{lesson}/{name}" for lesson in known for name in self._exercises(lesson)} | known
        close = near(what.rpartition("/")[2], known)
        if close:
            return say("nothing_called_so", name=what, choices=say("or").join(known[name] for name in close))
        return say("nothing_called", name=what, lessons=in_a_row(self.lessons()))

    def authored(self, names: list[str]) -> list[str]:
        """The same, for a command that reads their sources.

        Raises:
            CourseError: a name is no lesson's, or there are no sources here.
        """
        self._sources()
        return self.chosen(names)

    def same_place(self, lesson: str) -> list[str]:
        """A sentence where another lesson has the same number: which of them comes first then is decided by their names."""
        place, _ = _place(self._sources() / lesson, lesson)
        others = [each for each in self.lessons() if each != lesson and _place(self._sources() / each, each)[0] == place]
        if not others or place == float("inf"):
            return []
        return [f"solutions/{lesson}/checks.py: the number {place:g} is that of {' and '.join(others)} too. Choose another."]

    def next_number(self) -> int:
        """The place in the course of a lesson that comes after all others."""
        authored = self.lessons() if self.solutions and self.solutions.is_dir() else []
        return max((number_in(self._sources() / lesson) or 0 for lesson in authored), default=0) + 1

    def _sources(self) -> Path:
        if self.solutions is None:
            raise CourseError("This needs the folder solutions/, which only a course's authors have.")
        return self.solutions

    def sources_of(self, lesson: str) -> Path:
        """The folder of a lesson's sources."""
        return self._sources() / lesson

    def files(self, lesson: str) -> source.LessonFiles:
        """The three sources of a lesson.

        Raises:
            CourseError: there are no sources here, one is missing, or they hold a slip that would let a solution out.
        """
        from grader.files import proofread  # students have no sources, and no need of it

        files = source.read(self._sources() / lesson)
        proofread.refuse(files)
        return files

    def released(self, lesson: str) -> list[Path]:
        """The files that students get of a lesson. Whatever else lies in its folder is nobody's but its owner's."""
        names = (f"{lesson}.ipynb", f"{lesson}.py", "checks.py", JSON_NAME, TENSORS_NAME)
        return [file for name in names if (file := self.folder(lesson) / name).is_file()]

    def data(self, lesson: str) -> list[Path]:
        """The files of data that students get of a lesson, by what its answer key says."""
        with suppress(CourseError):
            named = [PurePath(name).name for name in outline(self.folder(lesson)).files if name.startswith(f"{DATA}/")]
            return [file for name in sorted(named) if (file := self.folder(lesson) / DATA / name).is_file()]
        return []

    def figures(self, lesson: str) -> list[Path]:
        """The figures that a lesson's handout names, in the order of their names."""
        with suppress(OSError, UnicodeDecodeError):
            text = (self.folder(lesson) / f"{lesson}.py").read_text(encoding="utf-8")
            named = {self.exercises.parent / "img" / match["name"] for match in source.FIGURE.finditer(text)}
            return sorted(file for file in named if file.is_file())
        return []


def _place(folder: Path, lesson: str) -> tuple[float, str]:
    """Where a lesson stands in its course: by the number in its `checks.py`, or else at the end, by name."""
    return number_in(folder) or float("inf"), lesson


def number_in(folder: Path) -> int | None:
    """The number that the `checks.py` of a lesson's folder declares."""
    with suppress(OSError, UnicodeDecodeError):
        number = source.declared((folder / "checks.py").read_text(encoding="utf-8-sig")).get("number")
        return number if isinstance(number, int) else None
    return None


def _lesson_in(folder: Path) -> str:
    """The name of the lesson in a folder: the folder's own, unless there is a number in front, which may be the lesson's."""
    if re.match(r"\d+_", folder.name):
        with suppress(CourseError):
            return outline(folder).lesson
    return folder.name


def find(start: Path | None = None) -> Course:
    """The course that a folder belongs to: the nearest one above it with `solutions/` or `exercises/`, or with lessons.

    Raises:
        CourseError: there is none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "solutions").is_dir() and any((folder / "solutions").glob("*/checks.py")):
            return Course(folder / "exercises", folder / "solutions")
        for lessons in (folder, folder / "exercises"):
            if any(lessons.glob(f"*/{JSON_NAME}")):
                return Course(lessons)
    raise CourseError(say("no_course_here", folder=start))


def for_authors(start: Path | None = None) -> Course:
    """The course whose sources are changed from a folder: the nearest one above it with lessons in `solutions/`, or else one
    that begins there."""
    start = (start or Path.cwd()).resolve()
    having = (folder for folder in (start, *start.parents) if any((folder / "solutions").glob("*/checks.py")))
    folder = next(having, start)
    return Course(folder / "exercises", folder / "solutions")


def installed() -> Path | None:
    """The folder of lessons that was installed: an instructor's course, or else those that come with the kit (in a checkout
    its `exercises/`). None where there are none.

    Raises:
        CourseError: several courses are installed.
    """
    courses = _installed_courses()
    if len(courses) > 1:
        names = sorted(courses)
        raise CourseError(say("several_courses", names=in_a_row(names), example=names[0], python=sys.executable))
    return next(_with_lessons([*courses.values()] or _OWN_HOMES), None)


def all_installed() -> list[Path]:
    """The folders of lessons of all courses that were installed, and those that come with the kit, in all languages."""
    english = _with_lessons([*_installed_courses().values(), *_OWN_HOMES])
    return [folder for home in english for folder in in_all_languages(home)]


def in_all_languages(home: Path) -> list[Path]:
    """A folder of lessons in English, and those of their translations beside it."""
    return [home, *(folder for folder in sorted(home.parent.glob(f"{RELEASED}_*")) if any(folder.glob(f"*/{JSON_NAME}")))]


_OWN_HOMES = [Path(__file__).parents[1], Path(__file__).parents[2]]


def _installed_courses() -> dict[str, Path]:
    """The folder of each package that is a course, by its name."""
    found = {}
    for item in entry_points(group=INSTALLED):
        spec = find_spec(item.value)  # finds it, and runs nothing of it
        for place in (spec.submodule_search_locations if spec else None) or []:
            found[item.name] = Path(place)
    return found


def _with_lessons(homes: list[Path]) -> Iterator[Path]:
    folders = (home / "exercises" for home in homes)
    return (folder for folder in folders if any(folder.glob(f"*/{JSON_NAME}")))
