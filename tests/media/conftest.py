"""RTP as senders make it, and a wire that remembers what was sent: for everything above packets."""

from __future__ import annotations

import itertools
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from media.codecs import Codec
from media.packets import rtcp
from media.packets.rtp import HeaderTemplate, RtpPacket, Ssrc
from media.peer import Peer
from media.routing.repairs import RepairStream
from media.routing.subscription import Subscription
from media.signalling.negotiation import negotiate
from media.signalling.offer import read_offer

OFFERS = Path(__file__).parent / "signalling" / "offers"
OPUS = Codec("audio", "opus", 111, 48000, 2, (("minptime", "10"), ("useinbandfec", "1")))
VP8 = Codec("video", "VP8", 96, 90000, feedback=("goog-remb", "ccm fir", "nack", "nack pli"))
H264 = Codec("video", "H264", 102, 90000, parameters=(("packetization-mode", "1"),))


@dataclass(frozen=True)
class Sent:
    """One packet that went out, taken apart; `raw` is all of it."""

    raw: bytes
    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    extensions: Mapping[int, bytes]
    payload: bytes


def read(raw: bytes) -> Sent:
    """Take a packet apart."""
    packet = RtpPacket()
    packet.parse(bytearray(raw), len(raw))
    extensions = {}
    for identifier in range(1, 15):
        found = packet.extension(identifier)
        if found is not None:
            extensions[identifier] = raw[found[0] : found[0] + found[1]]
    return Sent(
        raw,
        packet.payload_type,
        packet.marker,
        packet.sequence,
        packet.timestamp,
        packet.ssrc,
        extensions,
        raw[packet.payload_offset : packet.payload_offset + packet.payload_length],
    )


@dataclass
class Wire:
    """Where a peer's or a subscription's packets go, unencrypted."""

    rtp: list[Sent] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)
    connected: bool = True
    full: bool = False
    closed: bool = False
    noted: int = 0

    def send_rtp(self, buffer: bytearray, length: int) -> bool:
        if self.full:
            return False
        self.rtp.append(read(bytes(buffer[:length])))
        # As SRTP does: what was handed over is not there any more.
        buffer[:length] = b"\xff" * length
        return True

    def send_rtcp(self, data: bytes) -> bool:
        self.rtcp.append(data)
        return True

    def route(self) -> None:
        """No batches: everything goes through `send_rtp`."""

    def note_batches(self) -> None:
        self.noted += 1

    def close(self) -> None:
        self.closed = True

    def messages(self, kind: type) -> list[Any]:
        """All RTCP messages of one kind, in order."""
        return [each for data in self.rtcp for each in rtcp.parse(data) if type(each) is kind]

    @property
    def sequences(self) -> list[int]:
        return [packet.sequence for packet in self.rtp]


