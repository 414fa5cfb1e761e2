"""One room: its peers, who hears whom, who watches whom. A room lives in one process."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from media.errors import AlreadyPublished, NoPublication, RoomFull
from media.events import (
    Event,
    LayersWanted,
    PeerClosed,
    PeerConnected,
    PublicationStarted,
    Reason,
    Role,
    SlotsChanged,
    SpeakersChanged,
    StageChanged,
)
from media.peer import Peer
from media.seats import Holders, Seats
from media.stage import Stage
from media.totals import Totals

logger = logging.getLogger(__name__)

SPEAKERS_INTERVAL = 0.1

DEMAND_INTERVAL = 0.2


class Room:
    """The peers of one conversation or one live; observes them for the application.

    `emit` gets every event; `label` stands for the key in logs. Peers are keyed by the application;
    a key that comes again replaces. `totals` keeps what they counted when they go.
    """

    def __init__(
        self,
        key: str,
        emit: Callable[[Event], None],
        max_peers: int,
        totals: Totals | None = None,
    ) -> None:
        self.key = key
        self.label = _label(key)
        self.peers: dict[str, Peer] = {}
        self.stage = Stage()
        self._seats = Seats(self._slots_changed)
        self._emit = emit
        self._max_peers = max_peers
        self._totals = totals or Totals()
        self._speakers_at = self._demand_at = self._now = float("-inf")

    @property
    def seats(self) -> int:
        """Slots of all who talk here."""
        return len(self._seats)

    def check(self, key: str, role: Role) -> None:
        """Whether such a peer may come. Raises RoomFull, AlreadyPublished, NoPublication."""
        if key not in self.peers and len(self.peers) >= self._max_peers:
            raise RoomFull
        publisher = self.stage.publisher
        if role == "publish" and publisher is not None and publisher.key != key:
            raise AlreadyPublished
        if role == "guest" and not self.stage.has_place(key):
            raise RoomFull
        if role == "watch" and publisher is None:
            raise NoPublication

    def admit(self, peer: Peer, now: float) -> None:
        """Take a negotiated peer in. It takes part once its transport is connected."""
        self.remove(peer.key, "replaced", now)
        self.peers[peer.key] = peer
        if peer.role == "publish":
            for viewer in self.stage.publish(peer, now):
                # It would wait for ever before a picture that stands still, and never know why.
                self.remove(viewer.key, "failed", now)
        elif peer.role == "guest":
            self.stage.join(peer, now)
        logger.info("= %s %s admitted as %s", self.label, peer.key, peer.role)

    def remove(self, key: str, reason: Reason, now: float) -> bool:
        """A peer goes; whether it was there."""
        peer = self.peers.pop(key, None)
        if peer is None:
            return False
        peer.close()
        self._totals.keep(peer)
        self.stage.remove(peer)
        self._seats.remove(key, now)
        logger.info("= %s %s closed: %s", self.label, key, reason)
        self._emit(PeerClosed(self.key, key, peer.role, reason))
        if peer.role == "guest":
            self._emit(StageChanged(self.key, self.stage.places))
        return True

    def mute(self, key: str, muted: bool) -> None:
        peer = self.peers.get(key)
        if peer is not None:
            peer.set_muted(muted)

    def close(self, reason: Reason, now: float) -> None:
        for key in tuple(self.peers):
            self.remove(key, reason, now)

    def tick(self, now: float) -> None:
        """Every 50 ms or so."""
        self._now = now
        for peer in tuple(self.peers.values()):
            peer.tick(now)
        if now - self._speakers_at >= SPEAKERS_INTERVAL:
            self._speakers_at = now
            if self._seats.speakers.update(now):
                self._emit(SpeakersChanged(self.key, self._seats.speakers.active))
                self._seats.arrange(now)
        if now - self._demand_at >= DEMAND_INTERVAL:
            self._demand_at = now
            self._tell_demand(now)

    def _tell_demand(self, now: float) -> None:
        for peer in tuple(self.peers.values()):
            for track in peer.tracks:
                rids = track.demand.update(now)
                if rids is not None:
                    self._emit(LayersWanted(self.key, peer.key, rids))

    def peer_connected(self, peer: Peer, now: float) -> None:
        if self.peers.get(peer.key) is not peer:
            return
        logger.info("= %s %s connected", self.label, peer.key)
        self._emit(PeerConnected(self.key, peer.key, peer.role))
        if self.peers.get(peer.key) is not peer:
            return  # the listener sent it away
        if peer.role == "watch":
            self.stage.watch(peer, now)
        elif peer.role == "talk":
            voice = peer.publication("audio")
            assert voice is not None
            self._seats.add(peer.key, voice, tuple(peer.subscriptions.values()), now)

    def peer_started(self, peer: Peer) -> None:
        if peer.role == "publish":
            self._emit(PublicationStarted(self.key, peer.key))
        elif peer.role == "guest":
            self._emit(StageChanged(self.key, self.stage.places))

    def peer_heard(self, peer: Peer, level: int, now: float) -> None:
        self._seats.speakers.hear(peer.key, level, now)

    def peer_closed(self, peer: Peer, reason: Reason) -> None:
        if self.peers.get(peer.key) is peer:
            self.remove(peer.key, reason, self._now)

    def _slots_changed(self, key: str, slots: Holders) -> None:
        self._emit(SlotsChanged(self.key, key, slots))


def _label(key: str) -> str:
    # To know a room's key may be to have the right to enter it: logs tell rooms apart without it.
    return "room-" + hashlib.blake2s(key.encode(), digest_size=4).hexdigest()
