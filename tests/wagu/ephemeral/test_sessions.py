"""Sessions: a token stands for a person until it ends."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from wagu.domain.person import MemberId, Person, PersonId
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.sessions import SESSIONS_MAX, Sessions
from wagu.ephemeral.store import EphemeralStore

DAY = 86_400.0
JIMIN = Person(PersonId("m_12"), "member", "지민", MemberId(12), admin=True)
SEOYEON = Person(PersonId("m_13"), "member", "서연", MemberId(13))
HANEUL = Person(PersonId("g_7Qx"), "guest", "하늘")


@pytest.fixture
def memory(clock: Any) -> MemoryStore:
    return MemoryStore(clock)


@pytest.fixture
def sessions(memory: MemoryStore, clock: Any) -> Sessions:
    return Sessions(memory, clock)


@pytest.mark.parametrize("person", [JIMIN, HANEUL])
async def test_a_token_stands_for_its_person(store: EphemeralStore, person: Person) -> None:
    sessions = Sessions(store, lambda: 1.0)
    token = await sessions.start(person)
    assert await sessions.resolve(token) == person


async def test_other_tokens_stand_for_nobody(sessions: Sessions) -> None:
    token = await sessions.start(JIMIN)
    for other in ("", "x", token[:-1], token.lower(), "\x00", "하늘", "\udcff", "x" * 129):
        assert await sessions.resolve(other) is None


async def test_tokens_are_long_and_never_alike(sessions: Sessions) -> None:
    tokens = {await sessions.start(JIMIN) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) == 43 for token in tokens)


async def test_the_store_never_sees_a_token(sessions: Sessions) -> None:
    class Spy:
        def __init__(self) -> None:
            self.seen: list[Any] = []

        def __getattr__(self, name: str) -> Any:
            async def call(*args: Any) -> bool | None:
                self.seen.extend(args)
                return name == "swap" or None

            return call

    spy: Any = Spy()
    token = await Sessions(spy, lambda: 1.0).start(JIMIN)
    assert spy.seen
    assert not any(token in str(each) for each in spy.seen)


async def test_an_ended_session_is_over(sessions: Sessions) -> None:
    token = await sessions.start(JIMIN)
    await sessions.end(token)
    await sessions.end(token)
    assert await sessions.resolve(token) is None


async def test_a_session_in_use_lives_on(sessions: Sessions, clock: Any) -> None:
    token = await sessions.start(JIMIN)
    for _ in range(10):
        clock.now += 20 * DAY
        assert await sessions.resolve(token) == JIMIN


async def test_an_unused_session_expires(sessions: Sessions, clock: Any) -> None:
    token = await sessions.start(JIMIN)
    clock.now += 31 * DAY
    assert await sessions.resolve(token) is None


async def test_a_short_session_slides_by_its_own_ttl(sessions: Sessions, clock: Any) -> None:
    token = await sessions.start(HANEUL, ttl=100)
    clock.now += 60
    assert await sessions.resolve(token) == HANEUL
    clock.now += 60
    assert await sessions.resolve(token) == HANEUL
    clock.now += 101
    assert await sessions.resolve(token) is None


async def test_use_is_written_once_a_day(memory: MemoryStore, clock: Any) -> None:
    sessions = Sessions(memory, clock)
    token = await sessions.start(JIMIN)
    before = dict(memory._entries)
    clock.now += DAY - 1
    await sessions.resolve(token)
    assert memory._entries == before
    clock.now += 1
    await sessions.resolve(token)
    assert memory._entries != before


async def test_a_guest_renames(sessions: Sessions) -> None:
    token = await sessions.start(HANEUL)
    renamed = Person(HANEUL.id, "guest", "하늘이")
    await sessions.replace(token, renamed)
    assert await sessions.resolve(token) == renamed


async def test_replacing_brings_no_session_to_life(sessions: Sessions) -> None:
    token = await sessions.start(HANEUL)
    await sessions.end(token)
    await sessions.replace(token, JIMIN)
    assert await sessions.resolve(token) is None


async def test_sliding_does_not_revive_a_session_that_ends_meanwhile(clock: Any) -> None:
    class EndsWhileRead(MemoryStore):
        async def get(self, key: str) -> str | None:
            found = await super().get(key)
            await self.delete(key)
            return found

    store = EndsWhileRead(clock)
    sessions = Sessions(store, clock)
    token = await sessions.start(JIMIN)
    clock.now += 2 * DAY
    await sessions.resolve(token)
    assert await sessions.resolve(token) is None


async def test_all_sessions_of_a_member_but_one_end(store: EphemeralStore) -> None:
    sessions = Sessions(store, lambda: 1_795_000_000.0)
    mine, phone, tablet = [await sessions.start(JIMIN) for _ in range(3)]
    other = await sessions.start(SEOYEON)
    await sessions.end_others(JIMIN, keep=mine)
    assert [await sessions.resolve(one) for one in (mine, phone, tablet, other)] == [
        JIMIN,
        None,
        None,
        SEOYEON,
    ]
    await sessions.end_others(JIMIN, keep=None)
    assert await sessions.resolve(mine) is None


async def test_everybody_who_logs_in_at_once_is_listed(store: EphemeralStore) -> None:
    sessions = Sessions(store, lambda: 1_795_000_000.0)
    tokens = await asyncio.gather(*(sessions.start(JIMIN) for _ in range(8)))
    await sessions.end_others(JIMIN, keep=tokens[3])
    alive = [await sessions.resolve(one) is not None for one in tokens]
    assert alive == [False] * 3 + [True] + [False] * 4


async def test_a_rename_reaches_all_sessions_of_a_member(store: EphemeralStore) -> None:
    sessions = Sessions(store, lambda: 1_795_000_000.0)
    tokens = [await sessions.start(JIMIN) for _ in range(2)]
    renamed = replace(JIMIN, name="지민이")
    await sessions.update(renamed)
    assert [await sessions.resolve(one) for one in tokens] == [renamed, renamed]


async def test_a_session_that_lives_on_stays_listed(sessions: Sessions, clock: Any) -> None:
    old = await sessions.start(JIMIN)
    for _ in range(4):
        clock.now += 20 * DAY
        assert await sessions.resolve(old) == JIMIN
    new = await sessions.start(JIMIN)
    await sessions.end_others(JIMIN, keep=new)
    assert await sessions.resolve(old) is None


async def test_sessions_from_before_the_list_are_listed_by_use(
    memory: MemoryStore, sessions: Sessions, clock: Any
) -> None:
    token = await sessions.start(JIMIN)
    await memory.delete(f"sessions-of/{JIMIN.id}")
    clock.now += DAY
    await sessions.resolve(token)
    await sessions.end_others(JIMIN, keep=None)
    assert await sessions.resolve(token) is None


async def test_a_session_that_begins_while_the_others_end_is_one_of_them(clock: Any) -> None:
    class EndsWhileStarting(MemoryStore):
        async def put(self, key: str, value: str, ttl: float) -> None:
            await sessions.end_others(JIMIN, keep=None)
            await super().put(key, value, ttl)

    store = EndsWhileStarting(clock)
    sessions = Sessions(store, clock)
    assert await sessions.resolve(await sessions.start(JIMIN)) is None


async def test_of_too_many_sessions_the_least_used_ends(sessions: Sessions, clock: Any) -> None:
    phone, idle = await sessions.start(JIMIN), await sessions.start(JIMIN)
    clock.now += 2 * DAY
    await sessions.resolve(phone)
    for _ in range(SESSIONS_MAX - 1):
        await sessions.start(JIMIN)
    assert await sessions.resolve(phone) == JIMIN
    assert await sessions.resolve(idle) is None


async def test_who_logs_out_makes_room(sessions: Sessions) -> None:
    phone = await sessions.start(JIMIN)
    for _ in range(SESSIONS_MAX + 5):
        await sessions.end(await sessions.start(JIMIN))
    assert await sessions.resolve(phone) == JIMIN


async def test_a_session_knows_when_its_person_signed_in(sessions: Sessions, clock: Any) -> None:
    token, begun = await sessions.start(JIMIN), clock.now
    clock.now += 3 * DAY
    await sessions.resolve(token)
    await sessions.replace(token, JIMIN)
    assert await sessions.started_at(token) == begun
    await sessions.end(token)
    assert await sessions.started_at(token) is None


async def test_a_guest_who_was_in_no_room_is_forgotten_within_the_hour(
    sessions: Sessions, clock: Any
) -> None:
    token = await sessions.start(HANEUL)
    clock.now += 3599
    assert await sessions.resolve(token) == HANEUL  # use slides it, by an hour
    clock.now += 3599
    assert await sessions.resolve(token) == HANEUL
    clock.now += 3600
    assert await sessions.resolve(token) is None


async def test_a_guest_who_was_in_a_room_is_kept_for_30_days(
    sessions: Sessions, clock: Any
) -> None:
    token = await sessions.start(HANEUL)
    await sessions.keep(token)
    clock.now += 30 * DAY - 1
    assert await sessions.resolve(token) == HANEUL
    await sessions.keep(token)
    clock.now += 30 * DAY - 1
    assert await sessions.resolve(token) == HANEUL


async def test_keeping_revives_nothing(sessions: Sessions, clock: Any) -> None:
    token, other = await sessions.start(HANEUL), await sessions.start(HANEUL)
    clock.now += 3600
    await sessions.keep(token)
    await sessions.end(other)
    await sessions.keep(other)
    assert await sessions.resolve(token) is await sessions.resolve(other) is None


async def test_a_renamed_guest_keeps_the_time(sessions: Sessions, clock: Any) -> None:
    token = await sessions.start(HANEUL)
    await sessions.keep(token)
    await sessions.replace(token, replace(HANEUL, name="바다"))
    clock.now += 30 * DAY - 1
    assert await sessions.resolve(token) == replace(HANEUL, name="바다")
