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
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.sandbox import confine, seccomp
from grader.worker.lockdown import MEMORY

WIDTH = 110
SECONDS = 60
"""Time that trying all of it may take."""
PROTECTIONS = {
    "Linux": f"This is Linux {platform.release()}.",
    "bubblewrap": "It builds the walls.",
    "user namespaces": "Student code has processes, users and folders of its own, and sees no others.",
    "no network": "Student code reaches no other machine, nor this one.",
    "hidden files": "Student code does not see solutions, hand-ins, the gradebook or your home.",
    "hidden memory": "Student code can't read the memory and the environment of the process that it comes from.",
    "nested user namespaces": "Each hand-in has empty folders of its own, and they go when it ends.",
    "read-only mounts": "Student code can't write anywhere else, not even to a device.",
    "seccomp": "Student code makes only the system calls it needs: it can't start processes, open sockets or signal others.",
    "limits": "Memory, time, files and descriptors are bounded for each hand-in.",
}
"""What the full set consists of, and what each is for."""
_INSTALL = "Run pip install 'torch-exercise-kit[instructor]'"
_REMEDIES = {
    "Linux": "Grade on Linux 5.12 or newer: in a virtual machine, or on Windows in WSL 2.",
    "bubblewrap": f"{_INSTALL}, or install the system's package bubblewrap.",
    "seccomp": f"{_INSTALL}. Where it does not find libseccomp, install the system's package libseccomp2 (Debian, Ubuntu) "
    "or libseccomp (Fedora). The kernel has to be built with seccomp filters, as those of all distributions are.",
    "read-only mounts": "Linux 5.12 or newer is needed, and a container that lets mount_setattr through.",
}
_REPORT = "This should not happen where all else is there: please report it, with what `grader doctor --json` says."
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


def lacking() -> str:
    """What the full set lacks here and what to do about it; nothing where hand-ins may be graded in the sandbox."""
    return " ".join(f"{item.says} {item.do}" for item in examine() if item.needed and item.do)


@cache
def examine() -> list[Protection]:
    """Try all protections, once in this process."""
    problems = _problems()
    found, missing = [], ""
    for name, purpose in PROTECTIONS.items():
        if name not in problems and missing:
            found.append(Protection(name, False, f"Not tried: it needs {missing}."))
        elif problem := problems.get(name, ""):
            found.append(Protection(name, False, problem, _remedy(name)))
            missing = missing or name
        else:
            found.append(Protection(name, True, purpose))
    return [*found, _cgroups()]


def described(found: list[Protection]) -> Iterator[str]:
    """The protections as text, line by line, and what follows from them."""
    yield from listed(found)
    yield ""
    if missing := [item.name for item in found if item.needed and item.do]:
        yield f"Missing: {', '.join(missing)}. So `grader autograde` refuses to grade here. With --isolation process it does"
        yield "grade, without a sandbox: student code can then do all that you can, and every report says so."
    else:
        yield "All protections are there: `grader autograde` grades in the sandbox."


def listed(found: list[Protection], column: int = 26) -> Iterator[str]:
    """What was looked at as text, line by line; what is said of each begins at a column."""
    width = min(WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDTH
    for item in found:
        mark = "✓" if item.there else "✗" if item.needed else "·"
        name = f"{mark} {item.name:{column - 2}}"
        for text, begins in ((name + item.says, ""), (item.do, " " * column)):
            yield from textwrap.wrap(
                text, width, initial_indent=begins, subsequent_indent=" " * column, break_on_hyphens=False
            )


def _problems() -> dict[str, str]:
    """What is wrong with each protection that was tried; the empty text for nothing."""
    if sys.platform != "linux":
        return {"Linux": f"This is {platform.system()}."}
    found = {"Linux": "", "bubblewrap": ""}
    if confine.bwrap() is None:
        found["bubblewrap"] = "bubblewrap is not installed."
    try:
        bpf = seccomp.filter_program()
    except (ImportError, RuntimeError, OSError) as error:
        found["seccomp"] = f"No filter can be made ({error}): pyseccomp or libseccomp is not installed."
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
            return {"bubblewrap": f"{command[0]} does not run here ({error})."}
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().split("\n")[-1]
        return {"user namespaces": f"No sandbox can be started: {said or f'exit code {done.returncode}'}."}
    told: dict[str, str] = json.loads(done.stdout)
    return {"user namespaces": "", **told}


def _remedy(name: str) -> str:
    if name not in ("user namespaces", "nested user namespaces"):
        return _REMEDIES.get(name, _REPORT)
    for setting, (forbids, allows) in _SETTINGS.items():
        path = Path("/proc/sys", setting)
        if path.is_file() and int(path.read_text()) in forbids:
            line = f"{setting.replace('/', '.')}={allows}"
            return f"Run sysctl -w {line} as root, and write that setting into /etc/sysctl.d to keep it."
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return (
            "This is a container: start it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined, "
            "or grade outside of it."
        )
    return (
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
    says = (
        f"Not used ({'available' if could else 'not available'} here). A hand-in is one process, which may map "
        f"{MEMORY >> 30} GiB beyond what PyTorch has mapped."
    )
    do = "To bound all workers together: systemd-run --user --scope -p MemoryMax=8G grader autograde …" if could else ""
    return Protection("cgroup limits", could, says, do, needed=False)
