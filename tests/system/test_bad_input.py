"""Proves that a class with every kind of bad hand-in is graded to its end: each gets its row, its score and a sentence."""

import html
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import unicodedata
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.author.release import solved
from grader.author.simulate import Author
from grader.classroom import grade, gradebook
from grader.classroom.hand_ins import hand_ins
from grader.files.course import find
from grader.judge import result
from grader.sandbox import doctor
from grader.sandbox.bubblewrap import Sandbox

api = pytest.importorskip("nbgrader.api", reason="nbgrader, which instructors install, is not here")
if absent := doctor.lacking():
    pytest.skip(f"the sandbox is not available here: {absent}", allow_module_level=True)

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COURSE = find(ROOT)
LESSON = "convolution"
GRADER = sys.executable, "-c", "from grader.cli import main; main()"
AUTHOR = Author(COURSE.files(LESSON))
FULL = {
    "corr2d": 1.5,
    "corr2d_multi_in": 1.25,
    "corr2d_multi_in_out": 1.25,
    "corr2d_multi_in_out_1x1": 1.75,
    "FlattenLayer": 0.75,
    "conv1x1_as_linear": 2.25,
    "conv_output_size": 1.25,
}
NOTHING = dict.fromkeys(FULL, 0.0)
MARKUP = "[bold red]loud[/] \x1b[31mred\x1b[0m <script>alert(1)</script> \u202eback {0} %s"


# What a student hands in: each writes the folder `submitted/<student>/convolution`


def right(suffix=".ipynb", extra="", **answers):
    """The reference with one more cell in its second place, and other texts in the place of some exercises."""

    def write(folder):
        folder.mkdir(parents=True)
        AUTHOR.write(folder, AUTHOR.right | answers, suffix, extra)

    return write


def data(content, name=f"{LESSON}.ipynb"):
    def write(folder):
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)

    return write


def latin(folder):
    right(".py", "name = 'é'")(folder)
    path = folder / f"{LESSON}.py"
    path.write_bytes(path.read_text(encoding="utf-8").replace("×", "x").replace("–", "-").encode("latin-1", "replace"))


def large(folder):
    right()(folder)
    os.truncate(folder / f"{LESSON}.ipynb", 200 << 20)


def link_to(target, name=f"{LESSON}.ipynb"):
    def write(folder):
        folder.mkdir(parents=True)
        (folder / name).symlink_to(target)

    return write


def linked_folder(folder):
    folder.parent.mkdir()
    folder.symlink_to(folder.parents[1] / "honest" / LESSON)


def linked_student(folder):
    folder.parent.symlink_to(folder.parents[1] / "honest")


def without(text, name):
    return AUTHOR.right[name].replace(text, "", 1)


@dataclass
class Case:
    """What a student hands in, what it earns, and a telling part of the sentence on the feedback page."""

    write: object
    says: str
    earns: dict = field(default_factory=lambda: NOTHING)
    student: str = ""


def runs(extra, says, **options):
    """A cell that does harm costs itself: all the others earn what they are worth."""
    return Case(right(extra=extra, **options), says, FULL)


