"""Redundant audio is taken apart where it lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.packets import red
from media.packets.rtp import RtpPacket

Rtp = Callable[..., RtpPacket]
OPUS = 111


def build(*frames: tuple[int, bytes]) -> bytes:
    """A payload of (ticks behind, frame), the packet's own last."""
    *older, (_, own) = frames
    heads = b"".join(
        bytes([128 | OPUS]) + (behind << 10 | len(frame)).to_bytes(3, "big")
        for behind, frame in older
    )
    return heads + bytes([OPUS]) + b"".join(frame for _, frame in older) + own


def frames(packet: RtpPacket) -> list[tuple[int, bytes]]:
    return [
        (block.behind, bytes(packet.buffer[block.offset : block.offset + block.length]))
        for block in red.read(packet)
    ]


@pytest.mark.parametrize(
    "sent",
    [
        [(0, b"own")],
        [(960, b"before"), (0, b"own")],
        [(16_383, b"x" * 1023), (960, b""), (0, b"own")],
        [(960, b"before"), (0, b"")],
    ],
)
def test_blocks_are_found(rtp: Rtp, sent: list[tuple[int, bytes]]) -> None:
    assert frames(rtp(build(*sent), padding=5)) == sent


def test_a_block_becomes_the_packet_that_it_was(rtp: Rtp) -> None:
    packet = rtp(build((960, b"before"), (0, b"own")), sequence=0, timestamp=100, marker=True)
    older, own = red.read(packet)
    red.take(packet, own)
    assert (packet.payload_type, packet.sequence, packet.timestamp) == (OPUS, 0, 100)
    red.take(packet, older, 1)
    assert (packet.sequence, packet.timestamp) == (65535, (100 - 960) & 0xFFFFFFFF)
    assert not packet.marker
    start = packet.payload_offset
    assert bytes(packet.buffer[start : start + packet.payload_length]) == b"before"


@pytest.mark.parametrize("own", [0, 96, 109, 127])
def test_blocks_are_put_together_under_another_payload_type(rtp: Rtp, own: int) -> None:
    sent = [(16_383, b"x" * 1023), (960, b""), (480, b"before")]
    out = bytearray(b"\xff" * 1200)
    end = red.write(out, 7, own, sent, b"own")
    expected = build(*sent, (0, b"own")).replace(bytes([128 | OPUS]), bytes([128 | own]))
    assert out[7:end] == expected.replace(bytes([OPUS]) + b"x", bytes([own]) + b"x")
    assert (out[:7], out[end:]) == (b"\xff" * 7, b"\xff" * (1200 - end))
    blocks = red.read(rtp(bytes(out[7:end])))
    assert {block.payload_type for block in blocks} == {own}
    assert frames(rtp(bytes(out[7:end]))) == [*sent, (0, b"own")]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xef",
        b"\xef\x00\x00",
        b"\xef\x0f\x00\x05",  # no head of its own
        b"\xef\x0f\x00\x05\x6f1234",  # a block of five bytes
        b"\xef\x0f\x00\x00" * red.MAX_BLOCKS + b"\x6f",
    ],
)
def test_lies_are_malformed(rtp: Rtp, payload: bytes) -> None:
    packet = rtp(payload)
    with pytest.raises(MalformedPacket):
        red.read(packet)


@given(st.binary(max_size=80))
def test_any_bytes_are_blocks_inside_the_packet_or_malformed(rtp: Rtp, payload: bytes) -> None:
    packet = rtp(payload)
    begin, end = packet.payload_offset, packet.payload_offset + packet.payload_length
    try:
        blocks = red.read(packet)
    except MalformedPacket:
        return
    assert 1 <= len(blocks) <= red.MAX_BLOCKS
    assert all(begin < b.offset <= b.offset + b.length <= end for b in blocks)
    assert blocks[-1].offset + blocks[-1].length == end
