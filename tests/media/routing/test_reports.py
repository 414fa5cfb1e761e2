"""What receivers report becomes figures; what they invent stays within bounds."""

from __future__ import annotations

from media.packets import ntp
from media.packets.rtcp import ReportBlock
from media.packets.rtp import Ssrc
from media.routing.reports import KEYFRAMES, Reports


def block(
    *, lost: int = 0, fraction: int = 0, jitter: int = 0, sr: int = 0, delay: float = 0.0
) -> ReportBlock:
    return ReportBlock(Ssrc(1), fraction, lost, 0, jitter, sr, ntp.delay(delay))


def test_a_block_becomes_seconds_and_fractions() -> None:
    reports = Reports(90_000)
    reports.received(block(lost=7, fraction=64, jitter=900), 1.0)
    assert (reports.lost, reports.loss, reports.jitter) == (7, 0.25, 0.01)
    assert reports.rtt is None


def test_a_round_trip_is_timed_by_our_clock() -> None:
    reports = Reports(48_000)
    hours_off = ntp.from_unix(12_345.0)  # the publisher's clock, which is not ours
    reports.sent(hours_off, 100.0)
    reports.received(block(sr=ntp.middle(hours_off), delay=0.5), 100.75)
    assert reports.rtt is not None
    assert abs(reports.rtt - 0.25) < 0.001


def test_a_delay_that_cannot_be_leaves_the_round_trip_alone() -> None:
    reports = Reports(48_000)
    reports.sent(ntp.from_unix(5.0), 100.0)
    reports.received(block(sr=ntp.middle(ntp.from_unix(5.0)), delay=60.0), 101.0)
    reports.received(block(sr=12345), 102.0)
    assert reports.rtt is None


def test_only_the_newest_sender_reports_are_remembered() -> None:
    reports = Reports(48_000)
    for second in range(100):
        reports.sent(ntp.from_unix(float(second)), float(second))
    reports.received(block(sr=ntp.middle(ntp.from_unix(0.0))), 100.0)
    assert reports.rtt is None
    reports.received(block(sr=ntp.middle(ntp.from_unix(99.0))), 100.0)
    assert reports.rtt is not None


def test_requests_in_a_row_are_one_freeze() -> None:
    reports = Reports(90_000)
    for now in (0.0, 0.5, 1.0, 1.9, 5.0):
        reports.asked_for_keyframe(now)
    assert reports.freezes == 2


def test_the_bitrate_is_measured_over_a_second() -> None:
    reports = Reports(90_000)
    for tick in range(41):
        reports.measure(1000 * tick, tick * 0.05)
    assert abs(reports.bitrate - 160_000) < 8_000


def test_a_receiver_in_trouble_gets_keyframes_and_another_after_a_while() -> None:
    reports = Reports(90000)
    granted = [reports.asked_for_keyframe(turn * 2.0) for turn in range(40)]
    assert granted[: int(KEYFRAMES)] == [True] * int(KEYFRAMES)
    assert granted[-10:].count(True) == 5, "every four seconds"
    assert reports.asked_for_keyframe(200.0)


def test_requests_of_one_moment_are_one() -> None:
    reports = Reports(90000)
    assert all(reports.asked_for_keyframe(5.0 + n / 100) for n in range(90))
    assert reports.freezes == 1
