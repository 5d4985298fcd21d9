"""A worker without walls: each session is a Python process of its own."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO, cast

from grader import wire
from grader.errors import Fault
from grader.judge.result import Isolation
from grader.sandbox.session import START_SECONDS, Session, cause_of
from grader.sandbox.stopwatch import Stopwatch
from grader.worker.clock import Times, times_of

END_SECONDS = 2.0
"""Time for a process to end that has closed its channel."""


class Plain:
    """For the reference, for a student's own machine, and for `--isolation process`."""

    isolation: Isolation = "process"

    def __init__(self) -> None:
        self._first: _Subprocess | None = _Subprocess()  # importing torch takes a second: start while others still read

    def session(self) -> Session:
        started, self._first = self._first, None
        return started or _Subprocess()

    def close(self) -> None:
        if self._first:
            self._first.close()


class _Subprocess:
    """A Python process in an empty folder of its own, as a sandbox has one: nothing lies there by chance."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        package = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.worker.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=self._folder.name, env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": path},
        )  # fmt: skip
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
            self._next(Stopwatch(START_SECONDS, 0.0, self._times))  # importing torch is not the answer's time
            self._started = True
        assert self._process.stdin is not None
        try:
            wire.write_frame(cast(BinaryIO, self._process.stdin), message)
        except OSError:
            raise self._ended() from None
        return self._next(Stopwatch(seconds, patience, self._times))

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
            return Fault("ended", "it closed the grader's own channel")

    def _times(self) -> Times:
        return times_of(self._process.pid) or Times(time.monotonic(), 0.0)  # not Linux: all the time counts

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
