"""A peer with keys of its own and no manners: RTP and RTCP that no browser would send.

What it does is bounded, counted, and felt by nobody but those who watch it.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from typing import Any

import pytest

from media.feedback import MAX_ESTIMATE
from media.packets import rtcp
from media.packets.rtcp import Bye, Pli, SenderReport
from media.packets.rtp import MAX_BLOCK, Ssrc
from media.packets.sequence import distance
from media.packets.twcc import MAX_PACKETS
from media.peer import Peer
from media.routing.cache import MOST_OCTETS
from media.routing.losses import MAX_MISSING
from media.routing.policing import BURST, MEDIA, PACKET
from media.routing.resends import MAX_ASKED

MakePeer = Callable[..., tuple[Peer, Any]]
Receive = Callable[..., None]
Vp8 = Callable[..., bytes]

# Chromium's extension ids and payload types in the recorded offer
TRANSPORT_CC, MID, RID, REPAIRED_RID = 3, 4, 10, 11
OPUS, VP8, RTX = 111, 96, 97
CAMERA, AGAIN = 5, 50


@pytest.fixture
def live(
    make_peer: MakePeer, observer: Any, receive: Receive, vp8: Vp8
) -> tuple[Peer, Any, Peer, Any]:
    """A publisher and a viewer (a peer and its wire each) who has seen a keyframe."""
    publisher, up = make_peer("ann", "publish", observer)
    viewer, down = make_peer("bo", "watch", observer)
    video = publisher.publication("video")
    assert video is not None
    (stream,) = (s for s in viewer.subscriptions.values() if s.is_video)
    video.subscribe(stream, 0.0)
    names = {MID: b"1", RID: b"h"}
    receive(publisher, vp8(keyframe=True), ssrc=CAMERA, payload_type=VP8, extensions=names)
    return publisher, up, viewer, down


def say(peer: Peer, *packets: bytes, now: float = 0.0) -> None:
    peer.on_rtcp(memoryview(rtcp.compound(*packets)), now)


def test_ten_times_the_rate_is_cut_to_what_is_allowed(
    live: tuple[Peer, Any, Peer, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, _, _, down = live
    payload = vp8(bytes(1000))
    packets = 4_000
    for number in range(packets):  # a second of some 40 Mbit/s
        receive(
            publisher,
            payload,
            number / packets,
            ssrc=CAMERA,
            sequence=1 + number,
            payload_type=VP8,
        )
    allowed = MEDIA["video"] / 8 * (1 + BURST) / (12 + len(payload) + PACKET)
    assert len(down.rtp) == pytest.approx(allowed, rel=0.02)
    assert publisher.dropped["over_rate"] == packets + 1 - len(down.rtp)
    video = publisher.publication("video")
    assert video is not None
    encoding = video.encodings["h"]
    assert encoding.cache.octets <= MOST_OCTETS
    assert encoding.losses is not None
    assert len(encoding.losses) <= MAX_MISSING


def test_too_much_of_one_track_is_not_the_other_tracks_fault(
    live: tuple[Peer, Any, Peer, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, _, _, _ = live
    for number in range(3_000):
        receive(publisher, vp8(bytes(1000)), ssrc=CAMERA, sequence=1 + number, payload_type=VP8)
    assert publisher.dropped["over_rate"]
    for number in range(50):
        receive(publisher, b"opus", ssrc=9, sequence=number, payload_type=OPUS,
                extensions={MID: b"0"})  # fmt: skip
    audio = publisher.publication("audio")
    assert audio is not None
    assert audio.encodings[""].reception.received == 50


def test_what_is_over_the_rate_is_reported_as_lost(
    make_peer: MakePeer, observer: Any, receive: Receive, vp8: Vp8
) -> None:
    publisher, up = make_peer("ann", "publish", observer)
    for number in range(1_300):
        receive(
            publisher,
            vp8(bytes(1000)),
            ssrc=CAMERA,
            sequence=number,
            payload_type=VP8,
            extensions={MID: b"1", RID: b"h", TRANSPORT_CC: number.to_bytes(2, "big")},
        )
    publisher.tick(0.05)
    told = [data for data in up.rtcp if data[1] == rtcp.RTPFB and data[0] & 31 == rtcp.TWCC_FORMAT]
    spoken_of = sum(int.from_bytes(data[14:16], "big") for data in told)
    assert publisher.dropped["over_rate"] == 1_300 - spoken_of


def test_a_late_original_does_not_go_out_again_after_its_repair(
    live: tuple[Peer, Any, Peer, Any], receive: Receive, vp8: Vp8
) -> None:
    """Under the same number another packet, were it only stamped anew, gives the key of AES-GCM
    away (RFC 7714, 8.4)."""
    publisher, _, _, down = live
    for number in (1, 3, 4, 5):
        receive(publisher, vp8(), 0.01, ssrc=CAMERA, sequence=number, payload_type=VP8)
    receive(
        publisher, b"\x00\x02" + vp8(b"true"), 0.05, ssrc=AGAIN, payload_type=RTX,
        extensions={MID: b"1", REPAIRED_RID: b"h"},
    )  # fmt: skip
    assert down.rtp[-1].payload == vp8(b"true")
    sent = len(down.rtp)
    receive(publisher, vp8(b"another"), 0.06, ssrc=CAMERA, sequence=2, payload_type=VP8)
    assert len(down.rtp) == sent
    assert len(set(down.sequences)) == sent


def test_numbers_that_jump_cost_their_own_viewers_a_pause_and_nothing_more(
    live: tuple[Peer, Any, Peer, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, up, _, down = live
    video = publisher.publication("video")
    assert video is not None
    for number in range(500):
        sequence = number // 2 * 20_000 + number % 2
        receive(
            publisher, vp8(keyframe=True), number / 250,
            ssrc=CAMERA, sequence=sequence, payload_type=VP8,
        )  # fmt: skip
        publisher.tick(number / 250)
    encoding = video.encodings["h"]
    assert encoding.restarts <= 3
    assert encoding.losses is not None
    assert len(encoding.losses) <= MAX_MISSING
    assert len(up.messages(Pli)) <= 5
    steps = [distance(b, a) for a, b in itertools.pairwise(down.sequences)]
    assert all(abs(step) <= 3000 for step in steps), "SRTP can follow"


@pytest.mark.parametrize("step", [1, 300, 2999, 20_000, 32_767, 40_000])
def test_transport_numbers_that_jump_make_few_reports(
    make_peer: MakePeer, observer: Any, receive: Receive, vp8: Vp8, step: int
) -> None:
    publisher, up = make_peer("ann", "publish", observer)
    for number in range(1_000):
        at = (number * step & 0xFFFF).to_bytes(2, "big")
        names = {MID: b"1", RID: b"h", TRANSPORT_CC: at}
        receive(publisher, vp8(), ssrc=CAMERA, sequence=number, payload_type=VP8, extensions=names)
    publisher.tick(0.05)
    assert 0 < len(up.rtcp) <= MAX_PACKETS + 10
    assert all(len(data) < 1400 for data in up.rtcp)


def test_one_ssrc_for_two_tracks_is_the_first_ones(
    live: tuple[Peer, Any, Peer, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, _, _, down = live
    sent = len(down.rtp)
    for number in range(1, 20):
        receive(
            publisher, b"opus", ssrc=CAMERA, sequence=number, payload_type=OPUS,
            extensions={MID: b"0"},
        )  # fmt: skip
    assert publisher.dropped["unknown_payload_type"] == 19
    assert len(down.rtp) == sent
    receive(publisher, vp8(), ssrc=CAMERA, sequence=20, payload_type=VP8)
    assert len(down.rtp) == sent + 1


def test_two_peers_with_one_ssrc_do_not_meet(
    live: tuple[Peer, Any, Peer, Any], make_peer: MakePeer, observer: Any, receive: Receive,
    vp8: Vp8,
) -> None:  # fmt: skip
    _, _, _, down = live
    other, _ = make_peer("eve", "publish", observer)
    for number in range(20):
        receive(
            other, vp8(keyframe=True), ssrc=CAMERA, sequence=number, payload_type=VP8,
            extensions={MID: b"1", RID: b"h"},
        )  # fmt: skip
    say(other, rtcp.bye([CAMERA]))
    assert len(down.rtp) == 1


def test_an_ssrc_of_ours_is_theirs_to_use(
    make_peer: MakePeer, observer: Any, receive: Receive
) -> None:
    """What comes in and what goes out are two tables, and two SRTP sessions."""
    talker, wire = make_peer("ann", "talk", observer)
    ours = next(iter(talker.subscriptions))
    for number in range(10):
        receive(
            talker, b"opus", ssrc=ours, sequence=number, payload_type=OPUS, extensions={MID: b"0"}
        )
    voice = talker.publication("audio")
    assert voice is not None
    assert voice.encodings[""].reception.received == 10
    say(talker, rtcp.nack(ours, ours, range(10)), rtcp.bye([ours]))
    assert wire.rtp == []
    assert len(talker.subscriptions) == 6


def test_a_goodbye_for_others_ends_nothing(live: tuple[Peer, Any, Peer, Any]) -> None:
    publisher, _, viewer, down = live
    video = publisher.publication("video")
    assert video is not None
    say(viewer, rtcp.bye([CAMERA, down.rtp[0].ssrc]))
    assert not video.encodings["h"].stopped
    say(publisher, rtcp.bye(range(31)))
    assert video.encodings["h"].stopped, "its own"
    assert rtcp.parse(rtcp.bye([CAMERA])) == [Bye((Ssrc(CAMERA),))]


def test_fifty_reports_in_one_packet_reach_each_viewer_once(
    live: tuple[Peer, Any, Peer, Any],
) -> None:
    publisher, _, _, down = live
    report = rtcp.sender_report(SenderReport(Ssrc(CAMERA), 7 << 32, 1, 1, 1))
    for turn in range(20):
        say(publisher, *[report] * 50, now=turn * 0.05)
    assert len(down.messages(SenderReport)) == 5


@pytest.mark.parametrize("time", [0, 1, (1 << 64) - 1, 1 << 63])
def test_an_absurd_clock_passes_and_is_replaced(
    live: tuple[Peer, Any, Peer, Any], time: int
) -> None:
    publisher, up, _, down = live
    say(publisher, rtcp.sender_report(SenderReport(Ssrc(CAMERA), time, 0xFFFFFFFF, 1, 1)))
    say(publisher, rtcp.sender_report(SenderReport(Ssrc(CAMERA), 9 << 32, 1, 1, 1)), now=1.0)
    assert [each.ntp_time for each in down.messages(SenderReport)] == [time, 9 << 32]
    publisher.tick(2.0)
    assert up.rtcp


def test_nacks_without_end_are_looked_at_boundedly(live: tuple[Peer, Any, Peer, Any]) -> None:
    _, _, viewer, down = live
    ssrc = down.rtp[0].ssrc
    everything = rtcp.nack(1, ssrc, range(0, 5_800, 1))
    assert len(everything) < 1500
    stream = viewer.subscriptions[ssrc]
    for _ in range(10):
        say(viewer, everything)
    assert stream._allowance._asked <= MAX_ASKED + 10
    assert len(down.rtp) == 1 + stream.resent
    assert stream.resent <= 1


def test_a_viewer_who_is_never_content_takes_few_keyframes_from_the_others(
    live: tuple[Peer, Any, Peer, Any], receive: Receive, vp8: Vp8
) -> None:
    publisher, up, viewer, down = live
    for turn in range(1, 600):  # a minute
        now = turn * 0.1
        say(viewer, rtcp.pli(1, down.rtp[0].ssrc), now=now)
        publisher.tick(now)
        receive(publisher, vp8(keyframe=True), now, ssrc=CAMERA, sequence=turn, payload_type=VP8)
    assert len(up.messages(Pli)) < 3 * (8 + 60 / 4)
    assert viewer.dropped["keyframes_over_rate"] > 300


def test_rtcp_without_end_is_not_read(live: tuple[Peer, Any, Peer, Any]) -> None:
    _, _, viewer, down = live
    compound = [rtcp.pli(1, down.rtp[0].ssrc)] * 100
    for turn in range(2_000):
        say(viewer, *compound, now=turn * 0.0005)
    assert viewer.dropped["rtcp_over_rate"] > 1_500
    say(viewer, rtcp.remb(1, 700_000, [1]), now=3.0)
    assert viewer.remb == pytest.approx(700_000, rel=0.001), "its own patience heals it"


@pytest.mark.parametrize("bitrate", [0, 1, 1 << 60, (1 << 18) - 1 << 63])
def test_an_absurd_estimate_is_a_number_that_can_be_told(
    live: tuple[Peer, Any, Peer, Any], bitrate: int
) -> None:
    _, _, viewer, down = live
    for turn in range(20):
        say(viewer, rtcp.remb(1, bitrate, range(200)), now=turn * 0.3)
        viewer.tick(turn * 0.3)
    assert viewer.remb is not None
    assert 0 <= viewer.remb <= MAX_ESTIMATE
    assert sum(len(each.raw) for each in down.rtp) < 20_000, "nor does it draw padding"


def test_transport_feedback_of_impossible_ranges_is_not_read(
    live: tuple[Peer, Any, Peer, Any],
) -> None:
    publisher, up, viewer, down = live
    ssrc = down.rtp[0].ssrc
    for base, count in ((0, 0xFFFF), (0xFFFF, 0xFFFF), (0, 0)):
        body = struct.pack("!IIHHI", 1, ssrc, base, count, 0xFFFFFFFF) + b"\x3f\xff" * 8
        head = struct.pack("!BBH", 0x80 | rtcp.TWCC_FORMAT, rtcp.RTPFB, len(body) // 4)
        for peer in (viewer, publisher):
            say(peer, head + body)
    assert not viewer.dropped
    assert not publisher.dropped
    assert (up.rtcp, len(down.rtp)) == ([], 1)


def test_a_header_of_a_thousand_extensions_is_dropped_unread(
    live: tuple[Peer, Any, Peer, Any],
) -> None:
    publisher, _, _, down = live
    for words in (MAX_BLOCK // 4, MAX_BLOCK // 4 + 1, 300):
        block = b"\x01\x00" * (2 * words)
        data = bytearray(struct.pack("!BBHIIHH", 0x90, VP8, 1, 1, CAMERA, 0x1000, words) + block)
        data += b"\x10\x11"
        publisher.on_rtp(data + bytes(100), len(data), 0.0)
    assert publisher.dropped["malformed_rtp"] == 2
    assert len(down.rtp) == 2


def test_a_level_of_no_bytes_is_none(make_peer: MakePeer, observer: Any) -> None:
    talker, _ = make_peer("ann", "talk", observer)
    block = struct.pack("!HHBBBcBB", 0x1000, 2, 4, 1, ord("0"), b"\0", 1, 0) + b"\0\0"
    data = bytearray(struct.pack("!BBHII", 0x90, OPUS, 1, 1, 9) + block)
    talker.on_rtp(data, len(data), 0.0)
    assert observer.heard == []
    assert not talker.dropped
