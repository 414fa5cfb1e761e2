"""A viewer comes on stage: seen and heard beside the host by everybody, and gone again."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.parties import HOST, SEA, SKY, Arrive
from tests.browser.pages.stage import Stage, layers_of
from tests.browser.pages.visitor import PHONE
from tests.browser.pages.words import ko

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


@pytest.mark.timeout(400)
async def test_three_guests_fit_beside_the_host(
    server: Callable[..., Any], arrive: Arrive, test_results: Path
) -> None:
    """Two with a picture, one with sound alone; looked at on a phone and on a desktop."""
    here = server()
    host = await arrive(here, HOST)
    await host.become_member()
    await host.has_camera(320, 180)
    studio = Studio(host)
    await studio.prepare("넷이서 냉면")
    path = await studio.go_live()
    guests = {
        SKY: await arrive(here, SKY, PHONE),
        SEA: await arrive(here, SEA),
        "노을": await arrive(here, "노을", PHONE),
    }
    sizes = {}
    for name, visitor in guests.items():
        await visitor.become_guest()
        await visitor.has_camera(320, 180)
        await Watch(visitor).by_link(path)
        await Watch(visitor).sees_picture()
        await Stage(host).invite(name)
        stage = Stage(visitor)
        if name == "노을":
            await stage.only_with_sound()
        else:
            sizes[name] = await stage.look()
        await stage.go_up()
    everybody = {HOST: host, **guests}
    for who, visitor in everybody.items():
        await asyncio.gather(
            *(Stage(visitor).shows(name, size) for name, size in sizes.items() if name != who)
        )
    for who, device in ((HOST, "desktop"), ("노을", "phone"), (SKY, "phone-guest")):
        page = everybody[who].page
        await page.screenshot(path=test_results / f"stage-three-{device}.png")
        boxes = [await each.bounding_box() for each in await Stage(everybody[who]).all_tiles()]
        assert len(boxes) == 3
        covers_nothing(boxes, await page.get_by_label(ko("chat.placeholder")).bounding_box())


def covers_nothing(tiles: list[Any], chat: Any) -> None:
    """One under the other, all of them on the screen and above where one writes."""
    for above, below in itertools.pairwise([*tiles, chat]):
        assert above["y"] + above["height"] <= below["y"] + 1
