"""RTCP: compound packets ↔ small frozen values (RFC 3550 section 6, RFC 4585, RFC 5104, REMB).

Reduced-size compounds are accepted (RFC 5506). What we have no use for (SDES, APP, XR, unknown
types and formats) is skipped by its length. A viewer sends about one compound a second, so this is
not the hot path.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from struct import Struct

from media.errors import MalformedPacket
from media.packets.rtp import Ssrc

SR, RR, SDES, BYE, APP, RTPFB, PSFB, XR = 200, 201, 202, 203, 204, 205, 206, 207
NACK_FORMAT, TWCC_FORMAT = 1, 15
PLI_FORMAT, FIR_FORMAT, ALFB_FORMAT = 1, 4, 15

MAX_LOST = 1024
"""Sequence numbers read from the NACKs of one compound; browsers ask for 1000 at most."""
MAX_MANTISSA = (1 << 18) - 1

_HEADER = Struct("!BBH")
_PAIR = Struct("!II")
_SENDER = Struct("!QIII")
_BLOCK = Struct("!IIIIII")
_NACK_ITEM = Struct("!HH")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one stream.

    `lost` is cumulative and may be negative (duplicates); `highest` counts wraps in its upper half;
    `jitter` is in RTP clock units; `last_sr` and `delay` are 16.16 fixed point seconds.
    """

    ssrc: Ssrc
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_sr: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """`ntp_time` is 64-bit NTP, `rtp_time` the same instant on the stream's clock."""

    ssrc: Ssrc
    ntp_time: int
    rtp_time: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    ssrc: Ssrc
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class Bye:
    ssrcs: tuple[Ssrc, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers the receiver misses, in the order of the packet, each 0..65535."""

    sender_ssrc: Ssrc
    media_ssrc: Ssrc
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pli:
    sender_ssrc: Ssrc
    media_ssrc: Ssrc


@dataclass(frozen=True, slots=True)
class Fir:
    """`entries` are (media ssrc, command sequence number): the same number twice is one request."""

    sender_ssrc: Ssrc
    entries: tuple[tuple[Ssrc, int], ...]


@dataclass(frozen=True, slots=True)
class Remb:
    """Receiver estimated maximum bitrate in bit/s over all of `ssrcs`."""

    sender_ssrc: Ssrc
    bitrate: int
    ssrcs: tuple[Ssrc, ...]


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Transport-wide feedback, recognised and left unread."""

    sender_ssrc: Ssrc
    media_ssrc: Ssrc


RtcpMessage = SenderReport | ReceiverReport | Bye | Nack | Pli | Fir | Remb | TransportFeedback


def parse(data: bytes | bytearray | memoryview) -> list[RtcpMessage]:
    """The messages of one compound, in order. Raises MalformedPacket."""
    view = memoryview(data)
    messages: list[RtcpMessage] = []
    budget = MAX_LOST
    while view:
        if len(view) < 4:
            raise MalformedPacket("RTCP shorter than its header")
        first, kind, words = _HEADER.unpack_from(view)
        end = 4 + 4 * words
        if first >> 6 != 2 or end > len(view):
            raise MalformedPacket("RTCP of another version or beyond its datagram")
        padding = 0
        if first & 32:
            padding = view[end - 1]
            # Only the last packet of a compound may be padded (RFC 3550 section 6.4.1).
            if not padding or padding > end - 4 or end != len(view):
                raise MalformedPacket("RTCP padding where there can be none")
        message = _read(kind, first & 31, view[4 : end - padding], budget)
        if message is not None:
            messages.append(message)
            if type(message) is Nack:
                budget -= len(message.lost)
        view = view[end:]
    return messages


def _read(kind: int, count: int, body: memoryview, budget: int) -> RtcpMessage | None:
    if kind == SR:
        return _read_sender_report(count, body)
    if kind == RR:
        _need(body, 4)
        return ReceiverReport(_ssrc(body, 0), _read_blocks(count, body[4:]))
    if kind == BYE:
        _need(body, 4 * count)
        return Bye(tuple(_ssrc(body, 4 * index) for index in range(count)))
    if kind == RTPFB:
        return _read_transport_feedback(count, body, budget)
    if kind == PSFB:
        return _read_payload_feedback(count, body)
    return None


def _read_sender_report(count: int, body: memoryview) -> SenderReport:
    _need(body, 24)
    ntp_time, rtp_time, packets, octets = _SENDER.unpack_from(body, 4)
    blocks = _read_blocks(count, body[24:])
    return SenderReport(_ssrc(body, 0), ntp_time, rtp_time, packets, octets, blocks)


def _read_blocks(count: int, body: memoryview) -> tuple[ReportBlock, ...]:
    _need(body, 24 * count)
    return tuple(_read_block(body, 24 * index) for index in range(count))


def _read_block(body: memoryview, offset: int) -> ReportBlock:
    ssrc, loss, highest, jitter, last_sr, delay = _BLOCK.unpack_from(body, offset)
    lost = ((loss & 0xFFFFFF) ^ 0x800000) - 0x800000
    return ReportBlock(ssrc, loss >> 24, lost, highest, jitter, last_sr, delay)


def _read_transport_feedback(
    form: int, body: memoryview, budget: int
) -> Nack | TransportFeedback | None:
    if form == NACK_FORMAT:
        _need(body, 8)
        sender, media = _PAIR.unpack_from(body)
        return Nack(sender, media, _read_lost(body[8:], budget))
    if form == TWCC_FORMAT:
        _need(body, 8)
        return TransportFeedback(*_PAIR.unpack_from(body))
    return None


def _read_lost(body: memoryview, budget: int) -> tuple[int, ...]:
    if len(body) % 4:
        raise MalformedPacket("NACK with half an entry")
    lost: list[int] = []
    for first, mask in _NACK_ITEM.iter_unpack(body):
        if len(lost) >= budget:
            break
        lost.append(first)
        lost += [(first + bit) & 0xFFFF for bit in range(1, 17) if mask >> (bit - 1) & 1]
    return tuple(lost[:budget])


def _read_payload_feedback(form: int, body: memoryview) -> Pli | Fir | Remb | None:
    if form == PLI_FORMAT:
        _need(body, 8)
        return Pli(*_PAIR.unpack_from(body))
    if form == FIR_FORMAT:
        _need(body, 8)
        if len(body) % 8:
            raise MalformedPacket("FIR with half an entry")
        pairs = _PAIR.iter_unpack(body[8:])
        return Fir(_ssrc(body, 0), tuple((Ssrc(ssrc), command >> 24) for ssrc, command in pairs))
    if form == ALFB_FORMAT and bytes(body[8:12]) == b"REMB":
        return _read_remb(body)
    return None


def _read_remb(body: memoryview) -> Remb:
    # draft-alvestrand-rmcat-remb-03 section 2.2: 8 bits of count, 6 of exponent, 18 of mantissa.
    _need(body, 16)
    count, packed = body[12], int.from_bytes(body[13:16], "big")
    _need(body, 16 + 4 * count)
    bitrate = (packed & MAX_MANTISSA) << (packed >> 18)
    return Remb(
        _ssrc(body, 0), bitrate, tuple(_ssrc(body, 16 + 4 * index) for index in range(count))
    )


def _ssrc(body: memoryview, offset: int) -> Ssrc:
    return Ssrc(int.from_bytes(body[offset : offset + 4], "big"))


def _need(body: memoryview, length: int) -> None:
    if len(body) < length:
        raise MalformedPacket("RTCP shorter than its type asks for")


def sender_report(report: SenderReport) -> bytes:
    head = report.ssrc.to_bytes(4, "big") + _SENDER.pack(
        report.ntp_time, report.rtp_time, report.packets, report.octets
    )
    return _packet(SR, len(report.blocks), head + _write_blocks(report.blocks))


def receiver_report(ssrc: int, blocks: Sequence[ReportBlock] = ()) -> bytes:
    """At most 31 blocks; the caller sends several reports for more streams."""
    return _packet(RR, len(blocks), ssrc.to_bytes(4, "big") + _write_blocks(blocks))


def cname(ssrc: int, name: str) -> bytes:
    """An SDES packet with one CNAME; the whole chunk ends with one to four zero bytes."""
    text = name.encode()[:255]
    chunk = ssrc.to_bytes(4, "big") + bytes([1, len(text)]) + text
    return _packet(SDES, 1, chunk + bytes(4 - len(chunk) % 4))


def bye(ssrcs: Sequence[int]) -> bytes:
    return _packet(BYE, len(ssrcs), b"".join(ssrc.to_bytes(4, "big") for ssrc in ssrcs))


def pli(sender_ssrc: int, media_ssrc: int) -> bytes:
    return _packet(PSFB, PLI_FORMAT, _PAIR.pack(sender_ssrc, media_ssrc))


def fir(sender_ssrc: int, media_ssrc: int, command: int) -> bytes:
    """`command` is a per-stream counter modulo 256: a repetition keeps it, a new request adds 1."""
    entry = _PAIR.pack(media_ssrc, (command & 255) << 24)
    return _packet(PSFB, FIR_FORMAT, _PAIR.pack(sender_ssrc, 0) + entry)


def nack(sender_ssrc: int, media_ssrc: int, lost: Iterable[int]) -> bytes:
    """Ask for `lost`, in ascending order (modulo 65536); neighbours within 16 share an entry."""
    body = bytearray(_PAIR.pack(sender_ssrc, media_ssrc))
    first = -1
    mask = 0
    for sequence in lost:
        step = (sequence - first) & 0xFFFF
        if first >= 0 and step <= 16:
            mask |= 1 << (step - 1) if step else 0
            continue
        if first >= 0:
            body += _NACK_ITEM.pack(first, mask)
        first, mask = sequence, 0
    if first >= 0:
        body += _NACK_ITEM.pack(first, mask)
    return _packet(RTPFB, NACK_FORMAT, bytes(body))


def remb(sender_ssrc: int, bitrate: int, ssrcs: Sequence[int]) -> bytes:
    """The mantissa is rounded down, so what is read back never promises more than `bitrate`."""
    exponent = max(bitrate.bit_length() - 18, 0)
    packed = exponent << 18 | bitrate >> exponent
    body = _PAIR.pack(sender_ssrc, 0) + b"REMB" + bytes([len(ssrcs)]) + packed.to_bytes(3, "big")
    return _packet(PSFB, ALFB_FORMAT, body + b"".join(ssrc.to_bytes(4, "big") for ssrc in ssrcs))


def compound(*packets: bytes) -> bytes:
    """One datagram out of several packets; a report goes first (RFC 3550 section 6.1)."""
    return b"".join(packets)


def _write_blocks(blocks: Sequence[ReportBlock]) -> bytes:
    return b"".join(
        _BLOCK.pack(
            block.ssrc,
            block.fraction_lost << 24 | block.lost & 0xFFFFFF,
            block.highest,
            block.jitter,
            block.last_sr,
            block.delay,
        )
        for block in blocks
    )


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return _HEADER.pack(0x80 | count, kind, len(body) // 4) + body
