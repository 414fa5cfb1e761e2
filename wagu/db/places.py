"""The rows of places, and the pieces of their names in the search index."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, RowMapping, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from wagu.db.engine import Database
from wagu.db.schema import place, place_gram
from wagu.domain.ballot import spelling
from wagu.domain.matching import name_grams
from wagu.domain.mercator import pixel
from wagu.domain.person import MemberId
from wagu.domain.place import Box, NewPlace, Place, PlaceId, Point, around, unknown_place

COLUMNS = (place.c.id, place.c.name, place.c.lat, place.c.lng, place.c.category, place.c.address)


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is the `after` of the following page, None at the end."""

    places: list[Place]
    next: PlaceId | None


class PlaceRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def create(
        self,
        *,
        name: str,
        at: Point,
        category: str | None,
        address: str | None,
        created_by: MemberId,
        now: float,
    ) -> Place:
        wanted = NewPlace(name, at, category, address)
        async with self._db.write() as connection:
            return await add_place(connection, wanted, created_by=created_by, now=now)

    async def learn(self, wanted: Iterable[NewPlace], *, by: MemberId, now: float) -> int:
        """In one transaction; how many of them nobody knew."""
        async with self._db.write() as connection:
            last = (await connection.execute(select(func.max(place.c.id)))).scalar_one() or 0
            learnt = [await learn_place(connection, one, by=by, now=now) for one in wanted]
        return len({one.id for one in learnt if one.id > last})

    async def get(self, place_id: PlaceId) -> Place:
        """NotFound `place.unknown`."""
        async with self._db.read() as connection:
            found = await find_place(connection, place_id)
        if found is None:
            raise unknown_place()
        return found

    async def search(
        self, *, text: str, box: Box | None, limit: int, after: PlaceId | None
    ) -> Page:
        """Newest first; every word of `text` must occur in the name or the address as it is.
        For what people type there is `wagu.db.search`."""
        query = select(*COLUMNS).order_by(place.c.id.desc()).limit(limit + 1)
        query = query.where(*literally(text))
        if box is not None:
            query = query.where(*inside(box))
        if after is not None:
            query = query.where(place.c.id < after)
        async with self._db.read() as connection:
            found = [place_of(row) for row in (await connection.execute(query)).mappings()]
        page = found[:limit]
        return Page(page, page[-1].id if len(found) > limit else None)


async def find_place(connection: AsyncConnection, place_id: PlaceId) -> Place | None:
    query = select(*COLUMNS).where(place.c.id == place_id)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else place_of(row)


async def add_place(
    connection: AsyncConnection, wanted: NewPlace, *, created_by: MemberId, now: float
) -> Place:
    spot = pixel(wanted.at)
    values = {
        "name": wanted.name,
        "lat": wanted.at.lat,
        "lng": wanted.at.lng,
        "category": wanted.category,
        "address": wanted.address,
        "search": folded(f"{wanted.name} {wanted.address or ''}".strip()),
        "x": spot.x,
        "y": spot.y,
        "created_by": created_by,
        "created_at": now,
    }
    result = await connection.execute(insert(place).values(values).returning(place.c.id))
    place_id = PlaceId(result.scalar_one())
    grams = [{"gram": gram, "place_id": place_id} for gram in sorted(name_grams(wanted.name))]
    if grams:
        await connection.execute(insert(place_gram), grams)
    return Place(place_id, wanted.name, wanted.at, wanted.category, wanted.address)


async def learn_place(
    connection: AsyncConnection, wanted: NewPlace, *, by: MemberId, now: float
) -> Place:
    """The place of this name at this spot; a new one if nobody knew it."""
    query = select(*COLUMNS).where(*inside(around(wanted.at))).order_by(place.c.id)
    for row in (await connection.execute(query)).mappings():
        if spelling(row["name"]) == spelling(wanted.name):
            return place_of(row)
    return await add_place(connection, wanted, created_by=by, now=now)


def prefixed_place() -> list[Label[Any]]:
    """The columns of a place beside those of another table; read back by `place_of`."""
    return [column.label(f"place_{column.name}") for column in COLUMNS if column.name != "id"]


def place_of(values: RowMapping, *, prefix: str = "") -> Place:
    return Place(
        id=PlaceId(values[f"{prefix}id"]),
        name=values[f"{prefix}name"],
        at=Point(values[f"{prefix}lat"], values[f"{prefix}lng"]),
        category=values[f"{prefix}category"],
        address=values[f"{prefix}address"],
    )


def literally(text: str) -> list[ColumnElement[bool]]:
    return [place.c.search.contains(word, autoescape=True) for word in folded(text).split()]


def inside(box: Box) -> tuple[ColumnElement[bool], ...]:
    lng = place.c.lng
    across: ColumnElement[bool]
    if box.west <= box.east:
        across = lng.between(box.west, box.east)
    else:
        across = or_(lng >= box.west, lng <= box.east)
    return (place.c.lat.between(box.south, box.north), across)


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
