"""Proves that a gradebook on a PostgreSQL server holds what one in a file does, whoever else writes and whatever breaks."""

import os
import shutil
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from support import postgresql
from support.classroom import course_on_disk
from support.command import grader, run
from test_gradebook import POINTS, result

from grader.classroom import class_report, gradebook
from grader.classroom.database import GradebookError, connected, named
from grader.classroom.gradebook import scores, write
from grader.classroom.room import Classroom

api = pytest.importorskip("nbgrader.api", reason="nbgrader, which instructors install, is not here")
pytest.importorskip("psycopg", reason="psycopg, which the extra postgres brings, is not here")
from sqlalchemy import Engine, event, inspect, select, text  # noqa: E402

pytestmark = pytest.mark.slow  # a server's start, and three commands
LESSONS = POINTS | {"pooling": {"pool2d": 3.0}}
ISOLATION = "--isolation", "process"
CONFIG = """
from grader.integrations.nbgrader import configure
configure(get_config())
get_config().KitAutograde.isolation = "process"
"""


@pytest.fixture(scope="module")
def server():
    if (folder := postgresql.programs()) is None:
        pytest.skip("no PostgreSQL server is here; Debian's package is called postgresql")
    with postgresql.running(folder) as found:
        yield found


@pytest.fixture(scope="module")
def empty(server):
    """The name of a database with an empty gradebook."""
    url = server.database()
    write(named(url), {}, [])
    return url.rpartition("/")[2]


@pytest.fixture
def url(server, empty):
    return server.database(empty)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "gradebook.db"
    write(path, {}, [])
    return path


@pytest.fixture
def file(empty_file, tmp_path):
    return Path(shutil.copy(empty_file, tmp_path))


def everything(book):
    """What a gradebook says, row ids aside."""
    with gradebook.reading(book) as db:
        whose = [api.SubmittedAssignment.student_id, api.Assignment.name, api.BaseCell.name]
        of_cells = {
            api.Grade: ["auto_score", "manual_score", "extra_credit", "needs_manual_grade"],
            api.Comment: ["auto_comment", "manual_comment"],
        }
        said = [
            select(api.Student.id, api.Student.last_name),
            select(api.Assignment.name, api.Assignment.course_id, api.Notebook.name).join(api.Notebook),
            select(api.BaseCell.name, api.BaseCell.type),
            select(api.GradeCell.name, api.GradeCell.max_score, api.GradeCell.cell_type),
            select(api.SubmittedAssignment.student_id, api.Assignment.name, api.SubmittedAssignment.timestamp).join(
                api.Assignment
            ),
            *(
                select(*whose, *(getattr(kind, column) for column in columns))
                .join_from(kind, api.BaseCell, kind.cell_id == api.BaseCell.id)
                .join(api.SubmittedNotebook, kind.notebook_id == api.SubmittedNotebook.id)
                .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
                .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
                for kind, columns in of_cells.items()
            ),
        ]
        return [sorted(map(tuple, db.execute(query)), key=repr) for query in said]


def rows(book):
    """Every row of every table, ids included."""
    with gradebook.reading(book) as db:
        tables = inspect(db.get_bind()).get_table_names()
        return {name: sorted(map(tuple, db.execute(text(f'SELECT * FROM "{name}"'))), key=repr) for name in tables}


def of_class(lesson="convolution", students=8):
    exercises = list(LESSONS[lesson])
    return [
        result(f"s{number}", lesson, **{each: (number + place) % 3 / 2 for place, each in enumerate(exercises)})
        for number in range(students)
    ]


def test_rows_are_those_of_a_file_and_a_second_write_changes_none(url, file):
    book = named(url)
    given = [*of_class(), result("张 三丰", says="对了 <b>很好</b>。"), result("a\nb", handed_in="")]
    for each in (book, file):
        write(each, POINTS, given, ["absent"])
        with gradebook.used(each) as place, api.Gradebook(place.url) as nbgrader:
            nbgrader.find_grade("check_corr2d", "convolution", "convolution", "s1").manual_score = 1.5
            nbgrader.find_comment("corr2d", "convolution", "convolution", "s1").manual_comment = "A fine idea."
            nbgrader.db.commit()
        write(each, LESSONS, [*given, *of_class("pooling", 3)], ["absent"])
    assert everything(book) == everything(file) and len(everything(book)[0]) == 11
    assert scores(book) == scores(file)
    before = rows(book)
    write(book, LESSONS, [*given, *of_class("pooling", 3)], ["absent"])
    assert rows(book) == before


def test_the_first_gradebook_on_a_server_is_as_nbgrader_makes_it(url, file):
    assert rows(named(url)) == rows(file)


def test_two_graders_make_one_gradebook_and_write_two_lessons_at_once(server, file, monkeypatch):
    monkeypatch.setattr(gradebook, "SUBMISSIONS_A_TRANSACTION", 3)
    book, failed = named(server.database()), []
    together = threading.Barrier(2)

    def grade(lesson, students):
        try:
            together.wait()
            write(book, {lesson: LESSONS[lesson]}, students)
        except Exception as error:
            failed.append(error)

    # In opposite order: were they not to take turns, each would wait for a row of the other's.
    one, other = of_class(students=30), of_class("pooling", 30)[::-1]
    graders = [threading.Thread(target=grade, args=each) for each in (("convolution", one), ("pooling", other))]
    for each in graders:
        each.start()
    for each in graders:
        each.join()
    assert failed == []
    write(file, LESSONS, [*one, *other])
    assert everything(book) == everything(file)


