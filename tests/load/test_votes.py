"""200 people vote on 10 places at the same moment: no vote is lost, none is added.

Once against the stores alone, once through the whole server with a WebSocket for each voter.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from wagu.domain.ballot import Nomination, NomineeId, Result
from wagu.domain.person import PersonId
from wagu.ephemeral import open_store
from wagu.ephemeral.store import EphemeralStore

pytestmark = pytest.mark.load

VOTERS, PLACES = 200, 10
TTL = 600.0
WITHIN = 60.0
NOMINEES = [f"n-{number}" for number in range(1, PLACES + 1)]


class Plan:
    """Who does what: everyone votes for some, sends some votes twice, takes some back."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.steps: list[list[tuple[str, bool]]] = []
        self.counts: Counter[str] = Counter(dict.fromkeys(NOMINEES, 0))
        self.voters = 0
        for _ in range(VOTERS):
            chosen = chance.sample(NOMINEES, chance.randint(0, PLACES))
            regretted = chance.sample(chosen, len(chosen) // 3)
            steps = [(nominee, True) for nominee in chosen]
            steps += [(nominee, True) for nominee in chosen[:2]]
            steps += [(nominee, False) for nominee in regretted]
            self.steps.append(steps)
            kept = set(chosen) - set(regretted)
            self.counts.update(kept)
            self.voters += bool(kept)

    @property
    def winners(self) -> list[str]:
        most = max(self.counts.values())
        return [nominee for nominee in NOMINEES if self.counts[nominee] == most]


# -------------------------------------------------------------------------------------- the stores


@asynccontextmanager
async def stores(url: str | None, folder: Path) -> AsyncIterator[list[EphemeralStore]]:
    """Memory has one process; Redis is asked by four, each with connections of its own."""
    opened = [open_store(url, folder, time.time) for _ in range(4 if url else 1)]
    for store in opened:
        await store.start()
    yield opened
    for store in opened:
        await store.close()


@pytest.mark.parametrize("kind", ["memory", "redis"])
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_counts_are_exact_in_the_store(
    kind: str, seed: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("redis_url") if kind == "redis" else None
    plan = Plan(seed)
    async with stores(url, tmp_path) as opened:
        for number in range(PLACES):
            nomination = Nomination(f"식당 {number}", (37.5, 127.0), PersonId("g_0"))
            await opened[0].nominate("b", nomination, TTL)

        async def vote(number: int, store: EphemeralStore) -> None:
            person = PersonId(f"g_{number}")
            for nominee, on in plan.steps[number]:
                await store.vote("b", person, NomineeId(nominee), on=on, ttl=TTL)

        await asyncio.gather(
            *(vote(number, opened[number % len(opened)]) for number in range(VOTERS))
        )
        closed = await asyncio.gather(*(store.close_ballot("b", None, TTL) for store in opened * 5))
    assert {view.version for view in closed} == {closed[0].version}
    assert closed[0].result == Result(
        {NomineeId(nominee): votes for nominee, votes in plan.counts.items()},
        tuple(NomineeId(nominee) for nominee in plan.winners),
        plan.voters,
    )


async def test_the_journal_knows_every_vote(tmp_path: Path) -> None:
    plan = Plan(4)
    async with stores(None, tmp_path) as (store,):
        for number in range(PLACES):
            nomination = Nomination(f"식당 {number}", (37.5, 127.0), PersonId("g_0"))
            await store.nominate("b", nomination, TTL)
        for step in itertools.zip_longest(*plan.steps):
            for number, vote in enumerate(step):
                if vote is not None:
                    person = PersonId(f"g_{number}")
                    await store.vote("b", person, NomineeId(vote[0]), on=vote[1], ttl=TTL)
    async with stores(None, tmp_path) as (store,):
        closed = await store.close_ballot("b", None, TTL)
    assert closed.result is not None
    assert closed.result.counts == plan.counts


# ------------------------------------------------------------------------------- the whole server


class Voter:
    """A browser with a cookie of its own and one socket."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self.http = http
        self.url = url
        self.ws: ClientWebSocketResponse

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self.http.post(self.url + path, json=body) as answer:
            found: dict[str, Any] = await answer.json()
            assert answer.status == 201, found
            return found

    async def enter(self, room: str) -> None:
        self.ws = await self.http.ws_connect(f"{self.url}/ws", max_msg_size=0)
        await self.send("join", room=room)
        await self.until(lambda message: message["type"] == "joined")

    async def send(self, type_: str, **fields: Any) -> None:
        await self.ws.send_str(json.dumps({"type": type_, **fields}))

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read on; an error on the way is a failure."""
        async with asyncio.timeout(WITHIN):
            while True:
                frame = await self.ws.receive()
                assert frame.type is WSMsgType.TEXT, (frame.type, self.ws.close_code)
                message: dict[str, Any] = msgspec.json.decode(frame.data)
                assert message["type"] != "error", message
                if wanted(message):
                    return message

    async def vote(self, steps: list[tuple[str, bool]]) -> list[str]:
        """All steps at once; what the server says counts in the end."""
        for nominee, on in steps:
            await self.send("vote", nominee=nominee, on=on)
        mine: list[str] = []
        for _ in steps:
            mine = (await self.until(lambda message: message["type"] == "votes"))["mine"]
        return mine

    async def result(self) -> dict[str, Any]:
        closed = await self.until(
            lambda message: message["type"] == "ballot" and message["ballot"]["phase"] == "closed"
        )
        result: dict[str, Any] = closed["ballot"]
        return result


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_counts_are_exact_through_200_sockets(
    kind: str, server: Any, request: pytest.FixtureRequest
) -> None:
    settings = {"WAGU_RATE_LIMITS": "off"}
    if kind == "redis":
        settings["WAGU_REDIS_URL"] = request.getfixturevalue("redis_url")
    url = (await asyncio.to_thread(server, **settings)).url
    plan = Plan(5)
    async with AsyncExitStack() as stack:
        voters = [
            Voter(
                await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True))),
                url,
            )
            for _ in range(VOTERS)
        ]
        host = voters[0]
        member = {"username": "jimin", "password": "correct horse", "name": "지민"}
        await host.post("/api/members", member)
        share_map = (await host.post("/api/share-maps", {"title": "큰 모임"}))["share_map"]
        room = f"map/{share_map['id']}"
        for number, voter in enumerate(voters[1:]):
            await voter.post("/api/guests", {"name": f"손님 {number}"})
        await asyncio.gather(*(voter.enter(room) for voter in voters))
        for number in range(PLACES):
            at = [37.5 + number / 100, 127.0]
            await host.send("nominate", name=f"식당 {number}", at=at)
        await asyncio.gather(
            *(
                voter.until(
                    lambda message: (
                        message["type"] == "ballot" and len(message["ballot"]["nominees"]) == PLACES
                    )
                )
                for voter in voters
            )
        )

        mine = await asyncio.gather(
            *(voter.vote(steps) for voter, steps in zip(voters, plan.steps, strict=True))
        )
        assert sum(map(len, mine)) == plan.counts.total()

        await asyncio.gather(*(voter.send("done", on=True) for voter in voters))
        results = await asyncio.gather(*(voter.result() for voter in voters))
    assert all(result == results[0] for result in results)
    assert results[0]["result"] == {
        "counts": dict(plan.counts),
        "winners": plan.winners,
        "voters": plan.voters,
    }
    assert len(results[0]["done"]) == VOTERS
