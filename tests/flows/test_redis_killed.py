"""Redis is killed under load and comes back: the server says what is wrong, goes on by itself, and
nothing that it had acknowledged is lost, where Redis persists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.clients.guest import Guest, Message, Refused
from tests.clients.waiting import eventually
from tests.flows.conftest import MakeGuest
from tests.redis_server import MakeRedis

PEOPLE = 4
ROUNDS = 6
"""Votes and lines of each person before it is killed, and at least as many afterwards."""
EVERY = 0.1
SPOT = [37.5662, 126.9915]


@dataclass
class Diner:
    """Votes and talks, and says everything again until it is acknowledged."""

    guest: Guest
    nominees: list[str]
    acknowledged: int = 0
    refused: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)

    async def go_on(self, enough: asyncio.Event) -> None:
        while not enough.is_set():
            number = self.acknowledged + 1
            nominee = self.nominees[number % len(self.nominees)]
            on = nominee not in self.chosen
            vote = {"type": "vote", "nominee": nominee, "on": on}
            answer = await self.until_told(lambda heard: heard["type"] == "votes", vote)
            self.chosen = set(answer["mine"])
            assert (nominee in self.chosen) == on

            text = f"{self.guest.name} {number}"
            line = {"type": "chat", "text": text, "nonce": str(number)}
            await self.until_told(lambda heard, text=text: is_line(heard, text), line)
            self.said.append(text)
            self.acknowledged = number
            await asyncio.sleep(EVERY)  # below what a socket may say in a second

    async def until_told(self, answers: Callable[[Message], bool], message: Message) -> Message:
        while True:
            since = len(self.guest.heard)
            n = await self.guest.send(**message)
            refuses = {"type": "error", "code": "store.unavailable", "n": n}
            answer = await self.guest.hear(
                lambda heard, n=n: heard.get("n") == n or answers(heard), since=since
            )
            if answer["type"] != "error":
                return answer
            assert answer == refuses | {"message": answer["message"]}
            self.refused.append(answer["message"])
            await asyncio.sleep(EVERY)


def is_line(heard: Message, text: str) -> bool:
    return heard["type"] == "chatted" and heard["chat"]["text"] == text


async def test_no_vote_or_line_is_lost_when_redis_is_killed_under_load(
    server: Callable[..., Any], guests: MakeGuest, own_redis: MakeRedis
) -> None:
    redis = own_redis(persists=True)
    here = server(WAGU_REDIS_URL=redis.url)
    host = await guests(here, "지민", member=True)
    room = await host.create_share_map()
    await host.join(room)
    nominees = [await nominate(host, name) for name in ("을지면옥", "우래옥", "금돼지식당")]
    people = [await guests(here, f"손님{number}") for number in range(PEOPLE)]
    for person in people:
        await person.join(room)
    diners = [Diner(person, nominees) for person in people]
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for diner in diners:
            tasks.create_task(diner.go_on(enough))
        await all_of(diners, lambda one: one.acknowledged >= ROUNDS, "votes and lines")

        await asyncio.to_thread(redis.kill)
        await all_of(diners, lambda one: bool(one.refused), "everybody is told")
        assert await ready(host) == 503
        assert await alive(host) == 200
        assert await refused(host.create_share_map()) == "store.unavailable"
        told = {message for diner in diners for message in diner.refused}
        assert told == {"잠시 저장소에 닿지 않아요. 곧 다시 시도해 주세요."}

        await asyncio.to_thread(redis.start)
        at = {id(one): one.acknowledged for one in diners}
        await all_of(diners, lambda one: one.acknowledged >= at[id(one)] + ROUNDS, "it goes on")
        enough.set()
    assert await ready(host) == 200
    assert here.log.count("is ready") == 1, "by itself, without a restart"

    for diner in diners:
        assert diner.guest.closed_with is None, "sockets stay open meanwhile"
        state = await diner.guest.join(room)
        assert set(state["mine"]) == diner.chosen
    texts = [line["text"] for line in state["chat"]]
    assert len(texts) < 200, "more would have been dropped as old"
    for diner in diners:
        own = [text for text in texts if text.startswith(f"{diner.guest.name} ")]
        assert own == diner.said, f"each line once and in order; {texts}; {redis.log}"
    assert [each["id"] for each in state["ballot"]["nominees"]] == nominees

    await host.send(type="close_ballot")
    closed = await host.hear(lambda m: m["type"] == "ballot" and m["ballot"]["phase"] == "closed")
    chosen = {name: sum(name in diner.chosen for diner in diners) for name in nominees}
    assert closed["ballot"]["result"]["counts"] == chosen


async def all_of(diners: list[Diner], true: Callable[[Diner], bool], what: str) -> None:
    async def all_true() -> bool:
        return all(true(one) for one in diners)

    await eventually(all_true, what)


async def nominate(person: Guest, name: str) -> str:
    told = await person.ask("ballot", type="nominate", name=name, at=SPOT)
    return next(str(each["id"]) for each in told["ballot"]["nominees"] if each["name"] == name)


async def refused(attempt: Any) -> str:
    try:
        await attempt
    except Refused as error:
        return error.code
    raise AssertionError("it was not refused")


async def ready(guest: Guest) -> int:
    async with guest.http.get(f"{guest.url}/readyz") as answer:
        return answer.status


async def alive(guest: Guest) -> int:
    async with guest.http.get(f"{guest.url}/livez") as answer:
        return answer.status
