"""AV1 payloads: where a decoder can start, and how high the picture is (AV1 RTP specification 4.4).

Which temporal or spatial layer a packet belongs to stands in the dependency descriptor, not here.
"""

from __future__ import annotations

from media.errors import MalformedPacket
from media.packets.bits import BitReader

OBU_SEQUENCE_HEADER = 1
_Z, _Y, _N = 0x80, 0x40, 0x08
_MAX_HEADER = 64
"""Bytes looked at of a sequence header; the height is within the first 40 of any."""


def is_keyframe(buffer: bytes | bytearray | memoryview, offset: int, length: int) -> bool:
    """Whether the payload at `offset` opens a coded video sequence. Bad bytes open none.

    N promises a keyframe with its sequence header in this packet; with Z the packet would begin
    with the rest of an OBU, which is forbidden beside N.
    """
    if length < 2 or offset + length > len(buffer):
        return False
    return buffer[offset] & (_Z | _N) == _N


def height(buffer: bytes | bytearray | memoryview, offset: int, length: int) -> int:
    """The height in the sequence header of a packet that opens a sequence, 0 where it has none."""
    obu = _first_obu(buffer, offset, offset + length)
    if len(obu) < 2 or obu[0] >> 3 & 15 != OBU_SEQUENCE_HEADER:
        return 0
    start = 1 + (obu[0] >> 2 & 1)
    if obu[0] & 2:
        start += _leb128(obu, start)[1]
    try:
        return _max_height(BitReader(obu[start : start + _MAX_HEADER]))
    except MalformedPacket:
        return 0


def _first_obu(buffer: bytes | bytearray | memoryview, offset: int, end: int) -> bytes:
    """The first OBU of the packet, cut short after what a sequence header can need."""
    position = offset + 1
    elements = buffer[offset] >> 4 & 3
    if elements != 1:
        # W is 0 or more than one element follows: each but the last has its size before it.
        size, width = _leb128(buffer[position:end], 0)
        position += width
        end = min(end, position + size)
    return bytes(buffer[position : min(end, position + _MAX_HEADER)])


def _leb128(data: bytes | bytearray | memoryview, position: int) -> tuple[int, int]:
    """(value, bytes it takes) of a little-endian base 128 number; (0, 0) where there is none."""
    value = 0
    for index, byte in enumerate(data[position : position + 8]):
        value |= (byte & 0x7F) << (7 * index)
        if not byte & 0x80:
            return value, index + 1
    return 0, 0


def _max_height(bits: BitReader) -> int:
    """`max_frame_height_minus_1` + 1 of a sequence header OBU (AV1 bitstream 5.5.1)."""
    bits.skip(3)  # seq_profile
    bits.skip(1)  # still_picture
    if bits.flag():  # reduced_still_picture_header
        bits.skip(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.read(4) + 1, bits.read(4) + 1
    bits.skip(width_bits)
    return bits.read(height_bits) + 1


def _skip_operating_points(bits: BitReader) -> None:
    delay_length = -1
    if bits.flag():  # timing_info_present
        bits.skip(64)
        if bits.flag():  # equal_picture_interval
            bits.uvlc()
        if bits.flag():  # decoder_model_info_present
            delay_length = bits.read(5) + 1
            bits.skip(32 + 5 + 5)
    display_delay = bits.flag()
    for _ in range(bits.read(5) + 1):
        bits.skip(12)  # operating_point_idc
        if bits.read(5) > 7:  # seq_level_idx
            bits.skip(1)
        if delay_length >= 0 and bits.flag():
            bits.skip(2 * delay_length + 1)
        if display_delay and bits.flag():
            bits.skip(4)
