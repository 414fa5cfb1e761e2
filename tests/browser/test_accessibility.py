"""For everybody: a walk by the keyboard alone, and what can be measured on every screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.accessibility import findings, tab_to
from tests.browser.pages.account import AccountForm, sign_up
from tests.browser.pages.parties import Arrive
from tests.browser.pages.people import MemberPage, join, record
from tests.browser.pages.posts import Editor
from tests.browser.pages.visitor import DESKTOP, PASSWORD, PHONE, Visitor
from tests.browser.pages.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.pages]

SEA = ("bada", "바다")
OUTSIDE = ("/", "/login", "/signup", "/live", "/map", "/posts/1", "/places/1", "/members/bada")
INSIDE = (
    "/",
    "/vote",
    "/search",
    "/search?q=냉면",
    "/search?q=bada&tab=people",
    "/live",
    "/members/bada",
    "/members/bada?tab=lives",
    "/members/bada/followers",
    "/posts/new",
    "/posts/1",
    "/me",
    "/me/edit",
    "/me/security",
    "/me/data",
    "/me/blocks",
)
ADMINS = ("/admin", "/admin?tab=members", "/admin?tab=reports", "/admin?tab=storage", "/stats")


@pytest.fixture
def here(server: Callable[..., Any]) -> Any:
    return server(WAGU_RATE_LIMITS="off")


async def test_sign_up_write_and_follow_by_the_keyboard_alone(here: Any, arrive: Arrive) -> None:
    sea = await arrive(here, SEA[1])
    await join(sea, SEA[0])
    await record(sea, "물냉면", "public")
    jimin = await arrive(here, "지민", DESKTOP)
    page, keys = jimin.page, jimin.page.keyboard
    await jimin.open("/signup")
    form = AccountForm(page, ko("auth.signup"))
    for field, text in ((form.username, "jimin"), (form.password, PASSWORD), (form.name, "지민")):
        await tab_to(page, field)
        await keys.type(text)
    await keys.press("Enter")
    await expect(page.locator(".me-link:visible")).to_contain_text("지민")

    create = page.get_by_role("button", name=ko("nav.create")).locator("visible=true").first
    await tab_to(page, create)
    meal = page.get_by_role("link", name=ko("create.meal"))
    await keys.press("Enter")
    await expect(meal).to_be_visible()
    await keys.press("Escape")
    await expect(meal).to_have_count(0)
    await expect(create).to_be_focused()
    await keys.press("Enter")
    await tab_to(page, meal)
    await keys.press("Enter")
    editor = Editor(jimin)
    await expect(editor.form).to_be_visible()
    await tab_to(page, editor.cards.first.locator("[name=menu-name]"))
    await keys.type("비빔냉면")
    place = editor.place.locator(".place-choose")
    await tab_to(page, place)
    await keys.press("Enter")
    search = editor.sheet.get_by_label(ko("write.place_search"))
    await expect(search).to_be_visible()
    if not await search.evaluate("(e) => e === document.activeElement"):
        await tab_to(page, search)
    await keys.type("물냉면")
    known = editor.sheet.get_by_role("region", name=ko("write.place_known"))
    await tab_to(page, known.get_by_role("button", name="물냉면 집").first)
    await keys.press("Enter")
    await expect(place).to_be_focused()
    await expect(editor.place).to_contain_text("물냉면 집")
    await tab_to(page, editor.form.get_by_test_id("category").get_by_role("button").first)
    await keys.press("Enter")
    await tab_to(page, editor.form.locator("[type=submit]"))
    await keys.press("Enter")
    await expect(page.get_by_test_id("post")).to_contain_text("비빔냉면")

    await jimin.open("/members/bada")
    at_sea = MemberPage(jimin, *SEA)
    await tab_to(page, at_sea.follow)
    await keys.press("Space")
    await expect(at_sea.following).to_be_focused()
    await expect(at_sea.count("people.followers")).to_contain_text("1")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_screen_keeps_what_can_be_measured(
    here: Any, arrive: Arrive, device: dict[str, Any]
) -> None:
    sea, nobody = await arrive(here, SEA[1], device), await arrive(here, "누구", device)
    await join(sea, SEA[0])
    await record(sea, "물냉면", "public", photo=True)
    found = [f"out {each}" for each in await sweep(nobody, OUTSIDE)]
    found += await sweep(sea, INSIDE)
    admin = await arrive(here, "관리", device)
    link = re.search(r"/setup/[\w-]+", here.log)
    assert link
    await sign_up(admin, "admin", at=link[0])
    found += await sweep(admin, ADMINS)
    assert found == []


async def test_the_measuring_finds_what_is_wrong(here: Any, arrive: Arrive) -> None:
    visitor = await arrive(here, "누구", PHONE)
    await visitor.open("/login")
    await expect(visitor.page.get_by_role("main").locator("h1")).to_be_attached()
    await expect(visitor.page.locator(".loading, .spinner")).to_have_count(0)
    assert await findings(visitor.page) == []
    await visitor.page.evaluate(FAULTS)
    # What has not come yet has no size on the screen either.
    await visitor.page.evaluate("() => Promise.all([...document.images].map((i) => i.decode()))")
    kinds = {each.partition(":")[0] for each in await findings(visitor.page)}
    wrong = {"no name", "no alt", "no size", "levels of headings", "tabindex", "20x20"}
    assert kinds == wrong | {"scrolls sideways", "contrast 2.9"}


FAULTS = """
() => document.querySelector('.auth-box').insertAdjacentHTML('beforeend', `
  <button style="width: 20px; height: 20px; padding: 0; border: 0"></button>
  <img src="/static/favicon.svg">
  <h4>Deep</h4>
  <p tabindex="3" style="color: #ff6b00">orange on white</p>
  <p style="width: 2000px">wide</p>`)
"""


async def sweep(visitor: Visitor, paths: tuple[str, ...]) -> list[str]:
    found = []
    for path in paths:
        await visitor.open(path)
        await expect(visitor.page.get_by_role("main").locator("h1").first).to_be_attached()
        await expect(visitor.page.locator(".loading, .spinner")).to_have_count(0)
        found += [f"{path} {each}" for each in await findings(visitor.page)]
    return found
