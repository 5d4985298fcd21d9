"""The command line: one function per command, and what went wrong as a sentence."""

from __future__ import annotations

import errno
import json
import re
import sys
from collections import Counter
from contextlib import closing, suppress
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console

    from grader.classroom.grade import Age, Grader
    from grader.classroom.room import Classroom, HandIn
    from grader.files.course import Course
    from grader.judge.result import Result
    from grader.sandbox.session import Worker
    from grader.student.own_check import Checked

app = typer.Typer(
    pretty_exceptions_enable=False, rich_markup_mode="markdown",
    help="Checks and grades exercises in PyTorch. Without a command, it says where you are in your course. "
    "Exit codes: 0 everything is right, 1 something failed the check, 2 wrong usage.",
)  # fmt: skip
STUDENTS, INSTRUCTORS = "For students", "For instructors and authors"

_INSTRUCTORS = ("hatchling", "nbformat", "nbgrader")
"""Packages that only an instructor's commands need, and that a student's installation does not bring."""
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
Lessons = Annotated[list[str] | None, typer.Argument(help="Names of lessons; all of them where none is named.")]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report", metavar="FORMAT=PATH",
        help="Write a file for another program too: gradescope or classroom, of one student; junit or csv, of all. "
        "May be given more than once.",
    ),
]  # fmt: skip


class Isolation(StrEnum):
    """How student code is kept apart while a class is graded."""

    sandbox = "sandbox"
    process = "process"


def _say_versions(asked: bool) -> None:
    if asked:
        from grader import environment

        typer.echo(environment.versions())
        raise typer.Exit


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_versions,
            is_eager=True,
            help="Print the versions of the grader, of Python and of PyTorch.",
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    from grader.errors import CourseError
    from grader.messages import say

    try:
        course = _course()
    except CourseError:
        typer.echo(context.get_help())
        typer.echo(say("no_course_yet"))
        return
    if course.solutions:
        typer.echo(context.get_help())
    else:
        _say_where(course)


def _say_where(course: Course) -> None:
    """Where a student is in a course, and the command for what is next."""
    from grader.messages import say
    from grader.student import overview
    from grader.student.progress import Progress

    found = overview.rows(overview.read(course), Progress(course))
    done = sum(row.state == overview.DONE for row in found)
    if row := overview.next_of(found):
        typer.echo(say("where_you_are", done=done, total=len(found), name=row.name))
        file = course.relative(course.folder(row.lesson) / f"{row.lesson}.ipynb")
        typer.echo(say("commands_for_next", file=file, name=row.name))
    else:
        typer.echo(say("where_you_are_done", done=done, total=len(found)))
        typer.echo(say("all_done"))
    if number := sum(row.state is None for row in found):
        typer.echo(say("one_unchecked" if number == 1 else "unchecked", number=number))


@app.command(rich_help_panel=STUDENTS)
def start(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            help="The folder to write the lessons into; your course if you are in one, or else torch-exercises.",
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Bring a newer release into your course, and keep every answer.")
    ] = False,
) -> None:
    """Write the lessons into a folder of your own, and say what to do next. What is there already is left as it is.

    Example: `grader start`
    """
    from grader.errors import CourseError
    from grader.student import start as starting

    if folder is None:
        with suppress(CourseError):
            course = _course()
            folder = Path(course.relative(course.exercises)) if course.is_students(Path.cwd()) else None
    for line in starting.start(folder or Path("torch-exercises"), update=update):
        typer.echo(line)


@app.command("list", rich_help_panel=STUDENTS)
def list_(as_json: AsJson = False) -> None:
    """List the lessons and exercises, which of them are right, and what is next. Answers that have changed are checked.

    Example: `grader list`
    """
    from grader.student import overview
    from grader.student.progress import Progress

    course = _course()
    progress, lessons = Progress(course), overview.read(course)
    found = overview.rows(lessons, progress)
    if changed := [row for row in found if row.state is None]:
        wanted: dict[str, list[str]] = {}
        for row in changed:
            wanted.setdefault(row.lesson, []).append(row.exercise)
        from grader.messages import say

        typer.echo(say("checking_changes", lessons=", ".join(wanted)), err=True)
        _own_checks(course, wanted)
        found = overview.rows(lessons, progress)
    if as_json:
        _print_json(found)
    else:
        overview.show(found, _console())


