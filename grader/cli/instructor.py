"""The commands for instructors: a class is graded, and told about."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import INSTRUCTORS, AsJson, Reports, app, find, print_json, screen
from grader.errors import CourseError
from grader.files.names import OWN_FOLDER
from grader.messages import say, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.classroom.arrivals import Arrivals
    from grader.classroom.grade import Age, Grader
    from grader.classroom.hand_ins import HandIn
    from grader.classroom.room import Classroom
    from grader.judge.changes import Change
    from grader.judge.result import Result
    from grader.sandbox.cluster import Cluster


Submitted = Annotated[Path, typer.Argument(metavar="SUBMITTED", help="The folder that holds <student>/<lesson>/.")]
Gradebook = Annotated[
    str,
    typer.Option(
        metavar="URL",
        help="A gradebook elsewhere: a file, or a URL such as postgresql+psycopg://ada@db.example.org/course. "
        "Later commands go on with it.",
    ),
]


WATCH_SECONDS = 2.0
"""Time between two looks at `submitted/`."""
RECORDED_EVERY, RECORDED_SECONDS = 200, 30.0
"""Hand-ins, or seconds, after which what was graded goes into the gradebook."""


class Isolation(StrEnum):
    """How student code is kept apart while a class is graded."""

    sandbox = "sandbox"
    process = "process"


@app.command(rich_help_panel=INSTRUCTORS)
def autograde(
    submitted: Submitted = Path("submitted"),
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many sandboxes work at once. Left out: as many as there are processors, and fewer for a small class.",
        ),
    ] = None,
    lesson: Annotated[
        list[str] | None, typer.Option(metavar="LESSON", help="Only this lesson; may be given more than once.")
    ] = None,
    student: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STUDENT", help="Only this student, or all that fit a pattern such as 'b*'; may be given more than once."
        ),
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
    dask: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Run hand-ins on a Dask cluster, such as tcp://10.0.0.5:8786.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say whose score would change, and by which checks. Writes nothing.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and grade what is handed in as it comes. Ctrl-C ends it.")
    ] = False,
    gradebook: Gradebook = "",
    report: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Grade a class in the sandbox, into gradebook.db and feedback/ beside SUBMITTED. It goes on where it was stopped.

    Exit code 0: all was graded; 1: some hand-in could not be judged, or the gradebook could not be written.

    Example: `grader autograde submitted --lesson tensors --workers 4`
    """
    from grader.sandbox import workers as sandboxes

    if isolation is Isolation.sandbox and not dask and (force or not (submitted.parent / OWN_FOLDER / "results").is_dir()):
        sandboxes.begin_ahead()
    from grader.classroom import database, finals, grade, hand_ins, pool
    from grader.classroom.arrivals import Arrivals
    from grader.classroom.recorded import Recorded
    from grader.classroom.room import Classroom
    from grader.judge import changes
    from grader.report import changed, formats

    reports = formats.asked(report or [])
    course = find()
    room = Classroom(submitted, database.named(gradebook) if gradebook else None)
    if lesson:
        course.chosen(lesson)
    todo = hand_ins.hand_ins(room, course, lesson, student)
    recorded = Recorded(room, [room.root, course.exercises.parent])
    strangers = finals.strangers(room, recorded.enrolled)
    for warning in [*room.look_alikes(), *hand_ins.strange_folders(todo, course), *strangers]:
        typer.echo(warning, err=True)
    formats.allow(reports, {item.student for item in todo})
    unrecorded = None
    worker = partial(sandboxes.start, isolation.value)
    options: dict[str, bool] = {"show_hidden": show_hidden, "lines": lines, "dry": dry_run}
    lessons = None if watch else {item.lesson for item in todo}
    with (
        _cluster(dask, isolation) as cluster,
        closing(
            grade.Grader(
                room, course, worker, isolation.value, cluster=cluster, lessons=lessons, recorded=recorded, **options
            )
        ) as grader,
    ):
        if not dry_run:
            room.remember()
        whole = bool(reports or as_json)
        at_once = cluster.threads + 1 if cluster else workers or pool.fitting(len(todo))
        results, waiting, ages = _graded(grader, todo, at_once, force, whole=whole)
        try:
            grader.record(waiting)
        except database.GradebookError as error:
            unrecorded = error  # what was graded is told all the same
        if watch and not dry_run:
            results = _watched(grader, results, Arrivals(room, course, lesson, student), whole=whole)
        pages = grader.changed_pages()
    changes.settle(grader.changes, results)
    if dry_run:
        _would_change(grader.changes, results, ages, as_json)
        return
    try:
        formats.write(reports, results)
        _tell(room, results, ages, isolation, as_json)
        console = screen(err=as_json)
        changed.show(grader.changes, console)
        changed.pages(pages, console)
    finally:
        if unrecorded:
            typer.echo(str(unrecorded), err=True)
    unjudged = any(item.state == "unjudged" for result in results for item in result.exercises)
    raise typer.Exit(1 if unjudged or unrecorded else 0)


