"""What a Redis was asked for and what it took, between two moments."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from redis import Redis

from benches.cost import Spent

OWN = frozenset(("info", "config", "client", "hello", "ping"))
"""Commands of looking, and of connecting: nobody's errand."""


@dataclass(frozen=True, slots=True)
class Uses:
    """`seconds` passed; `trips` are reads of a socket, a command each of callers that wait; `ops`
    are commands by name, with those that scripts give; bytes of both directions; `cost` in seconds
    of Redis' processor."""

    seconds: float
    trips: float
    ops: Counter[str]
    received: float
    sent: float
    cost: float

    @classmethod
    def so_far(cls, redis: Redis, pid: int) -> Uses:
        stats: Any = redis.info("stats")
        commands: Any = redis.info("commandstats")
        ops: Counter[str] = Counter()
        for key, value in commands.items():
            name = key.removeprefix("cmdstat_").partition("|")[0]
            if name not in OWN:
                ops[name] += value["calls"]
        return cls(
            time.perf_counter(),
            stats["total_reads_processed"],
            ops,
            stats["total_net_input_bytes"],
            stats["total_net_output_bytes"],
            Spent.by(pid).all,
        )

    def since(self, before: Uses) -> Uses:
        return Uses(
            self.seconds - before.seconds,
            self.trips - before.trips - 2,  # the two questions of looking
            self.ops - before.ops,
            self.received - before.received,
            self.sent - before.sent,
            self.cost - before.cost,
        )

    def without(self, idle: Uses) -> Uses:
        """What was not the background's, which goes on as in `idle`."""
        share = self.seconds / idle.seconds
        ops = Counter(self.ops)
        for name, count in idle.ops.items():
            ops[name] -= round(count * share)
        return Uses(
            self.seconds,
            self.trips - idle.trips * share,
            +ops,
            self.received - idle.received * share,
            self.sent - idle.sent * share,
            self.cost - idle.cost * share,
        )
