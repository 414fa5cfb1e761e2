"""What a host does about somebody, and what that somebody sees of it."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.browser.pages.words import ko


class Moderation:
    """A moderator's sheets, in a map or a live."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sheet = page.get_by_test_id("person-sheet")
        self.bans = page.get_by_test_id("bans-sheet")

    async def mute(self, name: str) -> None:
        await self._press("mod.mute")
        await self.is_told("mod.muted", name)

    async def remove(self, name: str) -> None:
        await self._press("mod.remove")
        await self.is_told("mod.removed", name)

    async def ban(self, name: str) -> None:
        await self._press("mod.ban")
        question = self.page.get_by_role("alertdialog")
        await expect(question).to_contain_text(ko("mod.ban_ask", name=name))
        await question.get_by_role("button", name=ko("mod.ban")).click()
        await self.is_told("mod.banned", name)

    async def delete_line(self, chat: Locator, name: str) -> None:
        await chat.get_by_role("button", name=ko("chat.about", name=name)).click()
        await self._press("mod.delete")
        await self.is_told("mod.deleted")

    async def lift_ban(self, name: str) -> None:
        row = self.bans.get_by_role("listitem").filter(has_text=name)
        await row.get_by_role("button", name=ko("mod.unban")).click()
        await expect(self.bans).to_contain_text(ko("mod.bans_none"))
        await self.bans.get_by_role("button", name=ko("close")).click()

    async def is_told(self, what: str, name: str = "") -> None:
        await expect(self.page.get_by_test_id("toasts")).to_contain_text(ko(what, name=name))

    async def _press(self, what: str) -> None:
        await self.sheet.get_by_role("button", name=ko(what), exact=True).click()
        await expect(self.sheet).to_be_hidden()
