"""The commands for students."""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader import language
from grader.cli import help
from grader.cli.common import STUDENTS, AsJson, Reports, app, find, print_json, screen
from grader.errors import CourseError
from grader.messages import in_a_row, say

if TYPE_CHECKING:
    from grader.files.course import Course
    from grader.student.own_check import Checked


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
    lang: Annotated[
        str, typer.Option("--lang", help="The language to speak, such as zh_CN; also by the variable GRADER_LANG.")
    ] = "",
) -> None:

    if lang:
        if (meant := language.meant(lang)) is None:
            raise CourseError(say("no_language", name=lang, languages=in_a_row(language.known())))
        language.choose(meant)
    if context.invoked_subcommand is not None:
        return

    try:
        course = find()
    except CourseError:
        help.show(context)
        typer.echo(say("no_course_yet"))
        return
    if course.solutions:
        help.show(context)
    else:
        _say_where(course)


def _say_where(course: Course) -> None:
    """Where a student is in a course, and the command for what is next."""
    from grader.student import overview
    from grader.student.progress import Progress

    lessons = overview.read(course)
    found = overview.rows(lessons, Progress(course))
    done = sum(row.state in overview.DONE for row in found)
    if row := overview.next_of(found):
        typer.echo(say("where_you_are", done=done, total=len(found), name=row.name))
        file = course.relative(course.folder(row.lesson) / overview.file_of(lessons, row))
        typer.echo(say("commands_for_next", file=file, name=row.name))
    else:
        typer.echo(say("where_you_are_done", done=done, total=len(found)))
        typer.echo(say("all_done"))
    if number := sum(row.state is None for row in found):
        typer.echo(say("one_unchecked" if number == 1 else "unchecked", number=number))
    for note in overview.notes(lessons):
        typer.echo(note)


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
    from grader.student import start as starting

    if folder is None:
        with suppress(CourseError):
            course = find()
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

    course = find()
    progress, lessons = Progress(course), overview.read(course)
    found = overview.rows(lessons, progress)
    if changed := [row for row in found if row.state is None]:
        wanted: dict[str, list[str]] = {}
        for row in changed:
            wanted.setdefault(row.lesson, []).append(row.exercise)

        typer.echo(say("checking_changes", lessons=in_a_row(wanted)), err=True)
        _own_checks(course, wanted)
        found = overview.rows(lessons, progress)
    found = overview.with_words(lessons, found)
    if as_json:
        print_json(found)
    else:
        overview.show(found, overview.notes(lessons), screen())


def _complete(given: str) -> list[str]:
    """Completions of a word on the command line: lessons and exercises, or those of the lesson before a slash."""
    from grader.files.outline import outline

    found: list[str] = []
    with suppress(CourseError, OSError):
        course = find()
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
    debug: Annotated[
        bool, typer.Option("--debug", help="Have breakpoint() in your answer to one exercise open a debugger.")
    ] = False,
) -> None:
    """Check your own answers against the public checks. Exit code 0: everything is right; 1: not yet.

    Example: `grader check tensors/cat_along`
    """
    if report:
        from grader.report import formats  # not for nothing: a student waits while it is read

        reports = formats.asked(report)
    course = find()
    if debug:
        _debug(course, what or [])
        return
    found = _own_checks(course, what or [])
    results = [each.result for each in found]
    if as_json:
        _locate(found)
        print_json(results)
    else:
        from grader.report.text import lines, show

        console = screen()
        for each in found:
            show(each.result, console, each.named_places(course))
        _locate(found)  # it takes seconds, so what is known already is shown first
        lines(results, console)
    if report:
        formats.write(reports, results)
    right = all(item.state in ("right", "by_hand") for result in results for item in result.exercises)
    raise typer.Exit(0 if right else 1)


def _debug(course: Course, what: list[str]) -> None:
    """Run one exercise in this process, where a debugger can be opened."""

    if len(what) != 1:
        raise CourseError(say("debug_one"))
    exercise = _one_exercise(course, what[0])
    from grader.student import debug

    typer.echo(debug.debug(course, *exercise))


