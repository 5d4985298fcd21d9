"""What there is to grade in a class: which folder or which files of a student are meant for which lesson."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import isdir, isfile  # unlike those of Path, they raise nothing where nothing may be read
from pathlib import Path

from grader.classroom.folders import NAMED_AT_MOST, answers, entries, named
from grader.classroom.level import see_level
from grader.classroom.room import Classroom
from grader.errors import CourseError
from grader.files import names
from grader.files.course import Course
from grader.messages import and_more, in_a_row, say, told
from grader.report.printable import printable


@dataclass(frozen=True)
class HandIn:
    """One folder to grade, `submitted/<student>/<lesson>` or, where files lie loose in it, `submitted/<student>`. `seed` is
    that of its inputs, where it is not the class's; `notes` say what is odd about the names."""

    student: str
    lesson: str
    folder: Path
    seed: str = ""
    notes: tuple[str, ...] = ()


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
    strange = [names.as_told(f"{item.student}/{item.lesson}") for item in found if item.lesson not in known]
    if not strange:
        return []
    listed = and_more(strange, NAMED_AT_MOST)
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
    for item in [] if folder.is_symlink() else entries(folder):
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
        there = [say("lies_there", lesson=lesson, names=named(strange))] if strange else []
        return HandIn(folder.name, lesson, folder / lesson, notes=tuple(there))
    folders = [item for item in candidates if isdir(item) or item.name == lesson]
    loose = [item for item in candidates if item not in folders]
    folders.sort(key=lambda item: (len(candidates) > 1 and not answers(item), item.name != lesson, item.name))
    if loose and (not folders or (answers(folder, loose) and not answers(folders[0]))):
        chosen, passed, notes = folder, folders, [say("loose", lesson=lesson)]
    else:
        chosen, notes = folders[0], []
        passed = folders[1:] + answers(folder, loose)
        if chosen.name != lesson:
            notes.append(say("folder_taken", folder=names.as_told(chosen.name), lesson=lesson))
    if passed := [item for item in passed if isfile(item) or answers(item)]:
        graded = names.as_told(chosen.name) if chosen != folder else say("the_files")
        notes.append(say("also_there", lesson=lesson, graded=graded, others=named(passed)))
    return HandIn(folder.name, lesson, chosen, notes=tuple(notes))


def _strange(folder: Path, known: Sequence[str]) -> tuple[str, ...]:
    """What there is to say of a folder that is named like no lesson."""
    notes = [say("unknown_lesson", lesson=names.as_told(folder.name), lessons=in_a_row(known))]
    if likely := names.likely(folder.name, known):
        notes.append(say("likely_lesson", lesson=likely))
    if swapped := names.lesson_of(folder.parent.name, known):
        notes.append(say("swapped", lesson=swapped, student=names.as_told(folder.name)))
    return tuple(notes)
