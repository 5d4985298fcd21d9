"""Proves that no answer gets out of the sandbox, sees what it should not, or harms the answer that comes after it."""

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from grader.author.expectations import build_key
from grader.checks import Check
from grader.errors import Fault, SandboxError, Stalled
from grader.files import source
from grader.files.submission import of_cells
from grader.judge.verdict import fault_sentence
from grader.sandbox import doctor, seccomp
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.plain import Plain
from grader.sandbox.run import Phase, phases, run
from grader.worker import lockdown

if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)

ROOT = Path(__file__).parents[2]
SECRET = "a-token-that-no-student-may-see"
FOLDERS = (lockdown.PRIVATE, "/dev/shm")
"""Where a job may write."""
HONEST = f"""
    import os, torch
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    (x ** 3).sum().backward()
    print(x.grad.tolist(), *map(os.listdir, {FOLDERS}))
"""
SEND = """
    import os, stat, struct

    def send(data):
        for number in range(3, 256):
            try:
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    os.write(number, data)
                    return
            except OSError:
                pass

    def frame(text, blob=b""):
        send(struct.pack("!II", len(text), len(blob)) + text + blob)
"""


@pytest.fixture(scope="module")
def sandbox():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_TEST_SECRET", SECRET)
        with closing(Sandbox()) as started:
            cell(started, "pass")
            yield started


@pytest.fixture
def box(sandbox):
    """The sandbox; when the test is over, the next job has to find it unharmed."""
    yield sandbox
    assert printed(sandbox, HONEST) == "[3.0, 12.0] [] []\n"


@contextmanager
def opened(worker):
    session = worker.session()
    try:
        yield session
    finally:
        session.close()


def cell(worker, *sources, seconds=20.0):
    """Cells in a process of their own: the last one's reply, or the Fault in the place of one."""
    with opened(worker) as session:
        try:
            for text in sources:
                reply, _ = session.call({"do": "cell", "index": 0, "source": dedent(text)}, seconds)
        except Fault as fault:
            return fault
        return json.loads(reply)


def printed(worker, *sources):
    reply = cell(worker, *sources)
    assert not isinstance(reply, Fault), reply
    assert reply["error"] is None, reply
    return reply["printed"]


def error(worker, text):
    """The type of the exception that the cell stopped with."""
    reply = cell(worker, text)
    assert not isinstance(reply, Fault), reply
    assert reply["error"] is not None, f"it went through, and printed {reply['printed']}"
    return reply["error"]["type"]


# Its start and its end


@pytest.mark.parametrize("waits", [True, False])
def test_one_that_is_closed_while_it_starts_is_not_waited_for_and_does_not_start_again(waits):
    closed, started = Sandbox(), threading.Event()
    process = closed._process

    def session():
        started.set()
        closed.session()

    with ThreadPoolExecutor(1) as threads:
        coming = threads.submit(session)
        if waits:
            started.wait()
        closed.close()
        with pytest.raises(SandboxError):
            coming.result()
    assert closed._process is process


def test_a_grader_that_was_found_by_its_path_is_the_one_inside(tmp_path):
    shutil.copytree(ROOT / "grader", tmp_path / "a copy" / "grader")
    program = """
        import json
        from contextlib import closing
        from grader.sandbox.bubblewrap import Sandbox

        with closing(Sandbox()) as sandbox:
            cell = {"do": "cell", "index": 0, "source": "import grader; print(grader.__file__)"}
            reply, _ = sandbox.session().call(cell, 20)
            print(json.loads(reply)["printed"])
    """
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "a copy")}
    done = subprocess.run([sys.executable, "-P", "-c", dedent(program)], env=environment, capture_output=True, text=True)
    assert done.stdout.split("\n")[0] == str(tmp_path / "a copy" / "grader" / "__init__.py"), done.stderr


# What takes too long, or ends its process


