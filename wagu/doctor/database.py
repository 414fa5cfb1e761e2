"""The database: does it answer, and is its schema the one that we know. Nothing is migrated."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from wagu.db.engine import Database
from wagu.db.migrate import head, revision, works_since
from wagu.doctor.finding import Finding, ok, problem

ANSWER_WITHIN = 5.0


async def check(url: str) -> list[Finding]:
    db = Database(url)
    shown = db.url.render_as_string()
    if db.url.get_backend_name() == "sqlite" and not _there(db.url.database):
        await db.close()
        return [ok("database", f"{db.url.database} will be made by the first start")]
    try:
        async with asyncio.timeout(ANSWER_WITHIN), db.read() as connection:
            found = await connection.run_sync(revision)
            since = await connection.run_sync(works_since)
    except TimeoutError:
        return [problem("database", f"{shown} does not answer", "Is it running and let us in?")]
    except (OSError, SQLAlchemyError) as error:
        why = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
        text = f"{shown} cannot be used: {str(why).splitlines()[0]}"
        return [problem("database", text, "Is it running, and WAGU_DATABASE_URL right?")]
    finally:
        await db.close()
    return [_standing(found, since, head())]


def _there(path: str | None) -> bool:
    return path is not None and Path(path).exists()


def _standing(found: str | None, since: str | None, newest: str) -> Finding:
    if found is None or found < newest:
        behind = "empty" if found is None else f"at revision {found} of {newest}"
        return ok("database", f"{behind}: the next start brings it to {newest}")
    if found > newest and since is not None and since <= newest:
        return ok("database", f"of a newer version (revision {found}), which suits this one, too")
    if found > newest:
        text = f"at revision {found}, and this version knows {newest}"
        return problem("database", text, "A newer version wrote it: install that, or a backup.")
    return ok("database", f"answers, at revision {newest}")
