"""The three stores that the contract suite runs over, and a way to let time pass in each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from wagu.ephemeral.journal import Journal
from wagu.ephemeral.memory import MemoryStore
from wagu.ephemeral.redis import RedisStore
from wagu.ephemeral.store import EphemeralStore

KINDS = ("memory", "reopened", "redis")


class ManualClock:
    def __init__(self, now: float = 1_795_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Reopened:
    """A memory store that is closed and replayed from its journal before every operation."""

    def __init__(self, path: Path, clock: ManualClock) -> None:
        self._path = path
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*args: Any, **kwargs: Any) -> Any:
            store = MemoryStore(self._clock, Journal(self._path))
            async with self._one_at_a_time:
                await store.start()
                try:
                    return await getattr(store, name)(*args, **kwargs)
                finally:
                    await store.close()

        return call


class Subject(Protocol):
    store: EphemeralStore

    async def let_pass(self, ttl: float) -> None:
        """Return when whatever was written with this `ttl` until now has expired."""


class WithClock:
    def __init__(self, store: Any, clock: ManualClock) -> None:
        self.store: EphemeralStore = store
        self.clock = clock

    async def let_pass(self, ttl: float) -> None:
        self.clock.now += ttl


class WithRealTime:
    def __init__(self, store: EphemeralStore) -> None:
        self.store = store

    async def let_pass(self, ttl: float) -> None:
        """A key written last expires last."""
        await self.store.put("sentinel", "x", ttl)
        async with asyncio.timeout(10 + ttl):
            while True:
                if await self.store.get("sentinel") is None:
                    return
                await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(kind: str, folder: Path, redis_url: Callable[[], str]) -> AsyncIterator[Subject]:
    clock = ManualClock()
    if kind == "memory":
        memory = MemoryStore(clock)
        await memory.start()
        yield WithClock(memory, clock)
        await memory.close()
    elif kind == "reopened":
        yield WithClock(Reopened(folder / "journal", clock), clock)
    else:
        redis = RedisStore(redis_url())
        await redis.start()
        yield WithRealTime(redis)
        await redis.close()


@pytest.fixture(params=KINDS)
async def subject(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Subject]:
    async with opened(
        request.param, tmp_path, lambda: request.getfixturevalue("redis_url")
    ) as subject:
        yield subject


@pytest.fixture
def store(subject: Subject) -> EphemeralStore:
    return subject.store


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()