def _complete(given: str) -> list[str]:
    """Completions of a word on the command line: lessons and exercises, or those of the lesson before a slash."""
    from grader.errors import CourseError
    from grader.files.outline import outline

    found: list[str] = []
    with suppress(CourseError, OSError):
        course = _course()
        for lesson in course.lessons():
            names = [item.name for item in outline(course.folder(lesson)).exercises] if given else []
            found += [f"{lesson}/{name}" for name in names] if "/" in given else [lesson, *names]
    return [name for name in dict.fromkeys(found) if name.startswith(given)]


@app.command(rich_help_panel=STUDENTS)
def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LESSON[/EXERCISE]",
            help="What to check: lessons, exercises, or paths; default: all.",
            autocompletion=_complete,
        ),
    ] = None,
    report: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Check your own answers against the public checks. Exit code 0: everything is right; 1: not yet.

    Example: `grader check tensors/cat_along`
    """
    if report:
        from grader.report import formats  # not for nothing: a student waits while it is read

        reports = formats.asked(report)
    course = _course()
    found = _own_checks(course, what or [])
    results = [each.result for each in found]
    if as_json:
        _locate(found)
        _print_json(results)
    else:
        from grader.report.text import lines, show

        console = _console()
        for each in found:
            show(each.result, console, each.named_places(course))
        _locate(found)  # it takes seconds, so what is known already is shown first
        lines(results, console)
    if report:
        formats.write(reports, results)
    right = all(item.state == "right" for result in results for item in result.exercises)
    raise typer.Exit(0 if right else 1)


def _locate(checks: list[Checked]) -> None:
    """Look for the lines at fault, unless somebody does not want to wait for them."""
    with suppress(KeyboardInterrupt):
        for checked in checks:
            checked.locate()


def _own_checks(course: Course, what: list[str] | dict[str, list[str]]) -> list[Checked]:
    """A student's own check of what is meant: names, or exercises by lesson. What it gives is remembered."""
    from grader.sandbox.plain import Plain

    with closing(Plain()) as worker:  # it imports torch while this process reads on
        from grader.student import own_check, progress

        memory, found = progress.Progress(course), []
        for name, exercises in (what if isinstance(what, dict) else _meant(course, what)).items():
            given, lesson = own_check.released(course, name), progress.lesson(course, name)
            found.append(own_check.checked(given, given.read(), exercises, worker))
            memory.remember(lesson, found[-1].result)
    for each in found[1:]:  # about a GPU once is enough
        each.result.notes = [note for note in each.result.notes if note not in own_check.ABOUT_GPU]
    return found


def _meant(course: Course, what: list[str]) -> dict[str, list[str]]:
    """The exercises that are meant, by lesson; an empty list is the whole lesson."""
    found: dict[str, list[str]] = {}
    for each in what or [""]:
        lesson, exercise = course.meant(each)
        for name in [lesson] if lesson else course.lessons():
            whole = not exercise or found.get(name) == []
            found[name] = [] if whole else [*found.get(name, []), exercise]
    return found


@app.command(rich_help_panel=STUDENTS)
def watch(
    what: Annotated[
        str,
        typer.Argument(
            metavar="LESSON[/EXERCISE]",
            help="Where to begin; at what is next where left out.",
            autocompletion=_complete,
        ),
    ] = "",
) -> None:
    """Check what you save, at once, and go on to the next exercise with a key. The keys stand on the screen.

    Example: `grader watch tensors`
    """
    from grader.errors import CourseError
    from grader.messages import say

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CourseError(say("watch_needs_a_terminal"))
    from grader.student.watch import Watch

    course = _course()
    Watch(course, course.meant(what)).run()


@app.command(rich_help_panel=STUDENTS)
def reset(
    what: Annotated[str, typer.Argument(metavar="[LESSON/]EXERCISE", help="The exercise.", autocompletion=_complete)],
) -> None:
    """Put the stub of an exercise back in the place of your answer. A copy of your file is kept.

    Example: `grader reset tensors/cat_along`
    """
    from grader.student import reset as resetting

    course = _course()
    for line in resetting.reset(course, *_one_exercise(course, what)):
        typer.echo(line)


