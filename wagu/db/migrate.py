"""Brings the schema to the newest revision. Asks first, with one query: alembic takes 0.2 s to
import, and a start that has nothing to migrate must not pay for it."""

from __future__ import annotations

from pathlib import Path

import structlog
from sqlalchemy import Connection, delete, insert, inspect, select, text

from wagu.db.engine import Database
from wagu.db.schema import WORKS_SINCE, compatibility

log = structlog.get_logger("wagu.db")

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 0x77616775  # any number that nobody else locks: "wagu"


class DatabaseIsNewer(Exception):
    """A newer version of ours made it, and this one cannot use it; the text is a readable line."""


def head() -> str:
    """The newest revision: files are named `<revision>_<what>.py`, and revisions are counted up."""
    return max(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*.py"))


async def upgrade(db: Database) -> bool:
    """True when there was something to do. The whole upgrade is one transaction. A newer database
    that still suits this version is left as it is. Raises DatabaseIsNewer."""
    async with db.read() as connection:
        found = await connection.run_sync(revision)
        is_newer = found is not None and found > head()
        since = await connection.run_sync(works_since) if is_newer else None
    if found == head():
        return False
    if is_newer:
        if since is not None and since <= head():
            log.info("= the database is of a newer version, which this one can go on with")
            return False
        raise DatabaseIsNewer(
            f"the database is at revision {found}, and this version knows {head()}: a newer one "
            "wrote it. Install that, or restore a backup of before"
        )
    async with db.write() as connection:
        await connection.run_sync(_upgrade)
    return True


def revision(connection: Connection) -> str | None:
    """Where the database stands; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def works_since(connection: Connection) -> str | None:
    """What the database says of the oldest version that it suits."""
    if not inspect(connection).has_table(compatibility.name):
        return None
    found: str | None = connection.execute(select(compatibility.c.works_since)).scalar()
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see the top of this module
    from alembic.config import Config  # noqa: PLC0415 - as above

    if connection.dialect.name == "postgresql":
        # Whoever starts at the same time waits, and finds nothing left to do; on SQLite the
        # transaction itself is exclusive.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.execute(delete(compatibility))
    connection.execute(insert(compatibility).values(id=1, works_since=WORKS_SINCE))
