"""A talker that sends redundant audio: everybody gets plain Opus, and what was lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from media.packets.rtcp import Nack
from media.peer import Peer

MakePeer = Callable[..., tuple[Peer, Any]]
Receive = Callable[..., None]
Talk = tuple[Peer, Any, Any]

OPUS, RED, LEVEL, MID = 111, 63, 1, 4
FRAME = 960


def redundant(*frames: bytes, inside: int = OPUS) -> bytes:
    """The payload of a packet with its own frame last, and those right before it."""
    *older, _ = frames
    heads = b"".join(
        bytes([128 | inside]) + ((len(older) - n) * FRAME << 10 | len(frame)).to_bytes(3, "big")
        for n, frame in enumerate(older)
    )
    return heads + bytes([inside]) + b"".join(frames)


@pytest.fixture
def talk(make_peer: MakePeer, observer: Any, offer_text: Callable[[str], str]) -> Talk:
    """A talker who puts RED first, its wire, and the wire of somebody who hears it."""
    offer = offer_text("chromium_talk").replace("SAVPF 111 63", "SAVPF 63 111")
    offer = offer.replace("a=rtcp-fb:111 transport-cc", "a=rtcp-fb:111 nack")
    talker, up = make_peer("ann", "talk", observer, offer=offer)
    listener, down = make_peer("bo", "talk", observer)
    voice = talker.publication("audio")
    assert voice is not None
    voice.subscribe(next(iter(listener.subscriptions.values())), 0.0)
    return talker, up, down


@pytest.fixture
def say(receive: Receive) -> Callable[..., None]:
    """say(talker, number, frames…): one packet of redundant audio."""

    def give(
        talker: Peer, number: int, *frames: bytes, inside: int = OPUS, now: float | None = None
    ) -> None:
        receive(
            talker,
            redundant(*frames, inside=inside),
            number * 0.02 if now is None else now,
            ssrc=9,
            sequence=65_534 + number,
            timestamp=number * FRAME,
            payload_type=RED,
            extensions={MID: b"0", LEVEL: bytes([30])},
        )

    return give


def heard(down: Any) -> list[tuple[int, int, bytes]]:
    """(sequence, timestamp, frame) as sent on, counted from the first packet."""
    first = down.rtp[0]
    return [
        ((p.sequence - first.sequence) & 0xFFFF, (p.timestamp - first.timestamp) & 0xFFFFFFFF,
         p.payload)
        for p in down.rtp
    ]  # fmt: skip


def expected(numbers: Sequence[int]) -> list[tuple[int, int, bytes]]:
    return [(n, n * FRAME, b"frame %d" % n) for n in numbers]


def frame(number: int) -> bytes:
    return b"frame %d" % number


def test_everybody_gets_plain_opus(talk: Talk, say: Callable[..., None], observer: Any) -> None:
    talker, _, down = talk
    say(talker, 0, frame(0))
    for number in range(1, 6):
        say(talker, number, frame(number - 1), frame(number))
    assert heard(down) == expected(range(6))
    assert {packet.payload_type for packet in down.rtp} == {OPUS}
    assert observer.heard == [30] * 6
    assert not talker.dropped


def test_what_was_lost_is_taken_from_a_later_packet_and_not_asked_for(
    talk: Talk, say: Callable[..., None]
) -> None:
    talker, up, down = talk
    say(talker, 0, frame(0))
    say(talker, 3, frame(1), frame(2), frame(3))
    say(talker, 4, frame(2), frame(3), frame(4))
    assert heard(down) == expected([0, 3, 1, 2, 4])
    talker.tick(0.5)
    assert up.messages(Nack) == []


def test_what_no_copy_is_left_of_is_asked_for(talk: Talk, say: Callable[..., None]) -> None:
    talker, up, down = talk
    say(talker, 0, frame(0))
    say(talker, 3, frame(2), frame(3))
    talker.tick(0.5)
    assert [nack.lost for nack in up.messages(Nack)] == [(65_535,)]
    assert heard(down) == expected([0, 3, 2])


def test_a_lost_original_that_straggles_in_goes_out_once(
    talk: Talk, say: Callable[..., None]
) -> None:
    talker, _, down = talk
    for number in (0, 2, 1):
        say(talker, number, frame(number - 1), frame(number), now=0.0)
    assert heard(down) == expected([0, 2, 1])


def test_lies_inside_are_dropped(talk: Talk, say: Callable[..., None], receive: Receive) -> None:
    talker, _, down = talk
    say(talker, 0, frame(0))
    say(talker, 1, frame(0), frame(1), inside=RED)
    say(talker, 2, frame(1), frame(2), inside=0)
    receive(talker, b"\xef\xff\xff\xff", ssrc=9, sequence=2, payload_type=RED)
    assert talker.dropped == {"malformed_rtp": 3}
    assert len(down.rtp) == 1


def test_copies_of_what_is_here_go_nowhere(talk: Talk, say: Callable[..., None]) -> None:
    talker, _, down = talk
    for number in range(4):
        say(talker, number, *[b"lie"] * 9, frame(number))
    assert heard(down) == expected(range(4))
