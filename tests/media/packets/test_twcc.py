"""Transport-wide feedback, read back by a decoder written from the draft alone."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets import rtcp, twcc

Decoded = dict[int, float | None]


def decode(packet: bytes) -> tuple[int, int, Decoded]:
    """(base number, feedback count, number → seconds or None), numbers modulo 65536."""
    first, kind, words = struct.unpack_from("!BBH", packet)
    assert (first & 0xDF, kind, 4 + 4 * words) == (0x8F, 205, len(packet))
    base, count, clock = struct.unpack_from("!HHI", packet, 12)
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    symbols: list[int] = []
    position = 20
    while len(symbols) < count:
        (chunk,) = struct.unpack_from("!H", packet, position)
        position += 2
        if not chunk & 0x8000:
            assert chunk >> 13 & 3 != 3
            assert chunk & 0x1FFF
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    ticks = (clock >> 8) * 256
    decoded: Decoded = {}
    for index, symbol in enumerate(symbols[:count]):
        if symbol:
            form, size = ("!B", 1) if symbol == 1 else ("!h", 2)
            ticks += struct.unpack_from(form, packet, position)[0]
            position += size
        decoded[(base + index) % 65536] = ticks / 4000 if symbol else None
    assert position == end, "deltas fill the packet, no more and no less"
    return base, clock & 255, decoded


def feedback(
    arrivals: list[tuple[int, float]], count: int = 0, start: int | None = None
) -> list[bytes]:
    return twcc.build(arrivals, sender_ssrc=1, media_ssrc=2, count=count, start=start)


def everything(packets: list[bytes]) -> Decoded:
    decoded: Decoded = {}
    for packet in packets:
        decoded |= decode(packet)[2]
    return decoded


def test_nothing_arrived() -> None:
    assert feedback([]) == []


def test_one_packet_byte_by_byte() -> None:
    # 1 s is 15 references of 64 ms and 40 ms more: 160 ticks of 250 µs.
    [packet] = feedback([(5, 1.0)], count=7)
    head = "afcd0005 00000001 00000002 0005 0001 00000f 07"
    assert packet == bytes.fromhex(head + "2001 a0 01")
    assert rtcp.parse(packet) == [rtcp.TransportFeedback(rtcp.Ssrc(1), rtcp.Ssrc(2))]


@pytest.mark.parametrize("start", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_numbers_wrap(start: int) -> None:
    arrivals = [(start + step, 1 + step / 1000) for step in range(10) if step != 4]
    [packet] = feedback(arrivals)
    base, _, decoded = decode(packet)
    assert base == start
    assert decoded == {
        (start + step) % 65536: None if step == 4 else 1 + step / 1000 for step in range(10)
    }


def test_long_runs_take_one_chunk() -> None:
    [packet] = feedback([(number, 1.0) for number in range(400)])
    assert len(packet) == 20 + 2 + 400 + (-422 % 4)


def test_what_was_missing_since_the_last_feedback_is_said() -> None:
    [packet] = feedback([(103, 1.0)], start=100)
    assert decode(packet)[2] == {100: None, 101: None, 102: None, 103: 1.0}


def test_a_straggler_may_lie_before_the_start() -> None:
    [packet] = feedback([(98, 1.0), (101, 1.001)], start=100)
    assert decode(packet)[2] == {98: 1.0, 99: None, 100: None, 101: 1.001}


def test_packets_that_overtook_others_have_negative_deltas() -> None:
    arrivals = [(1, 10.0), (2, 9.5), (3, 10.25)]
    [packet] = feedback(arrivals)
    assert everything([packet]) == dict(arrivals)


def test_a_pause_longer_than_a_delta_begins_another_packet() -> None:
    arrivals = [(1, 1.0), (2, 60.0), (3, 60.5)]
    packets = feedback(arrivals, count=255)
    assert [decode(packet)[1] for packet in packets] == [255, 0]
    assert everything(packets) == dict(arrivals)


def test_a_gap_longer_than_a_message_is_left_out() -> None:
    arrivals = [(1, 1.0), (5000, 1.5)]
    packets = feedback(arrivals)
    assert [decode(packet)[0] for packet in packets] == [1, 5000]
    assert everything(packets) == dict(arrivals)


def test_the_reference_time_wraps_at_24_bits() -> None:
    wrap = 2**24 * 0.064
    [packet] = feedback([(1, wrap + 1.0)])
    assert everything([packet]) == {1: 1.0}


@given(
    st.integers(0, 70_000),
    st.lists(st.tuples(st.integers(1, 40), st.integers(-400, 40_000)), max_size=900),
    st.integers(0, 30),
)
def test_any_arrivals_are_read_back(start: int, steps: list[tuple[int, int]], lead: int) -> None:
    number, tick = start + lead, 400_000
    arrivals: dict[int, float] = {}
    for skip, delta in steps:
        arrivals[number] = tick / 4000
        number += skip
        tick += delta
    packets = feedback(list(arrivals.items()), start=start)
    decoded = everything(packets)
    received = {number: at for number, at in decoded.items() if at is not None}
    assert received == {number % 65536: at for number, at in arrivals.items()}
    assert all(len(packet) <= 1200 for packet in packets)
    if arrivals:
        assert start % 65536 in decoded
