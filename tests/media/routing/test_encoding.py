"""One incoming stream: its receivers, its rate, and what we report of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from media.packets.rtcp import SenderReport
from media.packets.rtp import Ssrc
from media.routing.encoding import Encoding
from media.routing.packet import MediaPacket
from media.routing.pictures import reader_of
from media.routing.subscription import Subscription

Subscribe = Callable[..., Subscription]


@pytest.fixture
def encoding() -> Encoding:
    return Encoding(Ssrc(0x1000), "h", 90000, reader_of("VP8"))


def test_a_receiver_is_there_once(encoding: Encoding, wire: Any, subscribe_to: Subscribe) -> None:
    viewer, other = subscribe_to(wire), subscribe_to(wire)
    for _ in range(2):
        encoding.add(viewer)
        encoding.wait(other)
    assert encoding.subscribers == (viewer,)
    assert encoding.waiting == [other]
    encoding.remove(viewer)
    encoding.remove(viewer)
    encoding.forget(other)
    assert not encoding.is_watched


def test_the_bitrate_is_what_came_in(encoding: Encoding) -> None:
    for n in range(200):
        encoding.count(1250, 10 + n / 100)
    assert encoding.bitrate == pytest.approx(1_000_000, rel=0.03)
    assert encoding.bytes_received == 200 * 1250


def test_a_pause_does_not_count_into_the_bitrate(encoding: Encoding) -> None:
    for n in range(100):
        encoding.count(1250, 10 + n / 100)
    assert encoding.flowing_since == 10
    for n in range(100):
        encoding.count(1250, 100 + n / 100)
    assert encoding.flowing_since == 100
    assert encoding.bitrate == pytest.approx(1_000_000, rel=0.03)


def test_a_reception_report_points_at_the_last_sender_report(encoding: Encoding) -> None:
    encoding.reception.receive(65535, 0, 1.0)
    encoding.reception.receive(1, 0, 1.0)
    block = encoding.reception_report(2.0)
    assert (block.ssrc, block.highest, block.lost, block.fraction_lost) == (0x1000, 65537, 1, 85)
    assert (block.last_sr, block.delay) == (0, 0)
    encoding.reported(SenderReport(Ssrc(0x1000), 0x1122334455667788, 0, 0, 0), 2.0)
    block = encoding.reception_report(2.5)
    assert (block.last_sr, block.delay) == (0x33445566, 32768)


def test_video_is_kept_for_longer_than_sound() -> None:
    sound = Encoding(Ssrc(1), "", 48000).cache
    picture = Encoding(Ssrc(1), "", 90000, reader_of("VP8")).cache
    for cache in (sound, picture):
        cache.put(MediaPacket(1, 0, False, 0.0, b"x"))
        assert cache.get(1, 1.0) is not None
    assert sound.get(1, 1.5) is None
    assert picture.get(1, 1.5) is not None
