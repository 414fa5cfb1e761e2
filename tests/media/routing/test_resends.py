"""NACKs are answered with the very same packets, boundedly, whatever layers came between."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.codecs import Codec
from media.errors import MalformedPacket
from media.packets.rtp import HeaderTemplate
from media.routing.publication import Publication
from media.routing.resends import FIRST_CREDIT, INTERVAL, MAX_ASKED, SHARE
from media.routing.subscription import Subscription

Codecs = Mapping[str, Codec]
SenderOf = Callable[..., Any]
MakeVp8 = Callable[..., bytes]
Subscribe = Callable[..., Subscription]


def test_a_nack_is_answered_with_the_very_same_packet(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    template = HeaderTemplate(send_time_id=2, fixed=[(4, b"1")])
    stream = subscribe_to(wire, first_sequence=65533, template=template)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    for sequence in range(6):
        payload = vp8(b"%d" % sequence, keyframe=sequence == 0, picture=sequence, tl0=1)
        sender.send(sequence, payload, now=sequence / 30, timestamp=sequence * 3000, marker=True)
    first = [packet.raw for packet in wire.rtp]
    wire.rtp.clear()
    stream.resend((65533, 0, 2), 0.5)
    assert [packet.raw for packet in wire.rtp] == [first[0], first[3], first[5]]
    assert stream.resent == 3


def test_what_was_never_sent_or_is_too_old_is_not_answered(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    stream.resend((100, 101), 0.0)
    sender = sender_of(video)
    sender.send(0, vp8(keyframe=True))
    sender.send(2, vp8())
    wire.rtp.clear()
    stream.resend((99, 101, 103, 40000), 0.1)  # before, lost on its way here, not yet, nonsense
    stream.resend((100,), 10.0)
    assert wire.rtp == []
    assert stream.resent == 0


def test_what_overtook_the_keyframes_first_packet_can_be_asked_for(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    sender.send(6, vp8(b"second", start=False))
    sender.send(5, vp8(b"first", keyframe=True))
    sender.send(7, vp8(b"third", start=False))
    assert wire.sequences == [100, 102]
    stream.resend((101,), 0.0)
    assert wire.rtp[-1].sequence == 101
    assert wire.rtp[-1].payload.endswith(b"second")


def test_a_packet_is_answered_once_a_round_trip(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender_of(video).send(0, vp8(keyframe=True))
    wire.rtp.clear()
    for _ in range(10):
        stream.resend((100,) * 50, 0.0)
    assert len(wire.rtp) == 1
    stream.resend((100,), 1.0)
    assert len(wire.rtp) == 2


def test_gigantic_nacks_are_read_up_to_a_bound(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender_of(video).send(0, vp8(keyframe=True))
    wire.rtp.clear()
    stream.resend((40_000,) * MAX_ASKED + (100,), 0.0)
    assert wire.rtp == []
    stream.resend((100,), INTERVAL)
    assert len(wire.rtp) == 1


def test_answers_take_a_share_of_the_stream(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    for sequence in range(400):
        sender.send(sequence, vp8(bytes(1000), keyframe=sequence == 0))
    wire.rtp.clear()
    for turn in range(100):
        stream.resend(tuple(range(100, 500)), turn)
    answered = sum(len(packet.payload) for packet in wire.rtp)
    assert 0 < answered <= FIRST_CREDIT + 400 * 1020 * SHARE + 1020


def test_sound_is_sent_again_as_it_was(
    audio: Publication, codecs: Codecs, sender_of: SenderOf, wire: Any, subscribe_to: Subscribe
) -> None:
    template = HeaderTemplate(audio_level_id=1)
    stream = subscribe_to(wire, codecs["opus"], template=template)
    audio.subscribe(stream, 0.0)
    sender = sender_of(audio)
    for sequence in (65535, 65536, 65537):
        sender.send(sequence, b"x", level=sequence - 65500)
    first = [packet.raw for packet in wire.rtp]
    stream.resend((100, 101, 102), 0.1)
    assert [packet.raw for packet in wire.rtp[3:]] == first
    stream.resend((100,), 5.0)
    assert len(wire.rtp) == 6, "what is that old, nobody plays any more"


def test_picture_ids_go_on_over_a_layer_switch(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    low, high = sender_of(video, "l"), sender_of(video, "h", 0x1001)
    stream = subscribe_to(wire)
    stream.await_keyframe(low.encoding)
    low.send(0, vp8(keyframe=True, picture=32766, tl0=255))
    low.send(1, vp8(picture=32767, tl0=0))
    stream.await_keyframe(high.encoding)
    low.send(2, vp8(picture=0, tl0=1))
    high.send(900, vp8(keyframe=True, picture=77, tl0=9))
    high.send(901, vp8(picture=78, tl0=10))
    low.send(3, vp8(picture=1, tl0=2))
    numbers = [(p.payload[2] << 8 & 0x7F00 | p.payload[3], p.payload[4]) for p in wire.rtp]
    assert numbers == [(32766, 255), (32767, 0), (0, 1), (1, 2), (2, 3)]
    assert wire.sequences == [100, 101, 102, 103, 104]


@pytest.mark.parametrize(("picture", "tl0"), [(None, 3), (7, None), (None, None), (7, 3)])
def test_resends_after_a_layer_switch_carry_the_ids_they_had(
    video: Publication,
    sender_of: SenderOf,
    vp8: MakeVp8,
    wire: Any,
    subscribe_to: Subscribe,
    picture: int | None,
    tl0: int | None,
) -> None:
    low, high = sender_of(video, "l"), sender_of(video, "h", 0x1001)
    stream = subscribe_to(wire)
    stream.await_keyframe(low.encoding)
    low.send(0, vp8(keyframe=True, picture=500, tl0=100))
    stream.await_keyframe(high.encoding)
    high.send(0, vp8(keyframe=True, picture=1, tl0=1))
    high.send(1, vp8(picture=picture, tl0=tl0))
    stream.resend((102,), 0.0)
    sent, again = wire.rtp[-2:]
    assert sent.sequence == 102
    assert sent.raw == again.raw


def test_after_a_restart_an_old_number_finds_no_new_packet(
    video: Publication, sender_of: SenderOf, vp8: MakeVp8, wire: Any, subscribe_to: Subscribe
) -> None:
    stream = subscribe_to(wire)
    video.subscribe(stream, 0.0)
    sender = sender_of(video)
    for turn, sequence in enumerate((5000, 5001, 40000, 40001, 5000, 5001, 5002)):
        with contextlib.suppress(MalformedPacket):  # the first of a run is not believed
            sender.send(sequence, vp8(b"%d" % turn, keyframe=True), now=turn * 0.5)
    first = {packet.sequence: packet.raw for packet in wire.rtp}
    assert sorted(first) == [100, 101, 102, 103, 104]
    wire.rtp.clear()
    stream.resend((100, 101, 102), 1.5)
    assert all(packet.raw == first[packet.sequence] for packet in wire.rtp)


SENDS = st.tuples(
    st.integers(0, 2),  # layer
    st.integers(1, 3),  # steps on: more than one is loss
    st.sampled_from((0, 0, 0, 1, 4)),  # steps back: reordered
    st.booleans(),  # keyframe
    st.none() | st.integers(0, 32767),  # picture id
    st.none() | st.integers(0, 255),  # TL0PICIDX
    st.booleans(),  # width of the picture id
)
ACTIONS = st.lists(
    SENDS | SENDS | SENDS | st.sampled_from(("layer 0", "layer 1", "layer 2", "mute", "tick")),
    min_size=10,
    max_size=50,
)
EDGES = st.sampled_from((0, 1, 127, 32767, 32768, 65534, 65535))


@given(actions=ACTIONS, counters=st.tuples(EDGES, EDGES, EDGES), first_sequence=EDGES)
@settings(max_examples=80, deadline=None)
def test_every_resend_is_the_packet_as_it_was_first_sent(
    actions: list[Any],
    counters: tuple[int, int, int],
    first_sequence: int,
    codecs: Codecs,
    sender_of: SenderOf,
    vp8: MakeVp8,
    make_wire: Callable[[], Any],
    subscribe_to: Subscribe,
) -> None:
    """Whatever layers, losses, order, descriptors and mutes came between.

    A different packet under a number already used would be a nonce used twice.
    """
    wire = make_wire()
    publication = Publication(codecs["vp8"])
    layers = [sender_of(publication, rid, 0x1000 + n) for n, rid in enumerate("lmh")]
    template = HeaderTemplate(send_time_id=2)
    stream = subscribe_to(wire, first_sequence=first_sequence, template=template)
    publication.subscribe(stream, 0.0)
    numbers, passed, now = list(counters), set(), 10.0
    for action in actions:
        match action:
            case "tick":
                now += 0.05
                publication.tick(now)
            case "mute":
                publication.mute(not publication.muted)
            case str():
                stream.await_keyframe(layers[int(action[-1])].encoding)
            case layer, on, back, keyframe, picture, tl0, wide:
                numbers[layer] += on
                number = numbers[layer] - back
                if (layer, number) in passed or number < counters[layer]:
                    continue  # libsrtp lets a number pass only once
                passed.add((layer, number))
                payload = vp8(keyframe=keyframe, picture=picture, tl0=tl0, wide=wide)
                layers[layer].send(number, payload, now, timestamp=number * 3000)

    first: dict[int, bytes] = {}
    for packet in wire.rtp:
        assert packet.sequence not in first, "one number, one packet"
        first[packet.sequence] = packet.raw
    wire.rtp.clear()
    stream.resend(tuple(first), now)
    assert all(packet.raw == first[packet.sequence] for packet in wire.rtp)
    if first and now < 11.0:
        assert wire.rtp, "and there was something to compare"
