"""AV1: where a sequence opens, and its height, from a sequence header written bit by bit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets import av1


def sequence_header(width: int, height: int, *, timing: bool = False) -> bytes:
    """An OBU without a size field, as RTP wants it."""
    bits = "000" + "0" + "0"  # profile, still picture, reduced
    bits += "1" + "0" * 64 + "1" + "010" + "0" if timing else "0"
    bits += "0" + "00000" + "0" * 12 + "01000" + "1"  # one operating point, level 8 with a tier
    bits += f"{15:04b}{15:04b}{width - 1:016b}{height - 1:016b}" + "0" * 16
    bits += "0" * (-len(bits) % 8)
    return bytes([1 << 3]) + int(bits, 2).to_bytes(len(bits) // 8, "big")


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        (b"\x18\x0a", True),  # W 1, N
        (b"\x10\x0a", False),
        (b"\x98\x0a", False),  # Z beside N is forbidden
        (b"\x08", False),
        (b"", False),
    ],
)
def test_keyframes(payload: bytes, key: bool) -> None:
    assert av1.is_keyframe(b"head" + payload, 4, len(payload)) is key
    assert not av1.is_keyframe(payload, 0, 400)


@pytest.mark.parametrize("timing", [False, True])
@pytest.mark.parametrize("lines", [180, 720, 65536])
def test_the_height_stands_in_the_sequence_header(lines: int, timing: bool) -> None:
    obu = sequence_header(1280, lines, timing=timing)
    alone = b"\x18" + obu
    first_of_two = b"\x28" + bytes([len(obu)]) + obu + b"\x32frame"
    assert av1.height(b"head" + alone, 4, len(alone)) == lines
    assert av1.height(first_of_two, 0, len(first_of_two)) == lines


def test_what_is_no_sequence_header_has_no_height() -> None:
    for payload in (b"\x18\x32frame", b"\x18\x0a", b"\x18", b"\x28\xff\xff\xff\xff"):
        assert av1.height(payload, 0, len(payload)) == 0


@given(st.binary(min_size=1, max_size=80))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    assert av1.is_keyframe(data, 0, len(data)) in (True, False)
    assert 0 <= av1.height(data, 0, len(data)) <= 65536
