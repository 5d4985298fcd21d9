"""Behind the walls: a process puts itself behind limits and the filter, into folders of its own, for good."""

from __future__ import annotations

import ctypes
import os
import struct
import sys

if sys.platform != "win32":
    import resource

PRIVATE = "/scratch"
"""Where an answer works, and can write; /tmp leads to it."""
MEMORY = 2 << 30
"""Bytes that an answer may map beyond what PyTorch has mapped already."""
FILES = 64 << 20
"""Bytes of its private folder, and of any one file."""
SHARED = 1 << 20
"""Bytes of its /dev/shm."""
SECONDS = 120
"""Time of one fork, whatever it is doing: a last resort behind the limits of cells and checks. The time that it stands in
line for a processor does not count."""

_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MOUNT_SETATTR, _MOUNT_ATTR_RDONLY, _AT_FDCWD, _AT_RECURSIVE = 442, 1, -100, 0x8000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV = 1, 2, 4
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 4, 22, 38, 2
_CAPABILITY_VERSION = 0x20080522
USER = 1000
"""User and group inside, whoever grades: to the namespaces inside bubblewrap's, root can't be handed on."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def hide_memory() -> None:
    """Refuse other processes of the same user this one's memory and environment."""
    _prctl(_PR_SET_DUMPABLE, 0)


def lock_down(bpf: bytes) -> None:
    """Put the calling process behind limits and the filter, and into folders of its own, for good. It may have one thread.

    Raises:
        OSError: the system refuses one of them.
    """
    _limit()
    _isolate()
    instructions = ctypes.create_string_buffer(bpf, len(bpf))
    program = _Program(len(bpf) // 8, ctypes.addressof(instructions))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _limit() -> None:
    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))  # by a signal first, which says whose doing it was
    for limit, amount in (
        (resource.RLIMIT_AS, mapped + MEMORY),
        (resource.RLIMIT_FSIZE, FILES),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (amount, amount))


def _isolate() -> None:
    """Move into a mount namespace that ends with this process, and with it all that it has written.

    All of it is read-only, devices too: they are the machine's own files, and as root a job could lock them for
    everybody. Over that lie empty folders to write to, and nothing in the place of /proc, through which a process could
    mark the server or read what earlier jobs have used. To make all this takes a user namespace, in which the process is
    an ordinary user and in the end has no capability.
    """
    _prctl(_PR_SET_DUMPABLE, 1)  # else /proc/self belongs to root, and an ordinary user may not write the maps
    _call("unshare", _CLONE_NEWUSER | _CLONE_NEWNS)
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(f"{USER} {USER} 1")
    _prctl(_PR_SET_DUMPABLE, 0)
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY, 0, 0, 0)
    _call("syscall", _MOUNT_SETATTR, _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, len(attributes))
    for folder, flags, options in (
        (PRIVATE, 0, f"size={FILES},nr_inodes=10000,mode=0755"),
        ("/dev/shm", 0, f"size={SHARED},nr_inodes=1000,mode=0755"),
        ("/proc", _MS_RDONLY, "mode=0555"),
    ):
        _call("mount", b"tmpfs", folder.encode(), b"tmpfs", flags | _MS_NOSUID | _MS_NODEV, options.encode())
    os.chdir(PRIVATE)
    _call("capset", struct.pack("Ii", _CAPABILITY_VERSION, 0), bytes(24))  # effective, permitted, inheritable: none


def _prctl(option: int, *arguments: int) -> None:
    _call("prctl", option, *(*arguments, 0, 0, 0, 0)[:4])


def _call(name: str, *arguments: int | bytes) -> None:
    """Call a function of libc that returns 0 when all is well."""
    words = [ctypes.c_ulong(item) if isinstance(item, int) else item for item in arguments]
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*words) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
