"""Proves that whatever fails while a class is graded, nothing is lost or counted twice, and the next run completes it."""

import os
import random
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec
import pytest
from support.classroom import course_on_disk
from support.command import GRADER
from support.lessons import tiny

from grader.author.expectations import build_key
from grader.classroom import grade, gradebook
from grader.classroom.hand_ins import hand_ins
from grader.errors import CourseError, Killed
from grader.files.course import Course
from grader.files.submission import of_cells
from grader.judge import assess, result
from grader.sandbox import doctor
from grader.sandbox.bubblewrap import Sandbox
from grader.sandbox.run import phases, run

pytestmark = pytest.mark.slow

api = pytest.importorskip("nbgrader.api", reason="nbgrader, which instructors install, is not here")
if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)

LESSON = "numbers"
DOUBLE = "def double(X):\n    if isinstance(X, str):\n        raise TypeError('no text')\n    return X * 2\n"
TOTAL = "def total(X):\n    return double(X).sum(1)\n"
RIGHT = f"# %%\nimport torch\n\n# %%\n{DOUBLE}\n# %%\n{TOTAL}"
HAND_INS = {
    "ada": RIGHT,
    "ben": RIGHT.replace("X * 2", "X * X"),
    "cem": RIGHT.replace("sum(1)", "sum(0)"),
    "dan": f"{RIGHT}\n# %%\n1 / 0\n",
    "eva": f"# %%\nimport os\nos._exit(3)\n\n{RIGHT}",
    "fay": RIGHT.replace("return X * 2", "if X.dim() == 3:\n        import os\n        os._exit(1)\n    return X * 2"),
    "gil": f"# %%\n{DOUBLE}",
    "hal": None,
    "ida": "# %%\ndef double(X:\n",
    "jan": RIGHT.replace("X * 2", "X + X"),
    "kim": f"# %%\nimport torch\nprint(torch.rand(3), list({{'a', 'b', 'c'}}))\n\n{RIGHT}",
    "leo": RIGHT.replace("return X * 2", "return (X * 2).detach()"),
}
"""A class with answers of every kind; `hal` hands in an empty folder."""


def make_class(root):
    """The small lesson, its release and the class, on disk."""
    course_on_disk(root)
    for student, text in HAND_INS.items():
        folder = root / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        if text is not None:
            (folder / f"{LESSON}.py").write_text(text)


def autograde(root, *options, before=()):
    """`grader autograde`, as an instructor calls it in the course's folder, with a program that starts it or without."""
    command = [*before, GRADER, "autograde", "submitted", *options]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"})
    assert "Traceback" not in done.stderr
    return done


def written(root):
    """All that grading has written, but for ids, times and what was graded before: every result, page and row."""
    files = {}
    for path in root.glob(".grader/results/*/*.json"):
        graded = msgspec.structs.replace(result.load(path), graded="", history=[])
        files[str(path.relative_to(root))] = msgspec.json.encode(graded)
    for path in root.glob("feedback/*/*"):
        files[str(path.relative_to(root))] = re.sub(rb"<p>Graded again on .*</p>\n", b"", path.read_bytes())
    queries = (
        "SELECT id FROM student",
        "SELECT a.name, n.name, c.name, c.type, g.max_score FROM base_cell c LEFT JOIN grade_cells g USING (id)"
        " JOIN notebook n ON n.id = c.notebook_id JOIN assignment a ON a.id = n.assignment_id",
        "SELECT student_id, timestamp FROM submitted_assignment",
        "SELECT s.student_id, c.name, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade g"
        " JOIN base_cell c ON c.id = cell_id JOIN submitted_notebook n ON n.id = g.notebook_id"
        " JOIN submitted_assignment s ON s.id = n.assignment_id",
        "SELECT s.student_id, c.name, auto_comment, manual_comment FROM comment m"
        " JOIN base_cell c ON c.id = cell_id JOIN submitted_notebook n ON n.id = m.notebook_id"
        " JOIN submitted_assignment s ON s.id = n.assignment_id",
    )
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize((root / "gradebook.db").read_bytes())
        return files, [sorted(database.execute(query).fetchall(), key=repr) for query in queries]


