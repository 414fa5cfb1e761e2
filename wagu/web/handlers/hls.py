"""A live by HLS: a playlist that may wait for what it is asked for, and the files that it names."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import Field

from wagu.domain.live import LiveId, LiveState, live_id
from wagu.domain.person import MemberId
from wagu.media_backend.base import RoomKey
from wagu.web import keys
from wagu.web.handlers.lives import live_ended, visitor_of
from wagu.web.models import Query
from wagu.web.route import Call

PLAYLIST = "application/vnd.apple.mpegurl"
MP4 = "video/mp4"

NEWEST, ASKED, FILE = "no-cache", "public, max-age=1", "public, max-age=60"
"""A file never changes, and a playlist that names what it waited for is the same for a moment. What
a live shows is for everybody (a block keeps names and words apart), so a cache may share it."""
LARGEST = 10**15


class PlaylistQuery(Query):
    segment: Annotated[
        int | None,
        Field(alias="_HLS_msn", ge=0, le=LARGEST, description="wait for this media segment"),
    ] = None
    part: Annotated[
        int | None, Field(alias="_HLS_part", ge=0, le=9999, description="and this part of it")
    ] = None


async def playlist(call: Call[PlaylistQuery]) -> web.Response:
    room = await _room(call)
    # Asked of whoever goes on watching; without the playlist its files are of no use for long.
    await call[keys.BANS].check(room, visitor_of(call))
    asked = call.input
    text = await call[keys.MEDIA].hls_playlist(room, asked.segment, asked.part)
    headers = {"Cache-Control": NEWEST if asked.segment is None else ASKED}
    return web.Response(text=text, content_type=PLAYLIST, headers=headers)


async def file(call: Call[None]) -> web.Response:
    room = await _room(call)
    body = await call[keys.MEDIA].hls_file(room, call.path("file"))
    return web.Response(body=body, content_type=MP4, headers={"Cache-Control": FILE})


async def _room(call: Call[PlaylistQuery] | Call[None]) -> RoomKey:
    live = live_id(call.path("id"))
    viewer = call.viewer
    admissions = call[keys.ADMISSIONS]
    if not admissions.has(live, viewer, call.now):
        await _admit(call, live, viewer)
    return RoomKey(f"live/{live}")


async def _admit(
    call: Call[PlaylistQuery] | Call[None], live: LiveId, viewer: MemberId | None
) -> None:
    found = await call[keys.LIVES].seen(live, viewer)
    if found.state is LiveState.ENDED:
        raise live_ended()
    call[keys.ADMISSIONS].admit(live, viewer, call.now)
