"""RTCP both ways: against RFC examples, against aiortc's own codec, and against junk."""

from __future__ import annotations

import contextlib
import struct

import pytest
from aiortc import rtp as reference
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.packets import rtcp
from media.packets.rtcp import (
    Bye,
    Fir,
    Nack,
    Pli,
    ReceiverReport,
    Remb,
    ReportBlock,
    SenderReport,
    TransportFeedback,
)
from media.packets.rtp import Ssrc

A, B, C = Ssrc(1), Ssrc(0x80000002), Ssrc(2**32 - 1)
BLOCK = ReportBlock(B, 255, -3, 0x0001FFFF, 77, 0xB7052000, 0x54000)
REPORT = SenderReport(A, 0xB44DB70520000000, 2**32 - 1, 1000, 120_000, (BLOCK,))


def packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def test_a_sender_report_there_and_back() -> None:
    assert rtcp.parse(rtcp.sender_report(REPORT)) == [REPORT]
    [theirs] = reference.RtcpPacket.parse(rtcp.sender_report(REPORT))
    assert theirs.sender_info.ntp_timestamp == REPORT.ntp_time
    assert theirs.sender_info.rtp_timestamp == REPORT.rtp_time
    assert theirs.reports[0].packets_lost == -3
    assert theirs.reports[0].highest_sequence == 0x0001FFFF


@pytest.mark.parametrize("lost", [0, 1, -1, 0x7FFFFF, -0x800000])
def test_cumulative_loss_is_signed(lost: int) -> None:
    block = ReportBlock(A, 0, lost, 0, 0, 0, 0)
    assert rtcp.parse(rtcp.receiver_report(A, [block])) == [ReceiverReport(A, (block,))]


def test_a_compound_in_order() -> None:
    data = rtcp.compound(
        rtcp.receiver_report(A, [BLOCK] * 3),
        rtcp.cname(A, "wagu"),
        rtcp.pli(A, B),
        rtcp.bye([A, B]),
    )
    assert rtcp.parse(data) == [ReceiverReport(A, (BLOCK,) * 3), Pli(A, B), Bye((A, B))]
    kinds = [type(each).__name__ for each in reference.RtcpPacket.parse(data)]
    assert kinds == ["RtcpRrPacket", "RtcpSdesPacket", "RtcpPsfbPacket", "RtcpByePacket"]


@pytest.mark.parametrize("name", ["", "a", "ab", "abc", "abcd", "와구북"])
def test_a_cname_chunk_ends_on_a_word_with_a_zero(name: str) -> None:
    data = rtcp.cname(A, name)
    assert len(data) % 4 == 0
    assert data[-1] == 0
    [sdes] = reference.RtcpPacket.parse(data)
    assert sdes.chunks[0].items == [(1, name.encode())]


@pytest.mark.parametrize("first", [0, 1, 127, 32767, 32768, 65534, 65535])
def test_nack_ids_wrap(first: int) -> None:
    lost = tuple((first + step) % 65536 for step in (0, 1, 3, 16, 17, 40))
    data = rtcp.nack(A, B, lost)
    assert rtcp.parse(data) == [Nack(A, B, lost)]
    # 0, 1, 3, 16 share an entry, 17 and 40 have one each.
    assert len(data) == 12 + 3 * 4


def test_a_full_mask_is_seventeen_packets() -> None:
    data = packet(205, 1, struct.pack("!IIHH", A, B, 65530, 0xFFFF))
    assert rtcp.parse(data) == [Nack(A, B, tuple((65530 + i) % 65536 for i in range(17)))]


def test_no_compound_asks_for_more_than_the_bound() -> None:
    one = packet(205, 1, struct.pack("!II", A, B) + struct.pack("!HH", 5, 0xFFFF) * 100)
    nacks = rtcp.parse(one * 3)
    assert sum(len(each.lost) for each in nacks if isinstance(each, Nack)) == rtcp.MAX_LOST


def test_an_empty_nack_asks_for_nothing() -> None:
    assert rtcp.parse(rtcp.nack(A, B, [])) == [Nack(A, B, ())]