CASES = {
    "not JSON": Case(data(b"this is no notebook"), "it is not valid JSON"),
    "JSON, but no notebook": Case(data(b"[1, 2]"), "is valid JSON, but not a notebook"),
    "another language": Case(
        data(b'{"cells": [], "metadata": {"language_info": {"name": "julia"}}, "nbformat": 4}'), "of the language julia"
    ),
    "NUL bytes": Case(data(b"x = 1\0", f"{LESSON}.py"), "contains NUL bytes"),
    "Latin-1": Case(latin, "It was read as Latin-1", FULL),
    "200 MB": Case(large, "is 200 MB, and"),
    "a link out of the folder": Case(link_to("/etc/passwd"), "is a link, and links are not followed"),
    "a link to the solutions": Case(link_to(ROOT / "solutions" / LESSON / "lesson.py", f"{LESSON}.py"), "is a link"),
    "a link to another's file": Case(link_to(f"../../honest/{LESSON}.ipynb"), "is a link, and links are not followed"),
    "a link to another's folder": Case(linked_folder, "is a link, and links are not followed"),
    "a link to another student": Case(linked_student, "is a link, and links are not followed"),
    "a folder for a file": Case(lambda folder: (folder / f"{LESSON}.ipynb").mkdir(parents=True), "is a folder, not a file"),
    "a pipe for a file": Case(
        lambda folder: (folder.mkdir(parents=True), os.mkfifo(folder / f"{LESSON}.ipynb")), "is not a regular file"
    ),
    "a file for a folder": Case(
        lambda folder: (folder.parent.mkdir(), folder.write_text("x = 1")), "convolution is not a folder"
    ),
    "an empty folder": Case(lambda folder: folder.mkdir(parents=True), "The folder is empty"),
    "nothing at all": Case(lambda folder: folder.parent.mkdir(), "hand in convolution.ipynb or convolution.py"),
    "a name in Chinese": Case(right(), "10 of 10 points", FULL, student="学生-001"),
    "a name with spaces": Case(right(".py"), "10 of 10 points", FULL, student="Ada  Lovelace Jr. "),
    "a name with markup": Case(right(), "10 of 10 points", FULL, student="[red]eve[] <b>&amp; \x1b[31m{0} %s"),
    "a syntax error": Case(
        right(".py", FlattenLayer=without(":", "FlattenLayer")),
        "is not valid Python. Look at line",
        FULL | {"FlattenLayer": 0},
    ),
    "a syntax error that others build on": Case(
        right(".py", corr2d=without(":", "corr2d")),
        "is not valid Python. Look at line",
        FULL | {"corr2d": 0, "corr2d_multi_in": 0, "corr2d_multi_in_out": 0},
    ),
    "an infinite loop": runs("while True:\n    pass", "begins at line 1 of cell 2, `while True:`, took longer than 5 s"),
    "an infinite loop in an answer": Case(
        right(FlattenLayer="class FlattenLayer:\n    def __init__(self):\n        while True: pass"),
        "Your code took longer than the limit of 2 seconds. Is there an infinite loop?",
        FULL | {"FlattenLayer": 0},
    ),
    "an answer that ends its process": Case(
        right(FlattenLayer="class FlattenLayer:\n    def __init__(self):\n        import os\n        os._exit(1)"),
        "Your code ended the Python process: it left Python with exit code 1",
        FULL | {"FlattenLayer": 0},
    ),
    "recursion without end": runs("def f():\n    f()\nf()", "RecursionError"),
    "os._exit": runs("import os\nos._exit(0)", "ended the Python process: it left Python with exit code 0"),
    "sys.exit": runs("import sys\nsys.exit('bye')", "with SystemExit: bye"),
    "a segfault": runs("import ctypes\nctypes.string_at(0)", "it was stopped by SIGSEGV"),
    "10 GB of output": runs("for _ in range(10**8):\n    print('x' * 100)", "took longer than 5 seconds"),
    "50 GB of memory": runs("x = bytearray(50 << 30)", "MemoryError"),
    "a fork bomb": runs("import os\nwhile True:\n    os.fork()", "with PermissionError"),
    "a thread bomb": runs(
        "import threading\nstop = threading.Event()\ntry:\n    for _ in range(10**6):\n"
        "        threading.Thread(target=stop.wait, daemon=True).start()\nfinally:\n    stop.set()",
        "can't start new thread",
    ),
    "noise in the channel": runs(
        "import os\nfor n in range(256):\n    try: os.write(n, b'x' * 10**6)\n    except OSError: pass",
        "wrote into the grader's own channel",
    ),
    "markup in what it prints": runs(f"print({MARKUP!r})", "[bold red]loud[/] \\x1b[31mred"),
    "markup in an error": runs(f"raise ValueError({MARKUP!r})", "ValueError: [bold red]loud[/] \\x1b[31mred"),
    "half a character": runs("print('\\ud800 half')", "half"),
}  # fmt: skip
STUDENTS = {name: case.student or name for name, case in CASES.items()}
QUICK = [name for name in CASES if "infinite" not in name and "10 GB" not in name]


