"""A live's stage: one publisher, guests beside them, and everybody else who watches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from media.codecs import Codec, Kind
from media.peer import Peer
from media.routing.subscription import Subscription
from media.signalling.negotiation import GUESTS


class Stage:
    """Binds viewers' streams to the tracks of publisher and guests, whichever of them comes first.

    A viewer's streams outlive a publisher who reloads, and a guest who goes: they wait, and go on
    with the next one's tracks, as long as these are in the codecs that the viewer agreed to.
    """

    def __init__(self) -> None:
        self.publisher: Peer | None = None
        self._guests: list[Peer | None] = [None] * GUESTS
        self._viewers: dict[str, Peer] = {}

    @property
    def codecs(self) -> Mapping[Kind, Codec]:
        """What a viewer must be able to decode."""
        if self.publisher is None:
            return {}
        return {t.incoming.kind: t.incoming.codec for t in self.publisher.tracks}

    @property
    def capabilities(self) -> list[tuple[Codec, ...]]:
        """What each viewer of a picture can decode."""
        return [viewer.decodes for viewer in self._viewers.values() if viewer.decodes]

    @property
    def places(self) -> tuple[str | None, ...]:
        """The guests of whom something came, by place."""
        return tuple(
            guest.key if guest is not None and guest.started else None for guest in self._guests
        )

    def has_place(self, key: str) -> bool:
        """Whether a guest of this key may come: there is a place, or it is theirs already."""
        return any(guest is None or guest.key == key for guest in self._guests)

    def publish(self, peer: Peer, now: float) -> list[Peer]:
        """`peer` takes the stage. Returns the viewers who cannot see or hear all of it.

        These must negotiate anew: they have no stream for a track, or one in another codec.
        """
        self.publisher = peer
        return [viewer for viewer in self._viewers.values() if not self._show(viewer, now)]

    def join(self, guest: Peer, now: float) -> None:
        """A guest stands beside the publisher, in the first place that is free. A viewer whose
        offer has no such place does without."""
        index = self._guests.index(None)
        self._guests[index] = guest
        for viewer in self._viewers.values():
            _bind(viewer, viewer.received(index + 1), guest, now)

    def watch(self, peer: Peer, now: float) -> None:
        """A viewer connected."""
        self._viewers[peer.key] = peer
        self._show(peer, now)
        for place, guest in enumerate(self._guests, 1):
            if guest is not None:
                _bind(peer, peer.received(place), guest, now)

    def remove(self, peer: Peer) -> None:
        if peer is self.publisher:
            self.publisher = None
        elif peer in self._guests:
            self._guests[self._guests.index(peer)] = None
        elif self._viewers.get(peer.key) is peer:
            del self._viewers[peer.key]

    def _show(self, viewer: Peer, now: float) -> bool:
        """Serve a viewer the publisher; False when something of them is left out."""
        if self.publisher is None:
            return True
        return _bind(viewer, viewer.received(0), self.publisher, now)


def _bind(viewer: Peer, streams: Iterable[Subscription], source: Peer, now: float) -> bool:
    """Whether all of it is served; nobody is shown themselves."""
    if viewer.owner is not None and viewer.owner == source.owner:
        return True
    bound = 0
    for subscription in streams:
        publication = source.publication(subscription.codec.kind)
        if publication is not None and _same(subscription.codec, publication.codec):
            publication.subscribe(subscription, now)
            bound += 1
    return bound == len(source.tracks)


def _same(one: Codec, other: Codec) -> bool:
    return one.name.upper() == other.name.upper()