@pytest.mark.parametrize(
    "text",
    [
        "while True: pass",
        """
        import signal
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
        "while True: print('x' * 1000)",
        """
        import threading, torch
        def work():
            x = torch.ones(500, 500)
            while True: x @ x
        for _ in range(30): threading.Thread(target=work).start()
        work()
        """,
    ],
    ids=["loop", "ignores everything", "output", "threads"],
)
def test_what_takes_too_long_is_ended(box, text):
    assert cell(box, text, seconds=0.5).kind == "time"


@pytest.mark.parametrize("text", ["import time\ntime.sleep(1000)", "import threading\nthreading.Event().wait()"])
def test_what_waits_without_end_is_ended_and_not_called_slow(box, text):
    fault = cell(box, text, seconds=0.5)
    assert (fault.kind, type(fault)) == ("waited", Stalled)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("import os\nos._exit(0)", "it left Python with exit code 0"),
        ("import os\nos._exit(7)", "it left Python with exit code 7"),
        ("import ctypes\nctypes.string_at(0)", "it was stopped by SIGSEGV"),
        ("import os\nos.closerange(0, 256)", "it left Python with exit code 0"),
    ],
)
def test_what_ends_its_process_is_told_how_it_ended(box, text, how):
    fault = cell(box, text)
    assert (fault.kind, fault.detail) == ("ended", how)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import sys\nsys.exit('bye')", "SystemExit"),
        ("exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): f()\nf()", "RecursionError"),
        ("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E", "E"),
        ("x = (", "SyntaxError"),
        ("x = " + "-" * 200_000 + "1", "MemoryError"),
    ],
    ids=["sys.exit", "exit", "interrupt", "recursion", "unprintable", "syntax", "nested"],
)
def test_what_raises_ends_the_cell_and_not_the_submission(box, text, kind):
    assert error(box, text) == kind
    assert printed(box, f"try:\n    exec({text!r})\nexcept BaseException: pass", "print('on')") == "on\n"


def test_a_thread_left_running_does_not_hold_up_the_next_cell_or_the_end(box):
    thread = "import threading\ndef f():\n    while True: pass\nthreading.Thread(target=f).start()"
    assert printed(box, thread, "print('on')") == "on\n"


def test_an_exit_handler_is_not_waited_for(box):
    assert printed(box, "import atexit\n@atexit.register\ndef f():\n    while True: pass", "print('on')") == "on\n"


# What uses up the machine


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x = bytearray(50 << 30)", "MemoryError"),
        ("import torch\nx = torch.zeros(10**11)", "RuntimeError"),
        ("import torch\nx = []\nwhile True: x.append(torch.ones(1 << 22))", "RuntimeError"),
        ("import os\nwhile True: os.fork()", "PermissionError"),
        ("import multiprocessing\nmultiprocessing.Process(target=print).start()", "PermissionError"),
        ("import concurrent.futures as c\nc.ProcessPoolExecutor(2).submit(print).result()", "PermissionError"),
    ],
)
def test_memory_and_processes_are_bounded(box, text, kind):
    assert error(box, text) == kind


def test_five_thousand_threads_are_too_many(box):
    text = """
    import threading
    stop = threading.Event()
    try:
        for _ in range(5000): threading.Thread(target=stop.wait, daemon=True).start()
    finally:
        stop.set()
    """
    assert error(box, text) == "RuntimeError"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_full_disk_is_empty_for_the_next_job(box, folder):
    text = f"""
    with open("{folder}/full", "wb") as file:
        while True: file.write(bytes(1 << 20))
    """
    assert error(box, text) == "OSError"


def test_a_billion_characters_of_output_are_cut_short(box):
    assert printed(box, "for _ in range(1000): print('x' * 10**6)") == "x" * 10_000


def test_the_limits_cannot_be_lifted(box):
    text = """
    import resource
    allowed = []
    for name in ("AS", "CPU", "FSIZE", "NOFILE", "CORE"):
        which = getattr(resource, f"RLIMIT_{name}")
        for change in (resource.setrlimit, lambda *what: resource.prlimit(0, *what)):
            for limit in ((-1, -1), (1 << 50, 1 << 50)):
                try:
                    change(which, limit)
                    allowed.append(name)
                except (OSError, ValueError): pass
    print(allowed)
    """
    assert printed(box, text) == "[]\n"


# What reaches out of the sandbox


@pytest.mark.parametrize(
    "text",
    [
        "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', '1'])",
        "import subprocess\nsubprocess.run(['ls'])",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "import os\nos.posix_spawn('/bin/ls', ['ls'], {})",
        "import socket\nsocket.socket()",
        "import socket\nsocket.socket(socket.AF_UNIX)",
        "import socket\nsocket.socketpair()[0].connect('/tmp/x')",
        "import asyncio\nasyncio.run(asyncio.open_connection('1.1.1.1', 53))",
    ],
)
def test_other_programs_and_the_network_are_refused(box, text):
    assert error(box, text) == "PermissionError"


def test_no_call_outside_the_list_is_made(box):
    """Each number that a call has or may have one day, with zeros as arguments. Trampolines of the kernel's probes (335 and
    336 on x86_64) end whoever calls them, before any filter is asked."""
    pyseccomp = pytest.importorskip("pyseccomp")
    names = [*" ".join(seccomp._ALLOWED.values()).split(), *seccomp._COMMANDS, *seccomp._CLOCKS.split()]
    names += ["clone", "mmap", "prlimit64", "futex"]
    listed = {pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in names}
    text = f"""
    import ctypes, errno
    libc = ctypes.CDLL(None, use_errno=True)
    for number in sorted(set(range(600)) - {listed} - {{335, 336}}):
        if libc.syscall(number, 0, 0, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (errno.ENOSYS, errno.EPERM):
            print(number)
    """
    assert printed(box, text) == ""


def test_no_other_process_can_be_killed(box):
    text = """
    import os, signal
    for pid in (-1, 0, 1, os.getppid(), os.getpid()):
        for number in (signal.SIGKILL, signal.SIGSTOP, 0):
            try:
                os.kill(pid, number)
                print("killed", pid, number)
            except PermissionError: pass
    """
    assert printed(box, text) == ""


def test_nothing_but_its_own_folders_can_be_written_to(box):
    """As root this is not a matter of course: /proc/sys holds the settings of the whole machine."""
    text = """
    import os, sys
    places = ["/", "/etc", "/usr", "/usr/lib", "/dev", sys.prefix, sys.base_prefix, *filter(os.path.isdir, sys.path)]
    paths = [os.path.join(place, name) for place in places for name in ("", *os.listdir(place))]
    for root in ("/proc", "/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs"):
        for parent, folders, files in os.walk(root):
            folders[:] = [name for name in folders if not name.isdigit() and name not in ("self", "thread-self")]
            paths += [os.path.join(parent, name) for name in files]
    print(*(path for path in paths if os.access(path, os.W_OK) and not os.path.islink(path)))
    """
    # Devices take what is written to them and keep nothing.
    devices = {f"/dev/{name}" for name in ("full", "null", "ptmx", "pts", "random", "tty", "urandom", "zero")}
    assert set(printed(box, text).split()) <= devices | set(FOLDERS)


@pytest.mark.parametrize("device", ["null", "zero", "full", "random", "urandom", "tty"])
@pytest.mark.parametrize("change", ["os.utime(path)", "os.chmod(path, 0o666)", "os.chown(path, 0, 0)"])
def test_the_machines_own_devices_cannot_be_changed(box, device, change):
    """They are the same files inside and outside: chmod of /dev/null inside would lock it for everybody."""
    assert error(box, f"import os\npath = '/dev/{device}'\n{change}") in ("PermissionError", "OSError")


def test_the_root_holds_only_what_python_needs(box):
    python = {Path(path).parts[1] for path in (sys.prefix, sys.base_prefix, str(ROOT))}
    system = {
        "usr",
        "lib",
        "lib64",
        "lib32",
        "libx32",
        "bin",
        "sbin",
        "etc",
        "proc",
        "dev",
        "tmp",
        Path(lockdown.PRIVATE).name,
        "pictures",
    }
    assert set(printed(box, "import os\nprint(*os.listdir('/'))").split()) <= python | system
    assert printed(box, "import os\nprint(*os.listdir('/etc'))").split() in ([], ["ld.so.cache"])


@pytest.mark.parametrize("path", ["solutions", "exercises", "tests", ".git", "shared", "gradebook.db", "README.md"])
def test_the_course_is_out_of_sight(box, path):
    assert printed(box, f"import os\nprint(os.path.exists({str(ROOT / path)!r}))") == "False\n"


def test_home_the_class_and_the_machines_files_are_out_of_sight(box, tmp_path):
    (tmp_path / "gradebook.db").write_text("grades")
    (tmp_path / "submitted").mkdir()
    there = [
        "/home",
        "/var",
        "/run",
        "/sys",
        "/mnt",
        "/etc/passwd",
        "/etc/hostname",
        str(tmp_path),
        str(Path.home() / ".ssh"),
    ]
    assert printed(box, f"import os\nprint([p for p in {there} if os.path.exists(p)])") == "[]\n"


def test_of_the_home_folder_there_is_only_the_way_to_python(box):
    home = Path.home()
    ways = {
        path.relative_to(home).parts[0] for path in map(Path, (sys.prefix, sys.base_prefix)) if path.is_relative_to(home)
    }
    text = f"import os\nprint(*(os.listdir({str(home)!r}) if os.path.isdir({str(home)!r}) else []))"
    assert set(printed(box, text).split()) <= ways


def test_no_secret_of_the_machine_can_be_read(box):
    assert os.environ["GRADER_TEST_SECRET"] == SECRET
    text = """
    import glob, os
    seen = [repr(dict(os.environ)).encode()]
    for path in ("/proc/1/environ", "/proc/1/cmdline", *glob.glob("/proc/*/environ"), *glob.glob("/proc/*/task/*/environ")):
        try: seen.append(open(path, "rb").read())
        except OSError: pass
    print(b" ".join(seen).decode(errors="replace"))
    """
    seen = printed(box, text)
    assert "HOME" in seen  # it did read something
    assert SECRET not in seen
    assert "GRADER_TEST_SECRET" not in seen


@pytest.mark.parametrize("name", ["mem", "environ", "maps", "root", "cwd", "fd/0", "fd/4", "map_files"])
def test_the_server_cannot_be_looked_into(box, name):
    text = f"""
    import os
    path = f"/proc/{{os.getppid()}}/{name}"
    try:
        os.listdir(path) if os.path.isdir(path) else os.readlink(path) if os.path.islink(path) else open(path, "rb").read(1)
        print("seen")
    except OSError: pass
    """
    assert printed(box, text) == ""


def test_no_process_of_the_outside_is_listed(box):
    """There are the sandbox's own init, the server, and the process itself."""
    assert len(printed(box, "import os\nprint(*[p for p in os.listdir('/proc') if p.isdigit()])").split()) <= 3


# What talks into the grader's channel


@pytest.mark.parametrize(
    "sent",
    [
        "for n in range(256):\n    try: os.write(n, b'\\xff' * 100_000)\n    except OSError: pass",
        "send(struct.pack('!II', 2**32 - 1, 0))",
        "send(struct.pack('!II', 0, 2**32 - 1))",
        "send(b'\\xff' * 8)",
    ],
)
def test_noise_in_the_channel_is_a_flood_and_not_an_answer(box, sent):
    assert cell(box, SEND, sent).kind == "flood"


def test_a_frame_that_is_announced_and_never_comes_is_waited_for_no_longer_than_the_cell(box):
    wait = "send(struct.pack('!II', 1 << 20, 0))\nwhile True: pass"
    assert cell(box, SEND, wait, seconds=0.5).kind == "time"


@pytest.mark.parametrize(
    "forged",
    [
        "b''", "b'null'", "b'{}'", "b'\\xff'", "b'[' * 100_000", "b'{\"error\":' * 5000",
        "b'{\"error\":null,\"printed\":5}'",
        "b'{\"error\":null,\"printed\":\"\"}', b'garbage'",
        "b'{\"error\":null,\"printed\":\"\"}', (10**15).to_bytes(8, 'little') + b'{}'",
    ],
)  # fmt: skip
def test_a_forged_answer_that_is_none_costs_its_cell_and_no_other(box, forged):
    cells = ["def f(): pass", dedent(SEND) + f"\nframe({forged})", "print('the last cell')"]
    done = run(box, of_cells("f", cells), [], ["f"], "seed")
    assert {number: fault.kind for number, fault in done.errors.items()} == {1: "flood"}
    assert (done.names["f"].kind, done.printed) == ("callable", "the last cell\n")


def test_answers_sent_ahead_do_not_make_a_name_of_what_is_none(box):
    """A forged reply shifts the others: then nothing fits any more, and the cell is charged or the names are."""
    cells = [dedent(SEND) + """\nframe(b'{"error":null,"printed":""}')\nframe(b'{"names":{"f":{"kind":"callable"}}}')"""]
    done = run(box, of_cells("f", cells), [], ["f"], "seed")
    assert done.observations == {}


@pytest.mark.parametrize("text", ["print('\\ud800')", "raise ValueError('\\ud800')", "print('\\0\\x1b[31m\\u202e')"])
def test_strange_characters_in_the_output_are_no_fault(box, text):
    """Half a character is a slip, not an attack on the channel: the cell has run, and what it defined counts."""
    done = run(box, of_cells("f", [f"def f(): pass\n{text}"]), [], ["f"], "seed")
    assert not [fault for fault in done.errors.values() if isinstance(fault, Fault)]
    assert done.names["f"].kind == "callable"


# What one job leaves for the next

MARK = 12345
TRACES = {
    "a file": "open(f'{folder}/left', 'w').write('x')",
    "a hidden file": "open(f'{folder}/.left', 'w').write('x')",
    "a folder": "os.makedirs(f'{folder}/a/b/c')",
    "a link": "os.symlink('/usr', f'{folder}/left')",
    "a pipe": "os.mkfifo(f'{folder}/left')",
    "a locked file": "os.close(os.open(f'{folder}/left', os.O_CREAT, 0))",
    "a locked folder": "os.mkdir(f'{folder}/a'); open(f'{folder}/a/left', 'w'); os.chmod(f'{folder}/a', 0)",
    "two locked folders": "os.makedirs(f'{folder}/a/b/c'); os.chmod(f'{folder}/a/b', 0); os.chmod(f'{folder}/a', 0)",
    "an unreadable folder": "os.mkdir(f'{folder}/a'); open(f'{folder}/a/left', 'w'); os.chmod(f'{folder}/a', 0o300)",
    "three thousand nested folders": "os.chdir(folder)\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')",
    "an attribute": "os.setxattr(folder, b'user.left', b'x' * 1000)",
    "a time": f"os.utime(folder, ({MARK}, {MARK}))",
    "a mode": "os.chmod(folder, 0o1701)",
    "no right to look": "os.chmod(folder, 0)",
}


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_a_job_finds_no_trace_of_the_one_before(box, folder, trace):
    look = f"""
    import os
    about = os.stat("{folder}")
    marks = ["old time" for when in (about.st_atime, about.st_mtime) if when == {MARK}]
    print(oct(about.st_mode), os.listdir("{folder}"), os.listxattr("{folder}"), marks)
    """
    cell(box, "pass")
    before = printed(box, look)
    cell(box, f"import os\nfolder = '{folder}'\n{trace}")  # whether it is refused or wiped away is all the same
    assert printed(box, look) == before
    assert "[] [] []" in before


def test_settings_do_not_reach_the_next_job(box):
    change = """
    import builtins, decimal, locale, os, random, sys, threading, warnings
    import numpy, torch
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(2)
    torch.set_grad_enabled(False)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(1); random.seed(1); numpy.random.seed(1)
    torch.relu = torch.Tensor.__add__ = None
    builtins.print_ = print; builtins.len = None
    os.mkdir("elsewhere"); os.chdir("elsewhere"); os.environ["LEFT"] = "1"; os.umask(0)
    sys.path.insert(0, "/elsewhere"); sys.setrecursionlimit(50); sys.modules["math"] = None
    """
    look = """
    import builtins, os, random, sys
    import math, numpy, torch
    print(torch.get_default_dtype(), torch.get_num_threads(), torch.is_grad_enabled(), torch.relu(torch.ones(1)) + 1)
    print(torch.are_deterministic_algorithms_enabled(), torch.rand(1), numpy.random.rand(), len(sys.path), sys.path[0])
    print(os.getcwd(), os.environ.get("LEFT"), oct(os.umask(0)), sys.getrecursionlimit(), hasattr(builtins, "print_"))
    """
    before = printed(box, look)
    assert "[2.]" in before or "tensor([2.])" in before
    cell(box, change)
    assert printed(box, look) == before


DRAW = "import random, numpy, torch\nprint(torch.rand(3), torch.randperm(9), numpy.random.rand(3), random.random())"


def test_a_job_draws_the_same_random_numbers_in_every_sandbox(box):
    """Or a grade would depend on the worker that gave it."""
    with closing(Sandbox()) as another:
        assert printed(another, DRAW) == printed(box, DRAW)
    assert printed(box, DRAW) == printed(box, DRAW)


def test_a_set_has_the_same_order_in_every_sandbox(box):
    """An answer that goes through a set of names must not pass with one worker and fail with another."""
    text = "print(list({'weight', 'bias', 'running_mean', 'running_var', 'momentum', 'eps', 'affine', 'gamma', 'beta'}))"
    with closing(Sandbox()) as another:
        assert printed(another, text) == printed(box, text)


SPY = (
    f"FOLDERS = {FOLDERS}"
    + """
import os, sys


def noted():
    '''What an earlier process of this submission has left, wherever it could.'''
    found = []
    for folder in FOLDERS:
        try:
            found += [os.getxattr(folder, name).decode() for name in os.listxattr(folder)]
        except OSError:
            pass
        for locked in (folder + "/locked", folder):
            try:
                os.chmod(locked, 0o700)
                found += os.listdir(locked)
            except OSError:
                pass
    return " ".join(name for name in found if name.startswith("seen-"))


def note(word):
    for folder in FOLDERS:
        for step in (
            lambda: os.setxattr(folder, b"user.seen", word.encode()),
            lambda: os.mkdir(folder + "/locked"),
            lambda: open(folder + "/locked/" + word, "w").close(),
            lambda: os.chmod(folder + "/locked", 0),
        ):
            try:
                step()
            except OSError:
                pass


def corr2d(X, K):
    hidden = [name for name in dir(sys.modules["checks"]) if name.startswith("takes_")]
    if hidden:
        note("seen-" + hidden[0])
        os._exit(1)


print(noted())
"""
)


def test_what_a_hidden_check_shows_an_answer_does_not_outlive_its_process(box):
    """The answer ends its process in the hidden check; run again without it, its cells may print, raise and name things."""
    files = source.read(ROOT / "solutions" / "convolution")
    told = build_key(files, box, "seed", public_only=False)
    hidden = {check.name for check in told.checks if check.hidden and check.exercise == "corr2d"}
    done = run(
        box, of_cells("convolution", [SPY, "raise ValueError(noted())"]), phases(files, told.checks), ["corr2d"], "seed"
    )
    assert {name for name in hidden if isinstance(done.observations[name], Fault)} == hidden  # it did see them
    assert "seen-" not in done.printed
    assert "seen-" not in str(done.errors)
    assert "seen-" not in str(done.names)


# A server that dies, and time


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def started():
    """A sandbox, and handles on the processes of it: bubblewrap first, then what runs inside."""
    before = children(os.getpid())
    with closing(Sandbox()) as box:
        box.session().close()  # so that all of it is there
        (bubblewrap,) = set(children(os.getpid())) - set(before)
        inside = [pid for child in children(bubblewrap) for pid in (child, *children(child))]
        with ExitStack() as handles:
            yield box, [handles.enter_context(os.fdopen(os.pidfd_open(pid))) for pid in (bubblewrap, *inside)]


def ended(process):
    """Whether a process has ended, or does so in the next minute."""
    return bool(select.select([process], [], [], 60)[0])


def end(processes):
    signal.pidfd_send_signal(processes[0].fileno(), signal.SIGKILL)
    assert all(map(ended, processes))


def test_a_server_that_dies_is_replaced():
    with started() as (box, processes):
        end(processes)
        assert printed(box, "print('on')") == "on\n"


def test_a_server_that_dies_under_a_job_costs_that_job_alone():
    with started() as (box, processes):
        with opened(box) as session:
            session.call({"do": "cell", "index": 0, "source": "x = 1"}, 20.0)
            end(processes)
            with pytest.raises(Fault) as fault:
                session.call({"do": "cell", "index": 1, "source": "x = 2"}, 20.0)
        assert fault.value.kind == "ended"
        assert printed(box, "print('on')") == "on\n"


def test_closing_leaves_no_process_behind():
    with started() as (box, processes):
        assert len(processes) > 1
        with opened(box) as session, pytest.raises(Fault):
            session.call({"do": "cell", "index": 0, "source": "while True: pass"}, 0.2)
        box.close()
        assert all(map(ended, processes))


def test_time_in_line_for_a_processor_is_not_the_answers_time(box):
    """A second of work passes with a limit of a second and a half, though four others want each processor."""
    work = "import time\nwhile time.process_time() < 1: pass\nprint('done')"
    crowd = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4 * (os.cpu_count() or 1))]
    try:
        reply = cell(box, work, seconds=1.5)
        endless = cell(box, "while True: pass", seconds=0.3)
    finally:
        for process in crowd:
            process.kill()
            process.wait()
    assert not isinstance(reply, Fault), reply
    assert reply["printed"] == "done\n"
    assert endless.kind == "time"