@contextmanager
def _cluster(address: str, isolation: Isolation) -> Iterator[Cluster | None]:
    """The cluster at an address; None where there is no address."""
    if not address:
        yield None
        return
    if isolation is not Isolation.sandbox:
        raise typer.BadParameter(told("Machines of a cluster grade in the sandbox only."), param_hint="--dask")
    from grader.sandbox.cluster import Cluster

    with closing(Cluster(address)) as cluster:
        typer.echo(
            told(
                "Grading on the cluster at {address}. Machines: {machines}. Hand-ins at once: {threads}.",
                address=address,
                machines=len(cluster.machines),
                threads=cluster.threads,
            ),
            err=True,
        )
        yield cluster
        for why, number in cluster.lost.items():
            lost = told(
                "Hand-ins run here, because the machine that ran them was lost: {number} ({why}).", number=number, why=why
            )
            typer.echo(lost, err=True)


def _would_change(found: list[Change], results: list[Result], ages: Counter[Age], as_json: bool) -> None:
    """Say what a dry run has found."""
    if as_json:
        print_json(found)
        return
    from grader.report import changed
    from grader.report.text import line

    console = screen()
    changed.show(found, console, dry=True)
    console.print(
        line(
            told(
                "{known} of {number} hand-ins would not be graded again. Nothing was written.",
                known=ages["known"],
                number=len(results),
            )
        )
    )


def _graded(
    grader: Grader, todo: list[HandIn], workers: int, force: bool, *, whole: bool
) -> tuple[list[Result], list[Result], Counter[Age]]:
    """The results, those of them that are not recorded yet, and how many are of which age. They go into the gradebook along
    the way: a kill loses nothing, and little is left to do where the run is stopped. Those that are recorded are kept
    without their details, unless somebody wants all: of a large class that is gigabytes."""
    from grader.classroom.database import GradebookError
    from grader.judge.result import without_details
    from grader.report import live

    results: list[Result] = []
    ages: Counter[Age] = Counter()
    recorded, since = 0, time.monotonic()
    try:
        with closing(live.shown(grader.grade(todo, workers, force=force), len(todo), workers)) as steps:
            for result, age in steps:
                results.append(result)
                ages[age] += 1
                if len(results) - recorded >= RECORDED_EVERY or time.monotonic() - since > RECORDED_SECONDS:
                    with suppress(GradebookError):  # it is tried again, and told at the end
                        grader.record(results[recorded:])
                        if not whole:
                            results[recorded:] = map(without_details, results[recorded:])
                        recorded = len(results)
                    since = time.monotonic()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            sentence = told(
                "Stopped: {done} of {number} hand-ins are graded, and these grades are kept. The same command goes on with "
                "the others.",
                done=len(results),
                number=len(todo),
            )
            typer.echo(sentence, err=True)
        if results[recorded:]:
            grader.record(results[recorded:])
        raise
    return results, results[recorded:], ages


