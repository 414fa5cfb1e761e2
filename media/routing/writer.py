"""Writes the packets of one outgoing stream into the scratch buffer, and hands them to its link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from media.codecs import Codec
from media.packets import red
from media.packets.rtp import HeaderTemplate, Ssrc, send_time
from media.packets.sequence import timestamp_distance
from media.routing.fanout import SILENT
from media.routing.packet import Copy, MediaPacket, write_padding
from media.routing.pictures import numbering_of
from media.routing.repairs import PADDING, write_payload
from media.routing.rewrite import Epoch

if TYPE_CHECKING:
    from media.routing.output import Output

LONG_AGO = 4096
"""Packets since the epoch began after which no copy, of 0.34 s ago at most, is from before it: in
half a day timestamps come round."""


class StreamWriter:
    """`redundant` is the receiver's payload type of redundant audio (RFC 2198), 0 where it would
    rather have none. `packets`, and `octets` of payload in them, are what the link took; `dropped`
    what it did not."""

    __slots__ = (
        "_codec",
        "_egress",
        "_is_sound",
        "_output",
        "_ssrc",
        "dropped",
        "numbering",
        "octets",
        "packets",
        "redundant",
        "template",
    )

    def __init__(
        self,
        ssrc: Ssrc,
        codec: Codec,
        template: HeaderTemplate,
        output: Output,
        egress: bytearray,
        redundant: int,
    ) -> None:
        self._ssrc = ssrc
        self._codec = codec
        self._is_sound = codec.kind == "audio"
        self._output = output
        self._egress = egress
        self.template = template
        self.redundant = redundant
        self.numbering = numbering_of(codec.name)
        self.packets = self.octets = self.dropped = 0

    def write(self, epoch: Epoch[Any], number: int, packet: MediaPacket) -> int:
        """Send a packet under this number; returns the bytes of payload."""
        # `arrived` is the send time also when a packet goes out again: the same number must come
        # with the same bytes (see rewrite.py). A talk spurt begins with a marker (RFC 3551, 4.1):
        # the jitter buffer adapts there.
        copies = self._copies(epoch, packet) if self.redundant and packet.copies else ()
        head = self.template.write(
            self._egress,
            self.redundant if copies else self._codec.payload_type,
            packet.marker or (self._is_sound and packet.sequence == epoch.first_input),
            number & 0xFFFF,
            (packet.timestamp + epoch.timestamp_offset) & 0xFFFFFFFF,
            self._ssrc,
            send_time(packet.arrived),
            packet.level if packet.level >= 0 else SILENT,
        )
        if copies:
            end = red.write(self._egress, head, self._codec.payload_type, copies, packet.payload)
        else:
            end = write_payload(self._egress, head, epoch, packet, self.numbering)
        length = end - head
        if packet.padding:
            end = write_padding(self._egress, end, packet.padding)
        if self._output.send_rtp(self._egress, end):
            self.packets += 1
            self.octets += length
        else:
            self.dropped += 1
        return length

    def pad(self, number: int, timestamp: int, now: float) -> int:
        """Send a packet without payload; returns its bytes, 0 where the link did not take it."""
        head = self.template.write(
            self._egress,
            self._codec.payload_type,
            False,
            number & 0xFFFF,
            timestamp,
            self._ssrc,
            send_time(now),
            SILENT,
        )
        length = write_padding(self._egress, head, PADDING)
        if not self._output.send_rtp(self._egress, length):
            return 0
        self.packets += 1  # RFC 3550, 6.4.1: of packets, though of no octets
        return length

    def _copies(self, epoch: Epoch[Any], packet: MediaPacket) -> Sequence[Copy]:
        """Those of what came after the epoch began. What is older was said while somebody else had
        the slot, or while muted."""
        if packet.sequence - epoch.first_input > LONG_AGO:
            return packet.copies
        age = timestamp_distance(packet.timestamp, epoch.begun)
        return [copy for copy in packet.copies if copy.behind < age]
