"""Wrapping counters, started from every place where wrapping code goes wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets.sequence import Unwrapper, distance, is_newer, timestamp_distance

STARTS = [0, 1, 127, 32767, 32768, 65534, 65535]


@pytest.mark.parametrize("start", STARTS)
def test_the_next_number_is_newer_and_the_last_is_not(start: int) -> None:
    following = (start + 1) % 65536
    assert is_newer(following, start)
    assert not is_newer(start, following)
    assert not is_newer(start, start)
    assert distance(following, start) == 1
    assert distance(start, following) == -1


@pytest.mark.parametrize("start", STARTS)
def test_half_the_circle_lies_ahead(start: int) -> None:
    assert is_newer((start + 32767) % 65536, start)
    assert distance((start + 32767) % 65536, start) == 32767
    assert not is_newer((start + 32768) % 65536, start)
    assert distance((start + 32768) % 65536, start) == -32768


@pytest.mark.parametrize("start", STARTS)
def test_unwrapping_never_jumps(start: int) -> None:
    unwrapper = Unwrapper()
    numbers = [unwrapper.unwrap((start + step) % 65536) for step in range(200_000)]
    assert numbers == list(range(start, start + 200_000))


@pytest.mark.parametrize("start", STARTS)
def test_reordered_numbers_keep_their_place(start: int) -> None:
    unwrapper = Unwrapper()
    order = [0, 3, 1, 2, 10, 4, -1]
    assert [unwrapper.unwrap((start + step) % 65536) for step in order] == [
        start + step for step in order
    ]
    assert unwrapper.highest == start + 10


def test_a_packet_before_the_first_may_go_below_zero() -> None:
    unwrapper = Unwrapper()
    assert unwrapper.unwrap(0) == 0
    assert unwrapper.unwrap(65535) == -1


@given(st.integers(0, 65535), st.lists(st.integers(-32767, 32767), max_size=50))
def test_unwrapping_agrees_with_the_numbers_before_wrapping(start: int, steps: list[int]) -> None:
    unwrapper = Unwrapper()
    highest = start
    assert unwrapper.unwrap(start) == start
    for step in steps:
        number = highest + step
        assert unwrapper.unwrap(number % 65536) == number
        highest = max(highest, number)


@pytest.mark.parametrize("start", [0, 1, 2**31 - 1, 2**31, 2**32 - 1])
def test_timestamps_wrap_at_32_bits(start: int) -> None:
    assert timestamp_distance((start + 3000) % 2**32, start) == 3000
    assert timestamp_distance(start, (start + 3000) % 2**32) == -3000
    unwrapper = Unwrapper(32)
    unwrapper.unwrap(start)
    assert unwrapper.unwrap((start + 90_000) % 2**32) == start + 90_000
