"""Who puts redundant audio first gets it, under payload types of their own; others do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from media.packets import rtcp
from media.packets.rtp import Ssrc
from media.packets.sequence import distance
from media.peer import Peer
from media.routing.subscription import Subscription
from media.routing.writer import LONG_AGO

MakePeer = Callable[..., tuple[Peer, Any]]
Receive = Callable[..., None]
Text = Callable[[str], str]

OPUS, RED, MID = 111, 63, 4
OWN_OPUS, OWN_RED = 109, 100
FRAME = 960


def redundant(payload_type: int, *frames: bytes) -> bytes:
    """The payload of a packet with its own frame last, and those right before it."""
    *older, _ = frames
    heads = b"".join(
        bytes([128 | payload_type])
        + ((len(older) - n) * FRAME << 10 | len(frame)).to_bytes(3, "big")
        for n, frame in enumerate(older)
    )
    return heads + bytes([payload_type]) + b"".join(frames)


def frame(who: str, number: int) -> bytes:
    return b"%s %d" % (who.encode(), number)


@dataclass
class Talk:
    """Peers and their wires. `prefer` puts RED first in all m-lines or in those that receive."""

    make_peer: MakePeer
    receive: Receive
    offer_text: Text
    observer: Any
    wires: dict[str, Any] = field(default_factory=dict)

    def sender(self, key: str, *, red: bool, role: str = "talk") -> Peer:
        offer = self.offer_text(f"chromium_{role}")
        if red:
            offer = offer.replace("SAVPF 111 63", "SAVPF 63 111")
        peer, self.wires[key] = self.make_peer(key, role, self.observer, offer=offer)
        return peer

    def listener(self, key: str, *, red: bool, role: str = "talk", more: str = "") -> Subscription:
        """Its first stream of sound. Its payload types are not those of the senders."""
        session, *sections = re.split(r"(?m)^(?=m=)", self.offer_text(f"chromium_{role}"))
        for number, section in enumerate(sections):
            if "a=recvonly" in section and section.startswith("m=audio"):
                own = re.sub(r"\b111\b", str(OWN_OPUS), re.sub(r"\b63\b", str(OWN_RED), section))
                order = f"{OWN_RED} {OWN_OPUS}" if red else f"{OWN_OPUS} {OWN_RED}"
                own = own.replace(f"SAVPF {OWN_OPUS} {OWN_RED}", f"SAVPF {order}")
                own = own.replace(
                    f"a=rtcp-fb:{OWN_OPUS} transport-cc", f"a=rtcp-fb:{OWN_OPUS} nack"
                )
                sections[number] = own.replace(
                    " 9 0 8 13", " 9 0 8 13 112" if more else " 9 0 8 13"
                )
                sections[number] += more
        offer = session + "".join(sections)
        peer, self.wires[key] = self.make_peer(key, role, self.observer, offer=offer)
        return next(each for each in peer.subscriptions.values() if each.codec.kind == "audio")

    def say(
        self, talker: Peer, number: int, payload: bytes, *, red: bool = True, now: float = -1.0
    ) -> None:
        self.receive(
            talker, payload, number * 0.02 if now < 0 else now, ssrc=9, sequence=65_534 + number,
            timestamp=number * FRAME, payload_type=RED if red else OPUS, extensions={MID: b"0"},
        )  # fmt: skip

    def speak(self, talker: Peer, numbers: range, copies: int = 2) -> None:
        """Each packet with copies of those before, as Chromium sends them."""
        for number in numbers:
            frames = [frame(talker.key, n) for n in range(max(number - copies, 0), number + 1)]
            self.say(talker, number, redundant(OPUS, *frames))

    def heard(self, key: str) -> list[tuple[int, bytes]]:
        return [(packet.payload_type, packet.payload) for packet in self.wires[key].rtp]


@pytest.fixture
def talk(make_peer: MakePeer, receive: Receive, offer_text: Text, observer: Any) -> Talk:
    return Talk(make_peer, receive, offer_text, observer)


def hear(talker: Peer, slot: Subscription, now: float = 0.0) -> None:
    voice = talker.publication("audio")
    assert voice is not None
    voice.subscribe(slot, now)


def plain(who: str, numbers: range) -> list[tuple[int, bytes]]:
    return [(OWN_OPUS, frame(who, number)) for number in numbers]


def with_copies(who: str, begin: int, numbers: range, copies: int = 2) -> list[tuple[int, bytes]]:
    """What a listener since packet `begin` gets: copies of what came after it."""
    found = []
    for number in numbers:
        frames = [frame(who, n) for n in range(max(number - copies, begin + 1), number + 1)]
        if len(frames) > 1:
            found.append((OWN_RED, redundant(OWN_OPUS, *frames)))
        else:
            found += plain(who, range(number, number + 1))
    return found


@pytest.mark.parametrize("role", ["talk", "watch"])
def test_each_listener_of_one_room_gets_what_it_put_first(talk: Talk, role: str) -> None:
    ann = talk.sender("ann", red=True, role="publish" if role == "watch" else "talk")
    hear(ann, talk.listener("bo", red=True, role=role))
    hear(ann, talk.listener("cy", red=False, role=role))
    talk.speak(ann, range(5))
    assert talk.heard("bo") == with_copies("ann", 0, range(5))
    assert talk.heard("cy") == plain("ann", range(5))
    for key in ("bo", "cy"):
        first, *rest = talk.wires[key].rtp
        steps = [(distance(p.sequence, first.sequence), p.timestamp) for p in rest]
        assert steps == [(n, (first.timestamp + n * FRAME) & 0xFFFFFFFF) for n in range(1, 5)]
        assert [p.marker for p in talk.wires[key].rtp] == [True] + [False] * 4


def test_what_is_sent_again_is_the_same_packet(talk: Talk) -> None:
    ann = talk.sender("ann", red=True)
    slot = talk.listener("bo", red=True)
    hear(ann, slot)
    talk.speak(ann, range(5))
    first = {packet.sequence: packet.raw for packet in talk.wires["bo"].rtp}
    talk.wires["bo"].rtp.clear()
    slot.resend(tuple(first), 0.1)
    assert {packet.sequence: packet.raw for packet in talk.wires["bo"].rtp} == first


def test_a_retransmission_stream_repeats_the_codec_that_it_names(talk: Talk) -> None:
    """`apt` names Opus: redundant audio in it would be taken for that."""
    ann = talk.sender("ann", red=True)
    rtx = f"a=rtpmap:112 rtx/48000/2\r\na=fmtp:112 apt={OWN_OPUS}\r\n"
    slot = talk.listener("bo", red=True, more=rtx)
    hear(ann, slot)
    talk.speak(ann, range(3))
    lost = talk.wires["bo"].rtp[-1].sequence
    slot.resend((lost,), 0.1)
    again = talk.wires["bo"].rtp[-1]
    assert again.payload_type == 112
    assert again.payload == lost.to_bytes(2, "big") + frame("ann", 2)


def test_a_slot_goes_from_redundant_audio_to_plain_and_back(talk: Talk) -> None:
    ann, bo = talk.sender("ann", red=True), talk.sender("bo", red=False)
    slot = talk.listener("cy", red=True)
    hear(ann, slot)
    talk.speak(ann, range(3))
    slot.leave()
    hear(bo, slot)
    for number in range(3, 6):
        talk.say(bo, number, frame("bo", number), red=False)
        talk.speak(ann, range(number, number + 1))
    slot.leave()
    hear(ann, slot)
    talk.speak(ann, range(6, 10))
    expected = with_copies("ann", 0, range(3)) + plain("bo", range(3, 6))
    assert talk.heard("cy") == expected + with_copies("ann", 6, range(6, 10))
    packets = talk.wires["cy"].rtp
    assert [distance(p.sequence, packets[0].sequence) for p in packets] == list(range(10))


def test_words_from_before_do_not_follow_in_copies(talk: Talk) -> None:
    ann = talk.sender("ann", red=True)
    slot = talk.listener("bo", red=True)
    hear(ann, slot)
    talk.speak(ann, range(3))
    ann.set_muted(True)
    talk.speak(ann, range(3, 6))
    ann.set_muted(False)
    talk.speak(ann, range(6, 9))
    expected = with_copies("ann", 0, range(3)) + with_copies("ann", 6, range(6, 9))
    assert talk.heard("bo") == expected
    told = b"".join(packet.payload for packet in talk.wires["bo"].rtp)
    assert not any(frame("ann", number) in told for number in range(3, 6))


def test_what_came_by_a_copy_is_passed_on_plain(talk: Talk) -> None:
    offer = talk.offer_text("chromium_talk").replace("SAVPF 111 63", "SAVPF 63 111")
    offer = offer.replace("a=rtcp-fb:111 transport-cc", "a=rtcp-fb:111 nack")
    ann, _ = talk.make_peer("ann", "talk", talk.observer, offer=offer)
    hear(ann, talk.listener("bo", red=True))
    for number in (0, 3):
        talk.speak(ann, range(number, number + 1))
    expected = [with_copies("ann", 0, range(n, n + 1))[0] for n in (0, 3)]
    assert talk.heard("bo") == expected + plain("ann", range(1, 3))


LIES = [
    b"\xef\xff\xff\xff",  # a head, and nothing behind it
    b"\xef\x0f\x00\x05\x6f1234",  # longer than what follows
    redundant(RED, b"a", b"b"),
    redundant(0, b"a", b"b"),
    b"\xef\x0f\x00\x00" * 10 + b"\x6fown",
]


@pytest.mark.parametrize("lie", LIES)
def test_lies_are_passed_on_to_nobody(talk: Talk, lie: bytes) -> None:
    ann = talk.sender("ann", red=True)
    hear(ann, talk.listener("bo", red=True))
    talk.say(ann, 0, redundant(OPUS, b"first"))
    talk.say(ann, 1, lie)
    talk.say(ann, 2, redundant(OPUS, b"lie", b"last"))
    assert ann.dropped == {"malformed_rtp": 1}
    expected = [(OWN_OPUS, b"first"), (OWN_RED, redundant(OWN_OPUS, b"lie", b"last"))]
    assert talk.heard("bo") == expected


def test_no_packet_grows_on_its_way(talk: Talk) -> None:
    ann = talk.sender("ann", red=True)
    hear(ann, talk.listener("bo", red=True))
    for number in range(12):
        talk.say(ann, number, redundant(OPUS, *[b"copy"] * 9, b"own"))
    talk.say(ann, 12, redundant(OPUS, *[b"x" * 450] * 3))
    sizes = [len(packet.payload) for packet in talk.wires["bo"].rtp]
    whole = [len(redundant(OPUS, *[b"copy"] * n, b"own")) for n in range(10)]
    assert sizes == [3, 3, *whole[1:9], whole[9], whole[9], 3 * 450 + 9]


def test_copies_of_nothing_are_left_out(talk: Talk) -> None:
    ann = talk.sender("ann", red=True)
    hear(ann, talk.listener("bo", red=True))
    for number in range(3):
        talk.say(ann, number, redundant(OPUS, b"", frame("ann", number)))
    assert talk.heard("bo") == plain("ann", range(3))


def test_a_probe_by_padding_is_passed_on_as_one_of_opus(talk: Talk) -> None:
    """Chromium makes them on the stream itself, under the payload type that it sent last."""
    ann = talk.sender("ann", red=True)
    hear(ann, talk.listener("bo", red=True))
    talk.say(ann, 0, redundant(OPUS, b"first"))
    talk.say(ann, 1, b"")
    talk.speak(ann, range(2, 5))
    assert not ann.dropped
    expected = [(OWN_OPUS, b"first"), (OWN_OPUS, b""), *with_copies("ann", 0, range(2, 5))]
    assert talk.heard("bo") == expected


def test_copies_go_on_when_timestamps_have_come_round(talk: Talk) -> None:
    ann = talk.sender("ann", red=True)
    hear(ann, talk.listener("bo", red=True))
    for number in range(LONG_AGO + 4):
        at = number * (2**31 // LONG_AGO)
        talk.receive(
            ann, redundant(OPUS, b"before", b"own"), number * 0.02, ssrc=9, sequence=number,
            timestamp=at, payload_type=RED, extensions={MID: b"0"},
        )  # fmt: skip
    assert [packet.payload_type for packet in talk.wires["bo"].rtp[-3:]] == [OWN_RED] * 3


def test_its_sender_reports_count_what_went_out(talk: Talk) -> None:
    ann = talk.sender("ann", red=True)
    hear(ann, talk.listener("bo", red=True))
    talk.speak(ann, range(4))
    own = rtcp.SenderReport(Ssrc(9), 7 << 32, 0, 4, 1)
    ann.on_rtcp(memoryview(rtcp.compound(rtcp.sender_report(own))), 0.1)
    (told,) = talk.wires["bo"].messages(rtcp.SenderReport)
    assert told.packets == 4
    assert told.octets == sum(len(packet.payload) for packet in talk.wires["bo"].rtp)
