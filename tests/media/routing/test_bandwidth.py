"""What is believed of a viewer's link: complaints lower it, what goes through raises it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.routing.bandwidth import DECAY, FLOOR, HEAVY_LOSS, Bandwidth

PACKETS = 500
"""Of which a report speaks: too many for chance."""


@pytest.fixture
def link() -> Bandwidth:
    return Bandwidth()


def send(link: Bandwidth, rate: float, since: float, until: float, sound: float = 0.0) -> None:
    """So many bit/s in all from one time to another, ten times a second."""
    for turn in range(round((until - since) * 10) + 1):
        link.on_sent(rate, 0.0, sound, since + turn / 10)


def test_without_a_complaint_there_is_no_limit(link: Bandwidth) -> None:
    send(link, 1e6, 0, 3)
    for second, remb in enumerate((1.0e6, 1.2e6, 1.4e6)):
        link.on_remb(remb, float(second))
        link.on_loss(0.02, PACKETS, float(second))
    assert link.estimate is None


def test_a_remb_that_falls_is_believed_at_once(link: Bandwidth) -> None:
    send(link, 1e6, 0, 1)
    link.on_remb(1.2e6, 0.5)
    link.on_remb(7e5, 1.0)
    assert (link.estimate, link.complained, link.remb) == (7e5, 1.0, 7e5)


def test_sound_is_added_to_a_remb_which_leaves_it_out(link: Bandwidth) -> None:
    send(link, 1e6, 0, 1, sound=1e5)
    link.on_remb(1.2e6, 0.5)
    link.on_remb(7e5, 1.0)
    assert link.estimate == 8e5


def test_a_level_is_no_complaint_unless_it_is_far_below_what_is_sent(link: Bandwidth) -> None:
    send(link, 1e6, 0, 1)
    link.on_remb(6.1e5, 1.0)
    assert link.estimate is None
    other = Bandwidth()
    send(other, 1e6, 0, 1)
    other.on_remb(5e5, 1.0)
    assert other.estimate == 5e5


def test_what_was_sent_for_a_second_unopposed_is_proven(link: Bandwidth) -> None:
    send(link, 1e6, 0, 1)
    link.on_remb(8e5, 0.9)
    link.on_remb(4e5, 1.0)
    send(link, 6e5, 1.1, 3)
    link.on_remb(4.1e5, 3.0)
    assert link.estimate == 6e5, "whatever the level of the REMB"


def test_no_complaint_raises(link: Bandwidth) -> None:
    send(link, 1e6, 0, 1)
    link.on_remb(8e5, 0.9)
    link.on_remb(2e5, 1.0)
    link.on_remb(7e5, 1.5)
    link.on_remb(6.9e5, 2.0)
    assert link.estimate == 6.9e5
    link.on_remb(6.95e5, 3.0)
    link.on_remb(6.9e5, 3.5)
    assert link.estimate == 6.9e5


def test_random_loss_is_borne_and_heavy_loss_is_not(link: Bandwidth) -> None:
    send(link, 1e6, 0, 4)
    for second in range(4):
        link.on_loss(0.05, PACKETS, float(second))
    assert (link.estimate, link.lossy) == (None, False)
    link.on_loss(0.5, PACKETS, 4.0)
    assert link.estimate == pytest.approx(5e5)
    assert link.lossy
    link.on_loss(0.5, PACKETS, 4.5)
    assert link.estimate == pytest.approx(5e5), "the report of the first is still on its way"


def test_a_link_that_falls_silent_is_believed_less_and_less(link: Bandwidth) -> None:
    send(link, 1e6, 0, 1)
    link.on_remb(8e5, 1.0)
    link.on_remb(6e5, 1.5)
    for second in range(4):
        send(link, 1e5, 4.6 + second, 4.6 + second)
    assert link.estimate == pytest.approx(6e5 * DECAY**4)


def test_another_way_is_not_judged_by_the_old_one(link: Bandwidth) -> None:
    send(link, 1e6, 0, 1)
    link.on_remb(8e5, 0.5)
    link.on_remb(1e5, 1.0)
    link.on_moved(2.0)
    assert link.estimate is None
    link.on_loss(0.9, PACKETS, 2.5)
    assert link.estimate is None, "it was lost on the way before"
    send(link, 1e6, 2.6, 4)
    link.on_loss(0.9, PACKETS, 4.0)
    assert link.estimate is not None


@given(
    st.lists(
        st.tuples(st.sampled_from("rls"), st.floats(0, 1e7), st.floats(0, 1)),
        max_size=60,
    )
)
def test_an_estimate_is_never_below_the_floor(
    events: list[tuple[str, float, float]],
) -> None:
    link, now = Bandwidth(), 0.0
    for what, rate, share in events:
        now += 0.3
        match what:
            case "r":
                link.on_remb(rate, now)
            case "l":
                link.on_loss(share * HEAVY_LOSS * 3, PACKETS, now)
            case _:
                link.on_sent(rate, 0.0, rate * share, now)
        assert link.estimate is None or link.estimate >= FLOOR
