"""The retransmission stream beside an outgoing one: its own SSRC and numbers (RFC 4588).

Every packet on it is a new one, however often it repeats another: it is stamped when it is sent,
and may be sent to no purpose but to learn what the link carries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from media.packets.rtp import HeaderTemplate, send_time
from media.packets.rtx import OSN, OSN_LENGTH
from media.packets.vp8 import Vp8Descriptor
from media.packets.vp9 import Vp9Descriptor
from media.routing.packet import MediaPacket, write_padding
from media.routing.rewrite import Epoch

if TYPE_CHECKING:
    from media.routing.output import Output

PADDING = 255
"""Bytes of padding in one packet, the most that its last byte can tell (RFC 3550, 5.1)."""

Numbering = Vp8Descriptor | Vp9Descriptor
"""What finds and patches the picture ids of a payload."""


class RepairStream:
    """`template` and `egress` are shared with the stream that is repaired. `packets` and `octets`
    are all that was sent."""

    __slots__ = (
        "_egress",
        "_next",
        "_output",
        "_template",
        "octets",
        "packets",
        "payload_type",
        "ssrc",
    )

    def __init__(
        self,
        ssrc: int,
        payload_type: int,
        first_sequence: int,
        template: HeaderTemplate,
        output: Output,
        egress: bytearray,
    ) -> None:
        self.ssrc = ssrc
        self.payload_type = payload_type
        self.packets = self.octets = 0
        self._next = first_sequence
        self._template = template
        self._output = output
        self._egress = egress

    def repeat(
        self, epoch: Epoch[Any], cached: MediaPacket, numbering: Numbering | None, now: float
    ) -> int:
        """Send a packet of the stream once more; returns how many bytes that took."""
        timestamp = (cached.timestamp + epoch.timestamp_offset) & 0xFFFFFFFF
        head = self._write_header(cached.marker, timestamp, now)
        OSN.pack_into(self._egress, head, (cached.sequence + epoch.sequence_offset) & 0xFFFF)
        return self._send(write_payload(self._egress, head + OSN_LENGTH, epoch, cached, numbering))

    def fill(self, epoch: Epoch[Any] | None, numbering: Numbering | None, now: float) -> int:
        """Send a packet for its size alone: the newest of the stream once more, where that is more
        than padding would be."""
        newest = epoch.source.cache.newest if epoch is not None else None
        if epoch is None or newest is None or newest.sequence < epoch.first_input:
            return self.pad(now)
        if len(newest.payload) < PADDING:
            return self.pad(now)
        return self.repeat(epoch, newest, numbering, now)

    def pad(self, now: float) -> int:
        """Send a packet that repeats nothing; returns how many bytes that took."""
        head = self._write_header(False, 0, now)
        return self._send(write_padding(self._egress, head, PADDING))

    def _write_header(self, marker: bool, timestamp: int, now: float) -> int:
        number = self._next & 0xFFFF
        self._next += 1
        return self._template.write(
            self._egress,
            self.payload_type,
            marker,
            number,
            timestamp,
            self.ssrc,
            send_time(now),
            127,
        )

    def _send(self, length: int) -> int:
        if self._output.send_rtp(self._egress, length):
            self.packets += 1
            self.octets += length
        return length


def write_payload(
    out: bytearray,
    head: int,
    epoch: Epoch[Any],
    cached: MediaPacket,
    numbering: Numbering | None,
) -> int:
    """Put a cached payload at `head`, with the picture ids of its epoch; returns where it ends."""
    end = head + len(cached.payload)
    out[head:end] = cached.payload
    if numbering is not None and end > head and (epoch.picture_offset or epoch.tl0_offset):
        numbering.parse(cached.payload, 0, end - head)
        numbering.patch(
            out,
            head,
            numbering.picture_id + epoch.picture_offset,
            numbering.tl0 + epoch.tl0_offset,
        )
    return end
