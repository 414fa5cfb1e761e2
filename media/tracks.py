"""What one peer publishes: its m-lines, and the SSRCs that were found to belong to them.

A new SSRC finds its track by MID, `a=ssrc` or payload type (RFC 8843, 9.2), its layer by RID; a
retransmission stream finds what it repairs by payload type and repaired RID (RFC 4588, RFC 8852).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from media.errors import MalformedPacket
from media.packets import red, rtx
from media.packets.red import Block
from media.packets.rtp import RtpPacket
from media.routing.batches import Batches
from media.routing.demand import Demand
from media.routing.encoding import Encoding
from media.routing.losses import Losses
from media.routing.policing import MEDIA, Policer
from media.routing.publication import Publication
from media.signalling.negotiation import (
    AUDIO_LEVEL,
    DEPENDENCY,
    MID,
    REPAIRED_RID,
    RID,
    Incoming,
)

MAX_STREAMS = 8
MAX_REPLACED = 32
"""Changes of SSRC in a peer's life. A browser does it once, when two collide."""


class Track:
    """A published m-line: its agreement, its publication, what is wanted of it and what it may
    bring."""

    __slots__ = ("demand", "incoming", "level_id", "policer", "publication")

    def __init__(self, incoming: Incoming, batches: Batches | None) -> None:
        self.incoming = incoming
        dependency = incoming.extensions.get(DEPENDENCY, 0)
        redundant = bool(incoming.red)
        self.publication = Publication(incoming.codec, dependency, batches, redundant=redundant)
        self.demand = Demand(self.publication, incoming.rids)
        self.level_id = incoming.extensions.get(AUDIO_LEVEL, 0)
        self.policer = Policer(MEDIA[incoming.kind])


Stream = tuple[Track, Encoding]


class Tracks:
    """`streams` maps each SSRC that was understood to its track and encoding; `rtx` each payload
    type of retransmissions and `red` each of redundant audio to its track."""

    __slots__ = (
        "_mid_id",
        "_repaired_rid_id",
        "_repairs",
        "_replaced",
        "_rid_id",
        "red",
        "rtx",
        "streams",
        "tracks",
    )

    def __init__(self, incoming: Sequence[Incoming], batches: Batches | None = None) -> None:
        self.tracks = tuple(Track(each, batches) for each in incoming)
        self.streams: dict[int, Stream] = {}
        self.rtx = {t.incoming.rtx: t for t in self.tracks if t.incoming.rtx}
        self.red = {t.incoming.red: t for t in self.tracks if t.incoming.red}
        self._repairs: dict[int, str] = {}
        self._replaced: set[int] = set()
        extensions = [each.extensions for each in incoming]
        self._mid_id = shared(extensions, MID)
        self._rid_id = shared(extensions, RID)
        self._repaired_rid_id = shared(extensions, REPAIRED_RID)

    def __iter__(self) -> Iterator[Track]:
        return iter(self.tracks)

    def __len__(self) -> int:
        return len(self.tracks)

    def find(self, packet: RtpPacket) -> Stream | None:
        """The packet's stream; None when it belongs nowhere."""
        return self.streams.get(packet.ssrc) or self._learn(packet)

    def unpack(self, packet: RtpPacket) -> list[Block]:
        """Turn redundant audio into the packet that it is without; returns the older ones in it,
        the oldest first. Raises MalformedPacket."""
        codec = self.red[packet.payload_type].incoming.codec
        if not packet.payload_length:
            # Chromium probes the path by padding alone, under the payload type that it sent last.
            packet.payload_type = codec.payload_type
            return []
        *older, own = red.read(packet)
        if any(block.payload_type != codec.payload_type for block in (*older, own)):
            raise MalformedPacket("redundant audio of another codec")
        red.take(packet, own)
        return older

    def repair(self, packet: RtpPacket) -> Stream | None:
        """Turn a retransmission into the packet it repeats; None unless that is awaited."""
        track = self.rtx[packet.payload_type]
        sequence = rtx.original_sequence(packet)
        encoding = self._repaired(track, packet)
        if sequence is None or encoding is None or encoding.losses is None:
            return None
        if not encoding.losses.misses(encoding.reception.place(sequence)):
            return None
        rtx.unwrap(packet, sequence, encoding.ssrc, track.incoming.codec.payload_type)
        return track, encoding

    def _repaired(self, track: Track, packet: RtpPacket) -> Encoding | None:
        if not track.incoming.rids:
            return track.publication.encodings.get("")
        rid = self._repairs.get(packet.ssrc)
        if rid is None:
            rid = text(packet, self._repaired_rid_id)
            if rid not in track.incoming.rids or len(self._repairs) >= MAX_STREAMS:
                return None
            self._repairs[packet.ssrc] = rid
        return track.publication.encodings.get(rid)

    def _learn(self, packet: RtpPacket) -> Stream | None:
        # What straggles in on a replaced SSRC must not win the track back.
        if packet.ssrc in self._replaced:
            return None
        if len(self.streams) >= MAX_STREAMS or len(self._replaced) >= MAX_REPLACED:
            return None
        track = self._track_of(packet)
        if track is None or packet.payload_type != track.incoming.codec.payload_type:
            return None
        rid = ""
        if track.incoming.rids:
            rid = text(packet, self._rid_id)
            if rid not in track.incoming.rids:
                return None
        replaced = track.publication.encodings.get(rid)
        encoding = track.publication.encoding(rid, packet.ssrc)
        if encoding is None:
            return None
        if "nack" in track.incoming.codec.feedback:
            encoding.losses = Losses()
        if replaced is not None:
            self.streams.pop(replaced.ssrc, None)
            self._replaced.add(replaced.ssrc)
        self.streams[packet.ssrc] = (track, encoding)
        return track, encoding

    def _track_of(self, packet: RtpPacket) -> Track | None:
        mid = text(packet, self._mid_id)
        if mid:
            return next((t for t in self.tracks if t.incoming.mid == mid), None)
        for track in self.tracks:
            if packet.ssrc in track.incoming.ssrcs:
                return track
        matching = [t for t in self.tracks if t.incoming.codec.payload_type == packet.payload_type]
        return matching[0] if len(matching) == 1 else None


def shared(extensions: Sequence[Mapping[str, int]], uri: str) -> int:
    """The id of an extension, 0 without one. Bundled m-lines share it (RFC 8843, 9.2)."""
    return next((mapping[uri] for mapping in extensions if uri in mapping), 0)


def text(packet: RtpPacket, identifier: int) -> str:
    """An extension element as text, empty where there is none."""
    found = packet.extension(identifier) if identifier else None
    if found is None:
        return ""
    offset, length = found
    return bytes(packet.buffer[offset : offset + length]).decode("ascii", "replace")
