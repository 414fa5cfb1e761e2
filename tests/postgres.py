"""A PostgreSQL of one's own, for tests and benches: quick to start, and it forgets everything.

It refuses to run as root: then it, and its folder, belong to the user that Debian made for it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

READY_WITHIN = 30.0  # seconds
STOPPED_WITHIN = 10.0
EMPTY = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid();
DO $$ DECLARE name text; filled boolean;
BEGIN
  FOR name IN SELECT format('public.%I', tablename) FROM pg_tables WHERE schemaname = 'public'
      AND tablename NOT IN ('alembic_version', 'compatibility') LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', name) INTO filled;
    IF filled THEN EXECUTE format('TRUNCATE %s CASCADE', name); END IF;
  END LOOP;
  PERFORM setval(format('public.%I', sequencename)::regclass, start_value, false)
     FROM pg_sequences WHERE schemaname = 'public';
END $$;
SELECT md5(string_agg(concat(conrelid::regclass, pg_get_constraintdef(oid)), ',' ORDER BY oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace;
SELECT md5(string_agg(concat(relname, relkind, attname, atttypid, attnotnull), ',' ORDER BY relname,
    attname)) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace AND nspname = 'public'
    JOIN pg_attribute ON attrelid = pg_class.oid WHERE attnum > 0;
TABLE alembic_version;
TABLE compatibility;
"""
"""Cuts all connections, takes all rows and says what is left: constraints, columns, indexes, the
version."""

UNSAFE = dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
"""Durability is PostgreSQL's to test; our tests are done sooner without."""


def find_programs() -> Path | None:
    """Where Debian's package has them, of the newest version that is installed."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: float(path.parts[4]), default=None)


class Postgres:
    """A running server; its user is `wagu`, who needs no password."""

    def __init__(self, programs: Path, settings: dict[str, str] = UNSAFE) -> None:
        self.programs = programs
        self.port = _free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="wagu-postgres-"))
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user is not None:
            shutil.chown(self.folder, self.user)
        self.process = self._start(settings)
        self._fresh: dict[str, str] = {}  # of databases that are emptied: what is left then

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://wagu@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template1") -> str:
        self._run("createdb", *self._address, "-T", template, name)
        return self.url(name)

    def emptied(self, name: str, template: str) -> str:
        """One that is kept, with nothing in it: in a tenth of the time that another one takes.
        Made anew where somebody changed what is not emptied, as tests of migrations do."""
        if name in self._fresh and self._query(name, EMPTY) != self._fresh[name]:
            self.drop(name)
            del self._fresh[name]
        if name not in self._fresh:
            self.create(name, template)
            self._fresh[name] = self._query(name, EMPTY)
        return self.url(name)

    def drop(self, name: str) -> None:
        self._run("dropdb", *self._address, "--force", name)

    def close(self) -> None:
        self.process.send_signal(signal.SIGINT)  # fast: connections are cut
        try:
            self.process.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)

    @property
    def _address(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "wagu"]

    def _start(self, settings: dict[str, str]) -> subprocess.Popen[bytes]:
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "wagu", "-A", "trust", "-E", "UTF8", "--no-locale")
        chosen = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            **settings,
        }
        options = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [self.programs / "postgres", "-D", data, *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                user=self.user,
                start_new_session=True,  # Ctrl-C on pytest reaches it through `close` only
            )
        deadline = time.monotonic() + READY_WITHIN
        while self._run("pg_isready", *self._address, "-q", check=False):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.02)
        return process

    def _query(self, name: str, sql: str) -> str:
        psql = str(self.programs / "psql")
        command = [psql, *self._address, "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", name, "-f", "-"]
        done = subprocess.run(command, input=sql, check=True, capture_output=True, text=True)
        return done.stdout.partition("\n")[2]  # without the count of connections

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, check=False, capture_output=True, user=self.user
        )
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')}")
        return done.returncode


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
