"""Migrations: they make what schema.py says, once, in one transaction."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select, text

from wagu.db.clusters import Clusters
from wagu.db.engine import Database, DatabaseUnavailable
from wagu.db.migrate import MIGRATIONS, DatabaseIsNewer, head, revision, upgrade
from wagu.db.schema import WORKS_SINCE, member, metadata
from wagu.db.search import Search
from wagu.domain.place import Box

COLUMNS = {
    "member": "id, username, name, password_hash, admin, created_at",
    "place": "id, name, lat, lng, category, address, search, created_by, created_at",
}


@pytest.fixture
def empty_url(engine, request, tmp_path) -> str:
    """Of a database without a table."""
    if engine == "postgresql":
        return request.getfixturevalue("empty_postgres_url")
    return f"sqlite+aiosqlite:///{tmp_path}/wagu.db"


def to_revision(connection: Connection, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if target == "base" else command.upgrade)(config, target)


@pytest.mark.sql
async def test_migrations_make_the_schema(db):
    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with db.read() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(revision) == head()
        checks = await connection.run_sync(lambda sync: inspect(sync).get_check_constraints("live"))
    assert [check["name"] for check in checks] == ["ck_live_state"]


async def test_revisions_are_a_line_that_ends_at_head():
    files = sorted(path.name for path in MIGRATIONS.glob("versions/[0-9]*.py"))
    assert files[-1].startswith(f"{head()}_")
    assert len({name.partition("_")[0] for name in files}) == len(files)


@pytest.mark.sql
async def test_a_second_start_finds_nothing_to_do(db, db_url):
    assert await upgrade(db) is False
    again = Database(db_url)
    await again.start()
    async with again.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(member))).scalar() == 0
    await again.close()


@pytest.mark.sql
async def test_two_that_start_at_once_migrate_once(empty_url):
    both = [Database(empty_url), Database(empty_url)]
    await asyncio.gather(*(one.start() for one in both))
    async with both[0].read() as connection:
        assert await connection.run_sync(revision) == head()
    await asyncio.gather(*(one.close() for one in both))


@pytest.mark.sql
async def test_what_was_written_before_goes_into_the_index(empty_url):
    """From 0002 to head: a place and a member of an older version are found and drawn."""
    db = Database(empty_url)
    async with db.write() as connection:
        await connection.run_sync(lambda sync: to_revision(sync, "0002"))
        for table, row in (
            ("member", "1, 'jimin', '지민', 'x', false, 1.0"),
            ("place", "1, '신당동 떡볶이', 37.5, 127.0, NULL, NULL, '', 1, 1.0"),
        ):
            await connection.execute(text(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({row})"))
    await db.start()
    found = await Search(db).places("ㄸㅂㅇ", box=None, limit=5, after=0)
    assert [one.name for one in found.places] == ["신당동 떡볶이"]
    drawn = await Clusters(db).inside(Box(37, 126, 38, 128), zoom=12, category=None, viewer=None)
    assert [cluster.count for cluster in drawn] == [1]
    async with db.read() as connection:
        assert "ㅈㅣㅁㅣㄴ" in (await connection.execute(select(member.c.search))).scalar_one()
    await db.close()


@pytest.mark.sql
async def test_there_is_a_way_back(empty_url):
    db = Database(empty_url)
    await db.start()
    async with db.write() as connection:
        await connection.run_sync(lambda sync: to_revision(sync, "base"))
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(left) <= {"alembic_version", "sqlite_sequence"}
    await db.close()


async def test_nobody_answers(free_port):
    db = Database(f"postgresql+asyncpg://wagu:secret@127.0.0.1:{free_port()}/wagu")
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1") as refused:
        await db.start()
    assert "secret" not in str(refused.value)
    await db.close()


def test_a_start_without_work_never_imports_alembic(empty_url):
    program = f"""
import asyncio, sys
from wagu.db.engine import Database

async def start():
    db = Database({empty_url!r})
    await db.start()
    await db.close()

asyncio.run(start())
print("alembic" in sys.modules)
"""
    said = [
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        for _ in range(2)
    ]
    assert [run.stdout.strip() for run in said] == ["True", "False"]


# ------------------------------------------------------------------- two releases side by side


def shape(connection: Connection) -> dict[str, dict[str, str]]:
    """Tables, their columns, and of what type those are."""
    found = inspect(connection)
    return {
        table: {each["name"]: str(each["type"]) for each in found.get_columns(table)}
        for table in found.get_table_names()
    }


def needed(connection: Connection) -> set[tuple[str, str]]:
    """Columns that whoever adds a row has to fill."""
    found = inspect(connection)
    return {
        (table, each["name"])
        for table in found.get_table_names()
        for each in found.get_columns(table)
        if not each["nullable"] and each["default"] is None and not each.get("autoincrement")
    }


@pytest.mark.sql
async def test_since_the_oldest_release_that_works_migrations_only_add(empty_url: str) -> None:
    db = Database(empty_url)
    async with db.write() as connection:
        await connection.run_sync(to_revision, WORKS_SINCE)
        before, filled = await connection.run_sync(shape), await connection.run_sync(needed)
        await connection.run_sync(to_revision, "head")
        after, filled_now = await connection.run_sync(shape), await connection.run_sync(needed)
    for table, kept in before.items():
        assert kept.items() <= after[table].items(), table
    assert {each for each in filled_now - filled if each[0] in before} == set()
    await db.close()


@pytest.mark.sql
@pytest.mark.parametrize(("since", "goes_on"), [("0000", True), ("9999", False)])
async def test_an_older_release_goes_on_where_the_newer_one_says_so(
    empty_url: str, since: str, goes_on: bool
) -> None:
    db = Database(empty_url)
    await db.start()
    async with db.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await connection.execute(
            text("UPDATE compatibility SET works_since = :since"), {"since": since}
        )
    if goes_on:
        assert await upgrade(db) is False
    else:
        with pytest.raises(DatabaseIsNewer, match="9999"):
            await upgrade(db)
    await db.close()
