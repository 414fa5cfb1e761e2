"""What media does right now, for whoever runs this server: every figure of every stream; and what
a media server elsewhere has to tell us."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from wagu.web import keys
from wagu.web.route import Call

WEBHOOK = "application/webhook+json"

PUBLIC_PREFIX = "live/"
"""Rooms whose key anybody may know; who knows a shared map's key may enter it."""


async def webhook(call: Call[None]) -> None:
    """Who sends it is the backend's to say: LiveKit signs, OpenVidu 2 carries a header."""
    said = call.request.headers.get("Authorization", "")
    await call[keys.MEDIA].hear(said, await call.request.read())


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
