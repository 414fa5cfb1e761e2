"""The in-process bus."""

from __future__ import annotations

from wagu.bus import LiveCreated, LocalBus, ShareMapEnded
from wagu.domain.live import LiveId


def test_each_handler_hears_its_kind_in_order():
    bus, heard = LocalBus(), []
    bus.subscribe(ShareMapEnded, lambda event: heard.append(("first", event.id)))
    bus.subscribe(ShareMapEnded, lambda event: heard.append(("second", event.id)))
    bus.publish(LiveCreated(LiveId("x")))
    bus.publish(ShareMapEnded("a"))
    bus.publish(ShareMapEnded("b"))
    assert heard == [("first", "a"), ("second", "a"), ("first", "b"), ("second", "b")]


def test_a_handler_that_fails_stops_nobody():
    bus, heard = LocalBus(), []

    def broken(event: ShareMapEnded) -> None:
        raise RuntimeError

    bus.subscribe(ShareMapEnded, broken)
    bus.subscribe(ShareMapEnded, heard.append)
    bus.publish(ShareMapEnded("a"))
    assert heard == [ShareMapEnded("a")]
