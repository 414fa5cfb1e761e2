"""What is full first, and with how many nodes: each limit with what a mix of rooms needs of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benches.paper.load import NodeLoad, Shared, hearing

CORE = 1.0
NODE_LINE = 1e9 / 8
NODE_MEMORY = 2e9
REDIS_LINE = 10e9 / 8
REDIS_CLIENTS = 10_000
"""`maxclients` as it comes."""
REDIS_CLIENTS_EACH = 64 + 2
"""A full pool (wagu.ephemeral.redis), one that talks on the bus and one that listens."""
SQL_CLIENTS = 100 - 3
"""`max_connections` of a PostgreSQL as it comes, less those of superusers."""
SQL_CLIENTS_EACH = 20
"""A full pool and what may be over it for a moment (wagu.db.engine)."""


@dataclass(frozen=True, slots=True)
class Need:
    """`share` of what there is; over 1 is more than that."""

    what: str
    share: float


def needs(nodes: Sequence[NodeLoad], common: Shared) -> list[Need]:
    """The worst first."""
    found = [
        Need("core of the fullest node", max(node.busy for node in nodes) / CORE),
        Need("1 Gbit/s of the fullest node", max(node.sent for node in nodes) / NODE_LINE),
        Need("2 GB of the fullest node", max(node.memory for node in nodes) / NODE_MEMORY),
        Need("core of Redis", common.busy / CORE),
        Need("10 Gbit/s of Redis", common.bus / REDIS_LINE),
        Need("connections of Redis", len(nodes) * REDIS_CLIENTS_EACH / REDIS_CLIENTS),
        Need("connections of PostgreSQL", len(nodes) * SQL_CLIENTS_EACH / SQL_CLIENTS),
    ]
    return sorted(found, key=lambda need: -need.share)


def growing(common: Shared, count: int) -> dict[str, Callable[[int], float]]:
    """Shares by the number of nodes, of what does not depend on where rooms are, given what `count`
    of them need. What each says is told to each, which grows with the square."""

    def redis(nodes: int) -> float:
        times = nodes / count
        squared = sum(common.cpu[each] for each in ("beats", "events"))
        return ((common.busy - squared) * times + squared * times**2) / CORE

    return {
        "core of Redis": redis,
        "core of Redis, without the bus": lambda nodes: (
            (common.busy - common.cpu["beats"] - common.cpu["events"]) * nodes / count / CORE
        ),
        "10 Gbit/s of Redis": lambda nodes: common.bus * (nodes / count) ** 2 / REDIS_LINE,
        "core of a node, by what it hears": lambda nodes: hearing(common.told * nodes / count),
        "connections of Redis": lambda nodes: nodes * REDIS_CLIENTS_EACH / REDIS_CLIENTS,
        "connections of PostgreSQL": lambda nodes: nodes * SQL_CLIENTS_EACH / SQL_CLIENTS,
    }


def full_at(share: Callable[[int], float], most: int = 1_000_000) -> int | None:
    """The fewest nodes with which a share that grows with them is over 1; None: not by `most`."""
    if share(most) <= 1:
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if share(middle) > 1 else (middle, high)
    return high
