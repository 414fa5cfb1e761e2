"""Everybody of one measurement: who sends, who receives, in which rooms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from benches.rtc.load import Source
from benches.rtc.peer import Peer, Profile
from benches.rtc.rooms import Room
from benches.rtc.scenarios import Scenario
from benches.rtc.sdp import SSRC
from media.transport.certificate import Certificate

JOINING = 8
"""Who come at the same time."""


class Where(Protocol):
    """Where peers sit, and how their packets are protected."""

    @property
    def address(self) -> str: ...

    @property
    def profile(self) -> Profile: ...


class Cast:
    """`receivers` are those whose packets count."""

    def __init__(self, scenario: Scenario, new_room: Callable[[], Room], where: Where) -> None:
        self.sources: list[Source] = []
        self.receivers: list[Peer] = []
        self._scenario = scenario
        self._new_room = new_room
        self._where = where
        self._certificate = Certificate(0.0)
        self._peers: list[Peer] = []
        self._rooms: list[Room] = []

    async def open(self, people: int) -> None:
        """The rooms, and who sends to `people` viewers."""
        scenario = self._scenario
        for _ in range(people // scenario.senders if scenario.tables else 1):
            room = self._new_room()
            self._rooms.append(room)
            await room.open()
        if not scenario.tables:
            for ssrc in self._ssrcs:
                await self._send(self._rooms[0], ssrc)

    async def come(self, people: int) -> float:
        """`people` viewers, or so many at tables; how many of them connected in a second."""
        begun = time.perf_counter()
        if self._scenario.tables:
            await _by_turns([self._table(room) for room in self._rooms])
        else:
            await _by_turns([self._receive(self._rooms[0], number=n) for n in range(people)])
        return people / (time.perf_counter() - begun)

    async def close(self) -> None:
        for room in self._rooms:
            await room.close()
        for peer in self._peers:
            await peer.close()

    @property
    def _ssrcs(self) -> range:
        """Of those who send in one room."""
        return range(SSRC, SSRC + self._scenario.senders)

    async def _table(self, room: Room) -> None:
        """People who all speak and hear all others."""
        for ssrc in self._ssrcs:
            peer = await self._send(room, ssrc, listens=not room.one_way)
            if not room.one_way:
                self.receivers.append(peer)
        if room.one_way:
            for ssrc in self._ssrcs:
                await self._receive(room, but=ssrc)

    async def _send(self, room: Room, ssrc: int, *, listens: bool = False) -> Peer:
        peer = self._newcomer()
        scenario = self._scenario
        await peer.connect(await room.publish(peer, ssrc, listens=listens, rids=scenario.rids))
        self.sources += scenario.sources(peer, ssrc)
        return peer

    async def _receive(self, room: Room, *, but: int = 0, number: int = 0) -> None:
        peer, layers = self._newcomer(), self._scenario.layers
        layer = number % len(layers) if layers else None
        if layer is not None:
            peer.link = layers[layer].link
        await peer.connect(await room.watch(peer, but=but, layer=layer))
        self.receivers.append(peer)

    def _newcomer(self) -> Peer:
        peer = Peer(self._where.address, self._certificate, self._where.profile)
        self._peers.append(peer)
        return peer


async def _by_turns(coming: Sequence[Coroutine[Any, Any, None]]) -> None:
    turns = asyncio.Semaphore(JOINING)

    async def one(each: Coroutine[Any, Any, None]) -> None:
        async with turns:
            await each

    await asyncio.gather(*(one(each) for each in coming))
