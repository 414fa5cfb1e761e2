"""Links that lead nowhere (any more) and forms filled in wrongly: what is wrong, and what to do."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from tests.browser.pages.account import AccountForm
from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import Arrive
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PASSWORD, PHONE, Visitor
from tests.browser.pages.words import ko
from wagu.app import create_app
from wagu.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.pages]

NOBODYS = "A" * 22
HOUR = 3600.0


@dataclass
class Moved:
    """An application in this process, whose clock a test can move."""

    url: str = ""
    ahead: float = 0.0

    def clock(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
async def here(free_port: Callable[[], int], tmp_path: Path) -> AsyncIterator[Moved]:
    moved = Moved()
    port = free_port()
    settings = Settings(
        host="127.0.0.1",
        port=port,
        data_dir=tmp_path,
        media_addresses=("127.0.0.1",),
        public_url=f"http://127.0.0.1:{port}",
    )
    app = create_app(settings, clock=moved.clock)
    async with TestServer(app, host="127.0.0.1", port=port):
        moved.url = settings.origin
        yield moved


async def sees_that_a_map_is(visitor: Visitor, reason: str) -> None:
    """unknown, expired or ended; and there is a way on."""
    over = visitor.page.get_by_test_id(f"map-over-{reason}")
    await expect(over.get_by_role("heading", name=ko(f"map.over_{reason}"))).to_be_visible()
    await expect(over).to_contain_text(ko(f"map.over_{reason}_text"))
    await expect(over.get_by_role("link", name=ko("map.new"))).to_be_visible()


async def test_maps_that_are_unknown_expired_or_ended_say_so(here: Moved, arrive: Arrive) -> None:
    host, guest = await arrive(here, "지민"), await arrive(here, "하늘", PHONE)
    guest.troubles.expect(r"404 GET \S*/api/share-maps/", r"410 GET \S*/api/share-maps/")
    guest.troubles.expect(r"status of 4(04|10) .*/api/share-maps/")
    await host.become_member()
    old, ended = [await host.create_share_map(each) for each in ("어제 저녁", "오늘 점심")]

    await guest.open(f"/map/{NOBODYS}")
    await sees_that_a_map_is(guest, "unknown")

    await host.api("DELETE", ended.replace(f"{here.url}/map/", "/api/share-maps/"))
    await guest.open(ended)
    await sees_that_a_map_is(guest, "ended")

    here.ahead = HOUR + 1
    await guest.open(old)
    await sees_that_a_map_is(guest, "expired")


async def test_a_map_for_members_leads_through_the_log_in_and_back(
    here: Moved, arrive: Arrive
) -> None:
    host, friend = await arrive(here, "지민"), await arrive(here, "하늘", PHONE)
    await host.become_member()
    await friend.become_member()
    username = (await friend.api("GET", "/api/session"))["person"]["username"]
    await friend.api("DELETE", "/api/session")
    wish = {"title": "회원 모임", "require_account": True}
    link = (await host.api("POST", "/api/share-maps", wish))["share_map"]["url"]

    await friend.open(link)
    gate = friend.page.get_by_test_id("gate")
    await expect(gate).to_contain_text(ko("map.gate_account"))
    await gate.get_by_role("link", name=ko("map.gate_login")).click()
    form = AccountForm(friend.page, ko("auth.login"))
    await form.username.fill(username)
    await form.password.fill(PASSWORD)
    await form.send.click()
    await Room(friend).is_in()
    await expect(friend.page).to_have_url(link)


async def test_lives_that_are_unknown_or_ended_say_so(here: Moved, arrive: Arrive) -> None:
    host, guest = await arrive(here, "지민"), await arrive(here, "하늘", PHONE)
    guest.troubles.expect(r"404 GET \S*/api/lives/", r"status of 404 .*/api/lives/")
    await host.become_member()
    live = (await host.api("POST", "/api/lives", {"title": "끝난 방송"}))["live"]["id"]
    await host.api("DELETE", f"/api/lives/{live}")

    await guest.open(f"/live/{NOBODYS}")
    unknown = guest.page.get_by_test_id("live-unknown")
    await expect(unknown).to_contain_text(ko("watch.unknown"))
    await unknown.get_by_role("link", name=ko("watch.others")).click()
    await expect(guest.page.get_by_text(ko("live.none"), exact=True)).to_be_visible()

    await Watch(guest).by_link(f"/live/{live}")
    await Watch(guest).is_told_it_ended()
    await host.open(f"/live/{live}")
    await Studio(host).is_told_it_ended(mine=True)


async def test_a_wrong_log_in_keeps_what_was_typed(here: Moved, arrive: Arrive) -> None:
    visitor = await arrive(here, "지민", PHONE)
    visitor.troubles.expect(r"401 POST \S*/api/session", r"status of 401 .*/api/session")
    await visitor.open("/login")
    form = AccountForm(visitor.page, ko("auth.login"))
    await form.send.click()
    blank = visitor.page.get_by_text(ko("auth.required_field"), exact=True)
    await expect(blank).to_have_count(2)

    await form.username.fill("jimin")
    await form.password.fill("not my password")
    await form.send.click()
    await expect(form.problem).to_contain_text(ko("error.auth.bad_credentials"))
    await expect(form.username).to_have_value("jimin")
    await expect(form.password).to_have_value("not my password")


async def test_a_taken_username_is_told_beside_the_field(here: Moved, arrive: Arrive) -> None:
    first, second = await arrive(here, "지민"), await arrive(here, "하늘", PHONE)
    second.troubles.expect(r"409 POST \S*/api/members", r"status of 409 .*/api/members")
    await first.become_member()
    taken = (await first.api("GET", "/api/session"))["person"]["username"]

    await second.open("/signup")
    form = AccountForm(second.page, ko("auth.signup"))
    await form.username.fill(taken)
    await expect(form.username).to_have_accessible_description(ko("error.member.username_taken"))
    await form.password.fill(PASSWORD)
    await form.name.fill("하늘")
    await form.send.click()
    await expect(form.username).to_have_accessible_description(ko("error.member.username_taken"))
    await expect(form.username).to_be_focused()
    await expect(form.password).to_have_value(PASSWORD)
    await expect(form.name).to_have_value("하늘")

    await form.username.fill(f"{taken}2")
    await expect(form.username).to_have_accessible_description(ko("auth.username_free"))
    await form.send.click()
    greeting = second.page.get_by_role("heading", name=ko("home.hello", name="하늘"))
    await expect(greeting).to_be_visible()


async def test_the_page_speaks_english_when_asked(here: Moved, arrive: Arrive) -> None:
    visitor = await arrive(here, "Sky", PHONE)
    await visitor.open("/me")
    await visitor.page.get_by_role("button", name="English").click()
    await expect(visitor.page.get_by_role("link", name="Sign up")).to_be_visible()
    await visitor.page.reload()
    await expect(visitor.page.get_by_role("link", name="Sign up")).to_be_visible()
    await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
