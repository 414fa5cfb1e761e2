"""After a reload, a killed server, a lost network: everyone is back by themselves, and quickly."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
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
from tests.clients.waiting import in_time

pytestmark = pytest.mark.browser

BACK_WITHIN = 5.0  # seconds
READY_WITHIN = 2.0
STOPPED_WITHIN = 3.0


@pytest.fixture
def chromium(chromium: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """Lets the server go first, and has a slower camera: in life, browsers with their encoders do
    not share two cores with a server that starts."""
    program = tmp_path / "chromium"
    program.write_text(f'#!/bin/sh\nexec nice -n 10 "{chromium["executable_path"]}" "$@"\n')
    program.chmod(0o755)
    camera = "--use-fake-device-for-media-stream"
    args = [f"{each}=fps=10" if each == camera else each for each in chromium["args"]]
    return chromium | {"executable_path": program, "args": args}


async def test_a_guest_reloads_in_the_middle_of_everything(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    host, sky, sea = rooms = await three_friends(arrive, server())
    await host.nominate_known(NOODLES, typed="을지")
    await host.nominate_known(PORK, typed="금돼지")
    await sky.vote(PORK)
    await sky.done()
    await sky.say("나는 골랐어")
    talk = await Conversation.among(*rooms)
    await talk.voices[1].mute()

    async def reload() -> float:
        begun = time.monotonic()
        await sky.page.reload(wait_until="commit")
        return await talk.voices[1].packets_keep_coming(talk.ids[0], talk.ids[2]) - begun

    await in_time(reload, "hears everyone after a reload", within=BACK_WITHIN)

    assert await sky.my_id() == talk.ids[1]
    await sky.sees(HOST, SEA)
    await sky.hears("나는 골랐어", by=SKY)
    await sky.has_voted(PORK)
    await sky.has_voted(NOODLES, on=False)
    await expect(sky.me).to_have_attribute("data-done", "true")
    await asyncio.gather(talk.voices[0].sees_muted(SKY), talk.voices[2].sees_muted(SKY))
    await talk.voices[1].unmute()
    await talk.goes_on()
    await talk.everyone_hears_everyone()
    await sea.sees(HOST, SKY)


async def test_everyone_is_back_after_the_server_was_killed(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server()
    rooms = await three_friends(arrive, here)
    talk = await Conversation.among(*rooms)
    await rooms[1].say("잘 들려?")
    studio, fan = (
        Studio(await arrive(here, "유나", PHONE)),
        Watch(await arrive(here, "도윤", PHONE)),
    )
    await studio.visitor.become_member()
    await studio.prepare("불 앞에서")
    await fan.by_link(await studio.go_live())
    await fan.sees_picture()
    for visitor in (*(room.visitor for room in rooms), studio.visitor, fan.visitor):
        visitor.outlives_a_restart()

    async def kill_and_restart() -> float:
        for voice in talk.voices:
            await voice.has_lost_the_connection()
        await fan.has_lost_the_connection()
        killed = time.monotonic()
        here.kill()
        ready: float = await asyncio.to_thread(here.start)
        voices, live = await asyncio.gather(talk.goes_on(), back(fan))
        print(
            f"figure: server ready after {ready:.2f} s, voices back after {voices - killed:.2f} s, "
            f"live back after {live - killed:.2f} s"
        )
        # A machine on which the start alone takes longer than the two seconds it may take is busy
        # with something else: by as much the five seconds stretch.
        return (max(voices, live) - killed) / max(1.0, ready / READY_WITHIN)

    await in_time(kill_and_restart, "everyone is back after a kill -9", within=BACK_WITHIN)

    await talk.everyone_hears_everyone()
    await rooms[0].sees(SKY, SEA)
    await rooms[0].hears("잘 들려?", by=SKY)
    await rooms[0].say("응, 다시 들려")
    await rooms[2].hears("응, 다시 들려", by=HOST)
    await studio.is_in("on_air")
    await fan.hears_sound()

    stopped_after = await asyncio.to_thread(here.interrupt)
    print(f"figure: stopped {stopped_after:.2f} s after Ctrl-C")
    assert stopped_after < STOPPED_WITHIN


async def back(fan: Watch) -> float:
    """The moment at which a viewer sees a moving picture again."""
    await fan.sees_picture()
    return time.monotonic()


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
