"""One's own account: what others see of it, its password, its sign-ins, its end.

A closed account is invisible and waits 30 days for its owner to change their mind; then everything
of theirs goes. The places they added stay, as others have eaten there, and forget who added them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.admins import check_not_last
from wagu.db.engine import Database
from wagu.db.lives import end_lives
from wagu.db.photos import release, use
from wagu.db.schema import identity, member, photo
from wagu.domain.account import GRACE, Account, Change, Identity
from wagu.domain.hangul import search_text
from wagu.domain.live import LiveId
from wagu.domain.member import Member
from wagu.domain.people import unknown_member
from wagu.domain.person import MemberId
from wagu.domain.photo import PhotoId
from wagu.errors import Invalid

NO_PASSWORD = ""
"""In place of a hash, of somebody who only ever signed in elsewhere: no password matches it."""


@dataclass(frozen=True, slots=True)
class Closed:
    member: Member
    closed_at: float


class Accounts:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, member_id: MemberId) -> Account:
        """NotFound `member.unknown`, also for a closed one."""
        async with self._db.read() as connection:
            row = await open_account(connection, member_id)
            identities = await identities_of(connection, member_id)
        return Account(
            member=_member_of(row),
            bio=row.bio,
            photo=row.photo_id,
            has_password=row.password_hash != NO_PASSWORD,
            identities=tuple(identities),
            created_at=row.created_at,
        )

    async def password_hash(self, member_id: MemberId) -> str | None:
        async with self._db.read() as connection:
            row = await open_account(connection, member_id)
        return None if row.password_hash == NO_PASSWORD else str(row.password_hash)

    async def change(self, member_id: MemberId, wanted: Change) -> list[PhotoId]:
        """The photos that nothing shows any more. Invalid `photo.unknown` for one that is not
        theirs."""
        async with self._db.write() as connection:
            row = await open_account(connection, member_id, lock=True)
            values: dict[str, Any] = {}
            if wanted.name is not None:
                values["name"] = wanted.name
                values["search"] = search_text((wanted.name, row.username))
            if wanted.bio is not None:
                values["bio"] = wanted.bio
            if wanted.photo_given:
                shown = set() if wanted.photo is None else {wanted.photo}
                if not await use(connection, member_id, shown):
                    raise Invalid("photo.unknown", "없는 사진이에요.", field="photo_id")
                values["photo_id"] = wanted.photo
            if not values:
                return []
            await connection.execute(update(member).where(member.c.id == member_id).values(values))
            before = row.photo_id
            gone = wanted.photo_given and before is not None and before != wanted.photo
            return await release(connection, [PhotoId(before)]) if gone else []

    async def close(self, member_id: MemberId, now: float) -> list[LiveId]:
        """The lives that they hosted, now ended. Conflict `member.last_admin`."""
        async with self._db.write() as connection:
            await check_not_last(connection, (await open_account(connection, member_id)).username)
            await open_account(connection, member_id, lock=True)
            mine = member.c.id == member_id
            await connection.execute(update(member).where(mine).values(deleted_at=now))
            return await end_lives(connection, member_id, now)

    async def closed(self, member_id: MemberId) -> Closed | None:
        """None when it is open, or was never there."""
        there = member.c.id == member_id, member.c.deleted_at.is_not(None)
        async with self._db.read() as connection:
            row = (await connection.execute(select(member).where(*there))).first()
        return None if row is None else Closed(_member_of(row), row.deleted_at)

    async def restore(self, member_id: MemberId, now: float) -> Member:
        """NotFound `member.unknown` when the grace is over."""
        in_time = (member.c.id == member_id) & (member.c.deleted_at > now - GRACE)
        back = update(member).where(in_time).values(deleted_at=None)
        async with self._db.write() as connection:
            found = await connection.execute(
                back.returning(member.c.id, member.c.username, member.c.name, member.c.admin)
            )
            row = found.first()
        if row is None:
            raise unknown_member()
        return _member_of(row)

    async def sweep(self, now: float) -> set[str] | None:
        """Remove one account whose grace is over; the digests of its pictures. None: no more."""
        due = select(member.c.id).where(member.c.deleted_at <= now - GRACE).limit(1)
        async with self._db.write() as connection:
            found = (await connection.execute(due.with_for_update())).scalar_one_or_none()
            if found is None:
                return None
            theirs = select(photo.c.digest).where(photo.c.owner_id == found)
            digests = set((await connection.execute(theirs)).scalars())
            # Their face and they refer to each other; the rest goes by itself.
            face = update(member).where(member.c.id == found).values(photo_id=None)
            await connection.execute(face)
            await connection.execute(delete(member).where(member.c.id == found))
        return digests


async def open_account(
    connection: AsyncConnection, member_id: MemberId, *, lock: bool = False
) -> Any:
    query = select(member).where(member.c.id == member_id, member.c.deleted_at.is_(None))
    found = (await connection.execute(query.with_for_update() if lock else query)).first()
    if found is None:
        raise unknown_member()
    return found


async def identities_of(connection: AsyncConnection, member_id: MemberId) -> list[Identity]:
    query = select(identity.c.provider, identity.c.created_at)
    query = query.where(identity.c.member_id == member_id).order_by(identity.c.created_at)
    return [Identity(row.provider, row.created_at) for row in await connection.execute(query)]


def _member_of(row: Any) -> Member:
    return Member(MemberId(row.id), row.username, row.name, row.admin)
