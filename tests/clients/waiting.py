"""Waiting for what no locator can see: a condition, a deadline, a sentence when it fails."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds; only a failing test waits that long."""
EVERY = 0.05
START_TAKES = 1.5
"""Seconds, of the machines for which limits are meant; `scripts/benches/bench.md` has 1.7 to 2.0 of
one whose plain Python takes twice as long as theirs."""
SLOWER_MAX = 2.0


async def eventually(look: Callable[[], Awaitable[T]], what: str, *, within: float = PATIENCE) -> T:
    """The first truthy answer of `look`; fails with `what` and the last answer after `within` s."""
    deadline = time.monotonic() + within
    while True:
        seen = await look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what} (last seen: {seen!r})")
        await asyncio.sleep(EVERY)


def assert_within(limit: float, took: float, what: str) -> None:
    """Of one attempt, in seconds; printed for whoever reads the run."""
    print(f"figure: {what}: {took:.2f} s (limit {limit:.2f})")
    assert took < limit, f"{what} within {limit:.2f} s, it took {took:.2f}"


def allowed(limit: float, start: float) -> float:
    """What `limit`, in seconds, is on this machine at this moment: a start of the server, then or
    just before, took `start` seconds, and where that takes longer than it should, all may take
    longer in the same measure, up to twice. Never less than `limit`."""
    return limit * min(max(1.0, start / START_TAKES), SLOWER_MAX)


async def usually_in_time(
    measure: Callable[[], Awaitable[float]],
    what: str,
    *,
    within: float,
    at_worst: float,
    times: int,
) -> None:
    """Assert that of `times` measurements (seconds), none of which is left out, the middle one is
    less than `within` and the worst less than `at_worst`. For what a busy machine can spoil once;
    the caller says how."""
    took = [await measure() for _ in range(times)]
    said = ", ".join(f"{seconds:.2f}" for seconds in took)
    print(f"figure: {what}: {said} s (limit {within:.2f}, worst {at_worst:.2f})")
    assert statistics.median(took) < within, f"{what} within {within:.2f} s, it took {said}"
    assert max(took) < at_worst, f"{what} within {at_worst:.2f} s at worst, it took {said}"
