"""A real browser with the real client libraries of LiveKit and OpenVidu 2, before servers that
check tokens and have no media: it knocks where it was told to, and the room is none the worse."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.parties import HOST, SKY, Arrive
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import Visitor
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually
from tests.fakes import livekit, openvidu2
from tests.fakes.media_server import FakeServer, serving

pytestmark = pytest.mark.browser


async def a_room_of_two(
    arrive: Arrive, here: Any, fake: FakeServer
) -> tuple[Room, Room, list[str]]:
    """And the addresses of the sockets that the first one opens."""
    host, friend = await arrive(here, HOST), await arrive(here, SKY)
    for visitor in (host, friend):
        # Whatever that server refuses is refused by it, and not by our own page's policy.
        visitor.troubles.expect(rf"^(?!.*Security Policy).*127\.0\.0\.1:{fake.port}")
        visitor.troubles.expect(r"^console \w+: (?!.*Security Policy).*/static/vendor/")
    sockets: list[str] = []
    host.page.on("websocket", lambda socket: sockets.append(socket.url))
    await host.become_member()
    link = await host.create_share_map("둘이서")
    await friend.become_guest()
    return await Room.enter(host, link), await Room.enter(friend, link), sockets


async def press_the_voice_button(visitor: Visitor) -> None:
    await visitor.page.get_by_test_id("voice-join").click()
    reason = visitor.page.get_by_test_id("voice-reason")
    await reason.get_by_role("button", name=ko("map.voice_reason_go")).click()


async def the_rest_goes_on(first: Room, second: Room) -> None:
    await first.say("들려?")
    await second.hears("들려?", by=HOST)
    # Not on, and not off either: it is tried again until somebody gives up.
    await expect(first.page.get_by_test_id("voice-busy")).to_be_visible()


async def test_a_browser_comes_to_livekit_with_its_token(
    server: Callable[..., Any], arrive: Arrive, free_port: Callable[[], int]
) -> None:
    fake = livekit.FakeLiveKit(free_port(), time.time)
    async with serving(fake):
        here = await asyncio.to_thread(
            server,
            WAGU_MEDIA="livekit",
            WAGU_MEDIA_URL=fake.url,
            WAGU_MEDIA_KEY=livekit.KEY,
            WAGU_MEDIA_SECRET=livekit.SECRET,
        )
        first, second, sockets = await a_room_of_two(arrive, here, fake)
        await press_the_voice_button(first.visitor)

        async def knocked() -> list[dict[str, Any]]:
            return fake.knocks

        (claims, *_) = await eventually(knocked, "it comes with a token that is good")
        assert claims["sub"].startswith(f"{await first.my_id()}:")
        assert claims["video"]["room"] in fake.rooms
        assert claims["video"]["canPublishSources"] == ["microphone"]
        assert any(f"127.0.0.1:{fake.port}/rtc" in address for address in sockets)
        await the_rest_goes_on(first, second)


async def test_a_browser_comes_to_openvidu_2(
    server: Callable[..., Any], arrive: Arrive, free_port: Callable[[], int]
) -> None:
    """By wss, which the library insists on, so that it does not get further than that."""
    fake = openvidu2.FakeOpenVidu2(free_port(), time.time)
    async with serving(fake):
        here = await asyncio.to_thread(
            server,
            WAGU_MEDIA="openvidu2",
            WAGU_MEDIA_URL=fake.url,
            WAGU_MEDIA_PUBLIC_URL=f"https://127.0.0.1:{fake.port}",
            WAGU_MEDIA_SECRET=openvidu2.SECRET,
        )
        first, second, sockets = await a_room_of_two(arrive, here, fake)
        await press_the_voice_button(first.visitor)

        async def knocked() -> bool:
            return any(f"wss://127.0.0.1:{fake.port}/openvidu" in address for address in sockets)

        await eventually(knocked, "it opens a socket where its token leads")
        (connections,) = fake.sessions.values()
        me = await first.my_id()
        assert any(f'"{me}:' in each.data for each in connections.values())
        await the_rest_goes_on(first, second)
