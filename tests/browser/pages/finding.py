"""Finding: the home feed, a place's page, search, the explore map, and meals to find."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.pages.people import upload
from tests.browser.pages.visitor import Visitor
from tests.browser.pages.words import ko


async def eat(
    visitor: Visitor, place: int, menu: str, category: str = "한식", *, photo: str | None = None
) -> int:
    """Record a meal without the form; the id of the record."""
    dish = {"name": menu, "price": 13000, "text": "", "photo_id": photo, "main": True}
    post: dict[str, Any] = {
        "place_id": place,
        "category": category,
        "rating": 4,
        "visibility": "public",
        "text": f"{menu}, 또 먹고 싶다.",
        "text_origin": "own",
        "menus": [dish],
    }
    return int((await visitor.api("POST", "/api/posts", post))["post"]["id"])


async def eat_with_photo(visitor: Visitor, place: int, menu: str, category: str = "한식") -> int:
    return await eat(visitor, place, menu, category, photo=await upload(visitor))


class Home:
    def __init__(self, visitor: Visitor) -> None:
        page = visitor.page
        self.visitor = visitor
        self.cards = page.get_by_test_id("post-card")
        self.feed = page.get_by_test_id("feed")
        self.friends_on_air = page.get_by_role("region", name=ko("home.friends_on_air"))

    async def open(self) -> None:
        await self.visitor.open("/")

    def card(self, menu: str) -> Locator:
        return self.cards.filter(has_text=menu)

    async def show(self, choice: str) -> None:
        """A tab of the feed, or a kind of food."""
        link = self.feed.get_by_role("link", name=choice, exact=True)
        await link.click()
        await expect(link).to_have_attribute("aria-current", "true")


class Search:
    def __init__(self, visitor: Visitor) -> None:
        page = visitor.page
        self.visitor = visitor
        self.field = page.get_by_role("searchbox", name=ko("search.field"))
        self.found = page.get_by_test_id("found")

    async def open(self) -> None:
        """By the button that is on every page."""
        button = self.visitor.page.get_by_role("link", name=ko("nav.search"), exact=True)
        await button.filter(visible=True).click()
        await expect(self.field).to_be_focused()

    async def show(self, tab: str) -> None:
        choices = self.visitor.page.get_by_role("navigation", name=ko("search.kinds"))
        await choices.get_by_role("link", name=ko(f"search.{tab}"), exact=True).click()

    def row(self, name: str) -> Locator:
        return self.found.get_by_role("link").filter(has_text=name)


class Explore:
    def __init__(self, visitor: Visitor) -> None:
        page = visitor.page
        self.visitor = visitor
        self.pins = page.get_by_test_id("pin-place")
        self.heaps = page.get_by_test_id("heap-place")
        self.card = page.get_by_test_id("explore-place")
        self.field = page.get_by_role("combobox", name=ko("map.search"))

    async def open(self, query: str = "") -> None:
        await self.visitor.open(f"/map{query}")

    def pin(self, name: str) -> Locator:
        return self.visitor.page.get_by_role("button", name=name, exact=True)
