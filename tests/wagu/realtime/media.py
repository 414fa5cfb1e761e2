"""Media for rooms of tests: what a backend says and remembers, without any media."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from wagu.errors import NotFound
from wagu.media_backend.base import (
    Answer,
    Capabilities,
    Grant,
    Listener,
    MediaEvent,
    PeerClosed,
    PeerKey,
    Restarted,
    Role,
    RoomKey,
    Snapshot,
    SpeakersChanged,
    no_tokens,
)


@dataclass
class FakeMedia:
    """A MediaBackend by its contract, without media: answers, replaces, forgets, tells."""

    capabilities = Capabilities("embedded", simulcast=True, slots=6)
    answers = True

    peers: dict[tuple[RoomKey, PeerKey], Role] = field(default_factory=dict)
    muted: set[PeerKey] = field(default_factory=set)
    refusal: Exception | None = None
    before_answer: Callable[[], Awaitable[None]] | None = None
    closed_rooms: list[RoomKey] = field(default_factory=list)
    pictures: dict[RoomKey, Snapshot] = field(default_factory=dict)
    places: dict[RoomKey, tuple[PeerKey | None, ...]] = field(default_factory=dict)
    listeners: list[Listener] = field(default_factory=list)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    def listen(self, listener: Listener) -> None:
        self.listeners.append(listener)

    def tell(self, event: MediaEvent) -> None:
        for listener in self.listeners:
            listener(event)

    async def prepare(self) -> None: ...

    async def answer(self, room: RoomKey, peer: PeerKey, role: Role, offer: str) -> Answer:
        if self.before_answer is not None:
            await self.before_answer()
        if self.refusal is not None:
            raise self.refusal
        if (room, peer) in self.peers:
            self.tell(PeerClosed(room, peer, role, "replaced"))
        self.peers[room, peer] = role
        others = [each for at, each in self.peers if at == room and each != peer]
        slots = [*others[:6], *[None] * 6][:6]
        return Answer(f"answer to {offer}", "session", tuple(slots))

    async def grant(self, room: RoomKey, peer: PeerKey, role: Role) -> Grant:
        """Where the test has given it the capability."""
        if self.capabilities.negotiation == "sdp":
            raise no_tokens()
        await self.answer(room, peer, role, "")
        return Grant("wss://media.example.org", f"token of {peer}", 1.0)

    async def hear(self, authorization: str, body: bytes) -> None: ...

    async def restart(
        self,
        room: RoomKey,
        peer: PeerKey,
        fragment: str,
        *,
        session: str | None = None,
        tag: str = "*",
    ) -> Restarted | None:
        if (room, peer) not in self.peers:
            raise NotFound("media.no_resource", "없어요")
        return Restarted(f"answer to {fragment}", "tag")

    async def mute(self, room: RoomKey, peer: PeerKey, muted: bool) -> None:
        (self.muted.add if muted else self.muted.discard)(peer)

    async def leave(self, room: RoomKey, peer: PeerKey, session: str | None = None) -> bool:
        there = (room, peer) in self.peers
        self.lose(room, peer, "left")
        return there

    async def leave_person(self, room: RoomKey, person: str) -> None:
        for at, peer in list(self.peers):
            if at == room and peer.startswith(f"{person}:"):
                self.lose(room, peer, "left")

    def lose(self, room: RoomKey, peer: PeerKey, reason: str) -> None:
        role = self.peers.pop((room, peer), None)
        if role is not None:
            self.tell(PeerClosed(room, peer, role, reason))

    async def close_room(self, room: RoomKey) -> None:
        self.closed_rooms.append(room)
        for at, peer in list(self.peers):
            if at == room:
                self.lose(room, peer, "room_closed")

    def speak(self, room: RoomKey, *peers: PeerKey) -> None:
        self.tell(SpeakersChanged(room, peers))

    def on_stage(self, room: RoomKey) -> tuple[PeerKey | None, ...]:
        return self.places.get(room, ())

    def has_room(self, room: RoomKey) -> bool:
        return any(at == room for at, _ in self.peers)

    def snapshot(self, room: RoomKey) -> Snapshot | None:
        return self.pictures.get(room)

    def stats(self) -> dict[str, Any]:
        return {}
