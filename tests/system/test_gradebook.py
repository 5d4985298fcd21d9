"""Proves that a class's results reach nbgrader's gradebook whole, and that nothing given by hand is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from grader.classroom import database, gradebook
from grader.classroom.database import GradebookError
from grader.classroom.gradebook import scores, write
from grader.judge.result import ExerciseResult, Result, Verdict

api = pytest.importorskip("nbgrader.api", reason="nbgrader, which instructors install, is not here")

POINTS = {"convolution": {"corr2d": 2.0, "FlattenLayer": 4.0}}
NOBODY = 65534


def result(student="ada", lesson="convolution", handed_in="2024-03-01T10:00:00+08:00", says="Correct.", **earned):
    """A result in which each exercise has two checks; `corr2d=0.5` earns half its points."""
    exercises = []
    for exercise, share in (earned or {"corr2d": 1.0, "FlattenLayer": 1.0}).items():
        half = POINTS.get(lesson, {}).get(exercise, 2.0) / 2
        verdicts = [Verdict(f"{exercise}.{n}", "", half, False, share >= least) for n, least in ((1, 0.5), (2, 1.0))]
        exercises.append(ExerciseResult(exercise, "right" if share == 1 else "wrong", says, verdicts))
    return Result(student, lesson, exercises, handed_in=handed_in)


@contextmanager
def opened(path):
    """nbgrader's own API, to read back with and to grade by hand with."""
    with api.Gradebook(f"sqlite:///{path}") as book:
        yield book


def everything(path):
    """What the gradebook says, row ids aside."""
    with closing(sqlite3.connect(path)) as database:
        said = [
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
        ]
        return [sorted(database.execute(query).fetchall(), key=repr) for query in said]


