"""Nodes that hear of each other: real Cluster objects on a wire in memory, all started at once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial

from wagu.cluster.cluster import Cluster, Duties
from wagu.cluster.node import Node, NodeId
from wagu.cluster.wire import Handler
from wagu.ephemeral.leases import Leases
from wagu.ephemeral.memory import MemoryStore


class Air:
    """What one says, all hear, themselves too, as with Redis; nothing is ever dropped."""

    def __init__(self) -> None:
        self.said = 0
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._ears: list[Mapping[str, Handler]] = []

    def say(self, channel: str, message: bytes) -> None:
        self.said += 1
        self._waiting.append((channel, message))

    def listen(self, ears: Mapping[str, Handler]) -> None:
        self._ears.append(ears)

    def carry(self) -> None:
        """Until nobody has anything left to say."""
        while self._waiting:
            channel, message = self._waiting.popleft()
            for ears in self._ears:
                ears[channel](message)


class AirWire:
    def __init__(self, air: Air) -> None:
        self._air = air

    def send(self, channel: str, message: bytes) -> None:
        self._air.say(channel, message)

    async def start(self, handlers: Mapping[str, Handler], missed: Callable[[], None]) -> None:
        self._air.listen(handlers)

    async def close(self) -> None:
        return


async def meeting(nodes: int) -> int:
    """Messages that are said until everybody knows everybody; each is heard by all."""
    air, store = Air(), MemoryStore(lambda: 0.0)
    clusters = [
        Cluster(
            Node(NodeId(f"n{number}"), f"http://n{number}:8080"),
            "all",
            AirWire(air),
            partial(Leases, store),
            version="",
        )
        for number in range(nodes)
    ]
    for cluster in clusters:
        duties = Duties(
            is_used=lambda _: True,
            used=tuple,
            lost=_nothing,
            adopt=_at_all,
            keep=_at_all,
            catch_up=_at_all,
            sockets=lambda: 0,
        )
        await cluster.listen(duties)
    for cluster in clusters:
        await cluster.join()
    air.carry()
    said = air.said
    if any(len(cluster.nodes.all()) != nodes - 1 for cluster in clusters):
        raise RuntimeError("somebody did not hear of somebody")
    for cluster in clusters:
        await cluster.close()
    await asyncio.sleep(0)
    return said


async def _nothing(_room: str) -> None:
    return


async def _at_all() -> None:
    return
