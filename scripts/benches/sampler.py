"""How late an event loop is: asks to be woken every millisecond and notes by how much it failed.

Late for two reasons: its thread waited for a processor that others had (the kernel counts that), or
it was kept from running by its own process: by what the loop runs, or by the interpreter's lock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

EVERY = 0.001


@dataclass(frozen=True, slots=True)
class Late:
    """Milliseconds: in all, and without the wait for a processor."""

    all: float
    own: float


@dataclass(frozen=True, slots=True)
class Round:
    late: list[Late]
    seconds: float
    others: float
    """Share of the machine that other processes took, 0 to 1."""


@asynccontextmanager
async def lateness() -> AsyncIterator[list[Late]]:
    """A value for each wake-up while the block runs."""
    found: list[Late] = []

    async def sample() -> None:
        while True:
            before, waited = time.perf_counter(), _waited()
            await asyncio.sleep(EVERY)
            late = (time.perf_counter() - before - EVERY) * 1000
            found.append(Late(late, max(0.0, late - (_waited() - waited))))

    task = asyncio.get_running_loop().create_task(sample())
    await asyncio.sleep(0.05)
    found.clear()
    try:
        yield found
    finally:
        await asyncio.sleep(0)
        task.cancel()


def _waited() -> float:
    """Milliseconds that this thread could have run and had no processor."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e6


HEADER = (
    f"{'milliseconds late':32s} {'by own process: median':>22s} {'p99':>6s}"
    f" {'worst of each round':>34s} {'median':>7s}"
    "   in all, worst of each round (share of other processes, length)"
)


def line(name: str, rounds: Sequence[Round]) -> str:
    """One row; what we cause shows in every round, what the machine does beside us in some."""
    own = sorted(late.own for one in rounds for late in one.late)
    worst = [max(late.own for late in one.late) for one in rounds]
    raw = "  ".join(
        f"{max(late.all for late in one.late):.1f} ({one.others:.0%}, {one.seconds:.1f} s)"
        for one in rounds
    )
    each = " ".join(f"{late:.1f}" for late in worst)
    return (
        f"{name:32s} {own[len(own) // 2]:22.2f} {own[int(len(own) * 0.99)]:6.2f}"
        f" {each:>34s} {median(worst):7.1f}   {raw}"
    )
