"""What every store promises of holds and fenced values; test_store_contract.py has the rest."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import Any

import pytest

from tests.wagu.ephemeral.conftest import ManualClock
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.operations import WrongKind
from wagu.ephemeral.store import FENCE_KEPT, EphemeralStore, Hold

LONG = 600.0
SHORT = 0.2


async def test_a_key_has_one_owner(store: EphemeralStore) -> None:
    assert await store.held("k") is None
    mine = await store.hold("k", "나", LONG)
    assert mine.owner == "나"
    assert await store.hold("k", "너", LONG) == mine
    assert await store.held("k") == mine


async def test_holding_again_moves_the_expiry_and_keeps_the_fence(subject: Any) -> None:
    mine = await subject.store.hold("k", "a", 1.0)
    assert await subject.store.hold("k", "a", LONG) == mine
    await subject.let_pass(1.0)
    assert await subject.store.held("k") == mine


async def test_asking_moves_nothing_of_somebody_elses(subject: Any) -> None:
    await subject.store.hold("k", "a", SHORT)
    await subject.store.hold("k", "b", LONG)
    await subject.let_pass(SHORT)
    assert await subject.store.held("k") is None


async def test_a_hold_is_over_when_it_expires_and_cannot_be_prolonged(subject: Any) -> None:
    before = await subject.store.hold("k", "a", SHORT)
    await subject.let_pass(SHORT)
    assert await subject.store.held("k") is None
    assert await subject.store.prolong(["k"], "a", LONG) == frozenset()
    assert not await subject.store.let_go("k", "a")
    after = await subject.store.hold("k", "b", LONG)
    assert after == Hold("b", after.fence)
    assert after.fence > before.fence


async def test_prolonging_moves_the_expiry(subject: Any) -> None:
    mine = await subject.store.hold("k", "a", 1.0)
    assert await subject.store.prolong(["k", "unknown"], "a", LONG) == {"k"}
    await subject.let_pass(1.0)
    assert await subject.store.held("k") == mine
    assert await subject.store.held("unknown") is None


async def test_only_its_owner_lets_go(store: EphemeralStore) -> None:
    mine = await store.hold("k", "a", LONG)
    assert not await store.let_go("k", "b")
    assert await store.prolong(["k"], "b", LONG) == frozenset()
    assert await store.held("k") == mine
    assert await store.let_go("k", "a")
    assert not await store.let_go("k", "a")
    assert await store.held("k") is None


async def test_fences_grow_however_fast_it_goes(store: EphemeralStore) -> None:
    fences = []
    for number in range(20):
        fences.append((await store.hold("k", str(number), LONG)).fence)
        await store.let_go("k", str(number))
    assert all(later > earlier for earlier, later in pairwise(fences))


async def test_a_fence_grows_past_what_the_store_has_forgotten(subject: Any) -> None:
    """As a Redis that persists nothing does when it restarts."""
    before = await subject.store.hold("k", "a", LONG)
    await subject.store.delete("k")
    await subject.let_pass(0.002)  # fences are milliseconds
    assert (await subject.store.hold("k", "b", LONG)).fence > before.fence


async def test_a_fence_survives_a_clock_that_is_set_back() -> None:
    clock = ManualClock()
    store = MemoryStore(clock)
    before = await store.hold("k", "a", 5)
    clock.now += 5
    store.sweep()
    clock.now -= FENCE_KEPT
    await store.let_go("k", "a")
    after = await store.hold("k", "b", 5)
    assert after.fence > before.fence


async def test_of_many_at_once_one_holds(store: EphemeralStore) -> None:
    told = await asyncio.gather(*(store.hold("k", str(number), LONG) for number in range(20)))
    assert len(set(told)) == 1


async def test_who_writes_by_an_old_fence_is_refused(store: EphemeralStore) -> None:
    assert await store.get_fenced("v") is None
    assert await store.put_fenced("v", "하나", 7, LONG)
    assert await store.put_fenced("v", "둘", 7, LONG)
    assert await store.put_fenced("v", "셋", 9, LONG)
    assert not await store.put_fenced("v", "늦은 말", 8, LONG)
    assert await store.get_fenced("v") == "셋"
    await store.delete("v")
    assert await store.get_fenced("v") is None


async def test_fences_of_today_are_compared_whole(store: EphemeralStore) -> None:
    """Milliseconds since the epoch: neighbours among large numbers."""
    fence = int(time.time() * 1000)
    assert await store.put_fenced("v", "1", fence + 1, LONG)
    assert not await store.put_fenced("v", "2", fence, LONG)
    assert await store.get_fenced("v") == "1"


async def test_a_fenced_value_expires(subject: Any) -> None:
    assert await subject.store.put_fenced("v", "1", 7, SHORT)
    assert not await subject.store.put_fenced("v", "2", 6, LONG)  # and moves nothing
    await subject.let_pass(SHORT)
    assert await subject.store.get_fenced("v") is None


async def test_keys_of_holds_are_no_values() -> None:
    store = MemoryStore(lambda: 1.0)
    await store.hold("k", "a", LONG)
    await store.put("v", "1", LONG)
    for attempt in (store.get("k"), store.get_fenced("k"), store.held("v"), store.get_fenced("v")):
        with pytest.raises(WrongKind):
            await attempt
