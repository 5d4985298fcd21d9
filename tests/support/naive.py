"""A grader without our protections, to show that the attacks are live: an answer, its tests and its score share a process,
as in stock nbgrader.

As a program, `naive.py server SOCKET` starts a grading process for each request, and `naive.py alone` is one.
"""

import atexit
import contextlib
import gc
import json
import os
import select
import signal
import site
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import traceback
from pathlib import Path

HAND_IN = "answer.py"
ROOT = Path(__file__).resolve().parents[2]
POINTS = {"double": 4.0, "total": 2.0}
TESTS = {
    "double": [
        "assert torch.allclose(double(X), twice)",
        "got = double(X); assert torch.equal(got, twice), f'got {got}'",
        "torch.testing.assert_close(double(X), twice)",
        "assert (double(X) == twice).all()",
        "assert not any(abs(a - b) > 1e-6 for a, b in zip(double(X).flatten().tolist(), twice.flatten().tolist()))",
        "kept = pickle.loads(pickle.dumps(double(X))); assert torch.allclose(kept, twice)",
    ],
    "total": [
        "assert torch.allclose(total(X), sums)",
        "assert not any(abs(a - b) > 1e-5 for a, b in zip(total(X).tolist(), sums.tolist()))",
    ],
}
"""What stands in a notebook's test cells, by exercise; each is worth an equal part of its points."""
CHANNELS = "file", "exit status", "stdout", "first frame", "last frame"
"""The ways in which a score may leave the grading process: as `results.json`, as 0 for success, as the last line printed, or
in the first or the last frame sent."""
OTHER_AIMS = "pipeline", "patience", "startup", "tests"
"""What else there is to aim at: our own modules, with reference and judge in the answer's process; whoever waits; a Python
that starts with the hand-in's folder on its path; pytest."""
SECONDS, PATIENCE, OUTPUT_AT_MOST = 60.0, 1.0, 8 << 20
"""How long anything is waited for, how long an attack that means to hang, and how much is read."""


class Naive:
    """The naive grader, seen from outside."""

    def __init__(self, files):
        self.files = files
        self.ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        end = theirs.detach()
        self.server = subprocess.Popen([sys.executable, __file__, "server", str(end)], pass_fds=[end])
        os.close(end)

    def close(self):
        self.ours.close()
        self.server.wait()

    def outcome(self, folder, against):
        """The score that `folder`, which holds a hand-in, gets itself; where there is none, a word that says why."""
        out, frames = os.pipe(), socket.socketpair()
        ends = out[1], frames[1].fileno()
        request = json.dumps({"folder": str(folder), "against": against, "files": self.files})
        socket.send_fds(self.ours, [request.encode()], ends)
        os.close(out[1])
        frames[1].close()
        pid, received = json.loads(self.ours.recv(100))["pid"], {out[0]: b"", frames[0].fileno(): b""}
        missing = _receive(received, self.ours.fileno(), PATIENCE if against == "patience" else SECONDS)
        if missing:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
        status = json.loads(self.ours.recv(100))["status"]
        printed, sent = received.values()
        os.close(out[0])
        frames[0].close()
        return missing or _read(against, folder, status, printed, sent)


def _receive(received, done, seconds):
    """Fill in what comes from each descriptor until its end, and until there is something to read from `done`. The word for
    what went wrong, or none."""
    waiting, started = {*received, done}, time.monotonic()
    while waiting:
        ready = select.select(waiting, [], [], max(0.0, seconds - (time.monotonic() - started)))[0]
        if not ready:
            return "it hangs"
        for number in ready:
            part = os.read(number, 1 << 20) if number in received else b""
            if not part:
                waiting.remove(number)
                continue
            received[number] += part
            if len(received[number]) > OUTPUT_AT_MOST:
                return "it floods"
    return ""


def _read(against, folder, status, printed, frames):
    """The score in what came out, as somebody reads it who trusts it."""
    if against == "exit status":
        return 0.0 if status > 0 else sum(POINTS.values()) if status == 0 else f"it dies of signal {-status}"
    if against == "tests":
        return sum(POINTS.values()) if b"passed" in printed and b"failed" not in printed else 0.0
    try:
        if against == "stdout":
            return json.loads(printed.strip().split(b"\n")[-1])["score"]
        if against in ("first frame", "last frame"):
            return _scores(frames)[-1 if against == "last frame" else 0]
        return json.loads((Path(folder) / "results.json").read_bytes())["score"]
    except Exception as error:
        return f"no score can be read: {error!r:.200}"


def _scores(data):
    """The scores of frames as `grader.wire` writes them, the tensors being a detail of them."""
    import safetensors.numpy

    found = []
    while data:
        text, blob = (int.from_bytes(data[at : at + 4], "big") for at in (0, 4))
        if len(data) < 8 + text + blob:
            raise EOFError("half a frame")
        if blob:
            safetensors.numpy.load(data[8 + text : 8 + text + blob])
        found.append(json.loads(data[8 : 8 + text])["score"])
        data = data[8 + text + blob :]
    return found


# The grading process


