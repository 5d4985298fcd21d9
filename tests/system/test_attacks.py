"""Hand-ins that attack, from `tests/attacks/`: none gets a point that it has not earned, reaches an answer, or harms others.

Each is graded in the sandbox, and after it, by the same worker, an honest student and one who looks around for traces.
"""

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import msgspec
import psutil
import pytest
from support import classroom

from grader.author import release
from grader.classroom import grade
from grader.files.course import Course
from grader.sandbox import doctor
from grader.sandbox.bubblewrap import Sandbox

if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)

pytestmark = pytest.mark.slow
ATTACKS = Path(__file__).parents[1] / "attacks"
LESSON = "numbers"
POINTS = {"double": 4.0, "total": 2.0}

# The canaries: a text for each thing that nobody may see. None of them may turn up in anything that an attack brings out.
CANARIES = {
    name: f"canary-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    for name in ("reference", "hidden check", "misconception", "environment", "home", "classmate", "gradebook")
}
# The lesson is the small one of the other tests, with a canary in the reference and in the hidden check.
HANDOUT = classroom.HANDOUT.replace("SOLUTION\n", f'SOLUTION\n    secret = "{CANARIES["reference"]}"\n', 1)
CHECKS = (
    classroom.CHECKS.replace("double.check(points=2)", 'double.check(points=2, forbids=["add"])')
    .replace(', mentions=["text"]', "")
    .replace('"""Images are doubled too."""', f'"""Images are doubled too."""\n    secret = "{CANARIES["hidden check"]}"')
)
MISCONCEPTIONS = f'''
from checks import double
import lesson as reference


@double.misconception
def squared(X):
    "You squared."
    secret = "{CANARIES["misconception"]}"
    return reference.double(X) * X / 2
'''
HONEST = f"""# %%
import torch

# {CANARIES["classmate"]}
# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("not text")
    return X * 2


# %%
def total(X):
    return double(X).sum(1)
"""
INSPECTOR = """# %%
import builtins, gc, hashlib, json, locale, os, random, resource, signal, sys, threading, time, warnings
import numpy, torch

def double(X):
    return X * 2

def state():
    found = {}
    for folder in ("/scratch", "/tmp/", "/dev/shm", "/proc"):
        found[folder] = sorted(os.listdir(folder))
    found["cwd"], found["umask"] = os.getcwd(), os.umask(0o22)
    found["environment"] = sorted(os.environ.items())
    found["limits"] = [resource.getrlimit(n) for n in range(16) if n not in (resource.RLIMIT_AS,)]
    found["processors"] = sorted(os.sched_getaffinity(0))
    found["nice"] = os.getpriority(os.PRIO_PROCESS, 0)
    found["locale"] = locale.setlocale(locale.LC_ALL)
    found["path"], found["recursion"] = sys.path, sys.getrecursionlimit()
    found["dtype"], found["device"] = str(torch.get_default_dtype()), str(torch.get_default_device())
    found["threads"] = torch.get_num_threads(), torch.get_num_interop_threads()
    found["deterministic"] = torch.are_deterministic_algorithms_enabled()
    found["gradients"] = torch.is_grad_enabled()
    found["draws"] = torch.rand(2).tolist(), numpy.random.rand(2).tolist(), random.random()
    found["modules"] = len(sys.modules), hashlib.sha256(" ".join(sorted(sys.modules)).encode()).hexdigest()
    found["print options"] = torch.tensor([1 / 3]).__repr__()
    found["precision"] = torch.get_float32_matmul_precision(), (torch.tensor([1e-310], dtype=torch.float64) * 1).item()
    found["anomalies"], found["backends"] = torch.is_anomaly_enabled(), torch.backends.mkldnn.enabled
    found["built in"], found["of a tensor"] = len(dir(builtins)), len(dir(torch.Tensor))
    found["hooks"] = [getattr(sys, name).__module__ for name in ("excepthook", "unraisablehook", "displayhook")]
    found["imports"] = len(sys.meta_path), len(sys.path_hooks), len(warnings.filters)
    found["interpreter"] = sys.getswitchinterval(), gc.isenabled()
    found["running"] = threading.active_count(), threading.stack_size(), os.getpgrp(), os.getsid(0), time.tzname
    found["signals"] = [str(signal.getsignal(n)) for n in range(1, 65) if n not in (32, 33)]
    found["folders"] = [(oct(os.stat(f).st_mode), os.listxattr(f)) for f in ("/scratch", "/dev/shm", "/pictures")]
    found["descriptors"] = [n for n in range(3, 256) if _is_open(n)]
    return found

def _is_open(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False

print(json.dumps(state(), sort_keys=True))
"""


