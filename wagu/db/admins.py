"""Members as admins look after them: who there is, who is kept out, who is an admin.

Somebody who is suspended keeps their posts and cannot sign in. There is always an admin who can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, case, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.engine import Database
from wagu.db.keyset import Mark
from wagu.db.lives import end_lives
from wagu.db.members import MEMBER_COLUMNS, member_of
from wagu.db.people import is_named
from wagu.db.schema import member, setup, suspension
from wagu.domain.live import LiveId
from wagu.domain.matching import question
from wagu.domain.member import Member
from wagu.domain.people import unknown_member
from wagu.domain.person import MemberId
from wagu.errors import Conflict


class Standing(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Known:
    member: Member
    standing: Standing
    created_at: float


@dataclass(frozen=True, slots=True)
class KnownPage:
    members: list[Known]
    next: Mark | None


standing_now = case(
    (member.c.deleted_at.is_not(None), Standing.CLOSED.value),
    (suspension.c.member_id.is_not(None), Standing.SUSPENDED.value),
    else_=Standing.ACTIVE.value,
)


class Admins:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def members(
        self, text: str, standing: Standing | None, *, after: Mark | None, limit: int
    ) -> KnownPage:
        """The newest first; every word of `text` is found in the name or username. Invalid
        `search.too_long`."""
        order = (member.c.created_at, member.c.id)
        query = (
            _known()
            .where(*(is_named(word.plain) for word in question(text).words))
            .order_by(*(column.desc() for column in order))
            .limit(limit + 1)
        )
        if standing is not None:
            query = query.where(standing_now == standing.value)
        if after is not None:
            query = query.where(tuple_(*order) < (after.created_at, after.id))
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).all()
        page = rows[:limit]
        end = Mark(page[-1].created_at, page[-1].id) if len(rows) > limit else None
        return KnownPage([_known_of(row) for row in page], end)

    async def is_suspended(self, member_id: MemberId) -> bool:
        query = select(suspension.c.member_id).where(suspension.c.member_id == member_id)
        async with self._db.read() as connection:
            return (await connection.execute(query)).first() is not None

    async def suspend(self, username: str, now: float) -> tuple[Member, list[LiveId]]:
        """Whom, and their lives, now ended. Idempotent. NotFound `member.unknown`; Conflict
        `member.last_admin`."""
        async with self._db.write() as connection:
            await check_not_last(connection, username)
            found = await _locked(connection, username)
            if found.standing is not Standing.SUSPENDED:
                values = {"member_id": found.member.id, "created_at": now}
                await connection.execute(insert(suspension).values(values))
            return found.member, await end_lives(connection, found.member.id, now)

    async def unsuspend(self, username: str) -> Member:
        """Idempotent. NotFound `member.unknown`."""
        async with self._db.write() as connection:
            found = (await _locked(connection, username)).member
            await connection.execute(delete(suspension).where(suspension.c.member_id == found.id))
            return found

    async def set_admin(self, username: str, admin: bool) -> Member:
        """As they are now; an admin, however made, ends the set-up. Idempotent. NotFound
        `member.unknown`; Conflict `member.last_admin`, and `member.suspended` for one who could
        not act as one."""
        async with self._db.write() as connection:
            if not admin:
                await check_not_last(connection, username)
            found = await _locked(connection, username)
            if admin and found.standing is Standing.SUSPENDED:
                raise Conflict("member.suspended", "이용이 정지된 회원이에요.")
            theirs = member.c.id == found.member.id
            if admin:
                await connection.execute(delete(setup))
            await connection.execute(update(member).where(theirs).values(admin=admin))
            return replace(found.member, admin=admin)


async def check_not_last(connection: AsyncConnection, username: str) -> None:
    """Conflict `member.last_admin`. Until the transaction ends no other admin goes either: all of
    their rows are locked, in one order, so it is asked before any other row is."""
    acting = (
        select(member.c.username)
        .where(
            member.c.admin.is_(True),
            member.c.deleted_at.is_(None),
            member.c.id.not_in(select(suspension.c.member_id)),
        )
        .order_by(member.c.id)
        .with_for_update()
    )
    if list((await connection.execute(acting)).scalars()) == [username]:
        raise Conflict("member.last_admin", "하나뿐인 관리자예요. 먼저 다른 관리자를 정해 주세요.")


async def _locked(connection: AsyncConnection, username: str) -> Known:
    """One whose account is open."""
    there = member.c.username == username, member.c.deleted_at.is_(None)
    locked = select(member.c.id).where(*there).with_for_update()
    found = (await connection.execute(locked)).scalar_one_or_none()
    if found is None:
        raise unknown_member()
    return _known_of((await connection.execute(_known().where(member.c.id == found))).one())


def _known() -> Select[tuple[Any, ...]]:
    columns = (*MEMBER_COLUMNS, member.c.created_at, standing_now.label("standing"))
    return select(*columns).select_from(member.outerjoin(suspension))


def _known_of(row: Row[*tuple[Any, ...]]) -> Known:
    return Known(member_of(row), Standing(row.standing), row.created_at)