def serve(control):
    """Start a grading process for each request. What takes long is done once, before."""
    sys.path.insert(0, str(ROOT / "tests"))
    import jupytext  # noqa: F401
    import support.classroom  # noqa: F401
    import torch

    from grader.worker import child

    child.warm_up()
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        _run_tests({"double": torch.clone, "total": torch.clone}, _given())
    gc.freeze()
    while True:
        request, ends, _, _ = socket.recv_fds(control, 1 << 20, 2)
        if not request:
            return
        request = json.loads(request)
        pid = os.fork()
        if pid == 0:
            control.close()
            os.setsid()
            for number in (1, 2):
                os.dup2(ends[0], number)
            os.close(ends[0])
            if request["against"] == "startup":
                _start_alone(request["folder"])
            _end(lambda: grade(**request, frames=ends[1]))  # noqa: B023
        for end in ends:
            os.close(end)
        control.send(json.dumps({"pid": pid}).encode())
        control.send(json.dumps({"status": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}).encode())


def _start_alone(folder):
    """Become a fresh Python with the hand-in on its path; not that of a virtual environment, which skips `usercustomize`."""
    path = os.pathsep.join([folder, sysconfig.get_path("purelib"), str(ROOT)])
    os.chdir(folder)
    os.execve(sys._base_executable, [sys._base_executable, __file__, "alone"], {"PYTHONPATH": path})  # type: ignore[attr-defined]


def _end(run):
    """Run something and end as Python does, but for the taking down of PyTorch, which takes longer than all of the rest."""
    status = 0
    try:
        run()
    except SystemExit as asked:
        status = int(asked.code or 0)
    except BaseException:
        status = 1
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    gc.collect()
    sys.stdout.flush()
    os._exit(status)


def grade(folder, against, files=None, frames=None):
    """Run a hand-in and its tests, and say what it earns."""
    os.chdir(folder)
    os.environ["HOME"] = tempfile.tempdir = folder  # nothing is kept from it but the rest of this machine's files
    sys.path.insert(0, folder)
    site.addsitedir(folder)
    given = _given()
    if against == "tests":
        return _run_pytest(given)
    score = _run_pipeline(files) if against == "pipeline" else _run_tests(_run_cells(), given)
    report = {"score": score}
    if against == "exit status":
        sys.exit(score < sum(POINTS.values()))
    elif against in ("first frame", "last frame"):
        from grader import wire

        with os.fdopen(frames, "wb") as stream:
            wire.write_frame(stream, report)
    elif against == "stdout":
        print(json.dumps(report))
    else:
        Path("results.json").write_text(json.dumps(report))


def _given():
    import torch

    X = torch.randn(3, 4, generator=torch.Generator().manual_seed(1))
    return {"X": X, "twice": X * 2, "sums": (X * 2).sum(1), "torch": torch}


def _run_cells():
    """The hand-in's names. A cell that raises does not stop the next, as in nbgrader."""
    from grader.files import percent

    names = {"__name__": "__main__"}
    for cell in percent.split(Path(HAND_IN).read_text()):
        try:
            exec(cell.source, names)
        except Exception as error:
            print("A cell stopped:", type(error).__name__)
    return names


def _unchanged(test):
    """The test, and that the answer has left its input alone."""
    return f"before = X.clone(); {test}; assert torch.equal(X, before)"


def _run_tests(names, given):
    import pickle

    score = 0.0
    for exercise, tests in TESTS.items():
        for test in tests:
            try:
                exec(_unchanged(test), names | given | {"pickle": pickle, "X": given["X"].clone()})
                score += POINTS[exercise] / len(tests)
            except Exception as error:
                print(test, type(error).__name__, error)
    return round(score, 6)


def _run_pytest(given):
    import pytest

    for exercise, tests in TESTS.items():
        lines = [f"def test_{exercise}_{number}():\n    {_unchanged(test)}\n" for number, test in enumerate(tests)]
        Path(f"test_{exercise}.py").write_text("import pickle\nfrom numbers_given import *\n" + "\n".join(lines))
    Path("numbers_given.py").write_text(
        f"import runpy\nglobals().update(runpy.run_path('{HAND_IN}'))\nimport torch\n"
        + "".join(f"{name} = torch.tensor({given[name].tolist()})\n" for name in ("X", "twice", "sums"))
    )
    sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir=.", "."]))


def _run_pipeline(files):
    """Our own modules, with the reference and the judge in the answer's process."""
    from support.classroom import Here

    from grader.author.expectations import build_key
    from grader.files import answer_file, source, submission
    from grader.judge import assess
    from grader.sandbox import run

    lesson = source.LessonFiles("numbers", *files)
    code = answer_file.parse(HAND_IN, Path(HAND_IN).read_bytes(), [])
    handed_in = submission.Submission("ada", "numbers", code, HAND_IN)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        run.run(Here(), handed_in, [], [], "seed")
        told = build_key(lesson, Here(), "seed", public_only=False)
        ran = run.run(Here(), handed_in, run.phases(lesson, told.checks), list(POINTS), "seed")
    return assess.assess(told, handed_in, ran, "process").earned


if __name__ == "__main__":
    if sys.argv[1] == "server":
        serve(socket.socket(fileno=int(sys.argv[2])))
    else:
        grade(os.getcwd(), "startup")
