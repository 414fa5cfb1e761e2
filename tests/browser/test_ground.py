"""What the map stands on, in a real browser: raster tiles, one PMTiles file, or a blank grid."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from tests.browser.pages.parties import Arrive
from tests.browser.pages.room import Room
from tests.browser.pages.visitor import PHONE
from tests.browser.pages.words import ko
from tests.clients import pmtiles
from tests.clients.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.pages]

CREDIT = "© 지도 만드는 사람들"
LAND, PAPER = [226, 223, 218, 255], [251, 245, 238, 255]
GREEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">'
    '<rect width="256" height="256" fill="#3a7d44"/></svg>'
)
COLOURS = """
() => {
  const one = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const pen = one.getContext('2d', { willReadFrequently: true });
  return [...document.querySelectorAll('.leaflet-tile-pane canvas')].map((tile) => {
    pen.clearRect(0, 0, 1, 1);
    pen.drawImage(tile, tile.width / 2, tile.height / 2, 1, 1, 0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  });
}
"""


@pytest.fixture
async def tile_server() -> AsyncIterator[tuple[str, set[str]]]:
    """Another site that has tiles: its address, and the paths that were asked for."""
    asked: set[str] = set()

    async def tile(request: web.Request) -> web.Response:
        asked.add(request.path)
        return web.Response(body=GREEN, content_type="image/svg+xml")

    app = web.Application()
    app.router.add_get(r"/{z:\d+}/{x:\d+}/{y:\d+}.png", tile)
    async with TestServer(app, host="127.0.0.1") as running:
        yield str(running.make_url("/")), asked


async def test_tiles_of_another_site_are_drawn(
    server: Callable[..., Any], arrive: Arrive, tile_server: tuple[str, set[str]]
) -> None:
    address, asked = tile_server
    here = server(
        WAGU_TILE_URL=address + "{z}/{x}/{y}.png",
        WAGU_TILE_ATTRIBUTION=CREDIT,
        WAGU_MAP_CENTER="37.5665,126.978",
        WAGU_MAP_ZOOM="13",
    )
    visitor = await arrive(here, "하늘", PHONE)
    await visitor.open("/map")
    drawn = visitor.page.locator("img.leaflet-tile-loaded")
    await expect(drawn.first).to_be_visible()
    assert await drawn.first.evaluate("(tile) => tile.naturalWidth") == 256
    assert "/13/6985/3172.png" in asked, "the tile of Seoul's city hall"
    await expect(visitor.page.get_by_text(CREDIT)).to_be_visible()


async def test_one_file_is_a_map(
    server: Callable[..., Any], arrive: Arrive, tmp_path: Path
) -> None:
    file = pmtiles.write(tmp_path / "world.pmtiles")
    here = server(WAGU_PMTILES=str(file), WAGU_TILE_ATTRIBUTION=CREDIT)
    visitor = await arrive(here, "하늘", PHONE)
    await visitor.open("/map")
    await eventually(lambda: mostly(visitor.page, LAND), "land is drawn, enlarged to the street")
    await expect(visitor.page.get_by_text(CREDIT)).to_be_visible()


async def test_without_tiles_there_is_a_grid_that_says_why(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    host = await arrive(server(), "지민", PHONE)
    await host.become_member()
    room = await Room.enter(host, await host.create_share_map("어디든"))
    await eventually(lambda: mostly(room.page, PAPER), "the paper of the grid")
    await room.page.get_by_role("button", name=ko("map.no_tiles")).click()
    await expect(room.page.get_by_text(re.compile("WAGU_TILE_URL"))).to_be_visible()


async def mostly(page: Page, colour: list[int]) -> bool:
    """The middles of most tiles: a few may be under a line or a label."""
    colours = await page.evaluate(COLOURS)
    return len(colours) > 0 and colours.count(colour) > len(colours) / 2
