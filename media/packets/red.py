"""Redundant audio: a packet with copies of the ones before it (RFC 2198).

Taken apart where it lies; put together again for a receiver with payload types of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from media.errors import MalformedPacket
from media.packets.rtp import RtpPacket

MAX_BLOCKS = 10
"""Read of one packet; Chromium sends two or three."""


class Block(NamedTuple):
    """Where one frame lies in the packet's buffer; `behind` is how many ticks older it is."""

    payload_type: int
    behind: int
    offset: int
    length: int


def read(packet: RtpPacket) -> list[Block]:
    """The blocks of a packet, the oldest first; the last is the packet's own. Raises
    MalformedPacket."""
    buffer, position = packet.buffer, packet.payload_offset
    end = position + packet.payload_length
    heads: list[tuple[int, int, int]] = []
    while True:
        if position >= end or len(heads) == MAX_BLOCKS:
            raise MalformedPacket("redundant audio without a block of its own")
        first = buffer[position]
        if first < 128:
            break
        if position + 4 > end:
            raise MalformedPacket("redundant audio that ends in a header")
        packed = int.from_bytes(buffer[position + 1 : position + 4], "big")
        heads.append((first & 127, packed >> 10, packed & 0x3FF))
        position += 4
    start = position + 1
    blocks: list[Block] = []
    for payload_type, behind, length in heads:
        blocks.append(Block(payload_type, behind, start, length))
        start += length
    if start > end:
        raise MalformedPacket("redundant audio beyond its packet")
    blocks.append(Block(first, 0, start, end - start))
    return blocks


def take(packet: RtpPacket, block: Block, steps: int = 0) -> None:
    """Make the view one of the packet that this block was, so many packets before; no byte is
    moved."""
    packet.payload_type = block.payload_type
    packet.payload_offset, packet.payload_length = block.offset, block.length
    if steps:
        packet.sequence = (packet.sequence - steps) & 0xFFFF
        packet.timestamp = (packet.timestamp - block.behind) & 0xFFFFFFFF
        packet.marker = False


def write(
    out: bytearray, at: int, payload_type: int, older: Sequence[tuple[int, bytes]], own: bytes
) -> int:
    """Put a payload of these blocks at `at`, all of one codec; returns where it ends.

    `older` are (ticks behind, frame) as `read` gives them, the oldest first.
    """
    for behind, frame in older:
        head = (128 | payload_type) << 24 | behind << 10 | len(frame)
        out[at : at + 4] = head.to_bytes(4, "big")
        at += 4
    out[at] = payload_type
    at += 1
    for frame in (*(frame for _, frame in older), own):
        out[at : at + len(frame)] = frame
        at += len(frame)
    return at