@dataclass
class Undisturbed:
    """A course whose class is graded, all that was written, and an empty gradebook: making one takes two seconds."""

    root: Path
    written: tuple
    empty: Path

    def copy(self, root, *, graded=False, book=True):
        """The course and its class once more, with the same inputs, graded or not, with an empty gradebook or without."""
        left_out = () if graded else ("results", "feedback", "gradebook.db")
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns(*left_out))
        if book and not graded:
            shutil.copy(self.empty, root)
        return root


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    root, empty = tmp_path_factory.mktemp("undisturbed") / "course", tmp_path_factory.mktemp("empty") / "gradebook.db"
    make_class(root)
    gradebook.write(empty, {}, [])
    done = autograde(root, "--workers", "2")
    assert done.returncode == 0, done.stderr
    return Undisturbed(root, written(root), empty)


def test_the_class_holds_answers_of_every_kind(undisturbed):
    scores = dict.fromkeys(HAND_INS, 0.0)
    for (student, _, _), score in gradebook.scores(undisturbed.root / "gradebook.db").items():
        scores[student] += score
    nothing, some = {"hal": 0, "ida": 0}, {"ben": 1, "leo": 1, "cem": 4, "gil": 4, "fay": 5}
    assert scores == dict.fromkeys(HAND_INS, 6) | nothing | some


# Killed: the worker, the server in it, or the fork of it that runs an answer


def children(pid):
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def kill(sandbox, what):
    """Kill bubblewrap, the server two generations below it or, where there is one at this moment, the server's fork; and see
    it and all below it end. A process that holds PyTorch takes a while to die: the fork of a killed server may still answer,
    and a server that is killed after one session may take the second or third after it along.
    """
    family = [sandbox._process.pid]
    while below := children(family[-1]):
        family.append(below[0])
    doomed = family[{"worker": 0, "server": 2, "fork": 3}[what] :]
    with ExitStack() as stack, suppress(ProcessLookupError):
        handles = []
        for pid in doomed:
            handles.append(os.pidfd_open(pid))
            stack.callback(os.close, handles[-1])
        if handles:
            signal.pidfd_send_signal(handles[0], signal.SIGKILL)
            for handle in handles:
                select.select([handle], [], [])
            return True
    return False


class Unlucky:
    """A sandbox in which something is killed in every second session, at a moment that is drawn."""

    isolation = "sandbox"

    def __init__(self, seed):
        self.chance, self.sandbox = random.Random(seed), Sandbox()
        self.sessions, self.kills, self.doomed = 0, [], None

    def session(self):
        """The next session, once the last kill is over: a hand-in that is hit twice is taken to have done it itself."""
        if self.doomed:
            self.doomed.end.join()
        self.doomed = None
        session = self.sandbox.session()
        self.sessions += 1
        if self.sessions % 2 == 0:
            session = self.doomed = Doomed(self, session)
        return session

    def close(self):
        """It is wanted for the next class."""


class Doomed:
    """A session within which, or soon after which, something is killed."""

    def __init__(self, worker, session):
        self.session, self.steps = session, worker.chance.randrange(12)
        self.worker, self.victim = worker, worker.chance.choice(("worker", "server", "fork"))
        self.end = threading.Timer(worker.chance.uniform(0, 0.02), self.strike)

    def strike(self):
        if kill(self.worker.sandbox, self.victim):
            self.worker.kills.append(self.victim)

    def call(self, message, seconds, patience=0.0):
        if self.steps == 0:
            self.end.start()
        self.steps -= 1
        return self.session.call(message, seconds)

    def close(self):
        self.session.close()
        if self.steps >= 0:
            self.end.start()


