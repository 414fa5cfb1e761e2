"""A layer that stops is noticed by the others' going on, and by nothing else."""

from __future__ import annotations

from media.routing.pulse import LONGEST, Pulse


def beat(pulse: Pulse, since: float, until: float, every: float) -> None:
    frame = round(since / every)
    while frame * every < until:
        pulse.beat(frame, frame * every)
        frame += 1


def test_a_layer_that_stops_is_noticed_within_a_third_of_a_second() -> None:
    one, other = Pulse(), Pulse()
    beat(one, 0, 2.0, 1 / 30)
    beat(other, 0, 2.15, 1 / 30)
    assert not one.check([one, other]), "an encoder may leave out some frames"
    beat(other, 2.15, 2.3, 1 / 30)
    assert one.check([one, other])
    assert not other.check([one, other])


def test_it_comes_back_with_its_next_packet() -> None:
    pulse = Pulse()
    pulse.stopped = True
    pulse.beat(1, 1.0)
    assert not pulse.stopped


def test_when_all_stand_still_none_has_stopped() -> None:
    one, other = Pulse(), Pulse()
    for pulse in (one, other):
        beat(pulse, 0, 2.0, 1 / 30)
    assert not one.check([one, other])


def test_a_slow_layer_gets_the_time_it_needs() -> None:
    slow, quick = Pulse(), Pulse()
    beat(slow, 0, 20.0, 0.15)
    beat(quick, 0, 20.5, 1 / 30)
    assert not slow.check([quick])
    beat(quick, 20.5, 20.0 + LONGEST + 0.1, 1 / 30)
    assert slow.check([quick])
