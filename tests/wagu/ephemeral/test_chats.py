"""Chats and ballots by room: what the realtime side builds on."""

from __future__ import annotations

from typing import Any

import pytest

from wagu.domain.ballot import Nomination
from wagu.domain.person import PersonId, PersonRef
from wagu.ephemeral.ballots import Ballots
from wagu.ephemeral.chats import Chats
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.store import EphemeralStore
from wagu.errors import Gone

HANEUL = PersonRef(PersonId("g_7Qx"), "하늘")
JIMIN = PersonRef(PersonId("m_12"), "지민")


async def test_a_line_comes_back_as_it_was_said(store: EphemeralStore) -> None:
    chats = Chats(store)
    line, fresh = await chats.say("map/a", HANEUL, "여기 어때? 😀", "k3f9", 1_795_000_000.25)
    assert (line.number, line.author, line.text) == (1, HANEUL, "여기 어때? 😀")
    assert fresh
    assert await chats.recent("map/a") == [line]
    assert await chats.recent("map/b") == []


async def test_a_resend_is_one_line(store: EphemeralStore) -> None:
    chats = Chats(store)
    first, _ = await chats.say("map/a", HANEUL, "처음", "k", 1.0)
    again, fresh = await chats.say("map/a", HANEUL, "다시", "k", 2.0)
    assert (again, fresh) == (first, False)


async def test_what_was_deleted_is_not_said_again(store: EphemeralStore) -> None:
    chats = Chats(store)
    line, _ = await chats.say("map/a", HANEUL, "아차", "k", 1.0)
    kept, _ = await chats.say("map/a", HANEUL, "괜찮은 말", "l", 2.0)
    assert await chats.erase("map/a", line.number)
    assert not await chats.erase("map/a", line.number)
    assert await chats.recent("map/a") == [kept]
    with pytest.raises(Gone, match=r"chat\.deleted"):
        await chats.say("map/a", HANEUL, "아차", "k", 3.0)


async def test_two_people_may_use_one_nonce(store: EphemeralStore) -> None:
    chats = Chats(store)
    await chats.say("map/a", HANEUL, "하늘", "k", 1.0)
    await chats.say("map/a", JIMIN, "지민", "k", 1.0)
    assert [line.text for line in await chats.recent("map/a")] == ["하늘", "지민"]


async def test_the_newest_200_are_kept(store: EphemeralStore) -> None:
    chats = Chats(store)
    for number in range(203):
        await chats.say("map/a", HANEUL, str(number), str(number), 1.0)
    recent = await chats.recent("map/a")
    assert [line.number for line in recent] == list(range(4, 204))


async def test_a_touched_room_keeps_chat_and_ballot(clock: Any) -> None:
    store = MemoryStore(clock)
    chats, ballots = Chats(store), Ballots(store)
    await chats.say("map/a", HANEUL, "하나", "k", 1.0)
    await ballots.nominate("map/a", Nomination("가", (37.5, 127.0), HANEUL.id))
    for _ in range(5):
        clock.now += 3600
        await chats.touch("map/a")
        await ballots.touch("map/a")
    assert len(await chats.recent("map/a")) == 1
    assert len((await ballots.view("map/a")).nominees) == 1
    clock.now += 7200
    assert await chats.recent("map/a") == []
    assert (await ballots.view("map/a")).nominees == ()


async def test_a_forgotten_room_leaves_nothing(clock: Any) -> None:
    store = MemoryStore(clock)
    chats, ballots = Chats(store), Ballots(store)
    await chats.say("map/a", HANEUL, "하나", "k", 1.0)
    await ballots.nominate("map/a", Nomination("가", (37.5, 127.0), HANEUL.id))
    await chats.forget("map/a")
    await ballots.forget("map/a")
    assert store._entries == {}
