"""The network-fault lab: real servers and browsers, each in a network namespace, and real faults.

`lab` (a fixture) makes them; every scenario is marked `faults`:

    async def test_a_viewer_with_a_bad_link(lab):
        here = await lab.serve()                        # `wagu serve` in a place of its own
        host, viewer = await lab.arrive(here, "지민"), await lab.arrive(here, "하늘")
        # each has a Chromium in a place of its own; `host` is a Visitor of tests/browser/pages
        path = await go_live(host)
        watch = Watch(viewer)
        await watch.by_link(path)
        lab.place_of(viewer).loss(5)                    # or limit(400), move(), down(), up(), …
        figure("decoded", 24.1, "frame/s")              # what the scenario measured, printed

`lab.place("phone")` is a place for anything else: `subprocess.Popen([*place.inside(), …])`.
What a Place can do to its link is in tests/faults/network.py. A page behind a bad link meets errors
by design, so nobody is failed for them here; what a page saw last is in test-results/failures/.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Error, Playwright, async_playwright, expect

from tests.browser.pages.live import Studio
from tests.browser.pages.visitor import DESKTOP, Visitor
from tests.clients.waiting import PATIENCE
from tests.conftest import SERVERS, find_free_port, missing
from tests.faults.network import CannotFault, Network, Place
from tests.server import Server

expect.set_options(timeout=PATIENCE * 1000)
FIREFOX_DOOR = Path(__file__).with_name("firefox.py")
TITLE = "을지로 노포에서 냉면"


def figure(name: str, value: float, unit: str = "") -> None:
    """One measured number of a scenario, for whoever reads the run."""
    print(f"figure: {name} {value:g} {unit}".rstrip())


async def go_live(host: Visitor, title: str = TITLE) -> str:
    """A member who is on air; the path of the live."""
    await host.become_member()
    studio = Studio(host)
    await studio.prepare(title)
    return await studio.go_live()


class Lab:
    """One network with its servers and browsers."""

    def __init__(
        self,
        network: Network,
        playwright: Playwright,
        chromium: dict[str, Any],
        firefox: dict[str, Any],
        folder: Path,
    ) -> None:
        self.network = network
        self.servers: list[Server] = []
        self.visitors: list[Visitor] = []
        self._playwright = playwright
        self._chromium = chromium
        self._firefox = firefox
        self._folder = folder
        self._browsers: list[Browser] = []
        self._places: dict[int, Place] = {}

    def place(self, name: str) -> Place:
        return self.network.place(name)

    def place_of(self, visitor: Visitor) -> Place:
        return self._places[id(visitor)]

    async def serve(self, place: Place | None = None, **settings: str) -> Server:
        """A server that is ready, reachable from everywhere under its place's address."""
        place = place or self.place(f"server{len(self.servers)}")
        folder = self._folder / f"server-{len(self.servers)}"
        folder.mkdir()
        wanted = {"WAGU_MEDIA_ADDRESSES": place.address, "WAGU_RATE_LIMITS": "off", **settings}
        port = find_free_port()
        made = Server(folder, port, wanted, address=place.address, inside=place.inside())
        self.servers.append(made)
        await asyncio.to_thread(made.start)
        return made

    async def arrive(
        self, at: Server, name: str, device: dict[str, Any] = DESKTOP, place: Place | None = None
    ) -> Visitor:
        """Somebody with a Chromium in a place of their own (or in `place`)."""
        place = place or self.place(f"visitor{len(self.visitors)}")
        program = self._wrapper(place, self._chromium["executable_path"])
        browser = await self._playwright.chromium.launch(
            **self._chromium
            | {
                "executable_path": str(program),
                # http on a bare address: without this no page may ask for a camera.
                "args": [
                    *self._chromium["args"],
                    f"--unsafely-treat-insecure-origin-as-secure={at.url}",
                ],
            }
        )
        return await self._welcome(browser, at, name, device, place)

    async def arrive_in_firefox(
        self, at: Server, name: str, device: dict[str, Any] = DESKTOP, place: Place | None = None
    ) -> Visitor:
        """The same with a Firefox; it is no phone (`is_mobile`) and keeps no clipboard."""
        place = place or self.place(f"visitor{len(self.visitors)}")
        door = f"{sys.executable} {FIREFOX_DOOR} {place.address}"
        program = self._wrapper(place, f"{door} {self._firefox['executable_path']}")
        prefs = self._firefox["firefox_user_prefs"] | {
            "dom.securecontext.allowlist": urlsplit(at.url).hostname
        }
        browser = await self._playwright.firefox.launch(
            **self._firefox | {"executable_path": str(program), "firefox_user_prefs": prefs}
        )
        return await self._welcome(browser, at, name, device, place)

    async def _welcome(
        self, browser: Browser, at: Server, name: str, device: dict[str, Any], place: Place
    ) -> Visitor:
        self._browsers.append(browser)
        visitor = await Visitor.arrive(browser, at.url, name, device)
        self.visitors.append(visitor)
        self._places[id(visitor)] = place
        return visitor

    async def close(self, pictures: Path | None, test: str) -> None:
        if pictures is not None:
            for number, visitor in enumerate(self.visitors):
                with contextlib.suppress(Error):
                    path = pictures / f"{test}-{number}.png"
                    await visitor.page.screenshot(path=path, timeout=3000)
                print(f"{visitor.name} met:", *visitor.troubles.unexpected, sep="\n  ")
        for browser in self._browsers:
            with contextlib.suppress(Error):
                await browser.close()
        for server in self.servers:
            await asyncio.to_thread(server.stop)

    def _wrapper(self, place: Place, program: str) -> Path:
        """Playwright starts one file; pipes, by which it drives Chromium, know no namespaces."""
        script = self._folder / f"{place.namespace}.sh"
        script.write_text(f'#!/bin/sh\nexec {" ".join(place.inside())} {program} "$@"\n')
        script.chmod(0o755)
        return script


@pytest.fixture
def network() -> AsyncIterator[Network]:
    """An empty network; a machine where none can be made leaves the test out (CI: fails it)."""
    try:
        made = Network()
    except CannotFault as reason:
        missing(f"The fault lab ({reason})", "iproute2 iptables procps")
    yield made
    made.close()


@pytest.fixture
async def lab(
    request: pytest.FixtureRequest,
    network: Network,
    whole_chromium: dict[str, Any],
    firefox: dict[str, Any],
    tmp_path: Path,
    test_results: Path,
) -> AsyncIterator[Lab]:
    """Servers and browsers in an empty network."""
    async with async_playwright() as playwright:
        made = Lab(network, playwright, whole_chromium, firefox, tmp_path)
        request.node.stash[SERVERS] = made.servers
        yield made
        failed = request.node.stash.get(FAILED, False)
        await made.close(test_results / "failures" if failed else None, request.node.name)


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):  # type: ignore[no-untyped-def]  # pytest's own
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report
