"""The link goes to friends: by the phone's own share sheet, and to members only where asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.pages.parties import HOST, SKY, Arrive
from tests.browser.pages.visitor import PHONE
from tests.browser.pages.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.pages]

SHARE_SHEET = """
window.given = [];
navigator.share = (data) => { window.given.push(data); return Promise.resolve(); };
"""


async def test_a_members_only_map_is_made_and_shared(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server()
    host = await arrive(here, HOST, PHONE)
    await host.context.add_init_script(SHARE_SHEET)
    await host.become_member()
    page = host.page
    await host.open("/vote")
    await page.get_by_role("button", name=ko("map.new")).first.click()
    sheet = page.get_by_test_id("create-map")
    await sheet.get_by_label(ko("vote.map_title")).fill("회원 모임")
    await sheet.get_by_role("switch").check()
    await sheet.get_by_role("button", name=ko("vote.create")).click()

    invite = page.get_by_test_id("share-sheet")
    link = await invite.get_by_test_id("share-link").input_value()
    await expect(invite).to_contain_text(ko("share.only_here"))  # a test's server is at 127.0.0.1
    await invite.get_by_role("button", name=ko("share.share")).click()
    given = await page.evaluate("window.given")
    assert [each["url"] for each in given] == [link]
    assert "회원 모임" in given[0]["title"]

    stranger = await arrive(here, SKY, PHONE)
    await stranger.open(link)
    gate = stranger.page.get_by_test_id("gate")
    await expect(gate).to_contain_text(ko("map.gate_account"))
    await expect(gate.get_by_label(ko("map.gate_name"), exact=True)).to_be_hidden()
