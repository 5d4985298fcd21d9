"""The command line: a command a function, and what went wrong as a sentence."""

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
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Checks and grades exercises in PyTorch. "
    "Exit codes: 0 all right, 1 something failed the check, 2 wrong usage.",
)  # fmt: skip

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


@app.callback()
def options(
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
    pass  # typer takes the options of the program itself from here


@app.command()
def start(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write the lessons into.")] = Path(
        "torch-exercises"
    ),
) -> None:
    """Write the lessons into a folder of your own, and say what to do next. What is there already is left as it is."""
    from grader.student import start as starting

    for line in starting.start(folder):
        typer.echo(line)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the lessons and exercises, and which of them are done."""
    results = [checked.result for checked in _own_checks(None)]
    if as_json:
        _print_json(results)
        return
    from grader.report.text import done

    console = _console()
    for result in results:
        done(result, console)


@app.command()
def check(
    what: Annotated[
        str | None, typer.Argument(metavar="LESSON[/EXERCISE]", help="What to check; all where left out.")
    ] = None,
    report: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Check your own answers against the public checks. Exit code 0: all right; 1: not yet."""
    if report:
        from grader.report import formats  # not for nothing: a student waits while it is read

        reports = formats.asked(report)
    checks = _own_checks(what)
    results = [checked.result for checked in checks]
    if as_json:
        _locate(checks)
        _print_json(results)
    else:
        from grader.report.text import lines, show

        console = _console()
        for result in results:
            show(result, console)
        _locate(checks)  # it takes seconds, so what is known already is shown first
        lines(results, console)
    if report:
        formats.write(reports, results)
    raise typer.Exit(0 if all(checked.right for checked in checks) else 1)


def _locate(checks: list[Checked]) -> None:
    """Look for the lines at fault, unless somebody does not want to wait for them."""
    with suppress(KeyboardInterrupt):
        for checked in checks:
            checked.locate()


def _own_checks(what: str | None) -> list[Checked]:
    """A student's own check of the lessons that are meant."""
    from grader.sandbox.plain import Plain

    with closing(Plain()) as worker:  # it imports torch while this process reads on
        from grader.student import own_check

        course = _course()
        lesson, exercise = course.meant(what or "")
        checks = [
            own_check.begin(course, name, exercise or None, worker)
            for name in course.chosen([lesson] if lesson else [])
        ]
    for checked in checks[1:]:  # about a GPU once is enough
        checked.result.notes = [note for note in checked.result.notes if note not in own_check.ABOUT_GPU]
    return checks


@app.command()
def hint(
    what: Annotated[str, typer.Argument(metavar="LESSON/EXERCISE", help="The exercise you are stuck with.")],
    number: Annotated[int, typer.Argument(min=1, help="Which hint; each says a little more.")] = 1,
) -> None:
    """Give a hint for an exercise: the first one, or the one whose number you name."""
    from grader.errors import CourseError
    from grader.judge.key import load_key
    from grader.messages import say
    from grader.student import own_check

    course = _course()
    lesson, _, exercise = what.partition("/")
    (found,) = course.chosen([lesson])
    (chosen, *others) = own_check.only(load_key(course.exercises / found), exercise or None).exercises
    if others:
        raise CourseError(say("which_exercise", lesson=lesson, example=f"{lesson}/{chosen.name}"))
    if number > len(chosen.hints):
        raise CourseError(say("no_more_hints", name=chosen.name, hints=len(chosen.hints)))
    typer.echo(say("hint", number=number, hints=len(chosen.hints), text=chosen.hints[number - 1]))


@app.command()
def release(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 where exercises/ is out of date.")
    ] = False,
) -> None:
    """Build exercises/ from solutions/: what students get. Files that the kit did not write there are left alone.

    Exit code 0: all is built; 1: --check found something out of date; 2: a lesson is not fit to be given out, or would
    overwrite somebody's work. The other lessons are built all the same.
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


@app.command()
def package(
    name: Annotated[str, typer.Option(help="What students install; the name of the course's folder if left out.")] = "",
    out: Annotated[Path, typer.Option(help="The folder to write it into.")] = Path("dist"),
) -> None:
    """Make a package of your own course's exercises/, which students install with pip and unpack with grader start."""
    from grader.author import package as packaging

    course = _course()
    made = packaging.package(course, name or course.exercises.resolve().parent.name, out)
    typer.echo(f"wrote: {made}")
    typer.echo(f"Give it to your students, who run: pip install {made.name}, and then: grader start")


@app.command()
def verify(lessons: Lessons = None, as_json: AsJson = False) -> None:
    """Prove lessons sound: references pass, stubs fail, each misconception is caught and named, nothing leaks.

    Exit code 0: all are sound; 1: something was found.
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


@app.command()
def audit(
    lessons: Lessons = None,
    workers: Annotated[int, typer.Option(min=1, help="How many sandboxes work at once.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Look for holes in the checks: change each reference by small edits, and list those that still pass.

    An edit that changes nothing belongs into the lesson's equivalents.toml, with the reason.
    Exit code 0: every wrong answer fails; 1: some passed, or equivalents.toml is out of date.
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


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to make; submitted/ goes into it.")],
    students: Annotated[int, typer.Option(min=1, help="How many students.")] = 24,
    seed: Annotated[int, typer.Option(help="The same seed makes the same class.")] = 1,
    lesson: Annotated[list[str] | None, typer.Option(help="Only this lesson; may be given more than once.")] = None,
) -> None:
    """Make a class of hand-ins out of references, stubs, mistakes and broken files."""
    from grader.author import simulate as simulating

    course = _course()
    made = simulating.simulate(course, students, seed, out, lessons=course.authored(lesson or []))
    typer.echo(f"{len(made)} hand-ins of {students} students are in {out / 'submitted'}.")


@app.command()
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
        typer.Option(
            "--lines/--no-lines", help="Look for the line at fault in wrong answers without a name: seconds each."
        ),
    ] = False,
    report: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Grade a class in the sandbox, into gradebook.db and feedback/ beside SUBMITTED. It goes on where it was stopped.

    Exit code 0: all was graded; 1: some hand-in could not be judged, or the gradebook could not be written.
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


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Try out what keeps student code apart on this machine, and say what is missing and how to get it.

    Exit code 0: all of it is there; 1: something is missing, and autograde refuses.
    """
    from grader.sandbox import doctor as examining

    found = examining.examine()
    if as_json:
        _print_json(found)
    else:
        for item in examining.described(found):
            typer.echo(item)
    raise typer.Exit(1 if examining.lacking() else 0)


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
