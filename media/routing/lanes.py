"""One packet for many receivers, with the numbers of each: copied and written for all at once.

An integer serves as a vector: it has a lane of 64 bits for each receiver, so that one addition adds
for all of them, and no sum reaches the next lane. What differs between receivers begins an RTP
header (RFC 3550, 5.1), and its first eight bytes are one lane:

    V P X CC | M PT | sequence number | timestamp        SSRC

For 50 receivers that is a tenth of the time that a loop over them takes.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from media.packets.rtp import Ssrc
from media.routing.packet import MediaPacket

LANE = 8
"""Bytes."""
ONE_PIECE = 100_000
"""Bytes that are made beside the buffer and copied into it as one. 80 kB take 5.6 µs that way where
copies in place, each twice as long as the one before, take 7.5; of more those are quicker."""

Whole = bytes | bytearray
"""A packet as it goes out, but for its numbers."""


class Numbers(NamedTuple):
    """What is added to a packet's numbers for one receiver, and the receiver's SSRC."""

    sequence: int
    timestamp: int
    ssrc: Ssrc


class Lanes:
    """Of a buffer that keeps its size, cut into slots of `stride` bytes. ValueError unless that is
    a multiple of 8."""

    __slots__ = (
        "_count",
        "_low_16",
        "_low_32",
        "_ones",
        "_sequences",
        "_ssrcs",
        "_stride",
        "_timestamps",
        "_view",
        "_words",
        "_words_32",
    )

    def __init__(self, buffer: bytearray, stride: int, receivers: Sequence[Numbers]) -> None:
        if stride % LANE:
            raise ValueError(f"slots of {stride} bytes are no whole lanes")
        self._view = memoryview(buffer)
        self._words = self._view.cast("Q")
        self._words_32 = self._view.cast("I")
        self._stride = stride
        self._count = len(receivers)
        self._ones = _vector([1] * len(receivers))
        self._low_16, self._low_32 = 0xFFFF * self._ones, 0xFFFFFFFF * self._ones
        self._sequences = _vector([each.sequence & 0xFFFF for each in receivers])
        self._timestamps = _vector([each.timestamp & 0xFFFFFFFF for each in receivers])
        ssrcs = b"".join(each.ssrc.to_bytes(4) for each in receivers)
        self._ssrcs = array("I", ssrcs)

    def __len__(self) -> int:
        return self._count

    def write(self, at: int, packets: Sequence[MediaPacket], wholes: Sequence[Whole]) -> None:
        """All packets for the first receiver from `at` on, a slot each, then all for the next.
        `wholes` are the packets, in the same order."""
        stride = self._stride
        row = b"".join([whole.ljust(stride, b"\0") for whole in wholes])
        size = len(row)
        end = at + size * self._count
        self._repeat(row, at, end)
        slot = at
        for packet, whole in zip(packets, wholes, strict=True):
            begin = (whole[0] << 8 | whole[1]) << 48
            numbers = self._heads(begin, packet.sequence & 0xFFFF, packet.timestamp & 0xFFFFFFFF)
            self._words[slot // 8 : end // 8 : size // 8] = numbers
            self._words_32[slot // 4 + 2 : end // 4 : size // 4] = self._ssrcs
            slot += stride

    def _repeat(self, row: bytes, at: int, end: int) -> None:
        """Again and again, from `at` to the end."""
        view, size = self._view, len(row)
        if end - at <= ONE_PIECE:
            view[at:end] = row * self._count
            return
        view[at : at + size] = row
        done = at + size
        while done < end:
            more = min(done - at, end - done)
            view[done : done + more] = view[at : at + more]
            done += more

    def _heads(self, begin: int, sequence: int, timestamp: int) -> memoryview:
        ones = self._ones
        sequences = (self._sequences + sequence * ones) & self._low_16
        timestamps = (self._timestamps + timestamp * ones) & self._low_32
        lanes = begin * ones | sequences << 32 | timestamps
        return memoryview(lanes.to_bytes(LANE * self._count)).cast("Q")


def _vector(values: Sequence[int]) -> int:
    """The first one is in the highest lane, so that the bytes lie in the order of the values."""
    return int.from_bytes(b"".join(value.to_bytes(LANE) for value in values))
