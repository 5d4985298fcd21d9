"""Tries to get out: the program that the doctor runs behind the walls. It prints what was not refused, by protection: each
attempt by its name, with what it was made on where there is a choice. `grader.sandbox.doctor` has the sentences."""

from __future__ import annotations

import json
import mmap
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

from grader.worker import lockdown

if sys.platform != "win32":
    import resource

Attempts = list[tuple[str, str]]
"""Attempts that were not refused, each with what it was made on."""

_STEPS = {"syscall": "read-only mounts", "mount": "read-only mounts", "prctl": "seccomp"}
"""Which protection it is that `lockdown.lock_down` fails at, by the call that failed."""


def main() -> None:
    with os.fdopen(int(sys.argv[1]), "rb") as source:
        bpf = source.read()
    found = {
        "no network": _went_through({("network", ""): lambda: _demand(len(socket.if_nameindex()) > 1)}),
        "hidden files": _went_through({("open", sys.argv[2]): lambda: open(sys.argv[2]).close()}),
    }
    lockdown.hide_memory()
    print(json.dumps(found | _in_a_fork(_look_into_parent) | _in_a_fork(lambda: _lock_down(bpf))))


def _in_a_fork(step: Callable[[], dict[str, Attempts]]) -> dict[str, Attempts]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, json.dumps(step()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        told: dict[str, Attempts] = json.loads(answer.read() or b"{}")
    os.waitpid(pid, 0)
    return told


def _look_into_parent() -> dict[str, Attempts]:
    parent = f"/proc/{os.getppid()}"
    return {
        "hidden memory": _went_through(
            {
                ("memory", ""): lambda: open(f"{parent}/mem", "rb").close(),
                ("environment", ""): lambda: open(f"{parent}/environ", "rb").close(),
            }
        )
    }


def _lock_down(bpf: bytes) -> dict[str, Attempts]:
    """Lock this process in as an answer is, and try what an answer must not do."""
    try:
        lockdown.lock_down(bpf)
    except OSError as error:
        said = error.strerror or str(error)
        return {_STEPS.get(said.partition(":")[0], "nested user namespaces"): [("locked", said)]}
    return {
        "nested user namespaces": _went_through({("look into", "/proc"): lambda: _demand(os.listdir("/proc"))}),
        "read-only mounts": _went_through(
            {
                ("write", path): lambda path=path: _demand(not os.statvfs(path).f_flag & os.ST_RDONLY)  # type: ignore[misc]
                for path in ("/", "/usr", "/dev/null")
            }
        ),
        "seccomp": _went_through(
            {
                ("process", ""): _start_a_process,
                ("socket", ""): lambda: socket.socket().close(),
                ("signal", ""): lambda: os.kill(os.getppid(), 0),
                ("call", ""): lambda: os.close(os.memfd_create("")),
            }
        ),
        "limits": _went_through(
            {
                ("map", ""): lambda: mmap.mmap(-1, lockdown.MEMORY + (1 << 30)).close(),
                ("time", ""): lambda: resource.setrlimit(resource.RLIMIT_CPU, (lockdown.SECONDS + 60,) * 2),
            }
        ),
    }


def _went_through(attempts: dict[tuple[str, str], Callable[[], object]]) -> Attempts:
    """The attempts that were not refused."""
    done = []
    for what, attempt in attempts.items():
        with suppress(OSError, ValueError):
            attempt()
            done.append(what)
    return done


def _demand(holds: object) -> None:
    """Raises OSError where it does not hold."""
    if not holds:
        raise OSError


def _start_a_process() -> None:
    if os.fork() == 0:
        os._exit(0)
    os.wait()


if __name__ == "__main__":
    main()
