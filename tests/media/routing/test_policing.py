"""The bound on what a sender may bring in."""

from __future__ import annotations

import pytest

from media.routing.policing import BURST, MEDIA, PACKET, RTCP, Policer

RATE = 800_000.0  # bit/s: 100 kB a second


def passed(policer: Policer, length: int, begin: float, seconds: float, packets: int) -> int:
    """How many of so many evenly spaced packets go on."""
    return sum(policer.passes(length, begin + n * seconds / packets) for n in range(packets))


def test_what_keeps_the_rate_goes_on_for_ever() -> None:
    policer = Policer(RATE)
    assert passed(policer, 1000 - PACKET, 0.0, 60.0, 6000) == 6000


@pytest.mark.parametrize("times", [2, 10, 1000])
def test_what_exceeds_the_rate_is_cut_to_it(times: int) -> None:
    policer = Policer(RATE)
    allowed = passed(policer, 1000 - PACKET, 0.0, 10.0, 1000 * times)
    assert allowed == pytest.approx(100 * (10 + BURST), rel=0.02)


def test_a_burst_may_come_at_once_and_again_after_a_rest() -> None:
    policer = Policer(RATE)
    moments = (5.0, 5.125, 9.0)
    passes = [sum(policer.passes(800, at) for _ in range(500)) for at in moments]
    assert passes == [100, 12, 100]


def test_tiny_packets_are_bounded_in_number() -> None:
    policer = Policer(MEDIA["audio"])
    assert passed(policer, 13, 0.0, 10.0, 100_000) < 600 * 11


def test_a_clock_that_stands_still_gives_no_credit() -> None:
    policer = Policer(RATE)
    assert sum(policer.passes(1500, 7.0) for _ in range(10_000)) == 58


@pytest.mark.parametrize(
    ("bitrate", "length", "a_second"),
    [
        (MEDIA["video"], 1200, 6_000_000 / 8 / 1200),  # OBS, 1080 lines
        (MEDIA["audio"], 1276, 50),  # Opus at its most, 20 ms
        (MEDIA["audio"], 100, 400),  # its shortest frames
        (RTCP, 100, 200),  # NACKs of a lossy link
    ],
)
def test_honest_senders_are_never_cut(bitrate: float, length: int, a_second: float) -> None:
    packets = round(a_second * 20)
    assert passed(Policer(bitrate), length, 0.0, 20.0, packets) == packets
