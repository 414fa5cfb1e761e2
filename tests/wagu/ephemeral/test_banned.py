"""Bans by room, over every store: by person, and by network whom nobody knew before."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wagu.domain.ban import BANS_MAX, Ban
from wagu.domain.person import MemberId, Person, PersonId, PersonRef
from wagu.ephemeral.banned import BanList, Visitor
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.sessions import Sessions
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import Conflict, Forbidden

ROOM = "map/a"
NOW = 1_795_000_000.0
HANEUL = PersonRef(PersonId("g_7Qx"), "하늘")
JIMIN = Person(PersonId("m_12"), "member", "지민", MemberId(12))


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


class Place:
    """A ban list, and guests who come at the time of its clock."""

    def __init__(self, store: EphemeralStore) -> None:
        self.clock = Clock()
        self.sessions = Sessions(store, self.clock)
        self.bans = BanList(store, self.sessions)

    async def guest(self, name: str, network: str | None) -> Visitor:
        person = Person(PersonId(f"g_{name}"), "guest", name)
        return Visitor(person, network, await self.sessions.start(person))

    async def verdict(self, visitor: Visitor, room: str = ROOM) -> str:
        try:
            await self.bans.check(room, visitor)
        except Forbidden as refused:
            return refused.code
        return "welcome"


@pytest.fixture
def place(store: EphemeralStore) -> Place:
    return Place(store)


async def test_nobody_is_banned_from_the_start(place: Place) -> None:
    assert await place.bans.all(ROOM) == ()
    assert await place.verdict(await place.guest("하늘", "10.0.0.1")) == "welcome"


async def test_a_ban_is_for_one_person_in_one_room(place: Place) -> None:
    ban = Ban(HANEUL, NOW)
    assert await place.bans.add(ROOM, ban) == (ban,)
    assert await place.bans.all(ROOM) == (ban,)
    haneul = Visitor(Person(HANEUL.id, "guest", "다른 이름"))
    assert await place.verdict(haneul) == "room.banned"
    assert await place.verdict(haneul, "map/b") == "welcome"
    assert await place.verdict(Visitor(JIMIN)) == "welcome"


async def test_a_lifted_ban_is_none(place: Place) -> None:
    haneul = await place.guest("7Qx", "10.0.0.1")
    await place.bans.add(ROOM, Ban(HANEUL, NOW, ("10.0.0.1",)))
    assert await place.bans.lift(ROOM, HANEUL.id) == ()
    assert await place.bans.lift(ROOM, HANEUL.id) == ()
    assert await place.verdict(haneul) == "welcome"
    place.clock.now += 5
    assert await place.verdict(await place.guest("new", "10.0.0.1")) == "welcome"


async def test_a_new_guest_from_there_may_be_the_same_one(place: Place) -> None:
    neighbour = await place.guest("neighbour", "10.0.0.1")
    place.clock.now += 5
    await place.bans.add(ROOM, Ban(HANEUL, place.clock.now, ("10.0.0.1", "10.0.0.2")))
    place.clock.now += 5
    assert await place.verdict(neighbour) == "welcome"
    for network, verdict in (
        ("10.0.0.1", "room.network_banned"),
        ("10.0.0.2", "room.network_banned"),
        ("10.0.0.3", "welcome"),
        (None, "welcome"),
    ):
        assert await place.verdict(await place.guest(f"new{network}", network)) == verdict
        nobody = Visitor(Person(PersonId("v_1"), "viewer", ""), network)
        assert await place.verdict(nobody) == verdict
    assert await place.verdict(Visitor(JIMIN, "10.0.0.1")) == "welcome"


async def test_a_second_ban_adds_networks_and_keeps_the_moment(place: Place) -> None:
    await place.bans.add(ROOM, Ban(HANEUL, NOW, ("10.0.0.1",)))
    (ban,) = await place.bans.add(ROOM, Ban(HANEUL, NOW + 60, ("10.0.0.2",)))
    assert (ban.at, set(ban.networks)) == (NOW, {"10.0.0.1", "10.0.0.2"})


async def test_bans_at_once_all_count(place: Place) -> None:
    people = [PersonRef(PersonId(f"g_{number}"), "x") for number in range(8)]
    await asyncio.gather(*(place.bans.add(ROOM, Ban(each, NOW)) for each in people))
    assert {each.person for each in await place.bans.all(ROOM)} == set(people)


async def test_a_room_has_so_many_bans(clock: Any) -> None:
    bans = Place(MemoryStore(clock)).bans
    for number in range(BANS_MAX):
        await bans.add(ROOM, Ban(PersonRef(PersonId(f"g_{number}"), "x"), NOW))
    with pytest.raises(Conflict, match="bans_full"):
        await bans.add(ROOM, Ban(HANEUL, NOW))
    await bans.add(ROOM, Ban(PersonRef(PersonId("g_0"), "x"), NOW))


async def test_bans_live_with_their_room(clock: Any) -> None:
    store = MemoryStore(clock)
    bans = BanList(store, Sessions(store, clock))
    await bans.add(ROOM, Ban(HANEUL, NOW))
    for _ in range(5):
        clock.now += 3600
        await bans.touch(ROOM)
    assert len(await bans.all(ROOM)) == 1
    clock.now += 7200
    assert await bans.all(ROOM) == ()
    await bans.add(ROOM, Ban(HANEUL, NOW))
    await bans.forget(ROOM)
    assert await bans.all(ROOM) == ()
