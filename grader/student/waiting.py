"""A line in the terminal that says what is being checked and for how long: training takes its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from grader.messages import say
from grader.sandbox.session import Session, Worker


@contextmanager
def waiting(text: str, total: int | None = None) -> Iterator[Callable[[str], None]]:
    """Show a line with a bar and a clock on standard error, where that is a terminal, as long as this goes on. What it gives
    is to be called with what begins.

    Args:
        text: what is said until something begins.
        total: how much there is to do, where that is known.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}", markup=False), BarColumn(bar_width=20), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(text, total=total)
        begun = 0

        def begin(what: str) -> None:
            nonlocal begun
            progress.update(task, description=say("checking", name=what), completed=begun)
            begun += 1

        yield begin


class Watched:
    """A worker of which it is told which exercise is checked.

    Args:
        exercises: the exercise that each check belongs to.
    """

    def __init__(self, worker: Worker, exercises: dict[str, str], begin: Callable[[str], None]) -> None:
        self.isolation = worker.isolation
        self._worker, self._exercises, self._begin = worker, exercises, begin

    def session(self) -> Session:
        return _Watched(self._worker.session(), self._exercises, self._begin)

    def close(self) -> None:
        self._worker.close()


class _Watched:
    def __init__(self, session: Session, exercises: dict[str, str], begin: Callable[[str], None]) -> None:
        self.times, self.close = session.times, session.close
        self._session, self._exercises, self._begin = session, exercises, begin

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        if message["do"] == "check":
            self._begin(self._exercises[message["name"]])
        return self._session.call(message, seconds, patience)