def test_a_worker_a_server_or_a_fork_killed_at_any_moment_costs_nobody_a_point(undisturbed, tmp_path):
    workers, kills = [Unlucky(1), Unlucky(2)], []
    while len(kills) < 44:
        root = undisturbed.copy(tmp_path / f"after {len(kills)} kills")
        room, course = grade.Classroom(root / "submitted"), Course(root / "exercises", root / "solutions")
        with closing(grade.Grader(room, course, iter(workers).__next__, "sandbox")) as grader:
            grader.record([item for item, _ in grader.grade(hand_ins(room, course, None, None), 2, force=False)])
        assert written(root) == undisturbed.written
        kills = [victim for worker in workers for victim in worker.kills]
    for worker in workers:
        worker.sandbox.close()
    assert {"worker", "server", "fork"} == set(kills)


def test_a_fork_that_is_killed_on_a_machine_too_busy_to_tell_is_not_taken_to_have_ended_itself():
    with closing(Sandbox()) as sandbox, closing(sandbox.session()) as session:
        session.call({"do": "cell", "index": 0, "source": "pass"}, 20.0)
        (server,) = children(*children(sandbox._process.pid))
        os.kill(server, signal.SIGSTOP)
        assert kill(sandbox, "fork")
        threading.Timer(1.0, os.kill, (server, signal.SIGCONT)).start()
        with pytest.raises(Killed):
            session.call({"do": "cell", "index": 1, "source": "pass"}, 20.0)


class HeldUp:
    """A sandbox that something stops in each step that is chosen, for longer than the step may take: a stall."""

    def __init__(self, sandbox, seconds, chosen):
        self.sandbox, self.seconds, self.chosen, self.stalls = sandbox, seconds, chosen, 0

    def session(self):
        self.inner = self.sandbox.session()
        return self

    def call(self, message, seconds, patience=0.0):
        if self.chosen(message, self.stalls):
            self.stalls += 1
            fork = self.fork()
            os.kill(fork, signal.SIGSTOP)
            threading.Timer(self.seconds, self.go_on, [fork]).start()
        return self.inner.call(message, seconds, patience)

    def fork(self):
        family = [self.sandbox._process.pid]
        while len(family) < 4:
            family += children(family[-1])[:1]
        return family[3]

    def go_on(self, fork):
        with suppress(ProcessLookupError):
            os.kill(fork, signal.SIGCONT)

    def close(self):
        self.inner.close()


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("step", ["cell", "check"])
def test_a_step_that_the_machine_holds_up_costs_nobody_a_point(undisturbed, step, times):
    """2.6 seconds stopped, of 2 that a check may take, is no time that the answer took: it is tried again, with more
    patience."""
    course = Course(undisturbed.root / "exercises", undisturbed.root / "solutions")
    with closing(Sandbox()) as sandbox:
        known = build_key(course.files(LESSON), sandbox, "seed", public_only=False)
        seconds = {"cell": 5.6, "check": 2.6}[step]
        held_up = HeldUp(sandbox, seconds, lambda message, stalls: message["do"] == step and stalls < times)
        handed_in = of_cells(LESSON, ["import torch", DOUBLE, TOTAL])
        done = run(held_up, handed_in, phases(course.files(LESSON), known.checks), ["double", "total"], "seed")
        result = assess.assess(known, handed_in, done, "sandbox")
    assert held_up.stalls == times
    assert (result.earned, result.notes) == (result.points, [])


ENDLESS = "while True: pass"


class Deadly:
    """A sandbox whose server is killed before each step that is chosen by its session's number and its message."""

    def __init__(self, sandbox, chosen):
        self.sandbox, self.chosen, self.sessions = sandbox, chosen, 0

    def session(self):
        self.inner = self.sandbox.session()
        self.sessions += 1
        return self

    def call(self, message, seconds, patience=0.0):
        if self.chosen(self.sessions, message):
            kill(self.sandbox, "server")
        return self.inner.call(message, seconds)

    def times(self):
        return self.inner.times()

    def close(self):
        self.inner.close()


