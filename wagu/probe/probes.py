"""Publish into a live, watch one, talk in a map: connect, look every second, say goodbye."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiortc import MediaStreamTrack

from wagu.probe.connection import Connection
from wagu.probe.errors import ProbeFailed
from wagu.probe.figures import Figures, Meter
from wagu.probe.site import Link, Site, Ticket
from wagu.probe.sources import TestPicture, Tone, from_file

EVERY = 1.0
SLOTS = 6

Show = Callable[[Figures], None]


@dataclass(frozen=True, slots=True)
class Who:
    """A member, the bearer of a ticket's token, or nobody: a viewer, or a guest of this name."""

    username: str | None = None
    password: str = field(default="", repr=False)
    token: str | None = field(default=None, repr=False)
    name: str = "probe"


@dataclass(frozen=True, slots=True)
class What:
    """What is sent: a file, or a picture of this size and frames a second, with a tone."""

    file: Path | None = None
    width: int = 640
    height: int = 360
    rate: int = 20

    def tracks(self, *, picture: bool = True) -> list[MediaStreamTrack]:
        """Raises ProbeFailed."""
        made = [Tone(), TestPicture(self.width, self.height, self.rate)]
        tracks = made if self.file is None else from_file(self.file)
        return [track for track in tracks if picture or track.kind == "audio"]


async def publish(
    link: Link, who: Who, what: What, seconds: float, show: Show, *, turn: bool = False
) -> Figures:
    """Raises ProbeFailed."""
    async with Site.visit(link.site) as site:
        ticket = await _ticket(site, link, who, "publish")
        async with _connection(ticket, turn) as made:
            for track in what.tracks():
                made.send(track)
            return await _run(site, ticket, made, seconds, show)


async def watch(link: Link, who: Who, seconds: float, show: Show, *, turn: bool = False) -> Figures:
    """Waits for somebody to publish, no longer than `seconds`. Raises ProbeFailed."""
    until = time.monotonic() + seconds
    async with Site.visit(link.site) as site:
        while True:
            ticket = await _ticket(site, link, who, "watch")
            async with _connection(ticket, turn) as made:
                made.expect("audio")
                made.expect("video")
                try:
                    return await _run(site, ticket, made, seconds, show)
                except _NothingThere:
                    if time.monotonic() > until:
                        raise
            await asyncio.sleep(EVERY)


async def talk(
    link: Link, who: Who, what: What, seconds: float, show: Show, *, turn: bool = False
) -> Figures:
    """Raises ProbeFailed."""
    async with Site.visit(link.site) as site:
        if who.username is None:
            await site.be_guest(who.name)
        else:
            await site.log_in(who.username, who.password)
        async with site.room(link.room) as room:
            servers = room.latest["joined"].get("ice_servers", []) if turn else []
            begun, made = time.monotonic(), Connection(servers)
            listening: asyncio.Task[None] | None = None
            try:
                for track in what.tracks(picture=False):
                    made.send(track)
                for _ in range(SLOTS):
                    made.expect("audio")
                answer = await room.ask("voice_answer", type="voice_offer", sdp=await made.offer())
                room.latest.setdefault("voice_slots", answer)
                listening = asyncio.create_task(room.listen())
                await made.accept(answer["sdp"])

                def voices() -> int:
                    slots = room.latest["voice_slots"]["slots"]
                    return sum(each is not None for each in slots)

                return await _look(made, begun, seconds, show, voices, listening)
            finally:
                if listening is not None:
                    listening.cancel()
                await made.close()


class _NothingThere(ProbeFailed):
    """Nobody publishes there (yet)."""


async def _ticket(site: Site, link: Link, who: Who, role: str) -> Ticket:
    if who.token is not None:
        return Ticket(f"/{'whip' if role == 'publish' else 'whep'}/{link.id}", who.token)
    if who.username is not None:
        await site.log_in(who.username, who.password)
    return await site.ticket(link.id, role)


@asynccontextmanager
async def _connection(ticket: Ticket, turn: bool) -> AsyncIterator[Connection]:
    made = Connection(ticket.ice_servers if turn else ())
    try:
        yield made
    finally:
        await made.close()


async def _run(site: Site, ticket: Ticket, made: Connection, seconds: float, show: Show) -> Figures:
    begun = time.monotonic()
    negotiated = await site.negotiate(ticket, await made.offer())
    if negotiated is None:
        raise _NothingThere("nobody publishes there")
    answer, resource = negotiated
    try:
        await made.accept(answer)
        return await _look(made, begun, seconds, show, lambda: 0, None)
    finally:
        await site.release(ticket, resource)


async def _look(
    made: Connection,
    begun: float,
    seconds: float,
    show: Show,
    voices: Callable[[], int],
    listening: Awaitable[None] | None,
) -> Figures:
    def seen(now: float) -> dict[str, Any]:
        return {
            "picture": made.screen.read(now),
            "voices": voices(),
            "estimate": made.estimate,
        }

    meter = Meter(begun, time.monotonic())
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if listening is None:
            await asyncio.sleep(min(EVERY, left))
        else:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(listening), min(EVERY, left))
        made.check()
        now = time.monotonic()
        show(meter.read(await made.pc.getStats(), now, **seen(now)))
    now = time.monotonic()
    return meter.whole(await made.pc.getStats(), now, **seen(now))
