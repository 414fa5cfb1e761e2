"""The one PMTiles file, read by the client in ranges (RFC 9110, 14)."""

from __future__ import annotations

from aiohttp import web

from wagu.errors import NotFound
from wagu.web import keys
from wagu.web.route import Call

CACHE = "public, max-age=3600"


async def pmtiles(call: Call[None]) -> web.FileResponse:
    path = call[keys.SETTINGS].pmtiles
    if path is None:
        raise NotFound("tiles.none", "이 서버에는 지도 파일이 없어요.")
    response = web.FileResponse(path, headers={"Cache-Control": CACHE})
    response.content_type = "application/vnd.pmtiles"
    return response
