"""What a publisher's link loses is asked for, comes again, and is forwarded once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from media.packets.rtcp import Nack, Pli
from media.peer import Peer
from media.reporting import OUR_SSRC

MakePeer = Callable[..., tuple[Peer, Any]]
Receive = Callable[..., None]
Vp8 = Callable[..., bytes]

# Chromium's extension ids and payload types in the recorded offer
MID, RID, REPAIRED_RID = 4, 10, 11
OPUS, VP8, RTX = 111, 96, 97
HIGH, LOW = b"h", b"l"


@pytest.fixture
def live(make_peer: MakePeer, observer: Any, receive: Receive, vp8: Vp8) -> tuple[Peer, Any, Any]:
    """A publisher whose high layer is watched, its wire and the viewer's."""
    publisher, up = make_peer("ann", "publish", observer)
    viewer, down = make_peer("bo", "watch", observer)
    video = publisher.publication("video")
    assert video is not None
    (stream,) = (s for s in viewer.subscriptions.values() if s.codec.kind == "video")
    video.subscribe(stream, 0.0)
    names = {MID: b"1", RID: HIGH}
    receive(publisher, vp8(b"0", keyframe=True), ssrc=5, payload_type=VP8, extensions=names)
    return publisher, up, down


def lose_one(publisher: Peer, receive: Receive, vp8: Vp8) -> None:
    for sequence in (1, 3, 4, 5):
        receive(
            publisher, vp8(b"%d" % sequence), ssrc=5, sequence=sequence, payload_type=VP8, now=0.1
        )


def repair(publisher: Peer, receive: Receive, payload: bytes, osn: int, **header: Any) -> None:
    names = header.pop("names", {MID: b"1", REPAIRED_RID: HIGH})
    receive(
        publisher,
        osn.to_bytes(2, "big") + payload,
        ssrc=header.pop("ssrc", 50),
        payload_type=RTX,
        extensions=names,
        now=0.15,
        **header,
    )


def test_a_loss_is_asked_for_from_the_packet_path(
    live: tuple[Peer, Any, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, up, _ = live
    lose_one(publisher, receive, vp8)
    (nack,) = up.messages(Nack)
    assert (nack.sender_ssrc, nack.media_ssrc, nack.lost) == (OUR_SSRC, 5, (2,))


def test_a_loss_in_silence_is_asked_for_by_the_heartbeat(
    live: tuple[Peer, Any, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, up, _ = live
    receive(publisher, vp8(), ssrc=5, sequence=2, payload_type=VP8, now=0.1)
    publisher.tick(0.11)
    assert up.messages(Nack) == []
    publisher.tick(0.15)
    assert [nack.lost for nack in up.messages(Nack)] == [(1,)]


def test_what_comes_by_rtx_is_forwarded_in_its_place_and_once(
    live: tuple[Peer, Any, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, _, down = live
    lose_one(publisher, receive, vp8)
    for sequence in (900, 901):
        repair(publisher, receive, vp8(b"2"), 2, sequence=sequence)
    assert down.sequences == [100, 101, 103, 104, 105, 102]
    assert down.rtp[-1].payload == vp8(b"2")
    assert publisher.dropped == {"unasked_repair": 1}
    video = publisher.publication("video")
    assert video is not None
    reception = video.encodings["h"].reception
    assert reception.received == 5, "a repair is no packet of the stream (RFC 4588, 6.3)"


def test_what_comes_on_its_own_stream_again_is_forwarded_in_its_place(
    live: tuple[Peer, Any, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, up, down = live
    lose_one(publisher, receive, vp8)
    receive(publisher, vp8(b"2"), ssrc=5, sequence=2, payload_type=VP8, now=0.2)
    assert down.sequences == [100, 101, 103, 104, 105, 102]
    publisher.tick(0.9)
    assert len(up.messages(Nack)) == 1


@pytest.mark.parametrize(
    ("osn", "names"),
    [
        (40_000, {MID: b"1", REPAIRED_RID: HIGH}),  # never missed
        (3, {MID: b"1", REPAIRED_RID: HIGH}),  # here already
        (2, {MID: b"1", REPAIRED_RID: LOW}),  # a layer that is not sent
        (2, {MID: b"1", REPAIRED_RID: b"x"}),  # no layer at all
        (2, {MID: b"1"}),
    ],
)
def test_lying_repairs_are_dropped(
    live: tuple[Peer, Any, Any],
    receive: Receive,
    vp8: Vp8,
    osn: int,
    names: dict[int, bytes],
) -> None:
    publisher, _, down = live
    lose_one(publisher, receive, vp8)
    sent = len(down.rtp)
    repair(publisher, receive, b"lie", osn, names=names)
    assert len(down.rtp) == sent
    assert publisher.dropped == {"unasked_repair": 1}


def test_a_probe_by_padding_reaches_nobody(live: tuple[Peer, Any, Any], receive: Receive) -> None:
    publisher, _, down = live
    names = {MID: b"1", REPAIRED_RID: HIGH}
    receive(publisher, b"", ssrc=50, payload_type=RTX, padding=200, extensions=names)
    assert down.sequences == [100]


def test_strange_repair_streams_are_bounded(
    live: tuple[Peer, Any, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, _, down = live
    for ssrc in range(1000, 1100):
        repair(publisher, receive, b"lie", 9, ssrc=ssrc)
    lose_one(publisher, receive, vp8)
    repair(publisher, receive, vp8(b"2"), 2, ssrc=2000)
    assert down.sequences == [100, 101, 103, 104, 105], "no stream is learnt any more"


def test_nothing_is_asked_for_a_layer_that_nobody_watches(
    live: tuple[Peer, Any, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, up, _ = live
    names = {MID: b"1", RID: LOW}
    for sequence in (0, 2, 3, 4):
        receive(
            publisher, vp8(), ssrc=6, sequence=sequence, payload_type=VP8, extensions=names, now=0.1
        )
    publisher.tick(0.5)
    assert up.messages(Nack) == []


def test_a_hole_too_large_asks_for_a_keyframe(
    live: tuple[Peer, Any, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, up, _ = live
    receive(publisher, vp8(), ssrc=5, sequence=2000, payload_type=VP8, now=0.9)
    publisher.tick(1.0)
    assert up.messages(Nack) == []
    video = publisher.publication("video")
    assert video is not None
    assert up.messages(Pli)
