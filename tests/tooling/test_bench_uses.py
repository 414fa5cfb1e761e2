"""What `scripts/bench unit` takes for a cost: all that happened, less the background."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from redis import Redis

from benches.nodes.uses import Uses


def test_a_real_redis_is_counted(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.ping()
        before = Uses.so_far(redis, os.getpid())
        for number in range(5):
            redis.set(f"bench/{number}", "x" * 1000)
        found = Uses.so_far(redis, os.getpid()).since(before)
    assert found.ops == Counter(set=5)
    assert found.trips == 5
    assert 5_000 < found.received < 6_000


def test_what_goes_on_by_itself_is_taken_off() -> None:
    idle = Uses(2.0, 4, Counter(publish=2), 400, 40, 0.002)
    found = Uses(4.0, 108, Counter(publish=5, get=100), 10_800, 1_080, 0.104).without(idle)
    assert found.ops == Counter(publish=1, get=100)
    assert (found.trips, found.received, found.sent) == (100, 10_000, 1_000)
    assert found.cost == pytest.approx(0.1)
