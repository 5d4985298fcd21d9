"""The system calls that an answer may make: what Python, PyTorch and our worker need, and nothing else.

SECURITY.md says how it was measured, and `tests/benchmarks/calls.py` measures it again. Beside what was seen stands what
other versions of the C library, of Python and of PyTorch use in its place, on either architecture. A name that the
architecture or its libseccomp does not know is left out: that call is then refused.

A call that is not allowed does not exist here (ENOSYS): libraries do without it, as on an older kernel. The foremost is
`clone3`, for which libc makes do with `clone`, whose flags a filter can read. The few that no program takes for missing are
forbidden instead (EPERM): of a process or a socket a student should read "Operation not permitted".
"""

from __future__ import annotations

import errno
import os
from typing import Any

_ALLOWED = {
    "memory": "brk mremap munmap mprotect msync",
    "threads of one process, and how many of them are worth their while": """
        exit exit_group gettid set_robust_list rseq sched_yield restart_syscall wait4 waitid
        sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getpriority getcpu
    """,
    "instructions that an x86 processor turns on when asked (AMX)": "arch_prctl",
    "files by name; all that is shown is read-only, but for two empty folders": """
        open openat openat2 stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat statfs
        getcwd chdir fchdir umask mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat
        chmod fchmod fchmodat fchmodat2 utimes utimensat truncate
    """,
    "attributes of files, which shutil.copy2 asks for": "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr",
    "what is open": """
        read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range fstat fstatfs getdents64
        ftruncate fallocate fsync fdatasync dup dup2 dup3 pipe pipe2 sendfile copy_file_range
    """,
    "waiting for what is open, and the pair of sockets by which asyncio and our worker talk": """
        poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2
        sendto recvfrom sendmsg recvmsg shutdown getsockname getpeername
    """,
    "time": "nanosleep gettimeofday time times getrusage getitimer setitimer alarm",
    "signals that the kernel sends": """
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause
    """,
    "who one is, where, and with which limits": """
        getpid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getresuid getresgid getgroups uname getrlimit
    """,
    "random numbers": "getrandom",
}
"""What is allowed whatever it is asked for, by what for."""
_COMMANDS = {
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. No locks, for those on a file that all see are words to
    # others; nothing that says who gets a signal.
    "fcntl": (1, (0, 1, 2, 3, 4, 1030)),
    # TCGETS and TCGETS2 (is it a terminal?), TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FICLONE (Python 3.14 copies
    # by it). Of devices those of /dev/null's kind are shown, and no GPU, which would need more.
    "ioctl": (1, (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x40049409)),
    # PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SVE_GET_VL and PR_SME_GET_VL (the vectors of ARM), PR_SET_VMA (a name for
    # memory).
    "prctl": (0, (3, 15, 16, 51, 64, 0x53564D41)),
    # MADV_DONTNEED, FREE, DONTFORK, DOFORK, HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP, WIPEONFORK, GUARD_INSTALL, GUARD_REMOVE.
    # None that says what of a file is kept in memory, nor MERGEABLE: equal pages would be a word to others.
    "madvise": (2, (4, 8, 10, 11, 14, 15, 16, 17, 18, 102, 103)),
    "socketpair": (0, (1,)),  # AF_UNIX
    # SO_REUSEADDR, TYPE, ERROR, SNDBUF, RCVBUF, KEEPALIVE, LINGER, RCVTIMEO, SNDTIMEO, ACCEPTCONN, PROTOCOL, DOMAIN. None
    # that hands out the process at the other end, the grader's, nor a cookie, of which the kernel gives each the next one.
    "getsockopt": (2, (2, 3, 4, 7, 8, 9, 13, 20, 21, 30, 38, 39)),
    "setsockopt": (2, (2, 7, 8, 9, 13, 20, 21)),
}
"""What is allowed with one of some values of one argument, which is an `int`: its number, and the values."""
_FORBIDDEN = """
    execve execveat fork vfork kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo socket connect bind listen accept accept4
    setrlimit
"""
_UNKNOWN, _INT = -1, 0xFFFFFFFF
_SHARED, _NO_FILE = 0x01, 0x20
"""Flags of `mmap`. In shared memory of a file that all see, processes can wait for one another."""
_CLOCKS, _OF_A_PROCESS = "clock_gettime clock_getres clock_nanosleep", 0x80000000
"""What asks for a clock, and the bit of those that run for some other process or thread: they tell of the server."""
_THREAD, _NAMESPACES = 0x00010000, 0x7E020000
"""Flags of `clone`."""
_FUTEX, _PRIVATE, _WAITS, _WAKE = 0xFF, 0x80, (0, 9), 1
"""Operations of `futex`. A word that is not of this process alone can be one in a library, which all have mapped, and a wait
for it one for another sandbox. So nobody waits there: who asks to (libc for the end of a thread, C++ for another thread's
first call of a function) is told to look again (EAGAIN), and who wakes, that nobody waited."""


def filter_program(arch: int | None = None) -> bytes:
    """The filter as BPF, for this machine or another architecture of `pyseccomp.Arch`. Calls of any other are deadly."""
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    if arch is not None:
        rules.remove_arch(pyseccomp.Arch.NATIVE)
        rules.add_arch(arch)
    allow, forbid = pyseccomp.ALLOW, pyseccomp.ERRNO(errno.EPERM)

    def rule(action: int, name: str, *where: Any) -> None:
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        if number != _UNKNOWN:
            rules.add_rule(action, number, *where)

    def masked(argument: int, mask: int, value: int) -> Any:
        return pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, mask, value)

    for name in " ".join(_ALLOWED.values()).split():
        rule(allow, name)
    for name in _FORBIDDEN.split():
        rule(forbid, name)
    for name, (argument, values) in _COMMANDS.items():
        for value in values:
            rule(allow, name, masked(argument, _INT, value))
    for name in _CLOCKS.split():
        rule(allow, name, masked(0, _OF_A_PROCESS, 0))
    rule(allow, "mmap", masked(3, _SHARED, 0))
    rule(allow, "mmap", masked(3, _SHARED | _NO_FILE, _SHARED | _NO_FILE))
    rule(forbid, "mmap", masked(3, _SHARED | _NO_FILE, _SHARED))
    rule(allow, "clone", masked(0, _THREAD | _NAMESPACES, _THREAD))
    rule(forbid, "clone", masked(0, _THREAD, 0))
    rule(allow, "prlimit64", pyseccomp.Arg(2, pyseccomp.EQ, 0))
    rule(forbid, "prlimit64", pyseccomp.Arg(2, pyseccomp.NE, 0))
    rule(allow, "futex", masked(1, _PRIVATE, _PRIVATE))
    rule(pyseccomp.ERRNO(0), "futex", masked(1, _FUTEX, _WAKE))
    for operation in _WAITS:
        rule(pyseccomp.ERRNO(errno.EAGAIN), "futex", masked(1, _FUTEX, operation))
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as target:
        rules.export_bpf(target)
    with os.fdopen(reader, "rb") as source:
        return source.read()
