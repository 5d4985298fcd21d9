"""Where a gradebook is kept, and what is each kind's own: a SQLite file, or a database on a PostgreSQL server.

Both say the same: whether it is there, how it is made, whether it is nbgrader's, what a transaction begins with, and in a
sentence what went wrong.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.digest import digest
from grader.errors import CourseError
from grader.messages import told

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

SECONDS_TO_WAIT_FOR_A_LOCK = 5
"""For another program to finish with a SQLite file."""
SECONDS_TO_WAIT_FOR_A_GRADER = 60
"""For other graders, who write into the same gradebook on a server in turn."""
SECONDS_TO_REACH_A_SERVER = 10
LONGEST_ID = 128
"""Characters of a student's id, and of any name, that a server keeps, as nbgrader's tables say. SQLite keeps any number."""
_LOCK = 0x67726164
"""What graders lock while they write; any number does that no other program locks."""


_FILE = {
    sqlite3.SQLITE_BUSY: partial(
        told, "{place} is locked: another program is using it. Wait for it or close it, then try again."
    ),
    sqlite3.SQLITE_READONLY: partial(
        told, "{place} is read-only, or its folder is. Make both writable, or name another gradebook."
    ),
    sqlite3.SQLITE_CANTOPEN: partial(
        told, "{place} cannot be opened. See that it is there, is a file, and that you may use it."
    ),
    sqlite3.SQLITE_FULL: partial(told, "The disk that holds {place} is full. Make room, then run this again."),
    sqlite3.SQLITE_IOERR: partial(
        told, "The disk that holds {place} failed ({error}). See that it has room, then run this again."
    ),
    sqlite3.SQLITE_NOTADB: partial(
        told, "{place} is not a SQLite database, so it is not a gradebook. Name another, or move this file."
    ),
    sqlite3.SQLITE_CORRUPT: partial(
        told, "{place} is damaged ({error}). Put back a copy of it, or move it away and grade again."
    ),
}
"""What is told of a file, by SQLite's codes."""
_SERVER = {
    "08": partial(
        told,
        "The server of {place} can't be reached, or the connection was lost ({error}). What was written before stays. "
        "See that it runs and that its address is right, then run this again.",
    ),
    "28": partial(
        told,
        "The server of {place} doesn't let you in ({error}). Name a user and password in its address, or set PGPASSWORD.",
    ),
    "3D": partial(told, "{place} is not there ({error}). Make it with createdb, or name another."),
    "42501": partial(told, "You may not read or write {place} ({error}). Ask for the right to, or name another user."),
    "25006": partial(told, "{place} is read-only ({error}). Name the server that is written to."),
    "53100": partial(told, "The disk of {place} is full. Make room, then run this again."),
    "55P03": partial(told, "{place} is locked: another program is writing into it. Wait for it, then run this again."),
}
"""What is told of a server, by PostgreSQL's codes and their classes."""
_OTHERWISE = partial(told, "{place} cannot be used as a gradebook ({error}). Name another, or report this.")
_PATIENCE = {"connect_timeout": str(SECONDS_TO_REACH_A_SERVER), "tcp_user_timeout": "30000"}
"""What libpq is told, unless the address says otherwise."""


class GradebookError(Exception):
    """A gradebook that cannot be used; its text says what is wrong, where, and what to do."""


class SqliteFile:
    """A gradebook in a file, of one grader at a time."""

    begin = ("BEGIN IMMEDIATE",)
    """Takes the lock at once, so that nobody changes what is read before it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def url(self) -> URL:
        """Where the gradebook is, in SQLAlchemy's words; as text, a `?` in the path would mean something else."""
        from sqlalchemy import URL

        return URL.create("sqlite", database=str(self.path), query={"timeout": str(SECONDS_TO_WAIT_FOR_A_LOCK)})

    def is_there(self) -> bool:
        return self.path.is_file()

    def create(self) -> None:
        """Where there is no gradebook, make an empty one beside it and move it there, so that none is ever half made."""
        path = self.path
        try:
            if path.exists() and not (path.is_file() and path.stat().st_size == 0):
                return
            with tempfile.TemporaryDirectory(prefix=".gradebook.", dir=path.parent) as folder:
                fresh = SqliteFile(Path(folder, "gradebook.db"))
                with connected(fresh.url) as connection:
                    _make(connection)
                try:
                    os.link(fresh.path, path)  # unlike a rename this never replaces one that another run has made meanwhile
                except OSError:  # there is one by now, an empty file, or links are not to be had here
                    if not path.exists() or path.stat().st_size == 0:
                        fresh.path.replace(path)
        except OSError as error:
            sentence = told(
                "The gradebook {place} could not be made ({error}). See that its folder is there, may be written to and "
                "has room.",
                place=self,
                error=error,
            )
            raise GradebookError(sentence) from error

    def columns(self, *, writing: bool) -> set[tuple[str, str]]:
        """What columns its tables have. Finds a lock before nbgrader's Gradebook does, which would print a traceback."""
        address = f"{self.path.as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=SECONDS_TO_WAIT_FOR_A_LOCK)) as database:
            database.execute(self.begin[0] if writing else "BEGIN")
            return set(database.execute("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"))

    def student_id(self, name: str) -> str:
        return name

    def sentence(self, error: Exception) -> str:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest says more of it
        return _FILE.get(code, _OTHERWISE)(place=self, error=error)


