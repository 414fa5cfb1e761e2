"""Dependency descriptors: structures written bit by bit, and frames that name their templates."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.packets.bits import BitReader
from media.packets.dependency import (
    DISCARDABLE,
    NOT_PRESENT,
    REQUIRED,
    SWITCH,
    DependencyReader,
)

KEY, DELTA_0, DELTA_1 = 60, 61, 62


def packed(bits: str) -> bytes:
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def structure(
    indications: Sequence[Sequence[int]], layers: str, resolutions: Sequence[tuple[int, int]] = ()
) -> str:
    """Two templates' worth of references and one chain, so that all is there to be skipped."""
    targets = len(indications[0])
    bits = f"{KEY:06b}{targets - 1:05b}{layers}11"
    bits += "".join(f"{each:02b}" for row in indications for each in row)
    bits += "0" + "".join("1" + "0001" + "0" for _ in indications[1:])
    width = (targets + 1).bit_length()
    short = (1 << width) - (targets + 1)
    bits += f"{1:0{width - 1}b}" if short > 1 else f"{1 + short:0{width}b}"  # one chain
    bits += "0001" * len(indications)
    bits += "1" if resolutions else "0"
    return bits + "".join(f"{w - 1:016b}{h - 1:016b}" for w, h in resolutions)


L1T2 = structure(
    [[SWITCH, SWITCH], [SWITCH, SWITCH], [NOT_PRESENT, DISCARDABLE]], "0001", [(640, 360)]
)


def descriptor(template: int, number: int, extended: str = "", *, start: bool = True) -> bytes:
    head = bytes([start << 7 | 1 << 6 | template]) + number.to_bytes(2, "big")
    return head + (packed(extended) if extended else b"")


@pytest.fixture
def reader() -> DependencyReader:
    reader = DependencyReader()
    reader.read(descriptor(KEY, 7, "10000" + L1T2))
    return reader


def test_a_keyframe_brings_the_structure(reader: DependencyReader) -> None:
    assert reader.keyframe
    assert reader.frame_start
    assert (reader.frame_number, reader.height) == (7, 360)
    assert (reader.spatial_layer, reader.temporal_layer, reader.reach) == (0, 0, 1)


def test_frames_name_their_template(reader: DependencyReader) -> None:
    reader.read(descriptor(DELTA_1, 8))
    assert (reader.temporal_layer, reader.reach, reader.keyframe) == (1, -1, False)
    reader.read(descriptor(DELTA_0, 9))
    assert (reader.temporal_layer, reader.reach) == (0, 1)
    assert reader.height == 360


def test_a_frame_may_speak_for_itself(reader: DependencyReader) -> None:
    reader.read(descriptor(DELTA_0, 8, f"00100{SWITCH:02b}{REQUIRED:02b}"))
    assert reader.reach == 0
    reader.read(descriptor(DELTA_0, 9, f"01100{0b11:02b}{REQUIRED:02b}{REQUIRED:02b}"))
    assert reader.reach == -1


def test_spatial_layers_have_their_sizes() -> None:
    reader = DependencyReader()
    two = structure([[SWITCH, SWITCH], [NOT_PRESENT, SWITCH]], "10", [(640, 360), (1280, 720)])
    reader.read(descriptor(KEY, 0, "10000" + two))
    assert reader.height == 720
    reader.read(descriptor(DELTA_0, 0, start=False))
    assert (reader.spatial_layer, reader.keyframe) == (1, False)


def test_without_a_structure_there_is_nothing_to_name() -> None:
    for data in (b"", b"\x80\x00", descriptor(KEY, 0), descriptor(KEY, 0, "00000")):
        with pytest.raises(MalformedPacket):
            DependencyReader().read(data)


def test_an_unknown_template_changes_nothing(reader: DependencyReader) -> None:
    with pytest.raises(MalformedPacket):
        reader.read(descriptor(KEY + 3, 8))
    reader.read(descriptor(DELTA_1, 8))
    assert reader.temporal_layer == 1


@given(st.lists(st.binary(max_size=60), max_size=4))
def test_any_bytes_are_read_or_refused(datagrams: list[bytes]) -> None:
    reader = DependencyReader()
    for data in datagrams:
        try:
            reader.read(data)
        except MalformedPacket:
            continue
        assert 0 <= reader.temporal_layer <= 7
        assert 0 <= reader.spatial_layer <= 3


@given(st.binary(max_size=12), st.integers(2, 40))
def test_numbers_below_a_limit_stay_below_it(data: bytes, limit: int) -> None:
    bits = BitReader(data)
    while bits.left >= limit.bit_length():
        assert 0 <= bits.below(limit) < limit
    with pytest.raises(MalformedPacket):
        bits.read(bits.left + 1)
