"""Rooms are kept: what one round of renewals costs, by how many leases a node holds."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from benches.nodes.group import Group
from wagu.ephemeral.leases import Leases
from wagu.ephemeral.redis import RedisStore


@dataclass(frozen=True, slots=True)
class Renewal:
    """Of one lease in a round of `leases`: µs of the node's processor and of Redis', bytes that
    Redis read and wrote; round trips of the round."""

    leases: int
    node: float
    redis: float
    received: float
    sent: float
    trips: float


def renewal(group: Group, leases: int, times: int) -> Renewal:
    return asyncio.run(_renew(group, leases, times))


async def _renew(group: Group, leases: int, times: int) -> Renewal:
    store = RedisStore(group.server.url)
    book = Leases(store, "n_0123456789 http://10.0.0.17:8080")
    names = [f"map/Zk3v0aQ1nB5c7D9e{number:06d}" for number in range(leases)]
    for name in names:
        await book.take(name)
    before, own = group.uses(), time.process_time()
    for _ in range(times):
        if len(await book.renew(names)) != leases:
            raise RuntimeError("a lease was lost")
    own, found = time.process_time() - own, group.uses().since(before)
    for name in names:
        await book.release(name)
    await store.close()
    count = leases * times
    return Renewal(
        leases,
        own / count * 1e6,
        found.cost / count * 1e6,
        found.received / count,
        found.sent / count,
        found.trips / times,
    )
