"""Codecs as they are negotiated: payload type, name, parameters, feedback. Nothing is decoded here.

Parameters follow RFC 7587 (Opus), RFC 7741 (VP8), RFC 9628 (VP9), RFC 6184 (H.264) and the AV1 RTP
specification.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["audio", "video"]

VIDEO_CLOCK = 90000
VIDEO_CODECS = frozenset({"VP8", "VP9", "H264", "AV1"})
"""What can be forwarded: those whose keyframes we can tell, since a viewer must begin with one."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type of one m-line. `parameters` is the fmtp line as offered, in order."""

    kind: Kind
    name: str
    payload_type: int
    clock_rate: int
    channels: int = 1
    parameters: tuple[tuple[str, str], ...] = ()
    feedback: tuple[str, ...] = ()

    def parameter(self, name: str) -> str | None:
        for key, value in self.parameters:
            if key == name:
                return value
        return None

    @property
    def fmtp(self) -> str:
        return ";".join(f"{key}={value}" if value else key for key, value in self.parameters)

    @property
    def rtpmap(self) -> str:
        channels = f"/{self.channels}" if self.channels > 1 else ""
        return f"{self.name}/{self.clock_rate}{channels}"

    def with_feedback(self, wanted: Iterable[str]) -> Codec:
        """Keep only the feedback that both sides know, in our order."""
        return replace(self, feedback=tuple(f for f in wanted if f in self.feedback))


def choose_audio(offered: Iterable[Codec]) -> Codec | None:
    """Opus at 48 kHz is the one audio codec that every WebRTC end point has (RFC 7874)."""
    for codec in offered:
        if codec.name.upper() == "OPUS" and codec.clock_rate == 48000:
            return codec
    return None


def choose_video(
    offered: Iterable[Codec],
    viewers: Sequence[Sequence[Codec]] = (),
    wanted: Sequence[str] = (),
) -> Codec | None:
    """What a publisher shall send: of what most of those can decode who are here already
    (`viewers`, what each of them offered), the first of `wanted` (upper-case names), or else the
    first in the publisher's own order.

    H.264 in its constrained baseline before any other profile: every browser decodes it.
    """
    candidates = [c for c in offered if c.clock_rate == VIDEO_CLOCK and _forwardable(c)]
    if not candidates:
        return None
    names = list(dict.fromkeys([*wanted, *(c.name.upper() for c in candidates)]))

    def merit(codec: Codec) -> tuple[int, int, bool]:
        decoding = sum(match(codec, each) is not None for each in viewers)
        return -decoding, names.index(codec.name.upper()), not _is_baseline(codec)

    return min(candidates, key=merit)


def match(wanted: Codec, offered: Iterable[Codec]) -> Codec | None:
    """The receiver's payload type for what a publisher sends, or None when it cannot decode it."""
    same = [
        codec
        for codec in offered
        if codec.name.upper() == wanted.name.upper()
        and codec.clock_rate == wanted.clock_rate
        and (codec.kind == "audio" or _forwardable(codec))
    ]
    # An H.264 decoder that lacks the exact profile still accepts a neighbour of it in practice.
    same.sort(key=lambda codec: _profile(codec) != _profile(wanted))
    return same[0] if same else None


def rtx_of(codec: Codec, offered: Iterable[Codec]) -> int:
    """The payload type that repeats packets of this codec (`apt`, RFC 4588, 8.6), 0 for none."""
    for each in offered:
        if each.name.lower() == "rtx" and each.parameter("apt") == str(codec.payload_type):
            return each.payload_type
    return 0


def red_of(codec: Codec, offered: Sequence[Codec]) -> int:
    """The payload type of redundant audio (RFC 2198) of this codec, 0 unless it stands before the
    codec: that is what who offers it would rather send, or have. It costs the bytes twice."""
    for each in offered:
        if each.payload_type == codec.payload_type:
            return 0
        if each.name.lower() == "red" and each.clock_rate == codec.clock_rate:
            inside = set(each.fmtp.split("/"))
            if inside == {str(codec.payload_type)}:
                return each.payload_type
    return 0


def _forwardable(codec: Codec) -> bool:
    match codec.name.upper():
        case "H264":
            # RFC 6184: mode 0 forbids the fragments that every sender of ours uses.
            return codec.parameter("packetization-mode") == "1"
        case "VP9":
            # Profile 0 is 8 bit, 4:2:0: the one that browsers decode without a question.
            return codec.parameter("profile-id") in {None, "0"}
        case "AV1":
            return codec.parameter("profile") in {None, "0"}
        case name:
            return name in VIDEO_CODECS


def _is_baseline(codec: Codec) -> bool:
    """Not another profile of H.264 than the constrained baseline (RFC 6184, 8.1)."""
    return codec.name.upper() != "H264" or _profile(codec) in {"", "42e0", "42c0"}


def _profile(codec: Codec) -> str:
    # profile_idc and the constraint flags; the level is asymmetric by negotiation.
    return (codec.parameter("profile-level-id") or "")[:4].lower()
