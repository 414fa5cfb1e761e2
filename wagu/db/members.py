"""The rows of members. Password hashes leave this module in `Credentials` only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from wagu.db.engine import Database
from wagu.db.schema import member, setup
from wagu.domain.hangul import search_text
from wagu.domain.member import Member
from wagu.domain.person import MemberId
from wagu.errors import Conflict, Forbidden, NotFound

MEMBER_COLUMNS = (member.c.id, member.c.username, member.c.name, member.c.admin)


@dataclass(frozen=True, slots=True)
class Credentials:
    member: Member
    password_hash: str


class MemberRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def create(  # one transaction: the setup link is used up only if the member comes to be
        self,
        *,
        username: str,
        name: str,
        password_hash: str,
        now: float,
        admin: bool = False,
        setup_digest: str | None = None,
    ) -> Member:
        """Conflict `member.username_taken`; with a `setup_digest` the member is an admin, or
        Forbidden `setup.bad_token`. The first admin, however made, ends the set-up."""
        admin = admin or setup_digest is not None
        values = {
            "username": username,
            "name": name,
            "password_hash": password_hash,
            "admin": admin,
            "created_at": now,
            "search": search_text((name, username)),
        }
        try:
            async with self._db.write() as connection:
                if setup_digest is not None:
                    link = delete(setup).where(setup.c.token_sha256 == setup_digest)
                    if (await connection.execute(link)).rowcount != 1:
                        raise Forbidden("setup.bad_token", "이미 썼거나 잘못된 설치 링크예요.")
                elif admin:
                    await connection.execute(delete(setup))
                result = await connection.execute(
                    insert(member).values(values).returning(member.c.id)
                )
                member_id = MemberId(result.scalar_one())
        except IntegrityError:
            raise username_taken() from None
        return Member(member_id, username, name, admin)

    async def get(self, member_id: MemberId) -> Member:
        """NotFound `member.unknown`."""
        return await self._one(member.c.id == member_id)

    async def by_username(self, username: str) -> Member:
        """NotFound `member.unknown`."""
        return await self._one(member.c.username == username)

    async def credentials(self, username: str) -> Credentials | None:
        query = select(*MEMBER_COLUMNS, member.c.password_hash).where(member.c.username == username)
        async with self._db.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else Credentials(member_of(row), row.password_hash)

    async def exists(self, username: str) -> bool:
        query = select(member.c.id).where(member.c.username == username)
        async with self._db.read() as connection:
            return (await connection.execute(query)).first() is not None

    async def set_password_hash(
        self, member_id: MemberId, password_hash: str, *, instead_of: str | None = None
    ) -> None:
        """With `instead_of` only if that is still the hash: a re-hash must not undo a change."""
        change = update(member).where(member.c.id == member_id)
        if instead_of is not None:
            change = change.where(member.c.password_hash == instead_of)
        async with self._db.write() as connection:
            await connection.execute(change.values(password_hash=password_hash))

    async def _one(self, condition: Any) -> Member:
        async with self._db.read() as connection:
            row = (await connection.execute(select(*MEMBER_COLUMNS).where(condition))).first()
        if row is None:
            raise NotFound("member.unknown", "없는 회원이에요.")
        return member_of(row)


def username_taken() -> Conflict:
    return Conflict("member.username_taken", "이미 쓰고 있는 아이디예요.", field="username")


def member_of(row: Row[*tuple[Any, ...]]) -> Member:
    return Member(MemberId(row.id), row.username, row.name, row.admin)
