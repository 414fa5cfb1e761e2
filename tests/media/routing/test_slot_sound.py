"""How a slot sounds when it changes hands: decoded as a browser does, by one decoder throughout."""

from __future__ import annotations

import array
import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import av
import pytest

from media.codecs import Codec
from media.routing.publication import Publication
from media.routing.subscription import Subscription

RATE, FRAME = 48_000, 960
LOUD = 9_000
PITCHES = (310, 523)
TURN = 25
"""Packets: half a second each."""
PACKETS = 4 * TURN
CLICK = 1.5
"""Times the greatest step from sample to sample within one voice; a cut through two waves makes
one of many times that."""


def tone(pitch: int, number: int) -> array.array[int]:
    """One frame of a tone that swells and fades as a voice does."""
    made = array.array("h")
    for at in range(number * FRAME, (number + 1) * FRAME):
        swell = 0.7 + 0.3 * math.sin(2 * math.pi * 3 * at / RATE)
        made.append(round(LOUD * swell * math.sin(2 * math.pi * pitch * at / RATE)))
    return made


def encoded(pitch: int) -> list[bytes]:
    """A voice as a browser sends it: one Opus packet every 20 ms."""
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16"
    encoder.time_base, encoder.bit_rate = Fraction(1, RATE), 32_000
    encoder.options = {"application": "voip"}
    found: list[bytes] = []
    for number in range(PACKETS + 2):
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(tone(pitch, number).tobytes())
        frame.sample_rate, frame.pts = RATE, number * FRAME
        found += [bytes(packet) for packet in encoder.encode(frame)]
    return found[:PACKETS]


def decoded(packets: Sequence[bytes]) -> array.array[int]:
    decoder: Any = av.CodecContext.create("libopus", "r")
    decoder.sample_rate, decoder.layout = RATE, "mono"
    sound = array.array("h")
    for packet in packets:
        for frame in decoder.decode(av.Packet(packet)):
            sound.frombytes(bytes(frame.planes[0])[: frame.samples * 2])
    return sound


def steepest(sound: Sequence[int], begin: int = 0, end: int | None = None) -> int:
    """The greatest step from one sample to the next."""
    return max(abs(b - a) for a, b in itertools.pairwise(sound[begin:end]))


@pytest.fixture(scope="module")
def voices() -> list[list[bytes]]:
    return [encoded(pitch) for pitch in PITCHES]


Hear = Callable[[Sequence[int]], list[bytes]]


@pytest.fixture
def hear(
    voices: list[list[bytes]],
    sender_of: Callable[..., Any],
    subscribe_to: Callable[..., Subscription],
    codecs: dict[str, Codec],
    wire: Any,
) -> Hear:
    """hear([who has the slot, packet by packet]): the slot's payloads, in its own order."""

    def run(holders: Sequence[int]) -> list[bytes]:
        publications = [Publication(codecs["opus"]) for _ in voices]
        senders = [sender_of(each, ssrc=number) for number, each in enumerate(publications, 1)]
        slot = subscribe_to(wire, codecs["opus"])
        for number, holder in enumerate(holders):
            now = number * FRAME / RATE
            if slot.publication is not publications[holder]:
                slot.leave()
                publications[holder].subscribe(slot, now)
            for sender, voice, begin in zip(senders, voices, (65_500, 7), strict=True):
                stamp = {"timestamp": begin * 1_000 + number * FRAME}
                sender.send(begin + number & 0xFFFF, voice[number], now, **stamp)
        steps = {b.sequence - a.sequence for a, b in itertools.pairwise(wire.rtp)}
        times = {b.timestamp - a.timestamp for a, b in itertools.pairwise(wire.rtp)}
        assert steps == {1}
        assert times == {FRAME}
        return [packet.payload for packet in wire.rtp]

    return run


def test_a_slot_that_changes_hands_makes_no_click(voices: list[list[bytes]], hear: Hear) -> None:
    settled = 5 * FRAME
    alone = max(steepest(decoded(voice), settled) for voice in voices)
    holders = [number // TURN % 2 for number in range(PACKETS)]
    sound = decoded(hear(holders))
    assert len(sound) >= (PACKETS - 1) * FRAME
    switched = steepest(sound, settled)
    one, other = (decoded(voice)[TURN * FRAME : (TURN + 2) * FRAME] for voice in voices)
    cut = one[: one.index(max(one)) + 1] + other[other.index(min(other)) :]
    print(
        f"figure: the greatest step is {alone} in one voice, {switched} over three switches, "
        f"{steepest(cut)} where the sound itself is cut from crest to trough"
    )
    assert switched <= CLICK * alone
    assert steepest(cut) > 10 * CLICK * alone, "a click would be seen"


@pytest.mark.parametrize("turn", range(1, 20))
def test_whenever_it_does(voices: list[list[bytes]], hear: Hear, turn: int) -> None:
    """Wherever in their waves the two of them are."""
    alone = max(steepest(decoded(voice), 5 * FRAME) for voice in voices)
    holders = [int(number >= TURN + turn) for number in range(2 * TURN)]
    assert steepest(decoded(hear(holders)), 5 * FRAME) <= CLICK * alone
