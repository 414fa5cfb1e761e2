"""What is missing is asked for: not too early, not too often, not for ever."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.packets.sequence import Unwrapper
from media.routing.losses import (
    FIRST_RTT,
    MAX_AGE,
    MAX_MISSING,
    MAX_TRIES,
    REMEMBERED,
    REORDER_WAIT,
    Losses,
)

EDGES = (0, 1, 127, 32767, 32768, 65534, 65535)


def feed(losses: Losses, *sequences: int, now: float = 0.0) -> None:
    for sequence in sequences:
        losses.received(sequence, now)


@pytest.mark.parametrize("first", EDGES)
def test_a_gap_is_asked_for_once_it_is_no_reordering(first: int) -> None:
    losses, numbers = Losses(), Unwrapper()
    for step in (0, 2):
        losses.received(numbers.unwrap((first + step) & 0xFFFF), 0.0)
    assert losses.ask(0.0) == ([], False), "it may only be late"
    assert losses.ask(REORDER_WAIT)[0] == [first + 1]


def test_enough_packets_behind_a_gap_prove_it_at_once() -> None:
    losses = Losses()
    feed(losses, 10, 12, 13)
    assert losses.ask(0.0)[0] == []
    feed(losses, 14)
    assert losses.ask(0.0)[0] == [11]


def test_what_comes_late_is_not_asked_for() -> None:
    losses = Losses()
    feed(losses, 10, 13, 12, 11)
    assert losses.ask(1.0) == ([], False)
    assert losses.next_at == float("inf")


def test_it_asks_again_after_each_round_trip_and_then_gives_up() -> None:
    losses = Losses()
    feed(losses, 10, 12)
    asked, now = [], 0.0
    while losses:
        now = losses.next_at
        numbers, gave_up = losses.ask(now)
        asked += [now] * len(numbers)
    assert gave_up
    assert losses.hopeless == 1
    assert 2 <= len(asked) <= MAX_TRIES
    waits = [later - sooner for sooner, later in itertools.pairwise(asked)]
    assert waits[0] >= FIRST_RTT
    assert waits == sorted(waits)
    assert now <= MAX_AGE + 2 * waits[-1]


def test_intervals_follow_the_round_trip() -> None:
    losses = Losses()
    feed(losses, 0)
    for number in range(2, 80, 2):
        losses.received(number, number)
        losses.ask(number + REORDER_WAIT)
        losses.received(number - 1, number + REORDER_WAIT + 0.03)
    assert losses.rtt == pytest.approx(0.03, abs=0.002)
    assert losses.recovered == 39


def test_an_answer_to_a_second_asking_measures_nothing() -> None:
    losses = Losses()
    feed(losses, 0, 2)
    losses.ask(REORDER_WAIT)
    losses.ask(losses.next_at)
    losses.received(1, losses.next_at)
    assert losses.rtt == FIRST_RTT


def test_a_hole_too_large_is_not_asked_for() -> None:
    losses = Losses()
    feed(losses, 0)
    assert not losses.received(MAX_MISSING + 2, 0.0)
    assert losses.ask(10.0) == ([], False)
    assert losses.received(MAX_MISSING + 3, 0.0)


def test_nothing_before_a_keyframe_is_wanted() -> None:
    losses = Losses()
    feed(losses, 0, 2, 4, 6)
    losses.forget(before=4)
    assert losses.ask(REORDER_WAIT)[0] == [5]


def test_a_sender_that_begins_anew_is_not_asked_for_its_past() -> None:
    losses = Losses()
    feed(losses, 0, 2)
    losses.restart()
    feed(losses, 900_000, 900_001)
    assert losses.ask(10.0) == ([], False)


@given(
    first=st.sampled_from(EDGES),
    arrivals=st.lists(st.tuples(st.integers(0, 400), st.sampled_from((0.0, 0.001, 0.05, 2.0)))),
)
def test_only_what_is_missing_is_asked_for_and_boundedly(
    first: int, arrivals: list[tuple[int, float]]
) -> None:
    losses, now = Losses(), 0.0
    came: set[int] = set()
    tries: dict[int, int] = {}
    for step, wait in arrivals:
        now += wait
        losses.received(first + step, now)
        came.add(first + step)
        numbers, _ = losses.ask(now)
        assert numbers == sorted(set(numbers) - came)
        assert all(min(came) < number < max(came) for number in numbers)
        for number in numbers:
            tries[number] = tries.get(number, 0) + 1
        assert len(losses) <= MAX_MISSING
        assert losses.next_at > now or not numbers
    assert all(count <= MAX_TRIES for count in tries.values())


def test_an_original_is_not_admitted_after_its_repair() -> None:
    losses = Losses()
    feed(losses, 0, 2)
    assert losses.admits(1, again=True)
    losses.received(1, 0.01)
    assert not losses.admits(1, again=False)
    assert losses.admits(2, again=False)


def test_what_was_repaired_is_remembered_boundedly() -> None:
    losses = Losses()
    for number in range(3 * REMEMBERED):
        losses.admits(number, again=True)
    assert len(losses.repaired) == REMEMBERED
    assert not losses.admits(3 * REMEMBERED - 1, again=False)
