"""Where an H.264 decoder can start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets.h264 import height, is_keyframe

SPS, PPS, IDR, SLICE, SEI = b"\x67sps", b"\x68pps", b"\x65idr", b"\x41slice", b"\x06sei"


def stap(*units: bytes) -> bytes:
    return b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        (IDR, True),
        (SPS, True),
        (PPS, False),
        (SLICE, False),
        (SEI, False),
        (stap(SPS, PPS), True),
        (stap(SEI, PPS, IDR), True),
        (stap(SEI, PPS), False),
        (b"\x7c\x85first", True),  # FU-A of an IDR slice, start bit
        (b"\x7c\x05middle", False),
        (b"\x7c\x45last", False),
        (b"\x7c\x81first of a slice", False),
        (b"\x7c", False),
        (b"", False),
        (b"\x78\x00\x09\x41", False),  # an aggregate that promises more than there is
        (b"\x78\x00", False),
    ],
)
def test_keyframes(payload: bytes, key: bool) -> None:
    assert is_keyframe(b"head" + payload, 4, len(payload)) is key


def test_bytes_behind_the_packet_are_not_read() -> None:
    data = stap(SEI) + (4).to_bytes(2, "big") + SPS
    assert is_keyframe(data, 0, len(data))
    assert not is_keyframe(data, 0, len(stap(SEI)))
    assert not is_keyframe(IDR, 0, 400)


# As libx264 writes them.
BASELINE_360 = bytes.fromhex("6742c01ed900a02ff9610000030001000003003c8f162e48")
MAIN_180 = bytes.fromhex("674d400dd901419f9e10000003001000000303c8f142a480")
HIGH_1080 = bytes.fromhex("67640028acb200f0044fcb08000003000800000301e478c19240")


@pytest.mark.parametrize(
    ("payload", "lines"),
    [
        (BASELINE_360, 360),
        (MAIN_180, 180),
        (HIGH_1080, 1080),
        (stap(BASELINE_360, PPS), 360),
        (stap(SEI, HIGH_1080), 1080),
        (IDR, 0),
        (stap(SEI, PPS), 0),
        (b"\x67", 0),
        (BASELINE_360[:6], 0),
        (b"", 0),
    ],
)
def test_heights(payload: bytes, lines: int) -> None:
    assert height(b"head" + payload, 4, len(payload)) == lines


@pytest.mark.parametrize("profile", [66, 100])
@given(data=st.binary(max_size=160))
def test_any_parameter_set_has_some_height(profile: int, data: bytes) -> None:
    unit = bytes([0x67, profile, 0, 30]) + data
    assert 0 <= height(unit, 0, len(unit)) < 1 << 16


@given(st.binary(max_size=64))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert is_keyframe(data, 0, len(data)) in (True, False)
    assert height(data, 0, len(data)) >= 0
