"""Waiting for what no locator can see: a condition, a deadline, a sentence when it fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds; only a failing test waits that long."""
EVERY = 0.05
START_TAKES = 2.0  # seconds, at most, where nothing else is going on


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


def excused(start: float) -> float:
    """The seconds that are added to a limit on a busy machine: by so much more than its two seconds
    a start of the server took, in the same moment. Nothing else is forgiven."""
    return max(0.0, start - START_TAKES)


async def in_time(
    measure: Callable[[], Awaitable[float]], what: str, *, within: float, attempts: int = 3
) -> None:
    """Assert that `measure` can return less than `within` seconds, and print what it returned.

    A machine that does other things at the same time may spoil a measurement; it cannot make one
    better than the product is.
    """
    took: list[float] = []
    while not took or (took[-1] >= within and len(took) < attempts):
        took.append(await measure())
    said = ", ".join(f"{seconds:.2f}" for seconds in took)
    print(f"figure: {what}: {said} s")
    assert took[-1] < within, f"{what} within {within:g} s, it took {said}"
