"""Follows, blocks and profiles. Whom somebody may not see is not there: one who blocked them, or
whose account is closed. Whom they blocked themselves they still find by name, to make up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    RowMapping,
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.engine import Database
from wagu.db.keyset import Mark
from wagu.db.schema import block, follow, member, post
from wagu.db.visibility import blocked_with, visible_to
from wagu.domain.hangul import is_initials, spell
from wagu.domain.matching import question
from wagu.domain.people import (
    FOLLOWINGS_MAX,
    Bond,
    Profile,
    Someone,
    not_oneself,
    unknown_member,
)
from wagu.domain.person import MemberId
from wagu.errors import Conflict

STAYS = member.c.deleted_at.is_(None)


@dataclass(frozen=True, slots=True)
class People:
    """`next` is where the following page begins, None at the end."""

    people: list[Someone]
    next: Mark | None


@dataclass(frozen=True, slots=True)
class Found:
    """`next` is how many precede the following page, None at the end."""

    people: list[Someone]
    next: int | None


class PeopleRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def profile(self, username: str, viewer: MemberId | None) -> Profile:
        """NotFound `member.unknown`."""
        query = select(
            *_someone(viewer), member.c.bio, _posts(viewer), _followers(), _followings()
        ).where(member.c.username == username, STAYS, ~_blocks_viewer(viewer))
        async with self._db.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise unknown_member()
        return Profile(
            _someone_of(row), row["bio"], row["posts"], row["followers"], row["followings"]
        )

    async def followers(
        self, of: MemberId, viewer: MemberId | None, *, after: Mark | None, limit: int
    ) -> People:
        """Who follows them, the latest first."""
        joined = follow.c.follower_id == member.c.id
        return await self._list(follow, joined, follow.c.followee_id == of, viewer, after, limit)

    async def followings(
        self, of: MemberId, viewer: MemberId | None, *, after: Mark | None, limit: int
    ) -> People:
        """Whom they follow, the latest first."""
        joined = follow.c.followee_id == member.c.id
        return await self._list(follow, joined, follow.c.follower_id == of, viewer, after, limit)

    async def blocked(self, by: MemberId, *, after: Mark | None, limit: int) -> People:
        """Whom they blocked, the latest first; also those who blocked them back."""
        joined = block.c.blocked_id == member.c.id
        mine = block.c.blocker_id == by
        return await self._list(block, joined, mine, by, after, limit, hidden=False)

    async def search(self, text: str, viewer: MemberId, *, limit: int, after: int) -> Found:
        """By username or name, or their first consonants; every word must be found. Names that
        begin with the first word come first. Invalid `search.too_long`."""
        asked = [word.plain for word in question(text).words]
        if not asked:
            return Found([], None)
        begins = case((_begins(asked[0]), 0), else_=1)
        query = (
            select(*_someone(viewer))
            .where(STAYS, member.c.id.not_in(blocked_with(viewer)), *map(is_named, asked))
            .order_by(begins, member.c.username != asked[0], member.c.id)
            .limit(limit + 1)
            .offset(after)
        )
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        people = [_someone_of(row) for row in rows[:limit]]
        return Found(people, after + limit if len(rows) > limit else None)

    async def follow(self, me: MemberId, username: str, now: float) -> None:
        """Idempotent. NotFound `member.unknown`; Conflict `member.oneself`, `follow.blocked`,
        `follow.too_many`."""
        async with self._db.write() as connection:
            other = await _pair(connection, me, username)
            if await _there(connection, block, (me, other)):
                raise Conflict("follow.blocked", "차단한 사람이에요. 먼저 차단을 풀어 주세요.")
            if await _there(connection, follow, (me, other)):
                return
            mine = select(func.count()).where(follow.c.follower_id == me)
            if (await connection.execute(mine)).scalar_one() >= FOLLOWINGS_MAX:
                raise Conflict("follow.too_many", "더 팔로우할 수 없어요.")
            values = {"follower_id": me, "followee_id": other, "created_at": now}
            await connection.execute(insert(follow).values(values))

    async def unfollow(self, me: MemberId, username: str) -> None:
        """Idempotent. NotFound `member.unknown`; Conflict `member.oneself`."""
        async with self._db.write() as connection:
            other = await _pair(connection, me, username)
            await connection.execute(delete(follow).where(_follows(me, other)))

    async def block(self, me: MemberId, username: str, now: float) -> MemberId:
        """Cuts follows in both directions; whom they blocked. Idempotent. NotFound
        `member.unknown`; Conflict `member.oneself`."""
        async with self._db.write() as connection:
            other = await _pair(connection, me, username)
            cut = or_(_follows(me, other), _follows(other, me))
            await connection.execute(delete(follow).where(cut))
            if not await _there(connection, block, (me, other)):
                values = {"blocker_id": me, "blocked_id": other, "created_at": now}
                await connection.execute(insert(block).values(values))
            return other

    async def unblock(self, me: MemberId, username: str) -> None:
        """Idempotent; nobody follows anybody afterwards. Also of one who blocked back."""
        known = select(member.c.id).where(member.c.username == username, STAYS)
        mine = and_(block.c.blocker_id == me, block.c.blocked_id.in_(known))
        async with self._db.write() as connection:
            if (await connection.execute(delete(block).where(mine))).rowcount == 0:
                await _pair(connection, me, username)

    async def _list(
        self,
        table: Table,
        joined: ColumnElement[bool],
        which: ColumnElement[bool],
        viewer: MemberId | None,
        after: Mark | None,
        limit: int,
        *,
        hidden: bool = True,
    ) -> People:
        order = (table.c.created_at, member.c.id)
        query = (
            select(*_someone(viewer), table.c.created_at)
            .select_from(table.join(member, joined))
            .where(which, STAYS)
            .order_by(*(column.desc() for column in order))
            .limit(limit + 1)
        )
        if hidden and viewer is not None:
            query = query.where(member.c.id.not_in(blocked_with(viewer)))
        if after is not None:
            query = query.where(tuple_(*order) < (after.created_at, after.id))
        async with self._db.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        page = rows[:limit]
        end = Mark(page[-1]["created_at"], page[-1]["id"]) if len(rows) > limit else None
        return People([_someone_of(row) for row in page], end)


async def _pair(connection: AsyncConnection, me: MemberId, username: str) -> MemberId:
    """The other of a pair, both rows locked in one order: on PostgreSQL a follow and a block at
    the same time would not see each other."""
    either = or_(member.c.id == me, member.c.username == username)
    query = select(member.c.id, member.c.username).where(either, STAYS).order_by(member.c.id)
    rows = (await connection.execute(query.with_for_update())).all()
    other = next((row.id for row in rows if row.username == username), None)
    if other == me:
        raise not_oneself()
    if other is None or await _there(connection, block, (other, me)):
        raise unknown_member()
    return MemberId(other)


async def _there(connection: AsyncConnection, table: Table, pair: tuple[int, int]) -> bool:
    query = select(literal(1)).where(tuple_(*table.primary_key.columns) == pair)
    return (await connection.execute(query)).first() is not None


def _follows(follower: MemberId, followee: MemberId) -> ColumnElement[bool]:
    return and_(follow.c.follower_id == follower, follow.c.followee_id == followee)


def _someone(viewer: MemberId | None) -> list[Any]:
    """The columns that `_someone_of` reads."""
    return [
        member.c.id,
        member.c.username,
        member.c.name,
        member.c.photo_id,
        _bond(follow, "follower_id", "followee_id", viewer).label("follows"),
        _bond(follow, "followee_id", "follower_id", viewer).label("followed"),
        _bond(block, "blocker_id", "blocked_id", viewer).label("blocks"),
    ]


def _bond(table: Table, mine: str, theirs: str, viewer: MemberId | None) -> ColumnElement[bool]:
    if viewer is None:
        return false()
    bond = table.alias()  # a list of followers reads the same table
    return exists().where(bond.c[mine] == viewer, bond.c[theirs] == member.c.id)


def _blocks_viewer(viewer: MemberId | None) -> ColumnElement[bool]:
    return _bond(block, "blocked_id", "blocker_id", viewer)


def _posts(viewer: MemberId | None) -> Label[int]:
    count = select(func.count()).where(post.c.author_id == member.c.id, visible_to(viewer))
    return _count(count.select_from(post), "posts")


def _followers() -> Label[int]:
    return _bonds(follow.c.follower_id, follow.c.followee_id, "followers")


def _followings() -> Label[int]:
    return _bonds(follow.c.followee_id, follow.c.follower_id, "followings")


def _bonds(others: ColumnElement[int], theirs: ColumnElement[int], name: str) -> Label[int]:
    left = select(member.c.id).where(member.c.deleted_at.is_not(None)).correlate(None)
    count = select(func.count()).where(theirs == member.c.id, others.not_in(left))
    return _count(count.select_from(follow), name)


def _count(query: Select[int], name: str) -> Label[int]:
    return query.correlate(member).scalar_subquery().label(name)


def is_named(word: str) -> ColumnElement[bool]:
    if is_initials(word) and len(word) > 1:
        return member.c.search.like(f"%#%{word}%")
    spelled = member.c.search.contains(spell(word), autoescape=True)
    return or_(spelled, member.c.username.contains(word, autoescape=True))


def _begins(word: str) -> ColumnElement[bool]:
    """The name or the username: both stand in `search`, spelled and as first consonants."""
    start = word if is_initials(word) and len(word) > 1 else spell(word)
    marks = "#|" if is_initials(word) else "|"
    after = (member.c.search.contains(f"{mark}{start}", autoescape=True) for mark in marks)
    return or_(member.c.search.startswith(start, autoescape=True), *after)


def _someone_of(row: RowMapping) -> Someone:
    bond = Bond(bool(row["follows"]), bool(row["followed"]), bool(row["blocks"]))
    return Someone(MemberId(row["id"]), row["username"], row["name"], row["photo_id"], bond)
