"""Requests at a steady rate, whether or not answers come: the time that counts begins when a
request was due, so that a server that stalls cannot hide behind a client that waits for it."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benches.cost import busy, used

Ask = Callable[[int], Awaitable[int]]
"""Sends request number n, reads its answer, returns its status."""


@dataclass(frozen=True, slots=True)
class Run:
    millis: list[float]
    """Of each request, from when it was due to the last byte of its answer; in order."""

    statuses: Counter[int]
    cost: float
    """Milliseconds of processor time of the server, and of its database, for each answer."""

    others: float
    """Share of the machine that other processes took, 0 to 1."""

    def at(self, share: float) -> float:
        """A percentile: the time within which that share of the answers came."""
        ordered = sorted(self.millis)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def run(ask: Ask, *, rate: float, seconds: float, servers: Sequence[int]) -> Run:
    """Starts after a second's requests that do not count: caches and connections are warm.
    `servers` are the processes whose time, with that of their children, is the cost."""
    warm, counted = int(rate), int(rate * seconds)
    millis = [0.0] * counted
    statuses: Counter[int] = Counter()
    begun = time.perf_counter() + 0.1

    async def one(number: int) -> None:
        due = begun + number / rate
        await asyncio.sleep(due - time.perf_counter())
        status = await ask(number)
        if number >= warm:
            statuses[status] += 1
            millis[number - warm] = (time.perf_counter() - due) * 1000

    before, spent, begun_at = busy(), used(*servers, os.getpid()), time.perf_counter()
    served = used(*servers)
    await asyncio.gather(*(one(number) for number in range(warm + counted)))
    cost = (used(*servers) - served) / (warm + counted) * 1000
    ours = used(*servers, os.getpid()) - spent
    passed = (time.perf_counter() - begun_at) * (os.cpu_count() or 1)
    return Run(millis, statuses, cost, max(0.0, busy() - before - ours) / passed)