class Server:
    """A gradebook in a database of a PostgreSQL server, which several graders write into in turn.

    As text it is its address without any password.
    """

    begin = (f"SET LOCAL lock_timeout = '{SECONDS_TO_WAIT_FOR_A_GRADER}s'", f"SELECT pg_advisory_xact_lock({_LOCK})")
    """Graders take turns: two that write the rows of the same students in another order would wait for one another."""

    def __init__(self, url: URL) -> None:
        driver = "postgresql+psycopg" if url.drivername == "postgresql" else url.drivername
        self.url = url.set(drivername=driver).update_query_dict(_PATIENCE | dict(url.query))

    def __str__(self) -> str:
        hidden = [name for name, value in self.url.query.items() if "pass" in name or _PATIENCE.get(name) == value]
        return self.url._replace(password=None).difference_update_query(hidden).render_as_string()

    def is_there(self) -> bool:
        from sqlalchemy import inspect

        with as_a_sentence(self), connected(self.url) as connection:
            return inspect(connection).has_table("student")

    def create(self) -> None:
        """Make an empty gradebook where the database has no tables: all or nothing, and once, whoever else does so too."""
        from sqlalchemy import inspect, text

        with as_a_sentence(self), connected(self.url) as connection:
            if inspect(connection).has_table("student"):
                return
            for statement in self.begin:
                connection.execute(text(statement))
            if not inspect(connection).get_table_names():
                _make(connection)

    def columns(self, *, writing: bool) -> set[tuple[str, str]]:
        """What columns its tables have."""
        from sqlalchemy import inspect

        with connected(self.url) as connection:
            tables = inspect(connection).get_multi_columns()
        return {(table, column["name"]) for (_, table), columns in tables.items() for column in columns}

    def student_id(self, name: str) -> str:
        """A student's id: their name, or what tells it apart where it is longer than the server keeps."""
        return name if len(name) <= LONGEST_ID else f"{name[:80]}-{digest([name])}"

    def sentence(self, error: Exception) -> str:
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or ""
        said = str(error).strip().splitlines() or [""]
        if not state and type(error).__name__ == "OperationalError":  # from the client itself, which has no codes
            state = "28" if "password" in said[0] else "3D" if "does not exist" in said[0] else "08"
        state = "08" if state.startswith("57P") else state  # ended by whoever keeps the server
        sentence = _SERVER.get(state) or _SERVER.get(state[:2]) or _OTHERWISE
        return sentence(place=self, error=said[0])


Place = SqliteFile | Server


@contextmanager
def connected(url: URL) -> Iterator[Connection]:
    """A transaction of its own."""
    from sqlalchemy import NullPool, create_engine

    with create_engine(url, poolclass=NullPool).begin() as connection:
        yield connection


def _make(connection: Connection) -> None:
    """Make an empty gradebook, as nbgrader's `Gradebook` does in steps. That one starts the program `alembic` to learn the
    version of its tables, which takes two seconds; here the package is asked."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR
    from sqlalchemy import text

    api = nbgrader_api()
    api.Base.metadata.create_all(connection)
    version = ScriptDirectory(ALEMBIC_DIR).get_current_head()
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    connection.execute(api.Course.__table__.insert(), {"id": "default_course"})


def named(address: str, folder: Path = Path()) -> Path | Server:
    """What an instructor calls a gradebook: the path of a SQLite file, or a URL as SQLAlchemy and nbgrader take it.

    Args:
        folder: what relative paths start from.

    Raises:
        CourseError: it is neither, and the message does not repeat it, since it may hold a password.
    """
    if "://" not in address:
        return folder / address
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        example = "postgresql+psycopg://ada@db.example.org/course"
        raise CourseError(told("The gradebook's address is not a URL such as {example}.", example=example)) from None
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return folder / url.database
    if kind != "postgresql":
        raise CourseError(
            told("A gradebook is kept in a SQLite file or on a PostgreSQL server, not in {kind}.", kind=url.drivername)
        )
    if "@" in (url.host or ""):
        raise CourseError(told("In the gradebook's address, an @ in the password is written %40."))
    return Server(url)


@contextmanager
def as_a_sentence(place: Place) -> Iterator[None]:
    """What a database complains of meanwhile, under whichever wrapping, becomes a GradebookError."""
    try:
        yield
    except GradebookError:
        raise
    except Exception as error:
        if (found := cause(error)) is None:
            raise
        raise GradebookError(place.sentence(found)) from error


def cause(error: BaseException) -> Exception | None:
    """What a database complained of, if that is at the bottom of an error."""
    found: Any = error
    while found is not None:
        if isinstance(found, sqlite3.Error):
            return found
        if (driver := getattr(found, "orig", None)) is not None:  # as SQLAlchemy wraps what any driver raises
            return driver if isinstance(driver, Exception) else None
        found = found.__cause__ or found.__context__
    return None


def nbgrader_api() -> Any:
    """nbgrader's classes. Only who writes or reads a gradebook pays for the import, which takes 0.9 s. It was 1.5 s with the
    grammar of internationalized addresses, which jsonschema goes without, and nbformat never asks it for."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        from nbgrader import api
    except ImportError as error:
        sentence = told(
            "A gradebook needs nbgrader, and it cannot be imported ({error}). Install it: pip install nbgrader", error=error
        )
        raise GradebookError(sentence) from error
    return api
