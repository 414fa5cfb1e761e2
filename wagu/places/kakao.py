"""Kakao Local: places by keyword (developers.kakao.com, Local API, "Search place by keyword").

`x` is longitude, `y` latitude, both as text; category groups FD6 (food) and CE7 (café).
"""

from __future__ import annotations

import msgspec

from wagu.domain.place import Point
from wagu.domain.post import Category
from wagu.places.categories import by_korean_words
from wagu.places.fetch import Fetch, rows
from wagu.places.provider import FOUND_MAX, Found, found

URL = "https://dapi.kakao.com"
GROUPS = {"FD6": Category.OTHER, "CE7": Category.CAFE}


class _Document(msgspec.Struct, frozen=True):
    place_name: str
    x: float
    y: float
    category_name: str = ""
    category_group_code: str = ""
    address_name: str = ""
    road_address_name: str = ""


class Kakao:
    name = "kakao"
    attribution = "Kakao"
    as_you_type = True

    def __init__(self, key: str, url: str | None = None) -> None:
        self._fetch = Fetch({"Authorization": f"KakaoAK {key}"})
        self._url = f"{url or URL}/v2/local/search/keyword.json"

    async def search(self, text: str, near: Point | None) -> list[Found]:
        params = {"query": text, "size": str(FOUND_MAX)}
        if near is not None:
            params |= {"x": f"{near.lng:.5f}", "y": f"{near.lat:.5f}"}
        answer = await self._fetch.json(self._url, params)
        return [one for row in rows(answer, "documents", _Document) for one in _found(row)]

    async def close(self) -> None:
        await self._fetch.close()


def _found(row: _Document) -> list[Found]:
    category = GROUPS.get(row.category_group_code)
    if category is not None:
        category = by_korean_words(row.category_name) or category
    address = row.road_address_name or row.address_name
    return list(found(row.place_name, row.y, row.x, category, address))
