"""What a bench's peers say and hear in SDP: one codec, ICE by one host candidate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

VIDEO, REPAIRS, SOUND = 96, 97, 111  # payload types
MID, SENT_AT, TRANSPORT, LEVEL, RID = 1, 2, 3, 4, 5  # ids of header extensions
SSRC = 0x0BE7C4
"""Of the first who sends; others count up from it."""
Direction = Literal["sendonly", "recvonly"]
Kind = Literal["video", "audio"]

_EXPERIMENTS = "http://www.webrtc.org/experiments/rtp-hdrext/"
_DRAFTS = "http://www.ietf.org/id/draft-holmer-rmcat-"
_MID = f"a=extmap:{MID} urn:ietf:params:rtp-hdrext:sdes:mid"
_EXTENSIONS: dict[Kind, tuple[str, ...]] = {
    "video": (
        _MID,
        f"a=extmap:{SENT_AT} {_EXPERIMENTS}abs-send-time",
        f"a=extmap:{TRANSPORT} {_DRAFTS}transport-wide-cc-extensions-01",
    ),
    "audio": (_MID, f"a=extmap:{LEVEL} urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
}
_RID = f"a=extmap:{RID} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
_NAMES: dict[Kind, str] = {"video": "VP8/90000", "audio": "opus/48000/2"}
_FEEDBACK = ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")


@dataclass(frozen=True, slots=True)
class Local:
    """Our end, which has one address."""

    ufrag: str
    pwd: str
    fingerprint: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Remote:
    """Where the server is, and how it proves itself."""

    ufrag: str
    pwd: str
    fingerprint: str
    host: str
    port: int


def read(description: str) -> Remote:
    """Raises ValueError when something is missing."""
    host, port = _find(r"a=candidate:\S+ 1 (?:udp|UDP) \d+ (\S+ \d+) typ host", description).split()
    return Remote(
        ufrag=_find(r"a=ice-ufrag:(\S+)", description),
        pwd=_find(r"a=ice-pwd:(\S+)", description),
        fingerprint=_find(r"a=fingerprint:sha-256 (\S+)", description),
        host=host,
        port=int(port),
    )


def offer(
    local: Local, kind: Kind, *, ssrc: int = 0, rids: Sequence[str] = (), receives: int = 0
) -> str:
    """With an SSRC, one m-line that sends it, or its simulcast layers, the largest first; after
    that so many that receive."""
    directions: list[Direction] = ["sendonly"] if ssrc else []
    directions += ["recvonly" for _ in range(receives)]
    lines = _session([str(mid) for mid in range(len(directions))])
    for mid, direction in enumerate(directions):
        codec, rtx = (VIDEO, REPAIRS) if kind == "video" else (SOUND, 0)
        lines += _section(local, str(mid), direction, kind, codec, rtx)
        lines += _EXTENSIONS[kind]
        if direction == "sendonly":
            lines += ["a=msid:bench bench", *(_layers(rids) if rids else [_source(ssrc)])]
    return _text(lines)


def answer(local: Local, offered: str) -> str:
    """Receive all that is offered, with the payload types and extensions it comes with."""
    sections = offered.split("m=")[1:]
    lines = _session([_find(r"a=mid:(\S+)", each) for each in sections])
    for each in sections:
        kind: Kind = "video" if each.startswith("video") else "audio"
        codec = int(_find(rf"a=rtpmap:(\d+) {_NAMES[kind]}", each))
        repairs = re.search(rf"a=fmtp:(\d+) apt={codec}", each)
        rtx = int(repairs[1]) if repairs else 0
        lines += _section(local, _find(r"a=mid:(\S+)", each), "recvonly", kind, codec, rtx)
        lines += re.findall(r"a=extmap:\d+ \S+", each)
    return _text(lines)


def _source(ssrc: int) -> str:
    return f"a=ssrc:{ssrc} cname:bench"


def _layers(rids: Sequence[str]) -> list[str]:
    """RFC 8853; their SSRCs are told by a header extension alone, as browsers do it."""
    return [_RID, *(f"a=rid:{rid} send" for rid in rids), f"a=simulcast:send {';'.join(rids)}"]


def _session(mids: list[str]) -> list[str]:
    bundle = f"a=group:BUNDLE {' '.join(mids)}"
    return ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", bundle]


def _section(
    local: Local, mid: str, direction: Direction, kind: Kind, codec: int, rtx: int
) -> list[str]:
    return [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {codec}{f' {rtx}' if rtx else ''}",
        f"c=IN IP4 {local.host}",
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
        "a=setup:active",
        f"a=mid:{mid}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a={direction}",
        f"a=candidate:1 1 udp 2130706431 {local.host} {local.port} typ host",
        "a=end-of-candidates",
        f"a=rtpmap:{codec} {_NAMES[kind]}",
        *(f"a=rtcp-fb:{codec} {each}" for each in _FEEDBACK if kind == "video"),
        *([f"a=rtpmap:{rtx} rtx/90000", f"a=fmtp:{rtx} apt={codec}"] if rtx else ()),
    ]


def _text(lines: list[str]) -> str:
    return "\r\n".join(lines) + "\r\n"


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"no {pattern} in the description")
    return str(found[1])
