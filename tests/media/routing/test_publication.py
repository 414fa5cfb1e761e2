"""A track's packets to all who receive it: keyframes first, layers, silence, new beginnings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from media.codecs import Codec
from media.errors import MalformedPacket
from media.packets.rtp import Ssrc
from media.routing.encoding import Encoding
from media.routing.publication import MAX_ENCODINGS, Publication
from media.routing.subscription import Subscription

Codecs = Mapping[str, Codec]
Send = Callable[..., None]
Subscribe = Callable[..., Subscription]
Vp8 = Callable[..., bytes]

H264_SPS = b"\x67\x42\xe0\x1f"
H264_IDR = b"\x65rest"
H264_SLICE = b"\x41rest"


@pytest.fixture
def send(rtp: Callable[..., Any]) -> Send:
    """send(publication, encoding, sequence, payload, now)"""

    def give(
        publication: Publication,
        encoding: Encoding,
        sequence: int,
        payload: bytes,
        now: float = 0.0,
        **header: Any,
    ) -> None:
        packet = rtp(payload, ssrc=encoding.ssrc, sequence=sequence, **header)
        publication.receive(encoding, packet, now, -1)

    return give


def layer(publication: Publication, rid: str = "", ssrc: int = 0x1000) -> Encoding:
    encoding = publication.encoding(rid, Ssrc(ssrc))
    assert encoding is not None
    return encoding


def bodies(wire: Any) -> list[bytes]:
    return [packet.payload[-1:] for packet in wire.rtp]


# -------------------------------------------------------------------------------------- keyframes


def test_nothing_goes_out_before_a_keyframe(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    send(video, only, 0, vp8(b"0", keyframe=True))  # before anybody watched
    video.subscribe(subscribe_to(wire), 0.0)
    send(video, only, 1, vp8(b"1"))
    send(video, only, 2, vp8(b"2", start=False))
    send(video, only, 3, b"")
    assert wire.rtp == []
    send(video, only, 4, vp8(b"4", keyframe=True))
    send(video, only, 5, vp8(b"5", start=False))
    assert bodies(wire) == [b"4", b"5"]


def test_the_rest_of_a_keyframe_begins_nothing(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    video.subscribe(subscribe_to(wire), 0.0)
    send(video, only, 1, vp8(b"\x00 looks like a keyframe's first byte", start=False))
    assert wire.rtp == []


def test_h264_begins_with_its_parameters(
    codecs: Codecs, send: Send, wire: Any, subscribe_to: Subscribe
) -> None:
    video = Publication(codecs["h264"])
    only = layer(video)
    video.subscribe(subscribe_to(wire, codecs["h264"]), 0.0)
    send(video, only, 0, H264_SLICE)
    send(video, only, 1, H264_SPS)
    send(video, only, 2, H264_IDR)
    send(video, only, 3, H264_SLICE)
    assert [packet.payload for packet in wire.rtp] == [H264_SPS, H264_IDR, H264_SLICE]


def test_a_viewer_asks_for_a_keyframe_and_many_ask_once(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    send(video, only, 0, vp8(), 10.0)
    assert video.tick(10.0) == []
    for _ in range(20):
        video.subscribe(subscribe_to(wire), 10.0)
    assert video.tick(10.0) == [0x1000]
    assert video.tick(10.1) == []
    assert video.tick(10.5) == [0x1000], "the request may have been lost"
    send(video, only, 1, vp8(keyframe=True), 10.6)
    assert video.tick(11.5) == []
    assert len(wire.rtp) == 20


def test_nobody_is_asked_for_those_who_left(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    send(video, only, 0, vp8(), 10.0)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 10.0)
    viewer.leave()
    assert video.tick(10.0) == []
    assert not only.is_watched


def test_a_layer_left_behind_is_asked_for_nothing(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = layer(video, "l"), layer(video, "h", 0x1001)
    viewer = subscribe_to(wire)
    send(video, low, 0, vp8(), 10.0)
    video.subscribe(viewer, 10.0)
    assert video.tick(10.0) == [low.ssrc]
    viewer.await_keyframe(high)
    send(video, high, 0, vp8(keyframe=True, height=720), 10.1)
    assert video.tick(10.6) == []


def test_a_viewer_who_cannot_decode_asks_for_its_layers(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = layer(video, "l"), layer(video, "h", 0x1001)
    viewer = subscribe_to(wire)
    viewer.await_keyframe(low)
    send(video, low, 0, vp8(keyframe=True), 10.0)
    viewer.await_keyframe(high)
    high.requests.arrived()
    viewer.want_keyframe()
    assert low.requests.due(10.0)
    assert high.requests.due(10.0)


def test_sound_has_no_keyframes(
    audio: Publication, codecs: Codecs, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(audio)
    listener = subscribe_to(wire, codecs["opus"])
    audio.subscribe(listener, 0.0)
    listener.want_keyframe()
    assert audio.tick(10.0) == []
    assert not only.requests.due(10.0)


def test_a_broken_payload_goes_nowhere(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    video.subscribe(subscribe_to(wire), 0.0)
    send(video, only, 0, vp8(keyframe=True))
    for sequence, payload in enumerate((b"\x90", b"\x90\x80", b"\x90\x80\x80", b"\x10"), 1):
        with pytest.raises(MalformedPacket):
            send(video, only, sequence, payload)
    assert len(wire.rtp) == 1


# ----------------------------------------------------------------------------------------- layers


def test_a_viewer_goes_up_when_the_better_layer_has_settled_and_on_its_keyframe(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = layer(video, "l"), layer(video, "h", 0x1001)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 0.0)
    for n in range(60):
        now = n / 30
        send(video, low, n, vp8(b"l", keyframe=n == 0, height=180), now)
        if n >= 10:
            send(video, high, n, vp8(b"h", keyframe=n in (10, 40), height=720), now)
        video.tick(now)
    assert bodies(wire) == [b"l"] * 41 + [b"h"] * 20
    assert wire.sequences == list(range(100, 161))
    assert viewer.encoding is high
    assert low.subscribers == ()


def test_a_viewer_goes_down_when_its_layer_stops(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = layer(video, "l"), layer(video, "h", 0x1001)
    send(video, low, 0, vp8(b"l", height=180), 0.0)
    send(video, high, 0, vp8(b"h", keyframe=True, height=720), 0.0)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 0.0)
    send(video, high, 1, vp8(b"h", keyframe=True, height=720), 0.0)
    assert viewer.encoding is high
    asked = []
    for n in range(1, 60):  # from here on the publisher sends the low layer only
        now = n / 30
        send(video, low, n, vp8(b"l", keyframe=low.ssrc in asked, height=180), now)
        asked += video.tick(now)
    assert asked[0] == low.ssrc
    assert viewer.encoding is low
    assert bodies(wire)[0] == b"h"
    assert set(bodies(wire)[1:]) == {b"l"}


def test_a_limit_moves_a_viewer_down(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = layer(video, "l"), layer(video, "h", 0x1001)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 0.0)
    for n in range(60):
        now = n / 30
        viewer.limit = 360 if n >= 30 else None
        send(video, low, n, vp8(b"l", keyframe=n % 5 == 0, height=180), now)
        send(video, high, n, vp8(b"h", keyframe=n % 5 == 0, height=720), now)
        video.tick(now)
    assert viewer.encoding is low
    assert viewer.pending is None


def test_waiting_for_a_layer_that_stops_is_given_up(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = layer(video, "l"), layer(video, "h", 0x1001)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 0.0)
    for n in range(100):
        now = n / 30
        send(video, low, n, vp8(b"l", keyframe=n == 0, height=180), now)
        if n < 30:  # it began with a keyframe, and never sends another
            send(video, high, n, vp8(b"h", keyframe=n == 0, height=720), now)
        video.tick(now)
        if n == 29:
            assert viewer.pending is high
    assert viewer.encoding is low
    assert viewer.pending is None
    assert high.waiting == []
    assert len(wire.rtp) == 100


def test_layers_are_bounded(video: Publication) -> None:
    for n in range(MAX_ENCODINGS):
        assert video.encoding(str(n), Ssrc(n)) is not None
    assert video.encoding("one more", Ssrc(99)) is None
    assert video.encoding("0", Ssrc(99)) is not None


# --------------------------------------------------------------------- other numbers, other SSRCs


def test_a_layer_on_another_ssrc_goes_on_in_the_same_stream(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    old = layer(video)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 0.0)
    send(video, old, 10, vp8(b"a", keyframe=True))
    assert layer(video, "", old.ssrc) is old
    new = layer(video, "", 0x1001)
    assert video.tick(0.0) == [new.ssrc]
    send(video, old, 11, vp8(b"x"))
    send(video, new, 500, vp8(b"x"))
    send(video, new, 501, vp8(b"b", keyframe=True))
    assert bodies(wire) == [b"a", b"b"]
    assert wire.sequences == [100, 101]
    assert not old.is_watched


def test_who_waits_for_a_layer_keeps_its_picture_when_that_changes_ssrc(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = layer(video, "l"), layer(video, "h", 0x1001)
    viewer = subscribe_to(wire)
    viewer.await_keyframe(low)
    video.subscribe(viewer, 0.0)
    viewer.await_keyframe(low)
    send(video, low, 0, vp8(b"l", keyframe=True))
    viewer.await_keyframe(high)
    other = layer(video, "h", 0x1002)
    send(video, low, 1, vp8(b"l"))
    assert viewer.encoding is low
    assert viewer.pending is other
    send(video, other, 0, vp8(b"h", keyframe=True))
    assert bodies(wire) == [b"l", b"l", b"h"]


def test_sound_on_another_ssrc_goes_on_at_once(
    audio: Publication, codecs: Codecs, send: Send, wire: Any, subscribe_to: Subscribe
) -> None:
    audio.subscribe(subscribe_to(wire, codecs["opus"]), 0.0)
    send(audio, layer(audio), 10, b"a")
    send(audio, layer(audio, "", 0x1001), 900, b"b")
    assert wire.sequences == [100, 101]


def test_a_sender_that_begins_anew_is_followed(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    video.subscribe(subscribe_to(wire), 0.0)
    send(video, only, 60000, vp8(b"a", keyframe=True), 0.0)
    with pytest.raises(MalformedPacket):
        send(video, only, 5, vp8(b"x"), 1.0)
    send(video, only, 6, vp8(b"x"), 1.0)
    assert video.tick(1.0) == [only.ssrc]
    send(video, only, 7, vp8(b"b", keyframe=True), 1.1)
    assert bodies(wire) == [b"a", b"b"]
    assert wire.sequences == [100, 101]


def test_sound_that_begins_anew_is_followed(
    audio: Publication, codecs: Codecs, send: Send, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(audio)
    audio.subscribe(subscribe_to(wire, codecs["opus"]), 0.0)
    send(audio, only, 60000, b"a", 0.0)
    with pytest.raises(MalformedPacket):
        send(audio, only, 5, b"x", 1.0)
    send(audio, only, 6, b"b", 1.02)
    assert bodies(wire) == [b"a", b"b"]
    assert wire.sequences == [100, 101]


def test_when_a_track_ends_its_receivers_wait_for_another(
    video: Publication, codecs: Codecs, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 0.0)
    send(video, only, 5, vp8(b"a", keyframe=True))
    video.close()
    assert viewer.publication is None
    assert not only.is_watched
    again = Publication(codecs["vp8"])
    again.subscribe(viewer, 5.0)
    send(again, layer(again, "", 0x1001), 9, vp8(b"b", keyframe=True), 5.0)
    assert wire.sequences == [100, 101]


# ------------------------------------------------------------------------------------------- mute


def test_a_muted_voice_is_not_sent_and_leaves_no_hole(
    audio: Publication, codecs: Codecs, send: Send, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(audio)
    audio.subscribe(subscribe_to(wire, codecs["opus"], first_timestamp=0), 0.0)
    send(audio, only, 0, b"a", 0.0)
    audio.mute(True)
    audio.mute(True)
    late = subscribe_to(wire, codecs["opus"], ssrc=0x2001)
    audio.subscribe(late, 0.0)
    # 40,000 packets: more than half the number circle, where SRTP would guess wrong
    for sequence in range(1, 40001):
        send(audio, only, sequence & 0xFFFF, b"x", sequence * 0.02)
    assert len(wire.rtp) == 1
    audio.mute(False)
    send(audio, only, 40001, b"b", 800.02, timestamp=40001 * 960)
    first, second, other = wire.rtp
    assert (first.sequence, second.sequence) == (100, 101)
    assert second.timestamp == round(800.02 * 48000)
    assert second.marker
    assert other.ssrc == 0x2001


def test_a_muted_camera_comes_back_with_a_keyframe(
    video: Publication, send: Send, vp8: Vp8, wire: Any, subscribe_to: Subscribe
) -> None:
    only = layer(video)
    viewer = subscribe_to(wire)
    video.subscribe(viewer, 0.0)
    send(video, only, 0, vp8(b"a", keyframe=True), 0.0)
    video.mute(True)
    late = subscribe_to(wire, ssrc=0x2001)
    video.subscribe(late, 0.1)
    send(video, only, 1, vp8(b"x", keyframe=True), 0.1)
    late.leave()
    layer(video, "h", 0x1001)
    assert video.tick(0.6) == []
    video.mute(False)
    send(video, only, 2, vp8(b"x"), 0.7)
    assert video.tick(0.7) == [only.ssrc]
    send(video, only, 3, vp8(b"b", keyframe=True), 0.8)
    assert bodies(wire) == [b"a", b"b"]
    assert wire.sequences == [100, 101]
