"""VP8 descriptors, against aiortc's parser and byte by byte."""

from __future__ import annotations

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.packets.vp8 import Vp8Descriptor

FULL = bytes.fromhex("90 f0 9234 56 a1")  # X S | I L T K | 15-bit id | tl0 | tid 2, y, keyidx
KEY, DELTA = b"\x10rest", b"\x11rest"


def parsed(payload: bytes, before: bytes = b"") -> Vp8Descriptor:
    descriptor = Vp8Descriptor()
    descriptor.parse(before + payload, len(before), len(payload))
    return descriptor


def test_everything_a_descriptor_can_carry() -> None:
    descriptor = parsed(FULL + KEY, before=b"an RTP header")
    assert descriptor.length == 6
    assert descriptor.picture_id == 0x1234
    assert descriptor.picture_id_width == 2
    assert descriptor.tl0 == 0x56
    assert descriptor.temporal_layer == 2
    assert descriptor.layer_sync
    assert descriptor.keyframe


def test_a_short_picture_id() -> None:
    descriptor = parsed(bytes.fromhex("90 80 12") + DELTA)
    assert descriptor.picture_id == 0x12
    assert descriptor.picture_id_width == 1
    assert descriptor.tl0 == descriptor.temporal_layer == -1
    assert not descriptor.keyframe


def test_no_extension_at_all() -> None:
    descriptor = parsed(b"\x10" + KEY)
    assert descriptor.length == 1
    assert descriptor.picture_id == -1
    assert descriptor.keyframe


@pytest.mark.parametrize(
    ("first", "frame", "start", "key"),
    [
        (0x10, KEY, True, True),
        (0x10, DELTA, True, False),
        (0x00, KEY, False, False),  # a later packet of the partition
        (0x11, KEY, False, False),  # the start of another partition
        (0x30, KEY, True, True),  # a non-reference bit changes nothing
    ],
)
def test_only_the_start_of_partition_0_tells_a_keyframe(
    first: int, frame: bytes, start: bool, key: bool
) -> None:
    descriptor = parsed(bytes([first]) + frame)
    assert (descriptor.frame_start, descriptor.keyframe) == (start, key)


def test_fields_of_the_packet_before_are_forgotten() -> None:
    descriptor = parsed(FULL + KEY)
    descriptor.parse(b"\x10" + DELTA, 0, 1 + len(DELTA))
    assert descriptor.picture_id == descriptor.tl0 == descriptor.temporal_layer == -1
    assert descriptor.picture_id_width == 0
    assert not descriptor.layer_sync


@pytest.mark.parametrize("picture_id", [0, 1, 127, 128, 32767, 32768])
def test_patching_keeps_the_width(picture_id: int) -> None:
    for payload, modulus in ((FULL + KEY, 2**15), (bytes.fromhex("90c01256") + KEY, 2**7)):
        descriptor = parsed(payload)
        out = bytearray(b"head" + payload)
        descriptor.patch(out, 4, picture_id, 0x1FF)
        again = parsed(bytes(out[4:]))
        assert again.picture_id == picture_id % modulus
        assert again.tl0 == 0xFF
        assert again.length == descriptor.length
        assert out[4 + again.length :] == KEY
        theirs, _ = VpxPayloadDescriptor.parse(bytes(out[4:]))
        assert (theirs.picture_id, theirs.tl0picidx) == (picture_id % modulus, 0xFF)


def test_patching_adds_nothing() -> None:
    out = bytearray(b"\x10" + KEY)
    parsed(bytes(out)).patch(out, 0, 5, 5)
    assert out == b"\x10" + KEY


@pytest.mark.parametrize("length", range(7))
def test_a_packet_that_ends_in_its_descriptor_is_refused(length: int) -> None:
    with pytest.raises(MalformedPacket):
        parsed(FULL[:length])


def test_bytes_behind_the_packet_are_not_read() -> None:
    descriptor = Vp8Descriptor()
    with pytest.raises(MalformedPacket):
        descriptor.parse(FULL + KEY, 0, 3)


@given(st.binary(max_size=16), st.binary(max_size=8))
def test_any_bytes_are_read_or_refused(data: bytes, behind: bytes) -> None:
    descriptor = Vp8Descriptor()
    try:
        descriptor.parse(data + behind, 0, len(data))
    except MalformedPacket:
        return
    assert descriptor.length < len(data)
    theirs, rest = VpxPayloadDescriptor.parse(data)
    assert len(rest) == len(data) - descriptor.length
    assert theirs.picture_id == (None if descriptor.picture_id < 0 else descriptor.picture_id)
    assert theirs.tl0picidx == (None if descriptor.tl0 < 0 else descriptor.tl0)
