"""A camera and a microphone without WebRTC: real VP8, H.264 and Opus, cut into RTP payloads."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from media.codecs import Codec
from media.packets import ntp
from media.packets.rtcp import SenderReport
from media.packets.rtp import RtpPacket, Ssrc
from media.routing.publication import Publication
from tests.media.conftest import H264, OPUS, VP8, build_rtp

RATE, SIZE = 25, (320, 180)
MTU = 1100
ENCODERS = {
    "VP8": ("libvpx", {"deadline": "realtime", "cpu-used": "8", "g": "25", "lag-in-frames": "0"}),
    "H264": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "g": "25", "bf": "0"}),
    "VP9": (
        "libvpx-vp9",
        {"deadline": "realtime", "cpu-used": "8", "g": "25", "lag-in-frames": "0"},
    ),
}


@functools.cache
def pictures(
    codec: str, count: int = 100, size: tuple[int, int] = SIZE
) -> tuple[tuple[bytes, bool], ...]:
    """Encoded frames of a moving bar: (bytes, keyframe)."""
    name, options = ENCODERS[codec]
    encoder: Any = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
    encoder.time_base, encoder.bit_rate = Fraction(1, RATE), 300_000
    encoder.options = options
    made = []
    for number in range(count):
        image = np.zeros((size[1], size[0], 3), np.uint8)
        image[:, number * 3 : number * 3 + 30] = 200
        frame = av.VideoFrame.from_ndarray(image, "rgb24")
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        made += [(bytes(each), each.is_keyframe) for each in encoder.encode(frame)]
    return tuple(made)


@functools.cache
def sounds(count: int = 200) -> tuple[bytes, ...]:
    """20 ms packets of a tone."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
    encoder.time_base = Fraction(1, 48_000)
    made = []
    for number in range(count):
        wave = np.sin(np.arange(960) / 20) * 8000
        samples = np.repeat(wave.astype(np.int16), 2)[None, :]
        frame = av.AudioFrame.from_ndarray(samples, "s16", "stereo")
        frame.rate, frame.pts = 48_000, number * 960
        made += [bytes(each) for each in encoder.encode(frame)]
    return tuple(made)


def vp8_payloads(frame: bytes) -> list[bytes]:
    return [
        bytes([0x10 if at == 0 else 0x00]) + frame[at : at + MTU]
        for at in range(0, len(frame), MTU)
    ]


def h264_payloads(frame: bytes) -> list[bytes]:
    """Annex B → single units and FU-A."""
    payloads = []
    for unit in frame.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]:
        if len(unit) <= MTU:
            payloads.append(unit)
            continue
        indicator, kind = unit[0] & 0xE0 | 28, unit[0] & 31
        for at in range(1, len(unit), MTU):
            first, last = at == 1, at + MTU >= len(unit)
            head = bytes([indicator, kind | first << 7 | last << 6])
            payloads.append(head + unit[at : at + MTU])
    return payloads


PAYLOADS = {"VP8": vp8_payloads, "H264": h264_payloads}


class Source:
    """One published track that is fed by hand."""

    def __init__(self, codec: Codec, ssrc: int, *, sequence: int, timestamp: int) -> None:
        self.codec = codec
        self.publication = Publication(codec)
        self._ssrc = Ssrc(ssrc)
        self._sequence = itertools.count(sequence)
        self._timestamp = timestamp
        self._packet = RtpPacket()

    def send(
        self, payload: bytes, seconds: float, now: float, *, marker: bool, lost: bool = False
    ) -> None:
        number = next(self._sequence)
        if lost:
            return
        data = build_rtp(
            payload,
            ssrc=self._ssrc,
            sequence=number,
            timestamp=self._timestamp + round(seconds * self.codec.clock_rate),
            payload_type=self.codec.payload_type,
            marker=marker,
        )
        buffer = bytearray(2048)
        buffer[: len(data)] = data
        self._packet.parse(buffer, len(data))
        encoding = self.publication.encoding("", self._ssrc)
        assert encoding is not None
        self.publication.receive(encoding, self._packet, now, -1)

    def report(self, seconds: float, now: float, wall: float = 1_000_000.0) -> None:
        """A sender report: `seconds` of this stream are `wall` + `seconds` of the sender's day."""
        encoding = self.publication.encoding("", self._ssrc)
        assert encoding is not None
        rtp_time = self._timestamp + round(seconds * self.codec.clock_rate) & 0xFFFFFFFF
        report = SenderReport(self._ssrc, ntp.from_unix(wall + seconds), rtp_time, 0, 0)
        encoding.reported(report, now)


class Show:
    """A camera and a microphone; the picture's packets arrive `late` seconds after the sound's."""

    def __init__(self, codec: str, *, late: float = 0.0, size: tuple[int, int] = SIZE) -> None:
        self.late = late
        self.size = size
        self.name = codec
        self.sound = Source(OPUS, 0x50, sequence=65_530, timestamp=4_294_960_000)
        video = {"VP8": VP8, "H264": H264}[codec]
        self.picture = Source(video, 0x60, sequence=65_500, timestamp=4_294_900_000)

    def play(
        self,
        seconds: float,
        *,
        first: float = 0.0,
        lost: Callable[[int], bool] = lambda _: False,
        reports: bool = True,
    ) -> Iterator[float]:
        """Send it all; yields the time of arrival after each 20 ms. `lost` chooses frames of the
        picture whose first packet goes missing."""
        for step in range(round(first * 50), round((first + seconds) * 50)):
            now = step / 50
            self.sound.send(sounds()[step % 200], now, 1000 + now, marker=False)
            at = now - self.late
            if at >= 0 and round(at * 50) % 2 == 0:
                number = round(at * RATE)
                frame, _ = pictures(self.name, size=self.size)[number % 100]
                payloads = PAYLOADS[self.name](frame)
                for index, payload in enumerate(payloads):
                    gone = index == 0 and lost(number)
                    last = index == len(payloads) - 1
                    self.picture.send(payload, at, 1000 + now, marker=last, lost=gone)
            if reports and step % 25 == 5 and at >= 0:
                self.sound.report(now, 1000 + now)
                self.picture.report(at, 1000 + now)
            yield 1000 + now


@pytest.fixture(scope="session")
def make_show() -> Callable[..., Show]:
    return Show
