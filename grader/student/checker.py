"""Checks answers in the background, one request at a time: a newer one has the older one abandoned."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from grader.files.course import Course
from grader.sandbox.session import Session, Worker
from grader.student import own_check
from grader.student.own_check import Checked, Released
from grader.student.progress import Lesson, Progress


@dataclass(frozen=True)
class Request:
    """Exercises of a lesson to check; `quiet` says that nobody waits for the answer."""

    lesson: Lesson
    exercises: tuple[str, ...]
    quiet: bool = False


class Checker:
    """A thread with one warm worker. To be closed.

    Args:
        answer: is called in that thread with each request, and with what was found or the error that kept us from it.
    """

    def __init__(
        self, course: Course, start: Callable[[], Worker], answer: Callable[[Request, Checked | Exception], None]
    ) -> None:
        self._course, self._start, self._answer = course, start, answer
        self._memory = Progress(course)
        self._news = threading.Condition()
        self._asked: list[Request] = []
        self._running: _Attempt | None = None
        self._released: dict[str, tuple[tuple[int, ...], Released]] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def ask(self, request: Request) -> None:
        """Have exercises checked, at once."""
        with self._news:
            self._asked = [*self._asked, request] if request.quiet else [request]
            if self._running and not request.quiet:
                self._running.abandon()
            self._news.notify()

    def close(self) -> None:
        with self._news:
            self._closed, self._asked = True, []
            if self._running:
                self._running.abandon()
            self._news.notify()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        worker = self._start()
        try:
            while True:
                with self._news:
                    self._news.wait_for(lambda: self._asked or self._closed)
                    if self._closed:
                        return
                    request = self._asked.pop(0)
                    attempt = self._running = _Attempt(worker)
                found = self._check(request, attempt)
                with self._news:
                    self._running = None
                if found is not None:
                    self._answer(request, found)
        finally:
            worker.close()

    def _check(self, request: Request, attempt: _Attempt) -> Checked | Exception | None:
        """What was found, why nothing could be, or None where it was abandoned."""
        try:
            given = self._given(request.lesson.name)
            checked = own_check.checked(given, request.lesson.answers, request.exercises, attempt)
            if attempt.abandoned:  # its session was ended by us, which looks like an answer that ends its process
                return None
            self._memory.remember(request.lesson, checked.result)
            return checked
        except _Abandoned:
            return None
        except Exception as error:  # a bug of ours too: it is shown where the student looks
            return None if attempt.abandoned else error

    def _given(self, lesson: str) -> Released:
        """What lies beside the student's file, read again where it has changed."""
        folder = self._course.folder(lesson)
        stamp = tuple(file.stat().st_mtime_ns for file in [*sorted(folder.glob("answer_key.*")), folder / "checks.py"])
        if lesson not in self._released or self._released[lesson][0] != stamp:
            self._released[lesson] = stamp, own_check.released(self._course, lesson)
        return self._released[lesson][1]


class _Abandoned(Exception):
    """Something newer is to be checked."""


class _Attempt:
    """A worker for one request, which another thread can have abandoned."""

    def __init__(self, worker: Worker) -> None:
        self.isolation = worker.isolation
        self.abandoned = False
        self._worker = worker
        self._latest: Session | None = None

    def session(self) -> Session:
        if self.abandoned:
            raise _Abandoned
        self._latest = _Session(self._worker.session())
        if self.abandoned:
            self._latest.close()
        return self._latest

    def abandon(self) -> None:
        self.abandoned = True
        if self._latest:
            self._latest.close()

    def close(self) -> None:
        pass  # the worker goes on


class _Session:
    """A session whose end nobody waits for."""

    def __init__(self, session: Session) -> None:
        self.call, self.times = session.call, session.times
        self._ending = threading.Thread(target=session.close, daemon=True)

    def close(self) -> None:
        with contextlib.suppress(RuntimeError):  # it is being closed already
            self._ending.start()
