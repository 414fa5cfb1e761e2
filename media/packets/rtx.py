"""Retransmission payloads: the original sequence number, then the original payload (RFC 4588)."""

from __future__ import annotations

from struct import Struct

from media.packets.rtp import RtpPacket, Ssrc

OSN_LENGTH = 2
OSN = Struct("!H")


def original_sequence(packet: RtpPacket) -> int | None:
    """Which packet this one repeats; None for mere padding, with which senders probe the path."""
    if packet.payload_length <= OSN_LENGTH:
        return None
    sequence: int = OSN.unpack_from(packet.buffer, packet.payload_offset)[0]
    return sequence


def unwrap(packet: RtpPacket, sequence: int, ssrc: Ssrc, payload_type: int) -> None:
    """Make the view one of the original packet; no byte is moved. Marker and timestamp are the
    same in both (RFC 4588, 4)."""
    packet.sequence = sequence
    packet.ssrc = ssrc
    packet.payload_type = payload_type
    packet.payload_offset += OSN_LENGTH
    packet.payload_length -= OSN_LENGTH
