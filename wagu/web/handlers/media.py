"""What media does right now, for whoever runs this server: every figure of every stream."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from wagu.web import keys
from wagu.web.route import Call

PUBLIC_PREFIX = "live/"
"""Rooms whose key anybody may know; who knows a shared map's key may enter it."""


async def stats(call: Call[None]) -> web.Response:
    """Shape and units: media/README.md, "Statistics"."""
    figures: dict[str, Any] = dict(call[keys.MEDIA].stats())
    rooms = figures.pop("rooms", {})
    named = [
        {"room": key if key.startswith(PUBLIC_PREFIX) else figure["label"], **figure}
        for key, figure in rooms.items()
    ]
    return web.json_response(
        {"at": round(call.now * 1000), **figures, "rooms": named},
        headers={"Cache-Control": "no-store"},
    )
