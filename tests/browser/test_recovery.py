"""After a reload, a killed server, a lost network: everyone is back by themselves, and quickly."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import (
    HOST,
    NOODLES,
    PORK,
    SEA,
    SKY,
    Arrive,
    Conversation,
    three_friends,
)
from tests.browser.pages.visitor import PHONE
from tests.clients.waiting import allowed, assert_within

pytestmark = pytest.mark.browser

BACK_WITHIN = 5.0  # seconds
STOPPED_WITHIN = 3.0


async def test_a_guest_reloads_in_the_middle_of_everything(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here, yardstick = server(), server()
    host, sky, sea = rooms = await three_friends(arrive, here)
    await host.nominate_known(NOODLES, typed="을지")
    await host.nominate_known(PORK, typed="금돼지")
    await sky.vote(PORK)
    await sky.done()
    await sky.say("나는 골랐어")
    talk = await Conversation.among(*rooms)
    start = await asyncio.to_thread(yardstick.start_whole)

    begun = time.monotonic()
    await sky.page.reload(wait_until="commit")
    # A page that has begun anew has another connection: what the others hear from now on is by it.
    await talk.voices[1].is_on()
    on = time.monotonic() - begun
    heard = await talk.goes_on() - begun
    print(f"figure: server starts in {start:.2f} s, voice on {on:.2f} s after a reload")
    assert_within(allowed(BACK_WITHIN, start), heard, "who reloads hears and is heard")

    assert await sky.my_id() == talk.ids[1]
    await sky.sees(HOST, SEA)
    await sky.hears("나는 골랐어", by=SKY)
    await sky.has_voted(PORK)
    await sky.has_voted(NOODLES, on=False)
    await expect(sky.me).to_have_attribute("data-done", "true")
    await sea.sees(HOST, SKY)


async def test_who_was_muted_is_muted_after_a_reload(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    rooms = await three_friends(arrive, server())
    talk = await Conversation.among(*rooms)
    await talk.voices[1].mute()
    await rooms[1].page.reload(wait_until="commit")
    await talk.voices[1].keeps_hearing(talk.ids[0], talk.ids[2])
    await asyncio.gather(talk.voices[0].sees_muted(SKY), talk.voices[2].sees_muted(SKY))
    await talk.voices[0].is_silent_from(talk.ids[1])
    await talk.voices[1].unmute()
    await talk.goes_on()


async def test_friends_are_back_after_the_server_was_killed(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server()
    host, sky, sea = rooms = await three_friends(arrive, here)
    await host.nominate_known(NOODLES, typed="을지")
    await sky.nominate_known(PORK, typed="금돼지")
    await host.vote(NOODLES)
    await sky.vote(NOODLES, PORK)
    await sea.vote(PORK)
    await sky.done()
    talk = await Conversation.among(*rooms)
    await sky.say("잘 들려?")
    await host.hears("잘 들려?", by=SKY)
    for room in rooms:
        room.visitor.outlives_a_restart()
    for voice in talk.voices:
        await voice.has_lost_the_connection()

    killed, ready = await kill_and_start(here)
    heard = await talk.goes_on()
    assert_within(
        allowed(BACK_WITHIN, ready), heard - killed, "everyone hears everyone after a kill -9"
    )

    assert [await room.my_id() for room in rooms] == talk.ids
    await asyncio.gather(host.sees(SKY, SEA), sky.sees(HOST, SEA), sea.sees(HOST, SKY))
    for room, voted in ((host, {NOODLES}), (sky, {NOODLES, PORK}), (sea, {PORK})):
        await room.sees_nominees(NOODLES, PORK)
        for place in (NOODLES, PORK):
            await room.has_voted(place, on=place in voted)
    await expect(sky.me).to_have_attribute("data-done", "true")
    await sea.hears("잘 들려?", by=SKY)
    await host.say("응, 다시 들려")
    await sea.hears("응, 다시 들려", by=HOST)
    await host.close_ballot()
    for result in await asyncio.gather(*(room.sees_result() for room in rooms)):
        assert result.counts == {NOODLES: "2", PORK: "2"}

    stopped_after = await asyncio.to_thread(here.interrupt)
    assert_within(STOPPED_WITHIN, stopped_after, "stopped by Ctrl-C with a room open")


async def test_a_live_is_back_after_the_server_was_killed(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server()
    studio, fan = (
        Studio(await arrive(here, "유나", PHONE)),
        Watch(await arrive(here, "도윤", PHONE)),
    )
    await studio.visitor.become_member()
    await studio.prepare("불 앞에서")
    await fan.by_link(await studio.go_live())
    await fan.goes_on()
    for each in (studio, fan):
        each.visitor.outlives_a_restart()
    await fan.has_lost_the_connection()

    killed, ready = await kill_and_start(here)
    took = await fan.goes_on() - killed
    assert_within(allowed(BACK_WITHIN, ready), took, "picture and sound after a kill -9")
    await studio.is_in("on_air")


async def kill_and_start(here: Any) -> tuple[float, float]:
    """When the server was killed, and how many seconds its next start took."""
    killed = time.monotonic()
    here.kill()
    ready: float = await asyncio.to_thread(here.start_whole)
    print(f"figure: server ready after {ready:.2f} s")
    return killed, ready


async def test_a_lost_network_comes_back(server: Callable[..., Any], arrive: Arrive) -> None:
    host, sky, sea = rooms = await three_friends(arrive, server())
    talk = await Conversation.among(*rooms)

    await sky.visitor.go_offline()
    await expect(sky.page.get_by_test_id("connection-banner")).to_be_visible()
    await host.nominate_known(NOODLES, typed="을지")
    await host.say("하늘 어디 갔어?")
    await sea.hears("하늘 어디 갔어?", by=HOST)
    await sky.visitor.go_online()

    await sky.hears("하늘 어디 갔어?", by=HOST)
    await expect(sky.page.get_by_test_id("connection-banner")).to_be_hidden()
    await expect(host.person(SKY)).not_to_have_class("away")
    await sky.vote(NOODLES)
    await talk.goes_on()
    await sea.sees(HOST, SKY)
