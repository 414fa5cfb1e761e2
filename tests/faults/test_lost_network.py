"""A phone without a network for 20 s, of which nobody tells it: it comes back by itself.

What a page waits for when its network is back is TCP: the attempt to open the socket that is under
way sends its SYN again after one and after three seconds, and is given up after four (PROTOCOL.md),
so the room is back within two. A request for media that was sent just before may take three more.
The rest of the eight seconds is for joining, negotiating, and the first sound and picture.
"""

from __future__ import annotations

import asyncio
import time

import pytest
from playwright.async_api import expect

from tests.browser.pages.live import LiveChat, Watch
from tests.browser.pages.parties import HOST, NOODLES, PORK, SKY, Conversation
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PHONE
from tests.clients.waiting import assert_within
from tests.faults.conftest import Lab, go_live

pytestmark = pytest.mark.faults

AWAY_FOR = 20.0  # seconds
BACK_WITHIN = 8.0


async def test_a_phone_comes_back_to_a_shared_map(lab: Lab) -> None:
    here = await lab.serve()
    host, sky = await lab.arrive(here, HOST), await lab.arrive(here, SKY, PHONE)
    await host.become_member()
    await sky.become_guest()
    for name in (NOODLES, PORK):
        await host.add_place(name, 37.5662, 126.9915, "한식")
    link = await host.create_share_map("어디서 먹지")
    home, phone = rooms = [await Room.enter(each, link) for each in (host, sky)]
    await home.nominate_known(NOODLES, typed="을지")
    await phone.vote(NOODLES)
    talk = await Conversation.among(*rooms)

    lab.place_of(sky).down()
    lost = time.monotonic()
    await home.nominate_known(PORK, typed="금돼지")
    await home.vote(PORK)
    await home.say("하늘 어디 갔어?")
    await expect(phone.page.get_by_test_id("connection-banner")).to_be_visible()
    await asyncio.sleep(lost + AWAY_FOR - time.monotonic())
    back = time.monotonic()
    lab.place_of(sky).up()
    heard = await talk.goes_on()
    assert_within(BACK_WITHIN, heard - back, "both heard after 20 s without a network")

    assert await phone.my_id() == talk.ids[1]
    await expect(phone.page.get_by_test_id("connection-banner")).to_be_hidden()
    await phone.hears("하늘 어디 갔어?", by=HOST)
    await phone.sees_nominees(NOODLES, PORK)
    await phone.has_voted(NOODLES)
    await phone.has_voted(PORK, on=False)
    await phone.vote(PORK)
    await phone.say("지하철이었어")
    await home.hears("지하철이었어", by=SKY)
    await asyncio.gather(home.sees(SKY), phone.sees(HOST))
    await expect(home.person(SKY)).not_to_have_class("away")
    await home.close_ballot()
    for result in await asyncio.gather(*(room.sees_result() for room in rooms)):
        assert result.counts == {NOODLES: "1", PORK: "2"}


async def test_a_phone_comes_back_to_a_live(lab: Lab) -> None:
    here = await lab.serve()
    host, fan = await lab.arrive(here, HOST), await lab.arrive(here, SKY, PHONE)
    path = await go_live(host)
    await fan.become_guest()
    studio, watch = LiveChat(host), Watch(fan)
    await watch.by_link(path)
    await watch.goes_on()
    before = await fan.api("GET", "/api/session")

    lab.place_of(fan).down()
    lost = time.monotonic()
    await studio.say("지금 불이 붙었어요")
    await asyncio.sleep(lost + AWAY_FOR - time.monotonic())
    back = time.monotonic()
    lab.place_of(fan).up()
    goes_on = await watch.goes_on()
    assert_within(BACK_WITHIN, goes_on - back, "picture and sound after 20 s without a network")

    assert await fan.api("GET", "/api/session") == before
    await watch.hears("지금 불이 붙었어요", by=HOST)
    await watch.say("다시 보여요")
    await studio.hears("다시 보여요", by=SKY)
    await asyncio.gather(studio.counts_viewers(1), watch.counts_viewers(1))
