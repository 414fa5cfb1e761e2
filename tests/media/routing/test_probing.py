"""A probe is a ramp that ends at its goal or at the first complaint, and rests after failing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from media.routing.probing import (
    FIRST_PAUSE,
    GROWTH,
    LONGEST_PAUSE,
    MARGIN,
    PATIENCE,
    STEP,
    Probe,
)

NEVER = float("-inf")
LOW, GOAL = 300e3, 1700e3
TICK = 0.05


def rates(probe: Probe, since: float, seconds: float, trouble: float = NEVER) -> list[float]:
    """What it wants sent at each heartbeat, towards a goal of the whole test."""
    return [
        probe.plan(since + turn * TICK, LOW, GOAL, trouble) for turn in range(round(seconds / TICK))
    ]


@pytest.mark.parametrize(("estimate", "goal"), [(None, GOAL), (LOW, None), (GOAL, GOAL)])
def test_nothing_is_probed_that_need_not_be(estimate: float | None, goal: float | None) -> None:
    assert Probe().plan(0.0, estimate, goal, NEVER) == 0


def test_it_grows_step_by_step_to_a_margin_over_its_goal() -> None:
    sent = rates(Probe(), 0.0, 4.0)
    steps = list(dict.fromkeys(sent))
    assert steps[0] == LOW * GROWTH
    assert steps[-1] == pytest.approx(GOAL * MARGIN)
    assert all(later <= earlier * GROWTH * 1.001 for earlier, later in pairwise(steps))
    assert all(sent.count(step) * TICK >= STEP - TICK for step in steps[:-1])


def test_the_first_complaint_ends_it() -> None:
    probe = Probe()
    assert rates(probe, 0.0, 1.0)[-1] > LOW
    assert probe.plan(1.0, LOW, GOAL, 0.99) == 0
    assert not any(rates(probe, 1.05, FIRST_PAUSE - 0.1, 0.99))
    assert all(rates(probe, 1.0 + FIRST_PAUSE + TICK, 0.5, 0.99)), "and begins anew after a rest"


def test_what_leads_to_nothing_is_tried_less_and_less_often() -> None:
    probe, now, rests, resting = Probe(), 0.0, [], 0.0
    while len(rests) < 5:
        now += TICK
        if probe.plan(now, LOW, GOAL, NEVER):
            if resting:
                rests.append(resting)
            resting = 0.0
        else:
            resting += TICK
    assert rests[0] == pytest.approx(FIRST_PAUSE, abs=2 * TICK)
    assert rests == sorted(rests)
    assert max(rests) == pytest.approx(LONGEST_PAUSE, abs=2 * TICK)
    assert now > 5 * PATIENCE


def test_success_ends_it_and_forgives_what_failed_before() -> None:
    probe = Probe()
    rates(probe, 0.0, 1.0)
    probe.plan(1.0, LOW, GOAL, 0.99)
    rates(probe, 4.0, 3.0, 0.99)
    assert probe.plan(7.0, GOAL, GOAL, 0.99) == 0
    assert probe.plan(7.05, LOW, GOAL, 0.99) == LOW * GROWTH
