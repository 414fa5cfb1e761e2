"""Retransmissions on a stream of their own, and padding where there is nothing to repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from media.codecs import Codec
from media.packets.rtp import HeaderTemplate, send_time
from media.routing.publication import Publication
from media.routing.repairs import PADDING, RepairStream
from media.routing.subscription import Subscription

SenderOf = Callable[..., Any]
MakeVp8 = Callable[..., bytes]
SSRC, RTX, SEND_TIME = 0x3000, 97, 2


@pytest.fixture
def make_stream(
    wire: Any, codecs: Mapping[str, Codec], subscribe_to: Callable[..., Subscription]
) -> Callable[[int], Subscription]:
    """A stream whose own packets begin at 100 and whose retransmissions begin at the argument."""

    def make(first: int) -> Subscription:
        template = HeaderTemplate(send_time_id=SEND_TIME)
        egress = bytearray(2048)
        repairs = RepairStream(SSRC, RTX, first, template, wire, egress)
        return subscribe_to(wire, template=template, repairs=repairs)

    return make


@pytest.mark.parametrize("first", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_a_nack_is_answered_on_the_retransmission_stream(
    video: Publication,
    sender_of: SenderOf,
    vp8: MakeVp8,
    wire: Any,
    make_stream: Callable[[int], Subscription],
    first: int,
) -> None:
    stream = make_stream(first)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    for sequence in range(3):
        payload = vp8(b"%d" % sequence, keyframe=not sequence, picture=sequence)
        sender.send(sequence, payload, timestamp=sequence * 3000, marker=True)
    sent = list(wire.rtp)
    wire.rtp.clear()
    stream.resend((101, 102), 0.5)
    stream.resend((101,), 0.9)
    for again, number, known in zip(wire.rtp, (0, 1, 2), (1, 2, 1), strict=True):
        assert (again.ssrc, again.payload_type) == (SSRC, RTX)
        assert again.sequence == (first + number) & 0xFFFF
        assert again.payload == sent[known].sequence.to_bytes(2, "big") + sent[known].payload
        assert (again.timestamp, again.marker) == (sent[known].timestamp, sent[known].marker)
    assert wire.rtp[2].extensions[SEND_TIME] == send_time(0.9).to_bytes(3, "big"), "stamped anew"
    assert stream.resent == 3


def test_picture_ids_are_those_of_the_packet_that_is_repeated(
    video: Publication,
    sender_of: SenderOf,
    vp8: MakeVp8,
    wire: Any,
    make_stream: Callable[[int], Subscription],
) -> None:
    low, high = sender_of(video, "l"), sender_of(video, "h", 0x1001)
    stream = make_stream(0)
    stream.await_keyframe(low.encoding)
    low.send(0, vp8(keyframe=True, picture=500, tl0=100))
    stream.await_keyframe(high.encoding)
    high.send(0, vp8(keyframe=True, picture=1, tl0=1))
    stream.resend((101,), 0.0)
    sent, again = wire.rtp[-2:]
    assert again.payload[2:] == sent.payload


def test_padding_repeats_the_newest_packet(
    video: Publication,
    sender_of: SenderOf,
    vp8: MakeVp8,
    wire: Any,
    make_stream: Callable[[int], Subscription],
) -> None:
    stream = make_stream(0)
    video.subscribe(stream, 0.0)
    sender_of(video).send(0, vp8(bytes(1000), keyframe=True))
    sent = stream.pad(5000, 1.0)
    assert 5000 <= sent <= 6100
    assert [packet.ssrc for packet in wire.rtp[1:]] == [SSRC] * 5
    assert stream.padded == sent
    assert (stream.packets, wire.rtp[-1].payload[2:]) == (1, wire.rtp[0].payload)


def test_without_a_packet_worth_repeating_it_is_padding_alone(
    video: Publication,
    sender_of: SenderOf,
    vp8: MakeVp8,
    wire: Any,
    make_stream: Callable[[int], Subscription],
) -> None:
    stream = make_stream(0)
    stream.pad(PADDING, 1.0)
    video.subscribe(stream, 0.0)
    sender_of(video).send(0, vp8(b"small", keyframe=True))
    stream.pad(PADDING, 1.0)
    for padding in (wire.rtp[0], wire.rtp[2]):
        assert (padding.ssrc, padding.payload) == (SSRC, b"")
        assert (padding.raw[0] & 0x20, padding.raw[-1]) == (0x20, PADDING)
