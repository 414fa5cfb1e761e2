"""Three nodes, one service: whoever is asked, everybody is in the same room."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.aiortc_live import Publisher, Viewer
from tests.clients.guest import Guest, Message, Refused
from tests.clients.waiting import eventually
from tests.flows.conftest import MakeGuest, MakeTalker
from tests.flows.test_voting import closed, nominate
from tests.server import wait_until

MOVED = 1012
TAKEN_OVER_WITHIN = 8.0
"""Five seconds of a dead node's lease, and what it takes to come back."""

StartNode = Callable[..., Any]


@pytest.fixture
def node(server: Callable[..., Any], stores: dict[str, str]) -> StartNode:
    """Start one more server that shares its stores with all others of the test."""

    def start(**settings: str) -> Any:
        return server(**stores, **settings)

    return start


@pytest.fixture
def nodes(node: StartNode) -> list[Any]:
    started = [node() for _ in range(3)]
    wait_until(
        lambda: all(each.log.count("node came") >= 2 for each in started), 20, "all hear all"
    )
    return started


async def test_one_room_over_three_nodes(
    nodes: list[Any], guests: MakeGuest, talkers: MakeTalker
) -> None:
    host = await guests(nodes[0], "지민", member=True)
    room = await host.create_share_map("금요일 저녁")
    people = [host, await guests(nodes[1], "하늘"), await guests(nodes[2], "바다")]
    states = [await person.join(room) for person in people]
    assert [each["name"] for each in states[-1]["people"]] == ["지민", "하늘", "바다"]

    await people[2].send(type="look", at=[37.5, 127.0], view=[37.5, 127.0, 14])
    for person in people[:2]:
        await person.hear(lambda m: m["type"] == "presence" and people[2].id in m["people"])
    await people[1].send(type="chat", text="잘 보여?", nonce="1")
    for person in people:
        await person.hear(lambda m: m["type"] == "chatted" and m["chat"]["text"] == "잘 보여?")

    voices = [await talkers(person) for person in people]
    assert len({voice.address for voice in voices}) == 1, "all media is on one node"
    await asyncio.gather(*(voice.hears(2) for voice in voices))

    noodles = await nominate(people[1], "을지면옥")
    await asyncio.gather(
        *(person.ask("votes", type="vote", nominee=noodles, on=True) for person in people)
    )
    for person in people:
        await person.send(type="done", on=True)
    results = [(await closed(person))["ballot"]["result"] for person in people]
    assert results == [{"counts": {noodles: 3}, "winners": [noodles], "voters": 3}] * 3

    with pytest.raises(Refused, match=r"share_map\.unknown"):
        await people[1].join("map/nothing-of-that-name00")
    await people[1].ask("pong", type="ping")
    await people[2].send(type="leave")
    await people[0].hear(lambda m: m["type"] == "gone" and m["id"] == people[2].id)

    await host.api("DELETE", f"/api/share-maps/{room.removeprefix('map/')}")
    for person in people[:2]:
        ended = await person.hear(lambda m: m["type"] == "ended")
        assert ended["code"] == "share_map.ended"


async def test_a_live_is_published_and_watched_through_any_node(
    nodes: list[Any], guests: MakeGuest
) -> None:
    host, fan, other = [
        await guests(nodes[0], "유나", member=True),
        await guests(nodes[1], "도윤"),
        await guests(nodes[2], "하준"),
    ]
    live = (await host.api("POST", "/api/lives", {"title": "불 앞에서"}))["live"]["id"]
    path = f"/api/lives/{live}"
    await fan.join(f"live/{live}")  # whose node has the room from now on

    ticket = await host.api("POST", f"{path}/tickets", {"role": "publish"})
    publisher = Publisher(host, ticket)
    await publisher.connect()
    await fan.hear(lambda m: m["type"] == "live" and m["live"]["state"] == "on_air")

    viewers = [
        Viewer(each, await each.api("POST", f"{path}/tickets", {"role": "watch"}))
        for each in (fan, other)
    ]
    for viewer in viewers:
        await viewer.connect()

    async def watched() -> bool:
        return all(viewer.seen.frames > 30 for viewer in viewers)

    await eventually(watched, "both see it")
    await other.join(f"live/{live}")
    for each in (host, fan, other):

        async def listed(who: Guest = each) -> bool:
            found = (await who.api("GET", "/api/lives"))["lives"]
            return [(one["viewers"], one["state"]) for one in found] == [(2, "on_air")]

        await eventually(listed, "the list of every node counts the same")
    for viewer in viewers:
        assert await viewer.close() == 200
    assert await publisher.close() == 200

    await host.api("DELETE", path)
    for each in (fan, other):
        await each.hear(lambda m: m["type"] == "ended")
    with pytest.raises(Refused, match=r"live\.ended"):
        await other.api("POST", f"{path}/tickets", {"role": "watch"})


async def test_who_logs_out_at_one_node_is_closed_at_another(
    nodes: list[Any], guests: MakeGuest
) -> None:
    host = await guests(nodes[0], "지민", member=True)
    room = await host.create_share_map()
    await host.join(room)
    elsewhere = await guests(nodes[1], "하늘", member=True)
    await elsewhere.join(room)

    elsewhere.url = nodes[2].url  # cookies know no ports
    elsewhere.http.headers["Origin"] = nodes[2].url
    await elsewhere.api("DELETE", "/api/session")

    assert await elsewhere.hear_close() == 4001
    await host.hear(lambda m: m["type"] == "gone" and m["id"] == elsewhere.id)