def test_jobs_in_any_order_give_the_same_answers(box):
    """Sound and broken ones, shuffled: each sound one says what it says alone."""
    jobs = [
        "import os\nos._exit(1)",
        "1 / 0",
        "import torch\ntorch.set_default_dtype(torch.float64)",
        "while True: pass",
    ] * 3
    alone = printed(box, DRAW)
    random.Random(1).shuffle(jobs)
    for job in jobs:
        cell(box, job, seconds=0.2)
        assert printed(box, DRAW) == alone


# Without walls: a student's own machine


@pytest.fixture
def plain():
    with closing(Plain()) as worker:
        yield worker


COMPILED = """
    import sys, torch
    Y = torch.ones(2, requires_grad=True, device="meta") * 2
    optimizer = torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=1.0)
    optimizer.zero_grad()
    optimizer.step()
    print("torch._dynamo.convert_frame" in sys.modules)
    print(torch.compile(lambda X: X + 1, backend="eager")(torch.ones(2)).tolist())
    import torch._dynamo
    print("torch._dynamo.convert_frame" in sys.modules, torch._dynamo.is_compiling())
"""


def test_the_compiler_is_imported_for_who_compiles_and_for_nobody_else(box, plain):
    for worker in (box, plain):
        assert printed(worker, COMPILED) == "False\n[2.0, 2.0]\nTrue False\n"