def build_rtp(
    payload: bytes = b"payload",
    *,
    ssrc: int = 0x1000,
    sequence: int = 0,
    timestamp: int = 0,
    payload_type: int = 96,
    marker: bool = False,
    extensions: Mapping[int, bytes] | None = None,
    padding: int = 0,
) -> bytearray:
    """The bytes of an RTP packet, with one-byte header extensions."""
    first = 0x80 | (0x20 if padding else 0) | (0x10 if extensions else 0)
    out = bytearray(
        struct.pack(
            "!BBHII",
            first,
            payload_type | marker << 7,
            sequence & 0xFFFF,
            timestamp & 0xFFFFFFFF,
            ssrc,
        )
    )
    if extensions:
        block = b"".join(
            bytes([number << 4 | len(value) - 1]) + value for number, value in extensions.items()
        )
        block += bytes(-len(block) % 4)
        out += struct.pack("!HH", 0xBEDE, len(block) // 4) + block
    out += payload
    if padding:
        out += bytes(padding - 1) + bytes([padding])
    return out


def parse_rtp(data: bytearray) -> RtpPacket:
    packet = RtpPacket()
    packet.parse(data, len(data))
    return packet


def build_vp8(
    body: bytes = b"frame data",
    *,
    keyframe: bool = False,
    start: bool = True,
    picture: int | None = None,
    tl0: int | None = None,
    height: int = 360,
    wide: bool = True,
) -> bytes:
    """A VP8 payload (RFC 7741): descriptor, and a frame header where a keyframe starts.

    `wide` picture ids take 15 bits, others 7.
    """
    out = bytearray([0x10 if start else 0x00])
    flags = (0x80 if picture is not None else 0) | (0x40 if tl0 is not None else 0)
    if flags:
        out[0] |= 0x80
        out.append(flags)
    if picture is not None:
        if wide:
            out += bytes([0x80 | picture >> 8 & 0x7F, picture & 0xFF])
        else:
            out.append(picture & 0x7F)
    if tl0 is not None:
        out.append(tl0)
    if keyframe and start:
        out += bytes([0x10, 0, 0, 0x9D, 0x01, 0x2A]) + struct.pack("<HH", height * 16 // 9, height)
    elif start:
        out += bytes([0x11, 0, 0])
    return bytes(out + body)


@pytest.fixture(scope="session")
def rtp() -> Callable[..., RtpPacket]:
    """Makes a parsed packet."""
    return lambda *args, **keywords: parse_rtp(build_rtp(*args, **keywords))


@pytest.fixture(scope="session")
def rtp_bytes() -> Callable[..., bytearray]:
    """Makes the bytes of a packet."""
    return build_rtp


@pytest.fixture(scope="session")
def read_rtp() -> Callable[[bytes], Sent]:
    """Takes the bytes of a packet apart."""
    return read


@pytest.fixture(scope="session")
def vp8() -> Callable[..., bytes]:
    """Makes a VP8 payload."""
    return build_vp8


@pytest.fixture(scope="session")
def codecs() -> Mapping[str, Codec]:
    return {"opus": OPUS, "vp8": VP8, "h264": H264}


@pytest.fixture(scope="session")
def make_wire() -> Callable[[], Wire]:
    return Wire


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture(scope="session")
def subscribe_to() -> Callable[..., Subscription]:
    """Makes a subscription to a codec whose packets go to a wire."""

    def make(
        wire: Wire,
        codec: Codec = VP8,
        *,
        ssrc: int = 0x2000,
        first_sequence: int = 100,
        first_timestamp: int = 5000,
        template: HeaderTemplate | None = None,
        repairs: RepairStream | None = None,
    ) -> Subscription:
        return Subscription(
            Ssrc(ssrc),
            codec,
            template or HeaderTemplate(),
            wire,
            bytearray(2048),
            cname="test",
            first_sequence=first_sequence,
            first_timestamp=first_timestamp,
            repairs=repairs,
        )

    return make


@pytest.fixture(scope="session")
def offer_text() -> Callable[[str], str]:
    """A recorded offer by name: `chromium_publish`, say. See signalling/offers/README.md."""
    return lambda name: (OFFERS / f"{name}.sdp").read_bytes().decode()


class Observer:
    """Remembers what a peer told its room."""

    def __init__(self) -> None:
        self.connected: list[str] = []
        self.started: list[str] = []
        self.heard: list[int] = []
        self.closed: list[tuple[str, str]] = []

    def peer_connected(self, peer: Peer, now: float) -> None:
        self.connected.append(peer.key)

    def peer_started(self, peer: Peer) -> None:
        self.started.append(peer.key)

    def peer_heard(self, peer: Peer, level: int, now: float) -> None:
        self.heard.append(level)

    def peer_closed(self, peer: Peer, reason: str) -> None:
        self.closed.append((peer.key, reason))


@pytest.fixture(scope="session")
def make_observer() -> Callable[[], Observer]:
    return Observer


@pytest.fixture
def observer() -> Observer:
    return Observer()


@pytest.fixture(scope="session")
def make_peer(offer_text: Callable[[str], str]) -> Callable[..., tuple[Peer, Wire]]:
    """make_peer(key, role, observer): a peer negotiated from Chromium's offer, and its wire."""
    ssrcs = itertools.count(0x9000)

    def make(
        key: str,
        role: Any,
        observer: Any,
        *,
        offer: str | None = None,
        published: Mapping[Any, Codec] | None = None,
        owner: str | None = None,
    ) -> tuple[Peer, Wire]:
        recorded = "publish" if role == "guest" else role
        agreement = negotiate(
            read_offer(offer or offer_text(f"chromium_{recorded}")),
            role,
            slots=6,
            published={"audio": OPUS, "video": VP8} if published is None else published,
            new_ssrc=lambda: next(ssrcs),
        )
        peer = Peer(key, role, agreement, observer, bytearray(2048), owner=owner)
        wire = Wire()
        peer.attach(wire, lambda bits: 100)
        return peer, wire

    return make


@pytest.fixture(scope="session")
def wide_offer(offer_text: Callable[[str], str]) -> str:
    """Chromium's offer of a viewer, with places for three guests: mids 2 and 3 are the first."""
    session, *sections = re.split(r"(?m)^(?=m=)", offer_text("chromium_watch"))
    wide = [
        re.sub(r"(?m)^a=mid:\d", f"a=mid:{2 * turn + number}", section)
        for turn in range(4)
        for number, section in enumerate(sections)
    ]
    bundled = " ".join(str(mid) for mid in range(len(wide)))
    return session.replace("BUNDLE 0 1", f"BUNDLE {bundled}") + "".join(wide)


@pytest.fixture
def receive() -> Callable[..., None]:
    """receive(peer, payload, now=0.0, **header): a packet comes out of the peer's link."""

    def give(peer: Peer, payload: bytes = b"x", now: float = 0.0, **header: Any) -> None:
        data = build_rtp(payload, **header)
        buffer = bytearray(2048)
        buffer[: len(data)] = data
        peer.on_rtp(buffer, len(data), now)

    return give
