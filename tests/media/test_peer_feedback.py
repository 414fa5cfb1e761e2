"""One peer's feedback and reports: what it asks for, what it is told, and its end."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from typing import Any

import pytest

from media.packets import rtcp
from media.packets.rtcp import (
    Fir,
    Pli,
    ReceiverReport,
    Remb,
    SenderReport,
    TransportFeedback,
)
from media.packets.rtp import Ssrc
from media.peer import Peer
from media.reporting import FIXED_BITRATE, OUR_SSRC
from media.routing.resends import INTERVAL
from tests.media.hall import Hall, Way

MakePeer = Callable[..., tuple[Peer, Any]]
Vp8 = Callable[..., bytes]

# Chromium's extension ids and payload types in the recorded offer
TRANSPORT_CC, MID, RID = 3, 4, 10
OPUS, VP8, RTX = 111, 96, 97


@pytest.fixture
def publisher(make_peer: MakePeer, observer: Any) -> tuple[Peer, Any]:
    return make_peer("ann", "publish", observer)


@pytest.fixture
def live(
    make_peer: MakePeer, observer: Any, receive: Callable[..., None], vp8: Vp8
) -> tuple[Peer, Any, Peer, Any]:
    """A publisher and two viewers (a peer and its wire each) who have seen a keyframe."""
    publisher, up = make_peer("ann", "publish", observer)
    viewer, down = make_peer("bo", "watch", observer)
    video = publisher.publication("video")
    assert video is not None
    (stream,) = (s for s in viewer.subscriptions.values() if s.codec.kind == "video")
    video.subscribe(stream, 0.0)
    names = {MID: b"1", RID: b"h"}
    receive(publisher, vp8(keyframe=True), ssrc=5, payload_type=VP8, extensions=names)
    for sequence in range(1, 5):
        receive(publisher, vp8(), ssrc=5, sequence=sequence, payload_type=VP8)
    assert down.sequences == [100, 101, 102, 103, 104]
    return publisher, up, viewer, down


def say(peer: Peer, *packets: bytes, now: float = 0.0) -> None:
    peer.on_rtcp(memoryview(rtcp.compound(*packets)), now)


def test_a_nack_is_answered(live: tuple[Peer, Any, Peer, Any]) -> None:
    _, _, viewer, down = live
    first = down.rtp[2]
    say(viewer, rtcp.nack(1, down.rtp[0].ssrc, [102]))
    again = down.rtp[-1]
    assert again.payload == (102).to_bytes(2, "big") + first.payload
    assert (again.payload_type, again.timestamp) == (RTX, first.timestamp)
    assert again.ssrc != first.ssrc


def test_pli_and_fir_reach_the_publisher_once(live: tuple[Peer, Any, Peer, Any]) -> None:
    publisher, up, viewer, down = live
    ssrc = down.rtp[0].ssrc
    for command in range(5):
        say(viewer, rtcp.pli(1, ssrc), rtcp.fir(1, ssrc, command))
        publisher.tick(10.0)
    assert up.messages(Pli) == [Pli(Ssrc(OUR_SSRC), Ssrc(5))]


def test_feedback_for_other_peoples_streams_is_ignored(
    live: tuple[Peer, Any, Peer, Any], make_peer: MakePeer, observer: Any
) -> None:
    publisher, up, _, down = live
    stranger, theirs = make_peer("eve", "watch", observer)
    ssrc = down.rtp[0].ssrc
    sent = len(down.rtp)
    for peer in (stranger, publisher):
        say(peer, rtcp.nack(1, ssrc, [100, 101]), rtcp.pli(1, ssrc), rtcp.fir(1, ssrc, 1))
    say(publisher, rtcp.pli(1, 5), rtcp.nack(1, 5, [0]))
    publisher.tick(10.0)
    assert len(down.rtp) == sent
    assert theirs.rtp == []
    assert up.messages(Pli) == []


def test_sender_reports_of_others_are_ignored(live: tuple[Peer, Any, Peer, Any]) -> None:
    publisher, _, viewer, down = live
    report = rtcp.sender_report(SenderReport(Ssrc(99), 1 << 32, 0, 0, 0))
    say(publisher, report)
    say(viewer, rtcp.sender_report(SenderReport(Ssrc(5), 1 << 32, 0, 0, 0)))
    assert down.messages(SenderReport) == []
    say(publisher, rtcp.sender_report(SenderReport(Ssrc(5), 1 << 32, 0, 0, 0)))
    (told,) = down.messages(SenderReport)
    assert told.ssrc == down.rtp[0].ssrc


def test_an_estimate_is_remembered(live: tuple[Peer, Any, Peer, Any]) -> None:
    _, _, viewer, _ = live
    say(viewer, rtcp.remb(1, 1_000_000, [5]))
    assert viewer.remb == pytest.approx(1_000_000, rel=0.001)


def test_numbers_asked_for_are_granted_anew_even_without_a_publisher(
    live: tuple[Peer, Any, Peer, Any],
) -> None:
    publisher, _, viewer, down = live
    nonsense = rtcp.nack(1, down.rtp[0].ssrc, range(30_000, 31_000))
    publisher.close()
    for _ in range(3):
        say(viewer, nonsense)
    before = len(down.rtp)
    nack = rtcp.nack(1, down.rtp[0].ssrc, [100])
    say(viewer, nack)
    assert len(down.rtp) == before
    say(viewer, nack, now=INTERVAL)
    assert len(down.rtp) == before + 1


# ---------------------------------------------------------------------------------------- reports


def test_a_link_is_told_of_what_reached_its_peer_by_the_batch(
    live: tuple[Peer, Any, Peer, Any], receive: Callable[..., None], vp8: Vp8
) -> None:
    publisher, _, viewer, down = live
    numbers = itertools.count(5)

    def told(now: float, *, sent: bool) -> int:
        if sent:
            sequence = next(numbers)
            receive(publisher, vp8(), now=now - 0.1, ssrc=5, sequence=sequence, payload_type=VP8)
        viewer.tick(now)
        noted: int = down.noted
        return noted

    assert told(0.3, sent=True) == 0, "the link sent that itself"
    down.route = lambda: way
    way = Way(Hall(64))
    viewer.on_rerouted()
    assert told(0.6, sent=True) == 1
    assert told(0.9, sent=False) == 1
    assert told(1.2, sent=True) == 2
    # What is no VP8 comes in, and goes no further.
    receive(publisher, b"\x80", now=1.4, ssrc=5, sequence=next(numbers), payload_type=VP8)
    assert told(1.5, sent=False) == 2
    # Whoever comes or goes ends the batch for all.
    receive(publisher, vp8(), now=1.6, ssrc=5, sequence=next(numbers), payload_type=VP8)
    viewer.on_rerouted()
    assert told(1.7, sent=False) == 3
    assert told(1.9, sent=False) == 3
    assert len(way.inbox) == 3


def test_the_publisher_is_told_what_arrived(
    publisher: tuple[Peer, Any], receive: Callable[..., None]
) -> None:
    peer, wire = publisher
    peer.tick(1.0)
    assert wire.rtcp == [], "nothing to tell"
    for sequence in (0, 1, 3):
        number = struct.pack("!H", sequence)
        names = {MID: b"0", TRANSPORT_CC: number}
        receive(peer, now=1.0, ssrc=5, sequence=sequence, payload_type=OPUS, extensions=names)
    peer.tick(1.05)
    assert len(wire.messages(TransportFeedback)) == 1
    (report,) = wire.messages(ReceiverReport)
    (block,) = report.blocks
    assert (block.ssrc, block.highest, block.lost) == (5, 3, 1)
    assert wire.messages(Remb) == []
    peer.tick(1.1)
    peer.tick(2.04)
    assert len(wire.messages(ReceiverReport)) == 1
    peer.tick(2.06)
    assert len(wire.messages(ReceiverReport)) == 2


def test_a_publisher_without_feedback_gets_a_promise(
    make_peer: MakePeer,
    observer: Any,
    offer_text: Callable[[str], str],
    receive: Callable[..., None],
) -> None:
    peer, wire = make_peer("obs", "publish", observer, offer=offer_text("ffmpeg_publish"))
    receive(peer, b"\x65", ssrc=77, payload_type=106)
    peer.tick(1.0)
    (promise,) = wire.messages(Remb)
    assert promise.bitrate == pytest.approx(FIXED_BITRATE, rel=0.001)
    assert promise.ssrcs == (77,)


def test_a_malformed_transport_number_is_not_recorded(
    publisher: tuple[Peer, Any], receive: Callable[..., None]
) -> None:
    peer, wire = publisher
    receive(peer, payload_type=OPUS, extensions={MID: b"0", TRANSPORT_CC: b"\x01"})
    peer.tick(1.0)
    assert wire.messages(TransportFeedback) == []


def test_nothing_is_told_before_the_keys(
    publisher: tuple[Peer, Any], receive: Callable[..., None]
) -> None:
    peer, wire = publisher
    wire.connected = False
    receive(peer, payload_type=OPUS, extensions={MID: b"0"})
    peer.tick(1.0)
    assert wire.rtcp == []
    assert not peer.connected


def test_closing_ends_the_link_and_all_routing(live: tuple[Peer, Any, Peer, Any]) -> None:
    publisher, up, viewer, down = live
    video = publisher.publication("video")
    assert video is not None
    viewer.close()
    assert down.closed
    assert list(video.subscriptions) == []
    publisher.close()
    assert up.closed


def test_the_room_hears_of_the_link(publisher: tuple[Peer, Any], observer: Any) -> None:
    peer, _ = publisher
    peer.on_connected(1.0)
    peer.on_closed("timeout")
    assert (observer.connected, observer.closed) == (["ann"], [("ann", "timeout")])


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [("nack pli", Pli), ("ccm fir", Fir), ("both", Pli), ("neither", Pli)],
)
def test_a_publisher_is_asked_for_a_keyframe_by_what_it_offered(
    make_peer: MakePeer,
    observer: Any,
    receive: Callable[..., None],
    vp8: Vp8,
    offer_text: Callable[[str], str],
    feedback: str,
    kind: type,
) -> None:
    offer = offer_text("chromium_publish")
    for each in ("nack pli", "ccm fir"):
        if feedback not in (each, "both"):
            offer = offer.replace(f"a=rtcp-fb:96 {each}\r\n", "")
    publisher, up = make_peer("ann", "publish", observer, offer=offer)
    viewer, _ = make_peer("bo", "watch", observer)
    video = publisher.publication("video")
    assert video is not None
    (stream,) = [each for each in viewer.subscriptions.values() if each.is_video]
    names = {MID: b"1", RID: b"h"}
    receive(publisher, vp8(), ssrc=7, payload_type=96, extensions=names)
    video.subscribe(stream, 0.0)
    for turn in range(3):
        publisher.tick(1.0 + turn)
    receive(publisher, vp8(keyframe=True), 4.0, ssrc=7, sequence=1, payload_type=96)
    stream.want_keyframe()
    publisher.tick(5.0)
    asked = up.messages(kind)
    assert len(asked) == 4
    assert not up.messages(Pli if kind is Fir else Fir)
    if kind is Fir:
        entries = [entry for each in asked for entry in each.entries]
        assert entries == [(7, 1), (7, 1), (7, 2), (7, 3)]
