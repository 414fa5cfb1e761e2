"""A spin lock over the store: for work of several steps on what several nodes share.

Who waits asks again and again, at growing intervals and by chance, so there is no turn to lose, nor
any order. What is one operation of the store needs no lock (see README.md: votes). A lock is a
lease: who outlives it is not stopped, so what they write by its `fence` (`put_fenced`) is refused
once a successor has written.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from wagu.ephemeral.store import Hold, HoldStore
from wagu.errors import Conflict, Unavailable

log = structlog.get_logger("wagu.ephemeral.locks")

TTL = 10.0
PATIENCE = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1
"""Seconds: a round trip and a short step of somebody else's; and what a waiter may idle beyond the
release that it waits for."""


def pauses(chance: Callable[[], float]) -> Iterator[float]:
    """Twice as long each time up to LONGEST_PAUSE, of which at least half: those who were refused
    together do not come back together. `chance` is in [0, 1)."""
    longest = FIRST_PAUSE
    while True:
        yield longest * (1 + chance()) / 2
        longest = min(2 * longest, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Grip:
    """What its holder has of a lock. `fence` grows with each holder after the other."""

    fence: int
    renew: Callable[[], Awaitable[None]]
    """Hold it for its `ttl` from now. Errors: Conflict lock.lost, Unavailable store.unavailable."""


class Locks:
    def __init__(
        self,
        store: HoldStore,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._sleep = sleep
        self._chance = chance
        self._ending: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def locked(
        self, name: str, *, ttl: float = TTL, patience: float = PATIENCE
    ) -> AsyncIterator[Grip]:
        """Nobody else is inside meanwhile, for up to `ttl` seconds unless renewed. Who is still
        inside then is not told: `renew` before a step that must not come late, or write by the
        fence. Errors: Unavailable lock.busy after `patience` seconds, Unavailable
        store.unavailable."""
        key, token = f"lock/{name}", secrets.token_urlsafe(16)
        hold = await self._acquire(key, token, ttl, patience)

        async def renew() -> None:
            if not await self._store.prolong([key], token, ttl):
                raise Conflict("lock.lost", "너무 오래 걸려서 그사이 다른 곳에서 처리했어요.")

        try:
            yield Grip(hold.fence, renew)
        finally:
            await self._to_the_end(self._release(key, token))

    async def _acquire(self, key: str, token: str, ttl: float, patience: float) -> Hold:
        now = asyncio.get_running_loop().time
        deadline = now() + patience
        for pause in pauses(self._chance):
            hold = await self._ask(key, token, ttl)
            if hold.owner == token:
                return hold
            left = deadline - now()
            if left <= 0:
                break
            await self._sleep(min(pause, left))
        raise Unavailable("lock.busy", "다른 곳에서 먼저 처리하고 있어요. 곧 다시 시도해 주세요.")

    async def _ask(self, key: str, token: str, ttl: float) -> Hold:
        """A question that is under way is not taken back: the store may say yes to it."""
        asked = asyncio.ensure_future(self._store.hold(key, token, ttl))
        try:
            return await asyncio.shield(asked)
        except asyncio.CancelledError:
            await self._to_the_end(self._give_back(asked, key, token))
            raise

    async def _give_back(self, asked: asyncio.Future[Hold], key: str, token: str) -> None:
        await asyncio.wait([asked])
        if asked.exception() is not None or asked.result().owner == token:
            await self._release(key, token)

    async def _release(self, key: str, token: str) -> None:
        """What was done is done, whether or not the lock can be freed: else its time runs out."""
        try:
            if not await self._store.let_go(key, token):
                log.warning("x lock outlived: somebody else may have been inside")
        except Unavailable as wrong:
            log.warning("x lock not released: it expires", code=wrong.code)

    async def _to_the_end(self, work: Coroutine[Any, Any, None]) -> None:
        """Also where whoever waits for it is cancelled once more."""
        task = asyncio.get_running_loop().create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        await asyncio.shield(task)
