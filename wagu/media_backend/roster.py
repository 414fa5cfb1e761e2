"""Who is in the rooms of a media server elsewhere, as far as it told: grants, webhooks and lists
in, MediaEvents out. Pure; `now` in seconds.

Webhooks are lost and overtake each other, and a list is older than what came while it was made. So
a peer belongs to one session, news of another session do not concern it, a list says nothing of
what is newer than its question, and it takes two lists to call somebody gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wagu.media_backend.base import (
    MediaEvent,
    PeerClosed,
    PeerKey,
    PublicationStarted,
    Role,
    RoomKey,
    StageChanged,
)
from wagu.media_backend.remote import Present

CONNECT_WITHIN = 20.0
"""Seconds from a grant until its client is there."""

MISSED = 2
PLACES = 3
"""Guests who are seen at once, as with the embedded SFU."""


@dataclass(slots=True)
class _Peer:
    role: Role
    news_at: float
    session: str | None = None
    publishes: bool = False
    missed: int = 0


class Roster:
    def __init__(self) -> None:
        self._rooms: dict[RoomKey, dict[PeerKey, _Peer]] = {}
        self._places: dict[RoomKey, list[PeerKey | None]] = {}

    # ------------------------------------------------------------------------------------ what is

    def peers(self, room: RoomKey) -> list[PeerKey]:
        return list(self._rooms.get(room, ()))

    def role(self, room: RoomKey, peer: PeerKey) -> Role | None:
        known = self._rooms.get(room, {}).get(peer)
        return None if known is None else known.role

    def places(self, room: RoomKey) -> tuple[PeerKey | None, ...]:
        return tuple(self._places.get(room, ()))

    def count(self, room: RoomKey, role: Role) -> int:
        """Of those who are there, not of those who may come."""
        found = self._rooms.get(room, {}).values()
        return sum(peer.role == role and peer.session is not None for peer in found)

    def everyone(self) -> Iterator[tuple[RoomKey, PeerKey, Role]]:
        for room, peers in self._rooms.items():
            for key, peer in peers.items():
                yield room, key, peer.role

    # ------------------------------------------------------------------------------- what is told

    def expect(self, room: RoomKey, peer: PeerKey, role: Role, now: float) -> list[MediaEvent]:
        """A client was given a grant."""
        events = self._take_out(room, peer, "replaced")
        self._rooms.setdefault(room, {})[peer] = _Peer(role, now)
        return events

    def joined(
        self, room: RoomKey, peer: PeerKey, role: Role, session: str, now: float
    ) -> list[MediaEvent]:
        known = self._rooms.setdefault(room, {}).get(peer)
        if known is None:
            self._rooms[room][peer] = _Peer(role, now, session)
            return []
        known.missed = 0
        known.news_at = now
        if known.session == session:
            return []
        known.session = session
        return self._stops(room, peer, known)

    def published(
        self, room: RoomKey, peer: PeerKey, role: Role, session: str, now: float
    ) -> list[MediaEvent]:
        events = self.joined(room, peer, role, session, now)
        known = self._rooms[room][peer]
        if known.publishes:
            return events
        known.publishes = True
        if known.role == "publish":
            events.append(PublicationStarted(room, peer))
        elif known.role == "guest":
            events += self._take_place(room, peer)
        return events

    def unpublished(
        self, room: RoomKey, peer: PeerKey, session: str, now: float
    ) -> list[MediaEvent]:
        known = self._rooms.get(room, {}).get(peer)
        if known is None or known.session != session:
            return []
        known.news_at = now
        return self._stops(room, peer, known)

    def left(self, room: RoomKey, peer: PeerKey, session: str, reason: str) -> list[MediaEvent]:
        known = self._rooms.get(room, {}).get(peer)
        if known is None or known.session != session:
            return []  # of a connection that another one has replaced
        return self._take_out(room, peer, reason)

    def ended(self, room: RoomKey, peer: PeerKey) -> list[MediaEvent]:
        """By our own wish."""
        return self._take_out(room, peer, "left")

    def closed(self, room: RoomKey) -> list[MediaEvent]:
        return [
            event
            for peer in self.peers(room)
            for event in self._take_out(room, peer, "room_closed")
        ]

    def listed(
        self, found: Mapping[RoomKey, Sequence[Present]], asked_at: float, now: float
    ) -> list[MediaEvent]:
        """All rooms, as they were at some time after `asked_at`."""
        events: list[MediaEvent] = []
        for room, peers in found.items():
            for one in peers:
                if self._is_newer(room, one.peer, asked_at):
                    continue
                news = self.published if one.publishes else self.joined
                events += news(room, one.peer, one.role, one.session, now)
                if not one.publishes:
                    events += self.unpublished(room, one.peer, one.session, now)
        here = {(room, one.peer) for room, peers in found.items() for one in peers}
        for room, peer, _ in list(self.everyone()):
            if (room, peer) not in here and not self._is_newer(room, peer, asked_at):
                events += self._missed(room, peer, now)
        return events

    # -------------------------------------------------------------------------------------- inside

    def _is_newer(self, room: RoomKey, peer: PeerKey, asked_at: float) -> bool:
        known = self._rooms.get(room, {}).get(peer)
        return known is not None and known.session is not None and known.news_at > asked_at

    def _missed(self, room: RoomKey, key: PeerKey, now: float) -> list[MediaEvent]:
        peer = self._rooms[room][key]
        if peer.session is None:
            late = now - peer.news_at >= CONNECT_WITHIN
            return self._take_out(room, key, "timeout") if late else []
        peer.missed += 1
        return self._take_out(room, key, "timeout") if peer.missed >= MISSED else []

    def _take_out(self, room: RoomKey, key: PeerKey, reason: str) -> list[MediaEvent]:
        peers = self._rooms.get(room, {})
        peer = peers.get(key)
        if peer is None:
            return []
        events = self._stops(room, key, peer)
        del peers[key]
        if not peers:
            del self._rooms[room]
            self._places.pop(room, None)
        return [*events, PeerClosed(room, key, peer.role, reason)]

    def _stops(self, room: RoomKey, key: PeerKey, peer: _Peer) -> list[MediaEvent]:
        peer.publishes = False
        places = self._places.get(room, [])
        if key not in places:
            return []
        places[places.index(key)] = None
        return [StageChanged(room, tuple(places))]

    def _take_place(self, room: RoomKey, key: PeerKey) -> list[MediaEvent]:
        places = self._places.setdefault(room, [None] * PLACES)
        if None not in places:
            return []
        places[places.index(None)] = key
        return [StageChanged(room, tuple(places))]
