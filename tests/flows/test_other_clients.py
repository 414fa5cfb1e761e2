"""WHIP and WHEP clients of others: aiortc and werift publish, and both watch both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.clients.aiortc_live import HEIGHT, WIDTH, Publisher, Viewer
from tests.clients.guest import Guest, Message
from tests.clients.waiting import eventually
from tests.clients.werift import Werift, write_source
from tests.flows.conftest import MakeGuest

FRAMES, SOUNDS, LOUD = 30, 50, 3000


class Live:
    """A live with a host, and tickets for it."""

    def __init__(self, host: Guest, live: str) -> None:
        self.host = host
        self.path = f"/api/lives/{live}"

    @classmethod
    async def make(cls, host: Guest) -> Live:
        return cls(host, (await host.api("POST", "/api/lives", {"title": "냉면"}))["live"]["id"])

    async def ticket(self, guest: Guest, role: str) -> Message:
        made: Message = await guest.api("POST", f"{self.path}/tickets", {"role": role})
        return made

    async def is_watched_by_both(self, fan: Guest) -> None:
        """A stock aiortc decodes it, a stock werift gets its frames and a keyframe of the size."""
        aiortc = Viewer(fan, await self.ticket(fan, "watch"))
        await aiortc.connect()
        werift = await Werift.start("watch", fan.url, await self.ticket(fan, "watch"))

        async def decoded() -> bool:
            seen = aiortc.seen
            return seen.frames >= FRAMES and seen.sounds >= SOUNDS and seen.loudest > LOUD

        async def counted() -> bool:
            seen = werift.seen
            return seen.get("frames", 0) >= FRAMES and seen["sounds"] >= SOUNDS

        await eventually(decoded, "aiortc sees and hears")
        await eventually(counted, "werift sees and hears")
        assert (aiortc.seen.width, aiortc.seen.height) == (WIDTH, HEIGHT)
        assert werift.seen["keyframes"] > 0
        assert (werift.seen["width"], werift.seen["height"]) == (WIDTH, HEIGHT)
        await restarts(werift)
        assert await asyncio.gather(aiortc.close(), werift.close()) == [200, 200]


async def restarts(werift: Werift) -> None:
    """ICE anew by PATCH, under the same keys: what flowed flows on."""
    werift.restart_ice()

    async def restarted() -> bool:
        return "restarted" in werift.seen

    await eventually(restarted, "werift has restarted ICE")
    assert werift.seen["restarted"] == 200
    before = werift.seen["frames"]

    async def flows() -> bool:
        return werift.seen["frames"] >= before + FRAMES

    await eventually(flows, "werift goes on watching")


async def aiortc_publishes(host: Guest, fan: Guest) -> None:
    live = await Live.make(host)
    publisher = Publisher(host, await live.ticket(host, "publish"))
    await publisher.connect()
    await live.is_watched_by_both(fan)
    assert await publisher.close() == 200


async def werift_publishes(host: Guest, fan: Guest, folder: Path) -> None:
    live = await Live.make(host)
    source, ticket = write_source(folder), await live.ticket(host, "publish")
    publisher = await Werift.start("publish", host.url, ticket, source)

    async def is_there() -> bool:
        return bool((await fan.api("GET", live.path))["live"]["state"] == "on_air")

    await eventually(is_there, "werift is on air")
    await live.is_watched_by_both(fan)
    assert await publisher.close() == 200


async def test_each_publishes_to_both(
    server: Callable[..., Any], guests: MakeGuest, tmp_path: Path
) -> None:
    here = server(WAGU_HLS="off")  # VP8, which both speak
    host, fan = await guests(here, "지민", member=True), await guests(here, "하늘")
    await aiortc_publishes(host, fan)
    await werift_publishes(host, fan, tmp_path)
