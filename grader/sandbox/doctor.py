"""Which protections of the sandbox this machine has: each is tried out, and for one that is missing it is said what to do.

`grader.sandbox.escape` is the program that runs behind the walls, and tries to get out.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.files.translated import columns, wrapped
from grader.messages import together, told
from grader.sandbox import confine, seccomp
from grader.worker.lockdown import MEMORY

WIDTH = 110
SECONDS = 60
"""Time that trying all of it may take."""
PROTECTIONS = (
    "Linux",
    "bubblewrap",
    "user namespaces",
    "no network",
    "hidden files",
    "hidden memory",
    "nested user namespaces",
    "read-only mounts",
    "seccomp",
    "limits",
)
"""What the full set consists of."""
_INSTALL = "pip install 'torch-exercise-kit[instructor]'"
_SETTINGS = {
    "kernel/unprivileged_userns_clone": (range(1), 1),
    "kernel/apparmor_restrict_unprivileged_userns": (range(1, 3), 0),
    "user/max_user_namespaces": (range(100), 10000),
}
"""Settings of the kernel, the values of each that forbid user namespaces or too many of them, and one that allows them."""


@dataclass(frozen=True)
class Protection:
    """One protection: whether it is `there`, what there is to say of it, and what to `do` where it was tried and is not."""

    name: str
    there: bool
    says: str
    do: str = ""
    needed: bool = True
    """Whether it is a part of the full set."""
    called: str = ""
    """What it is called where its name is none that holds in all languages."""


def lacking() -> str:
    """What the full set lacks here and what to do about it; nothing where hand-ins may be graded in the sandbox."""
    return together(*(text for item in examine() if item.needed and item.do for text in (item.says, item.do)))


@cache
def examine() -> list[Protection]:
    """Try all protections, once in this process."""
    problems = _problems()
    found, missing = [], ""
    for name in PROTECTIONS:
        if name not in problems and missing:
            found.append(Protection(name, False, told("Not tried: it needs {protection}.", protection=missing)))
        elif problem := problems.get(name, ""):
            found.append(Protection(name, False, problem, _remedy(name)))
            missing = missing or name
        else:
            found.append(Protection(name, True, _purpose(name)))
    return [*found, _cgroups()]


def described(found: list[Protection]) -> Iterator[str]:
    """The protections as text, line by line, and what follows from them."""
    yield from listed(found)
    yield ""
    if missing := [item.name for item in found if item.needed and item.do]:
        yield from wrapped(
            told(
                "Missing: {names}. So `grader autograde` refuses to grade here. With --isolation process it does grade, "
                "without a sandbox: student code can then do all that you can, and every report says so.",
                names=", ".join(missing),
            ),
            _width(),
            anywhere=True,
        )
    else:
        yield told("All protections are there: `grader autograde` grades in the sandbox.")


def listed(found: list[Protection], column: int = 26) -> Iterator[str]:
    """What was looked at as text, line by line; what is said of each begins at a column."""
    for item in found:
        mark = "✓" if item.there else "✗" if item.needed else "·"
        name = f"{mark} {item.called or item.name}"
        first, *more = (line for text in (item.says, item.do) if text for line in _beside(text, column))
        yield name + " " * (column - columns(name)) + first.lstrip()
        yield from more


def _beside(text: str, column: int) -> list[str]:
    """The lines of a text that stand in the last column of a table."""
    return wrapped(" " * column + text, _width(), " " * column, anywhere=True)


def _width() -> int:
    return min(WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDTH


def _purpose(name: str) -> str:
    """What a protection is for."""
    return {
        "Linux": told("This is Linux {release}.", release=platform.release()),
        "bubblewrap": told("It builds the walls."),
        "user namespaces": told("Student code has processes, users and folders of its own, and sees no others."),
        "no network": told("Student code reaches no other machine, nor this one."),
        "hidden files": told("Student code does not see solutions, hand-ins, the gradebook or your home."),
        "hidden memory": told("Student code can't read the memory and the environment of the process that it comes from."),
        "nested user namespaces": told("Each hand-in has empty folders of its own, and they go when it ends."),
        "read-only mounts": told("Student code can't write anywhere else, not even to a device."),
        "seccomp": told(
            "Student code makes only the system calls it needs: it can't start processes, open sockets or signal others."
        ),
        "limits": told("Memory, time, files and descriptors are bounded for each hand-in."),
    }[name]


def _problems() -> dict[str, str]:
    """What is wrong with each protection that was tried; the empty text for nothing."""
    if sys.platform != "linux":
        return {"Linux": told("This is {system}.", system=platform.system())}
    found = {"Linux": "", "bubblewrap": ""}
    if confine.bwrap() is None:
        found["bubblewrap"] = told("bubblewrap is not installed.")
    try:
        bpf = seccomp.filter_program()
    except (ImportError, RuntimeError, OSError) as error:
        found["seccomp"] = told("No filter can be made ({error}): pyseccomp or libseccomp is not installed.", error=error)
    if not any(found.values()):
        found |= _tried(bpf)
    return found


def _tried(bpf: bytes) -> dict[str, str]:
    """What a program behind the walls comes to that tries to get out."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as target:
        target.write(bpf)
    with tempfile.NamedTemporaryFile() as outside, os.fdopen(reader):
        command = confine.command(["-m", "grader.sandbox.escape", str(reader), outside.name])
        try:
            done = subprocess.run(
                command, pass_fds=(reader,), capture_output=True, timeout=SECONDS, env={}, cwd="/", check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return {"bubblewrap": told("{program} does not run here ({error}).", program=command[0], error=error)}
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().split("\n")[-1]
        why = said or told("exit code {code}", code=done.returncode)
        return {"user namespaces": told("No sandbox can be started: {why}.", why=why)}
    tried = json.loads(done.stdout)
    return {"user namespaces": "", **{name: together(*(got_out(*each) for each in tried[name])) for name in tried}}


def got_out(attempt: str, what: str) -> str:
    """The sentence about an attempt of `grader.sandbox.escape` that was not refused, and about what it was made on."""
    return {
        "network": told("Student code could see a network."),
        "open": told("Student code could open {what}.", what=what),
        "memory": told("Student code could read the memory of the process that it comes from."),
        "environment": told("Student code could read the environment of the process that it comes from."),
        "locked": told("A hand-in can't be locked in: {what}.", what=what),
        "look into": told("Student code could look into {what}.", what=what),
        "write": told("Student code could write to {what}.", what=what),
        "process": told("Student code could start a process."),
        "socket": told("Student code could open a socket."),
        "signal": told("Student code could signal another process."),
        "call": told("Student code could make a system call that is not listed."),
        "map": told("Student code could take more memory than is allowed."),
        "time": told("Student code could take more time than is allowed."),
    }[attempt]


def _remedy(name: str) -> str:
    """What to do where a protection is missing."""
    if name == "Linux":
        return told("Grade on Linux 5.12 or newer: in a virtual machine, or on Windows in WSL 2.")
    if name == "bubblewrap":
        return told("Run {install}, or install the system's package bubblewrap.", install=_INSTALL)
    if name == "seccomp":
        return told(
            "Run {install}. Where it does not find libseccomp, install the system's package libseccomp2 (Debian, Ubuntu) or "
            "libseccomp (Fedora). The kernel has to be built with seccomp filters, as those of all distributions are.",
            install=_INSTALL,
        )
    if name == "read-only mounts":
        return told("Linux 5.12 or newer is needed, and a container that lets mount_setattr through.")
    if name in ("user namespaces", "nested user namespaces"):
        return _remedy_for_namespaces()
    return told("This should not happen where all else is there: please report it, with what `grader doctor --json` says.")


def _remedy_for_namespaces() -> str:
    for setting, (forbids, allows) in _SETTINGS.items():
        path = Path("/proc/sys", setting)
        if path.is_file() and int(path.read_text()) in forbids:
            line = f"{setting.replace('/', '.')}={allows}"
            return told("Run sysctl -w {line} as root, and write that setting into /etc/sysctl.d to keep it.", line=line)
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return told(
            "This is a container: start it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, "
            "or grade outside of it."
        )
    return told(
        "Allow user namespaces for whoever grades: see user.max_user_namespaces in sysctl, and what guards this machine "
        "(AppArmor, a container, a filter of systemd)."
    )


def _cgroups() -> Protection:
    """Whether the grader could have cgroup limits. It does not need them: an answer is one process, bounded by itself."""
    try:
        own = Path("/proc/self/cgroup").read_text().rpartition("0::")[2].strip()
        folder = Path("/sys/fs/cgroup", own.lstrip("/"))
        could = "memory" in (folder / "cgroup.controllers").read_text().split() and os.access(folder, os.W_OK)
    except OSError:
        could = False
    free = told("Not used (available here).") if could else told("Not used (not available here).")
    bound = told("A hand-in is one process, which may map {size} GiB beyond what PyTorch has mapped.", size=MEMORY >> 30)
    command = "systemd-run --user --scope -p MemoryMax=8G grader autograde …"
    do = told("To bound all workers together: {command}", command=command) if could else ""
    return Protection("cgroup limits", could, together(free, bound), do, needed=False)
