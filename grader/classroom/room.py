"""A class on disk: its folders, what is there to grade, and whether the folder that was named is that of a class."""

from __future__ import annotations

import fnmatch
import os
import secrets
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from os.path import isdir, isfile  # unlike those of Path, they raise nothing where nothing may be read
from pathlib import Path
from typing import IO

from grader.classroom import configured
from grader.classroom.database import Server, named
from grader.digest import digest, keyed
from grader.errors import CourseError
from grader.files import names
from grader.files.course import Course
from grader.files.submission import SUFFIXES
from grader.judge.result import Result, load
from grader.messages import say, together, told
from grader.report.printable import printable
from grader.whole import write_whole

if sys.platform != "win32":
    import fcntl

VARIANTS = 8
"""Sets of inputs that a class is spread over at most. Each costs one run of the reference, and of the misconceptions of what
is wrong."""
STUDENTS_A_VARIANT = 15
"""Students for whom another set of inputs pays."""
NAME_AT_MOST = 240
"""Bytes of a file's name without its ending; file systems hold 255 with it."""
OWN_FOLDER = ".grader"
"""Where, beside `submitted/`, results and the course's secret are kept."""
MADE = {OWN_FOLDER, "feedback", "autograded"}
"""What grading makes beside `submitted/`, this program or nbgrader."""
NAMED_AT_MOST = 10
"""Things in a student's folder that are still named one by one."""


