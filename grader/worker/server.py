"""Inside the sandbox: holds PyTorch warm and forks a child for each job. It holds nothing worth stealing.

Its one socket takes `J` (a job, with the child's channel as a descriptor), `U` (how long has the child waited for a
processor?) and `K` (end it). When a job's child has ended, every process left over is killed; what it wrote goes
with its namespace. A job that made threads has used up numbers of the one row that all are numbered in: the server says that
it is spent, and a new one takes its place.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import json
import os
import select
import signal
import socket
import sys
import time

from grader.worker import child, lockdown
from grader.worker.clock import times_of

_MADV_COLLAPSE, _LARGE_PAGE = 25, 2 << 20
_WORTH_LARGE_PAGES = 40
"""Jobs after which it has taken as long to begin them as it takes to move into large pages (0.4 s). glibc could have put
memory there from the beginning, but asks in /sys, which is not in the sandbox."""


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    with os.fdopen(int(sys.argv[2]), "rb") as handed_in:
        bpf = handed_in.read()
    lockdown.hide_memory()
    child.warm_up()
    control.send(b'{"ready": true}')
    for number in itertools.count():
        if number == _WORTH_LARGE_PAGES:
            _into_large_pages()
        word, channels, _, _ = socket.recv_fds(control, 16, 1)
        if not word:
            return
        if word != b"J":
            continue  # a word about a job that has ended already
        pid = os.fork()
        if pid == 0:
            _become_child(control, channels[0], bpf)
        os.close(channels[0])
        status, overdue = _watch(pid, control)
        _clean_up()
        if status is None:
            return
        told = {"ended": status, "overdue": overdue, "spent": _latest_number() != pid}
        control.send(json.dumps(told).encode())


def _into_large_pages() -> None:
    """Move what is held into large pages, where the system does that (Linux 6.1): a fork copies the table of pages, and then
    takes half as long."""
    libc = ctypes.CDLL(None)
    with open("/proc/self/maps") as maps:
        areas = [line.split() for line in maps]
    for place, rights, _, _, inode, *_ in areas:
        start, end = (int(part, 16) for part in place.split("-"))
        if rights == "rw-p" and inode == "0" and end - start >= _LARGE_PAGE:
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_COLLAPSE)  # refused, it stays as it is


def _become_child(control: socket.socket, channel: int, bpf: bytes) -> None:
    """Turn this fork into the child; never returns."""
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        try:
            lockdown.lock_down(bpf)
        except OSError as error:
            control.send(json.dumps({"refused": str(error)}).encode())
            return
        control.close()
        with os.fdopen(channel, "rb", buffering=0) as raw:
            reader = os.fdopen(os.dup(raw.fileno()), "rb")
            writer = os.fdopen(os.dup(raw.fileno()), "wb")
        child.serve(reader, writer)
    finally:
        os._exit(0)


def _watch(pid: int, control: socket.socket) -> tuple[int | None, bool]:
    """Wait for the child's end while answering questions about it, and end it when its time is over. The exit status, or
    None when nobody asks any more, and whether its time was over."""
    handle = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.register(control, select.POLLIN)
    started, overdue = time.monotonic(), False
    try:
        while True:
            left = lockdown.SECONDS + _waited(pid) - (time.monotonic() - started)
            ready = dict(poll.poll(max(10, left * 1000)))
            if handle in ready:
                return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), overdue
            overdue = not ready
            word = control.recv(16) if ready else b"K"
            if word == b"U":
                control.send(json.dumps(times_of(pid) or (0.0, 0.0)).encode())
            else:
                os.kill(pid, signal.SIGKILL)
                if not word:
                    return None, overdue
    finally:
        os.close(handle)


def _waited(pid: int) -> float:
    """Seconds that a process has stood in line for a processor."""
    try:
        with open(f"/proc/{pid}/schedstat") as schedstat:
            return int(schedstat.read().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def _latest_number() -> int:
    """The number that a process or thread in here got last: by what the next one gets, a job can tell what came before."""
    with open("/proc/loadavg") as loadavg:
        return int(loadavg.read().split()[-1])


def _clean_up() -> None:
    """Kill what the job left running."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)  # in this process namespace: all but this server and its init
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


if __name__ == "__main__":
    main()
