"""A keyframe → the head of a fragmented MP4 (`ftyp`, `moov`), for HLS: in the writing process only.

The picture is track 1 at 90,000 ticks a second, the sound track 2 at 48,000.
"""

from __future__ import annotations

import io

import av

from media.recording.remux import picture_stream, sound_stream

OPTIONS = {
    "movflags": "empty_moov+default_base_moof+frag_custom",
    "video_track_timescale": "90000",
    "use_editlist": "0",  # fragments say their own times
}


def head_of(picture: str | None, sound: str | None, keyframe: bytes) -> bytes:
    """Codecs by their upper-case names; empty where the bytes are no keyframe."""
    written = io.BytesIO()
    try:
        with av.open(written, "w", format="mp4", options=OPTIONS) as output:
            if picture is not None:
                picture_stream(output, picture, keyframe)
            if sound is not None:
                sound_stream(output)
            output.start_encoding()
            head = written.getvalue()
    except (av.FFmpegError, ValueError):
        return b""
    return head
