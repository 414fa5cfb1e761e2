"""Restorations: a token opens one closed account, once, for ten minutes."""

from __future__ import annotations

import asyncio
from typing import Any

from wagu.domain.person import MemberId
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.restorations import TTL, Restorations
from wagu.ephemeral.store import EphemeralStore


async def test_a_token_opens_one_account_once(store: EphemeralStore) -> None:
    restorations = Restorations(store)
    token = await restorations.issue(MemberId(7))
    taken = await asyncio.gather(*(restorations.take(token) for _ in range(4)))
    assert sorted(one or 0 for one in taken) == [0, 0, 0, 7]
    assert await restorations.take(token) is None
    assert await restorations.take("guess") is None


async def test_a_token_is_for_ten_minutes(clock: Any) -> None:
    restorations = Restorations(MemoryStore(clock))
    token = await restorations.issue(MemberId(7))
    clock.now += TTL
    assert await restorations.take(token) is None
