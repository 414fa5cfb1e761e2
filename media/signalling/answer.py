"""An agreement as an SDP answer (RFC 8829, 5.3): ICE-lite, one transport, all candidates inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from media.signalling.negotiation import Agreement, Incoming, Outgoing
from media.signalling.offer import MediaOffer

CNAME = "wagu"
_HOST_UDP = 126 << 24 | 0xFFFF << 8 | 255
"""RFC 8445, 5.1.2.1: a host candidate of component 1, highest local preference."""
_HOST_TCP = 90 << 24 | (2 << 13 | 0x1FFF) << 8 | 255
"""RFC 6544, 4.2: below all UDP; 2 is the direction preference of passive."""


@dataclass(frozen=True, slots=True)
class TransportDescription:
    """Our end of the transport. `candidates` (UDP) and `tcp_candidates` (passive) are (address,
    port), best first; `fingerprint` is SHA-256."""

    ufrag: str
    pwd: str
    fingerprint: str
    setup: Literal["passive", "active"]
    candidates: tuple[tuple[str, int], ...]
    tcp_candidates: tuple[tuple[str, int], ...] = ()


def candidate_lines(transport: TransportDescription) -> Iterator[str]:
    """`a=candidate`, the best first."""
    for number, (host, port) in enumerate(transport.candidates):
        yield f"a=candidate:{number + 1} 1 udp {_HOST_UDP - 256 * number} {host} {port} typ host"
    used = len(transport.candidates) + 1
    for number, (host, port) in enumerate(transport.tcp_candidates):
        where = f"{_HOST_TCP - 256 * number} {host} {port} typ host tcptype passive"
        yield f"a=candidate:{used + number} 1 tcp {where}"


def write_answer(agreement: Agreement, transport: TransportDescription, session_id: int) -> str:
    """The answer to what was agreed, with CRLF line ends."""
    offer = agreement.offer
    bundled = [m.mid for m, line in zip(offer.media, agreement.lines, strict=True) if line]
    lines = [
        "v=0",
        f"o=- {session_id} 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(bundled)}",
        "a=ice-lite",
        "a=msid-semantic: WMS *",
    ]
    if offer.mixed_extensions:
        lines.append("a=extmap-allow-mixed")
    for media, line in zip(offer.media, agreement.lines, strict=True):
        lines += _rejected(media) if line is None else _accepted(media, line, transport)
    return "\r\n".join(lines) + "\r\n"


def _rejected(media: MediaOffer) -> Iterator[str]:
    yield f"m={media.line} 0 {media.protocol} {' '.join(media.formats)}"
    yield "c=IN IP4 0.0.0.0"
    yield f"a=mid:{media.mid}"
    yield "a=inactive"


def _accepted(
    media: MediaOffer, line: Incoming | Outgoing, transport: TransportDescription
) -> Iterator[str]:
    address, port = transport.candidates[0] if transport.candidates else ("0.0.0.0", 9)
    codec = line.codec
    # What stands first is what the sender of the two sends.
    formats = " ".join(str(each) for each in (line.red, codec.payload_type, line.rtx) if each)
    yield f"m={line.kind} {port} {media.protocol} {formats}"
    yield f"c=IN IP{6 if ':' in address else 4} {address}"
    yield f"a=mid:{line.mid}"
    yield "a=rtcp-mux"
    if media.reduced_rtcp:
        yield "a=rtcp-rsize"
    yield f"a=ice-ufrag:{transport.ufrag}"
    yield f"a=ice-pwd:{transport.pwd}"
    yield f"a=fingerprint:sha-256 {transport.fingerprint}"
    yield f"a=setup:{transport.setup}"
    yield from candidate_lines(transport)
    yield "a=end-of-candidates"
    yield f"a=rtpmap:{codec.payload_type} {codec.rtpmap}"
    if codec.fmtp:
        yield f"a=fmtp:{codec.payload_type} {codec.fmtp}"
    for feedback in codec.feedback:
        yield f"a=rtcp-fb:{codec.payload_type} {feedback}"
    if line.rtx:
        yield f"a=rtpmap:{line.rtx} rtx/{codec.clock_rate}"
        yield f"a=fmtp:{line.rtx} apt={codec.payload_type}"
    if line.red:
        yield f"a=rtpmap:{line.red} red/{codec.clock_rate}/{codec.channels}"
        yield f"a=fmtp:{line.red} {codec.payload_type}/{codec.payload_type}"
    for uri, number in line.extensions.items():
        yield f"a=extmap:{number} {uri}"
    yield from _sending(line) if isinstance(line, Outgoing) else _receiving(line)


def _receiving(line: Incoming) -> Iterator[str]:
    yield "a=recvonly"
    for rid in line.rids:
        yield f"a=rid:{rid} recv"
    if line.rids:
        yield f"a=simulcast:recv {';'.join(line.rids)}"


def _sending(line: Outgoing) -> Iterator[str]:
    yield "a=sendonly"
    yield f"a=msid:{line.stream} {line.kind}-{line.mid}"
    # Chromium takes whatever SSRC comes first for the stream itself.
    yield f"a=ssrc:{line.ssrc} cname:{CNAME}"
    if line.rtx_ssrc:
        yield f"a=ssrc:{line.rtx_ssrc} cname:{CNAME}"
        yield f"a=ssrc-group:FID {line.ssrc} {line.rtx_ssrc}"
