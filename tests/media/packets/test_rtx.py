"""A retransmission is unwrapped where it lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets import rtx
from media.packets.rtp import RtpPacket, Ssrc

Rtp = Callable[..., RtpPacket]


@pytest.mark.parametrize("sequence", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_the_original_comes_out(rtp: Rtp, sequence: int) -> None:
    packet = rtp(
        sequence.to_bytes(2, "big") + b"payload", sequence=9, payload_type=97, extensions={3: b"x"}
    )
    assert rtx.original_sequence(packet) == sequence
    rtx.unwrap(packet, sequence, Ssrc(7), 96)
    start = packet.payload_offset
    assert packet.buffer[start : start + packet.payload_length] == b"payload"
    assert (packet.sequence, packet.ssrc, packet.payload_type) == (sequence, 7, 96)


@pytest.mark.parametrize("payload", [b"", b"\x00", b"\x00\x01"])
def test_too_little_repeats_nothing(rtp: Rtp, payload: bytes) -> None:
    assert rtx.original_sequence(rtp(payload, padding=200)) is None


@given(payload=st.binary(max_size=8), padding=st.integers(0, 8))
def test_whatever_comes_the_view_stays_inside_the_packet(
    payload: bytes, padding: int, rtp: Rtp
) -> None:
    packet = rtp(payload, padding=padding)
    sequence = rtx.original_sequence(packet)
    if sequence is not None:
        rtx.unwrap(packet, sequence, Ssrc(7), 96)
    assert packet.payload_length >= 0
    assert packet.payload_offset + packet.payload_length <= len(packet.buffer)
