"""VP9 descriptors, field by field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.packets.vp9 import Vp9Descriptor

FRAME = b"frame"
# I L B | 15-bit id | tid 1, U, sid 0 | tl0
LAYERED = bytes.fromhex("a8 9234 30 56")


def parsed(payload: bytes, before: bytes = b"") -> Vp9Descriptor:
    descriptor = Vp9Descriptor()
    descriptor.parse(before + payload, len(before), len(payload))
    return descriptor


def test_picture_and_layers() -> None:
    descriptor = parsed(LAYERED + FRAME, before=b"header")
    assert (descriptor.length, descriptor.picture_id, descriptor.tl0) == (5, 0x1234, 0x56)
    assert (descriptor.temporal_layer, descriptor.spatial_layer) == (1, 0)
    assert descriptor.layer_sync
    assert descriptor.frame_start
    assert not descriptor.frame_end


def test_a_keyframe_tells_its_height_in_the_structure() -> None:
    structure = bytes.fromhex("38 0280 0168 0500 02d0 02 04 07 00")  # two sizes, two pictures
    descriptor = parsed(bytes.fromhex("8a 05") + structure + FRAME)
    assert descriptor.keyframe
    assert descriptor.height == 720
    assert descriptor.picture_id_width == 1
    assert descriptor.length == 2 + len(structure)


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("88 05", True),
        ("c8 05", False),  # refers to an earlier picture
        ("80 05", False),  # not the beginning of the frame
        ("a8 05 02 00", False),  # the second spatial layer
        ("a8 05 01 00", False),  # predicted from the layer below
        ("a8 05 00 00", True),
    ],
)
def test_keyframes(head: str, key: bool) -> None:
    assert parsed(bytes.fromhex(head) + FRAME).keyframe is key


def test_flexible_streams_carry_references_instead_of_tl0() -> None:
    descriptor = parsed(bytes.fromhex("f8 05 20 03 04") + FRAME)
    assert descriptor.flexible
    assert (descriptor.tl0, descriptor.temporal_layer, descriptor.length) == (-1, 1, 5)
    with pytest.raises(MalformedPacket):
        parsed(bytes.fromhex("f8 05 20 03 05 07 09") + FRAME)


@pytest.mark.parametrize("picture_id", [0, 1, 127, 128, 32767, 32768])
def test_patching_keeps_the_width(picture_id: int) -> None:
    for payload, modulus in ((LAYERED + FRAME, 2**15), (bytes.fromhex("a8123056") + FRAME, 2**7)):
        out = bytearray(b"head" + payload)
        descriptor = parsed(payload)
        descriptor.patch(out, 4, picture_id, 0x1FF)
        again = parsed(bytes(out[4:]))
        assert (again.picture_id, again.tl0) == (picture_id % modulus, 0xFF)
        assert out[4 + again.length :] == FRAME


@given(st.binary(max_size=24), st.binary(max_size=8))
def test_any_bytes_are_read_or_refused(data: bytes, behind: bytes) -> None:
    descriptor = Vp9Descriptor()
    try:
        descriptor.parse(data + behind, 0, len(data))
    except MalformedPacket:
        return
    assert 0 < descriptor.length < len(data)
    out = bytearray(data)
    descriptor.patch(out, 0, descriptor.picture_id, descriptor.tl0)
    assert out == data
