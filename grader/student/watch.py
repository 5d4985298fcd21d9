"""`grader watch`: checks what a student saves, at once, and takes keys for what comes next."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import ANSI, StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import ConditionalContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import default_ui_style
from rich.console import Console
from rich.text import Text

from grader.errors import CourseError, Fault
from grader.exercise import Solution
from grader.files.course import Course
from grader.files.translated import wrapped
from grader.messages import more_checks, say, together
from grader.report import text as report
from grader.report.text import line, paragraph
from grader.student import overview, progress, warm
from grader.student.changes import changes, look
from grader.student.checker import Checker, Request
from grader.student.overview import DONE, Row
from grader.student.own_check import Checked
from grader.student.picker import Picker
from grader.student.progress import Lesson, Progress
from grader.student.reset import reset


class Watch:
    """A student's session: one exercise is worked on at a time, and one answer stands on the screen.

    Args:
        at: the exercise to begin with; the one that is next where it names none.
    """

    def __init__(self, course: Course, at: tuple[str, str] = ("", "")) -> None:
        self._course, self._memory = course, Progress(course)
        self._folders = [course.folder(name) for name in course.lessons()]
        self._seen = look(self._folders)  # what is saved from now on is noticed
        self._lessons = {lesson.name: lesson for lesson in overview.read(course)}
        self._rows = overview.rows(list(self._lessons.values()), self._memory)
        self._written = {(name, each): text for name, item in self._lessons.items() for each, text in item.written.items()}
        wanted = [row for row in self._rows if (not at[0] or row.lesson == at[0]) and at[1] in ("", row.exercise)]
        self._row = overview.next_of(wanted) or wanted[0]
        self._since: float | None = None
        self._polls = self._asks = False
        # What is to be said above the answer to an exercise that was reset, for as long as the cells are as they were then.
        self._before: list[Text] = []
        self._after_reset: tuple[str, list[str]] | None = None
        self._paste: list[Text | Callable[[Console], None]] = []
        self._picker, self._picking = Picker(), False
        self._stop = threading.Event()
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")  # where the cursor is makes no difference here
        self._app: Application[None] = Application(
            Layout(self._windows()), key_bindings=self._bindings(), erase_when_done=True
        )
        self._app.ttimeoutlen = 0.05

    def run(self) -> None:
        """Watch until the student quits."""
        self._checker = Checker(self._course, warm.worker, self._answered)
        watching = threading.Thread(target=self._watch, daemon=True)
        watching.start()
        try:
            self._app.run(pre_run=self._again)
        finally:
            self._stop.set()
            self._checker.close()

    # What happens

    def _watch(self) -> None:
        for files in changes(self._folders, self._seen, self._stop, self._begin_polling):
            self._in_app(partial(self._saved, files))

    def _begin_polling(self) -> None:
        self._polls = True
        self._app.invalidate()

    def _in_app(self, do: Callable[[], object]) -> None:
        """Have something done in the thread that draws, from another one."""
        if self._app.loop is not None and not self._stop.is_set():
            self._app.loop.call_soon_threadsafe(do)

    def _saved(self, files: set[Path]) -> None:
        """Check what a student saved: the exercise that is worked on, or another one whose answer has changed."""
        folders = {file.parent for file in files}
        written: list[tuple[str, str]] = []
        for name in [name for name in self._lessons if self._course.folder(name) in folders]:
            if now := self._read(name):
                new = {(name, each): text for each, text in now.written.items() if text}
                written += [each for each in new if new[each] != self._written.get(each)]
                self._written |= new
        here = self._row.lesson, self._row.exercise
        if written and here not in written:
            here = written[0]
        if self._course.folder(here[0]) in folders:
            self._row = self._find(*here)
            self._ask()

    def _read(self, name: str) -> Lesson | None:
        """Read a lesson again; None where that can't be done, which is said."""
        try:
            self._lessons[name] = progress.lesson(self._course, name)
        except CourseError as error:
            self._show([Text(str(error))])
            return None
        self._update()
        return self._lessons[name]

    def _update(self) -> None:
        """Take in what is known of the answers by now."""
        self._rows = overview.rows(list(self._lessons.values()), self._memory)
        self._row = self._find(self._row.lesson, self._row.exercise)

    def _find(self, lesson: str, exercise: str) -> Row:
        return next(row for row in self._rows if (row.lesson, row.exercise) == (lesson, exercise))

    def _ask(self) -> None:
        self._since, self._asks, self._picking = time.monotonic(), False, False
        self._checker.ask(Request(self._lessons[self._row.lesson], (self._row.exercise,)))
        self._tick(self._since)

    def _tick(self, since: float) -> None:
        """Have the clock run for as long as the check that began then does."""
        self._app.invalidate()
        if self._since == since and self._app.loop is not None:
            self._app.loop.call_later(1.0, self._tick, since)

    def _answered(self, request: Request, found: Checked | Exception) -> None:
        self._in_app(partial(self._tell, request, found))

    def _tell(self, request: Request, found: Checked | Exception) -> None:
        if isinstance(found, Exception) and not isinstance(found, (CourseError, Fault, OSError)):
            self._app.exit(exception=found)
            return
        self._update()
        if not request.quiet:
            self._since = None
            self._show([Text(str(found))] if isinstance(found, Exception) else list(self._described(request, found)))
            lesson = request.lesson.name
            if others := tuple(row.exercise for row in self._rows if row.lesson == lesson and row.state is None):
                self._checker.ask(Request(request.lesson, others, quiet=True))
        self._app.invalidate()

    def _described(self, request: Request, found: Checked) -> Iterator[Text | Callable[[Console], None]]:
        result = found.result
        (name,) = request.exercises
        if self._after_reset == (name, request.lesson.answers.cells):
            yield from self._before
        heading = line((f"{request.lesson.name}/{name}", "bold"), ("  " + time.strftime("%H:%M:%S"), "dim"))
        yield heading
        yield partial(report.notes, result)
        places = found.named_places(self._course)
        for item in result.exercises:
            yield partial(report.exercise, item, place=places.get(item.exercise, ""), alone=False)
            if item.state in DONE:
                yield line((together(say("right_so_far"), *more_checks(item.more), say("press_n")), "green"))
            self._paste = [heading, partial(report.replay, item.replay)] if item.replay else []
            if told := say("replay_later") if item.replay else item.not_pasted:
                yield line((told, "dim"))

    # What a key does

    def _next(self) -> None:
        if row := overview.next_of(self._rows, self._row):
            self._row = row
            self._ask()
        else:
            self._show([line(say("all_done"))])

    def _again(self) -> None:
        if self._read(self._row.lesson):
            self._ask()

    def _hint(self) -> None:
        lesson, name = self._row.lesson, self._row.exercise
        asked = next(item for item in self._lessons[lesson].outline.exercises if item.name == name)
        hints = len(asked.hints)
        number = self._memory.hints_read(lesson, name) + 1
        told = [say("hint", number=each, hints=hints, text=asked.hint(each)) for each in range(1, min(number, hints) + 1)]
        if number > hints:
            told.append(say("no_more_hints", name=name, hints=hints))
        self._memory.read_hint(lesson, name, min(number, hints))
        self._show([line((self._row.name, "bold")), *map(line, told)])

    def _replay(self) -> None:
        """Show the lines to paste of what was answered last: with them, its first sentence would be off many a screen."""
        if self._paste:
            self._show(self._paste)

    def _solution(self) -> None:
        """Show the solution of what is right, where the release carries it."""
        if shown := self._shows():
            told = line(say("solution_later", name=self._row.name))
            self._show(
                [line((self._row.name, "bold")), partial(report.solution, shown) if self._row.state in DONE else told]
            )

    def _shows(self) -> Solution | None:
        return self._lessons[self._row.lesson].outline.solutions.get(self._row.exercise)

    def _reset(self) -> None:
        self._asks = False
        try:
            done = reset(self._course, self._row.lesson, self._row.exercise)
        except CourseError as error:
            self._show([Text(str(error))])
            return
        self._again()
        self._before = [line(sentence) for sentence in done]
        self._after_reset = self._row.exercise, self._lessons[self._row.lesson].answers.cells

    def _open_list(self) -> None:
        self._picker.open(self._rows, self._row)
        self._picking = True

    def _choose(self) -> None:
        self._picking = False
        if row := self._picker.chosen:
            self._row = row
            self._ask()

    # What is seen

    def _show(self, parts: list[Text | Callable[[Console], None]]) -> None:
        """Clear the screen, and write an answer on it."""
        page = io.StringIO()
        width = self._app.output.get_size().columns
        console = Console(file=page, width=width, force_terminal=True, legacy_windows=False, force_jupyter=False)
        for part in parts:
            if isinstance(part, Text):
                paragraph(part, 0, console)
            else:
                part(console)
        encoding = self._app.output.encoding()
        text = page.getvalue().encode(encoding, "plain").decode(encoding)

        def write() -> None:
            self._app.output.erase_screen()
            self._app.output.cursor_goto(0, 0)
            print_formatted_text(self._app.output, ANSI(text), default_ui_style())

        run_in_terminal(write)

    def _windows(self) -> HSplit:
        picking = Condition(lambda: self._picking)
        choices = Window(FormattedTextControl(self._picker.text, show_cursor=False), height=self._height)
        status = Window(FormattedTextControl(self._status), wrap_lines=True, dont_extend_height=True)
        return HSplit([ConditionalContainer(choices, picking), status])

    def _height(self) -> int:
        return max(1, min(len(self._picker.shown), self._app.output.get_size().rows - 5))

    def _status(self) -> StyleAndTextTuples:
        if self._asks:
            return [("bold", self._wrapped(say("reset_asks", name=self._row.name)))]
        if self._picking:
            return [("reverse", self._picker.keys())]
        done = sum(row.state in DONE for row in self._rows)
        first = say("watch_status", done=done, total=len(self._rows), name=self._row.name)
        if self._since is not None:
            first = together(first, say("watch_checking", seconds=int(time.monotonic() - self._since)))
        polls = [("", self._wrapped(say("watch_polls")) + "\n")] if self._polls else []
        keys = say("watch_keys_solution" if self._shows() else "watch_keys")
        return [("bold", first + "\n"), *polls, ("reverse", keys)]

    def _wrapped(self, text: str) -> str:
        return "\n".join(wrapped(text, self._app.output.get_size().columns, anywhere=True))

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()
        asks, picking = Condition(lambda: self._asks), Condition(lambda: self._picking)
        plain = ~asks & ~picking

        def bind(names: str, when: Condition | object, do: Callable[[], object]) -> None:
            for name in names.split():
                bindings.add(name, filter=when, eager=True)(lambda event: do())  # type: ignore[arg-type]

        bind("n enter", plain, self._next)
        bind("r", plain, self._again)
        bind("h", plain, self._hint)
        bind("l", plain, self._open_list)
        bind("p", plain, self._replay)
        bind("s", plain, self._solution)
        bind("x", plain, lambda: setattr(self, "_asks", True))
        bind("q", plain, lambda: self._app.exit())
        bind("c-c c-d", plain | asks | picking, lambda: self._app.exit())
        bind("y", asks, self._reset)
        bind("n escape q", asks, lambda: setattr(self, "_asks", False))
        bind("up k", picking, lambda: self._picker.move(-1))
        bind("down j", picking, lambda: self._picker.move(1))
        bind("pageup", picking, lambda: self._picker.move(-10))
        bind("pagedown", picking, lambda: self._picker.move(10))
        bind("f", picking, self._picker.filter)
        bind("enter", picking, self._choose)
        bind("l q escape", picking, lambda: setattr(self, "_picking", False))
        return bindings