def _locate(checks: list[Checked]) -> None:
    """Look for the lines at fault, unless somebody does not want to wait for them."""
    exercises = [item for checked in checks for item in checked.result.exercises]
    if not any(item.state == "wrong" and not item.mistakes for item in exercises):
        return
    from grader.student.waiting import waiting

    with suppress(KeyboardInterrupt), waiting(say("looking_for_line")):
        for checked in checks:
            checked.locate()


def _own_checks(course: Course, what: list[str] | dict[str, list[str]]) -> list[Checked]:
    """A student's own check of what is meant: names, or exercises by lesson. What it gives is remembered."""
    from grader.sandbox.plain import Plain

    with closing(Plain()) as worker:  # it imports torch while this process reads on
        from grader.student import own_check, progress, waiting

        memory, found = progress.Progress(course), []
        files = {course.meant(each)[0]: Path(each).name for each in what if Path(each).is_file()}
        for name, exercises in (what if isinstance(what, dict) else _meant(course, what)).items():
            given, lesson = own_check.released(course, name), progress.lesson(course, name, files.get(name, ""))
            total = len(own_check.only(given.key, *exercises).checks)
            with waiting.waiting(say("getting_ready", lesson=name), total) as begin:
                watched = waiting.Watched(worker, {check.name: check.exercise for check in given.key.checks}, begin)
                found.append(own_check.checked(given, lesson.answers, exercises, watched))
            memory.remember(lesson, found[-1].result)
    for each in found[1:]:  # about a GPU once is enough
        said = [say(name) for name in own_check.ABOUT_GPU]
        each.result.notes = [note for note in each.result.notes if note not in said]
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

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CourseError(say("watch_needs_a_terminal"))
    from grader.student.watch import Watch

    course = find()
    Watch(course, course.meant(what)).run()


@app.command(rich_help_panel=STUDENTS)
def reset(
    what: Annotated[str, typer.Argument(metavar="[LESSON/]EXERCISE", help="The exercise.", autocompletion=_complete)],
) -> None:
    """Put the stub of an exercise back in the place of your answer. A copy of your file is kept.

    Example: `grader reset tensors/cat_along`
    """
    from grader.student import reset as resetting

    course = find()
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
    from grader.student import overview, progress
    from grader.student import submit as submitting

    course = find()
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
    from grader.files.outline import outline
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
        int | None,
        typer.Argument(metavar="NUMBER", min=1, help="Which hint; the next one that you have not read where left out."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Show the hints that you have read.")] = False,
) -> None:
    """Give the next hint for an exercise. Each says a little more.

    Example: `grader hint tensors/cat_along`
    """
    from grader.files.outline import outline
    from grader.student import overview
    from grader.student.progress import Progress

    course = find()
    progress = Progress(course)
    left_open = not what
    if left_open and (row := overview.next_of(overview.rows(overview.read(course), progress))):
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
        words = {"number": each, "hints": hints, "text": chosen.hint(each)}
        typer.echo(say("hint_of", name=name, **words) if left_open else say("hint", **words))
        progress.read_hint(lesson, exercise, each)


@app.command(rich_help_panel=STUDENTS)
def doctor(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Try the sandbox too, as is always done where nbgrader is installed.")
    ] = False,
    dask: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Tell instead whether each worker of a Dask cluster can grade a class.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Tell what this machine has for the exercises; an instructor is told about the sandbox for student code too.

    Exit code 0: all that is needed is there; 1: something is missing, such as a protection, and autograde refuses.

    Example: `grader doctor`
    """
    from importlib.util import find_spec

    from grader.messages import told
    from grader.sandbox import doctor as examining
    from grader.student import doctor as student

    if dask:
        from grader.sandbox import cluster

        lines, ready = cluster.described(dask)
        typer.echo("\n".join(lines))
        raise typer.Exit(0 if ready else 1)
    found = student.examine(Path.cwd())
    tried = examining.examine() if sandbox or find_spec(student.INSTRUCTORS) else []
    if as_json:
        print_json([*found, *tried])
    else:
        for item in examining.listed(found, column=13):
            typer.echo(item)
        if tried:
            typer.echo("\n" + told("The sandbox, in which `grader autograde` runs what students handed in:"))
        for item in examining.described(tried) if tried else []:
            typer.echo(item)
    missing = any(item.needed and not item.there for item in found) or (tried and examining.lacking())
    raise typer.Exit(1 if missing else 0)
