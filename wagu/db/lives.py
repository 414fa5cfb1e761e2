"""The rows of lives. Who changes their state when is decided in `wagu.realtime.lives`."""

from __future__ import annotations

import enum
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    String,
    bindparam,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.engine import Database
from wagu.db.keyset import LiveMark
from wagu.db.places import place_of, prefixed_place
from wagu.db.schema import follow, live, member, place, recording
from wagu.db.visibility import VIEWER, live_visible_to
from wagu.domain.live import Host, Live, LiveId, LiveState, check_transition, unknown_live
from wagu.domain.person import MemberId, member_person_id
from wagu.domain.place import PlaceId
from wagu.errors import Invalid

ENDED = live.c.state == LiveState.ENDED.value
LATEST = (live.c.created_at.desc(), live.c.id.desc())
"""Newest first; those of the same moment in an order of their own."""


class LiveScope(enum.StrEnum):
    FOLLOWING = "following"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class LivePage:
    """`next` is where the following page begins, None at the end."""

    lives: list[Live]
    next: LiveMark | None


class LiveRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def create(
        self,
        *,
        host: MemberId,
        title: str,
        place_id: PlaceId | None,
        now: float,
        recorded: bool = False,
    ) -> Live:
        """Invalid `place.unknown` when there is no such place."""
        live_id = LiveId(secrets.token_urlsafe(16))
        values = {
            "id": live_id,
            "title": title,
            "host_id": host,
            "place_id": place_id,
            "state": LiveState.WAITING.value,
            "created_at": now,
            "peak_viewers": 0,
            "recorded": recorded,
        }
        try:
            async with self._db.write() as connection:
                await connection.execute(insert(live).values(values))
        except IntegrityError:
            raise Invalid("place.unknown", "없는 장소예요.", field="place_id") from None
        return await self.get(live_id)

    async def get(self, live_id: LiveId) -> Live:
        """NotFound `live.unknown`; an ended live is still found."""
        return await self._one(_by_id(), {"live": live_id})

    async def seen(self, live_id: LiveId, viewer: MemberId | None) -> Live:
        """As `get`; NotFound also where the viewer and the host do not see each other."""
        parameters = {"live": live_id, "viewer": viewer}
        return await self._one(_by_id_for(known=viewer is not None), parameters)

    async def active(self) -> list[Live]:
        """All that have not ended, newest first, whoever may see them."""
        async with self._db.read() as connection:
            rows = await connection.execute(_lives().where(~ENDED).order_by(*LATEST))
            return [_live_of(row) for row in rows.mappings()]

    async def on(
        self, scope: LiveScope, *, viewer: MemberId | None, after: LiveMark | None, limit: int
    ) -> LivePage:
        """Those that have not ended. FOLLOWING of somebody without an account is empty."""
        conditions = [~ENDED]
        if scope is LiveScope.FOLLOWING:
            followed = select(follow.c.followee_id).where(follow.c.follower_id == viewer)
            conditions.append(live.c.host_id.in_(followed))
        return await self._page(conditions, viewer, after, limit)

    async def by(
        self, host: MemberId, *, viewer: MemberId | None, after: LiveMark | None, limit: int
    ) -> LivePage:
        """Of one host: on and past, but not those that ended before they were on air."""
        return await self._page([live.c.host_id == host, _worth_a_page()], viewer, after, limit)

    async def at(
        self, place_id: PlaceId, *, viewer: MemberId | None, after: LiveMark | None, limit: int
    ) -> LivePage:
        """Of one place: on and past, but not those that ended before they were on air."""
        there = live.c.place_id == place_id
        return await self._page([there, _worth_a_page()], viewer, after, limit)

    async def set_state(self, live_id: LiveId, state: LiveState, now: float) -> bool:
        """False when the live was in `state` already. UnknownTransition when there is no arrow,
        NotFound `live.unknown`."""
        async with self._db.write() as connection:
            row = (
                await connection.execute(
                    select(live.c.state, live.c.started_at)
                    .where(live.c.id == live_id)
                    .with_for_update()
                )
            ).first()
            if row is None:
                raise unknown_live()
            if row.state == state:
                return False
            check_transition(LiveState(row.state), state)
            values: dict[str, object] = {"state": state.value}
            if state is LiveState.ON_AIR and row.started_at is None:
                values["started_at"] = now
            if state is LiveState.ENDED:
                values["ended_at"] = now
            await connection.execute(update(live).where(live.c.id == live_id).values(values))
        return True

    async def record_peak(self, live_id: LiveId, viewers: int) -> None:
        """Keeps the highest number ever recorded; unknown lives are ignored."""
        higher = (live.c.id == live_id) & (live.c.peak_viewers < viewers)
        async with self._db.write() as connection:
            await connection.execute(update(live).where(higher).values(peak_viewers=viewers))

    async def _one(
        self, query: Select[tuple[object, ...]], parameters: Mapping[str, object]
    ) -> Live:
        row = await self._db.glance(query, parameters)
        if row is None:
            raise unknown_live()
        return _live_of(row._mapping)

    async def _page(
        self,
        conditions: list[ColumnElement[bool]],
        viewer: MemberId | None,
        after: LiveMark | None,
        limit: int,
    ) -> LivePage:
        query = _lives().where(*conditions, live_visible_to(viewer))
        if after is not None:
            query = query.where(tuple_(live.c.created_at, live.c.id) < (after.created_at, after.id))
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(*LATEST).limit(limit + 1))
            found = [_live_of(row) for row in rows.mappings()]
        page = found[:limit]
        more = len(found) > limit
        return LivePage(page, LiveMark(page[-1].created_at, page[-1].id) if more else None)


