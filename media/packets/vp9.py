"""The VP9 payload descriptor: what a forwarder reads and patches (RFC 9628 section 4.2).

One `Vp9Descriptor` is reused for every packet. Offsets are relative to the payload, so that they
hold for a copy of the packet too.
"""

from __future__ import annotations

from media.errors import MalformedPacket

_I, _P, _L, _F, _B, _E, _V = 0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02
MAX_REFERENCES = 3


class Vp9Descriptor:
    """`picture_id`, `tl0` (TL0PICIDX), `temporal_layer`, `spatial_layer` are -1 where absent.

    `layer_sync` is the switching-up bit: from this picture on higher temporal layers refer to
    nothing older: who has the layer below its own (`from_layer`) may move up to it (`reach`, −1
    for any other picture). `flexible` streams name their references by difference of picture ids.
    `height` is that of the highest spatial layer, 0 where the packet does not tell.
    """

    __slots__ = (
        "flexible",
        "frame_end",
        "frame_start",
        "from_layer",
        "height",
        "keyframe",
        "layer_sync",
        "length",
        "picture_id",
        "picture_id_offset",
        "picture_id_width",
        "reach",
        "spatial_layer",
        "temporal_layer",
        "tl0",
        "tl0_offset",
    )

    def __init__(self) -> None:
        self.length = self.height = 0
        self.frame_start = self.frame_end = self.keyframe = False
        self.flexible = self.layer_sync = False
        self.picture_id = self.tl0 = self.temporal_layer = self.spatial_layer = -1
        self.picture_id_offset = self.picture_id_width = self.tl0_offset = 0
        self.reach = self.from_layer = -1

    def parse(self, buffer: bytes | bytearray | memoryview, offset: int, length: int) -> None:
        """Read the payload of `length` bytes at `offset`. Raises MalformedPacket."""
        if length < 1:
            raise MalformedPacket("VP9 packet without a descriptor")
        try:
            size = self._parse_descriptor(buffer, offset)
        except IndexError:
            raise MalformedPacket("VP9 descriptor beyond the buffer") from None
        if size >= length:
            raise MalformedPacket("VP9 packet without a payload")
        self.length = size
        self.reach = self.temporal_layer if self.layer_sync else -1
        self.from_layer = self.temporal_layer - 1

    def _parse_descriptor(self, buffer: bytes | bytearray | memoryview, offset: int) -> int:
        first = buffer[offset]
        self.picture_id = self.tl0 = self.temporal_layer = self.spatial_layer = -1
        self.picture_id_width = self.height = 0
        self.layer_sync = inter_layer = False
        self.flexible = first & _F != 0
        self.frame_start = first & _B != 0
        self.frame_end = first & _E != 0
        position = offset + 1
        if first & _I:
            position = self._parse_picture_id(buffer, offset, position)
        if first & _L:
            layers = buffer[position]
            position += 1
            self.temporal_layer = layers >> 5
            self.layer_sync = layers & 0x10 != 0
            self.spatial_layer = layers >> 1 & 7
            inter_layer = layers & 1 != 0
            if not self.flexible:
                self.tl0_offset = position - offset
                self.tl0 = buffer[position]
                position += 1
        if self.flexible and first & _P:
            position = _skip_references(buffer, position)
        if first & _V:
            position = self._parse_structure(buffer, position)
        # The lowest spatial layer without a reference in time: a decoder can begin here.
        self.keyframe = (
            self.frame_start
            and not first & _P
            and not inter_layer
            and self.spatial_layer <= 0
            and self.temporal_layer <= 0
        )
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

    def _parse_structure(self, buffer: bytes | bytearray | memoryview, position: int) -> int:
        """The scalability structure (4.2.1): sizes of the spatial layers, a group of pictures."""
        head = buffer[position]
        position += 1
        if head & 0x10:
            position += 4 * ((head >> 5) + 1)
            self.height = buffer[position - 2] << 8 | buffer[position - 1]
        if head & 0x08:
            pictures = buffer[position]
            position += 1
            for _ in range(pictures):
                position += 1 + (buffer[position] >> 2 & 3)
        return position

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


def _skip_references(buffer: bytes | bytearray | memoryview, position: int) -> int:
    for _ in range(MAX_REFERENCES):
        more = buffer[position] & 1
        position += 1
        if not more:
            return position
    raise MalformedPacket("VP9 picture with more than three references")
