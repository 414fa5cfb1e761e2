"""What the fake camera sees in pictures of the product: a bowl of cold noodles, upright as a phone.

Drawn by the browser itself, eight frames with steam from the next table, kept as Motion JPEG, which
is what Chromium's --use-file-for-fake-video-capture plays in a loop.
"""

from __future__ import annotations

import math
from typing import Any

from playwright.async_api import async_playwright

WIDTH, HEIGHT, FRAMES = 720, 1280, 8

SCENE = """
<style>body{{margin:0}}</style>
<svg xmlns="http://www.w3.org/2000/svg" width="720" height="1280" viewBox="0 0 720 1280">
  <defs>
    <linearGradient id="room" x2="0" y2="1">
      <stop offset="0" stop-color="#2a1710"/><stop offset="1" stop-color="#6b3a1e"/>
    </linearGradient>
    <linearGradient id="table" x2="0" y2="1">
      <stop offset="0" stop-color="#a9683a"/><stop offset="1" stop-color="#6f3f20"/>
    </linearGradient>
    <linearGradient id="steel" x2="1">
      <stop offset="0" stop-color="#8d9297"/><stop offset=".3" stop-color="#f1f3f4"/>
      <stop offset=".6" stop-color="#b6bbbf"/><stop offset="1" stop-color="#7b8085"/>
    </linearGradient>
    <radialGradient id="broth" cy=".4">
      <stop offset="0" stop-color="#d8b98a"/><stop offset="1" stop-color="#a67c45"/>
    </radialGradient>
    <filter id="soft"><feGaussianBlur stdDeviation="18"/></filter>
    <filter id="mist"><feGaussianBlur stdDeviation="26"/></filter>
  </defs>
  <rect width="720" height="1280" fill="url(#room)"/>
  <g filter="url(#soft)">
    <circle cx="120" cy="180" r="70" fill="#ffb45e" opacity=".8"/>
    <circle cx="360" cy="120" r="46" fill="#ffd9a0" opacity=".7"/>
    <circle cx="590" cy="210" r="84" fill="#ff8a3c" opacity=".65"/>
    <rect x="60" y="330" width="210" height="120" rx="20" fill="#c23a22" opacity=".7"/>
    <rect x="470" y="360" width="180" height="100" rx="20" fill="#e9c27c" opacity=".4"/>
  </g>
  <path d="M0 560 H720 V1280 H0Z" fill="url(#table)"/>
  <g stroke="#5c3318" stroke-width="3" opacity=".45">
    <path d="M0 700 H720M0 860 H720M0 1040 H720M0 1210 H720"/>
  </g>
  <ellipse cx="372" cy="1010" rx="318" ry="90" fill="#2b160b" opacity=".45" filter="url(#soft)"/>
  <path d="M60 800 C70 1010 210 1070 360 1070 S650 1010 660 800Z" fill="url(#steel)"/>
  <ellipse cx="360" cy="800" rx="300" ry="132" fill="url(#steel)"/>
  <ellipse cx="360" cy="802" rx="274" ry="114" fill="url(#broth)"/>
  <g fill="none" stroke-linecap="round">
    <g stroke="#6b5340" stroke-width="13">
      <path d="M180 815 C230 740 330 735 400 775 S520 850 470 875 300 890 230 860"/>
      <path d="M200 850 C260 770 420 750 500 800 S480 895 380 890"/>
      <path d="M235 790 C300 730 450 750 490 815 S420 900 300 885"/>
    </g>
    <g stroke="#8a6d55" stroke-width="5">
      <path d="M190 830 C240 750 340 745 410 785 S520 845 465 868"/>
      <path d="M215 845 C275 775 420 762 492 808"/>
    </g>
  </g>
  <g stroke="#3f7a35" stroke-width="4" fill="#bfe39a">
    <ellipse cx="470" cy="770" rx="46" ry="20" transform="rotate(-14 470 770)"/>
    <ellipse cx="498" cy="792" rx="46" ry="20" transform="rotate(-6 498 792)"/>
    <ellipse cx="508" cy="816" rx="44" ry="19"/>
  </g>
  <g fill="#f6ead0" stroke="#d9c49a" stroke-width="3">
    <path d="M220 760 l96 -26 18 24 -100 28Z"/><path d="M206 786 l98 -26 18 24 -102 28Z"/>
  </g>
  <ellipse cx="350" cy="792" rx="72" ry="50" fill="#fffdf6" stroke="#e6dcc4" stroke-width="4"/>
  <ellipse cx="352" cy="792" rx="40" ry="29" fill="#f7a928"/>
  <ellipse cx="342" cy="784" rx="15" ry="9" fill="#ffd277"/>
  <g fill="#fff" opacity=".75">
    <rect x="190" y="880" width="34" height="24" rx="7" transform="rotate(12 200 890)"/>
    <rect x="420" y="892" width="38" height="22" rx="7" transform="rotate(-16 430 900)"/>
  </g>
  <g stroke="#c9ced2" stroke-width="15" stroke-linecap="round">
    <path d="M80 1190 L650 1116"/><path d="M90 1224 L660 1158"/>
  </g>
  <g fill="#fff" filter="url(#mist)" opacity=".3">
    <ellipse cx="{x1}" cy="{y1}" rx="56" ry="120"/><ellipse cx="{x2}" cy="{y2}" rx="44" ry="100"/>
  </g>
</svg>
"""


def scene(number: int) -> str:
    turn = 2 * math.pi * number / FRAMES
    drift = {
        "x1": 180 + 26 * math.sin(turn),
        "y1": 420 + 30 * math.cos(turn),
        "x2": 560 + 24 * math.cos(turn),
        "y2": 470 + 26 * math.sin(turn),
    }
    return SCENE.format(**{name: round(value) for name, value in drift.items()})


async def film(chromium: dict[str, Any]) -> bytes:
    """The loop, as a file for the camera."""
    frames = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium)
        page = await browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for number in range(FRAMES):
            await page.set_content(scene(number))
            frames.append(await page.screenshot(type="jpeg", quality=92))
        await browser.close()
    return b"".join(frames)
