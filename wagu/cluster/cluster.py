"""This node among others: what it says every second, whom it hears, which rooms it holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import structlog

from wagu.cluster.bus import NodeBus
from wagu.cluster.node import Beat, Node, NodeRole
from wagu.cluster.nodes import Nodes
from wagu.cluster.ownership import LeaseBook, SharedOwnership
from wagu.ephemeral.leases import TTL as LEASE

if TYPE_CHECKING:
    from wagu.cluster.wire import Wire  # it knows Redis, which who is alone need not have

log = structlog.get_logger("wagu.cluster")

BEAT_EVERY = 1.0
LOOK_ROUND_EVERY = 30.0
"""Seconds between two looks for what nobody looks after; a node's end is noticed sooner."""

EVENTS, BEATS, FAREWELLS = "bus", "nodes", "farewells"

_beat = msgspec.json.Decoder(Beat)
_node = msgspec.json.Decoder(Node)


@dataclass(frozen=True, slots=True)
class Duties:
    """What the cluster asks of the application, which is built after it."""

    is_used: Callable[[str], bool]
    used: Callable[[], Iterable[str]]
    lost: Callable[[str], Awaitable[None]]
    adopt: Callable[[], Awaitable[None]]
    keep: Callable[[], Awaitable[None]]
    catch_up: Callable[[], Awaitable[None]]
    sockets: Callable[[], int]


class Cluster:
    def __init__(
        self,
        me: Node,
        role: NodeRole,
        wire: Wire,
        book: Callable[[str], LeaseBook],
        *,
        version: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.me = me
        self.role = role
        self._wire = wire
        self._version = version
        self._monotonic = monotonic
        self._duties: Duties | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._heart: asyncio.Task[None] | None = None
        self.nodes = Nodes(me.id, self._gone)
        self.bus = NodeBus(me.id, lambda message: wire.send(EVENTS, message))
        self.ownership = SharedOwnership(
            me,
            book,
            self.nodes,
            takes_rooms=role != "web",
            is_used=self._is_used,
            lost=self._lost,
            monotonic=monotonic,
            used=self._used,
        )

    @property
    def duties(self) -> Duties:
        assert self._duties is not None, "not started"
        return self._duties

    async def listen(self, duties: Duties) -> None:
        """Hear the others. Before this node does anything that they must not miss."""
        self._duties = duties
        handlers = {EVENTS: self.bus.receive, BEATS: self._hear, FAREWELLS: self._farewell}
        await self._wire.start(handlers, lambda: self._spawn(duties.catch_up()))

    async def join(self) -> None:
        """Be heard, and keep what is held. Once this node can serve."""
        self.ownership.start()
        self._say()
        self._heart = asyncio.create_task(self._beat())

    async def leave(self) -> list[str]:
        """Take no more rooms and give away those that are here: which those were."""
        rooms = await self.ownership.give_away()
        self._say()
        return rooms

    async def close(self) -> None:
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.gather(self._heart, return_exceptions=True)
        await self.ownership.close()
        self._wire.send(FAREWELLS, msgspec.json.encode(self.me))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._wire.close()

    def beat(self) -> Beat:
        return Beat(
            self.me,
            self.role,
            self.ownership.takes_rooms,
            self.ownership.rooms,
            self.duties.sockets(),
            self._version,
        )

    def _is_used(self, room: str) -> bool:
        return self.duties.is_used(room)

    def _used(self) -> Iterable[str]:
        return self.duties.used()

    def _lost(self, room: str) -> None:
        self._spawn(self.duties.lost(room))

    # ------------------------------------------------------------------------------------- beating

    async def _beat(self) -> None:
        looked_at = self._monotonic()
        while True:
            await asyncio.sleep(BEAT_EVERY)
            self._say()
            now = self._monotonic()
            self.nodes.tick(now)
            if now - looked_at >= LOOK_ROUND_EVERY:
                looked_at = now
                self._spawn(self.duties.adopt())
                self._spawn(self.duties.keep())

    def _say(self) -> None:
        self._wire.send(BEATS, msgspec.json.encode(self.beat()))

    def _hear(self, message: bytes) -> None:
        beat = _beat.decode(message)
        self.nodes.hear(beat, self._monotonic())
        if beat.node.url == self.me.url and beat.node.id != self.me.id:
            log.error("x another node has our address: set WAGU_NODE_URL", node=beat.node.id)

    def _farewell(self, message: bytes) -> None:
        self.nodes.leave(_node.decode(message))

    def _gone(self, _node: Node) -> None:
        self._spawn(self._adopt_soon())

    async def _adopt_soon(self) -> None:
        """When its leases are over."""
        await asyncio.sleep(LEASE)
        await self.duties.adopt()

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            log.exception("x failed", what="a duty of the cluster")
