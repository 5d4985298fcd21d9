"""What the filter of system calls says, read from its bytes for both architectures: needs no sandbox and makes no call."""

import errno
import struct

import pytest

from grader.sandbox import seccomp

try:
    import pyseccomp
except (ImportError, RuntimeError):
    pytest.skip("pyseccomp or libseccomp, which instructors install, is not here", allow_module_level=True)

ARCHITECTURES = {"x86_64": (pyseccomp.Arch.X86_64, 0xC000003E), "aarch64": (pyseccomp.Arch.AARCH64, 0xC00000B7)}
ALLOWED, MISSING, FORBIDDEN, KILLED = 0x7FFF0000, 0x50000 | errno.ENOSYS, 0x50000 | errno.EPERM, 0
LOOK_AGAIN, NOBODY_WAITED = 0x50000 | errno.EAGAIN, 0x50000
JUMPS = {0x15: lambda a, k: a == k, 0x25: lambda a, k: a > k, 0x35: lambda a, k: a >= k, 0x45: lambda a, k: a & k}


def verdict(program, architecture, number, *arguments):
    """What the kernel would make of a call: an interpreter of the few instructions that libseccomp writes."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    instructions = list(struct.iter_unpack("=HBBI", program))
    at = value = 0
    while True:
        code, then, otherwise, k = instructions[at]
        at += 1
        if code == 0x06:  # return
            return k
        if code == 0x20:  # load a word
            (value,) = struct.unpack_from("=I", data, k)
        elif code == 0x54:  # and
            value &= k
        elif code == 0x05:  # jump
            at += k
        else:
            at += then if JUMPS[code](value, k) else otherwise


@pytest.fixture(params=ARCHITECTURES)
def asked(request):
    arch, word = ARCHITECTURES[request.param]
    program = seccomp.filter_program(arch)

    def ask(name, *arguments):
        number = name if isinstance(name, int) else pyseccomp.resolve_syscall(arch, name)
        return verdict(program, word, number, *arguments)

    return ask


def test_for_this_machine_it_is_the_one_of_its_architecture():
    assert seccomp.filter_program() in [seccomp.filter_program(arch) for arch, _ in ARCHITECTURES.values()]


@pytest.mark.parametrize(
    "name", "read write close brk munmap openat newfstatat statx getrandom rt_sigreturn exit_group rseq".split()
)
def test_what_every_program_calls_is_allowed(asked, name):
    assert asked(name) == ALLOWED


@pytest.mark.parametrize(
    "name",
    "clone3 flock sync syncfs io_setup sysinfo fadvise64 mincore ptrace process_vm_readv bpf mount unshare setns "
    "memfd_create userfaultfd keyctl perf_event_open mlock personality seccomp set_tid_address shmget".split(),
)  # fmt: skip
def test_what_nobody_needs_is_missing(asked, name):
    assert asked(name) == MISSING


def test_a_call_that_is_not_made_yet_is_missing(asked):
    assert {asked(number) for number in range(475, 1024)} == {MISSING}


@pytest.mark.parametrize("name", "execve kill tgkill socket connect setrlimit".split())
def test_what_no_program_takes_for_missing_is_forbidden(asked, name):
    assert asked(name) == FORBIDDEN


@pytest.mark.parametrize(
    ("said", "call"),
    {
        "a thread": (ALLOWED, ("clone", 0x3D0F00)),
        "a process": (FORBIDDEN, ("clone", 0x01200011)),
        "a process as of vfork": (FORBIDDEN, ("clone", 0x4111)),
        "a thread in a namespace": (MISSING, ("clone", 0x3D0F00 | 0x20000)),
        "memory of one's own": (ALLOWED, ("mmap", 0, 9, 3, 0x22)),
        "memory that threads share": (ALLOWED, ("mmap", 0, 9, 3, 0x21)),
        "a library": (ALLOWED, ("mmap", 0, 9, 5, 0x802)),
        "a file that all see": (FORBIDDEN, ("mmap", 0, 9, 1, 0x01)),
        "such a file with its flags looked at": (FORBIDDEN, ("mmap", 0, 9, 1, 0x03)),
        "a wait among threads": (ALLOWED, ("futex", 0, 0x80)),
        "a wake among threads": (ALLOWED, ("futex", 0, 0x81)),
        "a wait for the end of a thread": (LOOK_AGAIN, ("futex", 0, 0x109)),
        "a wait for whoever": (LOOK_AGAIN, ("futex", 0, 0)),
        "a wake of whoever waits": (NOBODY_WAITED, ("futex", 0, 1)),
        "a wake by its other name": (MISSING, ("futex", 0, 10)),
        "a move of whoever waits": (MISSING, ("futex", 0, 3)),
        "limits to be told": (ALLOWED, ("prlimit64", 0, 7, 0)),
        "limits to be set": (FORBIDDEN, ("prlimit64", 0, 7, 1 << 40)),
        "a copy of a descriptor": (ALLOWED, ("fcntl", 5, 1030)),
        "a lock": (MISSING, ("fcntl", 5, 6)),
        "a lock of an open file": (MISSING, ("fcntl", 5, 37)),
        "a lock behind high bits that the kernel does not read": (MISSING, ("fcntl", 5, (1 << 32) | 6)),
        "a copy behind such bits": (ALLOWED, ("fcntl", 5, 1 << 32)),
        "whether it is a terminal": (ALLOWED, ("ioctl", 1, 0x5401)),
        "who gets its signals": (MISSING, ("ioctl", 1, 0x8901)),
        "a letter to the terminal": (MISSING, ("ioctl", 1, 0x5412)),
        "a filter of one's own": (MISSING, ("prctl", 22, 2)),
        "memory given back": (ALLOWED, ("madvise", 0, 9, 4)),
        "equal pages made one": (MISSING, ("madvise", 0, 9, 12)),
        "a pair of sockets": (ALLOWED, ("socketpair", 1)),
        "a pair for the network": (MISSING, ("socketpair", 30)),
    }.values(),
)  # fmt: skip
def test_what_is_asked_for_decides(asked, said, call):
    assert asked(*call) == said


def test_calls_of_another_architecture_are_deadly():
    program = seccomp.filter_program(pyseccomp.Arch.X86_64)
    assert verdict(program, 0x40000003, 1) == KILLED  # i386, by int 0x80
    assert verdict(program, 0xC000003E, 0x40000000 | 1) == KILLED  # x32


@pytest.mark.parametrize("name", ["clock_gettime", "clock_getres", "clock_nanosleep"])
def test_a_process_asks_for_the_time_and_not_what_another_one_has_used_of_a_processor(asked, name):
    assert {asked(name, clock) for clock in range(12)} == {ALLOWED}
    assert {asked(name, (~process << 3 | kind) & 0xFFFFFFFF) for process in (1, 2, 4000) for kind in range(8)} == {MISSING}


def test_a_socket_tells_its_kind_and_not_who_is_at_the_other_end(asked):
    kind, cookie, passes_credentials, groups, passes_handles, handle = 3, 57, 16, 59, 76, 77
    assert asked("getsockopt", 3, 1, kind) == ALLOWED
    assert {asked("getsockopt", 3, 1, option) for option in (cookie, groups, handle, 17, 31, 71)} == {MISSING}
    assert {asked("setsockopt", 3, 1, option) for option in (passes_credentials, passes_handles, 34)} == {MISSING}
