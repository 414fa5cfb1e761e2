"""RTP headers: a view that parses in place and a writer that fills a buffer (RFC 3550, RFC 8285).

No packet is ever turned into an object: one `RtpPacket` is reused for every datagram, one
`HeaderTemplate` per outgoing stream knows its extension block. Payload bytes are not touched.
Cost on the development machine (timeit, Python 3.11): parse with three extensions 1.3 µs, once per
received packet; write with send time, level and mid 0.45 µs, once per forwarded packet.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import NewType

from media.errors import MalformedPacket

Ssrc = NewType("Ssrc", int)

HEADER_LENGTH = 12
ONE_BYTE = 0xBEDE
"""Profile of a block of one-byte extension headers."""
TWO_BYTE = 0x1000
"""Profile of a block of two-byte extension headers; its low 4 bits are free."""
MAX_BLOCK = 512
"""Bytes of extensions that are read; a dependency descriptor of 64 templates takes half of it."""
SEND_TIME_UNIT = 1 << 18
"""abs-send-time counts 1/2**18 s in 24 bits, so it wraps every 64 s."""

_FIXED = Struct("!BBHII")
_BLOCK = Struct("!HH")
_STAMPED = Struct("!BBHIIII")


class RtpPacket:
    """One RTP packet inside somebody else's buffer; valid until the next `parse`.

    Offsets count from the start of the buffer. `payload_length` is without padding.
    `extension_offset` and `extension_length` delimit the extension block's elements.
    """

    __slots__ = (
        "_elements",
        "_mask",
        "buffer",
        "extension_length",
        "extension_offset",
        "marker",
        "padding_length",
        "payload_length",
        "payload_offset",
        "payload_type",
        "sequence",
        "ssrc",
        "timestamp",
    )

    def __init__(self) -> None:
        self.buffer: bytearray | memoryview = bytearray()
        self.marker = False
        self.payload_type = 0
        self.sequence = 0
        self.timestamp = 0
        self.ssrc = Ssrc(0)
        self.extension_offset = 0
        self.extension_length = 0
        self.payload_offset = 0
        self.payload_length = 0
        self.padding_length = 0
        self._elements: dict[int, int] = {}
        self._mask = 0

    def parse(self, buffer: bytearray | memoryview, length: int) -> None:
        """Read the first `length` bytes. Raises MalformedPacket, and the fields are void then."""
        if length < HEADER_LENGTH:
            raise MalformedPacket("RTP shorter than its header")
        first, second, self.sequence, self.timestamp, ssrc = _FIXED.unpack_from(buffer)
        if first >> 6 != 2:
            raise MalformedPacket("RTP of another version")
        self.buffer = buffer
        self.ssrc = ssrc
        self.marker = second > 127
        self.payload_type = second & 127
        offset = HEADER_LENGTH + 4 * (first & 15)
        if self._elements:
            self._elements.clear()
        self.extension_length = 0
        if first & 16:
            offset = self._parse_block(buffer, offset, length)
        padding = 0
        if first & 32:
            padding = buffer[length - 1]
            if not padding:
                raise MalformedPacket("RTP padding of zero bytes")
        if offset + padding > length:
            raise MalformedPacket("RTP header or padding beyond the packet")
        self.payload_offset = offset
        self.payload_length = length - offset - padding
        self.padding_length = padding

    def extension(self, identifier: int) -> tuple[int, int] | None:
        """Where the element with this id lies: (offset, length), or None."""
        offset = self._elements.get(identifier)
        if offset is None:
            return None
        if self._mask == 255:
            return offset, self.buffer[offset - 1]
        return offset, (self.buffer[offset - 1] & 15) + 1

    def _parse_block(self, buffer: bytearray | memoryview, offset: int, length: int) -> int:
        start = offset + 4
        if start > length:
            raise MalformedPacket("RTP extension header beyond the packet")
        profile, words = _BLOCK.unpack_from(buffer, offset)
        end: int = start + 4 * words
        if end > length or end - start > MAX_BLOCK:
            raise MalformedPacket("RTP extension block beyond the packet, or too long")
        self.extension_offset = start
        self.extension_length = end - start
        if profile == ONE_BYTE:
            self._scan_one_byte(buffer, start, end)
        elif profile & 0xFFF0 == TWO_BYTE:
            self._scan_two_byte(buffer, start, end)
        return end

    def _scan_one_byte(self, buffer: bytearray | memoryview, position: int, end: int) -> None:
        # RFC 8285 section 4.2: id 0 is padding (with a length: stop), id 15 means stop.
        elements = self._elements
        self._mask = 15
        while position < end:
            byte = buffer[position]
            position += 1
            if 0x10 <= byte < 0xF0:
                elements[byte >> 4] = position
                position += (byte & 15) + 1
            elif byte:
                return
        if position > end:
            raise MalformedPacket("RTP extension element beyond its block")

    def _scan_two_byte(self, buffer: bytearray | memoryview, position: int, end: int) -> None:
        # RFC 8285 section 4.3: id 0 is one byte of padding; zero-length elements are legal.
        elements = self._elements
        self._mask = 255
        while position < end:
            identifier = buffer[position]
            position += 1
            if not identifier:
                continue
            if position == end:
                raise MalformedPacket("RTP extension element without a length")
            elements[identifier] = position + 1
            position += buffer[position] + 1
        if position > end:
            raise MalformedPacket("RTP extension element beyond its block")


def send_time(now: float) -> int:
    """`now` in seconds as the 24 bits of the abs-send-time extension."""
    return int(now * SEND_TIME_UNIT) & 0xFFFFFF


class HeaderTemplate:
    """Writes the header of one outgoing stream: 12 bytes and one one-byte extension block.

    `send_time_id` and `audio_level_id` reserve elements that each `write` fills; `fixed` elements
    (a MID, say) never change. The block's length never changes either, so `length` is where every
    payload of the stream starts. Two templates of one `shape` write the same.
    """

    __slots__ = ("_first", "_level", "_profile", "_send_time", "_tail", "length", "shape")

    def __init__(
        self,
        *,
        send_time_id: int | None = None,
        audio_level_id: int | None = None,
        fixed: Iterable[tuple[int, bytes]] = (),
    ) -> None:
        block = bytearray()
        self._level = 0
        if send_time_id is not None:
            # First, so that one pack_into covers the 12 bytes, the profile and the time.
            block += _element(send_time_id, bytes(3))
        if audio_level_id is not None:
            self._level = HEADER_LENGTH + 4 + len(block) + 1
            block += _element(audio_level_id, bytes(1))
        for identifier, value in fixed:
            block += _element(identifier, value)
        block += bytes(-len(block) % 4)
        self._send_time = int.from_bytes(block[:4], "big") if send_time_id is not None else -1
        self._first = 0x90 if block else 0x80
        self._profile = ONE_BYTE << 16 | len(block) // 4
        head = _BLOCK.pack(ONE_BYTE, len(block) // 4) if block else b""
        self._tail = block[4:] if self._send_time >= 0 else bytearray(head) + block
        self.length = HEADER_LENGTH + len(head) + len(block)
        self.shape = bytes([self._level, self._send_time >= 0]) + head + block

    def write(
        self,
        out: bytearray,
        payload_type: int,
        marker: bool,
        sequence: int,
        timestamp: int,
        ssrc: int,
        send_time: int = 0,
        level: int = 0,
    ) -> int:
        """Fill the head of `out`; returns `length`. Integers must be in range already.

        `send_time` is the 24-bit value of `send_time()`, `level` the RFC 6464 byte; both are
        ignored where the template has no room for them.
        """
        second = payload_type | 128 if marker else payload_type
        element = self._send_time
        length = self.length
        if element >= 0:
            _STAMPED.pack_into(
                out,
                0,
                self._first,
                second,
                sequence,
                timestamp,
                ssrc,
                self._profile,
                element | send_time,
            )
            if length > 20:
                out[20:length] = self._tail
        else:
            _FIXED.pack_into(out, 0, self._first, second, sequence, timestamp, ssrc)
            if length > 12:
                out[12:length] = self._tail
        if self._level:
            out[self._level] = level
        return length


def _element(identifier: int, value: bytes) -> bytes:
    if not 1 <= identifier <= 14 or not 1 <= len(value) <= 16:
        raise ValueError("a one-byte extension has an id of 1..14 and 1..16 bytes")
    return bytes([identifier << 4 | len(value) - 1]) + value
