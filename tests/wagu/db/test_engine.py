"""Connections and transactions; what is not marked `sql` is a matter of SQLite only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import asyncpg
import pytest
from sqlalchemy import bindparam, func, insert, make_url, select, text
from sqlalchemy.exc import IntegrityError

from wagu.db.engine import Database
from wagu.db.schema import live, member

ROW = {"name": "x", "password_hash": "x", "admin": False, "created_at": 1.0}


async def count(db) -> int:
    async with db.read() as connection:
        return (await connection.execute(select(func.count()).select_from(member))).scalar_one()


async def test_pragmas(db):
    async with db.read() as connection:
        for pragma, value in [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000)]:
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar() == value


@pytest.mark.sql
async def test_what_fails_leaves_nothing(db):
    async def fail() -> None:
        async with db.write() as connection:
            await connection.execute(insert(member).values(username="abc", **ROW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(db) == 0


@pytest.mark.sql
async def test_foreign_keys_hold(db):
    row = {"id": "x", "title": "x", "host_id": 1, "state": "waiting", "created_at": 1.0}
    with pytest.raises(IntegrityError):
        async with db.write() as connection:
            await connection.execute(insert(live).values(peak_viewers=0, **row))


async def test_writers_wait_for_each_other(db):
    """Read, then write what was read plus one: lost updates or `database is locked` show here."""
    async with db.write() as connection:
        await connection.execute(insert(member).values(username="abc", **ROW))

    async def increment() -> None:
        async with db.write() as connection:
            seen = (await connection.execute(select(member.c.created_at))).scalar_one()
            await connection.execute(member.update().values(created_at=seen + 1))

    await asyncio.gather(*(increment() for _ in range(20)))
    async with db.read() as connection:
        assert (await connection.execute(select(member.c.created_at))).scalar_one() == 21.0


@pytest.mark.sql
async def test_readers_do_not_wait_for_a_writer(db):
    async with db.write() as connection:
        await connection.execute(insert(member).values(username="abc", **ROW))
        async with asyncio.timeout(2):
            assert await count(db) == 0
    assert await count(db) == 1


async def test_who_glances_begins_no_transaction(db, monkeypatch):
    begun = []
    monkeypatch.setattr(
        "sqlalchemy.engine.base.Connection.exec_driver_sql",
        lambda _, statement, *rest: begun.append(statement),
    )
    assert await db.glance(select(1), {}) == (1,)
    assert begun == []
    await count(db)
    assert begun == ["BEGIN"]


@pytest.mark.sql
async def test_a_glance_sees_what_was_written_and_nothing_else(db):
    query = select(member.c.name).where(member.c.username == bindparam("who"))
    async with db.write() as connection:
        await connection.execute(insert(member).values(username="abc", **ROW))
        assert await db.glance(query, {"who": "abc"}) is None
    assert (await db.glance(query, {"who": "abc"})).name == "x"
    assert await db.glance(query, {"who": "def"}) is None


@pytest.mark.sql
async def test_who_stops_waiting_for_a_glance_takes_no_connection_along(db):
    asked = [asyncio.create_task(db.glance(select(1), {})) for _ in range(40)]
    for wait, one in enumerate(asked):
        asyncio.get_running_loop().call_later(wait / 10_000, one.cancel)
    await asyncio.wait(asked)
    assert db._engine.pool.checkedout() == 0
    assert await db.glance(select(1), {}) == (1,)


@pytest.mark.sql
async def test_the_id_of_a_deleted_member_never_comes_back(db):
    ids = []
    for username in ("abc", "def"):
        async with db.write() as connection:
            statement = insert(member).values(username=username, **ROW).returning(member.c.id)
            ids.append((await connection.execute(statement)).scalar_one())
            await connection.execute(member.delete())
    assert ids == [1, 2]


@pytest.mark.sql
async def test_ping(db):
    await db.ping()


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[Database]:
    one = Database(postgres_url)
    await one.start()
    yield one
    await one.close()


async def used(db: Database) -> set[int]:
    """The server's processes behind five connections at the same time."""
    pids = set()
    async with AsyncExitStack() as stack:
        for _ in range(5):
            connection = await stack.enter_async_context(db.read())
            pids.add((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())
    return pids


async def end(pids: set[int], url: str) -> None:
    """As a restart of the server ends its connections."""
    other = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string())
    await other.execute("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", pids)
    await other.close()


async def test_connections_that_the_server_ended_are_replaced(postgres, postgres_url):
    before = await used(postgres)
    assert await used(postgres) == before
    await end(before, postgres_url)
    await asyncio.sleep(0.1)
    assert not before & await used(postgres)
    async with postgres.write() as connection:
        await connection.execute(insert(member).values(username="abc", **ROW))
    assert await count(postgres) == 1


@pytest.mark.parametrize(
    "answer", [TimeoutError(), asyncpg.ConnectionDoesNotExistError("reset"), OSError("unreachable")]
)
async def test_a_connection_that_rested_is_asked(postgres, monkeypatch, answer):
    """Something between forgot it, and says so to what is sent, or says nothing."""
    before = await used(postgres)
    monkeypatch.setattr("wagu.db.engine.RESTED", 0.0)
    asked = []

    async def ask(connection: asyncpg.Connection, *_: object, **__: object) -> None:
        asked.append(connection.get_server_pid())
        raise answer

    monkeypatch.setattr(asyncpg.Connection, "execute", ask)
    assert not before & await used(postgres)
    assert set(asked) == before


async def test_a_reader_of_postgresql_begins_no_transaction(postgres):
    async with postgres.read() as connection:
        for _ in range(2):
            moment = await connection.execute(text("SELECT txid_current_if_assigned(), now()"))
            begun = (await connection.execute(text("SELECT now()"))).scalar_one()
            assert begun > moment.one()[1]
