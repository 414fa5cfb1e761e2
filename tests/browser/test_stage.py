"""A viewer comes on stage: seen and heard beside the host by everybody, and gone again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import HOST, SEA, SKY, Arrive
from tests.browser.pages.stage import Stage, layers_of
from tests.browser.pages.visitor import PHONE

pytestmark = pytest.mark.browser


async def test_a_viewer_comes_on_stage(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    here = server()
    host, sky, sea = await asyncio.gather(
        arrive(here, HOST), arrive(here, SKY, PHONE), arrive(here, SEA)
    )
    await host.become_member()
    studio = Studio(host)
    await studio.prepare("둘이서 냉면")
    path = await studio.go_live()
    camera = await studio.camera()
    await sky.become_guest()
    fan, viewer = Watch(sky), Watch(sea)
    await asyncio.gather(fan.by_link(path), viewer.by_link(path))
    await asyncio.gather(fan.sees_picture(), viewer.sees_picture(), viewer.hears_sound())
    tickets = f"/api{path.replace('/live/', '/lives/')}/tickets"
    for role in ("publish", "guest"):
        assert (await sky.answer("POST", tickets, {"role": role})).status == 403

    at_host, at_fan, at_viewer = Stage(host), Stage(sky), Stage(sea)
    await at_host.invite(SKY)
    size = await at_fan.look()
    await sky.page.screenshot(path=test_results / "stage-look.png")
    await at_fan.go_up()
    await asyncio.gather(at_host.shows(SKY, size), at_viewer.shows(SKY, size))
    await viewer.hears_sound(of=1)
    await Watch(host).hears_sound(of=1)
    await asyncio.gather(viewer.sees_picture(), at_fan.shows_host(camera))

    await sky.page.screenshot(path=test_results / "stage-phone.png")

    await at_fan.go_down()
    await asyncio.gather(at_host.is_empty(), at_viewer.is_empty(), at_fan.is_empty())
    await asyncio.gather(viewer.sees_picture(), fan.sees_picture())
    assert (await viewer.seen()).height in {height for _, height in layers_of(camera)}
    assert (await fan.seen(1)).frames == 0, "nobody was shown themselves"