@app.command(rich_help_panel=STUDENTS)
def submit(
    lessons: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LESSON",
            help="What to hand in; every lesson that you have begun where left out.",
            autocompletion=_complete,
        ),
    ] = None,
) -> None:
    """Pack what you hand in, a zip file for each lesson, after reading it as your class will. It tells what is unfinished.

    Example: `grader submit tensors`
    """
    from grader.errors import CourseError
    from grader.messages import say
    from grader.student import overview, progress
    from grader.student import submit as submitting

    course = _course()
    memory = progress.Progress(course)
    names = list(dict.fromkeys(name for each in lessons or [] for name in _meant(course, [each])))
    names = names or submitting.with_answers(course)
    if not names:
        raise CourseError(say("nothing_to_pack"))
    refused = False
    for number, name in enumerate(names):
        if number:
            typer.echo()
        lesson = progress.lesson(course, name)
        if changed := [row.exercise for row in overview.rows([lesson], memory) if row.state is None]:
            _own_checks(course, {name: changed})
        try:
            for line in submitting.submit(course, lesson, overview.rows([lesson], memory)):
                typer.echo(line)
        except CourseError as error:
            refused = True
            typer.echo(str(error), err=True)
    if refused:
        raise typer.Exit(2)


def _one_exercise(course: Course, what: str) -> tuple[str, str]:
    """The lesson and the exercise that are meant.

    Raises:
        CourseError: it is not one exercise.
    """
    from grader.errors import CourseError
    from grader.files.outline import outline
    from grader.messages import say
    from grader.student import own_check

    lesson, exercise = course.meant(what)
    known = outline(course.folder(lesson or course.lessons()[0]))
    names = [item.name for item in known.exercises]
    if exercise and exercise not in names:
        raise own_check.unknown(known, exercise)
    if not exercise:
        example = f"{known.lesson}/{names[0]}"
        raise CourseError(say("which_exercise", lesson=known.lesson, example=example))
    return lesson, exercise


@app.command(rich_help_panel=STUDENTS)
def hint(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[LESSON/]EXERCISE",
            help="The exercise you are stuck with; the one that is next where left out.",
            autocompletion=_complete,
        ),
    ] = "",
    number: Annotated[
        int | None, typer.Argument(min=1, help="Which hint; the next one that you have not read where left out.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show the hints that you have read.")] = False,
) -> None:
    """Give the next hint for an exercise. Each says a little more.

    Example: `grader hint tensors/cat_along`
    """
    from grader.errors import CourseError
    from grader.files.outline import outline
    from grader.messages import say
    from grader.student import overview
    from grader.student.progress import Progress

    course = _course()
    progress = Progress(course)
    if not what and (row := overview.next_of(overview.rows(overview.read(course), progress))):
        what = row.name
    lesson, exercise = _one_exercise(course, what)
    known = outline(course.folder(lesson))
    chosen = next(item for item in known.exercises if item.name == exercise)
    name, read, hints = f"{lesson}/{exercise}", progress.hints_read(lesson, exercise), len(chosen.hints)
    if (number or 0) > hints:
        raise CourseError(say("no_more_hints", name=exercise, hints=hints))
    numbers = list(range(1, read + 1)) if all_ else [number or read + 1]
    if not numbers:
        typer.echo(say("no_hint_read", name=name))
    for each in numbers:
        if each > hints:
            typer.echo(say("hints_read", name=name, hints=hints))
            return
        typer.echo(say("hint", number=each, hints=hints, text=chosen.hints[each - 1]))
        progress.read_hint(lesson, exercise, each)


@app.command(rich_help_panel=INSTRUCTORS)
def release(
    lessons: Lessons = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where exercises/ is out of date.")] = False,
) -> None:
    """Build exercises/ from solutions/: what students get. Files that the kit did not write there are left alone.

    Exit code 0: all is built; 1: --check found something out of date; 2: a lesson is not fit to be given out, or would
    overwrite somebody's work. The other lessons are built all the same.

    Example: `grader release tensors`
    """
    from grader.errors import CourseError
    from grader.sandbox.workers import trusted

    course, stale, refused = _course(), False, False
    with closing(trusted()) as worker:
        for lesson in course.authored(lessons or []):
            try:
                stale |= _release(course, lesson, worker, check)
            except CourseError as error:
                refused = True
                typer.echo("\n  ".join([f"{lesson}: not built.", *str(error).split("\n")]), err=True)
    if check and stale:
        typer.echo("Run grader release, and commit what it writes.")
    if refused or (check and stale):
        raise typer.Exit(2 if refused else 1)


