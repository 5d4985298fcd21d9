"""Workers for a student who checks again and again: PyTorch is imported once, and each check has a fresh process at once."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import threading
from typing import IO

from grader.errors import Fault
from grader.judge.result import Isolation
from grader.sandbox.plain import Plain, Talk
from grader.sandbox.process import start
from grader.sandbox.session import START_SECONDS, Session, Worker, cause_of


def worker() -> Worker:
    """A fork for each check where a process that has PyTorch can be forked; elsewhere a process that was started ahead."""
    return Forks() if sys.platform == "linux" else Plain(spare=True)


class Forks:
    """A process that has PyTorch, and a fork of it for each session; once one has ended, the next one is made ready."""

    isolation: Isolation = "process"

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._start()

    def _start(self) -> None:
        self._next: Talk | None
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = start(
            ["-m", "grader.student.forks", str(inside.fileno())], tempfile.gettempdir(),
            pass_fds=(inside.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        inside.close()
        self._warm, self._closing, self._next = False, False, None

    def session(self) -> Session:
        """A fork of the process. One that has died is replaced first.

        Raises:
            Fault: it dies again and again.
        """
        with self._lock:
            for _ in range(2):
                with contextlib.suppress(OSError, ValueError):
                    ready, self._next = self._next or self._fork(), None
                    return ready
                self.close()
                self._start()
        raise Fault("ended", cause_of(self._process.poll()))

    def _fork(self) -> Talk:
        if not self._warm:
            self._control.settimeout(START_SECONDS)
            self._warm = self._control.recv(64) == b"ready"
        folder = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [b"J" + folder.name.encode()], [theirs.fileno()])
        return Talk(_Fork(self, int(self._control.recv(64)), ours), folder)

    def ended(self, pid: int) -> int:
        """See a job ended; its exit status."""
        with self._lock:
            try:
                self._control.send(f"K{pid}".encode())
                status = int(self._control.recv(64))
            except (OSError, ValueError):
                return -9
            if not self._closing:
                with contextlib.suppress(OSError, ValueError):
                    self._next = self._next or self._fork()  # now that nobody waits for it
            return status

    def close(self) -> None:
        self._closing = True
        if self._next:
            self._next.close()
        self._control.close()  # it ends its job, and itself
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Fork:
    """A fork as a session's process."""

    def __init__(self, forks: Forks, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self.stdin: IO[bytes] | None = channel.makefile("wb")
        self.stdout: IO[bytes] | None = channel.makefile("rb")
        self._channel, self._forks = channel, forks
        self._status: int | None = None
        self._lock = threading.Lock()

    def wait(self, timeout: float | None = None) -> int:
        with self._lock:
            if self._status is None:
                with contextlib.suppress(OSError):
                    self._channel.shutdown(socket.SHUT_RDWR)  # a child that waits for a message ends
                    self._channel.close()
                self._status = self._forks.ended(self.pid)
            return self._status

    def kill(self) -> None:
        self.wait()
