"""Reads the figures of rooms, peers and streams off into values (`media.statistics`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from media.peer import Peer
from media.room import Room
from media.routing.encoding import Encoding
from media.routing.subscription import Subscription
from media.statistics import (
    LayerStatistics,
    PeerStatistics,
    PublicationStatistics,
    RoomStatistics,
    SubscriptionStatistics,
)
from media.tracks import Track

STALE = 2.0
"""Seconds without a packet after which a bitrate is nothing any more."""


def rooms(found: Mapping[str, Room], now: float) -> dict[str, RoomStatistics]:
    return {key: room_figures(room, now) for key, room in found.items()}


def room_figures(room: Room, now: float) -> RoomStatistics:
    return RoomStatistics(
        room.label, {key: peer_figures(peer, now) for key, peer in room.peers.items()}
    )


def peer_figures(peer: Peer, now: float) -> PeerStatistics:
    return PeerStatistics(
        role=peer.role,
        connected=peer.connected,
        estimate=peer.estimate,
        remb=peer.remb,
        dropped=dict(peer.dropped),
        publishes=tuple(_publication(track, now) for track in peer.tracks),
        receives=tuple(_subscription(stream) for stream in _received(peer)),
    )


def _received(peer: Peer) -> Iterator[Subscription]:
    """Empty places of guests are nothing that somebody would look for."""
    for line, stream in zip(peer.outgoing, peer.subscriptions.values(), strict=True):
        if not line.place or stream.publication is not None:
            yield stream


def _publication(track: Track, now: float) -> PublicationStatistics:
    publication = track.publication
    return PublicationStatistics(
        kind=publication.codec.kind,
        codec=publication.codec.name,
        muted=publication.muted,
        layers=tuple(
            _layer(encoding, publication.codec.clock_rate, now)
            for encoding in publication.encodings.values()
        ),
    )


def _layer(encoding: Encoding, clock_rate: int, now: float) -> LayerStatistics:
    flows = now - encoding.last_packet < STALE
    return LayerStatistics(
        rid=encoding.rid,
        ssrc=encoding.ssrc,
        height=encoding.height,
        bitrate=round(encoding.bitrate) if flows else 0,
        packets=encoding.reception.received,
        bytes=encoding.bytes_received,
        lost=encoding.reception.lost,
        loss=encoding.reception.loss,
        jitter=_milliseconds(encoding.reception.jitter / clock_rate) or 0.0,
        rtt=_milliseconds(encoding.losses.measured_rtt if encoding.losses is not None else None),
        restarts=encoding.restarts,
        watched=encoding.is_watched,
    )


def _subscription(stream: Subscription) -> SubscriptionStatistics:
    reports, encoding = stream.reports, stream.encoding
    return SubscriptionStatistics(
        kind=stream.codec.kind,
        codec=stream.codec.name,
        ssrc=stream.ssrc,
        rid=encoding.rid if encoding is not None else None,
        height=encoding.height if encoding is not None else 0,
        bitrate=round(reports.bitrate),
        packets=stream.packets,
        bytes=stream.octets,
        resent=stream.resent,
        dropped=stream.dropped,
        switches=stream.switches,
        freezes=reports.freezes,
        lost=reports.lost,
        loss=reports.loss,
        jitter=_milliseconds(reports.jitter),
        rtt=_milliseconds(reports.rtt),
    )


def _milliseconds(seconds: float | None) -> float | None:
    return round(seconds * 1000, 2) if seconds is not None else None
