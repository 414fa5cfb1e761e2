"""The token bucket, with time in the hand."""

from __future__ import annotations

from wagu.realtime.flood import Flood, Verdict


def test_a_hundred_at_once_then_fifty_a_second() -> None:
    flood = Flood(0.0)
    assert [flood.take(0.0) for _ in range(100)] == [Verdict.PASS] * 100
    assert flood.take(0.0) is Verdict.DROP_AND_TELL
    passed = sum(flood.take(second / 100) is Verdict.PASS for second in range(1, 1001))
    assert 499 <= passed <= 501


def test_a_full_bucket_does_not_overflow() -> None:
    flood = Flood(0.0)
    assert sum(flood.take(3600.0) is Verdict.PASS for _ in range(200)) == 100


def test_it_is_told_once_a_second() -> None:
    flood = Flood(0.0)
    for _ in range(100):
        flood.take(0.0)
    told = [flood.take(0.0) for _ in range(50)]
    assert told.count(Verdict.DROP_AND_TELL) == 1
    for _ in range(100):
        flood.take(1.0)
    assert Verdict.DROP_AND_TELL not in [flood.take(1.5) for _ in range(20)]


def test_500_dropped_within_10_s_are_too_many() -> None:
    flood = Flood(0.0)
    verdicts = [flood.take(0.0) for _ in range(600)]
    assert verdicts[598] is not Verdict.CLOSE
    assert verdicts[599] is Verdict.CLOSE


def test_500_dropped_over_longer_are_not() -> None:
    flood = Flood(0.0)
    verdicts = {flood.take(step / 90) for step in range(9000)}  # 90 a second: 40 are dropped
    assert verdicts == {Verdict.PASS, Verdict.DROP, Verdict.DROP_AND_TELL}
