"""Allowances: so many uses a day, counted from the first one."""

from __future__ import annotations

import asyncio
from typing import Any

from wagu.domain.person import MemberId
from wagu.ephemeral.allowances import DAY, Allowances
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.store import EphemeralStore

JIMIN, MINSU = MemberId(12), MemberId(13)


async def test_so_many_and_no_more(store: EphemeralStore) -> None:
    drafts = Allowances(store, "drafts", 2)
    assert [await drafts.take(JIMIN) for _ in range(2)] == [None, None]
    left = await drafts.take(JIMIN)
    assert left is not None
    assert DAY - 60 < left <= DAY
    assert await drafts.take(MINSU) is None
    assert await Allowances(store, "other", 2).take(JIMIN) is None


async def test_all_at_once_get_no_more(store: EphemeralStore) -> None:
    drafts = Allowances(store, "drafts", 3)
    answers = await asyncio.gather(*(drafts.take(JIMIN) for _ in range(12)))
    assert answers.count(None) == 3


async def test_what_came_to_nothing_is_given_back(store: EphemeralStore) -> None:
    drafts = Allowances(store, "drafts", 1)
    assert await drafts.take(JIMIN) is None
    await drafts.give_back(JIMIN)
    assert await drafts.take(JIMIN) is None
    assert await drafts.take(JIMIN) is not None


async def test_a_refusal_does_not_count(store: EphemeralStore) -> None:
    drafts = Allowances(store, "drafts", 1)
    for _ in range(3):
        await drafts.take(JIMIN)
    await drafts.give_back(JIMIN)
    assert await drafts.take(JIMIN) is None


async def test_nothing_is_given_back_twice(store: EphemeralStore) -> None:
    """A day that was over when its last use came back does not begin with one more."""
    drafts = Allowances(store, "drafts", 1)
    await drafts.give_back(JIMIN)
    assert await drafts.take(JIMIN) is None
    assert await drafts.take(JIMIN) is not None


async def test_the_day_begins_with_the_first_use(clock: Any) -> None:
    drafts = Allowances(MemoryStore(clock), "drafts", 2)
    await drafts.take(JIMIN)
    clock.now += DAY - 10
    await drafts.take(JIMIN)
    assert await drafts.take(JIMIN) == 10
    clock.now += 10
    assert await drafts.take(JIMIN) is None
