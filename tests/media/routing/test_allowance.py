"""How much may be sent again: whatever is asked, no more than a share and once a round trip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.routing.resends import (
    FIRST_CREDIT,
    FIRST_RTT,
    INTERVAL,
    MAX_ASKED,
    MAX_CREDIT,
    MIN_RTT,
    SHARE,
    Allowance,
)


@pytest.mark.parametrize("number", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_once_a_round_trip(number: int) -> None:
    allowance = Allowance()
    assert allowance.grant(number, 100, 0, 0.0, 0.2)
    assert not allowance.grant(number, 100, 0, 0.19, 0.2)
    assert allowance.grant((number + 1) & 0xFFFF, 100, 0, 0.19, 0.2)
    assert allowance.grant(number, 100, 0, 0.2, 0.2)


@pytest.mark.parametrize(("rtt", "wait"), [(None, FIRST_RTT), (0.0, MIN_RTT)])
def test_a_round_trip_that_is_not_known_is_guessed(rtt: float | None, wait: float) -> None:
    allowance = Allowance()
    assert allowance.grant(7, 100, 0, 0.0, rtt)
    assert not allowance.grant(7, 100, 0, wait / 2, rtt)
    assert allowance.grant(7, 100, 0, wait, rtt)


def test_numbers_are_counted_in_each_interval() -> None:
    allowance = Allowance()
    assert [allowance.look(1.0) for _ in range(MAX_ASKED + 1)].count(True) == MAX_ASKED
    assert not allowance.look(1.0 + INTERVAL / 2)
    assert allowance.look(1.0 + INTERVAL)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 65535), st.integers(0, 1500), st.integers(0, 10**6), st.floats(0, 1)
        )
    )
)
def test_answers_never_take_more_than_their_share(
    steps: list[tuple[int, int, int, float]],
) -> None:
    allowance, octets, now, granted = Allowance(), 0, 0.0, 0
    for number, size, sent, wait in steps:
        octets += sent
        now += wait
        granted += size * allowance.grant(number, size, octets, now, None)
        assert granted <= max(FIRST_CREDIT, MAX_CREDIT) + octets * SHARE
