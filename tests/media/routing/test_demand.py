"""Layers nobody watches are not asked for; they are again as soon as somebody could have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from media.routing.demand import LINGER, REPEAT, Demand
from media.routing.encoding import Encoding
from media.routing.publication import Publication, Rung

RIDS = ("l", "m", "h")
HEIGHTS = {"l": 180, "m": 360, "h": 720}


class Camera:
    """A publisher that obeys: it sends the layers that are wanted."""

    def __init__(self, video: Publication, sender_of: Any, vp8: Any) -> None:
        self.video, self._vp8 = video, vp8
        self._senders = {rid: sender_of(video, rid, 0x1000 + n) for n, rid in enumerate(RIDS)}
        self.demand = Demand(video, RIDS)
        self.active: tuple[str, ...] = RIDS
        self.told: list[tuple[str, ...]] = []
        self.now = 0.0
        self._sequence = 0

    def layer(self, rid: str) -> Encoding:
        return self._senders[rid].encoding  # type: ignore[no-any-return]  # a duck

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += 1 / 20
            self._sequence += 1
            for rid in self.active:
                body = self._vp8(keyframe=self._sequence % 5 == 1, height=HEIGHTS[rid])
                timestamp = round(self.now * 90000)
                self._senders[rid].send(self._sequence, body, self.now, timestamp=timestamp)
            self.video.tick(self.now)
            rids = self.demand.update(self.now)
            if rids is not None:
                self.told.append(rids)
                self.active = rids


@pytest.fixture
def camera(video: Publication, sender_of: Any, vp8: Any) -> Camera:
    return Camera(video, sender_of, vp8)


def test_without_viewers_the_lowest_layer_is_enough(camera: Camera) -> None:
    camera.run(LINGER - 0.5)
    assert camera.told == []
    camera.run(1.0)
    assert camera.told == [("l",)]


def test_a_viewer_gets_the_top_layer_back_within_a_second(
    camera: Camera, wire: Any, subscribe_to: Callable[..., Any]
) -> None:
    camera.run(LINGER + 1)
    viewer = subscribe_to(wire)
    camera.video.subscribe(viewer, camera.now)
    camera.run(1.0)
    assert camera.told[-1] == ("l", "h")
    assert viewer.encoding is camera.layer("h")
    viewer.leave()
    camera.run(LINGER + 1)
    assert camera.told[-1] == ("l",)


@pytest.mark.parametrize(("limit", "wanted"), [(1, ("l",)), (200, ("l",)), (400, ("l", "m"))])
def test_who_takes_no_more_than_a_height_wants_no_more(
    camera: Camera, wire: Any, subscribe_to: Callable[..., Any], limit: int, wanted: Any
) -> None:
    """A snapshot takes the lowest layer, every few seconds."""
    camera.run(LINGER + 1)
    viewer = subscribe_to(wire)
    viewer.limit = limit
    camera.video.subscribe(viewer, camera.now)
    camera.run(2 * LINGER)
    assert camera.told[-1] == wanted
    assert ("l", "h") not in camera.told


def test_what_a_narrow_link_carries_is_what_is_wanted(
    camera: Camera, wire: Any, subscribe_to: Callable[..., Any]
) -> None:
    viewer = subscribe_to(wire)
    camera.video.subscribe(viewer, camera.now)
    camera.run(1.0)
    viewer.steer(Rung(camera.layer("m"), 0, 5e5))
    camera.run(LINGER + 1)
    assert camera.told[-1] == ("l", "m")
    viewer.steer(None)
    camera.run(LINGER + 1)
    assert camera.told[-1] == ("l",)


def test_a_message_that_got_lost_is_repeated(
    camera: Camera, wire: Any, subscribe_to: Callable[..., Any]
) -> None:
    camera.run(LINGER + 1)
    camera.video.subscribe(subscribe_to(wire), camera.now)
    camera.run(0.1)
    camera.active = ("l",)
    camera.run(REPEAT + 1)
    assert camera.told[-2:] == [("l", "h"), ("l", "h")]


def test_one_layer_is_never_paused(video: Publication, sender_of: Any, vp8: Any) -> None:
    sender_of(video).send(1, vp8(keyframe=True))
    demand = Demand(video, ())
    assert all(demand.update(float(second)) is None for second in range(20))
