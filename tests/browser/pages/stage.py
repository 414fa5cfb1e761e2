"""A live's stage: the host's way to invite, the invited one's way up and down, and who is seen."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.browser.pages.visitor import Visitor
from tests.browser.pages.words import ko
from tests.clients.waiting import eventually

LOOK = "(v) => [v.videoWidth, v.videoHeight, v.getVideoPlaybackQuality().totalVideoFrames]"


def layers_of(camera: tuple[int, int]) -> set[tuple[int, int]]:
    """The sizes it is sent in, as far as the machine can make them all."""
    return {(camera[0] // by, camera[1] // by) for by in (1, 2, 4)}


class Stage:
    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page
        self.tiles = self.page.get_by_test_id("stage")
        self.asked = self.page.get_by_test_id("stage-invite")

    async def invite(self, name: str) -> None:
        """By the host, who looks who is there."""
        await self.page.get_by_test_id("viewers").click()
        people = self.page.get_by_test_id("people-sheet")
        await people.get_by_role("button", name=name).click()
        sheet = self.page.get_by_test_id("person-sheet")
        await sheet.get_by_role("button", name=ko("stage.invite")).click()
        await expect(self.tile(name)).to_contain_text(ko("stage.invited"))

    async def look(self) -> tuple[int, int]:
        """Turn the camera on before saying yes; the size of one's own picture."""
        await self.asked.get_by_role("button", name=ko("stage.look")).click()
        preview = self.asked.get_by_test_id("preview")
        await expect(preview).to_be_visible()
        size = await eventually(
            lambda: preview.evaluate("(v) => v.videoWidth && [v.videoWidth, v.videoHeight]"),
            "a picture of oneself",
        )
        return int(size[0]), int(size[1])

    async def only_with_sound(self) -> None:
        await self.asked.get_by_role("button", name=ko("stage.sound_only")).click()
        await expect(self.asked.locator(".sound-only")).to_be_visible()

    async def go_up(self) -> None:
        await self.asked.get_by_role("button", name=ko("stage.accept")).click()
        await expect(self.asked).to_be_hidden()

    async def go_down(self) -> None:
        # The server has ended the connection before the page says good-bye to it.
        self.visitor.troubles.expect(r"404 DELETE \S*/whip/", r"status of 404 .*/whip/")
        await self.page.get_by_role("button", name=ko("stage.leave")).click()

    async def choose(self, name: str) -> None:
        """By a moderator, from the picture."""
        await self.tile(name).get_by_role("button", name=name, exact=True).click()

    async def sees_muted(self, name: str, *, on: bool = True) -> None:
        await expect(self.tile(name).get_by_text(ko("stage.muted"))).to_have_count(int(on))

    async def all_tiles(self) -> list[Locator]:
        return await self.tiles.get_by_role("listitem").all()

    def tile(self, name: str) -> Locator:
        return self.tiles.get_by_role("listitem").filter(has_text=name)

    async def shows(self, name: str, size: tuple[int, int]) -> None:
        """The guest's picture moves, in a size of theirs."""
        await self._moves(self.tile(name).get_by_test_id("guest-picture"), name, size)

    async def shows_host(self, size: tuple[int, int]) -> None:
        """By what is on the screen: a guest has two connections, and statistics of the newer."""
        await self._moves(self.page.get_by_test_id("player"), "the host", size)

    async def _moves(self, video: Locator, name: str, size: tuple[int, int]) -> None:
        await expect(video).to_be_visible()

        async def look() -> tuple[int, int, int]:
            width, height, frames = await video.evaluate(LOOK)
            return int(width), int(height), int(frames)

        *_, before = await look()

        async def moves() -> bool:
            width, height, frames = await look()
            return (width, height) in layers_of(size) and frames > before + 2

        await eventually(moves, f"{self.visitor.name} sees {name} in {size}")

    async def is_empty(self) -> None:
        # The good-bye of the closed connection itself (DTLS, by UDP) may overtake the one by HTTP.
        self.visitor.troubles.expect(r"404 DELETE \S*/wh[ei]p/", r"status of 404 .*/wh[ei]p/")
        await expect(self.tiles).to_be_hidden()
