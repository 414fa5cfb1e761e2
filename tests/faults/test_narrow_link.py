"""One viewer's link becomes narrow: that one gets a smaller picture, and nobody else notices."""

from __future__ import annotations

import asyncio

import pytest

from tests.browser.pages.live import Studio, Watch
from tests.clients.waiting import eventually
from tests.faults.conftest import Lab, figure, go_live
from tests.faults.screen import Screen

pytestmark = pytest.mark.faults

NARROW = 400  # kbit/s
DOWN_WITHIN, FREEZE, UP_WITHIN = 4.0, 1.0, 15.0  # seconds


async def test_a_narrow_link_costs_its_viewer_alone(lab: Lab) -> None:
    here = await lab.serve()
    host = await lab.arrive(here, "지민")
    path = await go_live(host)
    await Studio(host).sends_layers("l", "m", "h")
    viewers = [await lab.arrive(here, name) for name in ("하늘", "바다", "노을")]
    for viewer in viewers:
        await Watch(viewer).by_link(path)
        await Watch(viewer).sees_picture()
    narrow, *others = screens = [Screen(viewer) for viewer in viewers]
    top = (await Studio(host).camera())[1]
    for screen in screens:

        async def is_on_top(screen: Screen = screen) -> bool:
            return await screen.height() == top

        await eventually(is_on_top, f"a picture of {top} lines", within=40)
    await asyncio.sleep(5.0)
    for screen in screens:
        await screen.record()
    await asyncio.sleep(2.0)

    cut = await narrow.now()
    lab.place_of(viewers[0]).limit(NARROW)
    down = await narrow.first(cut, below=top)
    await asyncio.sleep(8.0)
    during = (await narrow.shown()).since(cut - 0.5)
    figure("lower layer after the cut", down, "s")
    figure("longest freeze at the cut", during.longest_freeze, "s")

    lifted = await narrow.now()
    lab.place_of(viewers[0]).clear()
    up = await narrow.first(lifted, above=top - 1)
    figure("top layer after the limit was lifted", up, "s")
    for screen in others:
        shown = await screen.shown()
        figure("longest freeze of another viewer", shown.longest_freeze, "s")
        assert shown.heights == {top}, "the others never change layer"
    assert down < DOWN_WITHIN
    assert during.longest_freeze < FREEZE
    assert up < UP_WITHIN
