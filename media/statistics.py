"""The figures of an SFU as values: what `Sfu.statistics` returns and `to_json` writes.

Units: bit/s, milliseconds, pixels, packets, bytes; fractions are 0..1; counts never go back while
their peer lives. Nothing here measures: the figures come from routing, which counts as it forwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from media.codecs import Kind
from media.events import Role


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """One incoming stream: a microphone, or one simulcast layer. `height` 0: not known (yet).

    `watched` tells whether anybody is served from it. `loss` is the share that was missing when it
    was reported last, before repairs; `rtt` how long repairs take that were asked for, None before
    the first.
    """

    rid: str
    ssrc: int
    height: int
    bitrate: int
    packets: int
    bytes: int
    lost: int
    loss: float | None
    jitter: float
    rtt: float | None
    restarts: int
    watched: bool


@dataclass(frozen=True, slots=True)
class PublicationStatistics:
    """One published track with its layers, in the order in which they were first seen."""

    kind: Kind
    codec: str
    muted: bool
    layers: tuple[LayerStatistics, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionStatistics:
    """One outgoing stream. `rid` None: nothing is forwarded now; `height` is that layer's.

    `lost`, `loss` (since the report before), `jitter` and `rtt` are what the receiver reports, None
    before it does. `freezes`: how often it had to ask for a keyframe; requests within a second
    are one.
    """

    kind: Kind
    codec: str
    ssrc: int
    rid: str | None
    height: int
    bitrate: int
    packets: int
    bytes: int
    resent: int
    dropped: int
    switches: int
    freezes: int
    lost: int | None
    loss: float | None
    jitter: float | None
    rtt: float | None


@dataclass(frozen=True, slots=True)
class PeerStatistics:
    """`estimate` is what we believe that the path to the peer carries, which its layers are chosen
    by; None as long as no limit is known. `remb` is what the peer said last, of its video alone."""

    role: Role
    connected: bool
    estimate: int | None
    remb: int | None
    dropped: Mapping[str, int]
    publishes: tuple[PublicationStatistics, ...]
    receives: tuple[SubscriptionStatistics, ...]


@dataclass(frozen=True, slots=True)
class RoomStatistics:
    """`label` stands for the key, which may be a secret."""

    label: str
    peers: Mapping[str, PeerStatistics]


@dataclass(frozen=True, slots=True)
class SfuStatistics:
    """`rooms` by key. `dropped` counts packets by the reason, of transport and peers together,
    `streams` what was resent, switched and frozen: both since the start, of those who are gone
    too. `objects` counts what is alive, `recordings` what is being written, `hls` the streams of
    segments and what they hold."""

    received_packets: int
    received_bytes: int
    sent_packets: int
    sent_bytes: int
    dropped: Mapping[str, int]
    streams: Mapping[str, int]
    objects: Mapping[str, int]
    recordings: Mapping[str, float]
    hls: Mapping[str, float]
    rooms: Mapping[str, RoomStatistics]


def to_json(statistics: SfuStatistics | RoomStatistics | PeerStatistics) -> dict[str, Any]:
    """Plain dicts, lists and numbers, with the names of the fields."""
    return asdict(statistics)
