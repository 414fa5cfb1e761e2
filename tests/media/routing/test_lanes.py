"""A packet for many at once is what a loop over them would have written."""

from __future__ import annotations

from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets.rtp import Ssrc
from media.routing.lanes import ONE_PIECE, Lanes, Numbers
from media.routing.packet import MediaPacket

STRIDE = 64
OWN = Struct("!HII")
NUMBERS = st.builds(
    Numbers,
    st.integers(-(1 << 20), 1 << 20),
    st.integers(-(1 << 40), 1 << 40),
    st.integers(0, (1 << 32) - 1).map(Ssrc),
)
PACKETS = st.builds(
    MediaPacket,
    sequence=st.integers(0, 1 << 34),
    timestamp=st.integers(0, (1 << 32) - 1),
    marker=st.just(False),
    arrived=st.just(0.0),
    payload=st.binary(max_size=STRIDE - 12),
)


@pytest.mark.parametrize("one_piece", [ONE_PIECE, 0])
@given(
    receivers=st.lists(NUMBERS, min_size=1, max_size=70),
    packets=st.lists(PACKETS, min_size=1, max_size=5),
    head=st.binary(min_size=2, max_size=2),
    before=st.integers(0, 3),
)
def test_as_one_by_one(
    one_piece: int, receivers: list[Numbers], packets: list[MediaPacket], head: bytes, before: int
) -> None:
    slots = before + len(receivers) * len(packets) + 1
    buffer = bytearray(b"\xee" * (slots * STRIDE))
    wholes = [head + bytes(10) + packet.payload for packet in packets]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("media.routing.lanes.ONE_PIECE", one_piece)
        Lanes(buffer, STRIDE, receivers).write(before * STRIDE, packets, wholes)

    assert buffer[: before * STRIDE] == b"\xee" * (before * STRIDE)
    assert buffer[-STRIDE:] == b"\xee" * STRIDE
    at = before * STRIDE
    for receiver in receivers:
        for packet, whole in zip(packets, wholes, strict=True):
            wanted = bytearray(whole)
            sequence = (packet.sequence + receiver.sequence) & 0xFFFF
            timestamp = (packet.timestamp + receiver.timestamp) & 0xFFFFFFFF
            OWN.pack_into(wanted, 2, sequence, timestamp, receiver.ssrc)
            assert buffer[at : at + len(whole)] == wanted
            at += STRIDE


def test_slots_that_are_no_whole_lanes_are_refused() -> None:
    with pytest.raises(ValueError, match="1597"):
        Lanes(bytearray(2 * 1597), 1597, [Numbers(0, 0, Ssrc(1))])
