"""Naver Local search (developers.naver.com, "검색 > 지역"): at most five places, near nowhere.

`title` has <b> around what was looked for. `mapx` and `mapy` are WGS84 degrees × 10⁷ or, from older
servers, TM128 metres; a Korean longitude × 10⁷ has ten digits, TM128 has six or seven.
"""

from __future__ import annotations

import html
import re

import msgspec

from wagu.domain.place import Point
from wagu.places.categories import by_korean_words
from wagu.places.fetch import Fetch, rows
from wagu.places.provider import Found, found
from wagu.places.tm128 import wgs84_of_tm128

URL = "https://openapi.naver.com"
MOST = 5
DEGREE = 10**7
FURTHEST_TM128 = 10**7
"""Metres: below it a coordinate is TM128, above it a degree and more × 10⁷."""

TAG = re.compile(r"</?b>")


class _Item(msgspec.Struct, frozen=True):
    title: str
    mapx: float
    mapy: float
    category: str = ""
    address: str = ""
    roadAddress: str = ""  # noqa: N815  # their spelling


class Naver:
    name = "naver"
    attribution = "NAVER"
    as_you_type = True

    def __init__(self, client_id: str, secret: str, url: str | None = None) -> None:
        self._fetch = Fetch({"X-Naver-Client-Id": client_id, "X-Naver-Client-Secret": secret})
        self._url = f"{url or URL}/v1/search/local.json"

    async def search(self, text: str, near: Point | None) -> list[Found]:
        answer = await self._fetch.json(self._url, {"query": text, "display": str(MOST)})
        return [one for row in rows(answer, "items", _Item) for one in _found(row)]

    async def close(self) -> None:
        await self._fetch.close()


def point_of(x: float, y: float) -> Point:
    """Of either kind; where on earth, if anywhere, is checked by who uses it."""
    if max(abs(x), abs(y)) < FURTHEST_TM128:
        return wgs84_of_tm128(x, y)
    return Point(y / DEGREE, x / DEGREE)


def _found(row: _Item) -> list[Found]:
    at = point_of(row.mapx, row.mapy)
    name = html.unescape(TAG.sub("", row.title))
    category = by_korean_words(row.category)
    return list(found(name, at.lat, at.lng, category, row.roadAddress or row.address))
