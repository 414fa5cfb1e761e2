"""Dividing a viewer's bit rate: sound first, each its first rung, hysteresis, never too much."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.routing.allocation import HEADROOM, PAUSED, TOLERANCE, Ladder, allocate, next_goal

RATES = (100.0, 300.0, 1000.0)


def test_the_best_that_fits_with_headroom() -> None:
    assert allocate(1000 * HEADROOM, 0, [Ladder(RATES)]) == [2]
    assert allocate(1000 * HEADROOM - 1, 0, [Ladder(RATES)]) == [1]
    assert allocate(90, 0, [Ladder(RATES)]) == [PAUSED]


def test_what_is_had_is_kept_without_headroom() -> None:
    assert allocate(1000, 0, [Ladder(RATES, current=2)]) == [2]
    assert allocate(1000 / TOLERANCE - 1, 0, [Ladder(RATES, current=2)]) == [1]


def test_sound_comes_first() -> None:
    assert allocate(120, 0, [Ladder(RATES)]) == [0]
    assert allocate(120, 40, [Ladder(RATES)]) == [PAUSED]
    assert allocate(120, 500, [Ladder(RATES)]) == [PAUSED]


def test_each_gets_its_first_rung_before_any_a_second() -> None:
    two = [Ladder(RATES), Ladder(RATES)]
    assert allocate(150, 0, two) == [0, PAUSED]
    assert allocate(250, 0, two) == [0, 0]
    assert allocate(480, 0, two) == [1, 0]
    assert allocate(5000, 0, two) == [2, 2]


def test_the_goal_is_the_top_of_the_nearest_video() -> None:
    ladder = Ladder(RATES)
    assert next_goal(40, [ladder], [0]) == 40 + 1000 * HEADROOM
    assert next_goal(40, [ladder], [PAUSED]) == 40 + 1000 * HEADROOM
    assert next_goal(40, [ladder], [2]) is None
    assert next_goal(0, [], []) is None


ladders = st.lists(
    st.builds(
        Ladder,
        st.lists(st.floats(1, 1e7), max_size=6).map(tuple),
        st.integers(PAUSED, 5),
    ),
    max_size=5,
)


@given(st.floats(0, 1e8), st.floats(0, 1e6), ladders)
def test_never_more_than_there_is(budget: float, sound: float, videos: list[Ladder]) -> None:
    chosen = allocate(budget, sound, videos)
    rates = [v.rates[rung] for v, rung in zip(videos, chosen, strict=True) if rung != PAUSED]
    assert all(PAUSED <= rung < len(v.rates) for v, rung in zip(videos, chosen, strict=True))
    slack = sum(rates) * (TOLERANCE - 1)
    assert not rates or sum(rates) <= budget - sound + slack + 1e-3


@given(st.floats(0, 1e7), st.floats(1, 2), ladders)
def test_staying_is_stable(budget: float, more: float, videos: list[Ladder]) -> None:
    """What was chosen is chosen again: nothing swings while nothing changes."""
    rising = [Ladder(tuple(sorted(v.rates))) for v in videos][:1]
    once = allocate(budget, 0, rising)
    settled = [Ladder(v.rates, rung) for v, rung in zip(rising, once, strict=True)]
    assert allocate(budget, 0, settled) >= once
    assert allocate(budget * more, 0, settled) >= once
