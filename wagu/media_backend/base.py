"""The only door from the application to media.

Three implementations exist: the embedded SFU, OpenVidu 2 and OpenVidu 3 / LiveKit. A client learns
from `capabilities` which one it talks to; README.md says what each can do.

Vocabulary: a *room* is one conversation or one live (`map/<id>`, `live/<id>`); a *peer* is one
WebRTC connection of one client, its key begins with `<person id>:`; its *role* says what the
negotiation may contain.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NewType, Protocol

from wagu.errors import Conflict, NotFound, Unavailable

RoomKey = NewType("RoomKey", str)
PeerKey = NewType("PeerKey", str)


def label_of(room: RoomKey) -> str:
    """For logs: to know the key of a shared map is to have the right to enter it. The embedded
    media server tells rooms apart by the same word (`media.room`)."""
    return "room-" + hashlib.blake2s(room.encode(), digest_size=4).hexdigest()


Role = Literal["talk", "publish", "guest", "watch"]
"""talk: one microphone out, K audio slots in. publish: WHIP. guest: WHIP too, beside whoever
publishes. watch: WHEP."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do; the client offers nothing that is not here.

    slots        voices heard at once; 0: all of them
    negotiation  how a client gets in: an SDP offer for `answer`, or a token from `grant`
    mute         it silences whoever is muted; without, only their own client does
    """

    kind: Literal["embedded", "openvidu2", "livekit"]
    simulcast: bool
    slots: int
    negotiation: Literal["sdp", "token"] = "sdp"
    mute: bool = True
    recording: bool = True
    snapshots: bool = True
    hls: bool = True


@dataclass(frozen=True, slots=True)
class SlotsChanged:
    """Who sits in which audio slot of `peer`, in the order of the slots in its offer."""

    room: RoomKey
    peer: PeerKey
    slots: tuple[PeerKey | None, ...]


@dataclass(frozen=True, slots=True)
class SpeakersChanged:
    """The peers that are speaking now, loudest first."""

    room: RoomKey
    speakers: tuple[PeerKey, ...]


@dataclass(frozen=True, slots=True)
class PublicationStarted:
    """First media packet of a `publish` peer arrived: the live is on air."""

    room: RoomKey
    peer: PeerKey


@dataclass(frozen=True, slots=True)
class StageChanged:
    """The guests who are seen and heard beside the publisher, by place."""

    room: RoomKey
    places: tuple[PeerKey | None, ...]


@dataclass(frozen=True, slots=True)
class LayersWanted:
    """The simulcast layers (RIDs) of a `publish` or `guest` peer worth sending; it may pause the
    others."""

    room: RoomKey
    peer: PeerKey
    rids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """A file that `record` wants is about to be written; its name without the suffix is 128 random
    bits, URL-safe."""

    room: RoomKey
    path: str


@dataclass(frozen=True, slots=True)
class RecordingFinished:
    """A file that `record` made is whole; `seconds` is None where its writing was cut off."""

    room: RoomKey
    path: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class PeerClosed:
    """A peer is gone. reason: left | replaced | timeout | failed | room_closed | shutdown."""

    room: RoomKey
    peer: PeerKey
    role: Role
    reason: str


MediaEvent = (
    SlotsChanged
    | SpeakersChanged
    | PublicationStarted
    | StageChanged
    | LayersWanted
    | PeerClosed
    | RecordingStarted
    | RecordingFinished
)
Listener = Callable[[MediaEvent], None]


@dataclass(frozen=True, slots=True)
class RecordingLimits:
    """Of one room's recording, all its files together."""

    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a room shows; `number` is another with each picture."""

    webp: bytes
    number: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An SDP answer; `session` names this negotiation among those of the same peer, `slots` is the
    initial occupation of a talk peer's slots, `tag` names the ICE session for `restart`."""

    sdp: str
    session: str
    slots: tuple[PeerKey | None, ...] = ()
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The server's ICE fragment (`application/trickle-ice-sdpfrag`) and the tag from now on."""

    fragment: str
    tag: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What opens a room of a server elsewhere for one peer: its address and a token of it. Whoever
    is in stays in past `expires_at` (seconds since the epoch)."""

    url: str
    token: str = field(repr=False)
    expires_at: float


def no_hls() -> Conflict:
    """The live is in a format that HLS cannot show, or this backend has no HLS."""
    return Conflict("live.no_hls", "이 방송은 HLS로 볼 수 없어요.")


def no_sdp() -> Conflict:
    """Offers are for another kind of backend."""
    return Conflict("media.no_sdp", "여기서는 다른 미디어 서버에 연결해요.")


def no_tokens() -> Conflict:
    """There is no server elsewhere to get into."""
    return Conflict("media.no_tokens", "여기서는 이 서버가 미디어를 맡아요.")


def no_webhooks() -> NotFound:
    return NotFound("media.no_webhooks", "다른 미디어 서버를 쓰지 않아요.")


def unavailable() -> Unavailable:
    return Unavailable("media.unavailable", "미디어 서버를 지금 쓸 수 없어요.")


class MediaBackend(Protocol):
    """Errors: BadRequest("media.bad_offer"), Conflict("media.no_publication"),
    Conflict("media.already_published"), Conflict("media.room_full"),
    Unavailable("media.unavailable"). What ends or mutes never waits for a server elsewhere and
    raises nothing because of it."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def accepts_tcp(self) -> Callable[[], asyncio.Protocol] | None:
        """Makes what serves a connection to the HTTP port that begins as ICE-TCP; None: nothing."""

    @property
    def answers(self) -> bool:
        """Whether the server elsewhere answered the last time; always true for an embedded one."""

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    def listen(self, listener: Listener) -> None:
        """Register a synchronous listener; it must not block."""

    async def prepare(self) -> None:
        """What the first `answer` has to wait for. Who calls this before looking whether somebody
        may come in, and then waits for nothing else, answers by what is true."""

    async def answer(self, room: RoomKey, peer: PeerKey, role: Role, offer: str) -> Answer:
        """One offer, one answer. A peer that already exists is replaced (a reload). Nobody is shown
        themselves: peers of one person do not watch each other. Conflict("media.no_sdp")."""

    async def grant(self, room: RoomKey, peer: PeerKey, role: Role) -> Grant:
        """What a client gets in with by itself; replaces as `answer` does.
        Conflict("media.no_tokens")."""

    async def hear(self, authorization: str, body: bytes) -> None:
        """A webhook of the server elsewhere. Unauthenticated("media.bad_webhook"),
        NotFound("media.no_webhooks")."""

    async def restart(
        self,
        room: RoomKey,
        peer: PeerKey,
        fragment: str,
        *,
        session: str | None = None,
        tag: str = "*",
    ) -> Restarted | None:
        """A peer's ICE fragment: trickled candidates (None) or a restart that keeps its keys.

        `tag` is the ICE session that it is about, `*` any. NotFound("media.no_resource") without
        such a session, Stale("media.stale_session") when it was restarted meanwhile,
        BadRequest("media.bad_offer")."""

    async def mute(self, room: RoomKey, peer: PeerKey, muted: bool) -> None:
        """Stop or resume forwarding what this peer says; its picture goes on. Unknown peers are
        ignored."""

    async def leave(self, room: RoomKey, peer: PeerKey, session: str | None = None) -> bool:
        """False when the peer is not there, or only in another session than this one."""

    async def leave_person(self, room: RoomKey, person: str) -> None:
        """Every peer of a person goes: those whose key is `<person>:<anything>`."""

    async def close_room(self, room: RoomKey) -> None:
        """Idempotent; every peer gets PeerClosed(reason="room_closed")."""

    async def record(self, room: RoomKey, folder: Path, limits: RecordingLimits) -> None:
        """Write what the room publishes into files in `folder`, until the room closes. Idempotent;
        each file is told of by RecordingStarted and RecordingFinished."""

    async def stop_recording(self, room: RoomKey) -> None:
        """Idempotent."""

    def on_stage(self, room: RoomKey) -> tuple[PeerKey | None, ...]:
        """The guests who are seen now, by place; empty without such a room."""

    def snapshot(self, room: RoomKey) -> Snapshot | None:
        """The newest picture of what the room shows, if this backend takes any."""

    def has_room(self, room: RoomKey) -> bool:
        """Whether anybody is connected to it."""

    def viewers(self, room: RoomKey) -> int:
        """How many watch over WebRTC."""

    def has_hls(self, room: RoomKey) -> bool:
        """Whether what the room shows now can be had by HLS."""

    async def hls_playlist(self, room: RoomKey, segment: int | None, part: int | None) -> str:
        """A live playlist, once it has this segment, or part of it. Conflict("live.no_hls"),
        BadRequest("media.too_early"), Unavailable("media.hls_busy") where waiting was in vain."""

    async def hls_file(self, room: RoomKey, name: str) -> bytes:
        """What a playlist names. NotFound("media.no_segment"), Unavailable("media.hls_busy")."""

    def stats(self) -> dict[str, Any]:
        """Counters and per-room figures, JSON-able."""