def test_a_plain_process_answers_in_the_same_way(plain):
    with opened(plain) as session:
        text, blob = session.call({"do": "cell", "index": 0, "source": "x = 1\nprint(x)"}, 20.0)
        assert (json.loads(text), blob) == ({"error": None, "more": [], "printed": "1\n", "noted": []}, b"")
        text, _ = session.call({"do": "names", "names": ["x", "y"]}, 20.0)
        assert {name: item["kind"] for name, item in json.loads(text)["names"].items()} == {"x": "int", "y": "missing"}


def test_a_plain_process_that_loops_or_ends_is_a_fault_and_the_next_one_works(plain):
    with opened(plain) as session:
        session.call({"do": "cell", "index": 0, "source": "import torch"}, 20.0)
        with pytest.raises(Fault) as fault:
            session.call({"do": "cell", "index": 1, "source": "while True: pass"}, 0.5)
    assert fault.value.kind == "time"
    ended = cell(plain, "import os\nos._exit(3)")
    assert (ended.kind, ended.detail) == ("ended", "it left Python with exit code 3")
    assert printed(plain, "print('on')") == "on\n"


def test_what_a_plain_process_prints_below_python_does_not_reach_the_channel(plain):
    text = """
    import os, subprocess, sys
    sys.__stdout__.write("x" * 100); sys.__stdout__.flush()
    os.write(1, b"x" * 100_000)
    os.write(2, b"x" * 100_000)
    subprocess.run([sys.executable, "-c", "print('x' * 100_000)"])
    print(repr(sys.stdin.read()))
    """
    assert printed(plain, text, "print('on')") == "on\n"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "import os\nfor number in range(3, 20):\n    try: os.write(number, b'\\xff' * 64)\n    except OSError: pass",
            "flood",
        ),
        ("import os, time\nos.closerange(3, 20)\ntime.sleep(10**6)", "ended"),
    ],
)
def test_whatever_a_plain_process_does_to_the_channel_ends_the_job_and_not_the_run(plain, text, kind):
    assert cell(plain, text, seconds=5.0).kind == kind
    assert printed(plain, "print('on')") == "on\n"


BROKEN = "from grader import Lesson\nlesson = Lesson('broken')\nraise RuntimeError('a slip of the author')\n"


def test_what_fails_of_the_graders_own_is_not_called_the_students_doing(box):
    check = Check(name="asks", exercise="f", says="Asks.", points=1, gradients=False)
    done = run(box, of_cells("broken", ["def f(): pass"]), [Phase(BROKEN, [check])], ["f"], "seed")
    fault = done.observations["asks"]
    assert (fault.kind, fault.detail) == ("failed", "RuntimeError: a slip of the author")
    assert "The grader's own code stopped" in fault_sentence(fault, 2.0)


def test_a_result_that_is_too_large_is_said_to_be_that(box, monkeypatch):
    monkeypatch.setattr("grader.sandbox.budget.HELD_AT_MOST", 100_000)
    files = source.read(ROOT / "solutions" / "convolution")
    told = build_key(files, box, "seed", public_only=True)
    done = run(box, of_cells("convolution", files.code_cells), phases(files, told.checks), ["corr2d"], "seed")
    assert {fault.kind for fault in done.observations.values() if isinstance(fault, Fault)} == {"much"}
