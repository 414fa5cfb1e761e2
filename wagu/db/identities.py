"""Who signs in through whom: identities at providers, keyed by provider and subject."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.accounts import NO_PASSWORD, identities_of, open_account
from wagu.db.engine import Database
from wagu.db.schema import identity, member
from wagu.domain.hangul import search_text
from wagu.domain.member import Member
from wagu.domain.person import MemberId
from wagu.errors import Conflict, NotFound


class Identities:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def member(self, provider: str, subject: str) -> MemberId | None:
        """Also of a closed account."""
        query = select(identity.c.member_id).where(*_is(provider, subject))
        async with self._db.read() as connection:
            found = (await connection.execute(query)).scalar_one_or_none()
        return None if found is None else MemberId(found)

    async def link(self, member_id: MemberId, provider: str, subject: str, now: float) -> None:
        """Idempotent. Conflict `sign_in.taken` when it is somebody else's, `sign_in.linked` when
        there is another of this provider already."""
        try:
            async with self._db.write() as connection:
                await open_account(connection, member_id, lock=True)
                await _link(connection, member_id, provider, subject, now)
        except IntegrityError:  # somebody else was faster
            raise _taken() from None

    async def unlink(self, member_id: MemberId, provider: str) -> None:
        """NotFound `sign_in.not_linked`; Conflict `sign_in.last_way_in`."""
        async with self._db.write() as connection:
            row = await open_account(connection, member_id, lock=True)
            linked = await identities_of(connection, member_id)
            if provider not in {one.provider for one in linked}:
                raise NotFound("sign_in.not_linked", "연결되어 있지 않아요.")
            if row.password_hash == NO_PASSWORD and len(linked) == 1:
                raise Conflict(
                    "sign_in.last_way_in",
                    "로그인할 다른 방법이 없어요. 먼저 비밀번호를 정해 주세요.",
                )
            theirs = identity.c.member_id == member_id, identity.c.provider == provider
            await connection.execute(delete(identity).where(*theirs))

    async def sign_up(
        self, *, username: str, name: str, provider: str, subject: str, now: float
    ) -> Member:
        """A member without a password. Conflict `member.username_taken`, `sign_in.taken`."""
        values = {
            "username": username,
            "name": name,
            "password_hash": NO_PASSWORD,
            "admin": False,
            "created_at": now,
            "search": search_text((name, username)),
        }
        try:
            async with self._db.write() as connection:
                statement = insert(member).values(values).returning(member.c.id)
                member_id = MemberId((await connection.execute(statement)).scalar_one())
                await _link(connection, member_id, provider, subject, now)
        except IntegrityError:
            raise Conflict("member.username_taken", "이미 쓰고 있는 아이디예요.") from None
        return Member(member_id, username, name, admin=False)


async def _link(
    connection: AsyncConnection, member_id: MemberId, provider: str, subject: str, now: float
) -> None:
    query = select(identity.c.member_id).where(*_is(provider, subject))
    owner = (await connection.execute(query)).scalar_one_or_none()
    if owner == member_id:
        return
    if owner is not None:
        raise _taken()
    if provider in {one.provider for one in await identities_of(connection, member_id)}:
        raise Conflict("sign_in.linked", "이미 연결했어요. 먼저 연결을 끊어 주세요.")
    values = {
        "provider": provider,
        "subject": subject,
        "member_id": member_id,
        "created_at": now,
    }
    await connection.execute(insert(identity).values(values))


def _is(provider: str, subject: str) -> tuple[Any, ...]:
    return identity.c.provider == provider, identity.c.subject == subject


def _taken() -> Conflict:
    return Conflict("sign_in.taken", "이미 다른 회원에게 연결된 계정이에요.")
