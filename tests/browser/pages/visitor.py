"""One person at one browser: a context of their own, one page, and a record of what went wrong."""

from __future__ import annotations

import re
import secrets
from typing import Any

from playwright.async_api import APIResponse, Browser, BrowserContext, Page

from tests.browser.pages import probes
from tests.browser.pages.troubles import Troubles
from tests.browser.pages.wire import Wire
from tests.clients.waiting import PATIENCE

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
PASSWORD = "naengmyeon-2-geureut"


class Visitor:
    """Drives the page like a person; `api` does what a test wants done but not shown."""

    def __init__(
        self, name: str, url: str, context: BrowserContext, page: Page, troubles: Troubles
    ) -> None:
        self.name = name
        self.url = url
        self.context = context
        self.page = page
        self.troubles = troubles
        self.wire = Wire(page)

    @classmethod
    async def arrive(cls, browser: Browser, url: str, name: str, device: dict[str, Any]) -> Visitor:
        """In a fresh Korean browser, on a blank page."""
        context = await browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul", **device)
        await context.grant_permissions(
            ["camera", "microphone", "clipboard-read", "clipboard-write"], origin=url
        )
        context.set_default_timeout(PATIENCE * 1000)
        troubles = Troubles()
        troubles.watch(context)
        await context.add_init_script(probes.WATCH)
        return cls(name, url, context, await context.new_page(), troubles)

    async def open(self, path: str) -> None:
        """A path of the server, or any whole address."""
        await self.page.goto(path if "://" in path else self.url + path)

    async def api(self, method: str, path: str, data: object = None) -> Any:
        """Ask the REST API as this person; the answer's JSON, or None where there is none."""
        answer = await self.answer(method, path, data)
        assert answer.ok, f"{answer.status} {method} {path}: {await answer.text()}"
        return await answer.json() if answer.status != 204 else None

    async def answer(self, method: str, path: str, data: object = None) -> APIResponse:
        """The same, whatever the status."""
        headers = {"Origin": self.url}
        return await self.context.request.fetch(
            self.url + path, method=method, data=data, headers=headers
        )

    async def become_member(self) -> None:
        """Without the form, which has tests of its own."""
        member = {"username": f"m{secrets.token_hex(4)}", "password": PASSWORD, "name": self.name}
        await self.api("POST", "/api/members", member)

    async def become_guest(self) -> None:
        await self.api("POST", "/api/guests", {"name": self.name})

    async def create_share_map(self, title: str) -> str:
        """The link to send to friends."""
        made = await self.api("POST", "/api/share-maps", {"title": title})
        return str(made["share_map"]["url"])

    async def add_place(self, name: str, lat: float, lng: float, category: str) -> dict[str, Any]:
        place = {"name": name, "at": [lat, lng], "category": category}
        added = await self.api("POST", "/api/places", place)
        return dict(added["place"])

    async def has_camera(self, width: int, height: int) -> None:
        """From the next page on: a camera that knows this size only. A small one leaves a machine
        with many browsers time for what a test is about."""
        await self.context.add_init_script(f"({probes.CAMERA})({width}, {height})")

    async def clipboard(self) -> str:
        return str(await self.page.evaluate("navigator.clipboard.readText()"))

    async def go_offline(self) -> None:
        self.troubles.expect(r"ERR_INTERNET_DISCONNECTED", r"WebSocket connection .* failed")
        await self.context.set_offline(True)

    async def go_online(self) -> None:
        await self.context.set_offline(False)

    def outlives_a_restart(self) -> None:
        """What a page cannot help to see while its server is away."""
        self.troubles.expect(
            r"ERR_CONNECTION_(REFUSED|RESET|CLOSED)",
            r"ERR_EMPTY_RESPONSE",
            r"WebSocket connection to '[^']*' failed",
            re.escape(f"{self.url}/whip/"),
            re.escape(f"{self.url}/whep/"),
        )
