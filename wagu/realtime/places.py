"""The places that nominees may be: known ones, and those that members teach by a tap on the map."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from wagu.db.places import Page
from wagu.domain.ballot import METRES_PER_DEGREE, SAME_SPOT, spelling
from wagu.domain.person import MemberId
from wagu.domain.place import Box, Place, PlaceId, Point


class PlaceLookup(Protocol):
    """What is asked of wagu.db.places.PlaceRows."""

    async def get(self, place_id: PlaceId) -> Place: ...

    async def search(
        self, *, text: str, box: Box | None, limit: int, after: PlaceId | None
    ) -> Page: ...

    async def create(
        self,
        *,
        name: str,
        at: Point,
        category: str | None,
        address: str | None,
        created_by: MemberId,
        now: float,
    ) -> Place: ...


class Places:
    def __init__(self, rows: PlaceLookup, clock: Callable[[], float]) -> None:
        self._rows = rows
        self._clock = clock

    async def known(self, place_id: int) -> Place:
        """Errors: NotFound place.unknown."""
        return await self._rows.get(PlaceId(place_id))

    async def learn(self, name: str, at: Point, category: str | None, by: MemberId) -> Place:
        """The place of this name at this spot; a new one if nobody knew it."""
        for place in (
            await self._rows.search(text=name, box=_around(at), limit=20, after=None)
        ).places:
            if spelling(place.name) == spelling(name):
                return place
        return await self._rows.create(
            name=name, at=at, category=category, address=None, created_by=by, now=self._clock()
        )


def _around(at: Point) -> Box:
    """About the spot within which one name is one place; a pole has no neighbours to speak of."""
    north = SAME_SPOT / METRES_PER_DEGREE
    east = north / max(0.01, math.cos(math.radians(at.lat)))
    return Box(
        max(-90.0, at.lat - north),
        _wrapped(at.lng - east),
        min(90.0, at.lat + north),
        _wrapped(at.lng + east),
    )


def _wrapped(lng: float) -> float:
    return (lng + 180.0) % 360.0 - 180.0
