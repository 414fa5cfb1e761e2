"""A member's page, the lists of people, and what is done before a walk begins."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from playwright.async_api import Locator, expect

from tests.browser.pages.visitor import PASSWORD, Visitor
from tests.browser.pages.words import ko


class MemberPage:
    """Somebody's page, as `visitor` sees it."""

    def __init__(self, visitor: Visitor, username: str, name: str) -> None:
        page = visitor.page
        self.visitor = visitor
        self.path = f"/members/{username}"
        self.follow = page.get_by_role("button", name=ko("people.follow_who", name=name))
        self.follow_link = page.get_by_role("link", name=ko("people.follow_who", name=name))
        self.following = page.get_by_role("button", name=ko("people.unfollow_who", name=name))
        self.more = page.get_by_role("button", name=ko("people.more", name=name))
        self.block = page.get_by_role("button", name=ko("people.block_who", name=name))
        self.friends = page.get_by_role("main").get_by_text(ko("people.friends"), exact=True)
        self.posts = page.get_by_test_id("post-card")
        self.nobody = page.get_by_test_id("nobody")

    async def open(self) -> None:
        await self.visitor.open(self.path)

    def count(self, key: str) -> Locator:
        """The link that says how many there are."""
        return self.visitor.page.locator(".member-counts a").filter(has_text=ko(key))


async def join(visitor: Visitor, username: str) -> None:
    """Become a member of that username without the form."""
    member = {"username": username, "password": PASSWORD, "name": visitor.name}
    await visitor.api("POST", "/api/members", member)


async def record(visitor: Visitor, menu: str, visibility: str, *, photo: bool = False) -> None:
    """Write a post without the form."""
    taken = await upload(visitor) if photo else None
    menus = [{"name": menu, "price": 14000, "text": "", "photo_id": taken, "main": True}]
    post: dict[str, Any] = {
        "place": {"name": f"{menu} 집", "at": [37.5662, 126.9915]},
        "category": "한식",
        "visibility": visibility,
        "text": "국물이 시원해요.",
        "text_origin": "own",
        "menus": menus,
    }
    await visitor.api("POST", "/api/posts", post)


async def upload(visitor: Visitor) -> str:
    answer = await visitor.context.request.post(
        f"{visitor.url}/api/photos",
        data=bowl(),
        headers={"Origin": visitor.url, "Content-Type": "image/jpeg"},
    )
    assert answer.ok, await answer.text()
    return str((await answer.json())["photo"]["id"])


def bowl() -> bytes:
    """A JPEG of something round on a table."""
    picture = Image.new("RGB", (640, 480), "#b4632b")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((140, 60, 500, 420), fill="#fff6ee")
    draw.ellipse((190, 110, 450, 370), fill="#ff6b00")
    content = BytesIO()
    picture.save(content, "JPEG")
    return content.getvalue()


async def says(visitor: Visitor, text: str) -> None:
    """A toast."""
    await expect(visitor.page.get_by_test_id("toasts").get_by_text(text)).to_be_visible()


async def confirm(visitor: Visitor, button: str) -> None:
    """Answer the question that is being asked."""
    asked = visitor.page.get_by_role("alertdialog")
    await asked.get_by_role("button", name=button, exact=True).click()
    await expect(asked).to_have_count(0)
