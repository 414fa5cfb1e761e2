"""What can be measured of WCAG 2.2 AA on a page (accessibility.js), and the keyboard."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Locator, Page

FAR = 90  # presses of Tab; no page is that long

FINDINGS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


async def findings(page: Page) -> list[str]:
    return list(await page.evaluate(FINDINGS))


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus, and shows that it has."""
    await wanted.wait_for()
    for _ in range(FAR):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("(e) => e === document.activeElement"):
            assert await wanted.evaluate(SHOWS_FOCUS), f"{wanted} does not show its focus"
            return
    raise AssertionError(f"the keyboard never gets to {wanted}")


SHOWS_FOCUS = """
(e) => {
  // On itself, or on the frame around an input, or beside what hides it.
  for (let at = e, i = 0; at && i < 3; at = at.parentElement, i += 1) {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) return true;
    if (i > 0 && boxShadow !== 'none') return true;
  }
  return false;
}
"""
