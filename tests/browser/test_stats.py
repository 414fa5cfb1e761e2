"""The page of figures: an admin sees a live and a voice room on it, and their lines grow."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.pages.account import sign_up
from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import HOST, SKY, Arrive
from tests.browser.pages.pictures import take
from tests.browser.pages.visitor import PHONE
from tests.browser.pages.words import ko
from tests.clients.guest import Guest
from tests.clients.talker import Talker
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser

POINTS = 6
"""One a second."""


async def points(stream: Locator) -> int:
    """How many figures its line goes through."""
    line = await stream.locator(".stats-bitrate").get_attribute("d")
    return len(re.findall(r"[ML]", line or ""))


async def grows(stream: Locator) -> None:
    """Its line gets longer, and what it stands at is not nothing."""
    begun = await points(stream)

    async def longer() -> bool:
        return await points(stream) >= begun + POINTS

    await eventually(longer, f"{POINTS} more points of a line", within=60)
    bitrate = stream.locator("dl > div").filter(has_text=ko("stats.bitrate")).locator("dd")
    await expect(bitrate).to_have_text(re.compile(r"^([1-9]\d* kbit/s|[\d.]+ Mbit/s)$"))


async def test_an_admin_sees_what_flows(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    here = server()
    admin = await arrive(here, "관리")
    link = re.search(r"/setup/[\w-]+", here.log)
    assert link
    await sign_up(admin, "admin", at=link[0])
    host, sky = await arrive(here, HOST), await arrive(here, SKY, PHONE)
    await host.become_member()
    await host.has_camera(640, 360)
    studio = Studio(host)
    await studio.prepare("그려지는 방송")
    path = await studio.go_live()
    await Watch(sky).by_link(path)
    await Watch(sky).sees_picture()
    map_link = await host.create_share_map("점심")
    talkers = []
    for name in ("바다", "노을"):
        guest = Guest(here.url, name)
        await guest.become_guest()
        await guest.join(map_link.replace(f"{here.url}/", ""))
        talkers.append(Talker(guest))
        await talkers[-1].join()

    await admin.open("/stats")
    rooms = admin.page.get_by_test_id("stats-room")
    await expect(rooms).to_have_count(2)
    live = rooms.filter(has=admin.page.get_by_text(ko("stats.role.publish"), exact=True))
    voice = rooms.filter(has=admin.page.get_by_text(ko("stats.role.talk"), exact=True))
    await expect(live.get_by_text(ko("stats.role.watch"), exact=True)).to_have_count(1)
    await expect(voice.get_by_text(ko("stats.role.talk"), exact=True)).to_have_count(2)
    streams = admin.page.locator(".stats-stream")
    sent = streams.filter(has_text=f"↑ {ko('stats.video')}")
    seen = streams.filter(has_text=f"↓ {ko('stats.video')}").filter(has_not_text="0 kbit/s")
    for stream in (sent.first, seen.first, voice.locator(".stats-stream").first):
        await grows(stream)
    await take(admin, test_results, "stats-desktop")
    await admin.page.set_viewport_size(PHONE["viewport"])
    await take(admin, test_results, "stats-phone")
    for talker in talkers:
        await talker.close()
        await talker.guest.close()

    await sky.open("/stats")
    await expect(sky.page.get_by_text(ko("stats.admins_only"))).to_be_visible()
