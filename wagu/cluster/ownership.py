"""Who has a room: its people, its state and its media are in one process, whoever is asked.

A lease in the ephemeral store says it. Whoever is the first to need a room takes it, if it takes
rooms at all; a node that does not renew its leases loses them within five seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

import structlog

from wagu.cluster.node import Node
from wagu.cluster.nodes import Nodes
from wagu.ephemeral.leases import RENEW_EVERY, Lease
from wagu.errors import Unavailable

log = structlog.get_logger("wagu.cluster")

LINGER = 10.0
"""Seconds that a room is kept for whoever was about to come in."""
RENEWED_WITHIN = 1.5
"""Seconds for an answer to a renewal: with RENEW_EVERY, less than half of what a lease lasts."""
HOLD_BACK = 3.0
"""Seconds after a renewal that failed: what seems to be nobody's may be a room of a node that is
about to renew."""


class Ownership(Protocol):
    async def claim(self, room: str) -> Node | None:
        """Who has it. None: we do, from now on if it was nobody's.

        Errors: Unavailable room.nowhere, store.unavailable."""

    async def find(self, room: str) -> Node | None:
        """Who has it; None: we do, or nobody. Errors: Unavailable store.unavailable."""

    def holds(self, room: str) -> bool:
        """Whether this node has it, as far as it knows at this moment."""


class Alone:
    """Of a process that shares its rooms with nobody, and holds nothing that others could want."""

    async def claim(self, _room: str) -> None:
        return None

    async def find(self, _room: str) -> None:
        return None

    def holds(self, _room: str) -> bool:
        return False


class LeaseBook(Protocol):
    """What is asked of wagu.ephemeral.leases.Leases."""

    async def take(self, name: str) -> Lease: ...

    async def holder(self, name: str) -> str | None: ...

    async def renew(self, names: list[str]) -> frozenset[str]: ...

    async def release(self, name: str) -> None: ...


class SharedOwnership:
    """`book` opens the leases of a holder. `is_used` says whether somebody is in a room here,
    `used` in which. `lost` is called with rooms that are somebody else's all of a sudden, as this
    node was out of reach for too long."""

    def __init__(
        self,
        me: Node,
        book: Callable[[str], LeaseBook],
        nodes: Nodes,
        *,
        takes_rooms: bool,
        is_used: Callable[[str], bool],
        lost: Callable[[str], None],
        monotonic: Callable[[], float],
        used: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._me = me
        self._book = book
        self._leases = book(str(me))
        self._nodes = nodes
        self.takes_rooms = takes_rooms
        self._is_used = is_used
        self._lost = lost
        self._monotonic = monotonic
        self._used = used
        self._failed_at = float("-inf")
        self._held: dict[str, float] = {}
        self._keeper: asyncio.Task[None] | None = None

    @property
    def rooms(self) -> int:
        return len(self._held)

    async def claim(self, room: str) -> Node | None:
        if room in self._held:
            self._held[room] = self._monotonic()
            return None
        if not self.takes_rooms:
            return await self.find(room) or self._elsewhere()
        await self._hold_back()
        lease = await self._leases.take(room)
        if self._is_former_self(lease.holder):
            await self._book(lease.holder).release(room)
            lease = await self._leases.take(room)
        if lease.holder != str(self._me):
            return Node.read(lease.holder)
        if self._gives_away():  # told to meanwhile
            await self._leases.release(room)
            return self._elsewhere()
        self._held[room] = self._monotonic()
        return None

    async def _hold_back(self) -> None:
        """A Redis that is back has forgotten leases: whoever had them comes first."""
        left = self._failed_at + HOLD_BACK - self._monotonic()
        if left > 0:
            await asyncio.sleep(left)

    def _gives_away(self) -> bool:
        return not self.takes_rooms

    def _elsewhere(self) -> Node:
        node = self._nodes.roomier()
        if node is None:
            raise Unavailable("room.nowhere", "지금은 방을 열 수 있는 서버가 없어요.")
        return node

    async def find(self, room: str) -> Node | None:
        if room in self._held:
            return None
        holder = await self._leases.holder(room)
        if holder is None or holder == str(self._me) or self._is_former_self(holder):
            return None
        return Node.read(holder)

    def _is_former_self(self, holder: str) -> bool:
        """Whoever had this address before us is dead: it listened on our port."""
        node = Node.read(holder)
        if node.url != self._me.url or node.id == self._me.id:
            return False
        return not self._nodes.knows(node.id)  # else two have one address: see WAGU_NODE_URL

    def holds(self, room: str) -> bool:
        return room in self._held

    # ------------------------------------------------------------------------------------- keeping

    def start(self) -> None:
        self._keeper = asyncio.create_task(self._keep_for_ever())

    async def close(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        try:
            await self.give_away()
        except Unavailable:
            log.warning("x leases are left to expire", rooms=self.rooms)

    async def give_away(self) -> list[str]:
        """Every room, and take no other. Who is in one stays until told to move."""
        self.takes_rooms = False
        rooms = list(self._held)
        self._held.clear()
        for room in rooms:
            await self._leases.release(room)
        return rooms

    async def _keep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                await self.keep()
            except (Unavailable, TimeoutError):
                self._failed_at = self._monotonic()
                log.warning("x leases not renewed", rooms=self.rooms)
            except Exception:
                log.exception("x failed", what="keep leases")

    async def keep(self) -> None:
        """Renew what is in use, release what has not been for a while. Who is in a room that is not
        held, as it was lost on their way in, is helped too."""
        now = self._monotonic()
        unused = []
        for room, used_at in self._held.items():
            if self._is_used(room):
                self._held[room] = now
            elif now - used_at >= LINGER:
                unused.append(room)
        held = [room for room in self._held if room not in unused]
        async with asyncio.timeout(RENEWED_WITHIN):
            still = await self._leases.renew(held)
        if not self.takes_rooms:
            return
        for room in {*held, *self._used()}:
            if room not in still:
                await self._take_again(room)
        for room in unused:
            if not self._is_used(room) and self._held.pop(room, None) is not None:
                await self._leases.release(room)

    async def _take_again(self, room: str) -> None:
        """The store forgot it, or we were away for longer than the lease."""
        lease = await self._leases.take(room)
        if lease.holder == str(self._me):
            self._held[room] = self._monotonic()
            return
        log.warning("= room lost to another node", node=Node.read(lease.holder).id)
        self._held.pop(room, None)
        self._lost(room)
