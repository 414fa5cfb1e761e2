"""From the link to the result, over the wire that browsers use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.guest import Guest, Message, Refused
from tests.flows.conftest import MakeGuest

SPOT = [37.5662, 126.9915]


async def test_a_link_leads_to_one_result_for_all(
    server: Callable[..., Any], guests: MakeGuest
) -> None:
    here = server()
    host = await guests(here, "지민", member=True)
    room = await host.create_share_map("금요일 저녁")
    people = [host, *[await guests(here, name) for name in ("하늘", "바다")]]
    states = [await person.join(room) for person in people]
    assert [each["name"] for each in states[-1]["people"]] == ["지민", "하늘", "바다"]
    assert states[0]["you"]["host"]
    assert not states[1]["you"]["host"]

    noodles = await nominate(people[1], "을지면옥")
    pork = await nominate(people[2], "금돼지식당")
    for person in people:
        await person.ask("votes", type="vote", nominee=noodles, on=True)
    await people[0].ask("votes", type="vote", nominee=pork, on=True)
    await people[2].ask("votes", type="vote", nominee=pork, on=True)
    mine = await people[2].ask("votes", type="vote", nominee=noodles, on=False)
    assert mine["mine"] == [pork]
    for person in people:
        await person.send(type="done", on=True)

    results = [(await closed(person))["ballot"]["result"] for person in people]
    assert results[0] == results[1] == results[2]
    assert results[0]["counts"] == {noodles: 2, pork: 2}
    assert sorted(results[0]["winners"]) == sorted([noodles, pork]), "a tie is a tie"

    await host.send(type="new_ballot", keep=[pork])
    again = await people[1].hear(lambda m: m["type"] == "ballot" and m["ballot"]["round"] == 2)
    assert [each["id"] for each in again["ballot"]["nominees"]] == [pork]

    await host.api("DELETE", f"/api/share-maps/{room.removeprefix('map/')}")
    for person in people:
        ended = await person.hear(lambda m: m["type"] == "ended")
        assert ended["code"] == "share_map.ended"
    with pytest.raises(Refused, match=r"share_map\.ended"):
        await people[1].join(room)


async def nominate(person: Guest, name: str) -> str:
    """Its id."""
    await person.send(type="nominate", name=name, at=SPOT)
    told = await person.hear(lambda m: m["type"] == "ballot" and name in names_in(m))
    return next(str(each["id"]) for each in told["ballot"]["nominees"] if each["name"] == name)


def names_in(message: Message) -> set[str]:
    return {each["name"] for each in message["ballot"]["nominees"]}


async def closed(person: Guest) -> dict[str, Any]:
    return await person.hear(lambda m: m["type"] == "ballot" and m["ballot"]["phase"] == "closed")


@pytest.mark.parametrize("kind", ["memory", "redis"])
async def test_a_killed_server_loses_no_vote_line_or_session(
    kind: str, server: Callable[..., Any], guests: MakeGuest, request: pytest.FixtureRequest
) -> None:
    redis = {"WAGU_REDIS_URL": request.getfixturevalue("redis_url")} if kind == "redis" else {}
    here = server(**redis)
    host = await guests(here, "지민", member=True)
    room = await host.create_share_map()
    sky = await guests(here, "하늘")
    await asyncio.gather(host.join(room), sky.join(room))
    noodles = await nominate(sky, "을지면옥")
    await sky.ask("votes", type="vote", nominee=noodles, on=True)
    await sky.ask("chatted", type="chat", text="여기 어때?", nonce="k3f9")

    await asyncio.to_thread(here.kill)
    await asyncio.to_thread(here.start)
    for person in (host, sky):
        await person.connect()
    state = await sky.join(room)
    assert state["you"]["id"] == sky.id
    assert state["mine"] == [noodles]
    assert [line["text"] for line in state["chat"]] == ["여기 어때?"]
    assert [each["name"] for each in state["ballot"]["nominees"]] == ["을지면옥"]

    again = await sky.ask("chatted", type="chat", text="여기 어때?", nonce="k3f9")
    assert again["chat"]["id"] == state["chat"][0]["id"], "a resend is stored once"