def _release(course: Course, lesson: str, worker: Worker, check: bool) -> bool:
    """Build one lesson, or only look whether that would change anything; whether it does."""
    from grader.author import release as releases

    folder = course.exercises / lesson
    built = releases.build(course.files(lesson), worker)
    found = releases.changes(folder, built) if check else releases.write(folder, built)
    if not check and (course.exercises.parent / "nbgrader_config.py").is_file():
        from grader.integrations.nbgrader.config import publish

        publish(course, lesson, built)
    told = {"out of date": found.stale} if check else {"wrote": found.written, "removed": found.removed}
    told = {what: names for what, names in told.items() if names} or {"up to date": []}
    if not check and found.foreign:
        told["left alone"] = found.foreign
    said = "; ".join(f"{what}: {', '.join(names)}" if names else what for what, names in told.items())
    typer.echo(f"{lesson} ({releases.described(built)}): {said}")
    return bool(found.stale)


@app.command(rich_help_panel=INSTRUCTORS)
def package(
    name: Annotated[str, typer.Option(help="What students install; the name of the course's folder if left out.")] = "",
    out: Annotated[Path, typer.Option(help="The folder to write it into.")] = Path("dist"),
) -> None:
    """Make a package of your own course's exercises/, which students install with pip and unpack with grader start.

    Example: `grader package --name my-course`
    """
    from grader.author import package as packaging

    course = _course()
    made = packaging.package(course, name or course.exercises.resolve().parent.name, out)
    typer.echo(f"wrote: {made}")
    typer.echo(f"Give it to your students, who run: pip install {made.name}, and then: grader start")


@app.command(rich_help_panel=INSTRUCTORS)
def verify(lessons: Lessons = None, as_json: AsJson = False) -> None:
    """Prove lessons sound: references pass, stubs fail, each misconception is caught and named, nothing leaks.

    Exit code 0: all are sound; 1: something was found.

    Example: `grader verify tensors`
    """
    from grader.author import verify as verifying
    from grader.errors import CourseError
    from grader.sandbox.workers import trusted

    course, found = _course(), {}
    with closing(trusted()) as worker:
        for lesson in course.authored(lessons or []):
            try:
                found[lesson] = verifying.verify(course.files(lesson), worker) + course.same_place(lesson)
            except CourseError as error:
                found[lesson] = str(error).split("\n")
            if not as_json:
                typer.echo(f"{lesson}: {'sound' if not found[lesson] else ''}")
                for problem in found[lesson]:
                    typer.echo(f"  {problem}")
    if as_json:
        _print_json(found)
    raise typer.Exit(1 if any(found.values()) else 0)


