"""What a peer offers, understood: transport, m-lines, codecs, simulcast (RFC 8829, 8843, 8853)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from media.codecs import Codec, Kind
from media.errors import BadOffer
from media.signalling.sdp import Description, Section, number, parse

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
Setup = Literal["actpass", "active", "passive"]

ICE_CHARS = re.compile(r"[A-Za-z0-9+/]+")
# Firefox writes a=mid and tokens of RFC 8866; nothing else has business in an answer of ours.
_TOKEN = re.compile(r"[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]{1,64}")
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})+")
_DIRECTIONS: tuple[Direction, ...] = ("sendrecv", "sendonly", "recvonly", "inactive")
_RID = re.compile(r"[A-Za-z0-9_-]{1,16}")  # RFC 8851, 10; an extension element holds 16
_MAX_CODECS = 128
_MAX_PARAMETERS = 32
_MAX_FEEDBACK = 32
_MAX_RIDS = 3
_REMEMBERED = 16
"""Lists of codecs, each of less than 1 MB even from who makes up the longest."""


@dataclass(frozen=True, slots=True)
class MediaOffer:
    """One m-line. `extensions` maps URI → id; `rids` are the simulcast layers, in order."""

    mid: str
    kind: Kind | None
    line: str
    protocol: str
    formats: tuple[str, ...]
    direction: Direction
    rejected: bool
    codecs: tuple[Codec, ...]
    extensions: dict[str, int]
    rids: tuple[str, ...]
    ssrcs: tuple[int, ...]
    reduced_rtcp: bool

    @property
    def sends(self) -> bool:
        return not self.rejected and self.direction in {"sendrecv", "sendonly"}

    @property
    def receives(self) -> bool:
        return not self.rejected and self.direction == "recvonly"


@dataclass(frozen=True, slots=True)
class Offer:
    """A whole offer: one bundled transport and its m-lines."""

    ufrag: str
    pwd: str
    fingerprints: tuple[tuple[str, str], ...]
    setup: Setup
    mixed_extensions: bool
    media: tuple[MediaOffer, ...]


def read_offer(text: str) -> Offer:
    """Understand an offer. Raises BadOffer with the reason."""
    description = parse(text)
    if not description.sections:
        raise BadOffer("the offer has no m-line")
    media = tuple(_media(section, description) for section in description.sections)
    mids = [m.mid for m in media]
    if len(set(mids)) != len(mids):
        raise BadOffer("two m-lines have the same mid")
    _check_bundle(description, media)
    first = next((s for s in description.sections if s.port or s.has("bundle-only")), None)
    if first is None:
        raise BadOffer("every m-line is rejected")
    ufrag, pwd = _ice(first, description)
    return Offer(
        ufrag=ufrag,
        pwd=pwd,
        fingerprints=_fingerprints(first, description),
        setup=_setup(first, description),
        mixed_extensions=description.first("extmap-allow-mixed") is not None
        or first.has("extmap-allow-mixed"),
        media=media,
    )


def _check_bundle(description: Description, media: tuple[MediaOffer, ...]) -> None:
    live = [m for m in media if not m.rejected]
    if len(live) < 2:
        return
    group = (description.first("group") or "").split()
    bundled = set(group[1:])
    if group[:1] != ["BUNDLE"] or any(m.mid not in bundled for m in live):
        raise BadOffer("all m-lines must be in one BUNDLE group")


def _inherited(section: Section, description: Description, name: str) -> str | None:
    value = section.first(name)
    return description.first(name) if value is None else value


def _ice(section: Section, description: Description) -> tuple[str, str]:
    ufrag = _inherited(section, description, "ice-ufrag") or ""
    pwd = _inherited(section, description, "ice-pwd") or ""
    # RFC 8839, 5.4: 4 to 256 and 22 to 256 ice-chars.
    if not (4 <= len(ufrag) <= 256 and ICE_CHARS.fullmatch(ufrag)):
        raise BadOffer("the offer has no usable ice-ufrag")
    if not (22 <= len(pwd) <= 256 and ICE_CHARS.fullmatch(pwd)):
        raise BadOffer("the offer has no usable ice-pwd")
    return ufrag, pwd


def _fingerprints(section: Section, description: Description) -> tuple[tuple[str, str], ...]:
    lines = list(section.all("fingerprint"))
    if not lines:
        session = description.first("fingerprint")
        lines = [session] if session else []
    found = []
    for line in lines[:8]:
        algorithm, _, value = line.partition(" ")
        if algorithm.lower() in {"sha-256", "sha-384", "sha-512"} and _FINGERPRINT.fullmatch(value):
            found.append((algorithm.lower(), value.upper()))
    if not found:
        raise BadOffer("the offer has no usable DTLS fingerprint")
    return tuple(found)


def _setup(section: Section, description: Description) -> Setup:
    match _inherited(section, description, "setup"):
        case "actpass" | None:
            return "actpass"
        case "active":
            return "active"
        case "passive":
            return "passive"
        case other:
            raise BadOffer(f"a=setup:{other} cannot be offered")


def _media(section: Section, description: Description) -> MediaOffer:
    kind: Kind | None = None
    if section.kind in {"audio", "video"}:
        kind = "audio" if section.kind == "audio" else "video"
    rejected = section.port == 0 and not section.has("bundle-only")
    mid = section.first("mid")
    if mid is None or not _TOKEN.fullmatch(mid):
        raise BadOffer("an m-line has no usable mid")
    for token in (section.kind, section.protocol.replace("/", ""), *section.formats):
        if not _TOKEN.fullmatch(token):
            raise BadOffer("an m-line has characters that no token has")
    usable = kind is not None and not rejected
    if usable and not section.has("rtcp-mux"):
        raise BadOffer(f"m-line {mid} lacks a=rtcp-mux")
    if usable and section.protocol not in {"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP"}:
        raise BadOffer(f"m-line {mid} is not DTLS-SRTP")
    return MediaOffer(
        mid=mid,
        kind=kind,
        line=section.kind,
        protocol=section.protocol,
        formats=tuple(dict.fromkeys(section.formats)),
        direction=_direction(section, description),
        rejected=rejected,
        codecs=_codecs(section, kind) if kind else (),
        extensions=_extensions(section),
        rids=_rids(section),
        ssrcs=_ssrcs(section),
        reduced_rtcp=section.has("rtcp-rsize"),
    )


def _direction(section: Section, description: Description) -> Direction:
    for direction in _DIRECTIONS:
        if section.has(direction):
            return direction
    for direction in _DIRECTIONS:
        if description.first(direction) is not None:
            return direction
    return "sendrecv"


def _codecs(section: Section, kind: Kind) -> tuple[Codec, ...]:
    if len(section.formats) > _MAX_CODECS:
        raise BadOffer("an m-line has too many formats")
    lines = (tuple(section.all(name)) for name in ("rtpmap", "fmtp", "rtcp-fb"))
    return _understood(kind, section.formats, *lines)


# Browsers of one make offer the same, which is most of an offer; so they share what it means.
@lru_cache(_REMEMBERED)
def _understood(
    kind: Kind,
    formats: tuple[str, ...],
    rtpmap: tuple[str, ...],
    fmtp: tuple[str, ...],
    rtcp_fb: tuple[str, ...],
) -> tuple[Codec, ...]:
    maps = dict(_numbered(rtpmap))
    parameters = dict(_numbered(fmtp))
    feedback: dict[str, list[str]] = {}
    for pt, rest in _numbered(rtcp_fb):
        feedback.setdefault(pt, []).append(rest)
    found = []
    # Each of them once: a format that is named a hundred times would be kept a hundred times.
    for pt in dict.fromkeys(formats):
        payload_type = number(pt, 127)
        if pt not in maps or payload_type is None or not _dynamic(payload_type, pt):
            continue
        name, _, rest = maps[pt].partition("/")
        rate, _, channels = rest.partition("/")
        clock_rate = number(rate, 999_999)
        if clock_rate is None or not _TOKEN.fullmatch(name):
            raise BadOffer(f"not an rtpmap: {maps[pt][:40]!r}")
        found.append(
            Codec(
                kind=kind,
                name=name,
                payload_type=payload_type,
                clock_rate=clock_rate,
                channels=2 if channels == "2" else 1,
                parameters=_parameters(parameters.get(pt, "")),
                feedback=_distinct(feedback.get(pt, []) + feedback.get("*", [])),
            )
        )
    return tuple(found)


def _dynamic(payload_type: int, text: str) -> bool:
    # RFC 5761, 4: 64–95 would look like RTCP on a multiplexed port. 096 would be another 96.
    return text == str(payload_type) and (payload_type < 64 or 96 <= payload_type <= 127)


def _distinct(feedback: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(feedback))[:_MAX_FEEDBACK]


def _numbered(values: Iterable[str]) -> list[tuple[str, str]]:
    pairs = []
    for value in values:
        payload_type, _, rest = value.partition(" ")
        pairs.append((payload_type, rest.strip()))
    return pairs


def _parameters(line: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    parts = line.split(";", _MAX_PARAMETERS + 1)
    if len(parts) > _MAX_PARAMETERS:
        raise BadOffer("a format has too many parameters")
    for part in parts:
        key, _, value = part.strip().partition("=")
        if key:
            pairs.append((key.lower(), value))
    return tuple(pairs)


def _extensions(section: Section) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in section.all("extmap"):
        identifier, _, rest = value.partition(" ")
        # One-byte headers carry ids 1–14 (RFC 8285, 4.2); what does not fit is simply not used.
        if used := number(identifier.partition("/")[0], 14):
            found.setdefault(rest.split(" ")[0], used)
    if len(set(found.values())) != len(found):
        raise BadOffer("two header extensions have the same id")
    return found


def _rids(section: Section) -> tuple[str, ...]:
    sending = set()
    for value in section.all("rid"):
        parts = value.split()
        if len(parts) >= 2 and parts[1] == "send" and _RID.fullmatch(parts[0]):
            sending.add(parts[0])
    simulcast = (section.first("simulcast") or "").split()
    if "send" not in simulcast[:-1]:
        return ()
    layers = simulcast[simulcast.index("send") + 1].split(";")
    # Commas separate alternatives of one layer, ~ marks it as paused at first (RFC 8853, 5.1).
    rids = [layer.split(",")[0].lstrip("~") for layer in layers]
    return tuple(rid for rid in dict.fromkeys(rids) if rid in sending)[:_MAX_RIDS]


def _ssrcs(section: Section) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for value in section.all("ssrc"):
        ssrc = number(value.partition(" ")[0], 0xFFFFFFFF)
        if ssrc is not None:
            found[ssrc] = None
    return tuple(found)[:16]
