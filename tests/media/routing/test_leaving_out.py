"""Packets that are left out, and packets of our own: numbers stay continuous and trace back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from media.packets.vp8 import Vp8Descriptor
from media.routing.publication import Publication
from media.routing.rewrite import StreamRewriter
from media.routing.subscription import Subscription


def vp8_of(layer: int, picture: int, *, sync: bool = False, keyframe: bool = False) -> bytes:
    """One whole frame in one packet, with picture id, TL0PICIDX and temporal layer."""
    descriptor = bytes([0x90, 0xE0, 0x80 | picture >> 8 & 0x7F, picture & 255, picture // 4 & 255])
    layers = bytes([layer << 6 | sync << 5])
    body = b"\x00" if keyframe else b"\x01"
    size = b"\x00\x00\x9d\x01\x2a\x40\x01\xb4\x00" if keyframe else b""
    return descriptor + layers + body + size + b"p%d" % picture


def pictures(wire: Any) -> list[int]:
    found = []
    for packet in wire.rtp:
        descriptor = Vp8Descriptor()
        if packet.payload:
            descriptor.parse(packet.payload, 0, len(packet.payload))
            found.append(descriptor.picture_id)
    return found


def test_half_the_frames_in_one_continuous_stream(
    video: Publication, sender_of: Callable[..., Any], wire: Any, subscribe_to: Any
) -> None:
    stream: Subscription = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    for n in range(40):
        if n == 8:
            stream.aim.temporal.target = 0
        if n == 24:
            stream.aim.temporal.target = 1
        payload = vp8_of(n % 2, 500 + n, sync=n % 4 == 1, keyframe=n == 0)
        sender.send(65530 + n, payload, n / 30, timestamp=3000 * n, marker=True)
    sent = [packet.payload.rsplit(b"p")[-1] for packet in wire.rtp]
    expected = [n for n in range(40) if n < 8 or n % 2 == 0 or n >= 25]
    assert sent == [b"%d" % (500 + n) for n in expected]
    assert wire.sequences == list(range(100, 100 + len(expected)))
    assert pictures(wire) == list(range(500, 500 + len(expected)))


def test_what_was_sent_is_found_again_whatever_was_left_out(
    video: Publication, sender_of: Callable[..., Any], wire: Any, subscribe_to: Any
) -> None:
    stream: Subscription = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    for n in range(30):
        stream.aim.temporal.target = 7 if n < 4 else 0
        payload = vp8_of(n % 2, n, keyframe=n == 0)
        sender.send(n, payload, n / 30, timestamp=3000 * n, marker=True)
        if n % 10 == 9:
            assert stream.pad(600, n / 30) > 600
    first = {packet.sequence: packet.raw for packet in wire.rtp}
    assert sorted(first) == list(range(100, 100 + len(first)))
    wire.rtp.clear()
    for lost in first:
        stream.resend((lost,), 1.0)
    again = {packet.sequence: packet.raw for packet in wire.rtp}
    padding = {number for number, raw in first.items() if raw[0] & 0x20}
    assert len(padding) == 9
    assert again.keys() == first.keys() - padding, "padding is never sent again"
    assert all(raw == first[number] for number, raw in again.items())


def test_padding_waits_for_the_end_of_a_picture(
    video: Publication, sender_of: Callable[..., Any], wire: Any, subscribe_to: Any
) -> None:
    stream: Subscription = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    sender.send(1, vp8_of(0, 1, keyframe=True), 0.0)
    assert stream.pad(1000, 0.0) == 0
    sender.send(2, vp8_of(0, 1, keyframe=True)[:-3], 0.0, marker=True)
    assert stream.pad(1000, 0.0) == stream.padded > 1000
    sender.send(3, vp8_of(0, 2), 0.1)
    assert wire.sequences == list(range(100, 107))
    assert wire.rtp[3].payload == b""


@given(
    st.lists(st.tuples(st.sampled_from("ksi"), st.integers(0, 3)), min_size=1, max_size=80),
    st.data(),
)
def test_no_number_is_given_twice(steps: list[tuple[str, int]], data: st.DataObject) -> None:
    """Keep, skip and insert in any order, with losses and late packets: a number that went out
    belongs to one packet for ever (a nonce must never protect two plaintexts)."""
    rewriter: StreamRewriter[str] = StreamRewriter(90000, 65000, 0)
    rewriter.switch("camera", 0, 0, 0.0)
    owner: dict[int, object] = {}
    missing: list[int] = []
    sequence = 0
    for step, lost in steps:
        if step == "i":
            number, _ = rewriter.insert()
            assert owner.setdefault(number, ("padding", number)) == ("padding", number)
            continue
        missing += range(sequence, sequence + lost)
        sequence += lost
        if step == "k" or not rewriter.skip(sequence, sequence):
            output = rewriter.advance(sequence, sequence, 0.0)
            assert output is not None
            assert owner.setdefault(output, sequence) == sequence
        sequence += 1
        if missing and data.draw(st.booleans()):
            late = missing.pop(data.draw(st.integers(0, len(missing) - 1)))
            number_of_late = rewriter.advance(late, late, 0.0)
            if number_of_late is None:
                found = rewriter.late("camera", late)
                number_of_late = found[1] if found else None
            if number_of_late is not None:
                assert owner.setdefault(number_of_late, late) == late
    for number, packet in owner.items():
        origin = rewriter.origin(number & 0xFFFF)
        assert origin is None or origin[1] == packet
        if isinstance(packet, tuple):
            assert origin is None
