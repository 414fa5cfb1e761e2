"""A real server process whose media is at another: that comes and goes, and so do its webhooks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.clients.guest import Guest, Refused
from tests.clients.waiting import eventually
from tests.fakes.livekit import KEY, SECRET, FakeLiveKit
from tests.fakes.media_server import serving
from tests.flows.conftest import MakeGuest


@pytest.fixture
async def beside(
    server: Callable[..., Any], free_port: Callable[[], int]
) -> AsyncIterator[tuple[Any, FakeLiveKit]]:
    """The two servers, each of which knows where the other is."""
    fake = FakeLiveKit(free_port(), time.time)
    async with serving(fake), ClientSession() as http:
        here = await asyncio.to_thread(
            server,
            WAGU_MEDIA="livekit",
            WAGU_MEDIA_URL=fake.url,
            WAGU_MEDIA_KEY=KEY,
            WAGU_MEDIA_SECRET=SECRET,
        )

        async def post(authorization: str, body: bytes) -> None:
            headers = {"Authorization": authorization, "Content-Type": "application/webhook+json"}
            url = f"{here.url}/api/media/webhook"
            async with http.post(url, data=body, headers=headers) as answer:
                assert answer.status == 204, await answer.text()

        fake.hook = post
        yield here, fake


@asynccontextmanager
async def away(fake: FakeLiveKit) -> AsyncIterator[None]:
    await fake.stop()
    yield
    await fake.start()


async def state_of(guest: Guest, live: str, wanted: str) -> None:
    async def look() -> bool:
        found = await guest.api("GET", f"/api/lives/{live}")
        return bool(found["live"]["state"] == wanted)

    await eventually(look, f"the live is {wanted}")


async def test_a_live_from_its_first_picture_to_its_end(
    beside: tuple[Any, FakeLiveKit], guests: MakeGuest
) -> None:
    here, fake = beside
    host = await guests(here, "지민", member=True)
    live = (await host.api("POST", "/api/lives", {"title": "냉면"}))["live"]["id"]
    ticket = await host.api("POST", f"/api/lives/{live}/tickets", {"role": "publish"})
    assert (ticket["kind"], ticket["url"]) == ("livekit", fake.url.replace("http", "ws"))
    room, publisher = await fake.enter(ticket["token"])
    await state_of(host, live, "waiting")
    await fake.publish(room, publisher, "VIDEO")
    await state_of(host, live, "on_air")
    viewer = await guests(here, "하늘")
    seen = await viewer.api("POST", f"/api/lives/{live}/tickets", {"role": "watch"})
    await fake.enter(seen["token"])
    await fake.quit(room, publisher, "CONNECTION_TIMEOUT")
    await state_of(host, live, "interrupted")
    again = await host.api("POST", f"/api/lives/{live}/tickets", {"role": "publish"})
    await fake.publish(*await fake.enter(again["token"]), "VIDEO")
    await state_of(host, live, "on_air")
    await host.api("DELETE", f"/api/lives/{live}")

    async def closed() -> bool:
        return room not in fake.rooms

    await eventually(closed, "the room is closed there, too")


async def test_voices_go_and_everything_else_stays_while_it_is_away(
    beside: tuple[Any, FakeLiveKit], guests: MakeGuest
) -> None:
    here, fake = beside
    host = await guests(here, "지민", member=True)
    friend = await guests(here, "하늘")
    room = await host.create_share_map()
    for each in (host, friend):
        await each.join(room)
    tokens = [await each.ask("voice_token", type="voice_enter") for each in (host, friend)]
    inside = [await fake.enter(token["token"]) for token in tokens]
    assert [who.identity.split(":")[0] for _, who in inside] == [host.id, friend.id]
    async with away(fake):
        # The friend leaves the room, and is out of the voice with it, whatever that server does.
        before = len(host.heard)
        await friend.ask("pong", type="ping")
        await friend.send(type="leave")
        await host.hear(
            lambda m: m["type"] == "person" and m["person"]["voice"] == "off", since=before
        )
        with pytest.raises(Refused, match=r"media\.unavailable"):
            await host.ask("voice_token", type="voice_enter")
        await host.ask("chatted", type="chat", text="들려?")
        spot = {"name": "을지면옥", "at": [37.5662, 126.9915]}
        ballot = (await host.ask("ballot", type="nominate", **spot))["ballot"]
        await host.ask("votes", type="vote", nominee=ballot["nominees"][0]["id"], on=True)
        ready = await host.api("GET", "/readyz")
        assert (ready["ready"], ready["degraded"], ready["parts"]["media"]) == (True, True, False)

    async def caught_up() -> bool:
        left = {identity.split(":")[0] for identity in fake.rooms.get(room, {})}
        return friend.id not in left and (await host.api("GET", "/readyz"))["parts"]["media"]

    await eventually(caught_up, "it is told who left, and asked again", within=40)
    assert (await host.ask("voice_token", type="voice_enter"))["token"]
