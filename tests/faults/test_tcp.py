"""A network that lets nothing but TCP through: media flows all the same, on the HTTP port."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.browser.pages.live import Watch
from tests.faults.conftest import Lab, figure, go_live
from tests.faults.way import way_of

pytestmark = pytest.mark.faults


async def test_host_and_viewer_without_udp(lab: Lab) -> None:
    here = await lab.serve()
    host_place, fan_place = lab.place("host"), lab.place("fan")
    host_place.block("udp")
    fan_place.block("udp")
    host = await lab.arrive(here, "지민", place=host_place)
    fan = await lab.arrive(here, "하늘", place=fan_place)
    path = await go_live(host)
    watch = Watch(fan)
    begun = time.monotonic()
    await watch.by_link(path)
    await watch.sees_picture()
    await watch.hears_sound()
    figure("first picture by TCP", time.monotonic() - begun, "s")
    assert [(await way_of(each)).protocol for each in (host, fan)] == ["tcp", "tcp"]
    before = await watch.seen()
    begun = time.monotonic()
    await asyncio.sleep(5)
    now = await watch.seen()
    took = time.monotonic() - begun
    figure("picture by TCP", (now.frames - before.frames) / took, "frames/s")
    assert now.frames > before.frames


async def test_udp_is_preferred_where_it_passes(lab: Lab) -> None:
    here = await lab.serve()
    host = await lab.arrive(here, "지민")
    await go_live(host)
    assert (await way_of(host)).protocol == "udp"
