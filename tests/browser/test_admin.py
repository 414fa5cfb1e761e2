"""The page of whoever runs the service: rooms as they come, members kept out, storage."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.account import sign_up
from tests.browser.pages.parties import Arrive
from tests.browser.pages.people import confirm, join, says
from tests.browser.pages.pictures import take
from tests.browser.pages.visitor import DESKTOP, PHONE
from tests.browser.pages.words import ko
from tests.clients.guest import Guest

pytestmark = [pytest.mark.browser, pytest.mark.pages]


async def test_an_admin_looks_after_the_service(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    here = server(WAGU_RATE_LIMITS="off")
    admin, sky = await arrive(here, "관리", DESKTOP), await arrive(here, "하늘", PHONE)
    link = re.search(r"/setup/[\w-]+", here.log)
    assert link
    await sign_up(admin, "admin", at=link[0])
    await join(sky, "kim.sky")
    page = admin.page

    await admin.open("/me")
    menu = page.get_by_role("navigation", name=ko("account.menu"))
    await menu.get_by_text(ko("admin.title"), exact=True).click()
    rooms, nodes = page.get_by_test_id("admin-rooms"), page.get_by_test_id("admin-nodes")
    await expect(nodes.get_by_role("listitem")).to_have_count(1)
    await expect(rooms.get_by_text(ko("admin.no_rooms"))).to_be_visible()
    guest = Guest(here.url, "바다")
    await guest.become_guest()
    shared = await sky.create_share_map("점심")
    await guest.join(shared.replace(f"{here.url}/", ""))
    await expect(rooms.get_by_role("listitem")).to_have_count(1)
    await expect(rooms.get_by_text(ko("admin.people", n=1))).to_be_visible()
    await expect(nodes.get_by_text(ko("admin.rooms_count", n=1))).to_be_visible()
    assert shared.rpartition("/")[2] not in await page.content(), "the link of a map is its key"
    await take(admin, test_results, "admin-overview-desktop")

    await sky.open("/members/admin")
    await sky.page.get_by_role("button", name=ko("people.more", name="관리")).click()
    await sky.page.get_by_role("button", name=ko("report.open"), exact=True).click()
    sheet = sky.page.get_by_test_id("report")
    await sheet.get_by_label(ko("report.words")).fill("광고를 자꾸 올려요")
    await take(sky, test_results, "report-phone")
    await sheet.get_by_role("button", name=ko("report.reason_spam")).click()
    await says(sky, ko("report.sent"))

    await page.get_by_role("link", name=ko("admin.reports"), exact=True).click()
    reports = page.get_by_test_id("admin-reports")
    await expect(reports.get_by_text("광고를 자꾸 올려요")).to_be_visible()
    await take(admin, test_results, "admin-reports-desktop")
    await reports.get_by_role("button", name=ko("admin.dismiss")).click()
    await expect(page.get_by_text(ko("admin.no_reports"))).to_be_visible()

    await page.get_by_role("link", name=ko("admin.members"), exact=True).click()
    members = page.get_by_test_id("admin-members")
    await expect(members.get_by_role("listitem")).to_have_count(2)
    await page.get_by_label(ko("admin.find")).fill("sky")
    await expect(members.get_by_role("listitem")).to_have_count(1)
    await members.get_by_role("button", name=ko("admin.suspend_who", name="하늘")).click()
    await take(admin, test_results, "admin-question-desktop")
    await confirm(admin, ko("admin.suspend"))
    await says(admin, ko("admin.suspend_done", name="하늘"))
    await expect(members.get_by_text(ko("admin.standing_suspended"))).to_be_visible()
    await take(admin, test_results, "admin-members-desktop")
    assert (await sky.api("GET", "/api/session"))["person"] is None

    await page.get_by_role("link", name=ko("admin.storage"), exact=True).click()
    storage = page.get_by_test_id("admin-storage")
    await expect(storage.get_by_text(ko("admin.database"))).to_be_visible()
    await expect(storage.get_by_text(ko("admin.free"))).to_be_visible()
    await take(admin, test_results, "admin-storage-desktop")
    await page.set_viewport_size(PHONE["viewport"])
    for tab in ("overview", "members", "storage"):
        await admin.open(f"/admin?tab={tab}")
        await expect(
            page.get_by_test_id(f"admin-{'nodes' if tab == 'overview' else tab}")
        ).to_be_visible()
        await take(admin, test_results, f"admin-{tab}-phone")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
    await guest.close()
    await admin.open("/me")
    await page.get_by_role("button", name="English").click()
    await admin.open("/admin?tab=members")
    await expect(page.get_by_text("Let in again")).to_be_visible()
    await take(admin, test_results, "admin-members-english-phone")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await sky.open("/admin")
    await expect(sky.page.get_by_text(ko("stats.admins_only"))).to_be_visible()
