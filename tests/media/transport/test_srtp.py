"""SRTP in place, against pylibsrtp's own copying sessions."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Policy, Session

from media.transport.srtp import (
    AUTHENTICATION_FAILED,
    MAX_STREAMS,
    REPLAYED,
    REPLAYED_LONG_AGO,
    SPARE,
    TOO_MANY_STREAMS,
    PinnedBuffer,
    Pins,
    SrtpContext,
)

PROFILES = [Policy.SRTP_PROFILE_AEAD_AES_128_GCM, Policy.SRTP_PROFILE_AES128_CM_SHA1_80]
REPORT = b"\x80\xc9\x00\x01\x00\x00\x00\x07"


def session(direction: int, profile: int = PROFILES[0], key: bytes = bytes(range(30))) -> Any:
    policy = Policy(key=key, ssrc_type=direction, srtp_profile=profile)
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return Session(policy)


def context(profile: int = PROFILES[0]) -> SrtpContext:
    tx = session(Policy.SSRC_ANY_OUTBOUND, profile)
    return SrtpContext(tx, session(Policy.SSRC_ANY_INBOUND, profile), "test")


def rtp(sequence: int, ssrc: int = 7, payload: bytes = b"media") -> bytes:
    return struct.pack("!BBHII", 0x80, 96, sequence, 0, ssrc) + payload


def pinned(data: bytes) -> PinnedBuffer:
    return PinnedBuffer(bytearray(data) + bytearray(SPARE))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_peer_reads_what_we_protect(profile: int) -> None:
    ours, theirs = context(profile), session(Policy.SSRC_ANY_INBOUND, profile)
    for packet in (rtp(1), rtp(2, payload=bytes(1200)), rtp(3, payload=b"")):
        buffer = pinned(packet)
        length = ours.protect_rtp(buffer, len(packet))
        assert theirs.unprotect(bytes(buffer.view[:length])) == packet
    buffer = pinned(REPORT)
    length = ours.protect_rtcp(buffer, len(REPORT))
    assert theirs.unprotect_rtcp(bytes(buffer.view[:length])) == REPORT


@pytest.mark.parametrize("profile", PROFILES)
def test_we_read_what_the_peer_protects(profile: int) -> None:
    ours, theirs = context(profile), session(Policy.SSRC_ANY_OUTBOUND, profile)
    buffer = pinned(theirs.protect(rtp(1)))
    length = ours.unprotect_rtp(buffer, len(buffer.buffer) - SPARE)
    assert bytes(buffer.view[:length]) == rtp(1)
    buffer = pinned(theirs.protect_rtcp(REPORT))
    length = ours.unprotect_rtcp(buffer, len(buffer.buffer) - SPARE)
    assert bytes(buffer.view[:length]) == REPORT


@pytest.mark.parametrize("start", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_sequence_numbers_wrap(start: int) -> None:
    ours, theirs = context(), session(Policy.SSRC_ANY_INBOUND)
    for step in range(5):
        packet = rtp((start + step) % 65536)
        buffer = pinned(packet)
        length = ours.protect_rtp(buffer, len(packet))
        assert theirs.unprotect(bytes(buffer.view[:length])) == packet


def test_nothing_is_written_behind_the_tag() -> None:
    ours = context()
    buffer = PinnedBuffer(bytearray(rtp(1)) + bytearray(b"\xee" * 200))
    length = ours.protect_rtp(buffer, 17)
    assert length == 17 + 16
    assert buffer.buffer[length:] == b"\xee" * (217 - length)


def test_no_room_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no room"):
        context().protect_rtp(PinnedBuffer(bytearray(100 + SPARE - 1)), 100)


def test_failures_have_reasons() -> None:
    ours, theirs = context(), session(Policy.SSRC_ANY_OUTBOUND)
    old = theirs.protect(rtp(1))
    packet = theirs.protect(rtp(3000))
    assert ours.unprotect_rtp(pinned(packet), len(packet)) == 17
    assert ours.unprotect_rtp(pinned(packet), len(packet)) == REPLAYED
    assert ours.unprotect_rtp(pinned(old), len(old)) == REPLAYED_LONG_AGO
    forged = bytearray(theirs.protect(rtp(3001)))
    forged[-1] ^= 1
    assert ours.unprotect_rtp(pinned(forged), len(forged)) == AUTHENTICATION_FAILED
    assert ours.unprotect_rtp(pinned(rtp(1)), 12) < 0


def test_a_retransmission_is_protected_to_the_same_bytes() -> None:
    """What makes answering a NACK on the same SSRC harmless (RFC 7714 section 8.4)."""
    ours = context()
    outputs = []
    for _ in range(2):
        buffer = pinned(rtp(5))
        outputs.append(bytes(buffer.view[: ours.protect_rtp(buffer, 17)]))
    assert outputs[0] == outputs[1]


def test_streams_are_bounded_and_forgeries_make_none() -> None:
    ours, theirs = context(), session(Policy.SSRC_ANY_OUTBOUND)
    for ssrc in range(MAX_STREAMS + 10):
        forged = rtp(1, ssrc=5000 + ssrc, payload=bytes(40))
        assert ours.unprotect_rtp(pinned(forged), len(forged)) == AUTHENTICATION_FAILED
    for ssrc in range(MAX_STREAMS):
        packet = theirs.protect(rtp(1, ssrc=ssrc))
        assert ours.unprotect_rtp(pinned(packet), len(packet)) == 17
    packet = theirs.protect(rtp(1, ssrc=9999))
    assert ours.unprotect_rtp(pinned(packet), len(packet)) == TOO_MANY_STREAMS
    packet = theirs.protect(rtp(2, ssrc=0))
    assert ours.unprotect_rtp(pinned(packet), len(packet)) == 17


def test_pins_are_made_once_per_buffer() -> None:
    pins = Pins()
    first, second = bytearray(100), bytearray(100)
    packet = pins.pin(first)
    assert pins.pin(first) is packet
    assert packet.buffer is first
    assert pins.pin(second).buffer is second
    # Equal bytes are not the same memory.
    assert pins.pin(first) is not packet


@given(st.binary(min_size=12, max_size=100), st.booleans())
def test_any_bytes_are_refused(data: bytes, control: bool) -> None:
    ours = context()
    unprotect = ours.unprotect_rtcp if control else ours.unprotect_rtp
    assert unprotect(pinned(data), len(data)) < 0
