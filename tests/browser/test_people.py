"""People in a browser: following until one is friends, lists, and blocking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.parties import Arrive
from tests.browser.pages.people import MemberPage, confirm, join, record, says
from tests.browser.pages.pictures import take
from tests.browser.pages.visitor import DESKTOP, PHONE, Visitor
from tests.browser.pages.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.pages]

SKY, SEA = ("kim.sky", "하늘"), ("bada", "바다")


@pytest.fixture
async def pair(server: Callable[..., Any], arrive: Arrive) -> tuple[Visitor, Visitor]:
    """하늘 on a phone, 바다 on a desktop, both members."""
    here = server(WAGU_RATE_LIMITS="off")
    sky, sea = await arrive(here, SKY[1], PHONE), await arrive(here, SEA[1], DESKTOP)
    await asyncio.gather(join(sky, SKY[0]), join(sea, SEA[0]))
    return sky, sea


async def test_who_follow_each_other_are_friends_and_see_what_is_for_friends(
    pair: tuple[Visitor, Visitor], test_results: Path
) -> None:
    sky, sea = pair
    await record(sea, "물냉면", "public", photo=True)
    await record(sea, "비빔냉면", "friends", photo=True)
    at_sea = MemberPage(sky, *SEA)
    await at_sea.open()
    await expect(at_sea.posts).to_have_count(1)
    await expect(at_sea.count("people.followers")).to_contain_text("0")
    await at_sea.follow.click()
    await expect(at_sea.following).to_be_visible()
    await expect(at_sea.count("people.followers")).to_contain_text("1")
    await expect(at_sea.friends).to_have_count(0)

    at_home = MemberPage(sea, *SEA)
    await at_home.open()
    await at_home.count("people.followers").click()
    await expect(sea.page.get_by_text(f"@{SKY[0]}")).to_be_visible()
    await take(sea, test_results, "followers-desktop")
    await MemberPage(sea, *SKY).follow.click()
    await expect(MemberPage(sea, *SKY).following).to_be_visible()
    await sea.page.get_by_role("link", name=SKY[1]).first.click()
    await expect(sea.page.get_by_role("heading", name=SKY[1], level=1)).to_be_visible()
    await expect(MemberPage(sea, *SKY).friends).to_be_visible()

    await at_sea.open()
    await expect(at_sea.friends).to_be_visible()
    await expect(at_sea.posts).to_have_count(2)
    await expect(at_sea.count("people.posts")).to_contain_text("2")
    await take(sky, test_results, "member-phone")
    await at_home.open()
    await take(sea, test_results, "member-own-desktop")


async def test_a_follow_that_fails_is_taken_back_and_says_so(pair: tuple[Visitor, Visitor]) -> None:
    sky, _ = pair
    sky.troubles.expect("ERR_FAILED")
    await sky.page.route("**/follow", lambda route: route.abort())
    at_sea = MemberPage(sky, *SEA)
    await at_sea.open()
    await at_sea.follow.click()
    await says(sky, ko("people.follow_failed", name=SEA[1]))
    await expect(at_sea.follow).to_be_visible()
    await expect(at_sea.count("people.followers")).to_contain_text("0")
    await sky.page.unroute("**/follow")
    await at_sea.follow.click()
    await expect(at_sea.count("people.followers")).to_contain_text("1")


async def test_blocking_asks_hides_each_from_the_other_and_can_be_undone(
    pair: tuple[Visitor, Visitor], test_results: Path
) -> None:
    sky, sea = pair
    await record(sea, "물냉면", "public")
    await sea.api("PUT", f"/api/members/{SKY[0]}/follow")
    at_sea, at_sky = MemberPage(sky, *SEA), MemberPage(sea, *SKY)
    await at_sea.open()
    await expect(at_sea.posts).to_have_count(1)
    await at_sea.more.click()
    await at_sea.block.click()
    await expect(sky.page.get_by_role("alertdialog")).to_contain_text(ko("people.block_text"))
    await take(sky, test_results, "block-phone")
    await confirm(sky, ko("people.block"))
    title = ko("people.blocked_title", name=SEA[1])
    await expect(sky.page.get_by_role("heading", name=title)).to_be_visible()
    await expect(at_sea.posts).to_have_count(0)

    sea.troubles.expect("404")
    await at_sky.open()
    await expect(at_sky.nobody).to_be_visible()
    await take(sea, test_results, "member-nobody-desktop")

    await sky.open("/me/blocks")
    unblock = ko("people.unblock_who", name=SEA[1])
    await sky.page.get_by_role("button", name=unblock).click()
    await expect(sky.page.get_by_text(ko("account.no_blocks"))).to_be_visible()
    await at_sea.open()
    await expect(at_sea.follow).to_be_visible()
    await expect(at_sea.posts).to_have_count(1)


async def test_without_an_account_one_reads_and_is_shown_the_door_to_follow(
    pair: tuple[Visitor, Visitor], arrive: Arrive
) -> None:
    sky, sea = pair
    await record(sea, "물냉면", "public")
    stranger = await arrive(sky, "누구")
    at_sea = MemberPage(stranger, *SEA)
    await at_sea.open()
    await expect(at_sea.posts).to_have_count(1)
    await at_sea.follow_link.click()
    await expect(stranger.page).to_have_url(f"{sky.url}/login?next=%2Fmembers%2F{SEA[0]}")
    await stranger.open(f"/members/{SEA[0]}/followers")
    await expect(stranger.page).to_have_url(
        f"{sky.url}/login?next=%2Fmembers%2F{SEA[0]}%2Ffollowers"
    )
