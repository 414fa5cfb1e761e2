"""Over real leases in the memory store, with a clock in the hand."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from wagu.cluster.node import Beat, Node, NodeId
from wagu.cluster.nodes import Nodes
from wagu.cluster.ownership import LINGER, Alone, SharedOwnership
from wagu.ephemeral import open_store
from wagu.ephemeral.leases import TTL, Leases
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import Unavailable

ROOM, OTHER = "map/a", "live/b"


class World:
    """Some nodes over one store. Time passes for the store and for all of them."""

    def __init__(self, folder: Path) -> None:
        self.now = 1000.0
        self.store: EphemeralStore = open_store(None, folder, lambda: self.now)
        self.used: set[tuple[str, str]] = set()
        self.lost: list[tuple[str, str]] = []

    def node(
        self, name: str, *, takes_rooms: bool = True, url: str | None = None
    ) -> SharedOwnership:
        me = Node(NodeId(name), url or f"http://{name}:8080")
        others = Nodes(me.id, lambda _node: None)
        for each in ("a", "b"):
            node = Node(NodeId(each), f"http://{each}:8080")
            others.hear(Beat(node, "all", True, 0, 0, "1"), 0.0)
        return SharedOwnership(
            me,
            partial(Leases, self.store),
            others,
            takes_rooms=takes_rooms,
            is_used=lambda room: (name, room) in self.used,
            lost=lambda room: self.lost.append((name, room)),
            monotonic=lambda: self.now,
        )


@pytest.fixture
async def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    await made.store.start()
    return made


def name(node: Node | None) -> str | None:
    return None if node is None else node.id


async def test_the_first_to_claim_a_room_has_it(world: World) -> None:
    a, b = world.node("a"), world.node("b")
    assert await b.find(ROOM) is None
    assert await a.claim(ROOM) is None
    assert name(await b.claim(ROOM)) == "a"
    assert name(await b.find(ROOM)) == "a"
    assert await a.find(ROOM) is None
    assert (a.holds(ROOM), b.holds(ROOM)) == (True, False)
    assert await b.claim(OTHER) is None


async def test_a_room_in_use_is_kept_and_one_without_is_given_back(world: World) -> None:
    a, b = world.node("a"), world.node("b")
    for room in (ROOM, OTHER):
        await a.claim(room)
    world.used.add(("a", ROOM))
    for _ in range(int(LINGER / 2) + 1):
        world.now += 2.0
        await a.keep()
    assert name(await b.claim(ROOM)) == "a"
    assert await b.claim(OTHER) is None
    assert not a.holds(OTHER)


async def test_who_does_not_renew_loses_the_room_and_is_told(world: World) -> None:
    a, b = world.node("a"), world.node("b")
    await a.claim(ROOM)
    world.used.add(("a", ROOM))
    world.now += TTL + 0.1
    assert await b.claim(ROOM) is None
    await a.keep()
    assert world.lost == [("a", ROOM)]
    assert not a.holds(ROOM)


async def test_a_lease_that_nobody_took_is_taken_again(world: World) -> None:
    a, b = world.node("a"), world.node("b")
    await a.claim(ROOM)
    world.used.add(("a", ROOM))
    world.now += TTL + 0.1
    await a.keep()
    assert world.lost == []
    assert name(await b.claim(ROOM)) == "a"


async def test_who_is_in_a_room_that_is_not_held_is_not_forgotten(world: World) -> None:
    """It was lost between the claim and the door."""
    a, b = world.node("a"), world.node("b")
    a._used = lambda: [ROOM, OTHER]
    await b.claim(OTHER)
    await a.keep()
    assert world.lost == [("a", OTHER)]
    assert name(await b.claim(ROOM)) == "a"


async def test_a_node_that_lives_is_no_former_self_whatever_its_address(world: World) -> None:
    url = "http://127.0.0.1:8080"
    a, c = world.node("a", url=url), world.node("c", url=url)
    await a.claim(ROOM)
    assert name(await c.claim(ROOM)) == "a", "it is heard of, so it lives"


async def test_whoever_has_the_address_of_a_former_node_has_its_rooms(world: World) -> None:
    url = "http://10.0.0.1:8080"
    before, after, b = world.node("old", url=url), world.node("new", url=url), world.node("b")
    await before.claim(ROOM)
    assert await after.find(ROOM) is None
    assert await after.claim(ROOM) is None
    assert name(await b.claim(ROOM)) == "new"


async def test_a_node_that_takes_no_rooms_knows_one_that_does(world: World) -> None:
    web, a = world.node("web", takes_rooms=False), world.node("a")
    assert name(await web.claim(ROOM)) in ("a", "b")
    assert await a.claim(ROOM) is None
    assert name(await web.claim(ROOM)) == "a"


async def test_a_node_that_leaves_gives_all_away_and_takes_no_more(world: World) -> None:
    a, b = world.node("a"), world.node("b")
    await a.claim(ROOM)
    await a.give_away()
    assert await b.claim(ROOM) is None
    assert name(await a.claim(ROOM)) == "b"
    assert name(await a.claim(OTHER)) in ("a", "b"), "somebody who takes rooms"


async def test_nowhere_to_go_is_an_error(world: World) -> None:
    me = Node(NodeId("web"), "http://web:8080")
    alone = SharedOwnership(
        me,
        partial(Leases, world.store),
        Nodes(me.id, lambda _node: None),
        takes_rooms=False,
        is_used=lambda _room: False,
        lost=lambda _room: None,
        monotonic=lambda: world.now,
    )
    with pytest.raises(Unavailable) as refused:
        await alone.claim(ROOM)
    assert refused.value.code == "room.nowhere"


async def test_who_is_alone_has_every_room_and_holds_none() -> None:
    alone = Alone()
    assert await alone.claim(ROOM) is None
    assert await alone.find(ROOM) is None
    assert not alone.holds(ROOM)
