"""A picture of what a visitor sees, in test-results/pictures/, once it has come to rest."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from tests.browser.pages.visitor import Visitor


async def take(visitor: Visitor, test_results: Path, name: str) -> None:
    folder = test_results / "pictures"
    folder.mkdir(exist_ok=True)
    page = visitor.page
    await page.evaluate("document.fonts.ready")
    await expect(page.locator(".spinner")).to_have_count(0)
    await page.screenshot(path=folder / f"{name}.png")
