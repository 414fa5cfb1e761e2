"""Dependency descriptors: structures written bit by bit, and frames that name their templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.packets.bits import BitReader
from media.packets.dependency import NOT_PRESENT, REQUIRED, SWITCH, DependencyReader
from media.routing.temporal import TemporalFilter
from tests.media.descriptors import (
    DELTA_0,
    DELTA_1,
    DELTA_2,
    KEY,
    L1T2,
    L1T3,
    descriptor,
    structure,
)


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
    reader = DependencyReader()
    for data in (descriptor(KEY, 0), descriptor(KEY, 0, "00000"), descriptor(KEY, 0, "00100")):
        assert not reader.read(data)
    assert reader.read(descriptor(KEY, 7, "10000" + L1T2)), "it came after all"
    assert reader.read(descriptor(DELTA_0, 8))


@pytest.mark.parametrize("data", [b"", b"\x80\x00", descriptor(KEY, 0, "10000" + L1T2)[:8]])
def test_what_ends_too_early_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedPacket):
        DependencyReader().read(data)


def test_an_unknown_template_changes_nothing(reader: DependencyReader) -> None:
    assert not reader.read(descriptor(KEY + 3, 8))
    assert reader.read(descriptor(DELTA_1, 8))
    assert reader.temporal_layer == 1


def test_three_temporal_layers() -> None:
    reader, passed = DependencyReader(), TemporalFilter()
    reader.read(descriptor(KEY, 0, "10000" + L1T3))
    told = []
    passing: dict[int, list[int]] = {}
    # Two pictures of four frames for each target: a quarter of the frames, half of them, all.
    frames = (DELTA_0, DELTA_2, DELTA_1, DELTA_2)
    for target in (0, 1, 2):
        passed.target = target
        passing[target] = []
        for number, template in enumerate(frames * 2):
            assert reader.read(descriptor(template, 8 * target + number + 1))
            told.append((reader.temporal_layer, reader.reach))
            if passed.passes(reader.temporal_layer, reader.reach, reader.from_layer):
                passing[target].append(number)
    assert told[:4] == [(0, 2), (2, -1), (1, 2), (2, -1)]
    assert passing == {0: [0, 4], 1: [0, 2, 4, 6], 2: list(range(8))}


@given(st.lists(st.binary(max_size=60), max_size=4))
def test_any_bytes_are_read_or_refused(datagrams: list[bytes]) -> None:
    reader = DependencyReader()
    for data in datagrams:
        try:
            if not reader.read(data):
                continue
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
