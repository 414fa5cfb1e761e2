"""H.264 payloads: where a decoder can start (RFC 6184 sections 5.4 to 5.8).

WebRTC uses packetization mode 1: single units, STAP-A and FU-A. A sequence parameter set counts as
the start of a keyframe, because encoders send it right before the IDR picture, often in a packet
of its own, and a decoder that gets only the picture cannot start. Its height stands there too.
"""

from __future__ import annotations

from collections.abc import Iterator

from media.packets import h264_sps

IDR, SPS = 5, 7
STAP_A, FU_A = 24, 28


def is_keyframe(buffer: bytes | bytearray | memoryview, offset: int, length: int) -> bool:
    """Whether the payload at `offset` opens a keyframe. Bad bytes open none."""
    if length < 1 or offset + length > len(buffer):
        return False
    kind = buffer[offset] & 31
    if kind == STAP_A:
        units = _aggregated(buffer, offset + 1, offset + length)
        return any(buffer[start] & 31 in (IDR, SPS) for start, _ in units)
    if kind == FU_A:
        # The start bit: only the first fragment opens anything.
        return (
            length > 1 and buffer[offset + 1] & 0x80 != 0 and buffer[offset + 1] & 31 in (IDR, SPS)
        )
    return kind in (IDR, SPS)


def height(buffer: bytes | bytearray | memoryview, offset: int, length: int) -> int:
    """The height in a packet with a sequence parameter set, 0 in any other."""
    if length < 1 or offset + length > len(buffer):
        return 0
    units = [(offset, offset + length)]
    if buffer[offset] & 31 == STAP_A:
        units = list(_aggregated(buffer, offset + 1, offset + length))
    for start, end in units:
        if buffer[start] & 31 == SPS:
            return h264_sps.height(bytes(buffer[start : min(end, start + h264_sps.MAX_BYTES)]))
    return 0


def _aggregated(
    buffer: bytes | bytearray | memoryview, position: int, end: int
) -> Iterator[tuple[int, int]]:
    """(start, end) of each unit of an aggregate."""
    while position + 2 < end:
        size = buffer[position] << 8 | buffer[position + 1]
        position += 2
        if size:
            yield position, min(position + size, end)
        position += size
