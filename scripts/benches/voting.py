"""Three ways to vote on the same Redis, and many people who do it at once.

Everybody votes for something and takes it back, again and again, each time as soon as the last
answer came: every answered vote is a change, so what was lost is what the ballot did not count.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import uvloop
from redis.asyncio import Redis

from benches.cost import Spent
from wagu.domain.ballot import NOMINEES_MAX, Ballot, Nomination, NomineeId
from wagu.domain.person import PersonId
from wagu.ephemeral.locks import Locks
from wagu.ephemeral.redis import RedisStore
from wagu.errors import Unavailable

Scheme = Literal["script", "lock", "original"]
KEY = "ballot/bench"
TTL = 600.0
ORIGINAL_PAUSE = 0.01  # seconds between two questions for a lock


@dataclass(frozen=True, slots=True)
class Plan:
    scheme: Scheme
    url: str
    pid: int
    voters: int
    warm: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """Latencies in ms of an answered vote; Redis' processor time in µs and round trips for each;
    shares from 0 to 1. Votes that were answered and did not count are lost; those that were refused
    were told so. Both count the warming up, too."""

    scheme: str
    voters: int
    rate: float
    p50: float
    p99: float
    slowest: float
    lost: int
    answered: int
    refused: int
    cost: float
    trips: float
    generator: float
    waited: float


class ByScript:
    """As it is: one script a vote."""

    def __init__(self, url: str) -> None:
        self._store = RedisStore(url)

    async def open(self) -> None:
        for nomination in nominations():
            await self._store.nominate(KEY, nomination, TTL)

    async def vote(self, person: PersonId, nominee: NomineeId, on: bool) -> None:
        await self._store.vote(KEY, person, nominee, on=on, ttl=TTL)

    async def counted(self) -> int:
        return (await self._store.ballot(KEY)).version - NOMINEES_MAX

    async def close(self) -> None:
        await self._store.close()


class ByLock:
    """The same rules in Python, on a ballot that is read and written under our spin lock."""

    def __init__(self, url: str) -> None:
        self._store = RedisStore(url)
        self._locks = Locks(self._store)

    async def open(self) -> None:
        ballot = Ballot()
        for nomination in nominations():
            ballot = ballot.nominate(nomination)
        await self._store.put_fenced(KEY, encode(ballot), 0, TTL)

    async def vote(self, person: PersonId, nominee: NomineeId, on: bool) -> None:
        async with self._locks.locked(KEY, patience=30.0) as grip:
            after = (await self._read()).vote(person, nominee, on=on)
            if not await self._store.put_fenced(KEY, encode(after), grip.fence, TTL):
                raise Unavailable("lock.lost", "somebody else was faster")

    async def counted(self) -> int:
        return (await self._read()).version - NOMINEES_MAX

    async def close(self) -> None:
        await self._store.close()

    async def _read(self) -> Ballot:
        return msgspec.json.decode(await self._store.get_fenced(KEY) or "", type=Ballot)


class AsInTheOriginal:
    """One object of counts for all, read and written by whoever has SET a lock that nobody else had
    (NX): one lock for votes, another for taking them back, and anybody may delete either. Both are
    counted apart here, so that each that is lost shows."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, max_connections=1000, decode_responses=True)

    async def open(self) -> None:
        ids = [f"n-{number}" for number in range(1, NOMINEES_MAX + 1)]
        await self._write({nominee: {"likes": 0, "cancels": 0} for nominee in ids})

    async def vote(self, _person: PersonId, nominee: NomineeId, on: bool) -> None:
        what = "likes" if on else "cancels"
        async with self._locked(what):
            places = await self._read()
            places[nominee][what] += 1
            await self._write(places)

    async def counted(self) -> int:
        return sum(sum(place.values()) for place in (await self._read()).values())

    async def close(self) -> None:
        await self._redis.aclose()

    async def _read(self) -> dict[str, dict[str, int]]:
        text = await self._redis.get(KEY)
        return msgspec.json.decode(text or "", type=dict[str, dict[str, int]])

    async def _write(self, places: dict[str, dict[str, int]]) -> None:
        await self._redis.set(KEY, encode(places))

    @asynccontextmanager
    async def _locked(self, what: str) -> Any:
        while not await self._redis.set(f"lock:{what}", "locked", nx=True):  # noqa: ASYNC110 - its scheme
            await asyncio.sleep(ORIGINAL_PAUSE)
        try:
            yield
        finally:
            await self._redis.delete(f"lock:{what}")


SCHEMES: dict[Scheme, Callable[[str], ByScript | ByLock | AsInTheOriginal]] = {
    "script": ByScript,
    "lock": ByLock,
    "original": AsInTheOriginal,
}


def measure(plan: Plan, core: int) -> Result:
    """In a process of its own."""
    os.sched_setaffinity(0, {core})
    return uvloop.run(_measure(plan))


async def _measure(plan: Plan) -> Result:
    way = SCHEMES[plan.scheme](plan.url)
    async with Redis.from_url(plan.url) as looking:
        await looking.flushall()
        await way.open()
        crowd = Crowd(way.vote, plan.voters)
        await crowd.run(plan.warm)
        crowd.millis.clear()
        trips, spent = await _trips(looking), Spent.by(plan.pid)
        own, begun = time.process_time(), time.perf_counter()
        await crowd.run(plan.seconds)
        passed, own = time.perf_counter() - begun, time.process_time() - own
        spent, trips = Spent.by(plan.pid).since(spent), await _trips(looking) - trips
        counted = await way.counted()
        await way.close()
    millis = sorted(crowd.millis)
    return Result(
        scheme=plan.scheme,
        voters=plan.voters,
        rate=len(millis) / passed,
        p50=millis[len(millis) // 2],
        p99=millis[int(len(millis) * 0.99)],
        slowest=millis[-1],
        lost=crowd.answered - counted,
        answered=crowd.answered,
        refused=crowd.refused,
        cost=spent.all / len(millis) * 1e6,
        trips=trips / len(millis),
        generator=own / passed,
        waited=spent.waited / passed,
    )


class Crowd:
    """Each on an endless tour: for it, not any more, the next nominee."""

    def __init__(
        self, vote: Callable[[PersonId, NomineeId, bool], Awaitable[None]], voters: int
    ) -> None:
        self.millis: list[float] = []
        self.answered = self.refused = 0
        self._vote = vote
        tour = [
            (NomineeId(f"n-{n}"), on) for n in range(1, NOMINEES_MAX + 1) for on in (True, False)
        ]
        self._people = [
            (PersonId(f"g_{number:022d}"), itertools.cycle(tour)) for number in range(voters)
        ]

    async def run(self, seconds: float) -> None:
        """Everybody finishes the vote they are at."""
        end = time.perf_counter() + seconds
        await asyncio.gather(*(self._go(person, tour, end) for person, tour in self._people))

    async def _go(self, person: PersonId, tour: Any, end: float) -> None:
        while (begun := time.perf_counter()) < end:
            nominee, on = next(tour)
            try:
                await self._vote(person, nominee, on)
            except Unavailable:
                self.refused += 1
                continue
            self.answered += 1
            self.millis.append((time.perf_counter() - begun) * 1000)


async def _trips(redis: Redis) -> int:
    """How often Redis has read something so far: one command each, of callers that wait."""
    return int((await redis.info("stats"))["total_reads_processed"])


def nominations() -> list[Nomination]:
    return [
        Nomination(f"식당 {number}", (37.5, 127.0), PersonId("g_host"))
        for number in range(NOMINEES_MAX)
    ]


def encode(value: object) -> str:
    return msgspec.json.encode(value).decode()
