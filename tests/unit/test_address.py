"""Proves what is taken for a gradebook's address, and that no password in it is ever shown."""

from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="SQLAlchemy, which nbgrader brings, is not here")

from grader.classroom.database import named
from grader.classroom.room import Classroom
from grader.errors import CourseError

ADDRESS = "postgresql+psycopg://ada:s3cret%40@db.example.org:5433/course"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("grades.db", "class/grades.db"),
        ("sqlite:///grades.db", "class/grades.db"),
        ("sqlite:////srv/grades.db", "/srv/grades.db"),
        ("/srv/a?b.db", "/srv/a?b.db"),
    ],
)
def test_a_file_is_named_by_its_path_or_as_nbgrader_does(address, path):
    assert named(address, Path("class")) == Path(path)


@pytest.mark.parametrize(
    "address", [ADDRESS, f"{ADDRESS}?sslmode=require", f"{ADDRESS}?password=s3cret", ADDRESS.replace("+psycopg", "")]
)
def test_a_servers_address_is_told_without_its_password_and_with_all_else(address):
    server = named(address)
    assert "s3cret" not in f"{server} {server!r}"
    assert str(server).startswith("postgresql+psycopg://ada@db.example.org:5433/course")
    assert ("sslmode=require" in str(server)) == ("sslmode" in address)
    assert server.url.render_as_string(hide_password=False).count("s3cret") >= 1


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://ada:s3cret@db/course", "not in mysql"),
        ("sqlite://", "SQLite file"),
        ("postgresql://ada:s3cr@t@db/course", "%40"),
        ("postgresql://ada:s3cret@db:port/course", "not a URL"),
        ("://s3cret", "not a URL"),
    ],
)
def test_what_is_no_address_is_told_in_a_sentence_without_it(address, sentence):
    with pytest.raises(CourseError, match=sentence) as found:
        named(address)
    assert "s3cr" not in str(found.value)


def test_a_gradebook_that_was_named_once_is_gone_on_with(tmp_path):
    (tmp_path / "submitted").mkdir()
    assert Classroom(tmp_path / "submitted").gradebook == tmp_path / "gradebook.db"
    for address in (str(tmp_path / "elsewhere.db"), ADDRESS):
        Classroom(tmp_path / "submitted", named(address)).remember()
        assert str(Classroom(tmp_path / "submitted").gradebook) == str(named(address))
    assert "s3cret" not in (tmp_path / ".grader" / "gradebook").read_text()


def test_a_configuration_names_the_gradebook_unless_it_only_speaks_of_it(tmp_path):
    (tmp_path / "submitted").mkdir()
    config = tmp_path / "nbgrader_config.py"
    config.write_text("c = get_config()\n# c.CourseDirectory.db_url = 'sqlite:///other.db'\n")
    assert Classroom(tmp_path / "submitted").gradebook == tmp_path / "gradebook.db"
    config.write_text(f"c = get_config()\nc.CourseDirectory.db_url = {ADDRESS!r}\n")
    assert str(Classroom(tmp_path / "submitted").gradebook) == str(named(ADDRESS))
    config.write_text("c = get_config()\nc.CourseDirectory.db_url = nobody\n")
    with pytest.raises(CourseError, match="stopped with NameError"):
        Classroom(tmp_path / "submitted").gradebook  # noqa: B018
