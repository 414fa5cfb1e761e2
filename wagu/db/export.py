"""Everything that is somebody's, read in small batches for their archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Select, select

from wagu.db.cards import menus_of_posts
from wagu.db.engine import Database
from wagu.db.places import place_of, prefixed_place
from wagu.db.schema import block, follow, live, member, photo, place, post
from wagu.domain.person import MemberId

BATCH = 200

Record = dict[str, Any]


class Export:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def posts(self, author: MemberId) -> AsyncIterator[list[Record]]:
        """Oldest first, with places and menus."""
        after = 0
        while True:
            query = (
                select(post, *prefixed_place())
                .select_from(post.join(place, place.c.id == post.c.place_id))
                .where(post.c.author_id == author, post.c.id > after)
                .order_by(post.c.id)
                .limit(BATCH)
            )
            async with self._db.read() as connection:
                rows = (await connection.execute(query)).mappings().all()
                menus = await menus_of_posts(connection, [row["id"] for row in rows])
            if not rows:
                return
            yield [_post(row, menus[row["id"]]) for row in rows]
            after = rows[-1]["id"]

    async def photos(self, owner: MemberId) -> AsyncIterator[tuple[str, str]]:
        """Id and digest of each."""
        query = select(photo.c.id, photo.c.digest).where(photo.c.owner_id == owner)
        async with self._db.read() as connection:
            rows = (await connection.execute(query.order_by(photo.c.created_at))).all()
        for row in rows:
            yield row.id, row.digest

    async def people(self, me: MemberId) -> dict[str, list[str]]:
        """Usernames."""
        theirs = {
            "followings": (follow.c.followee_id, follow.c.follower_id),
            "followers": (follow.c.follower_id, follow.c.followee_id),
            "blocked": (block.c.blocked_id, block.c.blocker_id),
        }
        return {
            name: await self._column(
                select(member.c.username)
                .where(member.c.id.in_(select(other).where(mine == me)))
                .order_by(member.c.username)
            )
            for name, (other, mine) in theirs.items()
        }

    async def lives(self, host: MemberId) -> list[Record]:
        columns = (live.c.title, live.c.created_at, live.c.started_at, live.c.ended_at)
        query = select(*columns, live.c.peak_viewers, place.c.name.label("place"))
        joined = live.outerjoin(place, place.c.id == live.c.place_id)
        query = query.select_from(joined).where(live.c.host_id == host)
        async with self._db.read() as connection:
            rows = await connection.execute(query.order_by(live.c.created_at))
            return [dict(row) for row in rows.mappings()]

    async def _column(self, query: Select[Any]) -> list[str]:
        async with self._db.read() as connection:
            return list((await connection.execute(query)).scalars())


def _post(row: Any, menus: Any) -> Record:
    at = place_of(row, prefix="place_")
    return {
        "id": row["id"],
        "place": {
            "name": at.name,
            "at": [at.at.lat, at.at.lng],
            "category": at.category,
            "address": at.address,
        },
        "category": row["category"],
        "rating": row["rating"],
        "visibility": row["visibility"],
        "text": row["text"],
        "text_origin": row["text_origin"],
        "eaten_on": None if row["eaten_on"] is None else row["eaten_on"].isoformat(),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "menus": [
            {
                "name": one.name,
                "price": one.price,
                "text": one.text,
                "main": one.main,
                "photo": None if one.photo is None else f"photos/{one.photo.id}.jpg",
            }
            for one in menus
        ],
    }
