"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from seeds.invent import Row
from wagu.db.schema import member, menu, place, post

BATCH = 20_000
COUNTED = (member, place, post, menu)
"""Tables whose ids the database counts up itself, from here on."""


async def write(
    connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Iterable[Row]
) -> int:
    """How many rows that were."""
    total, pending = 0, iter(rows)
    while batch := list(islice(pending, BATCH)):
        total += len(batch)
        if connection.dialect.name == "postgresql":
            await _copy(connection, table.name, columns, batch)
        else:
            await _insert(connection, table.name, columns, batch)
    return total


async def is_empty(connection: AsyncConnection) -> bool:
    members = await connection.execute(select(func.count()).select_from(member))
    return members.scalar_one() == 0


async def finish(connection: AsyncConnection) -> None:
    """Ids go on after ours, and the planner knows what there is."""
    if connection.dialect.name == "postgresql":
        for table in COUNTED:
            highest = f"(SELECT coalesce(max(id), 1) FROM {table.name})"
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            await connection.execute(text(f"SELECT setval({sequence}, {highest})"))
    await connection.execute(text("ANALYZE"))


async def _copy(
    connection: AsyncConnection, table: str, columns: Sequence[str], rows: list[Row]
) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table(table, records=rows, columns=columns)


async def _insert(
    connection: AsyncConnection, table: str, columns: Sequence[str], rows: list[Row]
) -> None:
    marks = ", ".join("?" for _ in columns)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    plain = [tuple(_plain(value) for value in row) for row in rows]
    await connection.exec_driver_sql(statement, plain)


def _plain(value: Any) -> Any:
    """As SQLAlchemy stores it."""
    return value.isoformat() if isinstance(value, datetime.date) else value
