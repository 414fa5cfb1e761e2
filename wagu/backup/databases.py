"""A database as one file, consistent while it is written to, and back.

SQLite by its online backup (it copies pages, and starts over where they change), PostgreSQL by
pg_dump and pg_restore, which have to be at least as new as the server.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url


class CannotCopy(Exception):
    """The text is one readable line, without a password."""


def dump(database: str, to: Path) -> None:
    """`database` as an SQLAlchemy URL. Raises CannotCopy."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        _dump_sqlite(_path(url), to)
    else:
        _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={to}")


def restore(database: str, source: Path) -> None:
    """In place of all that is there. Nobody else may use it meanwhile. Raises CannotCopy."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        _restore_sqlite(source, _path(url))
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
        _run("pg_restore", url, *options, str(source))


def _dump_sqlite(database: Path, to: Path) -> None:
    if not database.exists():
        raise CannotCopy(f"there is no database at {database}")
    try:
        with closing(sqlite3.connect(database)) as ours, closing(sqlite3.connect(to)) as copy:
            ours.backup(copy)
            (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise CannotCopy(f"the database cannot be copied: {error}") from error
    if verdict != "ok":
        raise CannotCopy(f"the database is damaged: {verdict}")


def _restore_sqlite(source: Path, database: Path) -> None:
    # Page by page under SQLite's own locks: a server that was not stopped sees the old or the new,
    # where a file that took the other's place would leave it writing into nothing.
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(database)) as ours:
            copy.backup(ours)
    except sqlite3.Error as error:
        raise CannotCopy(f"the database cannot be written: {error}") from error


def _path(url: URL) -> Path:
    return Path(url.database or "")


def _run(program: str, url: URL, *arguments: str) -> None:
    """The password goes by the environment: arguments are for everybody to see."""
    where = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    known = {name: str(value) for name, value in where.items() if value is not None}
    if program == "pg_restore":
        arguments = (f"--dbname={url.database}", *arguments)
    command = [program, *arguments]
    environment = os.environ | known
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CannotCopy(f"{program} is needed: apt-get install postgresql-client") from None
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise CannotCopy(f"{program}: {said[0]}")
