"""Connections and transactions; what is not marked `sql` is a matter of SQLite only."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

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