def test_what_its_server_dies_of_twice_is_charged_with_it():
    """No answer is known that can do it. One that could must not hold up the class for ever."""
    with closing(Sandbox()) as sandbox:
        deadly = Deadly(sandbox, lambda session, message: message.get("source") == ENDLESS)
        done = run(deadly, of_cells("f", ["def f(): pass", ENDLESS, "print('on')"]), [], ["f"], "seed")
    assert {cell: fault.detail for cell, fault in done.errors.items()} == {1: "it took the whole sandbox with it"}
    assert (done.names["f"].kind, done.printed) == ("callable", "on\n")


@pytest.mark.parametrize("times", [1, 9])
def test_whether_code_is_equal_is_told_all_the_same_where_the_server_dies_once_and_else_costs_nothing(times):
    handed_in = replace(of_cells("f", ["def f(): pass", "print('on')"]), student="ada")
    with closing(Sandbox()) as sandbox:
        whole = run(sandbox, handed_in, [], ["f"], "seed")
        deadly = Deadly(sandbox, lambda session, message: session <= times and message["do"] == "normal")
        done = run(deadly, handed_in, [], ["f"], "seed")
    assert whole.code and done.code == (whole.code if times == 1 else "")
    assert (done.names, done.printed, done.errors) == (whole.names, "on\n", {})


def test_a_reference_that_is_killed_twice_is_run_once_more_and_then_told():
    with closing(Sandbox()) as sandbox:
        deadly = Deadly(sandbox, lambda session, message: session <= 2 and message["do"] == "load")
        assert build_key(tiny(), deadly, "seed", public_only=False).checks
        assert deadly.sessions == 3
        said = "^solutions/tiny: the lesson's own code did not come to an end: it took the whole sandbox with it.$"
        with pytest.raises(CourseError, match=said):
            build_key(tiny(), Deadly(sandbox, lambda session, message: True), "seed", public_only=False)


# Killed: the grader itself


def results_of(root):
    return {path: path.stat().st_ino for path in root.glob(".grader/results/*/*.json")}


MOMENTS = {
    "it starts": lambda root, new: (root / ".grader" / "lock").exists(),
    "a page has no result yet": lambda root, new: len([*root.glob("feedback/*/*.html")]) > len(results_of(root)) or new >= 2,
    "one more is graded": lambda root, new: new >= 1,
    "two more are graded": lambda root, new: new >= 2,
    "the gradebook is being made": lambda root, new: any(root.glob(".gradebook.*")),
    "the gradebook is there": lambda root, new: (root / "gradebook.db").exists(),
    "the gradebook is being written to": lambda root, new: (root / "gradebook.db-journal").exists(),
}  # fmt: skip
"""When the grader is killed: what can be seen in its class by then, `new` being how many results this run has made."""


def killed_when(root, moment):
    """Whether the grader was killed at this moment. It was not where it ended before."""
    before = results_of(root)
    command = [GRADER, "autograde", root / "submitted"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while True:
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.002)
                return False
            if MOMENTS[moment](root, len(results_of(root).keys() - before.keys())):
                running.kill()
                return True


def test_a_grader_killed_at_any_moment_loses_nothing_and_grades_nothing_twice(undisturbed, tmp_path):
    chance, kills = random.Random(5), []
    while len(kills) < 6:
        root = undisturbed.copy(tmp_path / f"after {len(kills)} kills", book=False)
        drawn = chance.sample(list(MOMENTS), 6)
        made = {}
        for moment in sorted(drawn, key=list(MOMENTS).index):
            if killed_when(root, moment):
                kills.append(moment)
            made |= results_of(root)
        completes(root, undisturbed)
        assert made.items() <= results_of(root).items(), "something was graded a second time"
    assert len(set(kills)) > 4