def _watched(grader: Grader, results: list[Result], arrivals: Arrivals, *, whole: bool) -> list[Result]:
    """Grade what comes in until somebody stops it. Gives all results, the latest of each hand-in."""
    from grader.classroom.database import GradebookError
    from grader.judge.result import without_details
    from grader.report.text import in_a_word, line

    latest = {(result.student, result.lesson): result for result in results}
    console, waiting = screen(err=True), list[Result]()
    console.print(line(told("{number} hand-ins are graded. Waiting for more; Ctrl-C ends it.", number=len(results))))
    try:
        while True:
            time.sleep(WATCH_SECONDS)
            for item in arrivals.come():
                result = grader.one(item, force=False)
                latest[result.student, result.lesson] = result
                waiting.append(result)
                score = f"{result.earned:g} of {result.points:g}"
                console.print(line(f"{result.student}, {result.lesson}: {score}, {in_a_word(result)}"), soft_wrap=True)
            with suppress(GradebookError):  # it is tried again at the next look
                if waiting:
                    grader.record(waiting)
                    if not whole:
                        latest |= {(result.student, result.lesson): without_details(result) for result in waiting}
                    waiting.clear()
    except KeyboardInterrupt:
        if waiting:
            grader.record(waiting)
    return list(latest.values())


def _tell(room: Classroom, results: list[Result], ages: Counter[Age], isolation: Isolation, as_json: bool) -> None:
    """Say what was graded: the table, or JSON, and what there is to say besides."""
    if ages["outdated"]:
        again = told(
            "{again} of {number} hand-ins were graded again: their lesson or the grader has changed.",
            again=ages["outdated"],
            number=len(results),
        )
        typer.echo(again, err=as_json)
    if strays := room.strays():
        typer.echo(told("Not graded, because it is in no student's folder: {strays}.", strays=strays), err=True)
    if as_json:
        print_json(results)
        return
    from grader.report.text import line, table

    console = screen()
    table(results, console)
    if isolation is not Isolation.sandbox:
        warning = told("Graded without the sandbox (--isolation process): these grades can't be trusted.")
        console.print(line((warning, "bold red")))
    if ages["known"]:
        known = told(
            "{known} of {number} hand-ins were graded before and have not changed (--force grades again).",
            known=ages["known"],
            number=len(results),
        )
        console.print(line(known))
    if ages["equal"]:
        equal = told(
            "Not run, because equal code was run on the same inputs: {equal} of {number} hand-ins (--force runs each).",
            equal=ages["equal"],
            number=len(results),
        )
        console.print(line(equal))
    console.print(line(told("Gradebook: {path}", path=room.gradebook)), soft_wrap=True)
    console.print(line(told("Feedback:  {folder}/<student>/<lesson>.html", folder=room.root / "feedback")), soft_wrap=True)


@app.command(rich_help_panel=INSTRUCTORS)
def report(
    submitted: Submitted = Path("submitted"),
    lesson: Annotated[
        list[str] | None, typer.Option(metavar="LESSON", help="Only this lesson; may be given more than once.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page to write; report.html beside SUBMITTED if left out.")
    ] = None,
    numbers: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Also write the numbers of the checks as a table.")
    ] = None,
    gradebook: Gradebook = "",
    as_json: AsJson = False,
) -> None:
    """Write a page about a graded class: scores, how well each check separates, mistakes, and who needs a look.

    It grades nothing, and reads what `grader autograde` has written. With --json, it prints the numbers and writes no page.

    Example: `grader report submitted --out report.html`
    """
    from grader.classroom import class_report, database
    from grader.classroom.room import Classroom

    course, room = find(), Classroom(submitted, database.named(gradebook) if gradebook else None)
    results, folders = class_report.read(room, course.chosen(lesson or []) if lesson else None)
    found = class_report.summarized(room, results, course.lessons())
    if numbers:
        class_report.write_numbers(found, numbers)
    if as_json:
        print_json(found)
    else:
        page = out or room.root / "report.html"
        class_report.write(room, found, folders, page)
        typer.echo(told("Report: {path}", path=page))


