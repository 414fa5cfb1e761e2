"""One outgoing stream: payloads untouched, numbers continuous, reports in its own numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from media.codecs import Codec
from media.packets.rtcp import SenderReport
from media.packets.rtp import HeaderTemplate, Ssrc
from media.routing.publication import Publication
from media.routing.subscription import Subscription

Codecs = Mapping[str, Codec]
SenderOf = Callable[..., Any]
MakeVp8 = Callable[..., bytes]
Subscribe = Callable[..., Subscription]


def test_the_payload_goes_on_byte_for_byte(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    template = HeaderTemplate(audio_level_id=3, fixed=[(4, b"slot1")])
    stream = subscribe_to(wire, codecs["opus"], template=template)
    audio.subscribe(stream, 0.0)
    sender = sender_of(audio)
    body = bytes(range(256)) * 4
    # The publisher's extensions and padding are its own matter.
    sender.send(
        65535, body, timestamp=960, extensions={9: b"\x11", 12: b"private"}, padding=7, level=0x92
    )
    sender.send(0, b"", timestamp=960)
    first, second = wire.rtp
    assert first.payload == body
    assert (first.ssrc, first.payload_type) == (0x2000, 111)
    assert (first.sequence, first.timestamp) == (100, 5000)
    assert first.extensions == {3: b"\x92", 4: b"slot1"}
    assert (second.sequence, second.payload, second.extensions[3]) == (101, b"", b"\x7f")
    assert (stream.packets, stream.octets) == (2, len(body))


def test_a_talk_spurt_begins_with_a_marker(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    audio.subscribe(subscribe_to(wire, codecs["opus"]), 0.0)
    sender = sender_of(audio)
    for sequence in range(3):
        sender.send(sequence, b"x")
    assert [packet.marker for packet in wire.rtp] == [True, False, False]


def test_send_time_is_stamped_at_arrival(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    video.subscribe(subscribe_to(wire, template=HeaderTemplate(send_time_id=2)), 0.0)
    sender = sender_of(video)
    sender.send(1, vp8(keyframe=True), now=1.5, marker=True)
    assert wire.rtp[0].extensions == {2: (3 << 17).to_bytes(3, "big")}
    assert wire.rtp[0].marker


def test_a_full_socket_is_counted_and_the_numbering_goes_on(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire, codecs["opus"])
    audio.subscribe(stream, 0.0)
    sender = sender_of(audio)
    wire.full = True
    sender.send(0, b"lost")
    wire.full = False
    sender.send(1, b"there")
    assert wire.sequences == [101]
    assert (stream.packets, stream.dropped) == (1, 1)


def test_what_is_older_than_the_beginning_is_dropped(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire, codecs["opus"])
    audio.subscribe(stream, 0.0)
    sender = sender_of(audio)
    sender.send(10, b"x")
    sender.send(9, b"late")
    assert wire.sequences == [100]
    assert stream.dropped == 1


def test_a_slot_is_one_stream_whoever_speaks(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    other = Publication(codecs["opus"])
    ann, bo = sender_of(audio), sender_of(other, ssrc=0x1001)
    slot = subscribe_to(wire, codecs["opus"], first_timestamp=0)
    audio.subscribe(slot, 0.0)
    ann.send(50, b"ann", now=1.0, timestamp=777)
    ann.send(51, b"ann", now=1.02, timestamp=777 + 960)
    other.subscribe(slot, 1.1)
    ann.send(52, b"unheard", now=1.04, timestamp=777 + 1920)
    bo.send(65535, b"bo", now=1.12, timestamp=3)
    bo.send(0, b"bo", now=1.14, timestamp=963)
    assert [packet.payload for packet in wire.rtp] == [b"ann", b"ann", b"bo", b"bo"]
    assert wire.sequences == [100, 101, 102, 103]
    assert [packet.timestamp for packet in wire.rtp] == [0, 960, 960 + 4800, 960 + 4800 + 960]
    assert [packet.marker for packet in wire.rtp] == [True, False, True, False]


def test_it_receives_one_publication_at_a_time(
    audio: Publication, codecs: Codecs, wire: Any, subscribe_to: Subscribe
) -> None:
    other = Publication(codecs["opus"])
    slot = subscribe_to(wire, codecs["opus"])
    audio.subscribe(slot, 0.0)
    other.subscribe(slot, 0.0)
    assert (list(audio.subscriptions), list(other.subscriptions)) == ([], [slot])
    audio.unsubscribe(slot)  # not its any more
    assert slot.publication is other
    slot.leave()
    slot.leave()
    assert list(other.subscriptions) == []


def report(at: int, rtp_time: int) -> SenderReport:
    return SenderReport(Ssrc(0x1000), at << 32, rtp_time, 11, 22)


def test_sender_reports_come_in_the_streams_own_numbers(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire, codecs["opus"])
    audio.subscribe(stream, 0.0)
    sender = sender_of(audio)
    sender.encoding.reported(report(7, 900), 0.0)
    assert wire.rtcp == [], "nothing was sent that it could speak of"
    sender.send(0, b"abc", timestamp=1000)
    wire.rtcp.clear()
    sender.encoding.reported(report(9, 1500), 1.0)
    assert wire.messages(SenderReport) == [
        SenderReport(Ssrc(0x2000), 9 << 32, 5500, packets=1, octets=3)
    ]


def test_whoever_begins_is_told_the_time_at_once(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    sender = sender_of(audio)
    sender.encoding.reported(report(7, 900), 0.0)
    audio.subscribe(subscribe_to(wire, codecs["opus"]), 0.0)
    sender.send(0, b"abc", timestamp=1000)
    sender.send(1, b"abc", timestamp=1960)
    (told,) = wire.messages(SenderReport)
    assert (told.ntp_time, told.rtp_time) == (7 << 32, 4900)


def test_reports_follow_a_layer_switch_and_never_go_back(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = sender_of(video, "l"), sender_of(video, "h", 0x1001)
    low.encoding.reported(report(10, 1000), 0.0)
    high.encoding.reported(report(8, 50), 0.0)
    stream = subscribe_to(wire, first_timestamp=0)
    stream.await_keyframe(low.encoding)
    low.send(0, vp8(keyframe=True), now=1.0, timestamp=2000)
    stream.await_keyframe(high.encoding)
    high.send(0, vp8(keyframe=True), now=1.1, timestamp=100)
    assert [each.ntp_time >> 32 for each in wire.messages(SenderReport)] == [10]
    low.encoding.reported(report(11, 0), 2.0)
    high.encoding.reported(report(12, 100 + 90), 2.0)
    times = [(each.ntp_time >> 32, each.rtp_time) for each in wire.messages(SenderReport)]
    assert times[1:] == [(12, 9000 + 90)]
