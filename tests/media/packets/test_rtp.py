"""RTP headers: what is read, what is refused, and that what we write is read back the same."""

from __future__ import annotations

import pytest
from aiortc.rtp import HeaderExtensionsMap
from aiortc.rtp import RtpPacket as Reference
from hypothesis import given
from hypothesis import strategies as st

from media.errors import MalformedPacket
from media.packets.rtp import HeaderTemplate, RtpPacket, send_time

PLAIN = bytes.fromhex("80ef0001 00000002 00000003")


def parsed(data: bytes) -> RtpPacket:
    packet = RtpPacket()
    packet.parse(bytearray(data), len(data))
    return packet


def payload(packet: RtpPacket) -> bytes:
    return bytes(packet.buffer[packet.payload_offset :][: packet.payload_length])


def element(packet: RtpPacket, identifier: int) -> bytes | None:
    found = packet.extension(identifier)
    return None if found is None else bytes(packet.buffer[found[0] :][: found[1]])


def with_extensions(profile: int, block: bytes, rest: bytes = b"media") -> bytes:
    head = profile.to_bytes(2, "big") + (len(block) // 4).to_bytes(2, "big")
    return b"\x90" + PLAIN[1:] + head + block + rest


def test_the_fixed_header() -> None:
    packet = parsed(PLAIN + b"media")
    assert packet.marker
    assert packet.payload_type == 111
    assert packet.sequence == 1
    assert packet.timestamp == 2
    assert packet.ssrc == 3
    assert payload(packet) == b"media"
    assert packet.extension(1) is None


def test_only_the_given_length_of_the_buffer_counts() -> None:
    packet = RtpPacket()
    packet.parse(bytearray(PLAIN + b"media" + b"of the datagram before"), len(PLAIN) + 5)
    assert payload(packet) == b"media"


def test_contributing_sources_are_skipped() -> None:
    assert payload(parsed(b"\x82" + PLAIN[1:] + bytes(8) + b"media")) == b"media"


def test_one_byte_elements() -> None:
    block = bytes.fromhex("10 85 22 010203 00 00 31 aabb 00")
    packet = parsed(with_extensions(0xBEDE, block))
    assert element(packet, 1) == b"\x85"
    assert element(packet, 2) == bytes([1, 2, 3])
    assert element(packet, 3) == b"\xaa\xbb"
    assert element(packet, 4) is None
    assert payload(packet) == b"media"
    assert bytes(packet.buffer[packet.extension_offset :][: packet.extension_length]) == block


@pytest.mark.parametrize("stop", ["f0 00", "01 00"])
def test_one_byte_elements_end_at_id_15_and_at_a_long_id_0(stop: str) -> None:
    packet = parsed(with_extensions(0xBEDE, bytes.fromhex("10 85") + bytes.fromhex(stop)))
    assert element(packet, 1) == b"\x85"
    packet = parsed(with_extensions(0xBEDE, bytes.fromhex(stop) + bytes.fromhex("10 85")))
    assert element(packet, 1) is None


@pytest.mark.parametrize("appbits", [0x1000, 0x100F])
def test_two_byte_elements(appbits: int) -> None:
    block = bytes.fromhex("01 01 85 00 ff 03 010203 10 00 00")
    packet = parsed(with_extensions(appbits, block + bytes(-len(block) % 4)))
    assert element(packet, 1) == b"\x85"
    assert element(packet, 255) == bytes([1, 2, 3])
    assert element(packet, 16) == b""
    assert payload(packet) == b"media"


def test_a_foreign_profile_is_skipped_whole() -> None:
    packet = parsed(with_extensions(0x4242, bytes.fromhex("10852200")))
    assert packet.extension(1) is None
    assert payload(packet) == b"media"


def test_elements_of_the_packet_before_are_forgotten() -> None:
    packet = parsed(with_extensions(0xBEDE, bytes.fromhex("10850000")))
    packet.parse(bytearray(PLAIN), len(PLAIN))
    assert packet.extension(1) is None
    assert packet.extension_length == 0


def test_padding_is_removed() -> None:
    packet = parsed(b"\xa0" + PLAIN[1:] + b"media" + bytes([0, 0, 3]))
    assert payload(packet) == b"media"
    assert packet.padding_length == 3


def test_a_probe_is_all_padding() -> None:
    packet = parsed(b"\xa0" + PLAIN[1:] + bytes(254) + b"\xff")
    assert packet.payload_length == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PLAIN[:11],
        b"\x40" + PLAIN[1:],  # version 1
        b"\xc0" + PLAIN[1:],  # version 3
        b"\x81" + PLAIN[1:],  # a contributing source beyond the end
        b"\x90" + PLAIN[1:],  # an extension bit without a block
        b"\x90" + PLAIN[1:] + b"\xbe\xde\x00\x01",  # a block without its word
        with_extensions(0xBEDE, bytes.fromhex("10 85 00 13"), b""),  # element beyond its block
        with_extensions(0x1000, bytes.fromhex("01 01 85 02"), b""),  # id without a length
        with_extensions(0x1000, bytes.fromhex("01 09 85 02")),  # element beyond its block
        b"\xa0" + PLAIN[1:] + b"media\x00",  # padding of zero
        b"\xa0" + PLAIN[1:] + b"media\x07",  # padding beyond the payload
        b"\xa0" + PLAIN[1:],  # the padding's length lies in the header
    ],
)
def test_malformed_packets_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedPacket):
        parsed(data)


