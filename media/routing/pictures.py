"""What the packets of each video codec tell a forwarder: keyframes, heights, temporal layers."""

from __future__ import annotations

from typing import Protocol

from media.packets import av1, h264
from media.packets.dependency import DependencyReader
from media.packets.rtp import RtpPacket
from media.packets.vp8 import Vp8Descriptor
from media.packets.vp9 import Vp9Descriptor


class Picture(Protocol):
    """What one packet says of its picture; −1 where it says nothing.

    Reused for every packet. `reach` and `from_layer` are explained in routing/temporal.py.
    """

    @property
    def picture_id(self) -> int: ...

    @property
    def tl0(self) -> int: ...

    @property
    def temporal_layer(self) -> int: ...

    @property
    def reach(self) -> int: ...

    @property
    def from_layer(self) -> int: ...

    def patch(self, out: bytearray, offset: int, picture_id: int, tl0: int) -> None: ...


class PictureReader:
    """Reads the packets of one incoming stream. After `read`: `keyframe`, and `height` of the last
    keyframe that told it (0: unknown)."""

    __slots__ = ("height", "keyframe")

    def __init__(self) -> None:
        self.keyframe = False
        self.height = 0

    def read(self, packet: RtpPacket) -> Picture | None:
        """What the packet says of its picture, None where its codec says nothing.

        Raises MalformedPacket when the payload is not what its codec says.
        """
        raise NotImplementedError  # each codec has its own


class Vp8Reader(PictureReader):
    """RFC 7741; the height stands in a keyframe's first bytes (RFC 6386, 9.1)."""

    __slots__ = ("_picture",)

    def __init__(self) -> None:
        super().__init__()
        self._picture = Vp8Descriptor()

    def read(self, packet: RtpPacket) -> Picture:
        picture = self._picture
        start, length = packet.payload_offset, packet.payload_length
        picture.parse(packet.buffer, start, length)
        self.keyframe = picture.keyframe
        if picture.keyframe and picture.length + 10 <= length:
            # 3 bytes of tag, 3 of start code, 2 x 14 bits.
            at = start + picture.length + 8
            height = int.from_bytes(packet.buffer[at : at + 2], "little") & 0x3FFF
            self.height = height or self.height
        return picture


class Vp9Reader(PictureReader):
    """RFC 9628."""

    __slots__ = ("_picture",)

    def __init__(self) -> None:
        super().__init__()
        self._picture = Vp9Descriptor()

    def read(self, packet: RtpPacket) -> Picture:
        picture = self._picture
        picture.parse(packet.buffer, packet.payload_offset, packet.payload_length)
        self.keyframe = picture.keyframe
        self.height = picture.height or self.height
        return picture


class H264Reader(PictureReader):
    """RFC 6184."""

    __slots__ = ()

    def read(self, packet: RtpPacket) -> None:
        start, length = packet.payload_offset, packet.payload_length
        self.keyframe = h264.is_keyframe(packet.buffer, start, length)
        if self.keyframe:
            self.height = h264.height(packet.buffer, start, length) or self.height


class Av1Reader(PictureReader):
    """AV1 over RTP; layers are told by the dependency descriptor with this extension id, if any.

    Where the structure that came with a keyframe is lost, the frames behind it tell nothing until
    it comes again; they are kept for the repaired keyframe. The payload alone opens one.
    """

    __slots__ = ("_dependency_id", "_picture")

    def __init__(self, dependency_id: int) -> None:
        super().__init__()
        self._dependency_id = dependency_id
        self._picture = DependencyReader()

    def read(self, packet: RtpPacket) -> Picture | None:
        start, length = packet.payload_offset, packet.payload_length
        self.keyframe = av1.is_keyframe(packet.buffer, start, length)
        if self.keyframe:
            self.height = av1.height(packet.buffer, start, length) or self.height
        found = packet.extension(self._dependency_id) if self._dependency_id else None
        if found is None:
            return None
        at, size = found
        return self._picture if self._picture.read(packet.buffer[at : at + size]) else None


def reader_of(name: str, dependency_id: int = 0) -> PictureReader:
    """The reader for a codec by its name in SDP. Raises KeyError for one that we cannot read."""
    match name.upper():
        case "VP8":
            return Vp8Reader()
        case "VP9":
            return Vp9Reader()
        case "H264":
            return H264Reader()
        case "AV1":
            return Av1Reader(dependency_id)
        case other:
            raise KeyError(other)


def numbering_of(name: str) -> Vp8Descriptor | Vp9Descriptor | None:
    """What finds the picture ids in a payload of this codec; None where it has none."""
    match name.upper():
        case "VP8":
            return Vp8Descriptor()
        case "VP9":
            return Vp9Descriptor()
        case _:
            return None
