"""The VP8 payload descriptor: what a forwarder reads and patches (RFC 7741 section 4.2).

One `Vp8Descriptor` is reused for every packet. Offsets are relative to the payload, so that they
hold for a copy of the packet too.
"""

from __future__ import annotations

from media.errors import MalformedPacket


class Vp8Descriptor:
    """`picture_id`, `tl0` (TL0PICIDX) and `temporal_layer` are -1 where the packet has none.

    `picture_id_width` is 1 (7 bits) or 2 bytes (15 bits), or 0. `length` is the descriptor's.
    A frame with `layer_sync` refers to the lowest layer only: who has the layer below its own
    (`from_layer`) may move up to it (`reach`), −1 for any other frame.
    """

    __slots__ = (
        "frame_start",
        "from_layer",
        "keyframe",
        "layer_sync",
        "length",
        "picture_id",
        "picture_id_offset",
        "picture_id_width",
        "reach",
        "temporal_layer",
        "tl0",
        "tl0_offset",
    )

    def __init__(self) -> None:
        self.length = 0
        self.frame_start = False
        self.keyframe = False
        self.picture_id = -1
        self.picture_id_offset = 0
        self.picture_id_width = 0
        self.tl0 = -1
        self.tl0_offset = 0
        self.temporal_layer = -1
        self.layer_sync = False
        self.reach = self.from_layer = -1

    def parse(self, buffer: bytes | bytearray | memoryview, offset: int, length: int) -> None:
        """Read the payload of `length` bytes at `offset`. Raises MalformedPacket."""
        try:
            size = self._parse_descriptor(buffer, offset, offset + length)
        except IndexError:
            raise MalformedPacket("VP8 descriptor beyond the buffer") from None
        if size >= length:
            raise MalformedPacket("VP8 packet without a payload")
        self.length = size
        # S set and PID 0: the next byte opens the frame; its lowest bit is 0 in a keyframe.
        self.frame_start = buffer[offset] & 0x17 == 0x10
        self.keyframe = self.frame_start and not buffer[offset + size] & 1
        self.reach = self.temporal_layer if self.layer_sync else -1
        self.from_layer = self.temporal_layer - 1

    def _parse_descriptor(
        self, buffer: bytes | bytearray | memoryview, offset: int, end: int
    ) -> int:
        self.picture_id = self.tl0 = self.temporal_layer = -1
        self.picture_id_width = 0
        self.layer_sync = False
        if offset >= end:
            raise MalformedPacket("VP8 packet without a descriptor")
        position = offset + 1
        if buffer[offset] & 0x80:
            flags = buffer[position]
            position += 1
            if flags & 0x80:
                position = self._parse_picture_id(buffer, offset, position)
            if flags & 0x40:
                self.tl0_offset = position - offset
                self.tl0 = buffer[position]
                position += 1
            if flags & 0x30:
                if flags & 0x20:
                    self.temporal_layer = buffer[position] >> 6
                    self.layer_sync = bool(buffer[position] & 0x20)
                position += 1
        return position - offset

    def _parse_picture_id(
        self, buffer: bytes | bytearray | memoryview, offset: int, position: int
    ) -> int:
        self.picture_id_offset = position - offset
        value = buffer[position]
        if value & 0x80:
            self.picture_id = (value & 0x7F) << 8 | buffer[position + 1]
            self.picture_id_width = 2
        else:
            self.picture_id = value
            self.picture_id_width = 1
        return position + self.picture_id_width

    def patch(self, out: bytearray, offset: int, picture_id: int, tl0: int) -> None:
        """Overwrite both numbers in a copy whose payload starts at `offset`.

        Widths stay: `picture_id` is taken modulo 2**7 or 2**15, `tl0` modulo 256. What the packet
        does not carry is left out.
        """
        if self.picture_id_width == 2:
            position = offset + self.picture_id_offset
            out[position] = 0x80 | (picture_id >> 8 & 0x7F)
            out[position + 1] = picture_id & 0xFF
        elif self.picture_id_width:
            out[offset + self.picture_id_offset] = picture_id & 0x7F
        if self.tl0 >= 0:
            out[offset + self.tl0_offset] = tl0 & 0xFF
