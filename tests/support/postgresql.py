"""A PostgreSQL server of its own for a run of tests, where Debian's or another `initdb` is there: fresh, and ended after."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL, NullPool, create_engine, text


def programs():
    """The folder of `initdb` and `pg_ctl`; None where there is none."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    return Path(found).parent if found else folders[-1] if folders else None


class Server:
    """A running server. Its databases are named by the URLs that are given out."""

    def __init__(self, port, password):
        self.password = password
        self._url = URL.create("postgresql+psycopg", "ada", password, "127.0.0.1", port, "postgres")
        self._numbers = count()

    def database(self, template="template1"):
        """The URL of a new database, a copy of another one."""
        name = f"course_{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def url(self, database):
        return self._url.set(database=database).render_as_string(hide_password=False)

    def say(self, statement):
        """Run a statement as another client does; its rows."""
        with create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            done = connection.execute(text(statement))
            return done.all() if done.returns_rows else []

    def cut(self, database):
        """End every connection to a database, as whoever keeps the server can."""
        self.say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")


@contextmanager
def running(folder_of_programs):
    """A server on a free port, as a user who may run one: it refuses to be root's."""
    user = _somebody() if os.geteuid() == 0 else {}
    password = secrets.token_hex(8)
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        if user:
            os.chown(folder, user["user"], user["group"])
        data, secret = Path(folder, "data"), Path(folder, "password")
        secret.write_text(password)
        secret.chmod(0o644)

        def run(program, *words):
            command = [folder_of_programs / program, "--pgdata", data, *words]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)

        run("initdb", "--username=ada", f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        run("pg_ctl", "start", "--wait", "--log", Path(folder, "log"), "--options", options)
        try:
            yield Server(port, password)
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate")


def _somebody() -> dict[str, Any]:
    """Debian's user for this, or nobody in particular."""
    users = {each.pw_name: each for each in pwd.getpwall()}
    chosen = users.get("postgres") or users["nobody"]
    return {"user": chosen.pw_uid, "group": chosen.pw_gid, "extra_groups": []}
