"""Arrivals of packets become transport-wide feedback, read back here by the draft's own layout
(draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1)."""

from __future__ import annotations

import struct

import pytest

from media.routing.arrivals import MAX_PENDING, Arrivals

EDGES = (0, 1, 127, 32767, 32768, 65534, 65535)


def told(feedback: bytes) -> dict[int, bool]:
    """Number → received, of one message."""
    base, count = struct.unpack_from("!HH", feedback, 12)
    symbols: list[int] = []
    position = 20
    while len(symbols) < count:
        (chunk,) = struct.unpack_from("!H", feedback, position)
        position += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return {(base + n) & 0xFFFF: bool(symbol) for n, symbol in enumerate(symbols[:count])}


@pytest.mark.parametrize("start", EDGES)
def test_each_number_is_told_once_and_holes_are_told_as_lost(start: int) -> None:
    arrivals = Arrivals()
    for step in (0, 1, 3):
        arrivals.record((start + step) & 0xFFFF, 1.0 + step / 100)
    (first,) = arrivals.feedback(1, 2)
    assert told(first) == {
        start: True,
        (start + 1) & 0xFFFF: True,
        (start + 2) & 0xFFFF: False,
        (start + 3) & 0xFFFF: True,
    }
    arrivals.record((start + 5) & 0xFFFF, 1.1)
    (second,) = arrivals.feedback(1, 2)
    assert told(second) == {(start + 4) & 0xFFFF: False, (start + 5) & 0xFFFF: True}


def test_feedback_is_counted_and_addressed() -> None:
    arrivals = Arrivals()
    for count in range(300):
        arrivals.record(count, count / 10)
        (feedback,) = arrivals.feedback(0xAABBCCDD, 0x11223344)
        assert struct.unpack_from("!II", feedback, 4) == (0xAABBCCDD, 0x11223344)
        assert feedback[19] == count & 255


def test_nothing_new_means_no_feedback() -> None:
    arrivals = Arrivals()
    assert arrivals.feedback(1, 2) == []
    arrivals.record(7, 0.0)
    arrivals.feedback(1, 2)
    assert arrivals.feedback(1, 2) == []


def test_reordering_inside_one_interval_is_sorted_out() -> None:
    arrivals = Arrivals()
    for number in (65535, 1, 0):
        arrivals.record(number, 1.0)
    (feedback,) = arrivals.feedback(1, 2)
    assert told(feedback) == {65535: True, 0: True, 1: True}


def test_a_straggler_told_as_lost_stays_lost() -> None:
    arrivals = Arrivals()
    arrivals.record(10, 1.0)
    arrivals.record(12, 1.0)
    arrivals.feedback(1, 2)
    arrivals.record(11, 1.1)
    assert arrivals.feedback(1, 2) == []


def test_a_flood_between_two_feedbacks_is_bounded() -> None:
    arrivals = Arrivals()
    for number in range(MAX_PENDING + 1000):
        arrivals.record(number & 0xFFFF, 1.0)
    feedback = arrivals.feedback(1, 2)
    assert sum(len(told(each)) for each in feedback) == MAX_PENDING
    assert all(len(each) < 1300 for each in feedback)
