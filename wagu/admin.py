"""What `wagu migrate` and `wagu user` do: one database session each, then a sentence."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import DBAPIError

from wagu.db.admins import Admins
from wagu.db.engine import Database, DatabaseUnavailable
from wagu.db.members import MemberRows
from wagu.db.migrate import DatabaseIsNewer, head, revision
from wagu.domain.member import display_name, password_of, username_of
from wagu.errors import WaguError
from wagu.settings import Settings
from wagu.web.passwords import Passwords


class CannotDo(Exception):
    """The text is one readable line."""


def migrate(settings: Settings) -> str:
    async def work(db: Database) -> str:
        async with db.read() as connection:
            found = await connection.run_sync(revision)
        newer = f", and suits this version, which knows {head()}" if found != head() else ""
        return f"the database is at revision {found}{newer}"

    return _run(settings, work)


def add_user(
    settings: Settings, username: str, password: str, *, name: str | None, admin: bool
) -> str:
    async def work(db: Database) -> str:
        wanted = username_of(username)
        await MemberRows(db).create(
            username=wanted,
            name=display_name(name or wanted[:20]),
            password_hash=await _hashed(password),
            now=time.time(),
            admin=admin,
        )
        return f"{wanted} is a member{' and an admin' if admin else ''}"

    return _run(settings, work)


def set_password(settings: Settings, username: str, password: str) -> str:
    async def work(db: Database) -> str:
        members = MemberRows(db)
        member = await members.by_username(username_of(username))
        await members.set_password_hash(member.id, await _hashed(password))
        return f"{member.username} has a new password; sessions that are open stay open"

    return _run(settings, work)


def set_admin(settings: Settings, username: str, *, admin: bool) -> str:
    async def work(db: Database) -> str:
        member = await Admins(db).set_admin(username_of(username), admin)
        return f"{member.username} is {'an' if admin else 'no longer an'} admin"

    return _run(settings, work)


def _run(settings: Settings, work: Callable[[Database], Awaitable[str]]) -> str:
    async def session() -> str:
        db = Database(settings.database)
        try:
            await db.start()
            return await work(db)
        finally:
            await db.close()

    try:
        return asyncio.run(session())
    except WaguError as error:
        raise CannotDo(error.message) from error
    except DatabaseIsNewer as error:
        raise CannotDo(str(error)) from error
    except DatabaseUnavailable as error:
        raise CannotDo(f"the database does not answer: {error}") from error
    except DBAPIError as error:
        raise CannotDo(f"the database cannot be used: {error.orig}") from error
    except OSError as error:
        raise CannotDo(f"{error.strerror}: {error.filename}") from error


async def _hashed(password: str) -> str:
    return await Passwords().hash(password_of(password))
