"""Signing in elsewhere, in a browser: becoming a member, linking, unlinking, and failures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser.pages.account import AccountPages
from tests.browser.pages.parties import Arrive
from tests.browser.pages.people import confirm, says
from tests.browser.pages.pictures import take
from tests.browser.pages.providers import Doors, open_doors
from tests.browser.pages.visitor import PASSWORD, PHONE, Visitor
from tests.browser.pages.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.pages]


@pytest.fixture
async def doors(tmp_path: Path, free_port: Callable[[], int]) -> AsyncIterator[Doors]:
    async with open_doors(tmp_path / "data", free_port()) as made:
        yield made


def door(visitor: Visitor, provider: str) -> Locator:
    return visitor.page.get_by_role("link", name=ko(f"auth.with_{provider}"), exact=True)


def row(visitor: Visitor, provider: str) -> Locator:
    return visitor.page.get_by_test_id(f"sign-in-{provider}")


async def test_in_by_kakao_then_google_is_linked_and_kakao_goes(
    doors: Doors, arrive: Arrive, test_results: Path
) -> None:
    jimin = await arrive(doors, "지민", PHONE)
    await jimin.open("/me/edit")
    await expect(door(jimin, "kakao")).to_be_visible()
    await take(jimin, test_results, "login-providers-phone")
    await door(jimin, "kakao").click()
    await expect(jimin.page).to_have_url(f"{doors.url}/me/edit")
    await expect(jimin.page.get_by_label(ko("auth.name"), exact=True)).to_have_value("지민")

    await jimin.open("/me/security")
    kakao, google = row(jimin, "kakao"), row(jimin, "google")
    unlink = ko("account.unlink")
    await expect(kakao).to_contain_text(ko("account.last_way_in"))
    await expect(kakao.get_by_role("button")).to_have_count(0)
    jimin.troubles.expect("409 DELETE", "status of 409")
    refused = await jimin.answer("DELETE", "/api/me/identities/kakao")
    assert (await refused.json())["error"]["code"] == "sign_in.last_way_in"

    await google.get_by_role("link").click()
    await expect(google.get_by_role("button")).to_contain_text(unlink)
    await take(jimin, test_results, "security-phone")
    await kakao.get_by_role("button").click()
    await confirm(jimin, unlink)
    await says(jimin, ko("account.unlinked", name="카카오"))
    await expect(kakao).to_contain_text(ko("account.not_linked"))
    await expect(google).to_contain_text(ko("account.last_way_in"))

    pages = AccountPages(jimin)
    await pages.new_password.fill(PASSWORD)
    await pages.make_password.click()
    await says(jimin, ko("account.password_made"))
    await expect(google.get_by_role("button")).to_contain_text(unlink)


async def test_whoever_says_no_there_is_told_and_may_go_on_to_where_they_wanted(
    doors: Doors, arrive: Arrive
) -> None:
    visitor = await arrive(doors, "바다")
    doors.fakes["naver"].refuses = True
    await visitor.open("/login?next=%2Fme%2Fdata")
    await door(visitor, "naver").click()
    problem = visitor.page.get_by_role("alert").get_by_text(ko("error.sign_in.refused"))
    await expect(problem).to_be_visible()
    doors.fakes["naver"].refuses = False
    await door(visitor, "naver").click()
    await expect(visitor.page).to_have_url(f"{doors.url}/me/data")


async def test_a_failing_provider_is_told_in_words(doors: Doors, arrive: Arrive) -> None:
    visitor = await arrive(doors, "바다")
    doors.fakes["google"].issuer = "https://elsewhere.example"
    await visitor.open("/signup")
    await door(visitor, "google").click()
    problem = visitor.page.get_by_role("alert").get_by_text(ko("error.sign_in.provider_failed"))
    await expect(problem).to_be_visible()


async def test_what_is_linked_to_somebody_else_is_said_beside_the_sign_ins(
    doors: Doors, arrive: Arrive
) -> None:
    first, second = await arrive(doors, "지민"), await arrive(doors, "하늘")
    await first.open("/login")
    await door(first, "kakao").click()
    await expect(first.page.locator(".me-link:visible")).to_contain_text("지민")
    await second.become_member()
    await second.open("/me/security")
    await row(second, "kakao").get_by_role("link").click()
    taken = second.page.get_by_test_id("sign-ins").get_by_role("alert")
    await expect(taken).to_have_text(ko("error.sign_in.taken"))
    await expect(second.page).to_have_url(f"{doors.url}/me/security?error=sign_in.taken")


async def test_a_company_has_its_name_on_its_button(doors: Doors, arrive: Arrive) -> None:
    visitor = await arrive(doors, "유나")
    await visitor.open("/signup")
    name = ko("auth.with_other", name="우리 회사")
    await visitor.page.get_by_role("link", name=name, exact=True).click()
    await expect(visitor.page.locator(".me-link:visible")).to_contain_text("지민")


async def test_a_closed_account_opens_again_by_its_provider(doors: Doors, arrive: Arrive) -> None:
    jimin = await arrive(doors, "지민")
    await jimin.open("/login?next=%2Fme%2Fdata")
    await door(jimin, "kakao").click()
    await AccountPages(jimin).close()
    await expect(jimin.page.get_by_test_id("farewell")).to_be_visible()
    await jimin.open("/login?next=%2Fme")
    await door(jimin, "kakao").click()
    restore = jimin.page.get_by_test_id("restore")
    await restore.get_by_role("button", name=ko("auth.restore")).click()
    await says(jimin, ko("auth.restored"))
    await expect(jimin.page).to_have_url(f"{doors.url}/me")
