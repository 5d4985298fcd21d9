"""Holds PyTorch warm in a process of its own, and forks a child for each check: `python -m grader.student.forks`.

Not a sandbox: it runs a student's code on the student's own machine. On its socket it takes `J` with the path of a folder
and the child's channel (a job, whose number it answers), and `K` with that number (see the job ended, by force where it does
not end by itself; it answers the exit status). When the socket is closed it ends all jobs, and itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time

from grader import wire
from grader.worker import child

PATIENCE = 0.5
"""Seconds that a job which has closed its channel has to end by itself."""


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    child.warm_up()
    control.send(b"ready")
    jobs: set[int] = set()
    while True:
        word, channels, _, _ = socket.recv_fds(control, 4096, 1)
        if not word:
            for pid in jobs:
                _end(pid, 0.0)
            return
        if word[:1] == b"J":
            pid = os.fork()
            if pid == 0:
                _become_child(control, channels[0], word[1:])
            os.close(channels[0])
            jobs.add(pid)
            control.send(str(pid).encode())
        else:
            pid = int(word[1:])
            jobs.discard(pid)
            control.send(str(_end(pid, PATIENCE)).encode())


def _become_child(control: socket.socket, channel: int, folder: bytes) -> None:
    """Turn this fork into the child; never returns."""
    try:
        control.close()
        os.setsid()  # so that all that it starts can be ended with it
        os.chdir(folder)
        reader, writer = os.fdopen(os.dup(channel), "rb"), os.fdopen(channel, "wb")
        wire.write_frame(writer, {})  # as one does that had to import PyTorch first
        child.serve(reader, writer)
    finally:
        os._exit(0)


def _end(pid: int, patience: float) -> int:
    """The exit status of a job, which is killed where it is not over in time; what it started is killed in any case."""
    until = time.monotonic() + patience
    while True:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone or time.monotonic() >= until:
            break
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not gone:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
