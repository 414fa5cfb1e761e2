"""nginx sends each request and each WebSocket to the next of three nodes; nobody notices."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.aiortc_live import Publisher, Viewer
from tests.clients.waiting import eventually
from tests.flows.conftest import MakeGuest, MakeTalker
from tests.flows.test_voting import closed, nominate
from tests.operate.round_robin import Front, round_robin

NODES, PEOPLE = 3, 6


@pytest.fixture
def front(
    server: Callable[..., Any],
    stores: dict[str, str],
    free_port: Callable[[], int],
    tmp_path: Path,
) -> Iterator[Front]:
    with round_robin(server, NODES, tmp_path, free_port(), **stores) as front:
        yield front


async def test_a_room_and_a_live_behind_round_robin(
    front: Front, guests: MakeGuest, talkers: MakeTalker
) -> None:
    host = await guests(front, "지민", member=True)
    room = await host.create_share_map("금요일 저녁")
    others = [await guests(front, f"친구 {number}") for number in range(1, PEOPLE)]
    people = [host, *others]
    for person in people:
        await person.join(room)
    voices = [await talkers(person) for person in people]
    await asyncio.gather(*(voice.hears(PEOPLE - 1) for voice in voices))
    noodles = await nominate(others[0], "을지면옥")
    await asyncio.gather(
        *(person.ask("votes", type="vote", nominee=noodles, on=True) for person in people)
    )
    for person in people:
        await person.send(type="done", on=True)
    for person in people:
        assert (await closed(person))["ballot"]["result"]["counts"] == {noodles: PEOPLE}

    live = (await host.api("POST", "/api/lives", {"title": "불 앞에서"}))["live"]["id"]
    tickets = f"/api/lives/{live}/tickets"
    publisher = Publisher(host, await host.api("POST", tickets, {"role": "publish"}))
    await publisher.connect()
    fans = [Viewer(each, await each.api("POST", tickets, {"role": "watch"})) for each in others[:3]]
    for fan in fans:
        await fan.connect()

    async def watched() -> bool:
        return all(fan.seen.frames > 30 for fan in fans)

    await eventually(watched, "all see it")
    for session in (*fans, publisher):
        assert await session.close() == 200

    opened = Counter(node.port for node in front.nodes for _ in range(node.log.count("< open")))
    assert set(opened) == {node.port for node in front.nodes}, "all of them had WebSockets"
