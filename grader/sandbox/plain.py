"""A worker without walls: each session is a Python process of its own."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from typing import Any, BinaryIO, cast

from grader import wire
from grader.sandbox import doctor
from grader.sandbox.pool import START_SECONDS, Fault, Sandbox, Session, Worker, cause_of


class Plain:
    """For the reference, for a student's own machine, and for `--isolation process`."""

    isolation = "process"

    def __init__(self) -> None:
        self._first: _Subprocess | None = _Subprocess()  # importing torch takes a second: start while others still read

    def session(self) -> Session:
        started, self._first = self._first, None
        return started or _Subprocess()

    def close(self) -> None:
        if self._first:
            self._first.close()


class _Subprocess:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "grader.sandbox.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONHASHSEED": "0"},
        )  # fmt: skip
        self._frames: queue.Queue[tuple[bytes, bytes] | None] = queue.Queue()
        self._started = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            while (frame := wire.read_frame(cast(BinaryIO, self._process.stdout))) is not None:
                self._frames.put(frame)
        except (wire.FrameError, OSError, ValueError):
            pass
        self._frames.put(None)

    def call(self, message: dict[str, Any], seconds: float) -> tuple[bytes, bytes]:
        assert self._process.stdin is not None
        started = time.monotonic()
        seconds -= self._waited()
        if not self._started:
            seconds += START_SECONDS  # importing torch is not the answer's time
        try:
            wire.write_frame(cast(BinaryIO, self._process.stdin), message)
            while True:
                left = seconds + self._waited() - (time.monotonic() - started)
                try:
                    frame = self._frames.get(timeout=max(0.05, left))
                except queue.Empty:
                    if seconds + self._waited() - (time.monotonic() - started) <= 0:
                        raise Fault("time") from None
                    continue
                break
        except OSError:
            frame = None
        if frame is None:
            raise Fault("ended", cause_of(self._process.wait()))
        self._started = True
        return frame

    def _waited(self) -> float:
        try:
            with open(f"/proc/{self._process.pid}/schedstat") as schedstat:
                return int(schedstat.read().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0  # not Linux

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()


def trusted() -> Worker:
    """A worker for the lesson's own code: the sandbox, or where there is none a plain process."""
    return Plain() if doctor.lacking() else Sandbox()