def autograde(submitted, *options):
    """`grader autograde`, as an instructor calls it in the course's folder."""
    command = [*GRADER, "autograde", str(submitted), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"})


def make_class(root, names):
    for name in ("honest", *names):
        write = CASES[name].write if name in CASES else right()
        write(root / "submitted" / STUDENTS.get(name, name) / LESSON)
    return root / "submitted"


def scores(submitted, student):
    """What the gradebook says of a student's hand-in, by exercise."""
    rows = gradebook.scores(submitted.parent / "gradebook.db")
    return {exercise: score for (who, lesson, exercise), score in rows.items() if (who, lesson) == (student, LESSON)}


def page(submitted, student, lesson=LESSON):
    """The feedback page as a student reads it, markup aside."""
    text = (submitted.parent / "feedback" / student / f"{lesson}.html").read_text(encoding="utf-8")
    return html.unescape(re.sub(r"</?code>", "`", text))


@dataclass
class Graded:
    submitted: Path
    run: subprocess.CompletedProcess


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class with one student a case, an honest one, and one whose lesson nobody knows, graded once."""
    root = tmp_path_factory.mktemp("classes") / "class [spring] 2024"
    submitted = make_class(root, CASES)
    right()(submitted / "lost" / "convolutoin")
    (submitted / "readme.txt").write_text("no student")
    (submitted / ".hidden").mkdir()
    return Graded(submitted, autograde(submitted, "--workers", "2"))


def test_the_class_is_graded_to_its_end(graded):
    assert graded.run.returncode == 0, graded.run.stderr
    assert "Traceback" not in graded.run.stdout + graded.run.stderr
    with api.Gradebook(f"sqlite:///{graded.submitted.parent}/gradebook.db") as book:
        assert {student.id for student in book.students} == {"honest", "lost", *STUDENTS.values()}


def test_an_honest_student_has_full_marks_among_them(graded):
    assert scores(graded.submitted, "honest") == FULL
    assert "10 of 10 points" in page(graded.submitted, "honest")


@pytest.mark.parametrize("name", CASES)
def test_a_bad_hand_in_gets_its_row_its_score_and_a_sentence(graded, name):
    case, student = CASES[name], STUDENTS[name]
    assert scores(graded.submitted, student) == case.earns
    assert case.says in page(graded.submitted, student)


def test_a_lesson_that_nobody_knows_is_said_to_be_unknown(graded):
    assert scores(graded.submitted, "lost") == {}
    says = "There is no lesson called convolutoin. The lessons are tensors, gradients, training, softmax, convolution"
    assert says in page(graded.submitted, "lost", "convolutoin")
    assert says in graded.run.stdout


def test_a_student_who_handed_in_nothing_has_a_page_for_each_lesson(graded):
    pages = graded.submitted.parent / "feedback" / "nothing at all"
    assert {item.stem for item in pages.iterdir()} == set(COURSE.lessons())
    assert "is not a folder" not in page(graded.submitted, "nothing at all")


@pytest.mark.parametrize("name", ["markup in what it prints", "markup in an error", "a name with markup"])
def test_markup_of_a_student_is_text_on_the_page_and_in_the_terminal(graded, name):
    student = STUDENTS[name]
    raw = (graded.submitted.parent / "feedback" / student / f"{LESSON}.html").read_text(encoding="utf-8")
    assert "<script" not in raw
    assert "<b>" not in raw
    for text in (raw, graded.run.stdout, graded.run.stderr):
        assert not {item for item in text if unicodedata.category(item) in ("Cc", "Cf") and item not in "\n\t"}
    assert "[red]eve[] <b>&amp; \\x1b[31m{0} %s" in graded.run.stdout


def test_the_output_of_10_gb_is_cut_short(graded):
    assert (graded.submitted.parent / "feedback" / "10 GB of output" / f"{LESSON}.html").stat().st_size < 100_000


def test_the_table_names_the_gradebook_in_a_folder_with_brackets(graded):
    assert f"Gradebook: {graded.submitted.parent / 'gradebook.db'}" in graded.run.stdout


def test_nothing_but_results_is_left_in_the_class(graded):
    root = graded.submitted.parent
    assert {item.name for item in root.iterdir()} == {"submitted", "feedback", "gradebook.db", ".grader"}
    assert not list(root.rglob("*.partial"))
    assert sorted(item.name for item in (graded.submitted / "honest" / LESSON).iterdir()) == [f"{LESSON}.ipynb"]


def moments(submitted):
    """When each result was made."""
    return {
        path: json.loads(path.read_text())["graded"] for path in (submitted.parent / ".grader" / "results").glob("*/*.json")
    }


def files(submitted):
    return {path: path.stat().st_ino for path in (submitted.parent / ".grader" / "results").glob("*/*.json")}


def test_a_second_run_grades_nothing_again_and_force_does(graded):
    before, made = scores(graded.submitted, "sys.exit"), files(graded.submitted)
    again = autograde(graded.submitted)
    assert again.returncode == 0, again.stderr
    # What is of no known lesson has nothing to be compared with.
    assert f"{len(made) - 1} of {len(made)} hand-ins were graded before and have not changed" in again.stdout
    kept = {path for path, number in files(graded.submitted).items() if number == made[path]}
    assert {path.parent.name for path in made if path not in kept} == {"lost"}
    forced = autograde(graded.submitted, "--force", "--student", "sys.exit")
    assert forced.returncode == 0, forced.stderr
    assert "graded before" not in forced.stdout
    mine = graded.submitted.parent / ".grader" / "results" / "sys.exit" / f"{LESSON}.json"
    assert files(graded.submitted)[mine] != made[mine]
    assert scores(graded.submitted, "sys.exit") == before


def descendants(pid):
    """The processes that a process has started, and those that they have."""
    children = [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]
    return [member for child in children for member in (child, *descendants(child))]


def test_no_sandbox_outlives_a_run_that_is_killed(tmp_path):
    """That the next run completes what this one began, `test_faults.py` shows."""
    submitted = make_class(tmp_path / "class", QUICK)
    command = [*GRADER, "autograde", str(submitted), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while not files(submitted):
            assert running.poll() is None, "it ended before there was a result"
        with ExitStack() as handles:
            sandboxes = [handles.enter_context(os.fdopen(os.pidfd_open(pid))) for pid in descendants(running.pid)]
            running.send_signal(signal.SIGKILL)
            assert sandboxes
            assert all(select.select([process], [], [], 60)[0] for process in sandboxes)


# What could stop the whole class: each is graded by itself, in a class of its own


@pytest.fixture(scope="module")
def sandbox():
    with closing(Sandbox()) as started:
        yield started


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """An empty gradebook; making one takes two seconds, copying it none."""
    path = tmp_path_factory.mktemp("book") / "gradebook.db"
    gradebook.write(path, {}, [])
    return path


@pytest.fixture
def graded_alone(tmp_path, sandbox, book):
    """Grades one hand-in in this process. What comes of it is on disk and in the gradebook."""

    class Lent:
        isolation, session = sandbox.isolation, sandbox.session

        def close(self):
            pass

    def grade_one(student, write, lesson=LESSON, root=tmp_path):
        write(root / "submitted" / student / lesson)
        shutil.copy(book, root)
        room = grade.Classroom(root / "submitted")
        with closing(grade.Grader(room, COURSE, Lent, "sandbox")) as grader:
            (graded,) = [item for item, _ in grader.grade(hand_ins(room, COURSE, None, None), 1, force=False)]
            grader.record([graded])
        (path,) = room.root.glob(".grader/results/*/*.json")
        assert result.load(path) == graded
        assert len(list(room.root.glob("feedback/*/*.html"))) == 1
        if lesson == LESSON:
            rows = gradebook.scores(room.gradebook)
            assert {exercise: score for (_, _, exercise), score in rows.items()} == {
                item.exercise: item.earned for item in graded.exercises
            }
        return graded

    return grade_one


def test_a_name_that_is_not_utf_8_is_graded(graded_alone):
    assert graded_alone(os.fsdecode(b"Andr\xe9"), right()).earned == 10


def test_two_folders_that_would_share_a_row_are_refused_before_anything_is_graded(tmp_path):
    for name in (os.fsdecode(b"ada\xff"), "ada\\udcff", "bob"):
        right()(tmp_path / "submitted" / name / LESSON)
    run = autograde(tmp_path / "submitted")
    assert run.returncode == 2 and "one row in the gradebook" in run.stderr
    assert "'ada\\\\udcff', 'ada\\udcff'" in run.stderr
    assert not (tmp_path / ".grader").exists() and not (tmp_path / "gradebook.db").exists()


def test_names_that_look_alike_each_have_a_row_and_are_told(tmp_path):
    for name in ("Jos\u00e9", "Jose\u0301", "bob", "Bob"):
        (tmp_path / "submitted" / name / LESSON).mkdir(parents=True)
    run = autograde(tmp_path / "submitted")
    assert "'Bob', 'bob'" in run.stderr and "'Jos\\xe9'" in run.stderr and "may be one student" in run.stderr
    assert len({who for who, _, _ in gradebook.scores(tmp_path / "gradebook.db")}) == 4


def test_no_name_prints_a_row_of_its_own(tmp_path):
    forged = "victim       10.00"
    right()(tmp_path / "submitted" / f"mallory\n{forged}" / LESSON)
    right()(tmp_path / "submitted" / "eve" / LESSON)
    (tmp_path / "submitted" / "eve" / LESSON / f"notes\n{forged}.ipynb").write_text("{}")
    (tmp_path / "submitted" / "eve" / f"other\n{forged}").mkdir()
    (tmp_path / "submitted" / f"stray\n{forged}.ipynb").write_text("{}")
    run = autograde(tmp_path / "submitted")
    assert not [line for line in (run.stdout + run.stderr).splitlines() if line.strip().startswith("victim")]
    assert scores(tmp_path / "submitted", f"mallory\\n{forged}") == FULL


def test_a_files_name_that_is_not_utf_8_is_graded(graded_alone):
    def write(folder):
        right()(folder)
        (folder / f"{LESSON}.ipynb").rename(folder / os.fsdecode(b"r\xe9ponse.ipynb"))

    graded = graded_alone("ada", write)
    assert graded.earned == 10
    assert "ponse.ipynb was read, because there is no convolution.ipynb" in graded.notes[0]


def test_a_lesson_with_a_very_long_name_is_said_to_be_unknown(graded_alone):
    name = "卷" * 84  # 252 bytes: a folder's name may have 255
    assert "There is no lesson called" in graded_alone("ada", right(), name).notes[0]


def test_a_student_with_a_very_long_name_is_graded(graded_alone):
    assert graded_alone("a" * 255, right()).earned == 10


@pytest.mark.parametrize("coding", ["undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "punycode"])
def test_a_declared_encoding_that_gives_no_text_is_graded(graded_alone, coding):
    content = f"# coding: {coding} \\ud800 +2AA-\n1 / 0\n".encode()
    assert graded_alone("ada", data(content, f"{LESSON}.py")).earned == 0


def test_a_time_beyond_the_calendar_is_graded(graded_alone):
    """Some file systems keep any time, such as those in memory; others bring it back to theirs."""

    def write(folder):
        right()(folder)
        os.utime(folder / f"{LESSON}.ipynb", (1 << 50, 1 << 50))

    with tempfile.TemporaryDirectory(prefix="bad-input-", dir="/dev/shm") as folder:
        assert graded_alone("ada", write, root=Path(folder)).earned == 10


def test_three_hundred_cells_that_all_end_their_process_do_not_hold_up_the_class(graded_alone):
    """Each such cell costs a fresh process, and all the cells before it once more, which may take 4 seconds each: after
    a few of them the rest has to be given up."""
    cells = [{"cell_type": "code", "metadata": {}, "source": "import os\nos._exit(0)"}] * 300
    content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    graded = graded_alone("ada", data(content))
    assert graded.earned == 0
    assert len(graded.notes) < 100


def test_the_cases_write_what_they_say(tmp_path):
    """The reference is what earns full marks, in both formats."""
    assert set(FULL) == {cell.exercise for cell in COURSE.files(LESSON).cells if cell.exercise}
    assert all(solved(cell) in AUTHOR.right.values() for cell in COURSE.files(LESSON).cells if cell.exercise)
