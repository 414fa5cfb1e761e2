"""Two dozen people come and go a thousand times: the SFU forgets them, wholly.

Real ICE, DTLS, SRTP and media over loopback; every other way to leave in turn.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiortc.rtcdtlstransport import RTCCertificate

from media.events import PeerConnected
from media.peer import Peer
from media.routing.encoding import Encoding
from media.routing.publication import Publication
from media.routing.subscription import Subscription
from media.sfu import Sfu, SfuConfig
from media.transport.link import Link
from tests.clients.sfu_client import Client
from tests.clients.waiting import eventually
from tests.media.conftest import build_rtp, build_vp8, read

pytestmark = pytest.mark.load

ROUNDS, WARM = 42, 12
"""Of 24 joins each: 1,008, and 288 before the first look at the memory."""
LIVES, VIEWERS, MAPS, TALKERS = 4, 3, 2, 4
PACKETS = 25
GROWTH = 0.05
EMPTIED = ("peers", "links", "leaving", "rooms", "seats", "recordings", "broadcasts")
KINDS = (Peer, Link, Publication, Encoding, Subscription)

Seat = tuple[str, str, str]
"""Room, peer, role."""


def seats(turn: int) -> list[Seat]:
    """Who comes in this turn, publishers first. Keys come again, as those of a reload do."""
    lives = [f"live/{n}-{turn % 3}" for n in range(LIVES)]
    maps = [f"map/{n}-{turn % 3}" for n in range(MAPS)]
    return [
        *((room, "host", "publish") for room in lives),
        *((room, f"fan{n}", "watch") for room in lives for n in range(VIEWERS)),
        *((room, f"talker{n}", "talk") for room in maps for n in range(TALKERS)),
    ]


def resident() -> int:
    """Bytes of this process in memory, when all that can be given back was."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def alive() -> Counter[str]:
    gc.collect()
    return Counter(type(each).__name__ for each in gc.get_objects() if type(each) in KINDS)


def timers() -> int:
    """That wait in the loop, as asyncio keeps them; those called off go when their time comes."""
    loop: Any = asyncio.get_running_loop()
    return sum(not each.cancelled() for each in loop._scheduled)


class Crowd:
    """The people of one SFU, turn by turn."""

    def __init__(self) -> None:
        self.connected: set[Seat] = set()
        self.sfu = Sfu(SfuConfig(host="127.0.0.1"), self._listen)
        self._certificate = RTCCertificate.generateCertificate()
        self._here: dict[Seat, Client] = {}

    async def come(self, turn: int) -> None:
        """All at once, but viewers after their publishers; then media flows."""
        wanted = seats(turn)
        self.connected.clear()
        for role in ("publish", "watch", "talk"):
            await asyncio.gather(*(self._join(seat) for seat in wanted if seat[2] == role))

        async def all_connected() -> bool:
            return self.connected >= set(wanted)

        await eventually(all_connected, "everybody is connected")
        await self._send()
        await eventually(self._all_receive, "everybody sees or hears somebody")

    async def go(self, turn: int) -> None:
        """By the application, by a goodbye, with the room, or by nothing but a successor."""
        for number, (room, key, role) in enumerate(self._here):
            match (turn + number) % 3:
                case 0:
                    assert self.sfu.leave(room, key) or role == "watch"
                case 1:
                    await self._here[room, key, role].close()
        match turn % 3:
            case 0:
                for room in {seat[0] for seat in self._here}:
                    self.sfu.close_room(room)
            case 1:
                await asyncio.gather(*(self._replace(seat) for seat in tuple(self._here)))
        for (room, key, _), client in self._here.items():
            self.sfu.leave(room, key)
            await client.close()
        self._here.clear()

        async def empty() -> bool:
            left = self.sfu.objects()
            return not any(left[name] for name in EMPTIED)

        await eventually(empty, "the house is empty")

    async def _join(self, seat: Seat) -> None:
        client = Client(self.sfu, read, build_rtp, self._certificate)
        self._here[seat] = client
        await client.join(*seat)

    async def _replace(self, seat: Seat) -> None:
        """A second page with the same key; it does not get beyond its offer."""
        room, key, role = seat
        if role != "watch" and self.sfu.stats()["rooms"].get(room, {"peers": {}})["peers"].get(key):
            offer = self._here[seat].offer(role, "actpass", 6)
            self.sfu.answer(room, key, role, offer)  # type: ignore[arg-type]  # a Role

    async def _send(self) -> None:
        for number in range(PACKETS):
            for (_, _, role), client in self._here.items():
                if role != "watch":
                    client.speak(number, b"o" * 80)
                if role == "publish":
                    client.show(number, build_vp8(b"v" * 900, keyframe=not number))
            await asyncio.sleep(0.005)

    async def _all_receive(self) -> bool:
        receivers = [client for seat, client in self._here.items() if seat[2] != "publish"]
        if all(client.rtp for client in receivers):
            return True
        await self._send()
        return False

    def _listen(self, event: Any) -> None:
        if isinstance(event, PeerConnected):
            self.connected.add((event.room, event.peer, event.role))


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    made = Crowd()
    await made.sfu.start()
    yield made
    await made.sfu.close()


@pytest.mark.timeout(400)
async def test_a_thousand_joins_leave_nothing_behind(crowd: Crowd) -> None:
    begun = time.monotonic()
    objects, files, living = crowd.sfu.objects(), len(os.listdir("/proc/self/fd")), alive()
    waiting = timers()
    warm = 0
    for turn in range(ROUNDS):
        await crowd.come(turn)
        await crowd.go(turn)
        if turn + 1 == WARM:
            warm = resident()
    end = resident()
    joins = ROUNDS * len(seats(0))
    print(f"figure: {joins} joins in {time.monotonic() - begun:.0f} s")
    print(f"figure: {warm / 2**20:.1f} MiB after {WARM * 24} joins, {end / 2**20:.1f} at the end")
    print(f"figure: {timers()} timers and {len(asyncio.all_tasks())} tasks at the end")
    assert crowd.sfu.objects() == objects
    assert timers() <= waiting + 1, "the heartbeat's, and one of whoever waits here"
    assert len(os.listdir("/proc/self/fd")) == files
    assert alive() == living
    assert joins >= 1000
    assert end < warm * (1 + GROWTH)
