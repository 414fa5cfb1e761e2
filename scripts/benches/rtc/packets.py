"""RTP as a browser would send it, with the time of sending at its end: VP8 with picture ids, Opus.

What is inside the frames is noise: nobody between two browsers looks there.
"""

from __future__ import annotations

import itertools
import random
import struct
from collections.abc import Iterator
from struct import Struct

from benches.rtc.sdp import LEVEL, MID, RID, SENT_AT, SOUND, TRANSPORT, VIDEO

STAMP = Struct("!IQ")
"""A mark, and nanoseconds of the wall clock: the last bytes of every payload."""
MARK = 0x57A9B00C

_HEADER = Struct("!BBHII")
_VP8 = Struct("!BBHBB")
"""Descriptor with a 15-bit picture id, TL0PICIDX and the temporal layer (RFC 7741, 4.2)."""
_START_CODE = bytes([0x10, 0, 0, 0x9D, 0x01, 0x2A])
_INTERFRAME = bytes([0x11, 0, 0])
LARGEST, SMALLEST = 1180, 100  # bytes of a packet
SPREAD = 0.5
"""Of the logarithm of a frame's size."""
_MID = bytes([MID << 4, ord("0")])
_NOISE = random.Random(5).randbytes(1500)


def stamp_of(packet: bytes) -> int | None:
    """When it was sent; None for a packet without a stamp, as padding is."""
    if len(packet) < STAMP.size:
        return None
    mark, sent = STAMP.unpack_from(packet, len(packet) - STAMP.size)
    return int(sent) if mark == MARK else None


Frames = Iterator[list[int]]
"""The sizes of the packets of each frame, without end."""


def even_frames(per_frame: int, size: int) -> Frames:
    return itertools.repeat([size] * per_frame)


def natural_frames(mean: int) -> Frames:
    """As Chromium's encoder and packetizer make them: frames of about `mean` bytes, few of them
    much larger, each cut into packets that differ by a byte at most, the later ones longer."""
    chance = random.Random(9)
    while True:
        total = int(mean * chance.lognormvariate(-SPREAD * SPREAD / 2, SPREAD))
        count = max(1, -(-total // LARGEST))
        size, longer = divmod(max(total, SMALLEST), count)
        yield [size] * (count - longer) + [size + 1] * longer


class VideoPackets:
    """VP8, each packet written into the caller's buffer. `numbers` are transport-wide: the layers
    of one peer share them."""

    def __init__(
        self,
        ssrc: int,
        frames: Frames,
        frames_per_second: float,
        *,
        height: int = 720,
        rid: str = "",
        numbers: Iterator[int] | None = None,
    ) -> None:
        self.keyframe_wanted = True
        self.ssrc = ssrc
        self._rid = rid
        self._numbers = itertools.count() if numbers is None else numbers
        self._keyframe = _START_CODE + struct.pack("<HH", height * 16 // 9, height)
        self._frames = frames
        self._step = 90_000 / frames_per_second
        self._sent = self._frame = 0
        self._sizes = next(frames)
        self._part = 0

    @property
    def left(self) -> int:
        """Packets of the current frame that are not written yet."""
        return len(self._sizes) - self._part

    def write(self, out: bytearray, now_ns: int) -> int:
        """The next packet; its length."""
        size, part, frame = self._sizes[self._part], self._part, self._frame
        start = _write_header(
            out,
            VIDEO,
            self._sent,
            int(frame * self._step),
            self.ssrc,
            marker=self.left == 1,
            extensions=_of_video(self._rid, next(self._numbers), now_ns),
        )
        _VP8.pack_into(
            out,
            start,
            0x80 if part else 0x90,
            0xE0,
            0x8000 | frame & 0x7FFF,
            frame & 0xFF,
            0,
        )
        out[start + _VP8.size : size] = _NOISE[: size - start - _VP8.size]
        if part == 0:
            begin = self._keyframe if self.keyframe_wanted else _INTERFRAME
            out[start + _VP8.size : start + _VP8.size + len(begin)] = begin
            self.keyframe_wanted = False
        STAMP.pack_into(out, size - STAMP.size, MARK, now_ns)
        self._sent += 1
        self._part += 1
        if not self.left:
            self._sizes, self._part = next(self._frames), 0
            self._frame += 1
        return size


class SoundPackets:
    """Opus of 20 ms, loud: `size` bytes a packet."""

    keyframe_wanted = False
    left = 1

    def __init__(self, ssrc: int, *, size: int) -> None:
        self.size = size
        self.ssrc = ssrc
        self._number = 0

    def write(self, out: bytearray, now_ns: int) -> int:
        number = self._number
        start = _write_header(
            out,
            SOUND,
            number,
            number * 960,
            self.ssrc,
            marker=False,
            extensions=_MID + bytes([LEVEL << 4, 20]),
        )
        out[start : self.size] = _NOISE[: self.size - start]
        STAMP.pack_into(out, self.size - STAMP.size, MARK, now_ns)
        self._number += 1
        return self.size


def _of_video(rid: str, number: int, now_ns: int) -> bytes:
    """Its header extensions (RFC 8285, 4.2)."""
    sent = (now_ns << 18) // 1_000_000_000 & 0xFFFFFF
    extensions = _MID + bytes([SENT_AT << 4 | 2]) + sent.to_bytes(3, "big")
    extensions += bytes([TRANSPORT << 4 | 1]) + (number & 0xFFFF).to_bytes(2, "big")
    if rid:
        extensions += bytes([RID << 4 | len(rid) - 1]) + rid.encode()
    return extensions


def _write_header(
    out: bytearray,
    payload_type: int,
    number: int,
    timestamp: int,
    ssrc: int,
    *,
    marker: bool,
    extensions: bytes,
) -> int:
    """The header and a block of extensions; where the payload begins."""
    extensions += bytes(-len(extensions) % 4)
    _HEADER.pack_into(
        out,
        0,
        0x90,
        marker << 7 | payload_type,
        number & 0xFFFF,
        timestamp & 0xFFFFFFFF,
        ssrc,
    )
    struct.pack_into("!HH", out, 12, 0xBEDE, len(extensions) // 4)
    out[16 : 16 + len(extensions)] = extensions
    return 16 + len(extensions)