@app.command(rich_help_panel=INSTRUCTORS)
def explain(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The student's folder in SUBMITTED.")],
    what: Annotated[str, typer.Argument(metavar="LESSON[/EXERCISE]", help="The lesson, or one exercise of it.")],
    submitted: Submitted = Path("submitted"),
    as_json: AsJson = False,
) -> None:
    """Run one hand-in again as it was graded, and show everything: cases, what was compared, which mistakes were near.

    It changes no grade. For the instructor alone: hidden checks and their inputs are shown.

    Example: `grader explain student-003 softmax/cross_entropy`
    """
    from grader.classroom import explain as explained
    from grader.classroom import grade, hand_ins
    from grader.classroom.room import Classroom
    from grader.report.explained import show
    from grader.report.text import line
    from grader.sandbox.workers import start as started

    course, room = find(), Classroom(submitted)
    lesson, _, exercise = what.partition("/")
    (lesson,) = course.chosen([lesson])
    item = hand_ins.one(room, course, student, lesson)
    earlier = room.graded(item.student, room.result(item.student, lesson))
    isolation = earlier.isolation if earlier else "sandbox"
    with closing(grade.Grader(room, course, partial(started, isolation), isolation)) as grader:
        found = explained.explain(grader, item, exercise)
    if as_json:
        print_json(found)
        return
    console, score = screen(), say("points", earned=f"{found.earned:g}", points=f"{found.points:g}")
    console.print(line((f"{found.student}, {found.lesson}", "bold"), f"  {found.file}  {score}"))
    for sentence in found.differs:
        console.print(line((told("Not exactly what was graded: "), "bold red"), sentence))
    if not found.differs:
        console.print(
            line(told("Exactly as it was graded on {moment} UTC: the same code, inputs and version.", moment=found.graded))
        )
    console.print(
        line(
            told(
                "Inputs {inputs}, version {version}, isolation: {isolation}",
                inputs=found.inputs,
                version=found.version,
                isolation=found.isolation,
            )
        )
    )
    for note in found.notes:
        console.print(line(("! ", "yellow"), note))
    slow = {cell: seconds for cell, seconds in found.cells.items() if seconds >= 0.1}
    for cell, seconds in slow.items():
        console.print(line(told("cell {cell} took {seconds} s by the clock", cell=cell, seconds=f"{seconds:.1f}")))
    show(found.exercises, console)


@app.command(rich_help_panel=INSTRUCTORS)
def export(
    out: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to write; it must not hold anything yet.")],
    submitted: Submitted = Path("submitted"),
    lesson: Annotated[
        list[str] | None, typer.Option(metavar="LESSON", help="Only this lesson; may be given more than once.")
    ] = None,
    for_dolos: Annotated[
        bool, typer.Option("--for-dolos", help="The code of each hand-in as Dolos and JPlag read it.")
    ] = False,
) -> None:
    """Lay out what a class handed in for another program. Nothing is graded, and nothing of it is run.

    Example: `grader export --for-dolos similar`, then `dolos run -l python similar/softmax/info.csv`
    """
    from grader.classroom import export as exported
    from grader.classroom import grade
    from grader.classroom.hand_ins import hand_ins
    from grader.classroom.room import Classroom
    from grader.sandbox.workers import start as started

    if not for_dolos:
        raise CourseError(told("Say for what: grader export --for-dolos FOLDER."))
    course, room = find(), Classroom(submitted)
    todo = hand_ins(room, course, course.chosen(lesson) if lesson else None, None)
    with closing(grade.Grader(room, course, partial(started, "sandbox"), "sandbox")) as grader:
        for folder in exported.for_dolos(todo, grader, out):
            typer.echo(f"Dolos: {folder / 'info.csv'}   JPlag: {folder}")
