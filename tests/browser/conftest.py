"""Browser tests share one thing: people who arrive, each with a browser context of their own.

arrive        makes visitors of one Chromium: `await arrive(server, "지민")`, `…, device=PHONE)`
arrive_apart  the same, and each has a Chromium of their own: other processes, other caches, other
              network stacks, as on machines of their own

When a test ends without having failed, no visitor may have met an error that the test did not
announce. When it failed, what every visitor saw last is in test-results/failures/.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.async_api import Browser, Error, async_playwright, expect

from tests.browser.pages.parties import Arrive
from tests.browser.pages.visitor import DESKTOP, Visitor
from tests.clients.waiting import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)
FAILED = pytest.StashKey[bool]()


class HasUrl(Protocol):
    url: str


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
async def arrive(
    request: pytest.FixtureRequest, chromium: dict[str, Any], test_results: Path
) -> AsyncIterator[Arrive]:
    """Make visitors of one browser."""
    async with _doors(request, chromium, test_results) as arrive:
        yield arrive


@pytest.fixture
async def arrive_apart(
    request: pytest.FixtureRequest, chromium: dict[str, Any], test_results: Path
) -> AsyncIterator[Arrive]:
    """Make visitors each of whom has a browser process."""
    async with _doors(request, chromium, test_results, apart=True) as arrive:
        yield arrive


@contextlib.asynccontextmanager
async def _doors(
    request: pytest.FixtureRequest,
    chromium: dict[str, Any],
    test_results: Path,
    *,
    apart: bool = False,
) -> AsyncIterator[Arrive]:
    visitors: list[Visitor] = []
    browsers: list[Browser] = []
    async with async_playwright() as playwright:
        if not apart:
            browsers.append(await playwright.chromium.launch(**chromium))

        async def arrive(at: HasUrl, name: str, device: dict[str, Any] = DESKTOP) -> Visitor:
            if apart:
                browser = await playwright.chromium.launch(**chromium)
                browsers.append(browser)
            else:
                browser = browsers[0]
            visitor = await Visitor.arrive(browser, at.url, name, device)
            visitors.append(visitor)
            return visitor

        yield arrive
        failed = request.node.stash.get(FAILED, False)
        if failed:
            await _picture(visitors, test_results / "failures", request.node.name)
        for browser in browsers:
            await browser.close()
    complaints = [f"{each.name}: {what}" for each in visitors for what in each.troubles.unexpected]
    if failed:
        print(*complaints, sep="\n")
    else:
        assert not complaints, "behind the pages' backs:\n" + "\n".join(complaints)


async def _picture(visitors: list[Visitor], folder: Path, test: str) -> None:
    for number, visitor in enumerate(visitors):
        name = re.sub(r"\W+", "-", f"{test}-{number}")
        try:
            await visitor.page.screenshot(path=folder / f"{name}.png", timeout=3000)
        except Error as error:
            print(f"no picture of what {visitor.name} saw: {error}")
