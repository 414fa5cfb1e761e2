"""The lab itself: what works between two machines must work here before anything is broken."""

from __future__ import annotations

import time

import pytest

from tests.browser.pages.live import Watch
from tests.faults.conftest import Lab, figure, go_live

pytestmark = pytest.mark.faults


async def test_a_live_is_watched_from_another_machine(lab: Lab) -> None:
    here = await lab.serve()
    host, fan = await lab.arrive(here, "지민"), await lab.arrive(here, "하늘")
    path = await go_live(host)
    watch = Watch(fan)
    begun = time.monotonic()
    await watch.by_link(path)
    await watch.sees_picture()
    await watch.hears_sound()
    figure("first picture", time.monotonic() - begun, "s")
    where = lab.place_of(fan)
    assert where.address != lab.place_of(host).address
