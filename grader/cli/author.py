"""The commands for authors of lessons: what proves a lesson sound, and what builds what is given out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.common import INSTRUCTORS, AsJson, Lessons, app, find, print_json, screen
from grader.errors import CourseError

if TYPE_CHECKING:
    from grader.files.course import Course
    from grader.sandbox.session import Worker


@app.command(rich_help_panel=INSTRUCTORS)
def new(
    what: Annotated[
        str, typer.Argument(metavar="LESSON[/EXERCISE]", help="The lesson to make, or the exercise to add to one.")
    ],
    exercise: Annotated[
        list[str] | None,
        typer.Option(metavar="EXERCISE", help="An exercise of the new lesson; may be given more than once."),
    ] = None,
) -> None:
    """Write a small lesson that is sound as it is, with comments that say what to change; or add an exercise to a lesson.

    It goes into the course's solutions/, which is made in this folder where there is none.

    Example: `grader new attention --exercise causal_mask --exercise attend`
    """
    from grader.author import template
    from grader.checks import FORMAT
    from grader.files.course import for_authors

    course = for_authors()
    lesson, _, added = what.partition("/")
    solutions = course.solutions or Path("solutions")
    if added and exercise:
        raise CourseError(f"Either {what} or --exercise: name each exercise in one way.")
    if added and not (solutions / lesson / "checks.py").is_file():
        raise CourseError(
            f"There is no solutions/{lesson} to add to. To make it, run: grader new {lesson} --exercise {added}"
        )
    made = (
        template.new_exercise(solutions / lesson, added)
        if added
        else template.new_lesson(solutions, lesson, exercise or [], course.next_number(), FORMAT)
    )
    typer.echo(f"wrote: {', '.join(course.relative(path) for path in made)}")
    typer.echo(f"Change what is there to your own. Then run: grader verify {lesson}, and: grader release {lesson}")


@app.command(rich_help_panel=INSTRUCTORS)
def release(
    lessons: Lessons = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 where exercises/ is out of date.")] = False,
    self_study: Annotated[
        bool,
        typer.Option("--self-study", help="Show all solutions to whoever has an exercise right; exercises/ holds them."),
    ] = False,
) -> None:
    """Build exercises/ from solutions/: what students get. Files that the kit did not write there are left alone.

    Exit code 0: all is built; 1: --check found something out of date; 2: a lesson is not fit to be given out, or would
    overwrite somebody's work. The other lessons are built all the same.

    Example: `grader release tensors`
    """
    from grader.sandbox.workers import trusted

    course, stale, refused = find(), False, False
    with closing(trusted()) as worker:
        for lesson in course.authored(lessons or []):
            try:
                stale |= _release(course, lesson, worker, check, self_study)
            except CourseError as error:
                refused = True
                typer.echo("\n  ".join([f"{lesson}: not built.", *str(error).split("\n")]), err=True)
    if check and stale:
        typer.echo(f"Run grader release{' --self-study' * self_study}, and commit what it writes.")
    if refused or (check and stale):
        raise typer.Exit(2 if refused else 1)


def _release(course: Course, lesson: str, worker: Worker, check: bool, self_study: bool) -> bool:
    """Build one lesson in all its languages, or only look whether that would change anything; whether it does.

    Raises:
        CourseError: it is not fit to be given out, or a translation is not whole; then the others are written.
    """
    from grader.author import catalogues
    from grader.author import release as releases

    if problems := course.same_place(lesson):
        raise CourseError("\n".join(problems))
    files, stale = course.files(lesson), False
    for name, built in releases.build_all(files, worker, self_study=self_study).items():
        stale |= _write(course, lesson, name, built, check)
    if problems := [problem for name in files.catalogues for problem in catalogues.problems(files, name)]:
        raise CourseError("\n".join([*problems[:5], f"To see what is to be translated, run: grader translate {lesson}"]))
    return stale


def _write(course: Course, lesson: str, language: str, built: dict[str, bytes], check: bool) -> bool:
    """Write one lesson in one language, or only look; whether it was out of date."""
    from grader.author import release as releases
    from grader.language import ENGLISH

    folder = (course.in_language(language) if language != ENGLISH else course).exercises / lesson
    found = releases.changes(folder, built) if check else releases.write(folder, built)
    if not check and (course.exercises.parent / "nbgrader_config.py").is_file():
        from grader.integrations.nbgrader.config import publish

        publish(course, lesson, built, language)
    told = {"out of date": found.stale} if check else {"wrote": found.written, "removed": found.removed}
    told = {what: names for what, names in told.items() if names} or {"up to date": []}
    if not check and found.foreign:
        told["left alone"] = found.foreign
    said = "; ".join(f"{what}: {', '.join(names)}" if names else what for what, names in told.items())
    spoken = "" if language == ENGLISH else f", {language}"
    typer.echo(f"{lesson}{spoken} ({releases.described(built)}): {said}")
    return bool(found.stale)


@app.command(rich_help_panel=INSTRUCTORS)
def translate(
    lessons: Lessons = None,
    update: Annotated[
        bool, typer.Option("--update", help="Bring the catalogues up to date with the English texts, as pybabel does.")
    ] = False,
) -> None:
    """List what is missing in the translations of lessons and of the program's own sentences. docs/translating.md says more.

    Exit code 0: nothing is missing; 1: something is.

    Example: `grader translate tensors`
    """
    from grader.author import catalogues

    course = find()
    files = [course.files(lesson) for lesson in course.authored(lessons or [])]
    if update:
        for path in catalogues.update(course.exercises.parent, [each.name for each in files]):
            typer.echo(f"wrote: {path}")
        files = [course.files(each.name) for each in files]
    problems = [problem for each in files for name in each.catalogues for problem in catalogues.problems(each, name)]
    problems += catalogues.problems_of_messages() if not lessons else []
    for problem in problems:
        typer.echo(problem)
    raise typer.Exit(1 if problems else 0)


@app.command(rich_help_panel=INSTRUCTORS)
def package(
    name: Annotated[str, typer.Option(help="What students install; the name of the course's folder if left out.")] = "",
    out: Annotated[Path, typer.Option(help="The folder to write it into.")] = Path("dist"),
    self_study: Annotated[
        bool, typer.Option("--self-study", help="Package a release for self-study, which holds the solutions.")
    ] = False,
) -> None:
    """Make a package of your own course's exercises/, which students install with pip and unpack with grader start.

    Example: `grader package --name my-course`
    """
    from grader.author import package as packaging

    course = find()
    made = packaging.package(course, name or course.exercises.resolve().parent.name, out, self_study=self_study)
    typer.echo(f"wrote: {made}")
    typer.echo(f"Give it to your students, who run: pip install {made.name}, and then: grader start")


@app.command(rich_help_panel=INSTRUCTORS)
def verify(lessons: Lessons = None, as_json: AsJson = False) -> None:
    """Prove lessons sound: references pass, stubs fail, each misconception is caught and named, nothing leaks; and
    the prose has what a student looks for.

    Exit code 0: all are sound; 1: something was found.

    Example: `grader verify tensors`
    """
    from grader.author import verify as verifying
    from grader.author import wording
    from grader.sandbox.workers import trusted

    course, found = find(), {}
    with closing(trusted()) as worker:
        for lesson in course.authored(lessons or []):
            try:
                files = course.files(lesson)
                found[lesson] = (
                    verifying.verify(files, worker) + wording.find(files, course.lessons()) + course.same_place(lesson)
                )
            except CourseError as error:
                found[lesson] = str(error).split("\n")
            if not as_json:
                typer.echo(f"{lesson}: {'sound' if not found[lesson] else ''}")
                for problem in found[lesson]:
                    typer.echo(f"  {problem}")
    if as_json:
        print_json(found)
    raise typer.Exit(1 if any(found.values()) else 0)


@app.command(rich_help_panel=INSTRUCTORS)
def audit(
    lessons: Lessons = None,
    workers: Annotated[int, typer.Option(min=1, help="How many sandboxes work at once.")] = 2,
    write: Annotated[
        bool, typer.Option("--write", help="Add the edits that pass to equivalents.toml, for you to fill in why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look for holes in the checks: change each reference by small edits, and list those that still pass.

    An edit that changes nothing belongs into the lesson's equivalents.toml, with the reason; edits that change nothing by a
    rule, such as `transpose(0, 1)` to `transpose(1, 0)`, are not listed.
    Exit code 0: every wrong answer fails; 1: some passed, or equivalents.toml is out of date.

    Example: `grader audit tensors --workers 4`
    """
    from grader.author import audit as auditing
    from grader.author import equivalent
    from grader.sandbox.workers import trusted

    course, found = find(), {}
    for lesson in course.authored(lessons or []):
        found[lesson] = auditing.audit(course.files(lesson), trusted, workers)
        if not as_json:
            typer.echo(f"{lesson}: {found[lesson].tried} wrong answers, {len(found[lesson].survivors)} of them pass")
            for line in auditing.described(found[lesson]):
                typer.echo(f"  {line}")
        edits = [(answer.exercises[0], answer.edit) for answer in found[lesson].survivors if any(answer.edit)]
        if write and (added := equivalent.write(course.sources_of(lesson), edits)):
            typer.echo(f"{lesson}: added {added} to equivalents.toml. Write why each changes nothing.", err=True)
    if as_json:
        print_json(found)
    raise typer.Exit(1 if any(item.survivors or item.stale or item.unexplained for item in found.values()) else 0)