def rows(path):
    """Every row of every table, ids included."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("made") / "gradebook.db"
    write(path, {}, [])
    return path


@pytest.fixture
def book(empty, tmp_path) -> Path:
    """A gradebook with nothing in it yet; making one takes two seconds, copying it none."""
    return Path(shutil.copy(empty, tmp_path / "gradebook.db"))


def test_a_first_write_makes_a_gradebook_that_nbgrader_reads(tmp_path):
    path = tmp_path / "new" / "gradebook.db"
    path.parent.mkdir()
    write(path, POINTS, [result(corr2d=1.0, FlattenLayer=0.0)], ["ada", "grace"])
    with opened(path) as nbgrader:
        submission = nbgrader.find_submission("convolution", "ada")
        assert (submission.score, submission.max_score) == (2.0, 6.0)
        assert submission.timestamp == datetime(2024, 3, 1, 2, 0)
        assert not submission.needs_manual_grade
        grade = nbgrader.find_grade("check_corr2d", "convolution", "convolution", "ada")
        assert (grade.auto_score, grade.max_score, grade.cell_type, grade.failed_tests) == (2.0, 2.0, "code", False)
        assert nbgrader.find_comment("corr2d", "convolution", "convolution", "ada").comment == "Correct."
        assert nbgrader.find_student("grace").submissions == []
        assert nbgrader.find_assignment("convolution").course_id == "default_course"
    assert [each.name for each in path.parent.iterdir()] == ["gradebook.db"]  # nothing left lying about
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT length(version_num) FROM alembic_version").fetchall() == [(12,)]


def test_nbgraders_own_export_gives_the_scores(book, tmp_path):
    from nbgrader.plugins.export import CsvExportPlugin

    write(book, POINTS, [result(corr2d=0.5)], ["grace"])
    exporter = CsvExportPlugin()
    exporter.to = str(tmp_path / "grades.csv")
    with opened(book) as nbgrader:
        exporter.export(nbgrader)
    table = [line.split(",") for line in (tmp_path / "grades.csv").read_text().splitlines()]
    score, student = table[0].index("score"), table[0].index("student_id")
    assert {row[student]: float(row[score]) for row in table[1:]} == {"ada": 1.0, "grace": 0.0}


def test_a_second_write_updates_scores_and_comments_in_place(book):
    write(book, POINTS, [result(corr2d=0.0, FlattenLayer=1.0, says="The sign is wrong.")])
    with opened(book) as nbgrader:
        before = nbgrader.find_submission("convolution", "ada").id
    write(book, POINTS, [result(handed_in="2024-03-02T00:00:00Z")])
    with opened(book) as nbgrader:
        submission = nbgrader.find_submission("convolution", "ada")
        assert (submission.id, submission.score, submission.timestamp) == (before, 6.0, datetime(2024, 3, 2))
        assert nbgrader.find_comment("corr2d", "convolution", "convolution", "ada").comment == "Correct."


def test_writing_the_same_twice_changes_no_row(book):
    write(book, POINTS, [result(), result("grace", corr2d=0.5)])
    before = rows(book)
    write(book, POINTS, [result(), result("grace", corr2d=0.5)])
    assert rows(book) == before


def test_of_two_results_of_one_student_the_later_counts(book):
    write(book, POINTS, [result(corr2d=0.0), result(corr2d=1.0)])
    assert scores(book)["ada", "convolution", "corr2d"] == 2.0


def test_what_was_given_by_hand_is_kept(book):
    write(book, POINTS, [result(corr2d=0.0, FlattenLayer=0.0, says="No.")])
    with opened(book) as nbgrader:
        grade = nbgrader.find_grade("check_corr2d", "convolution", "convolution", "ada")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        nbgrader.find_comment("corr2d", "convolution", "convolution", "ada").manual_comment = "A fine idea."
        submission = nbgrader.find_submission("convolution", "ada")
        submission.notebooks[0].late_submission_penalty, submission.notebooks[0].flagged = 1.0, True
        nbgrader.find_student("ada").last_name = "Lovelace"
        nbgrader.db.commit()
    write(book, POINTS, [result()])
    with opened(book) as nbgrader:
        grade = nbgrader.find_grade("check_corr2d", "convolution", "convolution", "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit, grade.score) == (2.0, 1.5, 0.25, 1.75)
        comment = nbgrader.find_comment("corr2d", "convolution", "convolution", "ada")
        assert (comment.auto_comment, comment.comment) == ("Correct.", "A fine idea.")
        submission = nbgrader.find_submission("convolution", "ada")
        assert (submission.score, submission.late_submission_penalty) == (5.75, 1.0)
        assert submission.notebooks[0].flagged
        assert nbgrader.find_student("ada").last_name == "Lovelace"
    assert scores(book) == {("ada", "convolution", "corr2d"): 1.75, ("ada", "convolution", "FlattenLayer"): 4.0}


def test_cells_and_submissions_that_an_instructor_graded_by_hand_are_kept(book):
    write(book, POINTS, [result()])
    with opened(book) as nbgrader:
        nbgrader.add_grade_cell("essay", "convolution", "convolution", max_score=5, cell_type="markdown")
        nbgrader.add_grade_cell("check_essay", "convolution", "convolution", max_score=3, cell_type="code")
    write(book, POINTS, [result(), result("grace")])
    with opened(book) as nbgrader:
        assert nbgrader.find_assignment("convolution").max_score == 14.0
        for student in ("ada", "grace"):  # nbgrader's tools look for a row in every cell
            assert nbgrader.find_grade("essay", "convolution", "convolution", student).needs_manual_grade


def test_an_exercise_added_later_is_in_every_submission(book):
    write(book, POINTS, [result(), result("grace")])
    more = {"convolution": {**POINTS["convolution"], "pool": 2.0}}
    write(book, more, [result(corr2d=1.0, FlattenLayer=1.0, pool=1.0)])
    with opened(book) as nbgrader:
        assert nbgrader.find_submission("convolution", "ada").score == 8.0
        graceful = nbgrader.find_submission("convolution", "grace")
        assert (graceful.score, graceful.max_score, graceful.needs_manual_grade) == (6.0, 8.0, True)
        assert nbgrader.find_comment("pool", "convolution", "convolution", "grace").comment is None
    write(book, more, [result("grace", corr2d=1.0, FlattenLayer=1.0, pool=0.5)])
    with opened(book) as nbgrader:
        graceful = nbgrader.find_submission("convolution", "grace")
        assert (graceful.score, graceful.needs_manual_grade) == (7.0, False)


def test_an_exercise_taken_out_is_worth_nothing_but_keeps_what_was_given_by_hand(book):
    write(book, POINTS, [result(), result("grace")])
    with opened(book) as nbgrader:
        nbgrader.find_grade("check_FlattenLayer", "convolution", "convolution", "grace").manual_score = 3.0
        nbgrader.db.commit()
    write(book, {"convolution": {"corr2d": 2.0}}, [result(), result("alan", corr2d=1.0)])
    with opened(book) as nbgrader:
        students = {student: nbgrader.find_submission("convolution", student) for student in ("ada", "grace", "alan")}
        assert {name: each.score for name, each in students.items()} == {"ada": 2.0, "grace": 5.0, "alan": 2.0}
        assert {each.max_score for each in students.values()} == {2.0}
        assert not any(each.needs_manual_grade for each in students.values())
    write(book, POINTS, [result()])
    with opened(book) as nbgrader:
        assert nbgrader.find_submission("convolution", "ada").score == 6.0


def test_new_points_for_an_exercise_replace_the_old(book):
    write(book, POINTS, [result()])
    write(book, {"convolution": {"corr2d": 3.0, "FlattenLayer": 4.0}}, [])
    with opened(book) as nbgrader:
        assert nbgrader.find_assignment("convolution").max_score == 7.0


def test_part_of_the_points_is_kept_as_such(book):
    write(book, {"l": {"e": 1.0}}, [result(lesson="l", e=0.5)])
    third = Result("b", "l", [ExerciseResult("e", "wrong", "", [Verdict("c", "", 1 / 3, False, True)])])
    write(book, {"l": {"e": 1.0}}, [third])
    assert scores(book)["b", "l", "e"] == 1 / 3
    with opened(book) as nbgrader:
        assert nbgrader.find_grade("check_e", "l", "l", "b").score == 1 / 3
        assert nbgrader.find_comment("e", "l", "l", "b").comment is None


def test_several_lessons_go_in_one_write(book):
    write(book, {**POINTS, "pooling": {"corr2d": 2.0}}, [result(), result(lesson="pooling", corr2d=1.0)])
    with opened(book) as nbgrader:
        assert nbgrader.find_student("ada").score == 8.0


@pytest.mark.parametrize("student", ["张 三丰", "o'neil; --", "x" * 255, "name with spaces", "caf\u00e9 %41?"])
def test_any_name_is_a_student(book, student):
    write(book, {"卷积": {"一": 2.0}}, [result(student, "卷积", says="对了，很好。", 一=1.0)])
    with opened(book) as nbgrader:
        assert nbgrader.find_submission("卷积", student).score == 2.0
        assert nbgrader.find_comment("一", "卷积", "卷积", student).comment == "对了，很好。"
    assert scores(book) == {(student, "卷积", "一"): 2.0}


def test_text_that_utf8_cannot_hold_stops_nobody(book):
    write(book, POINTS, [result("bad\udcff", says="It printed \ud800."), result("ada")])
    with opened(book) as nbgrader:
        assert {student.id for student in nbgrader.students} == {"ada", "bad\\udcff"}


@pytest.mark.parametrize("path", ["成绩 2024.db", "a?mode=ro&b%41#c.db"])
def test_any_file_name_is_a_gradebook(empty, tmp_path, path):
    shutil.copy(empty, tmp_path / path)
    write(tmp_path / path, POINTS, [result()])
    assert len(scores(tmp_path / path)) == 2
    assert [each.name for each in tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2024-03-01T10:00:00", datetime(2024, 3, 1, 10)),
        ("2024-03-01 10:00:00 +0200", datetime(2024, 3, 1, 8)),
        ("", None),
        ("yesterday, I think", None),
    ],
)
def test_the_time_of_a_hand_in_is_kept_as_nbgrader_does(book, said, kept):
    write(book, POINTS, [result(handed_in=said), result("dated")])
    with opened(book) as nbgrader:
        assert nbgrader.find_submission("convolution", "ada").timestamp == kept


def test_a_hand_in_of_unknown_time_leaves_the_time_that_is_recorded(book):
    write(book, POINTS, [result()])
    write(book, POINTS, [result(handed_in="")])
    with opened(book) as nbgrader:
        assert nbgrader.find_submission("convolution", "ada").timestamp == datetime(2024, 3, 1, 2)


def test_a_write_that_was_cut_off_is_completed_by_the_next(book, monkeypatch, tmp_path):
    undisturbed = Path(shutil.copy(book, tmp_path / "undisturbed.db"))
    monkeypatch.setattr(gradebook, "SUBMISSIONS_A_TRANSACTION", 3)
    results = [result(f"s{number}", corr2d=number % 3 / 2, FlattenLayer=1.0) for number in range(8)]

    def cut_off() -> Iterator[Result]:
        yield from results[:5]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(book, POINTS, cut_off(), ["absent"])
    with opened(book) as nbgrader:
        assert len(nbgrader.find_assignment("convolution").submissions) == 3  # the first three, whole
    write(book, POINTS, results, ["absent"])
    write(undisturbed, POINTS, results, ["absent"])
    assert everything(book) == everything(undisturbed)


def test_a_process_killed_in_the_middle_leaves_the_gradebook_as_it_was(book):
    write(book, POINTS, [result(corr2d=0.0)])
    before = rows(book)
    program = (
        "import os, signal, sys; sys.path[:0] = ['tests', 'tests/system']; from test_gradebook import *\n"
        "gradebook._complete = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write(Path(sys.argv[1]), POINTS, [result()] + [result(f's{n}') for n in range(300)])"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", program, str(book)], cwd=root, capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr
    assert rows(book) == before
    write(book, POINTS, [result()])
    assert scores(book)["ada", "convolution", "corr2d"] == 2.0


def test_a_gradebook_is_made_where_the_environment_is_not_activated(tmp_path):
    program = (
        "import os, sys; from pathlib import Path; from grader.classroom.gradebook import write\n"
        "assert 'nbgrader' not in sys.modules and 'sqlalchemy' not in sys.modules, 'importing the module is dear'\n"
        "write(Path(sys.argv[1]), {'l': {'e': 1.0}}, []); print(os.environ['PATH'])"
    )
    path = "/usr/bin:/bin"
    assert shutil.which("alembic", path=path) is None
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "gradebook.db")],
        cwd=Path(__file__).parents[2], env={"PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == (path + "\n", 0), done.stderr
    assert scores(tmp_path / "gradebook.db") == {}


def test_a_gradebook_is_made_as_nbgrader_makes_it(tmp_path, monkeypatch):
    from nbgrader import api

    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader runs alembic by its name
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    write(ours, {}, [])
    api.Gradebook(f"sqlite:///{theirs}").close()
    with closing(sqlite3.connect(ours)) as one, closing(sqlite3.connect(theirs)) as other:
        assert list(one.iterdump()) == list(other.iterdump())


def test_an_empty_file_becomes_a_gradebook(tmp_path):
    path = tmp_path / "gradebook.db"
    path.touch()
    write(path, POINTS, [result()])
    assert len(scores(path)) == 2


def test_a_gradebook_made_meanwhile_by_another_is_not_replaced(book, empty, tmp_path, monkeypatch):
    path, link = tmp_path / "meanwhile.db", os.link
    write(book, POINTS, [result("theirs")])

    def too_late(fresh, to):
        shutil.copy(book, to)
        link(fresh, to)

    monkeypatch.setattr(os, "link", too_late)
    write(path, POINTS, [result("ours")])
    assert {student for student, _, _ in scores(path)} == {"theirs", "ours"}


@pytest.mark.parametrize("lock", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_locked_gradebook_is_told_in_a_sentence(book, monkeypatch, capfd, lock):
    monkeypatch.setattr(database, "SECONDS_TO_WAIT_FOR_A_LOCK", 0.1)
    write(book, POINTS, [result(corr2d=0.0)])
    before = rows(book)
    with closing(sqlite3.connect(book)) as other:
        other.execute(lock)
        with pytest.raises(GradebookError, match=r"gradebook\.db is locked"):
            write(book, POINTS, [result()])
    assert rows(book) == before
    assert "Traceback" not in "".join(capfd.readouterr())
    write(book, POINTS, [result()])


def test_a_lock_that_comes_between_two_transactions_leaves_the_first_whole(book, monkeypatch):
    monkeypatch.setattr(database, "SECONDS_TO_WAIT_FOR_A_LOCK", 0.1)
    monkeypatch.setattr(gradebook, "SUBMISSIONS_A_TRANSACTION", 2)
    with closing(sqlite3.connect(book)) as other:

        def locking() -> Iterator[Result]:
            yield from (result("a"), result("b"))
            other.execute("BEGIN IMMEDIATE")
            yield from (result("c"), result("d"))

        with pytest.raises(GradebookError, match="is locked"):
            write(book, POINTS, locking())
    assert {student for student, _, _ in scores(book)} == {"a", "b"}


def test_nobody_else_writes_between_what_is_read_and_what_is_written(book, monkeypatch):
    reads, locked = gradebook._lesson, []

    def watched(*arguments):
        with closing(sqlite3.connect(book, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            locked.append(True)
        return reads(*arguments)

    monkeypatch.setattr(gradebook, "_lesson", watched)
    write(book, POINTS, [result()])
    assert locked == [True]


@pytest.mark.parametrize("use", [lambda path: write(path, POINTS, [result()]), scores], ids=["write", "scores"])
def test_what_is_not_a_gradebook_is_told_in_a_sentence_and_left_alone(tmp_path, use):
    text = tmp_path / "notes.db"
    text.write_text("These are my notes on the class.\n" * 100)
    with pytest.raises(GradebookError, match=r"notes\.db is not a SQLite database"):
        use(text)
    assert text.read_text().startswith("These are my notes")
    with pytest.raises(GradebookError, match="cannot be opened"):
        use(tmp_path)
    with closing(sqlite3.connect(tmp_path / "photos.db")) as database:
        database.execute("CREATE TABLE photo (name TEXT)")
    foreign = (tmp_path / "photos.db").read_bytes()
    with pytest.raises(GradebookError, match="not nbgrader's"):
        use(tmp_path / "photos.db")
    assert (tmp_path / "photos.db").read_bytes() == foreign


def test_a_gradebook_of_an_older_nbgrader_is_told_in_a_sentence(book):
    with closing(sqlite3.connect(book)) as database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    with pytest.raises(GradebookError, match="nbgrader db upgrade"):
        write(book, POINTS, [result()])


def test_a_gradebook_in_a_folder_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(GradebookError, match="See that its folder is there"):
        write(tmp_path / "nowhere" / "gradebook.db", POINTS, [result()])
    with pytest.raises(GradebookError, match="See that it is there"):
        scores(tmp_path / "gradebook.db")
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_without_points_is_told_in_a_sentence(book):
    before = rows(book)
    with pytest.raises(GradebookError, match="results of pooling"):
        write(book, POINTS, [result(lesson="pooling")])
    assert rows(book) == before


def test_an_error_of_the_callers_own_comes_through_as_it_is(book):
    def broken() -> Iterator[Result]:
        raise OSError("the results cannot be read")
        yield

    with pytest.raises(OSError, match="the results cannot be read"):
        write(book, POINTS, broken())


def test_a_full_disk_is_told_in_a_sentence(book):
    from sqlalchemy import Engine, event

    write(book, POINTS, [result(corr2d=0.0)])
    before = rows(book)
    with closing(sqlite3.connect(book)) as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()

    def limit(connection, _):  # SQLite's own limit gives the same error as a disk that is full
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        with pytest.raises(GradebookError, match="is full"):
            write(book, POINTS, [result(f"s{number}") for number in range(400)])
    finally:
        event.remove(Engine, "connect", limit)
    assert rows(book) == before


@pytest.fixture
def mine(empty):
    """A gradebook in a folder that others may enter, since pytest's own folders are closed to them."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = Path(shutil.copy(empty, folder))
        write(path, POINTS, [result()])
        path.chmod(0o644)
        yield path
        os.chmod(folder, 0o755)


@contextmanager
def as_somebody_else():
    """Rights do not bind root, so become nobody for a while."""
    if os.geteuid():
        yield
        return
    try:
        os.seteuid(NOBODY)
    except OSError:
        pytest.skip("root cannot become another user here")
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_gradebook_is_told_in_a_sentence_and_can_be_read(mine):
    mine.chmod(0o444)
    with as_somebody_else():
        with pytest.raises(GradebookError, match="is read-only"):
            write(mine, POINTS, [result(corr2d=0.0)])
        assert scores(mine)["ada", "convolution", "corr2d"] == 2.0


def test_a_read_only_folder_is_told_in_a_sentence(mine):
    mine.chmod(0o666)
    mine.parent.chmod(0o555)
    with as_somebody_else():
        with pytest.raises(GradebookError, match=r"read-only|cannot be opened"):
            write(mine, POINTS, [result(corr2d=0.0)])
        with pytest.raises(GradebookError, match="could not be made"):
            write(mine.with_name("new.db"), POINTS, [result()])
    assert scores(mine)["ada", "convolution", "corr2d"] == 2.0
