"""The forms of signing up, of the first administrator, and of logging in."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.pages.visitor import PASSWORD, Visitor
from tests.browser.pages.words import ko


class AccountForm:
    """What the three forms share. `button` is the word on it."""

    def __init__(self, page: Page, button: str) -> None:
        self.username = page.get_by_label(ko("auth.username"), exact=True)
        self.password = page.get_by_label(ko("auth.password"), exact=True)
        self.name = page.get_by_label(ko("auth.name"), exact=True)
        self.send = page.get_by_role("main").get_by_role("button", name=button, exact=True)
        self.problem = page.get_by_role("alert")


async def sign_up(visitor: Visitor, username: str, *, at: str = "/signup") -> None:
    """Through the form; `at` may be the link that makes the first administrator."""
    await visitor.open(at)
    form = AccountForm(
        visitor.page, ko("auth.setup_submit") if at != "/signup" else ko("auth.signup")
    )
    await form.username.fill(username)
    await form.password.fill(PASSWORD)
    await form.name.fill(visitor.name)
    await form.send.click()
    greeting = visitor.page.get_by_role("heading", name=ko("home.hello", name=visitor.name))
    await expect(greeting).to_be_visible()


async def log_out(visitor: Visitor) -> None:
    await visitor.open("/me")
    await visitor.page.get_by_role("button", name=ko("me.logout")).click()
    await expect(visitor.page.get_by_role("link", name=ko("nav.login")).first).to_be_visible()


class AccountPages:
    """The pages below /me."""

    def __init__(self, visitor: Visitor) -> None:
        page = visitor.page
        self.visitor = visitor
        self.name = page.get_by_label(ko("auth.name"), exact=True)
        self.bio = page.locator("textarea[name=bio]")
        self.face_input = page.get_by_test_id("face-input")
        self.face = page.locator(".face-field .avatar img")
        self.remove_face = page.get_by_role("button", name=ko("account.face_remove"))
        self.save = page.get_by_role("button", name=ko("save"), exact=True)
        self.old_password = page.get_by_label(ko("account.password_old"), exact=True)
        self.new_password = page.get_by_label(ko("account.password_new"), exact=True)
        self.change_password = page.get_by_role("button", name=ko("account.password_change"))
        self.make_password = page.get_by_role("button", name=ko("account.password_make"))
        self.closing = page.get_by_test_id("close")
        self.typed = self.closing.locator("input[name=typed]")
        self.password = self.closing.get_by_label(ko("auth.password"), exact=True)
        self.close_now = self.closing.get_by_role("button", name=ko("account.close_do"), exact=True)

    async def close(self, password: str | None = None) -> None:
        """End the account for good, or so it says."""
        session = await self.visitor.api("GET", "/api/session")
        await self.closing.get_by_role("button", name=ko("account.close_begin")).click()
        await self.typed.fill(session["person"]["username"])
        if password is not None:
            await self.password.fill(password)
        await self.close_now.click()
