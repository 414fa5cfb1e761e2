"""What an RTP payload holds of its frame, by codec, and whether a keyframe opens with it.

VP8 RFC 7741, H.264 RFC 6184 (to Annex B), VP9 RFC 9628, AV1 by the AOM's RTP specification (to the
low-overhead stream of section 5.2), Opus RFC 7587. Bad bytes raise MalformedPacket.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from media.errors import MalformedPacket
from media.packets import h264
from media.packets.vp8 import Vp8Descriptor
from media.packets.vp9 import Vp9Descriptor

START_CODE = b"\0\0\0\1"


class Payloads(Protocol):
    """One stream's payloads, in order."""

    def opens_keyframe(self, payload: bytes) -> bool:
        """Whether a decoder can begin with this packet."""

    def append(self, payload: bytes, frame: bytearray) -> None:
        """Add what the packet holds of the frame that it belongs to."""


class OpusPayloads:
    def opens_keyframe(self, payload: bytes) -> bool:
        return True

    def append(self, payload: bytes, frame: bytearray) -> None:
        frame += payload


class Vp8Payloads:
    def __init__(self) -> None:
        self._descriptor = Vp8Descriptor()

    def opens_keyframe(self, payload: bytes) -> bool:
        self._descriptor.parse(payload, 0, len(payload))
        return self._descriptor.keyframe

    def append(self, payload: bytes, frame: bytearray) -> None:
        self._descriptor.parse(payload, 0, len(payload))
        frame += payload[self._descriptor.length :]


class H264Payloads:
    def opens_keyframe(self, payload: bytes) -> bool:
        return h264.is_keyframe(payload, 0, len(payload))

    def append(self, payload: bytes, frame: bytearray) -> None:
        kind = payload[0] & 31
        if kind == h264.STAP_A:
            self._append_aggregate(payload, frame)
        elif kind == h264.FU_A:
            if len(payload) < 3:
                raise MalformedPacket("H.264 fragment without a payload")
            if payload[1] & 0x80:
                frame += START_CODE
                frame.append(payload[0] & 0xE0 | payload[1] & 0x1F)
            frame += payload[2:]
        elif 1 <= kind <= 23:
            frame += START_CODE + payload
        else:
            raise MalformedPacket(f"H.264 payload of type {kind}")

    def _append_aggregate(self, payload: bytes, frame: bytearray) -> None:
        position = 1
        while position + 2 < len(payload):
            size = payload[position] << 8 | payload[position + 1]
            end = position + 2 + size
            if not size or end > len(payload):
                raise MalformedPacket("H.264 unit beyond its aggregate")
            frame += START_CODE + payload[position + 2 : end]
            position = end


class Vp9Payloads:
    """All spatial layers of a picture make one frame."""

    def __init__(self) -> None:
        self._descriptor = Vp9Descriptor()

    def opens_keyframe(self, payload: bytes) -> bool:
        self._descriptor.parse(payload, 0, len(payload))
        return self._descriptor.keyframe

    def append(self, payload: bytes, frame: bytearray) -> None:
        self._descriptor.parse(payload, 0, len(payload))
        frame += payload[self._descriptor.length :]


class Av1Payloads:
    """OBU elements become OBUs with their sizes; temporal delimiters are left out."""

    def __init__(self) -> None:
        self._open = bytearray()

    def opens_keyframe(self, payload: bytes) -> bool:
        # N: a coded video sequence begins here; never in the middle of an OBU (Z).
        return payload[0] & 0x88 == 0x08

    def append(self, payload: bytes, frame: bytearray) -> None:
        continues, goes_on = payload[0] & 0x80, payload[0] & 0x40
        count = payload[0] >> 4 & 3
        if not continues:
            self._open.clear()
        elements = _elements(payload, count)
        for index, element in enumerate(elements):
            self._open += element
            if index < len(elements) - 1 or not goes_on:
                _append_obu(bytes(self._open), frame)
                self._open.clear()


def _elements(payload: bytes, count: int) -> list[bytes]:
    found: list[bytes] = []
    at = 1
    while at < len(payload):
        if count and len(found) == count - 1:
            size = len(payload) - at
        else:
            size, at = _leb128(payload, at)
        if not size or at + size > len(payload):
            raise MalformedPacket("AV1 element beyond the packet")
        found.append(payload[at : at + size])
        at += size
    return found


def _append_obu(obu: bytes, frame: bytearray) -> None:
    header = obu[0]
    if header >> 3 & 15 in (2, 8):  # temporal delimiter, tile list
        return
    extended = 2 if header & 0x04 else 1
    body = obu[extended:]
    if header & 0x02:
        frame += obu
        return
    frame.append(header | 0x02)
    frame += obu[1:extended]
    size = len(body)
    while size > 127:
        frame.append(size & 127 | 128)
        size >>= 7
    frame.append(size)
    frame += body


def _leb128(payload: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(4):
        if at >= len(payload):
            break
        byte = payload[at]
        at += 1
        value |= (byte & 127) << 7 * step
        if not byte & 128:
            return value, at
    raise MalformedPacket("AV1 length beyond the packet")


CODECS: Mapping[str, type[Payloads]] = {
    "OPUS": OpusPayloads,
    "VP8": Vp8Payloads,
    "H264": H264Payloads,
    "VP9": Vp9Payloads,
    "AV1": Av1Payloads,
}
"""What can be recorded, by the upper-case name of the SDP."""
