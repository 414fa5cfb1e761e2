"""Packets come out in order, with gaps where waiting was in vain, and never more than bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.recording.ordering import GAP, MAX_HELD, PATIENCE, Gap, Ordering, Packet


def packet(number: int) -> Packet:
    return Packet(number, False, b"x")


def taken(ordering: Ordering, now: float) -> list[int | str]:
    return ["gap" if isinstance(each, Gap) else each.timestamp for each in ordering.take(now)]


@pytest.mark.parametrize("first", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_what_was_overtaken_comes_in_its_place(first: int) -> None:
    ordering = Ordering()
    for number in (0, 2, 1, 1, 3):
        ordering.put((first + number) & 0xFFFF, packet(number), 0.0)
    assert taken(ordering, 0.0) == [0, 1, 2, 3]


def test_a_missing_packet_is_waited_for_and_then_is_a_gap() -> None:
    ordering = Ordering()
    ordering.put(0, packet(0), 0.0)
    ordering.put(2, packet(2), 0.1)
    ordering.put(3, packet(3), 0.2)
    assert taken(ordering, PATIENCE) == [0]
    assert taken(ordering, 0.1 + PATIENCE) == ["gap", 2, 3]
    assert ordering.lost == 1
    ordering.put(1, packet(1), 1.0)
    assert taken(ordering, 9.0) == []
    assert ordering.late == 1


def test_no_more_is_held_than_is_bounded() -> None:
    ordering = Ordering()
    ordering.put(0, packet(0), 0.0)
    for number in range(2, MAX_HELD * 3):
        ordering.put(number, packet(number), 0.0)
        taken(ordering, 0.0)
        assert len(ordering) <= MAX_HELD + 1
    assert ordering.lost == 1


@given(st.lists(st.integers(0, 65535), max_size=200))
def test_whatever_comes_each_number_comes_out_once_and_rising(numbers: list[int]) -> None:
    ordering = Ordering()
    out: list[Packet | Gap] = []
    for at, number in enumerate(numbers):
        ordering.put(number, packet(number), at * 0.1)
        out += ordering.take(at * 0.1)
    out += ordering.take(1000.0)
    packets = [each for each in out if each is not GAP]
    assert len(packets) + ordering.late <= len(numbers)
    assert len(ordering) == 0