async def end_lives(connection: AsyncConnection, host: MemberId, now: float) -> list[LiveId]:
    """Those of a host that had not ended."""
    on = (live.c.host_id == host) & (live.c.state != LiveState.ENDED.value)
    ended = update(live).where(on).values(state=LiveState.ENDED.value, ended_at=now)
    rows = await connection.execute(ended.returning(live.c.id))
    return [LiveId(one) for one in rows.scalars()]


def _lives() -> Select[tuple[object, ...]]:
    joined = live.join(member, member.c.id == live.c.host_id)
    host = (
        member.c.name.label("host_name"),
        member.c.username.label("host_username"),
        member.c.photo_id.label("host_photo"),
    )
    longest = (
        select(recording.c.id)
        .where(recording.c.live_id == live.c.id, recording.c.size > 0)
        .order_by(recording.c.size.desc(), recording.c.id)
        .limit(1)
        .scalar_subquery()
        .label("longest_recording")
    )
    return select(live, *host, longest, *prefixed_place()).select_from(
        joined.outerjoin(place, place.c.id == live.c.place_id)
    )


# Built once: that takes longer than the answer, and everybody who comes to a live asks twice.
@cache
def _by_id() -> Select[tuple[object, ...]]:
    return _lives().where(live.c.id == bindparam("live", type_=String))


@cache
def _by_id_for(*, known: bool) -> Select[tuple[object, ...]]:
    return _by_id().where(live_visible_to(VIEWER if known else None))


def _live_of(row: RowMapping) -> Live:
    return Live(
        id=LiveId(row["id"]),
        title=row["title"],
        host=Host(
            id=member_person_id(MemberId(row["host_id"])),
            name=row["host_name"],
            username=row["host_username"],
            photo=row["host_photo"],
        ),
        place=None if row["place_id"] is None else place_of(row, prefix="place_"),
        state=LiveState(row["state"]),
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        peak_viewers=row["peak_viewers"],
        recorded=row["recorded"],
        recording=row["longest_recording"],
    )


def _worth_a_page() -> ColumnElement[bool]:
    return or_(~ENDED, live.c.started_at.is_not(None))
