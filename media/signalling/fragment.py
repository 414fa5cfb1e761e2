"""ICE fragments of WHIP's PATCH: trickled candidates and restarts (RFC 8840, RFC 9725 section 4.3).

A lite agent asks nobody, so candidates of the peer are read past; its ufrag and password count.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from media.errors import BadOffer
from media.signalling.answer import TransportDescription, candidate_lines
from media.signalling.offer import ICE_CHARS
from media.signalling.sdp import MAX_BYTES, MAX_LINES


@dataclass(frozen=True, slots=True)
class Fragment:
    """`application/trickle-ice-sdpfrag`, as far as it matters here."""

    ufrag: str
    pwd: str = field(repr=False)


def read_fragment(text: str) -> Fragment:
    """Raises BadOffer."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    if len(text) > MAX_BYTES or len(lines) > MAX_LINES:
        raise BadOffer("the fragment is too long")
    found: dict[str, str] = {}
    for line in lines:
        if line[:2] not in ("a=", "m=") or not line.isprintable():
            raise BadOffer(f"not a line of an ICE fragment: {line[:40]!r}")
        name, _, value = line[2:].partition(":")
        if (
            line[0] == "a"
            and name in ("ice-ufrag", "ice-pwd")
            and found.setdefault(name, value) != value
        ):
            raise BadOffer("all m-lines must be in one BUNDLE group")
    ufrag, pwd = found.get("ice-ufrag", ""), found.get("ice-pwd", "")
    # RFC 8839, 5.4
    if not (4 <= len(ufrag) <= 256 and ICE_CHARS.fullmatch(ufrag)):
        raise BadOffer("the fragment has no usable ice-ufrag")
    if not (22 <= len(pwd) <= 256 and ICE_CHARS.fullmatch(pwd)):
        raise BadOffer("the fragment has no usable ice-pwd")
    return Fragment(ufrag, pwd)


def write_fragment(transport: TransportDescription) -> str:
    """Our side after a restart: the session's ufrag and password, then all candidates."""
    lines = ["a=ice-lite", f"a=ice-ufrag:{transport.ufrag}", f"a=ice-pwd:{transport.pwd}"]
    # RFC 8840, 9: candidates stand below an m-line, here a pseudo one for the whole bundle.
    lines += ["m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0"]
    lines += [*candidate_lines(transport), "a=end-of-candidates"]
    return "\r\n".join(lines) + "\r\n"
