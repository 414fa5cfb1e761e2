"""What nobody watches is not sent: the host's browser pauses its best layer, and begins again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import HOST, SKY, Arrive
from tests.clients.waiting import eventually

pytestmark = pytest.mark.browser

STILL = 3.0
"""Seconds without a frame: some sixty were due."""
GIVEN_UP = 30.0
"""Seconds; the server waits five after the last viewer, and a busy browser takes its time."""
SILENT_FOR = 30.0
"""Seconds until a viewer who left without a word is gone (RFC 7675)."""


async def stands_still(studio: Studio, rid: str) -> bool:
    """Over a while in which the lowest layer goes on."""
    before = await studio.layers()
    await asyncio.sleep(STILL)
    now = await studio.layers()
    assert now["l"] > before["l"], "the lowest layer is always sent"
    return now[rid] == before[rid]


async def stays_so(studio: Studio, rid: str) -> bool:
    """Not only because an encoder that is slow to start has yet to begin."""
    return await stands_still(studio, rid) and await stands_still(studio, rid)


@pytest.mark.timeout(240)  # a viewer without a word takes thirty seconds to be gone
async def test_a_layer_is_sent_while_somebody_watches_it(
    server: Callable[..., Any], arrive: Arrive
) -> None:
    here = server()
    host = await arrive(here, HOST)
    await host.become_member()
    await host.has_camera(640, 360)
    studio = Studio(host)
    await studio.prepare("아직 아무도 없는 방송")
    path = await studio.go_live()
    camera = await studio.camera()

    await eventually(lambda: stays_so(studio, "h"), "nobody watches", within=GIVEN_UP)
    before = (await studio.layers())["h"]

    viewer = Watch(await arrive(here, SKY))
    await viewer.by_link(path)
    await viewer.sees_picture(camera, within=GIVEN_UP)
    sent = (await studio.layers())["h"] - before
    print(f"figure: frames of the best layer sent for the first viewer: {sent}")
    assert sent > 0

    await viewer.visitor.context.close()
    limit = SILENT_FOR + GIVEN_UP
    await eventually(lambda: stands_still(studio, "h"), "nobody watches again", within=limit)
