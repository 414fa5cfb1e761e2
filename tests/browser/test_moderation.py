"""A host among guests, one of whom does not behave: on a map with voices, and in a live."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.moderation import Moderation
from tests.browser.pages.parties import HOST, SEA, SKY, Arrive, Conversation
from tests.browser.pages.room import Room
from tests.browser.pages.stage import Stage
from tests.browser.pages.visitor import PHONE
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser


async def sees_out(room: Room, why: str) -> None:
    room.visitor.troubles.expect(r"403")
    out = room.page.get_by_test_id(f"map-out-{why}")
    await expect(out).to_contain_text(ko(f"mod.out_{why}"))


async def test_a_host_mutes_removes_and_bans(server: Callable[..., Any], arrive: Arrive) -> None:
    here = server()
    host, sky = await arrive(here, HOST, PHONE), await arrive(here, SKY)
    await host.become_member()
    link = await host.create_share_map("금요일 저녁")
    await sky.become_guest()
    at_host, at_sky = await Room.enter(host, link), await Room.enter(sky, link)
    moderation = Moderation(host.page)
    talk = await Conversation.among(at_host, at_sky)

    await at_host.person(SKY).click()
    await moderation.mute(SKY)
    await talk.voices[0].sees_muted(SKY)
    await expect(sky.page.get_by_test_id("toasts")).to_contain_text(ko("mod.muted_by", name=HOST))
    await sky.page.get_by_role("button", name=ko("map.voice_mute")).click()
    await expect(at_host.person(SKY)).to_have_attribute("data-voice", "on")

    await at_sky.say("메롱")
    await at_host.hears("메롱", SKY)
    await moderation.delete_line(at_host.chat, SKY)
    await expect(at_sky.chat).not_to_contain_text("메롱")
    await at_host.show_map()

    await at_host.person(SKY).click()
    await moderation.remove(SKY)
    await sees_out(at_sky, "removed")
    await at_host.sees()
    await sky.page.get_by_role("button", name=ko("mod.back_in")).click()
    await at_sky.is_in()
    await at_host.sees(SKY)

    await at_host.person(SKY).click()
    await moderation.ban(SKY)
    await sees_out(at_sky, "banned")
    await at_host.sees()
    await sky.page.reload()
    await sees_out(at_sky, "banned")
    await sky.context.clear_cookies()
    await sky.become_guest()
    await sky.page.reload()
    await sees_out(at_sky, "network_banned")

    await host.page.get_by_role("button", name=ko("map.host_menu")).click()
    host_sheet = host.page.get_by_test_id("host-sheet")
    await host_sheet.get_by_role("button", name=ko("mod.bans")).click()
    await moderation.lift_ban(SKY)
    await sky.page.reload()
    await at_sky.is_in()
    await at_host.sees(SKY)


async def viewer_is_out(watch: Watch, why: str) -> None:
    """Told, without picture, and without a connection."""
    watch.visitor.troubles.expect(r"403", r"404 DELETE \S*/whep/", r"status of 404 .*/whep/")
    await expect(watch.screen).to_contain_text(ko(f"mod.out_{why}"))
    await expect(watch.page.get_by_test_id("player")).to_be_hidden()

    async def closed() -> bool:
        open_ones = "peers.filter(({connectionState}) => connectionState !== 'closed').length"
        return bool(await watch.page.evaluate(open_ones) == 0)

    await eventually(closed, "the connection is closed")


@pytest.mark.timeout(400)
async def test_a_host_of_a_live_mutes_a_guest_and_shows_a_viewer_out(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server()
    host, sky, sea = await asyncio.gather(
        arrive(here, HOST), arrive(here, SKY, PHONE), arrive(here, SEA)
    )
    await host.become_member()
    for each in (host, sky):
        await each.has_camera(320, 180)
    studio, moderation = Studio(host), Moderation(host.page)
    await studio.prepare("셋이서 냉면")
    path = await studio.go_live()
    guest, viewer = Watch(sky), Watch(sea)
    for each in (guest, viewer):
        await each.visitor.become_guest()
        await each.by_link(path)
        await each.sees_picture()
    at_host, at_guest, at_viewer = Stage(host), Stage(sky), Stage(sea)
    await at_host.invite(SKY)
    size = await at_guest.look()
    await at_guest.go_up()
    await at_viewer.shows(SKY, size)
    await viewer.hears_sound(of=1)

    async def mute_it() -> None:
        await at_host.choose(SKY)
        await moderation.mute(SKY)

    await mute_it()
    await expect(sky.page.get_by_test_id("toasts")).to_contain_text(ko("mod.muted_by", name=HOST))
    await asyncio.gather(*(each.sees_muted(SKY) for each in (at_host, at_viewer)))
    silent = await viewer.seen(1)
    await at_viewer.shows(SKY, size)  # the picture goes on
    assert (await viewer.seen(1)).audio_packets == silent.audio_packets
    await sky.page.get_by_role("button", name=ko("host.unmute")).click()
    await asyncio.gather(*(each.sees_muted(SKY, on=False) for each in (at_host, at_viewer)))

    async def heard_again() -> bool:
        return (await viewer.seen(1)).audio_packets > silent.audio_packets + 20

    await eventually(heard_again, "the guest is heard again")

    await person_sheet(host.page, SEA)
    await moderation.remove(SEA)
    await viewer_is_out(viewer, "removed")
    await studio.counts_viewers(1)
    await sea.page.get_by_role("button", name=ko("mod.back_in")).click()
    await viewer.sees_picture()

    await person_sheet(host.page, SEA)
    await moderation.ban(SEA)
    await viewer_is_out(viewer, "banned")
    await studio.counts_viewers(1)
    await sea.page.reload()
    await expect(viewer.screen).to_contain_text(ko("mod.out_banned"))
    await at_guest.shows_host((320, 180))


async def person_sheet(page: Page, name: str) -> None:
    """Look who watches, and choose somebody."""
    await page.get_by_test_id("viewers").click()
    people = page.get_by_test_id("people-sheet")
    await people.get_by_role("button", name=name).click()