def test_pli_and_fir() -> None:
    assert rtcp.parse(rtcp.pli(A, B)) == [Pli(A, B)]
    assert rtcp.parse(rtcp.fir(A, B, 257)) == [Fir(A, ((B, 1),))]


@pytest.mark.parametrize("bitrate", [0, 1, 262_143, 262_144, 863_000, 2**31, 2**80])
def test_remb_never_promises_more(bitrate: int) -> None:
    [message] = rtcp.parse(rtcp.remb(A, bitrate, [B, C]))
    assert isinstance(message, Remb)
    assert message.ssrcs == (B, C)
    assert bitrate * (1 - 2**-17) <= message.bitrate <= bitrate


def test_remb_is_what_aiortc_writes() -> None:
    fci = reference.pack_remb_fci(4_160_000, [B])
    assert rtcp.remb(A, 4_160_000, [B]) == packet(206, 15, struct.pack("!II", A, 0) + fci)


def test_transport_feedback_is_recognised_and_left_unread() -> None:
    body = struct.pack("!IIHHI", A, B, 10, 0, 0)
    assert rtcp.parse(packet(205, 15, body)) == [TransportFeedback(A, B)]


@pytest.mark.parametrize("kind", [202, 204, 207, 199, 210])
def test_what_we_have_no_use_for_is_skipped(kind: int) -> None:
    junk = packet(kind, 1, bytes(8))
    assert rtcp.parse(junk + rtcp.pli(A, B)) == [Pli(A, B)]


def test_unknown_feedback_formats_are_skipped() -> None:
    other = packet(206, 15, struct.pack("!II", A, B) + b"XXXX")
    tmmbr = packet(205, 3, bytes(16))
    assert rtcp.parse(other + tmmbr + rtcp.pli(A, B)) == [Pli(A, B)]


def test_padding_ends_the_last_packet() -> None:
    padded = bytearray(rtcp.pli(A, B) + bytes([0, 0, 0, 4]))
    padded[0] |= 0x20
    padded[3] += 1
    assert rtcp.parse(padded) == [Pli(A, B)]
    with pytest.raises(MalformedPacket):
        rtcp.parse(padded + rtcp.pli(A, B))


@pytest.mark.parametrize(
    "data",
    [
        b"\x81",
        b"\x41\xce\x00\x02" + bytes(8),  # version 1
        rtcp.pli(A, B)[:-1],  # beyond the datagram
        rtcp.pli(A, B) + b"\x80\xc9",  # half a header behind
        packet(200, 0, bytes(20)),
        packet(200, 1, bytes(24)),
        packet(201, 0, b""),
        packet(201, 2, bytes(4 + 24)),
        packet(203, 3, bytes(8)),
        packet(205, 1, bytes(4)),
        packet(205, 15, bytes(4)),
        packet(206, 1, bytes(4)),
        packet(206, 4, bytes(12)),
        packet(206, 15, bytes(8) + b"REMB"),
        packet(206, 15, bytes(8) + b"REMB\x02\x00\x00\x00" + bytes(4)),
        b"\xa1\xce\x00\x02" + bytes(8),  # padding of zero
        b"\xa1\xce\x00\x02" + bytes(7) + b"\x09",  # padding beyond the packet
        b"\xa1\xca\x00\x01" + bytes(3) + b"\x05",  # the same in a packet we skip
    ],
)
def test_malformed_compounds_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedPacket):
        rtcp.parse(data)


def test_nothing_is_a_compound_of_nothing() -> None:
    assert rtcp.parse(b"") == []


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedPacket):
        rtcp.parse(data)


@given(st.integers(200, 207), st.integers(0, 31), st.binary(max_size=120))
def test_any_body_is_read_or_refused(kind: int, count: int, body: bytes) -> None:
    body = body[: len(body) // 4 * 4]
    try:
        messages = rtcp.parse(packet(kind, count, body))
    except MalformedPacket:
        return
    assert len(messages) <= 1