@app.command(rich_help_panel=INSTRUCTORS)
def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to make; submitted/ goes into it.")],
    students: Annotated[int, typer.Option(min=1, help="How many students.")] = 24,
    seed: Annotated[int, typer.Option(help="The same seed makes the same class.")] = 1,
    lesson: Annotated[
        list[str] | None, typer.Option(metavar="LESSON", help="Only this lesson; may be given more than once.")
    ] = None,
) -> None:
    """Make a class of hand-ins out of references, stubs, mistakes and broken files.

    Example: `grader simulate class --students 24`
    """
    from grader.author import simulate as simulating

    course = find()
    made = simulating.simulate(course, students, seed, out, lessons=course.authored(lesson or []))
    typer.echo(f"{len(made)} hand-ins of {students} students are in {out / 'submitted'}.")


@app.command(rich_help_panel=INSTRUCTORS)
def preview(
    lesson: Annotated[str, typer.Argument(metavar="LESSON", help="The name of a lesson.")],
    once: Annotated[bool, typer.Option("--once", help="Look at it a single time, and end.")] = False,
) -> None:
    """Show what students would see of a lesson, each time that its sources are saved: its files, and what a class is told
    that hands in each misconception.

    The files lie in a folder of their own, and exercises/ stays as it is. Ctrl-C ends it.
    Exit code of --once: 0 the lesson could be built, 2 it could not.

    Example: `grader preview tensors`
    """
    import tempfile

    from grader.sandbox.workers import trusted

    course = find()
    (name,) = course.authored([lesson])
    home = Path(tempfile.mkdtemp(prefix="grader-preview-"))
    with closing(trusted()) as worker:
        for _ in (None,) if once else _saves([course.sources_of(name), course.exercises.parent / "img"]):
            try:
                _preview(course, name, worker, home)
            except CourseError as error:
                typer.echo("\n  ".join([f"{name}: not built.", *str(error).split("\n")]), err=True)
                if once:
                    raise typer.Exit(2) from None


def _preview(course: Course, lesson: str, worker: Worker, home: Path) -> None:
    """Build one lesson into a course elsewhere, and tell what each misconception is told."""
    from grader.author import preview as previewing
    from grader.report import html, text

    files, console = course.files(lesson), screen()
    previewing.build(files, worker, home / "exercises")
    for result in previewing.told(files, worker):
        console.print(text.line((result.student, "bold"), f"  {result.earned:g} of {result.points:g} points"))
        text.exercise(result.exercises[0], console, alone=False)
        html.write(result, home / "feedback" / result.exercises[0].exercise / f"{result.student}.html")
    typer.echo(f"What students get: {home / 'exercises' / lesson}\nWhat they are told, as pages: {home / 'feedback'}")


def _saves(folders: list[Path]) -> Iterator[object]:
    """Once at the beginning, and each time that something in a folder was saved."""
    import watchfiles

    yield None
    typer.echo("Save a file of the lesson to see it again. Ctrl-C ends this.")
    yield from watchfiles.watch(*(folder for folder in folders if folder.is_dir()), raise_interrupt=False)