def attacks():
    """Every attack, by name: its group and its own."""
    found = sorted(item for group in ATTACKS.iterdir() if group.is_dir() for item in group.iterdir())
    return {f"{item.parent.name}/{item.stem}": item for item in found if not item.name.startswith("__")}


def text_of(attack):
    """The text that begins with the two lines; where the file of a folder is none that can hold them, that of `ABOUT`. A
    cell below `# %% × 300` stands there 300 times."""
    mains = [attack / name for name in ("ABOUT", f"{LESSON}.py")] if attack.is_dir() else [attack]
    text = next(main for main in mains if main.is_file()).read_text(encoding="utf-8")
    return re.sub(r"(?m)^# %% × (\d+)\n((?:(?!# %%).*\n)+)", lambda cell: f"# %%\n{cell[2]}" * int(cell[1]), text)


def honest_part(attack):
    """What an attack's second line says that its honest part earns."""
    found = re.fullmatch(r"# Earns:(.*)", text_of(attack).split("\n")[1])
    assert found, f"{attack}: the second line says what its honest part earns"
    said = dict(part.split() for part in found[1].split(",") if part.strip() != "nothing")
    return dict.fromkeys(POINTS, 0.0) | {exercise: float(points) for exercise, points in said.items()}


class Class:
    """A class of attackers with a victim and an inspector among them, all graded by one worker."""

    def __init__(self, root: Path):
        self.root = root
        self.course = Course(root / "exercises", root / "solutions")
        solutions = root / "solutions" / LESSON
        solutions.mkdir(parents=True)
        for name, content in (("lesson", HANDOUT), ("checks", CHECKS), ("misconceptions", MISCONCEPTIONS)):
            (solutions / f"{name}.py").write_text(content)
        self.submitted = root / "submitted"
        self.submitted.mkdir()
        (root / "gradebook.db").write_text(CANARIES["gradebook"])
        self.room = grade.Classroom(self.submitted)
        self.grader = grade.Grader(self.room, self.course, Sandbox, "sandbox")
        release.write(root / "exercises" / LESSON, release.build(self.course.files(LESSON), self.grader.pool.worker()))
        self.hand_in("victim", HONEST)
        self.hand_in("inspector", INSPECTOR)
        self.victims = self.pages("victim", self.graded("victim"))
        self.hand_in("attacker-without-a-plan", "# %%\ndef double(X):\n    return X\n\n\ndef total(X):\n    return X\n")
        self.graded("attacker-without-a-plan")  # from now on the key knows what every mistake gives
        self.before = self.files()
        self.state = self.graded("inspector").printed
        self.processes = self.family()

    def hand_in(self, student, content):
        folder = self.submitted / student / LESSON
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.py").write_text(content)

    def graded(self, student):
        folder = self.submitted / student / LESSON
        item = grade.HandIn(student, LESSON, folder, self.room.seed("all the same inputs"))
        return self.grader.one(item, force=True)

    def pages(self, student, result):
        """All that is written about a hand-in, but for the time and for what the instructor alone may read: why a hidden
        check failed."""
        result = msgspec.convert(msgspec.to_builtins(result), type(result))
        result.graded = ""
        for verdict in (verdict for exercise in result.exercises for verdict in exercise.verdicts):
            verdict.reason = ""
        return msgspec.json.encode(result).decode() + self.room.feedback(student, LESSON).read_text()

    def files(self):
        """The digest of every file of the course and of the honest students."""
        return {
            str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and "attacker" not in str(path) and path.parts[-2] != "inspector" and "victim" not in path.name
            and ".grader/results" not in str(path) and "feedback" not in str(path)
        }  # fmt: skip

    def family(self):
        """The processes of the worker, once those of its last job are gone."""
        self.grader.pool.worker()._latest.wait()
        server = self.grader.pool.worker()._worker._process
        return sorted(child.name() for child in psutil.Process(server.pid).children(recursive=True))


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    root, home = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("home")
    (home / ".ssh").mkdir()
    (home / ".ssh" / "id_ed25519").write_text(CANARIES["home"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("GRADER_TEST_TOKEN", CANARIES["environment"])
        made = Class(root)
        yield made
        made.grader.close()


def left_behind():
    """What lies about on this machine with the mark of an attack on it."""
    folders = Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), Path.home(), Path.cwd()
    return [str(path) for folder in folders for path in folder.glob("*attack_left*")]


@pytest.mark.parametrize("name", attacks())
def test_an_attack_earns_what_its_honest_part_does_and_harms_and_reveals_nothing(room, name, request):
    attack = attacks()[name]
    if known := re.match(r".*\n.*\n# Not stopped: (.*)", text_of(attack)):
        request.applymarker(pytest.mark.xfail(reason=known[1], strict=True))
    student = f"attacker-{name.replace('/', '-')}"
    folder = room.submitted / student / LESSON
    if attack.is_dir():
        shutil.copytree(attack, folder, symlinks=True)
    else:
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.py").write_text(text_of(attack), encoding="utf-8")

    if "tells_the_next" in name:
        room.graded(student)  # what this run has passed on, the next one may not bring out
    result = room.graded(student)

    earned = {exercise.exercise: exercise.earned for exercise in result.exercises}
    assert earned == honest_part(attack), [exercise.summary for exercise in result.exercises]
    written = room.pages(student, result)
    for what, canary in CANARIES.items():
        assert canary not in written, f"it brought out the {what}"
    assert "STOLEN" not in written.replace(text_of(attack), ""), written
    assert room.pages("victim", room.graded("victim")) == room.victims, "the honest student's result is another now"
    assert room.files() == room.before, "a file of the course or of the victim is another now"
    found, wanted = (json.loads(text) for text in (room.graded("inspector").printed, room.state))
    assert found == wanted, "the next student finds another process than the first one did"
    assert room.family() == room.processes, "a process is left"
    assert left_behind() == []


def test_the_honest_student_earns_everything_and_the_canaries_are_where_they_should_be(room):
    result = room.graded("victim")
    assert {exercise.exercise: exercise.earned for exercise in result.exercises} == POINTS
    assert CANARIES["reference"] in (room.root / "solutions" / LESSON / "lesson.py").read_text()
    assert os.environ["GRADER_TEST_TOKEN"] == CANARIES["environment"]


def test_security_md_counts_the_attacks_and_names_those_that_are_not_stopped():
    page = (ATTACKS.parents[1] / "SECURITY.md").read_text()
    for group in {name.split("/")[0] for name in attacks()}:
        number = sum(name.startswith(f"{group}/") for name in attacks())
        assert re.search(rf"^\| `{group}`: .* \| {number} \|", page, re.MULTILINE), f"{group} has {number} attacks"
    succeed = {name.split("/")[1] for name, attack in attacks().items() if "\n# Not stopped: " in text_of(attack)}
    assert succeed == {name for name in succeed if f"`{name}`" in page} and "The five that do succeed" in page
    assert len(succeed) == 5


def test_each_attack_says_what_it_tries():
    found = attacks()
    assert len(found) >= 60
    for name, attack in found.items():
        assert text_of(attack).startswith("# Tries to "), name
