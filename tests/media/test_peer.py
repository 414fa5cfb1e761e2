"""One peer's packets: each finds its track and layer, and nothing else is believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.peer import Peer
from media.tracks import MAX_REPLACED

MakePeer = Callable[..., tuple[Peer, Any]]
Bytes = Callable[..., bytearray]
Vp8 = Callable[..., bytes]

# Chromium's extension ids and payload types in the recorded offer
LEVEL, TRANSPORT_CC, MID, RID = 1, 3, 4, 10
OPUS, VP8 = 111, 96


@pytest.fixture
def publisher(make_peer: MakePeer, observer: Any) -> tuple[Peer, Any]:
    return make_peer("ann", "publish", observer)


def kinds(peer: Peer) -> list[tuple[str, str]]:
    streams = peer.tracks.streams.values()
    return [(track.incoming.codec.name, encoding.rid) for track, encoding in streams]


# ----------------------------------------------------------------------------------- which track


def test_mid_and_rid_name_the_track_and_its_layer(
    publisher: tuple[Peer, Any], receive: Callable[..., None], vp8: Vp8
) -> None:
    peer, _ = publisher
    receive(peer, b"opus", ssrc=1, payload_type=OPUS, extensions={MID: b"0"})
    for ssrc, rid in enumerate((b"h", b"l", b"m"), 2):
        receive(peer, vp8(), ssrc=ssrc, payload_type=VP8, extensions={MID: b"1", RID: rid})
    # Once known, an SSRC needs no names any more.
    receive(peer, vp8(), ssrc=2, sequence=1, payload_type=VP8)
    assert kinds(peer) == [("opus", ""), ("VP8", "h"), ("VP8", "l"), ("VP8", "m")]
    video = peer.publication("video")
    assert video is not None
    assert video.encodings["h"].reception.received == 2
    assert not peer.dropped


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"payload_type": VP8, "extensions": {MID: b"7", RID: b"h"}}, "unknown_stream"),
        ({"payload_type": VP8, "extensions": {MID: b"1", RID: b"x"}}, "unknown_stream"),
        ({"payload_type": VP8, "extensions": {MID: b"1"}}, "unknown_stream"),
        ({"payload_type": VP8, "extensions": {MID: b"0", RID: b"h"}}, "unknown_stream"),
        ({"payload_type": 97, "extensions": {MID: b"1", RID: b"h"}}, "unasked_repair"),
        ({"payload_type": 5}, "unknown_stream"),
        ({"payload_type": VP8, "extensions": {MID: b"\xff\xfe", RID: b"h"}}, "unknown_stream"),
    ],
)
def test_what_belongs_nowhere_is_dropped(
    publisher: tuple[Peer, Any],
    receive: Callable[..., None],
    observer: Any,
    header: dict[str, Any],
    why: str,
) -> None:
    peer, _ = publisher
    receive(peer, **header)
    assert peer.dropped == {why: 1}
    assert kinds(peer) == []
    assert observer.started == []


def test_another_payload_type_on_a_known_stream_is_dropped(
    publisher: tuple[Peer, Any], receive: Callable[..., None]
) -> None:
    peer, _ = publisher
    receive(peer, payload_type=OPUS, extensions={MID: b"0"})
    receive(peer, sequence=1, payload_type=63)
    assert peer.dropped == {"unknown_payload_type": 1}


def test_without_names_the_ssrc_of_the_offer_tells(
    make_peer: MakePeer,
    observer: Any,
    offer_text: Callable[[str], str],
    receive: Callable[..., None],
) -> None:
    peer, _ = make_peer("obs", "publish", observer, offer=offer_text("ffmpeg_publish"))
    audio, video = (track.incoming for track in peer.tracks)
    receive(peer, b"\x65", ssrc=video.ssrcs[0], payload_type=video.codec.payload_type)
    receive(peer, b"opus", ssrc=audio.ssrcs[0], payload_type=audio.codec.payload_type)
    assert kinds(peer) == [("H264", ""), ("opus", "")]
    # the repair stream, of which nothing was asked
    receive(peer, b"\x65", ssrc=video.ssrcs[0] + 1, payload_type=105)
    assert peer.dropped == {"unasked_repair": 1}


def test_without_either_the_payload_type_tells(
    make_peer: MakePeer,
    observer: Any,
    offer_text: Callable[[str], str],
    receive: Callable[..., None],
) -> None:
    peer, _ = make_peer("obs", "publish", observer, offer=offer_text("ffmpeg_publish"))
    receive(peer, b"\x65", ssrc=77, payload_type=106)
    assert kinds(peer) == [("H264", "")]


def test_a_talker_can_be_told_by_payload_type(
    make_peer: MakePeer, observer: Any, receive: Callable[..., None]
) -> None:
    peer, _ = make_peer("ann", "talk", observer)
    receive(peer, b"opus", ssrc=5, payload_type=OPUS)
    assert kinds(peer) == [("opus", "")]


def test_a_new_ssrc_takes_the_track_over_and_the_old_one_stays_out(
    make_peer: MakePeer, observer: Any, receive: Callable[..., None]
) -> None:
    peer, _ = make_peer("ann", "talk", observer)
    receive(peer, ssrc=5, payload_type=OPUS)
    receive(peer, ssrc=6, payload_type=OPUS)
    receive(peer, ssrc=5, sequence=1, payload_type=OPUS)
    voice = peer.publication("audio")
    assert voice is not None
    assert voice.encodings[""].ssrc == 6
    assert peer.dropped == {"unknown_stream": 1}


def test_strange_streams_are_bounded(
    make_peer: MakePeer, observer: Any, receive: Callable[..., None]
) -> None:
    peer, _ = make_peer("ann", "talk", observer)
    for ssrc in range(1000):
        receive(peer, ssrc=ssrc, payload_type=OPUS)
    assert len(kinds(peer)) == 1
    assert peer.dropped == {"unknown_stream": 1000 - 1 - MAX_REPLACED}


def test_the_first_packet_is_told_once(
    publisher: tuple[Peer, Any], receive: Callable[..., None], observer: Any
) -> None:
    peer, _ = publisher
    for sequence in range(3):
        receive(peer, sequence=sequence, payload_type=OPUS, extensions={MID: b"0"})
    assert observer.started == ["ann"]


# ------------------------------------------------------------------------------------ loud, silent


def test_levels_are_heard_until_muted(
    make_peer: MakePeer, observer: Any, receive: Callable[..., None]
) -> None:
    peer, _ = make_peer("ann", "talk", observer)
    receive(peer, payload_type=OPUS, sequence=0, extensions={LEVEL: b"\x9e"})
    receive(peer, payload_type=OPUS, sequence=1, extensions={LEVEL: b"\x28"})
    peer.set_muted(True)
    receive(peer, payload_type=OPUS, sequence=2, extensions={LEVEL: b"\x80"})
    peer.set_muted(False)
    receive(peer, payload_type=OPUS, sequence=3, extensions={LEVEL: b"\xff"})
    assert observer.heard == [30, 40, 127]


# ------------------------------------------------------------------------------------ bad packets


@pytest.mark.parametrize(
    "data", [b"", b"\x80", bytes(12), b"\xb0" + bytes(11), b"\xa0" + bytes(11)]
)
def test_broken_rtp_is_counted(publisher: tuple[Peer, Any], data: bytes) -> None:
    peer, _ = publisher
    peer.on_rtp(bytearray(data) + bytes(2048), len(data), 0.0)
    assert peer.dropped == {"malformed_rtp": 1}


def test_broken_video_is_counted(publisher: tuple[Peer, Any], receive: Callable[..., None]) -> None:
    peer, _ = publisher
    receive(peer, b"\x90\x80", payload_type=VP8, extensions={MID: b"1", RID: b"h"})
    assert peer.dropped == {"malformed_rtp": 1}


def test_broken_rtcp_is_counted(publisher: tuple[Peer, Any]) -> None:
    peer, _ = publisher
    peer.on_rtcp(memoryview(b"\x80\xc8\x00\x06short"), 0.0)
    assert peer.dropped == {"malformed_rtcp": 1}


@given(
    header=st.fixed_dictionaries(
        {
            "payload_type": st.sampled_from((OPUS, VP8, 5)),
            "ssrc": st.integers(0, 5),
            "sequence": st.integers(0, 65535),
            "extensions": st.fixed_dictionaries(
                {
                    MID: st.sampled_from((b"0", b"1", b"\xff")),
                    RID: st.sampled_from((b"l", b"h", b"\x00")),
                    LEVEL: st.binary(min_size=1, max_size=3),
                    TRANSPORT_CC: st.binary(min_size=1, max_size=3),
                }
            ),
        }
    ),
    payloads=st.lists(st.binary(max_size=20), max_size=5),
    junk=st.binary(max_size=60),
    bits=st.integers(0, 255),
)
@settings(deadline=None)
def test_no_bytes_come_out_as_an_exception(
    header: dict[str, Any],
    payloads: list[bytes],
    junk: bytes,
    bits: int,
    make_peer: MakePeer,
    make_observer: Callable[[], Any],
    rtp_bytes: Bytes,
) -> None:
    peer, _ = make_peer("any", "publish", make_observer())
    for payload in payloads:
        data = rtp_bytes(payload, **header)
        data[0] ^= bits & 0x3F
        peer.on_rtp(data + bytes(100), len(data), 0.0)
        peer.on_rtcp(memoryview(bytes(data)), 0.0)
    peer.on_rtp(bytearray(junk) + bytes(100), len(junk), 0.0)
    peer.on_rtcp(memoryview(junk), 0.0)
    peer.tick(0.0)
