"""What is left to see of a live: its recordings, in ranges, and a picture of it while it is on."""

from __future__ import annotations

import re

from aiohttp import web

from wagu.domain.live import Live, LiveId, live_id
from wagu.domain.recording import Recording, RecordingId
from wagu.errors import Forbidden, NotFound
from wagu.media_backend.base import RoomKey
from wagu.web import keys
from wagu.web.models import Millis, View, millis
from wagu.web.route import Call

WEBP = "image/webp"
VIDEO = "video/*"
A_MOMENT = "max-age=3"
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class RecordingView(View):
    id: str
    url: str
    media_type: str
    seconds: float | None
    size: int
    created_at: Millis


class Recordings(View):
    recordings: list[RecordingView]


def recording_url(live: LiveId, recording: RecordingId) -> str:
    return f"/api/lives/{live}/recordings/{recording}"


async def index(call: Call[None]) -> Recordings:
    """In the order in which they were made; mostly one."""
    live = await _live(call)
    found = await call[keys.RECORDINGS].of(live.id)
    return Recordings(recordings=[_view(each) for each in found])


async def show(call: Call[None]) -> web.StreamResponse:
    """A part of the file or all of it (RFC 9110, 14.2)."""
    live = await _live(call)
    found = await call[keys.RECORDINGS].get(live.id, RecordingId(call.path("recording")))
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        "ETag": f'"{found.id}"',
    }
    asked = _range(call.request.headers.get("Range"), found.size)
    if asked is None:
        headers["Content-Range"] = f"bytes */{found.size}"
        return web.Response(status=416, headers=headers)
    start, end = asked
    response = web.StreamResponse(status=200, headers=headers)
    if (start, end) != (0, found.size) or "Range" in call.request.headers:
        response.set_status(206)
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    response.content_type = found.media_type
    response.content_length = end - start
    await response.prepare(call.request)
    if call.request.method != "HEAD":
        async for piece in call[keys.KEEPER].objects.read(found.id, start, end):
            await response.write(piece)
    await response.write_eof()
    return response


async def forget(call: Call[None]) -> None:
    """By the host or an admin: every recording of the live, for good."""
    person, _ = call.member
    live = await (call[keys.LIVES].get(_id(call)) if person.admin else _live(call))
    if live.host.id != person.id and not person.admin:
        raise Forbidden("live.not_host", "방송을 시작한 사람만 할 수 있어요.")
    await call[keys.KEEPER].forget(live.id)


async def snapshot(call: Call[None]) -> web.Response:
    """What the live shows, a few seconds old."""
    live = await _live(call)
    found = call[keys.MEDIA].snapshot(RoomKey(f"live/{live.id}"))
    if found is None:
        raise NotFound("live.no_snapshot", "아직 사진이 없어요.")
    headers = {"Cache-Control": f"private, {A_MOMENT}"}
    return web.Response(body=found.webp, content_type=WEBP, headers=headers)


async def _live(call: Call[None]) -> Live:
    return await call[keys.LIVES].seen(_id(call), call.viewer)


def _id(call: Call[None]) -> LiveId:
    return live_id(call.path("id"))


def _view(recording: Recording) -> RecordingView:
    return RecordingView(
        id=recording.id,
        url=recording_url(recording.live, recording.id),
        media_type=recording.media_type,
        seconds=recording.seconds,
        size=recording.size,
        created_at=millis(recording.created_at),
    )


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """[start, end) of what is asked for; None where that is nothing. Several ranges, or another
    unit, are answered with all of it, as the RFC allows."""
    found = RANGE.fullmatch(header.strip()) if header is not None else None
    if found is None or found[0] == "bytes=-":
        return 0, size
    first, last = found[1], found[2]
    if not first:
        return (max(0, size - int(last)), size) if int(last) else None
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None
