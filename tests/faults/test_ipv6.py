"""A server that announces an IPv6 address and no other: media travels by it, both ways."""

from __future__ import annotations

import time

import pytest

from tests.browser.pages.live import Watch
from tests.faults.conftest import Lab, figure, go_live
from tests.faults.way import way_of

pytestmark = pytest.mark.faults


async def test_a_live_travels_by_ipv6(lab: Lab) -> None:
    place = lab.place("server6")
    here = await lab.serve(place, WAGU_HOST="::", WAGU_MEDIA_ADDRESSES=place.address6)
    host, fan = await lab.arrive(here, "지민"), await lab.arrive(here, "하늘")
    path = await go_live(host)
    watch = Watch(fan)
    begun = time.monotonic()
    await watch.by_link(path)
    await watch.sees_picture()
    await watch.hears_sound()
    figure("first picture by IPv6", time.monotonic() - begun, "s")
    for each in (host, fan):
        way = await way_of(each)
        assert (way.protocol, way.version) == ("udp", 6)
        assert way.server == place.address6