@dataclass(frozen=True)
class HandIn:
    """One folder to grade, `submitted/<student>/<lesson>` or, where files lie loose in it, `submitted/<student>`. `seed` is
    that of its inputs, where it is not the class's; `notes` say what is odd about the names."""

    student: str
    lesson: str
    folder: Path
    seed: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class Classroom:
    """A class on disk: `submitted/`, and beside it what grading makes."""

    submitted: Path
    book: Path | Server | None = None
    """The gradebook, where somebody has named one for this run."""

    def __post_init__(self) -> None:
        if not isdir(self.submitted):
            raise CourseError(
                told("There is no folder {folder}. It should hold one folder for each student.", folder=self.submitted)
            )

    @cached_property
    def secret(self) -> str:
        """What the seeds of this class are made from, drawn when it is first needed."""
        path = self.kept / "secret"
        if not path.is_file():
            self.variants  # noqa: B018, settled before there is a secret
            write_whole(path, secrets.token_hex(32).encode(), 0o600)
        return path.read_text()

    @cached_property
    def variants(self) -> int:
        """Sets of inputs that this class is spread over. Settled when it is first graded: each student keeps theirs."""
        path = self.kept / "variants"
        if path.is_file() and (kept := path.read_text().strip()).isdecimal() and int(kept):
            return int(kept)
        begun = self.is_begun()  # before this was kept
        chosen = VARIANTS if begun else min(VARIANTS, max(2, len(self.students()) // STUDENTS_A_VARIANT))
        write_whole(path, str(chosen).encode(), 0o600)
        return chosen

    def is_begun(self) -> bool:
        """Whether anything of this class was graded before."""
        return (self.kept / "secret").is_file()

    def claim(self) -> IO[str]:
        """Keep other graders away from this class for as long as the file that is given back stays open.

        Raises:
            CourseError: another one works on it.
        """
        path = self.kept / "lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        claimed = path.open("w")
        if sys.platform != "win32":
            try:
                fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                claimed.close()
                raise CourseError(
                    told(
                        "Another grader works on {folder}. Wait until it is done, then run this again.",
                        folder=self.submitted,
                    )
                ) from None
            except OSError:
                pass  # a file system without locks
        return claimed

    @property
    def root(self) -> Path:
        return self.submitted.parent

    @property
    def kept(self) -> Path:
        """The folder of what is the instructor's alone."""
        return self.root / OWN_FOLDER

    @cached_property
    def gradebook(self) -> Path | Server:
        """The one that was named, now or for a run before, or that the configuration beside `submitted/` names, or the file
        beside it.

        Raises:
            CourseError: the configuration fails, or what it names is not a gradebook's address.
        """
        if self.book:
            return self.book
        if self._remembered.is_file():
            return named(os.fsdecode(self._remembered.read_bytes()))
        return configured.book(self.root) or self.root / "gradebook.db"

    def remember(self) -> None:
        """Keep in mind which gradebook was named, but no password, so that the next command does not begin another."""
        if self.book:
            address = self.book.resolve() if isinstance(self.book, Path) else self.book
            write_whole(self._remembered, os.fsencode(str(address)), 0o600)

    @property
    def _remembered(self) -> Path:
        return self.kept / "gradebook"

    def feedback(self, student: str, lesson: str) -> Path:
        return self.root / "feedback" / student / f"{_short(lesson)}.html"

    def result(self, student: str, lesson: str) -> Path:
        return self.kept / "results" / student / f"{_short(lesson)}.json"

    def results(self) -> Iterator[tuple[str, Path]]:
        """Where the results of everyone in `submitted/` lie that were written already, each with the student's folder."""
        for student in self.students():
            for path in sorted((self.kept / "results" / student).glob("*.json")):
                yield student, path

    def graded(self, student: str, path: Path) -> Result | None:
        """The result in one of these files; None where there is none that can be read, or somebody has put it there that
        belongs to another student or another lesson."""
        found = load(path)
        own = found and found.student == names.as_told(student)
        named = found and (not found.exercises or path == self.result(student, found.lesson))
        return found if own and named else None

    def seed(self, student: str) -> str:
        """The seed of a student's inputs: one of a few, picked by their name and the course's secret. What hidden checks
        draw from follows from its second part, which enters no sandbox (`grader.judge.key.seed_of`)."""
        variant = int(keyed(self.secret, f"student/{student}"), 16) % self.variants
        return f"{keyed(self.secret, f'variant/{variant}')[:16]}:{keyed(self.secret, f'hidden/{variant}')}"

    def students(self) -> list[str]:
        """Every folder in `submitted/` is a student's, but for those that nobody handed in; files are not."""
        return sorted(item.name for item in _folders(self.submitted))

    def look_alikes(self) -> list[str]:
        """Sentences about students whose names differ in nothing but case or Unicode form."""
        groups = names.look_alike(self.students())
        return [
            told("These may be one student: {students}. Each has a row of their own.", students=", ".join(map(ascii, group)))
            for group in groups
        ]

    def strays(self) -> str:
        """The names of files that may hold answers and are in no student's folder; nothing where there are none."""
        return printable(_listed(_answers(self.submitted)))


def _short(lesson: str) -> str:
    """A lesson's name as a file's: one that leaves no room for an ending is cut, and its digest tells it apart."""
    name = os.fsencode(lesson)
    return lesson if len(name) <= NAME_AT_MOST else f"{name[:200].decode(errors='ignore')}-{digest([lesson])}"


def hand_ins(room: Classroom, course: Course, lessons: Sequence[str] | None, students: Sequence[str] | None) -> list[HandIn]:
    """What is there to grade. Nothing is written.

    Of whoever has nothing for a lesson that was asked for, there is a hand-in that says so; where none was asked for, of
    whoever has nothing at all, one for each lesson.

    Args:
        lessons: the lessons that were asked for; all of them where there is none.
        students: names, or patterns such as `student-0*`; all students where there is none.

    Raises:
        CourseError: there is nothing, no such student, or the folder is not that of a class.
    """
    known, asked = course.lessons(), list(dict.fromkeys(lessons or []))
    see_level(room.submitted, course, known)
    everyone = room.students()
    if not everyone:
        if strays := room.strays():
            sentence = told(
                "Nobody in {folder} has handed in anything, but it holds {strays}: each student needs a folder.",
                folder=room.submitted,
                strays=strays,
            )
            raise CourseError(sentence)
        raise CourseError(told("Nobody in {folder} has handed in anything.", folder=room.submitted))
    for alike in names.told_alike(everyone):
        sentence = told(
            "These folders in {folder} would have one row in the gradebook, as {name}: {folders}. "
            "Rename all but one of them, and try again. Nothing was graded.",
            folder=room.submitted,
            name=names.as_told(alike[0]),
            folders=", ".join(map(ascii, alike)),
        )
        raise CourseError(sentence)
    for pattern in students or []:
        if not any(_is_meant(name, pattern) for name in everyone):
            raise CourseError(told("No student in {folder} is called {name}.", folder=room.submitted, name=pattern))
    chosen = [name for name in everyone if not students or any(_is_meant(name, pattern) for pattern in students)]
    return [item for name in chosen for item in _of_student(room.submitted / name, known, asked)]


def strange_folders(found: Sequence[HandIn], course: Course) -> list[str]:
    """A sentence about the folders that are named like no lesson, where there are any."""
    known = course.lessons()
    strange = [f"{item.student}/{item.lesson}" for item in found if item.lesson not in known]
    if not strange:
        return []
    listed, more = ", ".join(names.as_told(each) for each in strange[:NAMED_AT_MOST]), len(strange) - NAMED_AT_MOST
    listed = told("{listed} and {more} more", listed=listed, more=more) if more > 0 else listed
    return [
        printable(told("Folders that are named like no lesson: {folders}. They get a row that says so.", folders=listed))
    ]


def one(room: Classroom, course: Course, student: str, lesson: str) -> HandIn:
    """The hand-in of one student for one lesson.

    Raises:
        CourseError: no student's folder has that name.
    """
    found = hand_ins(room, course, [lesson], [student])
    if len(found) > 1:
        raise CourseError(told("Several students fit {name}: name one of them.", name=student))
    return found[0]


def _is_meant(student: str, pattern: str) -> bool:
    return student == pattern or fnmatch.fnmatchcase(student, pattern)


def _of_student(folder: Path, known: Sequence[str], asked: Sequence[str]) -> list[HandIn]:
    """The hand-ins of one student. A folder that can't be read or is a link has none for any lesson, and what is read next
    says so."""
    found: dict[str, list[Path]] = {}
    strange: list[Path] = []
    for item in [] if folder.is_symlink() else _entries(folder):
        # Not a file that is named like a lesson's folder: it stands where that should.
        is_folder = isdir(item) or item.name in known
        lesson = (names.lesson_of if is_folder else names.lesson_of_file)(item.name, known)
        found.setdefault(lesson, []).append(item) if lesson else strange.append(item)
    unknown = [item for item in strange if isdir(item) and not asked]
    there = [each for each in known if each in found]
    wanted = asked or there or ([] if unknown else known)
    made = [_hand_in(folder, lesson, found.get(lesson, []), strange) for lesson in wanted]
    made += [HandIn(folder.name, item.name, item, notes=_strange(item, known)) for item in unknown[:NAMED_AT_MOST]]
    if (more := len(unknown) - NAMED_AT_MOST) > 0:
        last = made.pop()
        made.append(replace(last, notes=(*last.notes, say("more_unknown", number=more))))
    return made


def _hand_in(folder: Path, lesson: str, candidates: list[Path], strange: list[Path]) -> HandIn:
    """The hand-in of a student for a lesson, out of what means it: a folder before files, one with files before one
    without, the exact name before others."""
    if not candidates:
        there = [say("lies_there", lesson=lesson, names=_listed(strange))] if strange else []
        return HandIn(folder.name, lesson, folder / lesson, notes=tuple(there))
    folders = [item for item in candidates if isdir(item) or item.name == lesson]
    loose = [item for item in candidates if item not in folders]
    folders.sort(key=lambda item: (len(candidates) > 1 and not _answers(item), item.name != lesson, item.name))
    if loose and (not folders or (_answers(folder, loose) and not _answers(folders[0]))):
        chosen, passed, notes = folder, folders, [say("loose", lesson=lesson)]
    else:
        chosen, notes = folders[0], []
        passed = folders[1:] + _answers(folder, loose)
        if chosen.name != lesson:
            notes.append(say("folder_taken", folder=names.as_told(chosen.name), lesson=lesson))
    if passed := [item for item in passed if isfile(item) or _answers(item)]:
        graded = names.as_told(chosen.name) if chosen != folder else say("the_files")
        notes.append(say("also_there", lesson=lesson, graded=graded, others=_listed(passed)))
    return HandIn(folder.name, lesson, chosen, notes=tuple(notes))


def _strange(folder: Path, known: Sequence[str]) -> tuple[str, ...]:
    """What there is to say of a folder that is named like no lesson."""
    notes = [say("unknown_lesson", lesson=names.as_told(folder.name), lessons=", ".join(known))]
    if likely := names.likely(folder.name, known):
        notes.append(say("likely_lesson", lesson=likely))
    if swapped := names.lesson_of(folder.parent.name, known):
        notes.append(say("swapped", lesson=swapped, student=names.as_told(folder.name)))
    return tuple(notes)


def _listed(items: list[Path]) -> str:
    more = len(items) - NAMED_AT_MOST
    return ", ".join([names.as_told(item.name) for item in items[:NAMED_AT_MOST]] + [f"… ({more} more)"] * (more > 0))


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder, by name, but for what nobody handed in; nothing where it can't be read."""
    try:
        return sorted(item for item in folder.iterdir() if not names.ignored(item.name))
    except OSError:
        return []


def _folders(folder: Path) -> list[Path]:
    return [item for item in _entries(folder) if isdir(item)]


def _answers(folder: Path, among: list[Path] | None = None) -> list[Path]:
    """The files in a folder that may hold answers, going by what their names end in."""
    items = _entries(folder) if among is None else among
    return [item for item in items if item.suffix.lower() in SUFFIXES and not isdir(item)]


def see_level(submitted: Path, course: Course, known: Sequence[str]) -> None:
    """See that a folder is that of a class, `<student>/<lesson>/` below it, as far as that can be told.

    Raises:
        CourseError: it is a student's, a lesson's, the course's or one that holds a class; the message says which command
            was probably meant.
    """
    here = submitted.resolve()
    own = [course.exercises.resolve()] + ([course.solutions.resolve()] if course.solutions else [])
    if any(here == folder or folder in here.parents for folder in own) or any(here.glob("*/misconceptions.py")):
        raise CourseError(
            told(
                "{folder} belongs to the course itself. Name the folder that holds what students handed in.",
                folder=submitted,
            )
        )
    made = next((folder for folder in (here, here.parent) if folder.name in MADE), None)
    if made and isdir(made.parent / "submitted"):
        raise _meant(
            told("{folder} holds what grading made, not what was handed in.", folder=submitted),
            _shown(made.parent / "submitted"),
        )
    if below := _class_below(submitted, here, own, known):
        raise _meant(told("{folder} is one folder too high.", folder=submitted), below)
    if any(_is_student(item, known) for item in _folders(submitted) if not names.lesson_of(item.name, known)):
        return
    lessons = [item for item in _folders(submitted) if names.lesson_of(item.name, known)]
    loose = [item for item in _answers(submitted) if names.lesson_of_file(item.name, known)]
    layout = partial(
        told, "The layout is {folder}/<student>/<lesson>/, such as {example}.", folder=submitted.name or here.name
    )
    if any(_folders(item) and not _answers(item) for item in lessons):
        swapped = next(item for item in lessons if _folders(item))
        lesson, student = (printable(names.as_told(item.name)) for item in (swapped, _folders(swapped)[0]))
        swap = told(
            "In {folder} the folders of students and lessons are swapped: it holds {found}.",
            folder=submitted,
            found=f"{lesson}/{student}/",
        )
        raise CourseError(together(swap, layout(example=f"{student}/{lesson}/")))
    if (lessons or loose) and here.name.casefold() == "submitted":
        what = printable(names.as_told((lessons or loose)[0].name))
        loose_ones = told("{folder} holds {what}, but no folder of a student.", folder=submitted, what=what)
        raise CourseError(together(loose_ones, layout(example=f"ada/{known[0]}/")))
    if lessons or loose:
        one = here.parent if not lessons and names.lesson_of(here.name, known) else here
        problem = told("{folder} is the folder of one student, not of a class.", folder=submitted)
        raise _meant(problem, _shown(one.parent), "--student", one.name)


def _class_below(submitted: Path, here: Path, own: list[Path], known: Sequence[str]) -> Path | None:
    """The folder of a class below one that is not."""
    direct = submitted / "submitted"
    if isdir(direct) and not _is_student(direct, known):
        return direct
    if here in {folder.parent for folder in own}:
        return direct  # the course's own folder, where the class would be
    folders = [item for item in _folders(submitted) if not names.lesson_of(item.name, known)]
    if any(_is_student(item, known) for item in folders):
        return None
    for item in folders:
        below = item / "submitted"
        if isdir(below) and not _is_student(below, known):
            return below
        if sum(_is_student(each, known) for each in _folders(item)) > 1:
            return item
    return None


def _is_student(folder: Path, known: Sequence[str]) -> bool:
    """Whether there is anything in a folder that means a lesson."""
    return any(
        names.lesson_of(item.name, known) if isdir(item) else names.lesson_of_file(item.name, known)
        for item in _entries(folder)
    )


def _shown(folder: Path) -> Path:
    """A folder as it is named from here."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def _meant(problem: str, folder: Path, *options: str) -> CourseError:
    command = shlex.join(["grader", "autograde", str(folder), *options])
    return CourseError(printable(together(problem, told("Did you mean this? {command}", command=command))))