def test_a_grader_that_is_interrupted_records_what_it_has_and_says_how_to_go_on(undisturbed, tmp_path):
    root = undisturbed.copy(tmp_path / "course")
    command = [GRADER, "autograde", root / "submitted"]
    by_a_terminal = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a suite in the background may ignore it
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=by_a_terminal
    ) as running:
        while len(results_of(root)) < 3:
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        said = running.communicate()[1]
    assert "The same command goes on with the others." in said and "Traceback" not in said
    recorded = {student for student, _, _ in gradebook.scores(root / "gradebook.db")}
    assert 3 <= len(recorded) < len(HAND_INS)
    completes(root, undisturbed)


# What can't be written


def completes(root, undisturbed, before=()):
    """The next run comes to what an undisturbed one does."""
    done = autograde(root, before=before)
    assert done.returncode == 0, done.stderr
    assert written(root) == undisturbed.written
    assert not list(root.rglob("*.partial"))


def apart(*steps):
    """A program that takes some steps in namespaces of its own, such as mounting, and then runs another there."""
    return ["unshare", "-Urm", "sh", "-ec", "\n".join([*steps, 'exec "$@"']), "sh"]


class Disk:
    """A disk with a course on it, mounted where only this test sees it."""

    def __init__(self, folder, undisturbed):
        folder.mkdir()
        mount = [*apart(f"mount -t tmpfs disk {folder}", "echo mounted"), "cat"]
        self.holder = subprocess.Popen(mount, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == b"mounted\n"
        self.folder = folder
        self.root = undisturbed.copy(Path(f"/proc/{self.holder.pid}/root{folder}/course"), book=False)
        self.enter = [
            "nsenter",
            f"-t{self.holder.pid}",
            "-U",
            "-m",
            "--preserve-credentials",
            f"--wdns={folder}/course",
        ]

    def leave(self, kilobytes):
        """Make the disk as large as what is on it, and a little more."""
        now = os.statvfs(self.root)
        size = (now.f_blocks - now.f_bfree) * now.f_frsize + (kilobytes << 10)
        subprocess.run([*self.enter, "mount", "-o", f"remount,size={size}", self.folder], check=True)

    def close(self):
        self.holder.communicate()


@pytest.mark.parametrize(
    ("room_for", "kilobytes", "code"), [("no result", 0, 2), ("some results", 60, 1), ("half a gradebook", 300, 1)]
)
def test_a_full_disk_is_told_and_once_there_is_room_the_class_is_completed(undisturbed, tmp_path, room_for, kilobytes, code):
    with closing(Disk(tmp_path / "disk", undisturbed)) as disk:
        disk.leave(kilobytes)
        done = autograde(disk.root, before=disk.enter)
        assert done.returncode == code
        assert re.search(r"(?m)^The disk .*is full. Make room, then run this again", done.stderr)
        kept = results_of(disk.root)
        disk.leave(10_000)
        completes(disk.root, undisturbed, disk.enter)
        assert kept.items() <= results_of(disk.root).items()


def read_only(path):
    return apart(f"mount --bind {path} {path}", f"mount -o remount,bind,ro {path}", 'cd "$PWD"')


def test_a_read_only_gradebook_is_told_and_the_results_are_kept(undisturbed, tmp_path):
    root = undisturbed.copy(tmp_path / "course")
    done = autograde(root, before=read_only(root / "gradebook.db"))
    assert done.returncode == 1
    assert "gradebook.db is read-only, or its folder is. Make both writable" in done.stderr
    assert len(results_of(root)) == len(HAND_INS)
    completes(root, undisturbed)


def test_a_class_in_a_read_only_folder_is_told(undisturbed, tmp_path):
    root = undisturbed.copy(tmp_path / "course")
    done = autograde(root, before=read_only(root))
    assert done.returncode == 2
    assert re.fullmatch(r".*/lock can't be read or written: Read-only file system\.\n", done.stderr)
    completes(root, undisturbed)


def test_a_locked_gradebook_is_told_and_the_results_are_kept(undisturbed, tmp_path):
    root = undisturbed.copy(tmp_path / "course")
    with closing(sqlite3.connect(root / "gradebook.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        done = autograde(root)
    assert done.returncode == 1
    assert "gradebook.db is locked: another program is using it." in done.stderr
    assert len(results_of(root)) == len(HAND_INS)
    completes(root, undisturbed)


@pytest.mark.filterwarnings("ignore:Object of type")  # nbgrader's own way of adding a submission
def test_a_gradebook_of_another_course_keeps_all_that_is_in_it(undisturbed, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader runs alembic by its name
    root = undisturbed.copy(tmp_path / "course", book=False)
    with api.Gradebook(f"sqlite:///{root}/gradebook.db", course_id="poetry") as book:
        book.add_assignment("sonnets")
        book.add_notebook("meter", "sonnets")
        book.add_grade_cell("iambs", "meter", "sonnets", max_score=7, cell_type="code")
        book.add_student("zoe", last_name="Z")
        book.add_submission("sonnets", "zoe")
        book.find_grade("iambs", "meter", "sonnets", "zoe").manual_score = 3.5
        book.db.commit()
    done = autograde(root)
    assert done.returncode == 0, done.stderr
    _, rows = written(root)
    mine = [[row for row in table if "zoe" not in row and "sonnets" not in row] for table in rows]
    assert mine == undisturbed.written[1]
    assert gradebook.scores(root / "gradebook.db").keys() == gradebook.scores(undisturbed.root / "gradebook.db").keys()
    with api.Gradebook(f"sqlite:///{root}/gradebook.db", course_id="poetry") as book:
        assert book.find_grade("iambs", "meter", "sonnets", "zoe").score == 3.5
        assert book.find_student("zoe").last_name == "Z"


def test_what_is_no_gradebook_at_all_is_told_and_left_as_it_is(undisturbed, tmp_path):
    root = undisturbed.copy(tmp_path / "course")
    (root / "gradebook.db").write_text("my marks: Ada 1, Ben 2")
    done = autograde(root)
    assert done.returncode == 1
    assert "gradebook.db is not a SQLite database, so it is not a gradebook." in done.stderr
    assert (root / "gradebook.db").read_text() == "my marks: Ada 1, Ben 2"
    (root / "gradebook.db").unlink()
    completes(root, undisturbed)


# Another grader, another lesson


def test_of_two_graders_on_one_class_the_second_is_turned_away(undisturbed, tmp_path):
    root = undisturbed.copy(tmp_path / "course")
    command = [GRADER, "autograde", root / "submitted"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        while not results_of(root):
            assert first.poll() is None
        first.send_signal(signal.SIGSTOP)  # it is to be there still when the second one comes
        second = autograde(root)
        first.send_signal(signal.SIGCONT)
    assert (first.returncode, second.returncode) == (0, 2)
    assert second.stderr == "Another grader works on submitted. Wait until it is done, then run this again.\n"
    completes(root, undisturbed)


def test_what_was_graded_under_another_version_of_its_lesson_is_graded_again_and_that_is_said(undisturbed, tmp_path):
    graded, fresh = undisturbed.copy(tmp_path / "graded", graded=True), undisturbed.copy(tmp_path / "fresh")
    for root in (graded, fresh):
        checks = root / "solutions" / LESSON / "checks.py"
        checks.write_text(checks.read_text().replace("total.check(points=2)", "total.check(points=3)"))
    said = "12 of 12 hand-ins were graded again: their lesson or the grader has changed."
    again, new = autograde(graded), autograde(fresh)
    assert said in again.stdout and "graded again" not in new.stdout
    assert written(graded) == written(fresh) != undisturbed.written
    assert "graded again" not in autograde(graded).stdout
    undone = undisturbed.copy(tmp_path / "in JSON", graded=True)
    shutil.copy(graded / "solutions" / LESSON / "checks.py", undone / "solutions" / LESSON)
    assert said in autograde(undone, "--json").stderr
