"""Who gets which room: SharedOwnership and Nodes over the memory store, by a clock in the hand.

A front hands requests to the nodes in turn. Whoever comes to a room asks the node that they were
handed to, which takes the room or names the node that has it. What else people ask for comes in
between, so that turns say nothing about rooms.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random

from benches.paper.mix import Room
from wagu.cluster.cluster import BEAT_EVERY
from wagu.cluster.node import Beat, Node, NodeId, NodeRole
from wagu.cluster.nodes import Nodes
from wagu.cluster.ownership import SharedOwnership
from wagu.ephemeral.leases import RENEW_EVERY, Leases
from wagu.ephemeral.memory import MemoryStore

BETWEEN = 20
"""At most so many other requests between two that come to a room."""
HOPS_MAX = 3


@dataclass(frozen=True, slots=True)
class Placement:
    """`owners` has the node of each room; `here` and `through` are the sockets of each room that
    came to its node and to others, `doors` those of other nodes' rooms at each node."""

    owners: list[int]
    here: list[int]
    through: list[int]
    doors: list[dict[int, int]]
    """By room: how many."""


class Fleet:
    def __init__(self, nodes: int, web: int) -> None:
        """The first `web` of them keep no rooms, and are the only ones that people come to."""
        self.now = 1000.0
        self.web = web
        self._store = MemoryStore(lambda: self.now, keys_max=10**9)
        self._names = [Node(NodeId(f"n{n}"), f"http://n{n}:8080") for n in range(nodes)]
        self._known = Nodes(NodeId("whoever listens"), lambda _node: None)
        self.nodes = [self._node(n, takes_rooms=n >= web) for n in range(nodes)]
        for node in range(nodes):
            self._beat(node)
        self._begun = self._renew_at = self.now
        self._beats = 0

    def _node(self, number: int, *, takes_rooms: bool) -> SharedOwnership:
        return SharedOwnership(
            self._names[number],
            partial(Leases, self._store),
            self._known,  # all hear the same beats at the same time
            takes_rooms=takes_rooms,
            is_used=lambda _room: True,
            lost=self._lost,
            monotonic=lambda: self.now,
        )

    def _lost(self, room: str) -> None:
        raise AssertionError(f"two nodes had {room}")

    async def pass_time(self, until: float) -> None:
        """Beats and renewals come at their time: those one after the other, as nodes do that were
        not started at once."""
        while (due := min(self._beat_at, self._renew_at)) <= until:
            self.now = due
            if self._beat_at <= due:
                self._beat(self._beats % len(self.nodes))
                self._beats += 1
            else:
                self._renew_at += RENEW_EVERY
                for node in self.nodes:
                    await node.keep()
        self.now = until

    @property
    def _beat_at(self) -> float:
        return self._begun + (self._beats + 1) * BEAT_EVERY / len(self.nodes)

    def _beat(self, number: int) -> None:
        node = self.nodes[number]
        role: NodeRole = "all" if node.takes_rooms else "web"
        beat = Beat(self._names[number], role, node.takes_rooms, node.rooms, 0, "")
        self._known.hear(beat, self.now)

    async def enter(self, door: int, room: str) -> int:
        """The node that has it. Raises RuntimeError where nodes send each other around."""
        at = door
        for _ in range(HOPS_MAX):
            node = await self.nodes[at].claim(room)
            if node is None:
                return at
            at = int(node.id.removeprefix("n"))
        raise RuntimeError(f"nobody has {room}")


async def place(
    rooms: Sequence[Room], nodes: int, chance: Random, *, within: float, web: int = 0
) -> Placement:
    """Everybody comes `within` so many seconds. The same for the same `chance`: Nodes.roomier
    draws its lots from it as well."""
    before = random.getstate()
    random.seed(chance.random())
    try:
        return await _place(rooms, Fleet(nodes, web), chance, within)
    finally:
        random.setstate(before)


async def _place(rooms: Sequence[Room], fleet: Fleet, chance: Random, within: float) -> Placement:
    fronts = fleet.web or len(fleet.nodes)
    visits = sorted(
        (chance.random() * within, number)
        for number, room in enumerate(rooms)
        for _ in range(room.sockets)
    )
    owners = [-1] * len(rooms)
    here, through = [0] * len(rooms), [0] * len(rooms)
    doors: list[dict[int, int]] = [{} for _ in fleet.nodes]
    begun, turn = fleet.now, count()
    for after, number in visits:
        await fleet.pass_time(begun + after)
        for _ in range(chance.randint(0, BETWEEN)):
            next(turn)
        door = next(turn) % fronts
        owner = await fleet.enter(door, rooms[number].key)
        if owners[number] not in (-1, owner):
            raise AssertionError(f"{rooms[number].key} moved")
        owners[number] = owner
        if owner == door:
            here[number] += 1
        else:
            through[number] += 1
            doors[door][number] = doors[door].get(number, 0) + 1
    return Placement(owners, here, through, doors)
