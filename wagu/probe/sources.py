"""What a probe sends: colour bars with a block that walks, and a tone; or a file."""

from __future__ import annotations

import array
import asyncio
import math
import time
from fractions import Fraction
from pathlib import Path

import av
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaPlayer
from aiortc.mediastreams import MediaStreamError

from wagu.probe.errors import ProbeFailed

VIDEO_CLOCK, SAMPLE_RATE = 90_000, 48_000
SAMPLES = 960  # 20 ms
TONE = 440
BARS = (235, 210, 170, 145, 107, 82, 41, 16)
CHROMA = ((128, 128), (16, 146), (166, 16), (54, 34), (202, 222), (90, 240), (240, 110), (128, 128))
"""BT.601: white, yellow, cyan, green, magenta, red, blue, black."""
WHITE = 235
STEP = 8
"""Pixels that the block walks with each frame."""


def from_file(path: Path) -> list[MediaStreamTrack]:
    """Its sound and its picture, again and again. Raises ProbeFailed."""
    try:
        player = MediaPlayer(str(path), loop=True)
    except (av.FFmpegError, OSError) as error:
        raise ProbeFailed(f"{path} cannot be read: {error}") from error
    tracks = [track for track in (player.audio, player.video) if track is not None]
    if not tracks:
        raise ProbeFailed(f"{path} has neither sound nor picture")
    return tracks


class _Paced(MediaStreamTrack):
    """Frames in real time, `every` seconds."""

    def __init__(self, every: float) -> None:
        super().__init__()
        self._every = every
        self._number = -1
        self._begun = 0.0

    async def _next(self) -> int:
        if self.readyState != "live":
            raise MediaStreamError
        self._number += 1
        if self._number == 0:
            self._begun = time.monotonic()
        await asyncio.sleep(self._begun + self._number * self._every - time.monotonic())
        return self._number


class TestPicture(_Paced):
    kind = "video"

    def __init__(self, width: int, height: int, rate: int) -> None:
        super().__init__(1 / rate)
        self._rate = rate
        self._size = width, height
        blank = av.VideoFrame(width, height, "yuv420p")
        self._strides = [plane.line_size for plane in blank.planes]
        self._bars = [
            _row([bar[at] for bar in CHROMA], width // 2, self._strides[1 + at]) * (height // 2)
            for at in (0, 1)
        ]
        self._luma = _row(BARS, width, self._strides[0])

    async def recv(self) -> av.VideoFrame:
        number = await self._next()
        frame = self.picture(number)
        frame.pts = number * VIDEO_CLOCK // self._rate
        frame.time_base = Fraction(1, VIDEO_CLOCK)
        return frame

    def picture(self, number: int) -> av.VideoFrame:
        width, height = self._size
        side = height // 4
        at = number * STEP % (width - side)
        marked = self._luma[:at] + bytes([WHITE]) * side + self._luma[at + side :]
        above = (height - side) // 2
        rows = (self._luma * above, marked * side, self._luma * (height - side - above))
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane, data in zip(frame.planes, (b"".join(rows), *self._bars), strict=True):
            plane.update(data)
        return frame


class Tone(_Paced):
    kind = "audio"

    def __init__(self) -> None:
        super().__init__(SAMPLES / SAMPLE_RATE)
        wave = (math.sin(2 * math.pi * TONE * at / SAMPLE_RATE) for at in range(SAMPLE_RATE))
        self._second = array.array("h", (round(8000 * level) for level in wave)).tobytes()

    async def recv(self) -> av.AudioFrame:
        number = await self._next()
        frame = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        at = number * SAMPLES % SAMPLE_RATE * 2
        frame.planes[0].update(self._second[at : at + SAMPLES * 2])
        frame.sample_rate, frame.pts = SAMPLE_RATE, number * SAMPLES
        frame.time_base = Fraction(1, SAMPLE_RATE)
        return frame


def _row(levels: tuple[int, ...] | list[int], width: int, stride: int) -> bytes:
    """One line of bars, as long as the plane wants it."""
    line = bytes(levels[at * len(levels) // width] for at in range(width))
    return line.ljust(stride, b"\0")
