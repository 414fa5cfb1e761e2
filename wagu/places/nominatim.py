"""Nominatim (nominatim.org, Search API, jsonv2). The public server's rules: one request a second,
no search as you type, a User-Agent that says who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from wagu.domain.place import Point
from wagu.places.categories import by_osm_tag
from wagu.places.errors import too_often
from wagu.places.fetch import Fetch, rows
from wagu.places.provider import FOUND_MAX, Found, found

URL = "https://nominatim.openstreetmap.org"
EVERY = 1.0
LONGEST_QUEUE = 4.0
"""Seconds that somebody waits for a turn."""

AROUND = 0.1
"""Degrees: what is in this box about `near` comes first."""


class Turns:
    """One a second, in order; who would wait too long is sent away."""

    def __init__(
        self, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    async def take(self) -> None:
        """RateLimited `places.busy`."""
        now = self._clock()
        turn = max(now, self._next)
        if turn - now > LONGEST_QUEUE:
            raise too_often(turn - now)
        self._next = turn + EVERY
        if turn > now:
            await self._sleep(turn - now)


class _Result(msgspec.Struct, frozen=True):
    lat: float
    lon: float
    display_name: str
    name: str = ""
    type: str = ""


class Nominatim:
    name = "nominatim"
    attribution = "© OpenStreetMap contributors"
    as_you_type = False

    def __init__(
        self,
        agent: str,
        clock: Callable[[], float],
        url: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._fetch = Fetch({"User-Agent": agent})
        self._url = f"{url or URL}/search"
        self._turns = Turns(clock, sleep)

    async def search(self, text: str, near: Point | None) -> list[Found]:
        params = {
            "q": text, "format": "jsonv2", "limit": str(FOUND_MAX), "accept-language": "ko,en",
        }  # fmt: skip
        if near is not None:
            west, east = near.lng - AROUND, near.lng + AROUND
            south, north = near.lat - AROUND, near.lat + AROUND
            params["viewbox"] = f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}"
        await self._turns.take()
        answer = await self._fetch.json(self._url, params)
        return [one for row in rows(answer, None, _Result) for one in _found(row)]

    async def close(self) -> None:
        await self._fetch.close()


def _found(row: _Result) -> list[Found]:
    first, _, rest = row.display_name.partition(", ")
    name = row.name or first
    address = rest if first == name else row.display_name
    return list(found(name, row.lat, row.lon, by_osm_tag(row.type), address))
