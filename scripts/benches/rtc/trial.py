"""One measurement: a room at a server, its peers, a warm-up, and the window that counts.

Runs in the load generator's process, which keeps to a core of its own.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benches.cost import Spent, memory
from benches.flame import sampled
from benches.rtc.cast import Cast
from benches.rtc.comers import Comers, Nobody, coming
from benches.rtc.load import Load
from benches.rtc.peer import Profile
from benches.rtc.rooms import Server, room_at
from benches.rtc.scenarios import SCENARIOS


@dataclass(frozen=True, slots=True)
class Plan:
    """`address` is where the peers sit, `pid` the server's process."""

    server: Server
    url: str
    pid: int
    address: str
    scenario: str
    viewers: int
    warm: float
    seconds: float
    profile: Profile
    beside: bool = True
    """Whether what accompanies the scenario goes on."""

    stacks: Path | None = None
    """Where to write what the server does, in as many seconds again after the measurement."""


@dataclass(frozen=True, slots=True)
class Result:
    """Processor time in µs for each forwarded packet, and about how much of it the kernel's;
    latencies in ms; memory in kB, `joined` and `loaded` for each viewer above what the server had
    when nobody but the publishers was there; shares from 0 to 1.

    `repairs` are packets that came once more on request, as a share of those that came; they are
    forwarded packets, too. `share` is what the server took of its core, `waited` how long it could
    have run and had no processor, `generator` what the generator took of its own core, `late` by
    how many ms it sent too late at most. `beside`: something else went on; so many people `came`
    a second for it.
    """

    server: str
    scenario: str
    viewers: int
    packets: int
    cost: float
    kernel: float
    loss: float
    p50: float
    p99: float
    idle: float
    joined: float
    loaded: float
    joins: float
    share: float
    generator: float
    waited: float
    late: float
    repairs: float
    came: float
    profile: str
    beside: bool


def measure(plan: Plan, core: int) -> Result:
    """In a process of its own."""
    os.sched_setaffinity(0, {core})
    if not (SCENARIOS[plan.scenario].comers and plan.beside):
        return asyncio.run(_measure(plan, Nobody()))
    with coming(plan.server, plan.url, plan, core) as comers:
        return asyncio.run(_measure(plan, comers))


async def _measure(plan: Plan, comers: Comers) -> Result:
    scenario = SCENARIOS[plan.scenario]
    cast = Cast(scenario, partial(room_at, plan.server, plan.url, scenario.kind), plan)
    try:
        await cast.open(plan.viewers)
        idle = memory(plan.pid)
        joins = await cast.come(plan.viewers)
        joined = memory(plan.pid)
        load = Load(cast.sources, cast.receivers, scenario.repaired)
        await load.run(plan.warm + scenario.settling)
        load.forget()
        window = _Window(plan.pid, load, comers)
        await load.run(plan.seconds)
        found = window.result(plan, idle, joined, joins, cast.receivers[0].srtp.profile)
        if plan.stacks is not None:
            with sampled(plan.pid, plan.stacks, plan.seconds):
                await load.run(plan.seconds)
        return found
    finally:
        await cast.close()


class _Window:
    """What was spent and what came since this was made."""

    def __init__(self, pid: int, load: Load, comers: Comers) -> None:
        self._pid, self._load, self._comers = pid, load, comers
        self._arrived = comers.count
        self._came = load.tally.count()
        self._spent = Spent.by(pid)
        self._own, self._begun = time.process_time(), time.perf_counter()

    def result(self, plan: Plan, idle: int, joined: int, joins: float, profile: str) -> Result:
        passed = time.perf_counter() - self._begun
        own = time.process_time() - self._own
        spent = Spent.by(self._pid).since(self._spent)
        came = self._load.tally.count().since(self._came)
        latencies = sorted(self._load.latencies) or [math.nan]  # of an idle server nothing is known
        if not came.received:
            raise RuntimeError("nothing came out of the server")
        if self._load.refused:
            raise RuntimeError(f"{self._load.refused} sampled packets are not authentic")
        # What comes on RTX unasked are probes: what they cost counts, they themselves do not.
        asked = self._load.repairs if SCENARIOS[plan.scenario].repaired else 0
        each = 1e6 / (came.received + asked)
        return Result(
            server=plan.server,
            scenario=plan.scenario,
            viewers=plan.viewers,
            packets=came.received,
            cost=spent.all * each,
            kernel=min(spent.all, spent.kernel) * each,
            loss=came.loss,
            p50=latencies[len(latencies) // 2] * 1000,
            p99=latencies[int(len(latencies) * 0.99)] * 1000,
            idle=idle / 1000,
            joined=(joined - idle) / 1000 / plan.viewers,
            loaded=(memory(self._pid) - idle) / 1000 / plan.viewers,
            joins=joins,
            share=spent.all / passed,
            generator=own / passed,
            waited=spent.waited / passed,
            late=max(source.worst for source in self._load.sources) * 1000,
            repairs=self._load.repairs / came.received,
            came=(self._comers.count - self._arrived) / passed,
            profile=profile,
            beside=plan.beside and SCENARIOS[plan.scenario].accompanied,
        )