@pytest.mark.parametrize("how", ["killed", "stopped"])
async def test_the_rooms_of_a_lost_node_come_up_elsewhere(
    how: str, nodes: list[Any], guests: MakeGuest, talkers: MakeTalker
) -> None:
    first, *others = nodes
    host = await guests(first, "지민", member=True)
    room = await host.create_share_map()
    await host.join(room)
    people = [await guests(others[0], "하늘"), await guests(others[1], "바다")]
    for person in people:
        await person.join(room)
    noodles = await nominate(people[0], "을지면옥")
    await people[1].ask("votes", type="vote", nominee=noodles, on=True)
    await people[0].ask("chatted", type="chat", text="안 들려", nonce="1")

    lost_at = time.monotonic()
    await asyncio.to_thread(first.kill if how == "killed" else first.stop)
    for person in people:
        assert await person.hear_close() == MOVED
        await person.connect()
    states = await asyncio.gather(*(comes_back(person, room) for person in people))
    took = time.monotonic() - lost_at
    print(f"figure: a room is back {took:.2f} s after its node was {how}")
    assert took < TAKEN_OVER_WITHIN

    assert states[1]["mine"] == [noodles]
    assert [line["text"] for line in states[0]["chat"]] == ["안 들려"]
    voices = [await talkers(person) for person in people]
    await asyncio.gather(*(voice.hears(1) for voice in voices))
    await people[0].ask("votes", type="vote", nominee=noodles, on=True)


async def test_a_web_node_keeps_no_rooms(
    node: StartNode, guests: MakeGuest, talkers: MakeTalker
) -> None:
    web = node(WAGU_ROLE="web")
    host = await guests(web, "지민", member=True)
    room = await host.create_share_map()
    with pytest.raises(Refused, match=r"room\.nowhere"):
        await host.join(room)

    media = node(WAGU_ROLE="media")
    await asyncio.to_thread(wait_until, lambda: "node came" in web.log, 20, "it is heard of")
    await host.join(room)
    guest = await guests(web, "하늘")
    await guest.join(room)
    voices = [await talkers(person) for person in (host, guest)]
    assert {voice.address[1] for voice in voices} == {media.port}
    await asyncio.gather(*(voice.hears(1) for voice in voices))


async def test_a_node_that_is_told_to_stop_lets_everybody_move_first(
    nodes: list[Any], guests: MakeGuest, talkers: MakeTalker
) -> None:
    first, second, _ = nodes
    host = await guests(first, "지민", member=True)
    room = await host.create_share_map()
    await host.join(room)
    friend = await guests(second, "하늘")
    await friend.join(room)
    voices = [await talkers(person) for person in (host, friend)]
    await asyncio.gather(*(voice.hears(1) for voice in voices))

    stopping = asyncio.create_task(asyncio.to_thread(first.stop))
    assert await host.hear_close() == MOVED
    assert await friend.hear_close() == MOVED
    assert not first.ready(), "whoever asks is told to send nobody here"
    host.url = friend.url  # as a proxy would
    host.http.headers["Origin"] = friend.url
    for person in (host, friend):
        await person.connect()
        await person.join(room)
    moved = [await talkers(person) for person in (host, friend)]
    await asyncio.gather(*(voice.hears(1) for voice in moved))
    assert {voice.address for voice in moved} != {voice.address for voice in voices}
    assert first.running, "it waits for those who have not moved yet"
    for voice in voices:
        await voice.close()
    assert await stopping == 0


async def test_an_admin_is_told_of_all_nodes_and_rooms_by_any(
    nodes: list[Any], guests: MakeGuest
) -> None:
    host = await guests(nodes[0], "지민", member=True)
    room = await host.create_share_map()
    await host.join(room)
    await (await guests(nodes[1], "하늘")).join(room)
    live = (await host.api("POST", "/api/lives", {"title": "불 앞에서"}))["live"]["id"]
    fan = await guests(nodes[1], "도윤")
    await fan.join(f"live/{live}")

    link = re.search(r"/setup/([\w-]+)", nodes[-1].log)
    assert link, "the last to start has the link that is good"
    admin = await guests(nodes[2], "관리")
    await admin.become_member(setup_token=link[1])
    told = (await admin.api("GET", "/api/admin/nodes"))["nodes"]
    assert [each["asked"] for each in told] == [True, False, False]

    found = await admin.api("GET", "/api/admin/rooms")
    assert found["silent"] == []
    assert room.removeprefix("map/") not in str(found)
    assert [(each["kind"], each["people"], each["live"]) for each in found["rooms"]] == [
        ("map", 2, None),
        ("live", 1, live),
    ]
    assert {each["node"] for each in found["rooms"]} == {each["id"] for each in told[1:]}

    await asyncio.to_thread(nodes[0].kill)
    found = await admin.api("GET", "/api/admin/rooms")
    assert [each["kind"] for each in found["rooms"]] == ["live"]
    assert len(found["silent"]) == 1, "it is not gone before it has been silent for a while"


async def comes_back(person: Guest, room: str) -> Message:
    """As pages do: whoever is told that the room moves asks again."""
    while True:
        try:
            return await person.join(room)
        except Refused as refused:
            if refused.code != "room.moving":
                raise
        await asyncio.sleep(0.2)
