"""A host among guests, one of whom does not behave: on a map with voices, and in a live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.moderation import Moderation
from tests.browser.pages.parties import HOST, SKY, Arrive, Conversation
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PHONE
from tests.browser.pages.words import ko

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
