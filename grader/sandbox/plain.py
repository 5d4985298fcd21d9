"""A worker without walls: each session is a Python process of its own."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import tempfile
import threading
import time
from typing import IO, Any, BinaryIO, Protocol, cast

from grader import wire
from grader.errors import Fault
from grader.judge.result import Isolation
from grader.messages import say
from grader.sandbox.process import begin
from grader.sandbox.session import START_SECONDS, Session, cause_of
from grader.sandbox.stopwatch import Stopwatch
from grader.worker.clock import Times, times_of

END_SECONDS = 2.0
"""Time for a process to end that has closed its channel."""


class Plain:
    """For the reference, for a student's own machine, and for `--isolation process`.

    Args:
        spare: have the process of the next session ready before it is asked for, with all that is imported late.
    """

    isolation: Isolation = "process"

    def __init__(self, *, spare: bool = False) -> None:
        self._spare = spare
        self._ready: Talk | None = self._begun()  # importing torch takes a second: start while others still read

    def _begun(self) -> Talk:
        return Talk(*begin(warm=self._spare))

    def session(self) -> Session:
        ready, self._ready = self._ready or self._begun(), self._begun() if self._spare else None
        return ready

    def close(self) -> None:
        if self._ready:
            self._ready.close()


class Process(Protocol):
    """What a session needs of its process; `subprocess.Popen` has it."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    @property
    def pid(self) -> int: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def kill(self) -> None: ...


class Talk:
    """A session with a process in an empty folder of its own, as a sandbox has one: nothing lies there by chance."""

    def __init__(self, process: Process, folder: tempfile.TemporaryDirectory[str]) -> None:
        self._process = process
        self._folder = folder
        self._frames: queue.Queue[tuple[bytes, bytes] | Fault] = queue.Queue()
        self._started = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        end = Fault("ended")
        try:
            while (frame := wire.read_frame(cast(BinaryIO, self._process.stdout))) is not None:
                self._frames.put(frame)
        except wire.FrameError:
            end = Fault("flood")
        except (OSError, ValueError):
            pass
        self._frames.put(end)

    def call(self, message: dict[str, Any], seconds: float, patience: float = 0.0) -> tuple[bytes, bytes]:
        if not self._started:
            self._next(Stopwatch(START_SECONDS, 0.0, self.times))  # importing torch is not the answer's time
            self._started = True
        assert self._process.stdin is not None
        try:
            wire.write_frame(cast(BinaryIO, self._process.stdin), message)
        except OSError:
            raise self._ended() from None
        return self._next(Stopwatch(seconds, patience, self.times))

    def _next(self, watch: Stopwatch) -> tuple[bytes, bytes]:
        """The next frame that the process sends, before its time is over."""
        while True:
            try:
                frame = self._frames.get(timeout=watch.left())
            except queue.Empty:
                continue
            if not isinstance(frame, Fault):
                return frame
            raise frame if frame.kind == "flood" else self._ended()

    def _ended(self) -> Fault:
        """How the process ended; one that has only closed its channel is ended by force."""
        try:
            return Fault("ended", cause_of(self._process.wait(timeout=END_SECONDS)))
        except subprocess.TimeoutExpired:
            self._process.kill()
            return Fault("ended", say("end_of_channel"))

    def times(self) -> Times:
        return times_of(self._process.pid) or Times(time.monotonic(), 0.0)  # not Linux: all the time counts

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
