"""A publisher in AV1 whose link loses the packet that says what all the others are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from media.codecs import Codec
from media.packets import rtcp
from media.packets.rtcp import Nack, Pli
from media.peer import Peer
from tests.media.descriptors import DELTA_0, DELTA_1, KEY, L1T2, descriptor

MakePeer = Callable[..., tuple[Peer, Any]]
Receive = Callable[..., None]

MID, RID, REPAIRED_RID, DEPENDENCY = 4, 10, 11, 12
AV1, RTX = 45, 46
CAMERA, AGAIN = 5, 50
OPENS, GOES_ON = b"\x18", b"\x10"
"""Aggregation headers: one OBU element, of a new coded video sequence or not."""


@dataclass
class Live:
    """A publisher, its wire, its viewer and the wire of that."""

    publisher: Peer
    up: Any
    viewer: Peer
    down: Any
    receive: Receive

    def send(self, sequence: int, told: bytes, payload: bytes, now: float) -> None:
        self.receive(
            self.publisher, payload, now, ssrc=CAMERA, sequence=sequence, timestamp=3000,
            payload_type=AV1, extensions={MID: b"1", RID: b"h", DEPENDENCY: told},
        )  # fmt: skip

    def repair(self, sequence: int, told: bytes, payload: bytes, now: float) -> None:
        self.receive(
            self.publisher, sequence.to_bytes(2, "big") + payload, now,
            ssrc=AGAIN, timestamp=3000, payload_type=RTX,
            extensions={MID: b"1", REPAIRED_RID: b"h", DEPENDENCY: told},
        )  # fmt: skip

    def picture(self) -> list[bytes]:
        """What the viewer has, in its order, repairs in their places."""
        found = {}
        for each in self.down.rtp:
            if each.payload_type == RTX:
                found[int.from_bytes(each.payload[:2], "big")] = each.payload[2:]
            else:
                found[each.sequence] = each.payload
        return [found[number] for number in sorted(found)]


@pytest.fixture
def live(
    make_peer: MakePeer, observer: Any, receive: Receive, offer_text: Callable[[str], str]
) -> Live:
    """The publisher's first packet was a frame whose keyframe nobody saw; a viewer waits."""
    offer = offer_text("chromium_publish").replace("SAVPF 96 97", "SAVPF 45 46 96 97", 1)
    offer = offer.replace(" 40 45 46 98", " 40 98")
    publisher, up = make_peer("ann", "publish", observer, offer=offer)
    codec = Codec("video", "AV1", AV1, 90_000)
    viewer, down = make_peer("bo", "watch", observer, published={"video": codec})
    made = Live(publisher, up, viewer, down, receive)
    video = publisher.publication("video")
    assert video is not None
    assert video.codec.name == "AV1"
    made.send(9, descriptor(DELTA_1, 9), GOES_ON + b"before", 0.0)
    (stream,) = viewer.subscriptions.values()
    video.subscribe(stream, 0.0)
    return made


WHOLE = [OPENS + b"first", GOES_ON + b"second", GOES_ON + b"third", GOES_ON + b"next"]


def lose_the_first_packet(live: Live) -> None:
    """Of a keyframe of three packets."""
    live.send(11, descriptor(KEY, 10, start=False), WHOLE[1], 0.10)
    live.send(12, descriptor(KEY, 10, start=False), WHOLE[2], 0.10)
    live.send(13, descriptor(DELTA_0, 11), WHOLE[3], 0.11)


def test_a_keyframe_whose_first_packet_is_repaired_reaches_the_viewer_whole(live: Live) -> None:
    lose_the_first_packet(live)
    assert live.down.rtp == [], "no picture begins in its middle"
    assert [nack.lost for nack in live.up.messages(Nack)] == [(10,)]
    live.repair(10, descriptor(KEY, 10, "10000" + L1T2), WHOLE[0], 0.15)
    live.send(14, descriptor(DELTA_1, 12), GOES_ON + b"last", 0.16)
    first = live.down.rtp[0].sequence
    assert live.down.sequences == [first, first + 4]
    missing = range(first + 1, first + 4)
    live.viewer.on_rtcp(memoryview(rtcp.nack(1, live.down.rtp[0].ssrc, missing)), 0.2)
    assert live.picture() == [*WHOLE, GOES_ON + b"last"]
    assert not live.publisher.dropped


def test_a_viewer_who_is_served_gets_what_follows_at_once(live: Live) -> None:
    live.send(10, descriptor(KEY, 10, "10000" + L1T2), WHOLE[0], 0.02)
    # The next keyframe brings a structure with other templates, and loses it.
    old = descriptor(20, 30, start=False)
    live.send(12, old, WHOLE[1], 0.10)
    live.send(13, old, WHOLE[2], 0.10)
    assert len(live.down.rtp) == 3
    shifted = f"{20:06b}" + L1T2[6:]
    live.repair(11, descriptor(20, 30, "10000" + shifted), WHOLE[0], 0.15)
    live.send(14, descriptor(21, 31), WHOLE[3], 0.16)
    assert live.picture() == [WHOLE[0], *WHOLE]
    assert not live.publisher.dropped


def test_what_cannot_be_repaired_is_a_keyframe_again(live: Live) -> None:
    lose_the_first_packet(live)
    live.up.rtcp.clear()
    for tick in range(30):
        live.publisher.tick(0.2 + tick * 0.05)
    assert live.up.messages(Pli)
    assert live.down.rtp == []
