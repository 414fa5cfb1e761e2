"""Who has a room: its people, its state and its media are in one process, whoever is asked.

A lease in the ephemeral store says it. Whoever is the first to need a room takes it, if it takes
rooms at all; a node that does not renew its leases loses them within five seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from wagu.cluster.node import Node
from wagu.cluster.nodes import Nodes
from wagu.ephemeral.leases import RENEW_EVERY, Lease
from wagu.errors import Unavailable

log = structlog.get_logger("wagu.cluster")

LINGER = 10.0
"""Seconds that a room is kept for whoever was about to come in."""


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
    """`book` opens the leases of a holder. `is_used` says whether somebody is in a room here.
    `lost` is called with rooms that are somebody else's all of a sudden, as this node was out of
    reach for too long."""

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
    ) -> None:
        self._me = me
        self._book = book
        self._leases = book(str(me))
        self._nodes = nodes
        self.takes_rooms = takes_rooms
        self._is_used = is_used
        self._lost = lost
        self._monotonic = monotonic
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

    def _gives_away(self) -> bool:
        return not self.takes_rooms

    def _elsewhere(self) -> Node:
        node = self._nodes.roomiest()
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
        return node.url == self._me.url and node.id != self._me.id

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
        for room in rooms:
            await self._leases.release(room)
            self._held.pop(room, None)
        return rooms

    async def _keep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                await self.keep()
            except Unavailable:
                # Whoever could take our rooms needs the store as well.
                log.warning("x leases not renewed", rooms=self.rooms)
            except Exception:
                log.exception("x failed", what="keep leases")

    async def keep(self) -> None:
        """Renew what is in use, release what has not been for a while."""
        now = self._monotonic()
        for room, used_at in list(self._held.items()):
            if self._is_used(room):
                self._held[room] = now
            elif now - used_at >= LINGER:
                self._held.pop(room, None)
                await self._leases.release(room)
        held = list(self._held)
        still = await self._leases.renew(held)
        for room in held:
            if room not in still and room in self._held:
                await self._take_again(room)

    async def _take_again(self, room: str) -> None:
        """The store forgot it, or we were away for longer than the lease."""
        lease = await self._leases.take(room)
        if lease.holder != str(self._me):
            log.warning("= room lost to another node", node=Node.read(lease.holder).id)
            self._held.pop(room, None)
            self._lost(room)
