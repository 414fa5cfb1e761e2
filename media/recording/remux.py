"""One file, written by FFmpeg's muxers from encoded frames: nothing is decoded or encoded.

What is on the disk can be played at any time: WebM goes out in clusters, MP4 in fragments, each of
a second at most or from keyframe to keyframe, written as soon as it is whole.
"""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from media.recording.plan import Plan, Written
from media.recording.wire import PICTURE, SOUND

MICROSECOND = Fraction(1, 1_000_000)
OPUS_RATE = 48_000

OPTIONS = {
    "webm": {"cluster_time_limit": "1000"},
    "mp4": {
        "movflags": "frag_keyframe+empty_moov+default_base_moof",
        "frag_duration": "1000000",
    },
}
COMMON = {
    "flush_packets": "1",
    # A stream that is silent (muted, DTX) must not hold the other back in memory.
    "max_interleave_delta": "500000",
}
RAW_FORMATS = {"H264": "h264", "AV1": "obu"}
"""FFmpeg's names of the streams that a keyframe alone explains: parameter sets, dimensions."""


class Remuxer:
    """`add` frames in the order of time, then `close`. A refused frame is counted and left out."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.width = self.height = 0
        self._output: Any = None
        self._streams: dict[int, Any] = {}
        self._first_sound = b""
        self._end = 0
        self._dropped = 0
        self._problems: list[str] = []

    def add(self, stream: int, microseconds: int, data: bytes, *, keyframe: bool) -> None:
        if self._output is None and not self._open(stream, data, keyframe=keyframe):
            return
        packet = av.Packet(data)
        packet.stream = self._streams[stream]
        packet.pts = packet.dts = microseconds
        packet.time_base = MICROSECOND
        packet.is_keyframe = keyframe
        if stream == SOUND:
            packet.duration = opus_duration(data)
        try:
            self._output.mux_one(packet)
        except (av.FFmpegError, ValueError) as error:
            self._refused(repr(error))
        else:
            self._end = max(self._end, microseconds)

    def close(self) -> Written:
        """Finish the file. Without a single frame there is none."""
        if self._output is not None:
            try:
                self._output.close()
            except (av.FFmpegError, OSError) as error:
                self._problems.append(repr(error))
        path = Path(self.plan.path)
        return Written(
            path=self.plan.path,
            container=self.plan.container,
            seconds=self._end / 1e6,
            size=path.stat().st_size if path.exists() else 0,
            width=self.width,
            height=self.height,
            dropped=self._dropped,
            problems=self._problems[:5],
        )

    def _open(self, stream: int, data: bytes, *, keyframe: bool) -> bool:
        """The head needs the first keyframe, which tells the dimensions."""
        wants_picture = self.plan.picture is not None
        if wants_picture and not (stream == PICTURE and keyframe):
            self._dropped += 1
            return False
        options = COMMON | OPTIONS[self.plan.container]
        try:
            output = av.open(self.plan.path, "w", format=self.plan.container, options=options)
        except (av.FFmpegError, OSError) as error:
            self._refused(repr(error))
            return False
        try:
            if self.plan.picture is not None:
                picture, size = picture_stream(output, self.plan.picture, data)
                self._streams[PICTURE], (self.width, self.height) = picture, size
            if self.plan.sound is not None:
                self._streams[SOUND] = sound_stream(output)
        except (av.FFmpegError, ValueError) as error:
            output.close()
            Path(self.plan.path).unlink(missing_ok=True)
            self._refused(repr(error))
            return False
        self._output = output
        return True

    def _refused(self, why: str) -> None:
        self._dropped += 1
        if len(self._problems) < 5:
            self._problems.append(why)


def picture_stream(output: Any, codec: str, keyframe: bytes) -> tuple[Any, tuple[int, int]]:
    """A stream of `output` for pictures like this one, and their size. Raises ValueError and
    av.FFmpegError."""
    if codec in RAW_FORMATS:
        with av.open(io.BytesIO(keyframe), format=RAW_FORMATS[codec]) as probe:
            template = probe.streams.video[0]
            size = template.width, template.height
            return output.add_stream_from_template(template, opaque=True), size
    size = dimensions(codec, keyframe)
    width, height = size
    stream = output.add_mux_stream(codec.lower(), width=width, height=height, time_base=MICROSECOND)
    return stream, size


def sound_stream(output: Any) -> Any:
    """Never encodes: it is where the head of an Opus stream comes from."""
    return output.add_stream("libopus", rate=OPUS_RATE, layout="stereo")


def dimensions(codec: str, keyframe: bytes) -> tuple[int, int]:
    """Width and height in the head of a VP8 or VP9 keyframe. Raises ValueError."""
    if codec == "VP8":
        if len(keyframe) < 10:
            raise ValueError("a VP8 keyframe without its head")
        size = int.from_bytes(keyframe[6:10], "little")
        return size & 0x3FFF, size >> 16 & 0x3FFF
    context: Any = av.CodecContext.create(codec.lower(), "r")
    context.decode(av.Packet(keyframe))
    if not context.width:
        raise ValueError("a keyframe without dimensions")
    return context.width, context.height


def opus_duration(data: bytes) -> int:
    """Microseconds of an Opus packet, by its first bytes (RFC 6716, 3.1)."""
    configuration, code = data[0] >> 3, data[0] & 3
    if configuration < 12:
        frame = (10_000, 20_000, 40_000, 60_000)[configuration & 3]
    elif configuration < 16:
        frame = (10_000, 20_000)[configuration & 1]
    else:
        frame = (2_500, 5_000, 10_000, 20_000)[configuration & 3]
    if code == 3:
        return frame * (data[1] & 63) if len(data) > 1 else frame
    return frame * (1 if code == 0 else 2)
