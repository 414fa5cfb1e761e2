"""Who is on a live's stage, over every store."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wagu.domain.person import PersonId, PersonRef
from wagu.domain.stage import GUESTS_MAX, Guest
from wagu.ephemeral.guest_list import GuestList
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import Conflict, Forbidden

ROOM = "live/a"
HANEUL, MINSU = PersonRef(PersonId("g_7Qx"), "하늘"), PersonRef(PersonId("m_13"), "민수")


async def may_send(guests: GuestList, person: PersonRef) -> bool:
    try:
        await guests.check(ROOM, person.id)
    except Forbidden:
        return False
    return True


async def test_whoever_accepted_may_send(store: EphemeralStore) -> None:
    guests = GuestList(store)
    assert await guests.all(ROOM) == ()
    assert await guests.invite(ROOM, HANEUL) == (Guest(HANEUL),)
    assert await guests.invite(ROOM, HANEUL) == (Guest(HANEUL),)
    assert not await may_send(guests, HANEUL)
    for _ in range(2):
        assert await guests.accept(ROOM, HANEUL.id) == (Guest(HANEUL, accepted=True),)
    assert await may_send(guests, HANEUL)
    assert not await may_send(guests, MINSU)
    assert await guests.invite(ROOM, HANEUL) == (Guest(HANEUL, accepted=True),)
    for _ in range(2):
        assert await guests.remove(ROOM, HANEUL.id) == ()
    assert not await may_send(guests, HANEUL)


async def test_nobody_accepts_without_an_invitation(store: EphemeralStore) -> None:
    guests = GuestList(store)
    await guests.invite(ROOM, MINSU)
    with pytest.raises(Forbidden, match=r"stage\.not_invited"):
        await guests.accept(ROOM, HANEUL.id)


async def test_the_stage_is_full_also_for_those_who_come_at_once(store: EphemeralStore) -> None:
    guests = GuestList(store)
    people = [PersonRef(PersonId(f"g_{number}"), "x") for number in range(GUESTS_MAX + 2)]
    answers = await asyncio.gather(
        *(guests.invite(ROOM, each) for each in people), return_exceptions=True
    )
    refused = [each for each in answers if isinstance(each, Conflict)]
    assert [each.code for each in refused] == ["stage.full"] * 2
    assert len(await guests.all(ROOM)) == GUESTS_MAX


async def test_a_list_lives_with_its_room(clock: Any) -> None:
    guests = GuestList(MemoryStore(clock))
    await guests.invite(ROOM, HANEUL)
    clock.now += 3600
    await guests.touch(ROOM)
    clock.now += 3600
    assert len(await guests.all(ROOM)) == 1
    await guests.forget(ROOM)
    assert await guests.all(ROOM) == ()
