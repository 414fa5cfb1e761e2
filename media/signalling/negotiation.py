"""One offer, one answer, never a renegotiation: what each role may have, and what we agree to.

Roles are those of WHIP and WHEP (RFC 9725 and its draft sibling) and our voice room:

* ``publish``: at most one audio and one video m-line that send
* ``guest``: the same, beside the publisher; video in VP8, which every viewer agreed to beforehand
* ``watch``: one audio and one video m-line that receive, in the codecs of the live; then up to
  three more of each, the *places* of guests, who come and go without another offer
* ``talk``: one audio m-line that sends (the microphone), then up to K that receive (the slots)

Everything else in an offer is rejected in its place, as RFC 3264, 6 asks; but a publisher has all
of its audio and video taken or none, so that nobody is live without noticing that the picture is
missing (RFC 9725, 4.4.2 and 4.4.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from media.codecs import Codec, Kind, choose_audio, choose_video, match, red_of, rtx_of
from media.errors import BadOffer, UnsupportedCodec
from media.events import Role
from media.signalling.offer import MediaOffer, Offer

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
DEPENDENCY = (
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
)
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

# Publishers run their own congestion control on transport-wide feedback; viewers estimate on
# abs-send-time and tell by REMB, which costs this server nothing per packet.
_PUBLISHER_EXTENSIONS = (MID, RID, REPAIRED_RID, AUDIO_LEVEL, TRANSPORT_CC)
_VIEWER_EXTENSIONS = {"audio": (MID, AUDIO_LEVEL), "video": (MID, ABS_SEND_TIME)}
GUESTS = 3
"""Places beside the publisher."""

GUEST_CODECS: Mapping[Kind, Codec] = {
    "audio": Codec("audio", "opus", 0, 48000, 2),
    "video": Codec("video", "VP8", 0, 90000),
}
"""A place is agreed on before anybody stands there, so in what every browser has (RFC 7742, 7874).
"""

_LAYER_EXTENSIONS = {"AV1": (DEPENDENCY,)}
"""VP8 and VP9 tell their layers in the payload, and H.264 as browsers send it has none."""
_SIMULCAST = frozenset({"VP8", "H264"})
"""In others several encodings may become spatial layers of one stream, or a single one."""
_PUBLISHER_FEEDBACK = ("transport-cc", "ccm fir", "nack", "nack pli")
_VIEWER_FEEDBACK = {"audio": ("nack",), "video": ("goog-remb", "ccm fir", "nack", "nack pli")}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A track the peer will send. `extensions` maps URI → id in this peer's packets; `rtx` is the
    payload type of retransmissions (RFC 4588) and `red` that of redundant audio (RFC 2198), 0
    without them."""

    mid: str
    kind: Kind
    codec: Codec
    extensions: Mapping[str, int]
    rids: tuple[str, ...]
    ssrcs: tuple[int, ...]
    rtx: int = 0
    red: int = 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A track the peer will receive, on an SSRC of ours.

    Tracks of one `stream` (RFC 8830) are played in sync: a live's audio and video share theirs, the
    slots of a voice room are different people and have one each. `rtx` and `rtx_ssrc` are those of
    retransmissions (RFC 4588) and `red` the payload type of redundant audio (RFC 2198), 0 without
    them. `place` is 0 for the publisher and 1… for guests.
    """

    mid: str
    stream: str
    kind: Kind
    codec: Codec
    extensions: Mapping[str, int]
    ssrc: int
    rtx: int = 0
    rtx_ssrc: int = 0
    red: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an offer became: per m-line what is agreed, None where it is rejected."""

    offer: Offer
    lines: tuple[Incoming | Outgoing | None, ...]

    @property
    def incoming(self) -> tuple[Incoming, ...]:
        return tuple(line for line in self.lines if isinstance(line, Incoming))

    @property
    def outgoing(self) -> tuple[Outgoing, ...]:
        return tuple(line for line in self.lines if isinstance(line, Outgoing))

    @property
    def decodes(self) -> tuple[Codec, ...]:
        """The video codecs that the peer can receive of the publisher, as it offered them."""
        return tuple(
            codec
            for media, line in zip(self.offer.media, self.lines, strict=True)
            if isinstance(line, Outgoing) and line.kind == "video" and not line.place
            for codec in media.codecs
        )


