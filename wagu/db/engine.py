"""Connections and transactions; on SQLite: WAL, foreign keys, one writer that waits its turn. On
PostgreSQL: its own ways, at READ COMMITTED, so that who reads in order to write locks what it read.
There every statement of a reader sees another moment anyway, so a reader begins no transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import greenlet_spawn

BUSY_TIMEOUT_MS = 5_000
CONNECTIONS = 10
"""Of one process, at ease; as many again in a rush."""

RESTED = 30.0
"""Seconds after which a connection is asked whether it lives: something between may have forgotten
it. That a server which stopped closed it is known without asking."""

ANSWERS_WITHIN = 2.0
"""Seconds; what has been forgotten often gives no answer at all."""

PLANNING = {
    # Who follows three and who follows three thousand need different plans: a feed took 42 ms by
    # the plan for everybody, 3 ms by one of its own, which is made in 1 ms.
    "plan_cache_mode": "force_custom_plan",
    # Compiling a query pays for those that run for seconds; ours run for milliseconds.
    "jit": "off",
}
_WRITES, _GLANCES = "wagu_writes", "wagu_glances"
_LAST_USED = "wagu_last_used"


class DatabaseUnavailable(Exception):
    """Nothing answers there; the text is one readable line, without the password."""


class Database:
    """Every query of the application goes through `read()`, `glance()` or `write()`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._engine = _engine(str(self.url.render_as_string(hide_password=False)))
        self._writer = self._engine.execution_options(**{_WRITES: True})
        self._reader = self._engine
        self._glancer = self._engine.execution_options(**{_GLANCES: True})
        if self.url.get_backend_name() != "sqlite":
            self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            self._glancer = self._reader

    async def start(self) -> None:
        """Creates the data directory and brings the schema to head; cheap when it is there.
        Errors: DatabaseUnavailable."""
        from wagu.db.migrate import upgrade  # noqa: PLC0415 - it imports this module

        if self.url.database and self.url.get_backend_name() == "sqlite":
            Path(self.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            await asyncio.to_thread(_write_ahead, self.url.database)
        try:
            await upgrade(self)
        except OSError as error:
            why = error.strerror or str(error)
            raise DatabaseUnavailable(f"{self.url.render_as_string()}: {why}") from error

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self._reader.connect() as connection:
            yield connection

    async def glance(self, query: Select[Any], parameters: Mapping[str, object]) -> Row[Any] | None:
        """The first row of a query: one statement, which sees one moment without a transaction."""

        def look() -> Row[Any] | None:
            with self._glancer.sync_engine.connect() as connection:
                return connection.execute(query, parameters).first()

        # SQLAlchemy's asynchronous connection changes over three times and has a task to close it.
        return await greenlet_spawn(look)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back by any exception."""
        async with self._writer.begin() as connection:
            yield connection

    async def ping(self) -> None:
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))


def _engine(url: str) -> AsyncEngine:
    if not url.startswith("sqlite"):
        engine = create_async_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=CONNECTIONS,
            connect_args={"server_settings": PLANNING},
        )
        event.listen(engine.sync_engine, "checkin", _put_back)
        event.listen(engine.sync_engine, "checkout", _check_alive)
        return engine
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _put_back(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_LAST_USED] = time.monotonic()


def _check_alive(connection: DBAPIConnection, entry: ConnectionPoolEntry, _user: object) -> None:
    """A server may restart while we run. SQLAlchemy's own check (`pool_pre_ping`) asks before every
    use, in a transaction: three round trips."""
    raw: Any = connection
    dead = raw.driver_connection.is_closed()
    if not dead and time.monotonic() - entry.info.get(_LAST_USED, time.monotonic()) > RESTED:
        try:
            raw.run_async(lambda asyncpg: asyncpg.execute("", timeout=ANSWERS_WITHIN))
        except Exception:  # whatever is wrong with it, another one may do
            dead = True
    if dead:
        raise DisconnectionError  # the pool makes another


def _write_ahead(path: str) -> None:
    """WAL is a property of the file. SQLite does not wait when two want to change it at once: it
    refuses one of them straight away, and that one asks again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)


def _configure_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    raw: Any = connection
    raw.isolation_level = None  # the driver begins nothing behind our back; `_begin_sqlite` does
    cursor = raw.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_GLANCES, False):
        return
    # A writer takes the lock at once: a read lock that is upgraded later fails instead of waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES, False) else "BEGIN")
