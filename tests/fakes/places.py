"""Kakao, Naver, Photon and Nominatim as their documentation shows them, and misbehaving on demand.

Each checks its credentials and parameters as the real one does, and answers with one restaurant.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY, CLIENT_ID = "key-0123456789abcdef", "naver-client"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FakePlaces:
    """`rows` replaces what is found, `answer` everything."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.rows: list[Any] | None = None
        self.asked: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}
        self.url = ""

    def handler(self, usual: Callable[[FakePlaces, web.Request], web.Response]) -> Answer:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.asked.append(dict(request.query))
            self.headers = dict(request.headers)
            if self.answer is not None:
                return await self.answer(request)
            return usual(self, request)

        return handle


@asynccontextmanager
async def fake_places() -> AsyncIterator[FakePlaces]:
    fake = FakePlaces()
    app = web.Application()
    app.router.add_get("/v2/local/search/keyword.json", fake.handler(kakao))
    app.router.add_get("/v1/search/local.json", fake.handler(naver))
    app.router.add_get("/api", fake.handler(photon))
    app.router.add_get("/search", fake.handler(nominatim))
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0.1)
    fake.url = f"http://127.0.0.1:{server.port}"
    try:
        yield fake
    finally:
        await server.close()


KAKAO_DOCUMENT = {
    "id": "8112909",
    "place_name": "을지면옥",
    "category_name": "음식점 > 한식 > 냉면",
    "category_group_code": "FD6",
    "category_group_name": "음식점",
    "phone": "02-2266-7052",
    "address_name": "서울 종로구 낙원동 50",
    "road_address_name": "서울 종로구 삼일대로30길 12",
    "x": "126.988800",
    "y": "37.573100",
    "place_url": "http://place.map.kakao.com/8112909",
    "distance": "418",
}
NAVER_ITEM = {
    "title": "<b>을지</b>면옥 &amp; 냉면",
    "link": "",
    "category": "한식>냉면",
    "description": "",
    "telephone": "",
    "address": "서울특별시 종로구 낙원동 50",
    "roadAddress": "서울특별시 종로구 삼일대로30길 12",
    "mapx": "1269888000",
    "mapy": "375731000",
}
PHOTON_FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [126.9888, 37.5731]},
    "properties": {
        "osm_type": "N",
        "osm_id": 1,
        "osm_key": "amenity",
        "osm_value": "cafe",
        "type": "house",
        "name": "을지다방",
        "country": "대한민국",
        "city": "서울특별시",
        "district": "종로구",
        "street": "삼일대로30길",
        "housenumber": "12",
    },
}
NOMINATIM_RESULT = {
    "place_id": 1,
    "licence": "Data © OpenStreetMap contributors, ODbL 1.0.",
    "lat": "37.5731",
    "lon": "126.9888",
    "category": "amenity",
    "type": "restaurant",
    "name": "을지면옥",
    "display_name": "을지면옥, 12, 삼일대로30길, 종로구, 서울특별시, 대한민국",
    "boundingbox": ["37.57305", "37.57315", "126.98875", "126.98885"],
}


def kakao(fake: FakePlaces, request: web.Request) -> web.Response:
    if request.headers.get("Authorization") != f"KakaoAK {KEY}":
        error = {"errorType": "AccessDeniedError", "message": f"cannot find app by key {KEY}"}
        return web.json_response(error, status=401)
    if not request.query.get("query") or int(request.query.get("size", "15")) > 15:
        return web.json_response({"errorType": "InvalidArgument", "message": "no"}, status=400)
    documents = [KAKAO_DOCUMENT] if fake.rows is None else fake.rows
    meta = {"total_count": 1, "pageable_count": 1, "is_end": True, "same_name": {}}
    return web.json_response({"meta": meta, "documents": documents})


def naver(fake: FakePlaces, request: web.Request) -> web.Response:
    sent = request.headers.get("X-Naver-Client-Id"), request.headers.get("X-Naver-Client-Secret")
    if sent != (CLIENT_ID, KEY):
        error = {"errorMessage": "NID AUTH Result Invalid", "errorCode": "024"}
        return web.json_response(error, status=401)
    if int(request.query.get("display", "1")) > 5:
        return web.json_response({"errorMessage": "no", "errorCode": "SE02"}, status=400)
    items = [NAVER_ITEM] if fake.rows is None else fake.rows
    return web.json_response({"total": 1, "start": 1, "display": len(items), "items": items})


def photon(fake: FakePlaces, request: web.Request) -> web.Response:
    if not request.query.get("q"):
        return web.json_response({"message": "missing search term 'q'"}, status=400)
    features = [PHOTON_FEATURE] if fake.rows is None else fake.rows
    return web.json_response({"type": "FeatureCollection", "features": features})


def nominatim(fake: FakePlaces, request: web.Request) -> web.Response:
    if "wagu-book" not in request.headers.get("User-Agent", ""):
        return web.Response(status=403, text="<html>Access blocked</html>")
    assert request.query["format"] == "jsonv2"
    return web.json_response([NOMINATIM_RESULT] if fake.rows is None else fake.rows)


# ------------------------------------------------------------------------------------ bad manners


def with_status(status: int, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=f"<html>{KEY}</html>", headers=headers)

    return answer


def with_body(body: bytes, content_type: str = "application/json") -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type)

    return answer


async def hangs(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def for_ever(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"[" * 65_536)


async def hangs_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
