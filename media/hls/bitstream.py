"""What MP4 wants of a frame, and what of a keyframe needs another head. Pure.

H.264 goes from Annex B to units behind their lengths, without the parameter sets, which are in the
head (ISO/IEC 14496-15, 5.3). VP9 and AV1 stay as they are.
"""

from __future__ import annotations

from media.packets import h264
from media.recording.payloads import START_CODE

PPS, DELIMITER = 8, 9
LEFT_OUT = frozenset({h264.SPS, PPS, DELIMITER})
AV1_SEQUENCE_HEADER = 1
VP9_SIZE_ENDS = 9
"""Bytes of a keyframe's head up to the end of its width and height (VP9, 6.2)."""


def sample_of(codec: str, frame: bytes) -> bytes:
    """The frame as MP4 holds it."""
    if codec != "H264":
        return frame
    units = [unit for unit in _units(frame) if unit[0] & 31 not in LEFT_OUT]
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)


def signature_of(codec: str, keyframe: bytes) -> bytes:
    """What two keyframes that can be played under one head have in common."""
    match codec:
        case "H264":
            return b"".join(u for u in _units(keyframe) if u[0] & 31 in {h264.SPS, PPS})
        case "AV1":
            return _sequence_header(keyframe)
        case _:
            return keyframe[1:VP9_SIZE_ENDS]


def _units(frame: bytes) -> list[bytes]:
    """No unit contains a start code: emulation prevention keeps them apart (H.264, 7.4.1)."""
    return [unit for unit in frame.split(START_CODE) if unit]


def _sequence_header(frame: bytes) -> bytes:
    """Of a low-overhead stream whose units all have a size, as `payloads` makes them."""
    at = 0
    while at < len(frame):
        header = frame[at]
        body = at + (2 if header & 0x04 else 1)
        size, shift = 0, 0
        while body < len(frame):
            size |= (frame[body] & 127) << shift
            shift += 7
            body += 1
            if not frame[body - 1] & 128:
                break
        if header >> 3 & 15 == AV1_SEQUENCE_HEADER:
            return frame[body : body + size]
        at = body + size
    return b""
