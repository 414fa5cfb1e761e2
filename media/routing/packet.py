"""A packet on its way through: what is needed to forward it, and to send it again as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

SLACK = 8
"""Bytes of padding that are worth a message less."""


class Copy(NamedTuple):
    """What a packet of redundant audio brought of one before it, which is `behind` it by so many
    ticks."""

    behind: int
    payload: bytes


@dataclass(slots=True)
class MediaPacket:
    """Never changed once it went out. `sequence` is unwrapped, `arrived` in seconds, `level` the
    RFC 6464 byte of a sound (−1: none). The rest says of a video packet's picture what
    routing/pictures.py tells, −1 where it tells nothing. `padding` bytes go out behind it. `copies`
    of a sound, the oldest first, go to who wants redundant audio."""

    sequence: int
    timestamp: int
    marker: bool
    arrived: float
    payload: bytes
    level: int = -1
    picture_id: int = -1
    tl0: int = -1
    temporal: int = -1
    reach: int = -1
    from_layer: int = -1
    padding: int = 0
    copies: tuple[Copy, ...] = ()


def even_out(batch: Sequence[MediaPacket]) -> None:
    """Pad packets to the size of the next, where that is little.

    Browsers cut a frame into packets whose sizes differ by a byte or two, the longer ones last.
    Padding (RFC 3550, 5.1) makes one run of them, which leaves as one message.
    """
    following = batch[-1]
    for packet in reversed(batch[:-1]):
        if packet.timestamp == following.timestamp:
            missing = len(following.payload) + following.padding - len(packet.payload)
            if 0 < missing <= SLACK:
                packet.padding = missing
        following = packet


def write_padding(out: bytearray, end: int, count: int) -> int:
    """Pad the packet at the head of `out`, which ends at `end`; returns where it ends then."""
    out[0] |= 0x20
    out[end : end + count - 1] = bytes(count - 1)
    out[end + count - 1] = count
    return end + count
