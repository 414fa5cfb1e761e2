"""One viewer's link becomes narrow: that one gets a smaller picture, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.browser.pages.live import Studio, Watch
from tests.browser.pages.visitor import Visitor
from tests.clients.waiting import eventually
from tests.faults.conftest import Lab, figure, go_live
from tests.faults.screen import Screen, Shown

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
    top = (await Studio(host).camera())[1]
    squeezed = await squeeze(lab, host, viewers, top)
    if squeezed.host_limited and not squeezed.others_saw_only(top):
        # A busy machine: the host's browser took its own link for narrow, and sent nobody the top.
        squeezed = await squeeze(lab, host, viewers, top)
    assert squeezed.others_saw_only(top), "the others never change layer"


@dataclass(frozen=True)
class Squeezed:
    """What was on the other screens meanwhile, and whether the host sent less than it had."""

    others: list[Shown]
    host_limited: bool

    def others_saw_only(self, height: int) -> bool:
        return all(each.heights == {height} for each in self.others)


async def squeeze(lab: Lab, host: Visitor, viewers: Sequence[Visitor], top: int) -> Squeezed:
    """The first viewer's link is narrow for a while, which begins when all are on top."""
    narrow, *others = screens = [Screen(viewer) for viewer in viewers]
    for screen in screens:

        async def is_on_top(screen: Screen = screen) -> bool:
            return await screen.height() == top

        await eventually(is_on_top, f"a picture of {top} lines", within=40)
    await asyncio.sleep(5.0)
    limited = await Studio(host).limited_for()
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
    shown = [await screen.shown() for screen in others]
    for each in shown:
        figure("longest freeze of another viewer", each.longest_freeze, "s")
    limited = await Studio(host).limited_for() - limited
    figure("the host took its own link for narrow", limited, "s")
    assert down < DOWN_WITHIN
    assert during.longest_freeze < FREEZE
    assert up < UP_WITHIN
    return Squeezed(shown, limited > 0)
