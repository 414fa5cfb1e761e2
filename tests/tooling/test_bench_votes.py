"""What `scripts/bench votes` counts: a vote that was answered and is not there is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from benches.voting import AsInTheOriginal, ByLock, ByScript, Crowd
from wagu.domain.ballot import NomineeId
from wagu.domain.person import PersonId


@pytest.mark.parametrize("way", [ByScript, ByLock])
async def test_ours_loses_nothing(redis_url: str, way: Any) -> None:
    ours = way(redis_url)
    await ours.open()
    crowd = Crowd(ours.vote, 5)
    await crowd.run(0.3)
    assert await ours.counted() == crowd.answered > 0
    assert len(crowd.millis) == crowd.answered
    await ours.close()


async def test_a_vote_of_the_original_that_is_written_over_is_missed(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One who votes and one who takes it back both read before either writes: nothing stops them,
    as their locks are two."""
    original = AsInTheOriginal(redis_url)
    await original.open()
    read, both = original._read, asyncio.Barrier(2)

    async def read_together() -> dict[str, dict[str, int]]:
        places = await read()
        await both.wait()
        return places

    monkeypatch.setattr(original, "_read", read_together)
    votes = [original.vote(PersonId("g_a"), NomineeId("n-1"), on) for on in (True, False)]
    await asyncio.gather(*votes)
    monkeypatch.undo()
    assert await original.counted() == 1

    votes = [original.vote(PersonId(f"g_{n}"), NomineeId("n-1"), True) for n in range(10)]
    await asyncio.gather(*votes)
    assert await original.counted() == 11, "one lock is enough for those who share it"
    await original.close()
