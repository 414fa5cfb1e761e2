"""The embedded SFU behind the door: media's words become ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from media import events
from media.errors import (
    AlreadyPublished,
    BadOffer,
    HlsBusy,
    MediaError,
    NoHls,
    NoPublication,
    NoSegment,
    NoSession,
    RoomFull,
    StaleSession,
    TooEarly,
    UnsupportedCodec,
)
from media.recording.recorder import Limits
from media.sfu import Sfu, SfuConfig
from wagu.errors import BadRequest, Conflict, NotFound, Stale, Unavailable, WaguError
from wagu.media_backend.base import (
    Answer,
    Capabilities,
    Grant,
    LayersWanted,
    Listener,
    MediaEvent,
    PeerClosed,
    PeerKey,
    PublicationStarted,
    RecordingFinished,
    RecordingLimits,
    RecordingStarted,
    Restarted,
    Role,
    RoomKey,
    SlotsChanged,
    Snapshot,
    SpeakersChanged,
    StageChanged,
    no_hls,
    no_tokens,
    no_webhooks,
    unavailable,
)

SENTENCES: dict[type[MediaError], str] = {
    RoomFull: "방이 가득 찼어요.",
    NoPublication: "아직 방송이 시작되지 않았어요.",
    AlreadyPublished: "다른 기기에서 이미 방송하고 있어요.",
    UnsupportedCodec: "이 브라우저는 이 방송의 영상 형식을 재생하지 못해요.",
    NoSession: "그런 연결은 없어요.",
    StaleSession: "그 사이에 연결이 바뀌었어요.",
    NoHls: no_hls().message,
    NoSegment: "방송의 그 부분은 없어요.",
    TooEarly: "방송이 아직 거기까지 가지 않았어요.",
    HlsBusy: "방송이 잠시 멈춰 있어요.",
}
KINDS: dict[type[MediaError], type[WaguError]] = {
    NoSession: NotFound,
    StaleSession: Stale,
    NoSegment: NotFound,
    TooEarly: BadRequest,
    HlsBusy: Unavailable,
}
"""All others are conflicts."""


class EmbeddedBackend:
    """Implements MediaBackend by an `Sfu` in this process."""

    def __init__(self, config: SfuConfig) -> None:
        self._sfu = Sfu(config, self._on_event)
        self._config = config
        self._listeners: list[Listener] = []

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            kind="embedded",
            simulcast=True,
            slots=self._config.slots,
            snapshots=self._config.snapshots > 0,
            hls=self._config.hls,
        )

    @property
    def answers(self) -> bool:
        return True

    @property
    def accepts_tcp(self) -> Callable[[], asyncio.Protocol] | None:
        shares = self._config.tcp_port is not None and not self._config.tcp_listen
        return self._sfu.accept_tcp if shares else None

    async def start(self) -> None:
        try:
            await self._sfu.start()
        except OSError as error:
            raise Unavailable(
                "media.port_in_use", f"UDP port {self._config.port} cannot be opened: {error}"
            ) from error

    async def close(self) -> None:
        await self._sfu.close()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def prepare(self) -> None:
        await self._sfu.prepare()

    async def answer(self, room: RoomKey, peer: PeerKey, role: Role, offer: str) -> Answer:
        await self.prepare()
        try:
            answer = self._sfu.answer(room, peer, role, offer, peer.partition(":")[0])
        except MediaError as error:
            raise _translate(error) from error
        return Answer(answer.sdp, answer.session, (None,) * answer.slots, answer.tag)

    async def grant(self, room: RoomKey, peer: PeerKey, role: Role) -> Grant:
        raise no_tokens()

    async def hear(self, authorization: str, body: bytes) -> None:
        raise no_webhooks()

    async def restart(
        self,
        room: RoomKey,
        peer: PeerKey,
        fragment: str,
        *,
        session: str | None = None,
        tag: str = "*",
    ) -> Restarted | None:
        try:
            made = self._sfu.patch(room, peer, session, fragment, tag)
        except MediaError as error:
            raise _translate(error) from error
        return None if made is None else Restarted(made.fragment, made.tag)

    async def mute(self, room: RoomKey, peer: PeerKey, muted: bool) -> None:
        self._sfu.mute(room, peer, muted)

    async def leave(self, room: RoomKey, peer: PeerKey, session: str | None = None) -> bool:
        return self._sfu.leave(room, peer, session)

    async def leave_person(self, room: RoomKey, person: str) -> None:
        for peer in self._sfu.peers(room):
            if peer.startswith(f"{person}:"):
                self._sfu.leave(room, peer)

    async def close_room(self, room: RoomKey) -> None:
        self._sfu.close_room(room)

    async def record(self, room: RoomKey, folder: Path, limits: RecordingLimits) -> None:
        self._sfu.record(room, folder, Limits(limits.seconds, limits.size))

    async def stop_recording(self, room: RoomKey) -> None:
        self._sfu.stop_recording(room)

    def on_stage(self, room: RoomKey) -> tuple[PeerKey | None, ...]:
        return _keys(self._sfu.on_stage(room))

    def snapshot(self, room: RoomKey) -> Snapshot | None:
        found = self._sfu.snapshot(room)
        return None if found is None else Snapshot(found.webp, found.number)

    def has_room(self, room: RoomKey) -> bool:
        return self._sfu.has_room(room)

    def viewers(self, room: RoomKey) -> int:
        return self._sfu.viewers(room)

    def has_hls(self, room: RoomKey) -> bool:
        return self._sfu.has_hls(room)

    async def hls_playlist(self, room: RoomKey, segment: int | None, part: int | None) -> str:
        try:
            return await self._sfu.hls_playlist(room, segment, part)
        except MediaError as error:
            raise _translate(error) from error

    async def hls_file(self, room: RoomKey, name: str) -> bytes:
        try:
            return await self._sfu.hls_file(room, name)
        except MediaError as error:
            raise _translate(error) from error

    def stats(self) -> dict[str, Any]:
        return self._sfu.stats()

    def _on_event(self, event: events.Event) -> None:
        ours = _of_live(event) or _of_any(event)
        if ours is not None:
            for listener in self._listeners:
                listener(ours)


def _translate(error: MediaError) -> WaguError:
    if isinstance(error, BadOffer):
        # The reason is for whoever wrote the client: SDP is no text for people.
        return BadRequest(error.code, f"연결 제안을 이해하지 못했어요: {error.message}")
    if isinstance(error, NoHls):
        return no_hls()
    sentence = SENTENCES.get(type(error))
    if sentence is None:
        return unavailable()
    return KINDS.get(type(error), Conflict)(error.code, sentence)


def _keys(peers: Iterable[str | None]) -> tuple[PeerKey | None, ...]:
    return tuple(None if peer is None else PeerKey(peer) for peer in peers)


def _of_live(event: events.Event) -> MediaEvent | None:
    match event:
        case events.PublicationStarted(room, peer):
            return PublicationStarted(RoomKey(room), PeerKey(peer))
        case events.StageChanged(room, places):
            return StageChanged(RoomKey(room), _keys(places))
        case events.LayersWanted(room, peer, rids):
            return LayersWanted(RoomKey(room), PeerKey(peer), rids)
        case events.RecordingStarted(room, path):
            return RecordingStarted(RoomKey(room), path)
        case events.RecordingFinished(room, path, _, seconds):
            return RecordingFinished(RoomKey(room), path, seconds)
        case _:
            return None


def _of_any(event: events.Event) -> MediaEvent | None:
    match event:
        case events.SlotsChanged(room, peer, slots):
            return SlotsChanged(RoomKey(room), PeerKey(peer), _keys(slots))
        case events.SpeakersChanged(room, speakers):
            return SpeakersChanged(RoomKey(room), tuple(PeerKey(each) for each in speakers))
        case events.PeerClosed(room, peer, role, reason):
            return PeerClosed(RoomKey(room), PeerKey(peer), role, reason)
        case _:
            return None