def test_a_connection_that_is_lost_at_any_moment_loses_nothing(server, url, file, monkeypatch):
    monkeypatch.setattr(gradebook, "SUBMISSIONS_A_TRANSACTION", 4)
    given, told = of_class(), 0
    write(file, POINTS, given)
    book, countdown = named(url), [0]

    @event.listens_for(Engine, "before_cursor_execute")
    def cut(connection, *_):
        if connection.engine.url.database == book.url.database:
            countdown[0] -= 1
            if countdown[0] == 0:
                server.cut(book.url.database)

    try:
        while countdown[0] <= 0:  # the last write is over before its moment comes
            countdown[0] = 1 + 6 * told
            try:
                write(book, POINTS, given)
            except GradebookError as error:
                assert "the connection was lost" in str(error) and "run this again" in str(error)
                assert server.password not in str(error)
                told += 1
            if countdown[0] <= 0:
                students = {student for student, _, _ in scores(book)}
                assert students in (set(), {f"s{n}" for n in range(4)}, {f"s{n}" for n in range(8)})
    finally:
        event.remove(Engine, "before_cursor_execute", cut)
    assert told >= 5, "the moments do not fall into the writing"
    assert everything(book) == everything(file)


def test_what_is_wrong_with_a_server_is_told_without_its_password(server, url):
    name = named(url).url.database
    foreign = server.database()
    with gradebook.used(named(foreign)) as place, connected(place.url) as connection:
        connection.execute(text("CREATE TABLE photo (name TEXT)"))
    with closing(postgresql.socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        wrong = {
            url.replace(server.password, "wrong-password"): "doesn't let you in",
            server.url("nowhere"): "nowhere is not there",
            url.replace(str(named(url).url.port), str(nobody.getsockname()[1])): "can't be reached",
            foreign: "not nbgrader's",
        }
        for address, sentence in wrong.items():
            for use in (lambda book: write(book, POINTS, [result()]), scores):
                with pytest.raises(GradebookError, match=sentence) as found:
                    use(named(address))
                assert server.password not in str(found.value) and "wrong-password" not in str(found.value)
    assert scores(named(server.url(name))) == {}


def test_another_program_that_keeps_writing_is_told_in_a_sentence(server, url, monkeypatch):
    book = named(url)
    monkeypatch.setattr(type(book), "begin", ("SET LOCAL lock_timeout = '100ms'", book.begin[1]))
    with connected(book.url) as other:
        other.execute(text(book.begin[1]))
        with pytest.raises(GradebookError, match="is locked"):
            write(book, POINTS, [result()])
    write(book, POINTS, [result()])
    assert len(scores(book)) == 2


def test_a_name_that_is_too_long_for_a_server_gets_a_row_all_the_same(url):
    write(named(url), POINTS, [result("x" * 200), result("x" * 201)])
    ids = {student for student, _, _ in scores(named(url))}
    assert ids == {gradebook.student_id(named(url), "x" * number) for number in (200, 201)} and len(ids) == 2


def test_a_class_is_graded_into_a_server_by_option_and_by_configuration(server, empty, tmp_path, monkeypatch):
    root, url, second = tmp_path, server.database(empty), server.database(empty)
    course_on_disk(root)
    for student in ("ada", "bob"):
        (root / "submitted" / student / "numbers").mkdir(parents=True)
        shutil.copy(root / "exercises" / "numbers" / "numbers.py", root / "submitted" / student / "numbers")
    said = grader("autograde", *ISOLATION, "--gradebook", url, cwd=root)
    assert f"Gradebook: {named(url)}" in said and not (root / "gradebook.db").exists()
    with gradebook.used(named(url)) as place, api.Gradebook(place.url) as nbgrader:
        nbgrader.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
        nbgrader.find_grade("check_double", "numbers", "numbers", "ada").manual_score = 0.5
        nbgrader.db.commit()
    # It goes on with the same gradebook. Its password is nowhere in the class's folder.
    for path in root.rglob("*"):
        assert path.is_dir() or server.password.encode() not in path.read_bytes()
    monkeypatch.setenv("PGPASSWORD", server.password)
    room = Classroom(root / "submitted")
    report = class_report.summarized(room, class_report.read(room, None)[0], ["numbers"])
    assert report.names == {"ada": "Ada Lovelace"} and report.lessons[0].scores["ada"] == 0.5
    before = rows(named(url))
    said = grader("autograde", *ISOLATION, "--report", "csv=class.csv", cwd=root)
    assert rows(named(url)) == before and "2 of 2 hand-ins were graded before" in said
    assert "Ada Lovelace" in (root / "class.csv").read_text("utf-8-sig")
    # nbgrader's own command writes the same into the one that its configuration names.
    (root / "nbgrader_config.py").write_text(f"{CONFIG}\nc = get_config()\nc.CourseDirectory.db_url = {second!r}\n")
    run("nbgrader", "autograde", "numbers", cwd=root, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert {each[:2] for each in everything(named(second))[5]} == {each[:2] for each in everything(named(url))[5]}
