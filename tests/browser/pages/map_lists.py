"""The vote tab: open maps, and a new one."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.pages.visitor import Visitor
from tests.browser.pages.words import ko


async def create_share_map(visitor: Visitor, title: str) -> str:
    """From the home page to the new room; the link that was copied there."""
    page = visitor.page
    await page.get_by_role("link", name=ko("home.start_map")).click()
    sheet = page.get_by_test_id("create-map")
    await sheet.get_by_label(ko("vote.map_title")).fill(title)
    await sheet.get_by_role("button", name=ko("vote.create")).click()
    invite = page.get_by_test_id("share-sheet")
    await invite.get_by_role("button", name=ko("share.copy")).click()
    await expect(page.get_by_test_id("toasts")).to_contain_text(ko("share.copied"))
    link = await visitor.clipboard()
    await expect(invite.get_by_test_id("share-link")).to_have_value(link)
    await invite.get_by_role("button", name=ko("close")).click()
    return link
