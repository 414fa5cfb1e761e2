"""One way to play on each backend: come with what it gives, send, go, look who is there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from benches.rtc.load import Load
from benches.rtc.peer import Peer
from benches.rtc.scenarios import Scenario
from benches.rtc.sdp import SSRC, offer, read
from media.sfu import SfuConfig
from media.transport.certificate import Certificate
from tests.clients.waiting import eventually
from tests.fakes import livekit, openvidu2
from tests.fakes.media_server import FakeServer, serving
from wagu.media_backend.base import MediaBackend, MediaEvent, PeerKey, Role, RoomKey
from wagu.media_backend.delegated import DelegatedBackend
from wagu.media_backend.embedded import EmbeddedBackend
from wagu.media_backend.livekit import LiveKit
from wagu.media_backend.livekit_tokens import Tokens
from wagu.media_backend.openvidu2 import OpenVidu2
from wagu.media_backend.remote import Remote
from wagu.media_backend.upstream import Upstream

PUBLIC_URL = "wss://livekit.example.org"
TIMEOUT = 0.4


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """`heard` is what the backend told, without who sits and who speaks."""

    backend: Any
    heard: list[MediaEvent] = field(default_factory=list)

    def listen(self) -> None:
        self.backend.listen(self.heard.append)

    async def come(self, room: RoomKey, peer: PeerKey, role: Role) -> Any:
        raise NotImplementedError  # each house has its own

    async def send(self, someone: Any) -> None:
        raise NotImplementedError  # each house has its own

    async def settle(self) -> None:
        """Until the backend has done, and heard of, what is on its way."""

    def here(self, room: RoomKey) -> set[str]:
        """According to the server itself."""
        raise NotImplementedError  # each house has its own

    async def told(self, *wanted: MediaEvent) -> None:
        """These came, in this order, and nothing of their kinds beside them."""
        kinds = tuple({type(each) for each in wanted})

        async def came() -> bool:
            await self.settle()
            return len([each for each in self.heard if isinstance(each, kinds)]) >= len(wanted)

        await eventually(came, f"{wanted} in {self.heard}")
        assert [each for each in self.heard if isinstance(each, kinds)] == list(wanted)
        self.heard.clear()


@dataclass
class Embedded(House):
    peers: list[Peer] = field(default_factory=list)
    certificate: Certificate = field(default_factory=lambda: Certificate(0.0))

    async def come(self, room: RoomKey, peer: PeerKey, role: Role) -> Peer:
        made = Peer("127.0.0.1", self.certificate, "gcm")
        self.peers.append(made)
        if role == "watch":
            wanted = offer(made.local, "video", receives=1)
        else:
            kind: Any = "audio" if role == "talk" else "video"
            wanted = offer(made.local, kind, ssrc=SSRC + len(self.peers))
        answer = await self.backend.answer(room, peer, role, wanted)
        await made.connect(read(answer.sdp))
        return made

    async def send(self, someone: Peer) -> None:
        scenario = Scenario("video", packets_per_second=300, size=800, per_frame=5)
        ssrc = SSRC + self.peers.index(someone) + 1
        await Load(scenario.sources(someone, ssrc), []).run(0.3)

    def here(self, room: RoomKey) -> set[str]:
        return set(self.backend.stats()["rooms"].get(room, {}).get("peers", {}))


@dataclass
class Delegated(House):
    server: Any = None
    clock: Clock = field(default_factory=Clock)

    async def come(self, room: RoomKey, peer: PeerKey, role: Role) -> Any:
        grant = await self.backend.grant(room, peer, role)
        return await self.server.enter(grant.token)

    async def send(self, someone: Any) -> None:
        room, who = someone
        kind = "AUDIO" if ":s" in _peer_of(who) and ":stage" not in _peer_of(who) else "VIDEO"
        await self.server.publish(room, who, kind)

    async def go(self, someone: Any) -> None:
        await self.server.quit(*someone)

    async def settle(self) -> None:
        await self.backend._errands.settle()
        await self.backend.reconcile()

    def here(self, room: RoomKey) -> set[str]:
        name = room.replace("/", "-", 1) if self.backend.capabilities.kind == "openvidu2" else room
        rooms = self.server.sessions if name != room else self.server.rooms
        return {_peer_of(one) for one in rooms.get(name, {}).values()}


def _peer_of(who: Any) -> str:
    if isinstance(who, livekit.Participant):
        return who.identity
    return str(json.loads(who.data)["peer"])


def remote_of(server: FakeServer, clock: Clock) -> Remote:
    upstream = Upstream(server.url, timeout=TIMEOUT)
    if isinstance(server, livekit.FakeLiveKit):
        return LiveKit(upstream, Tokens(livekit.KEY, livekit.SECRET), PUBLIC_URL, clock)
    return OpenVidu2(upstream, openvidu2.SECRET, clock)


@asynccontextmanager
async def embedded() -> AsyncIterator[Embedded]:
    house = Embedded(EmbeddedBackend(SfuConfig(host="127.0.0.1")))
    house.listen()
    await house.backend.start()
    try:
        yield house
    finally:
        await house.backend.close()
        for peer in house.peers:
            await peer.close()


@asynccontextmanager
async def delegated(kind: str, port: int) -> AsyncIterator[Delegated]:
    """Not started: the rounds are the test's, `settle` makes one."""
    clock = Clock()
    fakes: dict[str, Callable[..., FakeServer]] = {
        "livekit": livekit.FakeLiveKit,
        "openvidu2": openvidu2.FakeOpenVidu2,
    }
    server = fakes[kind](port, clock)
    backend: MediaBackend = DelegatedBackend(remote_of(server, clock), clock=clock)
    server.hook = backend.hear
    house = Delegated(backend, server=server, clock=clock)
    house.listen()
    async with serving(server):
        try:
            yield house
        finally:
            await backend.close()