@given(st.binary(max_size=120), st.sampled_from([None, 0x80, 0x90, 0xB0]))
def test_any_bytes_give_bounds_inside_the_packet_or_malformed(
    data: bytes, first: int | None
) -> None:
    if first is not None:
        data = bytes([first]) + data
    packet = RtpPacket()
    # What lies behind the packet must never be read: another datagram's bytes do.
    buffer = bytearray(data) + b"\xff" * 40
    try:
        packet.parse(buffer, len(data))
    except MalformedPacket:
        return
    assert packet.payload_offset >= 12
    assert packet.payload_offset + packet.payload_length + packet.padding_length == len(data)
    for identifier in range(256):
        found = packet.extension(identifier)
        if found is not None:
            start = packet.extension_offset
            assert start <= found[0]
            assert sum(found) <= start + packet.extension_length


def test_a_header_without_extensions() -> None:
    out = bytearray(32)
    assert HeaderTemplate().length == 12
    assert HeaderTemplate().write(out, 111, True, 1, 2, 3) == 12
    assert out[:12] == PLAIN


@pytest.mark.parametrize("sequence", [0, 1, 127, 32767, 32768, 65534, 65535])
@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("level", [True, False])
@pytest.mark.parametrize("mid", [None, b"0", b"audio"])
def test_what_is_written_is_read_back(
    sequence: int, timed: bool, level: bool, mid: bytes | None
) -> None:
    template = HeaderTemplate(
        send_time_id=14 if timed else None,
        audio_level_id=1 if level else None,
        fixed=[(4, mid)] if mid else [],
    )
    out = bytearray(b"\xee" * 100)
    offset = template.write(out, 96, False, sequence, 2**32 - 1, 2**32 - 2, 0xABCDEF, 0x85)
    out[offset : offset + 5] = b"media"
    packet = parsed(bytes(out[: offset + 5]))
    assert (packet.marker, packet.payload_type, packet.sequence) == (False, 96, sequence)
    assert (packet.timestamp, packet.ssrc) == (2**32 - 1, 2**32 - 2)
    assert element(packet, 14) == (bytes.fromhex("abcdef") if timed else None)
    assert element(packet, 1) == (b"\x85" if level else None)
    assert element(packet, 4) == mid
    assert payload(packet) == b"media"
    assert offset == template.length
    reference = Reference.parse(bytes(out[: offset + 5]), HeaderExtensionsMap())
    assert (reference.sequence_number, reference.payload) == (sequence, b"media")


@pytest.mark.parametrize("bad", [(0, b"x"), (15, b"x"), (1, b""), (1, bytes(17))])
def test_a_template_refuses_what_one_byte_headers_cannot_say(bad: tuple[int, bytes]) -> None:
    with pytest.raises(ValueError, match="one-byte"):
        HeaderTemplate(fixed=[bad])


def test_send_time_counts_in_24_bits() -> None:
    assert send_time(0.0) == 0
    assert send_time(1.0) == 1 << 18
    assert send_time(64.0) == 0
    assert send_time(1e9 + 63.999999) < 1 << 24
