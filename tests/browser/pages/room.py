"""The shared map's room: people, map, ballot, chat; on a phone behind tabs, else side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.pages.visitor import Visitor
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually


@dataclass(frozen=True)
class Result:
    """What a result sheet says."""

    title: str
    winners: list[str]
    counts: dict[str, str]


class Room:
    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.map = self.page.get_by_test_id("map")
        self.people = self.page.get_by_test_id("people")
        self.me = self.page.get_by_test_id("person-me")
        self.nominees = self.page.get_by_test_id("nominees")
        self.progress = self.page.get_by_test_id("ballot-progress")
        self.result = self.page.get_by_test_id("result")
        self.search = self.page.get_by_role("region", name=ko("map.ballot")).get_by_role("combobox")
        self.chat = self.page.get_by_test_id("chat-lines")

    # ------------------------------------------------------------------------------------- the door

    @classmethod
    async def enter(cls, visitor: Visitor, link: str) -> Room:
        """Open the link and be in the room; a name is given where one is asked for."""
        await visitor.open(link)
        room = cls(visitor)
        gate = visitor.page.get_by_test_id("gate")
        await expect(gate.or_(visitor.page.get_by_test_id("room"))).to_be_visible()
        if await gate.is_visible():
            await gate.get_by_label(ko("map.gate_name"), exact=True).fill(visitor.name)
            await gate.get_by_role("button", name=ko("map.gate_enter")).click()
        await room.is_in()
        return room

    async def is_in(self) -> None:
        await expect(self.page.locator("[data-testid=room][data-phase=in]")).to_be_visible()

    # --------------------------------------------------------------------------------------- people

    def person(self, name: str) -> Locator:
        """Somebody else's face."""
        by_name = self.page.get_by_text(name, exact=True)
        return self.people.get_by_test_id("person").filter(has=by_name)

    async def sees(self, *names: str) -> None:
        """Exactly these others, and oneself."""
        await expect(self.people.get_by_role("listitem")).to_have_count(len(names) + 1)
        for name in names:
            await expect(self.person(name)).to_be_visible()

    async def my_id(self) -> str:
        return str(await self.me.get_attribute("data-person"))

    # ----------------------------------------------------------------------------------------- look

    async def point_at(self, x: float, y: float) -> None:
        """Move the mouse over the map: pixels from its corner."""
        box = await self._map_box()
        await self.page.mouse.move(box["x"] + x, box["y"] + y, steps=5)

    async def touch(self, x: float, y: float) -> None:
        box = await self._map_box()
        await self.page.touchscreen.tap(box["x"] + x, box["y"] + y)

    async def drag_map(self, dx: float, dy: float) -> None:
        box = await self._map_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.mouse.move(x + dx, y + dy, steps=8)
        await self.page.mouse.up()

    async def sees_pointer(self, name: str, at: tuple[float, float] | None = None) -> None:
        """A friend's cursor with their name; `at`: pixels of our own map, to within three."""
        cursor = self.page.locator(".friend.points").filter(has_text=name)
        await expect(cursor.locator(".friend-name")).to_have_text(name)
        await expect(cursor.locator(".friend-name")).to_be_visible()
        if at is not None:
            await eventually(lambda: self._is_near(cursor, at), f"{name} points at {at}")

    async def follow(self, name: str) -> None:
        await self.person(name).click()
        await expect(self.page.get_by_test_id("following")).to_contain_text(
            ko("map.following", name=name)
        )

    async def unfollow(self, name: str) -> None:
        await self.person(name).click()
        await expect(self.page.get_by_test_id("following")).to_be_hidden()

    @property
    def view(self) -> list[float]:
        """Latitude, longitude and zoom that this page last told the server it looks at."""
        return list(self.visitor.wire.said["look"]["view"])

    async def _map_box(self) -> Any:
        box = await self.map.bounding_box()
        assert box is not None
        return box

    async def _is_near(self, cursor: Locator, at: tuple[float, float]) -> bool:
        x, y = await cursor.evaluate(
            "(e) => { const m = new DOMMatrix(getComputedStyle(e).transform); return [m.e, m.f]; }"
        )
        return bool(abs(x - at[0]) <= 3 and abs(y - at[1]) <= 3)

    # ----------------------------------------------------------------------------------------- chat

    async def say(self, text: str) -> None:
        await self.show("chat")
        await self.page.get_by_label(ko("chat.placeholder")).fill(text)
        await self.page.get_by_role("button", name=ko("chat.send")).click()

    async def hears(self, text: str, by: str) -> None:
        await self.show("chat")
        line = self.chat.get_by_role("listitem").filter(has_text=text)
        await expect(line).to_have_count(1)
        await expect(line).to_contain_text(by)

    async def show(self, tab: str) -> None:
        """Bring a part of the panel up; on a desktop it is there anyway."""
        button = self.page.get_by_role("tab", name=ko(f"map.tab_{tab}"))
        if await button.count() == 0:
            return
        handle = self.page.get_by_role("button", name=ko("map.panel_toggle"))
        is_low = await handle.get_attribute("aria-expanded") == "false"
        if is_low or await button.get_attribute("aria-selected") != "true":
            await button.click()
        await expect(button).to_have_attribute("aria-selected", "true")
        await expect(handle).to_have_attribute("aria-expanded", "true")

    # --------------------------------------------------------------------------------------- ballot

    async def put_card_away(self) -> None:
        """The card of a pin that was chosen."""
        card = self.page.get_by_test_id("place-card")
        await card.get_by_role("button", name=ko("close")).click()
        await expect(card).to_be_hidden()

    async def pull_panel_up(self) -> None:
        """All the way, as a finger does."""
        box = await self.page.get_by_role("button", name=ko("map.panel_toggle")).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.mouse.move(x, y - 8)  # it is taken along from here on
        await self.page.mouse.move(x, 0, steps=10)
        await self.page.mouse.up()
        await expect(self.page.get_by_test_id("panel")).to_contain_class("full")

    async def show_map(self) -> None:
        """Push the panel down, where there is one over the map."""
        handle = self.page.get_by_role("button", name=ko("map.panel_toggle"))
        if await handle.count() and await handle.get_attribute("aria-expanded") == "true":
            await handle.click()
            await expect(handle).to_have_attribute("aria-expanded", "false")

    def nominee(self, name: str) -> Locator:
        return self.nominees.get_by_test_id("nominee").filter(
            has=self.page.get_by_text(name, exact=True)
        )

    async def nominate_known(self, name: str, typed: str) -> None:
        """Find a known place by a part of its name."""
        await self.show("ballot")
        await self.search.fill(typed)
        await self.page.get_by_role("option").filter(has_text=name).first.click()
        card = self.page.get_by_test_id("place-card")
        await card.get_by_role("button", name=ko("map.nominate")).click()
        await self.show("ballot")
        await expect(self.nominee(name)).to_be_visible()

    async def nominate_spot(self, name: str, x: float, y: float, category: str) -> None:
        """Tap the map and give the spot a name."""
        await self.page.get_by_test_id("nominate-mode").click()
        await self.map.click(position={"x": x, "y": y})
        card = self.page.get_by_test_id("draft-card")
        await card.get_by_label(ko("map.draft_name")).fill(name)
        await card.get_by_role("button", name=category, exact=True).click()
        await card.get_by_role("button", name=ko("map.nominate")).click()
        await expect(card).to_be_hidden()

    async def sees_nominees(self, *names: str) -> None:
        await self.show("ballot")
        await expect(self.nominees.get_by_test_id("nominee")).to_have_count(len(names))
        for name in names:
            await expect(self.nominee(name)).to_be_visible()

    async def sees_pins(self, first: str, second: str) -> tuple[float, float]:
        """Exactly these nominees are on the map; how far, at zoom 0, the second is from the first:
        pixels to the right and down."""
        pins = self.map.locator(".pin-nominee, .pin-voted, .pin-winner")
        await expect(pins).to_have_count(2)
        corners = []
        for name in (first, second):
            disc = pins.filter(has_text=name).locator(".pin-disc")
            await expect(disc).to_be_visible()
            box = await disc.bounding_box()
            assert box is not None
            corners.append((box["x"], box["y"]))
        scale = 2 ** self.view[2]
        (x, y), (right, down) = corners
        return (right - x) / scale, (down - y) / scale

    def vote_button(self, name: str) -> Locator:
        return self.nominee(name).get_by_role("button", name=ko("map.vote_for", name=name))

    async def vote(self, *names: str) -> None:
        await self.show("ballot")
        for name in names:
            await self.vote_button(name).click()
            await self.has_voted(name)

    async def take_back(self, name: str) -> None:
        await self.show("ballot")
        await self.vote_button(name).click()
        await self.has_voted(name, on=False)

    async def has_voted(self, name: str, *, on: bool = True) -> None:
        await self.show("ballot")
        pressed = "true" if on else "false"
        await expect(self.vote_button(name)).to_have_attribute("aria-pressed", pressed)

    async def withdraw(self, name: str) -> None:
        """One's own nominee."""
        await self.show("ballot")
        button = self.nominee(name).get_by_role("button", name=ko("map.withdraw_name", name=name))
        await button.click()
        await expect(self.nominee(name)).to_be_hidden()

    async def done(self) -> None:
        await self.show("ballot")
        await self.page.get_by_role("button", name=ko("map.done")).click()

    async def close_ballot(self) -> None:
        """The host does not wait for everyone."""
        await self.show("ballot")
        await self.page.get_by_role("button", name=ko("map.close_ballot")).click()
        question = self.page.get_by_role("alertdialog")
        await question.get_by_role("button", name=ko("map.close_ballot")).click()

    async def call_run_off(self) -> None:
        await self.result.get_by_role("button", name=ko("map.run_off")).click()

    async def sees_result(self) -> Result:
        """Wait for the sheet and read it."""
        await expect(self.result).to_be_visible()
        winners = self.result.get_by_test_id("winner").locator("b")
        counts = {}
        for row in await self.result.get_by_test_id("count").all():
            name = await row.locator("span").first.evaluate("(e) => e.firstChild.data")
            counts[name.strip()] = str(await row.get_attribute("data-count"))
        title = self.result.get_by_role("heading").first
        return Result(await title.inner_text(), await winners.all_inner_texts(), counts)

    async def close_result(self) -> None:
        await self.result.get_by_role("button", name=ko("close")).click()

    # ----------------------------------------------------------------------------------------- host

    async def end_map(self) -> None:
        await self.page.get_by_role("button", name=ko("map.host_menu")).click()
        await (
            self.page.get_by_test_id("host-sheet").get_by_role("button", name=ko("map.end")).click()
        )
        question = self.page.get_by_role("alertdialog")
        await question.get_by_role("button", name=ko("map.end")).click()

    async def is_told_it_ended(self) -> None:
        over = self.page.get_by_test_id("map-over-ended")
        await expect(over).to_contain_text(ko("map.over_ended"))
        await expect(over.get_by_role("link", name=ko("notfound.home"))).to_be_visible()