def negotiate(
    offer: Offer,
    role: Role,
    *,
    slots: int,
    published: Mapping[Kind, Codec],
    new_ssrc: Callable[[], int],
    viewers: Sequence[Sequence[Codec]] = (),
    wanted: Sequence[str] = (),
) -> Agreement:
    """Agree to what the role allows.

    `published` are the codecs of the live to be watched, `slots` the K of a voice room, `viewers`
    what each of those can decode who wait for the live already, `wanted` the names of video codecs
    that a publisher shall send rather than others.
    Raises BadOffer when nothing is left, UnsupportedCodec when a viewer cannot decode the live.
    """
    lines: list[Incoming | Outgoing | None] = []
    sending: set[Kind] = set()
    receiving: dict[Kind, int] = {"audio": 0, "video": 0}
    limit = _receive_limit(role, slots)
    for media in offer.media:
        line: Incoming | Outgoing | None = None
        if media.kind is None or media.rejected:
            pass
        elif _may_send(role, media) and media.kind not in sending:
            line = _incoming(media, role, viewers, wanted)
            if line:
                sending.add(media.kind)
        elif media.receives and receiving[media.kind] < limit.get(media.kind, 0):
            if role == "talk":
                line = _slot(media, new_ssrc)
            else:
                place = receiving[media.kind]
                line = _watched(media, place, published.get(media.kind), new_ssrc)
            if line or role == "watch":  # the first is the publisher's, be it rejected
                receiving[media.kind] += 1
        lines.append(line)
    _check(role, offer, lines)
    return Agreement(offer, tuple(lines))


def _receive_limit(role: Role, slots: int) -> dict[Kind, int]:
    match role:
        case "talk":
            return {"audio": slots}
        case "watch":
            return {"audio": 1 + GUESTS, "video": 1 + GUESTS}
        case "publish" | "guest":
            return {}


def _may_send(role: Role, media: MediaOffer) -> bool:
    if not media.sends or role == "watch":
        return False
    return media.kind == "audio" or role != "talk"


def _incoming(
    media: MediaOffer,
    role: Role,
    viewers: Sequence[Sequence[Codec]],
    wanted: Sequence[str],
) -> Incoming | None:
    assert media.kind is not None
    if media.kind == "audio":
        codec = choose_audio(media.codecs)
    elif role == "guest":
        codec = match(GUEST_CODECS["video"], media.codecs)
    else:
        if len(media.rids) > 1:
            wanted = [name for name in wanted if name in _SIMULCAST]
        codec = choose_video(media.codecs, viewers, wanted)
    if codec is None:
        return None
    return Incoming(
        mid=media.mid,
        kind=media.kind,
        codec=codec.with_feedback(_PUBLISHER_FEEDBACK),
        extensions=_common(
            media, _PUBLISHER_EXTENSIONS + _LAYER_EXTENSIONS.get(codec.name.upper(), ())
        ),
        rids=media.rids if media.kind == "video" and RID in media.extensions else (),
        ssrcs=media.ssrcs,
        rtx=rtx_of(codec, media.codecs),
        red=red_of(codec, media.codecs) if media.kind == "audio" else 0,
    )


def _slot(media: MediaOffer, new_ssrc: Callable[[], int]) -> Outgoing | None:
    codec = choose_audio(media.codecs)
    return None if codec is None else _outgoing(media, codec, f"slot-{media.mid}", 0, new_ssrc)


def _watched(
    media: MediaOffer, place: int, published: Codec | None, new_ssrc: Callable[[], int]
) -> Outgoing | None:
    assert media.kind is not None
    if place:
        codec = match(GUEST_CODECS[media.kind], media.codecs)
        stream = f"stage-{place}"
        return None if codec is None else _outgoing(media, codec, stream, place, new_ssrc)
    if published is None:
        return None
    codec = match(published, media.codecs)
    if codec is None:
        raise UnsupportedCodec(f"the live is in {published.name}, which the offer lacks")
    return _outgoing(media, codec, "live", 0, new_ssrc)


def _outgoing(
    media: MediaOffer, codec: Codec, stream: str, place: int, new_ssrc: Callable[[], int]
) -> Outgoing:
    assert media.kind is not None
    rtx = rtx_of(codec, media.codecs)
    return Outgoing(
        mid=media.mid,
        stream=stream,
        kind=media.kind,
        codec=codec.with_feedback(_VIEWER_FEEDBACK[media.kind]),
        extensions=_common(media, _VIEWER_EXTENSIONS[media.kind]),
        ssrc=new_ssrc(),
        rtx=rtx,
        rtx_ssrc=new_ssrc() if rtx else 0,
        red=red_of(codec, media.codecs) if media.kind == "audio" else 0,
        place=place,
    )


def _common(media: MediaOffer, wanted: tuple[str, ...]) -> dict[str, int]:
    return {uri: media.extensions[uri] for uri in wanted if uri in media.extensions}


def _check(role: Role, offer: Offer, lines: list[Incoming | Outgoing | None]) -> None:
    incoming = [line for line in lines if isinstance(line, Incoming)]
    outgoing = [line for line in lines if isinstance(line, Outgoing)]
    if role == "watch" and all(line.place for line in outgoing):
        raise BadOffer("a viewer offers recvonly audio or video m-lines")
    if role in {"publish", "guest"} and not incoming:
        raise BadOffer("a publisher offers sendonly m-lines with Opus, VP8, VP9, H.264 or AV1")
    if role in {"publish", "guest"}:
        sent = [media for media in offer.media if media.kind and media.sends and not media.rejected]
        if len(sent) > len(incoming):
            raise BadOffer("one audio and one video at most, with Opus, VP8, VP9, H.264 or AV1")
    if role == "talk" and not incoming:
        raise BadOffer("a voice offer begins with a sending audio m-line with Opus")