@app.command(rich_help_panel=INSTRUCTORS)
def audit(
    lessons: Lessons = None,
    workers: Annotated[int, typer.Option(min=1, help="How many sandboxes work at once.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Look for holes in the checks: change each reference by small edits, and list those that still pass.

    An edit that changes nothing belongs into the lesson's equivalents.toml, with the reason.
    Exit code 0: every wrong answer fails; 1: some passed, or equivalents.toml is out of date.

    Example: `grader audit tensors --workers 4`
    """
    from grader.author import audit as auditing
    from grader.sandbox.workers import trusted

    course, found = _course(), {}
    for lesson in course.authored(lessons or []):
        found[lesson] = auditing.audit(course.files(lesson), trusted, workers)
        if not as_json:
            typer.echo(f"{lesson}: {found[lesson].tried} wrong answers, {len(found[lesson].survivors)} of them pass")
            for line in auditing.described(found[lesson]):
                typer.echo(f"  {line}")
    if as_json:
        _print_json(found)
    raise typer.Exit(1 if any(item.survivors or item.stale for item in found.values()) else 0)


@app.command(rich_help_panel=INSTRUCTORS)
def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to make; submitted/ goes into it.")],
    students: Annotated[int, typer.Option(min=1, help="How many students.")] = 24,
    seed: Annotated[int, typer.Option(help="The same seed makes the same class.")] = 1,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given more than once.")] = None,
) -> None:
    """Make a class of hand-ins out of references, stubs, mistakes and broken files.

    Example: `grader simulate class --students 24`
    """
    from grader.author import simulate as simulating

    course = _course()
    made = simulating.simulate(course, students, seed, out, lessons=course.authored(lesson or []))
    typer.echo(f"{len(made)} hand-ins of {students} students are in {out / 'submitted'}.")


@app.command(rich_help_panel=INSTRUCTORS)
def autograde(
    submitted: Annotated[
        Path, typer.Argument(metavar="SUBMITTED", help="The folder that holds <student>/<lesson>/.")
    ] = Path("submitted"),
    workers: Annotated[int, typer.Option(min=1, help="How many sandboxes work at once.")] = 1,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given more than once.")] = None,
    student: Annotated[
        list[str] | None,
        typer.Option(help="Only this student, or all that fit a pattern such as 'b*'; may be given more than once."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded already.")] = False,
    isolation: Annotated[
        Isolation, typer.Option(help="'process' grades without a sandbox, and says so.")
    ] = Isolation.sandbox,
    show_hidden: Annotated[
        bool, typer.Option("--show-hidden", help="Show what hidden checks found, their inputs too.")
    ] = False,
    lines: Annotated[
        bool,
        typer.Option("--lines/--no-lines", help="Look for the line at fault in wrong answers without a name: seconds each."),
    ] = False,
    report: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Grade a class in the sandbox, into gradebook.db and feedback/ beside SUBMITTED. It goes on where it was stopped.

    Exit code 0: all was graded; 1: some hand-in could not be judged, or the gradebook could not be written.

    Example: `grader autograde submitted --lesson tensors --workers 4`
    """
    from grader.classroom import grade, gradebook
    from grader.classroom import room as rooms
    from grader.report import formats
    from grader.sandbox.workers import start as started

    reports = formats.asked(report or [])
    course = _course()
    room = rooms.Classroom(submitted)
    if lesson:
        course.chosen(lesson)
    todo = rooms.hand_ins(room, course, lesson, student)
    for warning in room.look_alikes():
        typer.echo(warning, err=True)
    formats.allow(reports, {item.student for item in todo})
    unrecorded = None
    worker = partial(started, isolation.value)
    with closing(grade.Grader(room, course, worker, isolation.value, show_hidden=show_hidden, lines=lines)) as grader:
        results, ages = _graded(grader, todo, workers, force)
        try:
            grader.record(results)
        except gradebook.GradebookError as error:
            unrecorded = error  # what was graded is told all the same
    try:
        formats.write(reports, results)
        _tell(room, results, ages, isolation, as_json)
    finally:
        if unrecorded:
            typer.echo(str(unrecorded), err=True)
    unjudged = any(item.state == "unjudged" for result in results for item in result.exercises)
    raise typer.Exit(1 if unjudged or unrecorded else 0)


@app.command(rich_help_panel=INSTRUCTORS)
def report(
    submitted: Annotated[
        Path, typer.Argument(metavar="SUBMITTED", help="The folder that holds <student>/<lesson>/.")
    ] = Path("submitted"),
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given more than once.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page to write; report.html beside SUBMITTED if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a page about a graded class: scores, how well each check separates, mistakes, and who needs a look.

    It grades nothing, and reads what `grader autograde` has written. With --json, it prints the numbers and writes no page.

    Example: `grader report submitted --out report.html`
    """
    from grader.classroom import class_report
    from grader.classroom.room import Classroom

    course, room = _course(), Classroom(submitted)
    results, folders = class_report.read(room, course.chosen(lesson or []) if lesson else None)
    found = class_report.summarized(room, results, course.lessons())
    if as_json:
        _print_json(found)
    else:
        page = out or room.root / "report.html"
        class_report.write(room, found, folders, page)
        typer.echo(f"Report: {page}")


@app.command(rich_help_panel=STUDENTS)
def doctor(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Try the sandbox too, as is always done where nbgrader is installed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what this machine has for the exercises; an instructor is told about the sandbox for student code too.

    Exit code 0: all that is needed is there; 1: something is missing, such as a protection, and autograde refuses.

    Example: `grader doctor`
    """
    from importlib.util import find_spec

    from grader.sandbox import doctor as examining
    from grader.student import doctor as student

    found = student.examine(Path.cwd())
    tried = examining.examine() if sandbox or find_spec(student.INSTRUCTORS) else []
    if as_json:
        _print_json([*found, *tried])
    else:
        for item in examining.listed(found, column=13):
            typer.echo(item)
        if tried:
            typer.echo("\nThe sandbox, in which `grader autograde` runs what students handed in:")
        for item in examining.described(tried) if tried else []:
            typer.echo(item)
    missing = any(item.needed and not item.there for item in found) or (tried and examining.lacking())
    raise typer.Exit(1 if missing else 0)


def _graded(grader: Grader, todo: list[HandIn], workers: int, force: bool) -> tuple[list[Result], Counter[Age]]:
    """The results, and how many of them are of which age. If not all come, those that did go into the gradebook."""
    results: list[Result] = []
    ages: Counter[Age] = Counter()
    try:
        with closing(_with_progress(grader.grade(todo, workers, force=force), len(todo))) as steps:
            for result, age in steps:
                results.append(result)
                ages[age] += 1
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            said = f"Stopped: {len(results)} of {len(todo)} hand-ins are graded, and these grades are kept."
            typer.echo(f"{said} The same command goes on with the others.", err=True)
        if results:
            grader.record(results)
        raise
    return results, ages


def _tell(room: Classroom, results: list[Result], ages: Counter[Age], isolation: Isolation, as_json: bool) -> None:
    """Say what was graded: the table, or JSON, and what there is to say besides."""
    if ages["outdated"]:
        again = f"{ages['outdated']} of {len(results)} hand-ins were graded again"
        typer.echo(f"{again}: their lesson or the grader has changed.", err=as_json)
    if strays := room.strays():
        typer.echo(f"Not graded, because it is in no student's folder: {strays}.", err=True)
    if as_json:
        _print_json(results)
        return
    from grader.report.text import line, table

    console = _console()
    table(results, console)
    if isolation is not Isolation.sandbox:
        warning = "Graded without the sandbox (--isolation process): these grades can't be trusted."
        console.print(line((warning, "bold red")))
    if ages["known"]:
        known = f"{ages['known']} of {len(results)} hand-ins were graded before and have not changed"
        console.print(line(f"{known} (--force grades again)."))
    if ages["equal"]:
        equal = f"Not run, because equal code was run on the same inputs: {ages['equal']} of {len(results)} hand-ins"
        console.print(line(f"{equal} (--force runs each)."))
    console.print(line(f"Gradebook: {room.gradebook}"), soft_wrap=True)
    console.print(line(f"Feedback:  {room.root / 'feedback'}/<student>/<lesson>.html"), soft_wrap=True)


def _with_progress(steps: Generator[tuple[Result, Age]], total: int) -> Generator[tuple[Result, Age]]:
    """The steps, with a bar on standard error while they are taken. What is known already costs no time, so it is not
    counted: the time left would be that of a class that grades itself."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar, closing(steps):
        task, left = bar.add_task("grading", total=total), total
        for result, age in steps:
            yield result, age
            if age == "known":
                left -= 1
                bar.update(task, total=left)
            else:
                bar.advance(task)


def _course() -> Course:
    from grader.files.course import find

    return find()


def _console() -> Console:
    from rich.console import Console

    return Console()


def _print_json(data: object) -> None:
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(data), indent=2).decode()
    # Escaped, what is not ASCII comes whole through every pipe; all of it stands inside of strings.
    typer.echo(re.sub(r"[^\x00-\x7f]", lambda character: json.dumps(character[0])[1:-1], text))


def main() -> None:
    """Run a command; what is wrong with a course, a file or this machine is said in a sentence, with exit code 2."""
    from grader import console

    console.tolerate()
    try:
        app()
    except Exception as error:
        from grader.classroom.gradebook import GradebookError
        from grader.errors import CourseError, SandboxError

        if isinstance(error, GradebookError):
            typer.echo(str(error), err=True)
            sys.exit(1)
        if isinstance(error, (CourseError, SandboxError)):
            typer.echo(str(error), err=True)
            sys.exit(2)
        if isinstance(error, ModuleNotFoundError) and error.name in _INSTRUCTORS:
            typer.echo(
                f"This needs {error.name}, which is not installed. It comes with: "
                f"{sys.executable} -m pip install 'torch-exercise-kit[instructor]'",
                err=True,
            )
            sys.exit(2)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            typer.echo("The disk is full. Make room, then run this again: what is written already stays.", err=True)
            sys.exit(2)
        if isinstance(error, OSError) and error.filename:
            typer.echo(f"{error.filename} can't be read or written: {error.strerror}.", err=True)
            sys.exit(2)
        raise
