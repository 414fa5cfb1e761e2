"""The one-time link that makes the first admin: only its SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import delete, insert, select

from wagu.db.engine import Database
from wagu.db.schema import member, setup


class SetupLink:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def renew(self) -> str | None:
        """A fresh token, which replaces an earlier one; None once there is an admin."""
        token = secrets.token_urlsafe(32)
        async with self._db.write() as connection:
            await connection.execute(delete(setup))
            admins = select(member.c.id).where(member.c.admin.is_(True)).limit(1)
            if (await connection.execute(admins)).first() is not None:
                return None
            await connection.execute(insert(setup).values(id=1, token_sha256=digest(token)))
        return token

    async def opens(self, token: str) -> bool:
        query = select(setup.c.id).where(setup.c.token_sha256 == digest(token))
        async with self._db.read() as connection:
            return (await connection.execute(query)).first() is not None


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
