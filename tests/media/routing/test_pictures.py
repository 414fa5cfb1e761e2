"""What a packet says of its picture, by codec: the reader finds the codec's own places for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from media.codecs import VIDEO_CODECS
from media.errors import MalformedPacket
from media.routing.pictures import PictureReader, numbering_of, reader_of
from tests.media.descriptors import DELTA_0, DELTA_1, KEY, L1T2, descriptor

Rtp = Callable[..., Any]
DEPENDENCY = 12
SPS_360 = bytes.fromhex("6742c01ed900a02ff9610000030001000003003c8f162e48")
"""640 × 360 in the constrained baseline."""


def told(reader: PictureReader, packet: Any) -> tuple[int, int, int, int] | None:
    picture = reader.read(packet)
    if picture is None:
        return None
    return picture.picture_id, picture.tl0, picture.temporal_layer, picture.reach


def test_vp8_numbers_its_pictures(rtp: Rtp, vp8: Callable[..., bytes]) -> None:
    reader = reader_of("vp8")
    packet = rtp(vp8(keyframe=True, picture=300, tl0=7, height=540))
    assert told(reader, packet) == (300, 7, -1, -1)
    assert (reader.keyframe, reader.height) == (True, 540)
    reader.read(rtp(vp8(picture=301)))
    assert (reader.keyframe, reader.height) == (False, 540), "the height stays"


def test_a_vp8_keyframe_without_a_height_keeps_the_one_before(
    rtp: Rtp, vp8: Callable[..., bytes]
) -> None:
    reader = reader_of("VP8")
    reader.read(rtp(vp8(keyframe=True, height=540)))
    reader.read(rtp(vp8(b"", keyframe=True)[:-4]))
    assert (reader.keyframe, reader.height) == (True, 540)


def test_vp9_names_layer_and_size(rtp: Rtp) -> None:
    reader = reader_of("VP9")
    opening = bytes.fromhex("aa 8100 00 05  10 0500 02d0")  # I L B V, and the size of one layer
    assert told(reader, rtp(opening + b"frame")) == (256, 5, 0, -1)
    assert (reader.keyframe, reader.height) == (True, 720)
    delta = bytes.fromhex("e8 8101 30 05")  # I P L B, the second temporal layer, one may switch up
    assert told(reader, rtp(delta + b"frame")) == (257, 5, 1, 1)
    assert not reader.keyframe


def test_h264_says_where_it_begins_and_nothing_else(rtp: Rtp) -> None:
    reader = reader_of("H264")
    assert reader.read(rtp(SPS_360)) is None
    assert (reader.keyframe, reader.height) == (True, 360)
    reader.read(rtp(b"\x41slice"))
    assert (reader.keyframe, reader.height) == (False, 360)


def test_av1_opens_by_its_payload_and_tells_layers_by_the_descriptor(rtp: Rtp) -> None:
    reader = reader_of("AV1", DEPENDENCY)

    def packet(payload: bytes, data: bytes | None) -> Any:
        return rtp(payload, extensions={} if data is None else {DEPENDENCY: data})

    key = packet(b"\x18\x0a", descriptor(KEY, 1, "10000" + L1T2))
    assert told(reader, key) == (-1, -1, 0, 1)
    assert reader.keyframe
    assert told(reader, packet(b"\x10\x0a", None)) is None
    assert not reader.keyframe


def test_av1_frames_of_an_unknown_structure_tell_nothing_and_open_nothing(rtp: Rtp) -> None:
    reader = reader_of("AV1", DEPENDENCY)
    assert told(reader, rtp(b"\x10\x0a", extensions={DEPENDENCY: descriptor(DELTA_0, 1)})) is None
    assert not reader.keyframe
    assert told(reader, rtp(b"\x18\x0a", extensions={DEPENDENCY: descriptor(KEY, 1)})) is None
    assert reader.keyframe, "a decoder can begin here, whatever the layers"
    with pytest.raises(MalformedPacket):
        reader.read(rtp(b"\x10\x0a", extensions={DEPENDENCY: b"\x80\x00"}))
    other = reader_of("AV1")
    assert told(other, rtp(b"\x10\x0a", extensions={DEPENDENCY: descriptor(DELTA_1, 1)})) is None


def test_what_can_be_forwarded_can_be_read() -> None:
    for name in VIDEO_CODECS:
        assert isinstance(reader_of(name), PictureReader)
        assert (numbering_of(name) is not None) is (name in {"VP8", "VP9"})
    with pytest.raises(KeyError):
        reader_of("H265")
