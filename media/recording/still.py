"""A keyframe → a WebP picture: all that is decoded here, and only in the writing process."""

from __future__ import annotations

import io
from typing import Any

import av

LONGEST_SIDE = 480
QUALITY = 70
DECODERS = {"VP8": "vp8", "VP9": "vp9", "H264": "h264", "AV1": "libdav1d"}


def picture_of(codec: str, keyframe: bytes) -> bytes:
    """The picture, 480 pixels at its longest side; empty where the bytes are none."""
    try:
        context: Any = av.CodecContext.create(DECODERS[codec], "r")
        context.thread_count = 1
        frames = [*context.decode(av.Packet(keyframe)), *context.decode(None)]
        if not frames:
            return b""
        image = frames[0].to_image()
    except (av.FFmpegError, ValueError, KeyError):
        return b""
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    image.save(out, "webp", quality=QUALITY)
    return out.getvalue()
