"""LiveKit, which OpenVidu 3 is: rooms by Twirp over HTTP (`livekit.RoomService`), clients by
tokens, news by signed webhooks. A room there has our key as its name, a participant our peer key as
its identity and the role as its metadata.

Twirp writes JSON with the names of the protocol (`num_participants`), webhooks with camel case.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar, cast, get_args

import msgspec
import structlog
from msgspec import Meta

from wagu.errors import BadRequest
from wagu.media_backend.base import Capabilities, Grant, PeerKey, Role, RoomKey, unavailable
from wagu.media_backend.livekit_tokens import CLIENT_TTL, Tokens
from wagu.media_backend.remote import Fact, Joined, Left, Look, Present, Published, RoomClosed
from wagu.media_backend.upstream import Upstream

log = structlog.get_logger("wagu.media")

SERVICE = "/twirp/livekit.RoomService/"
PREFIXES = ("map/", "live/")
"""Of our rooms, should others use the same server."""

EMPTY_FOR = 60
LISTED_AT_ONCE = 8
REASONS = {
    "CLIENT_INITIATED": "left",
    "PARTICIPANT_REMOVED": "left",
    "DUPLICATE_IDENTITY": "replaced",
    "SERVER_SHUTDOWN": "shutdown",
    "ROOM_DELETED": "room_closed",
    "ROOM_CLOSED": "room_closed",
    "JOIN_FAILURE": "failed",
    "STATE_MISMATCH": "failed",
    "MEDIA_FAILURE": "failed",
}
"""All others are a timeout: it is not there any more, and did not say why."""

T = TypeVar("T")


class _Room(msgspec.Struct, frozen=True):
    name: str = ""


class _Track(msgspec.Struct, frozen=True):
    sid: str = ""
    type: str = "AUDIO"
    muted: bool = False


class _Participant(msgspec.Struct, frozen=True, rename="camel"):
    sid: str = ""
    identity: str = ""
    metadata: str = ""
    state: str = ""
    disconnect_reason: str = ""
    tracks: list[_Track] = []


class _Event(msgspec.Struct, frozen=True):
    event: Annotated[str, Meta(max_length=64)]
    room: _Room = _Room()
    participant: _Participant = _Participant()


class LiveKit:
    """Implements Remote. `public_url` is where browsers reach it, by WebSocket."""

    def __init__(
        self,
        upstream: Upstream,
        tokens: Tokens,
        public_url: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._upstream = upstream
        self._clock = clock
        self._tokens = tokens
        self._public_url = public_url
        self._listing = asyncio.Semaphore(LISTED_AT_ONCE)

    capabilities = Capabilities(
        kind="livekit",
        simulcast=True,
        slots=0,
        negotiation="token",
        mute=True,
        recording=False,
        snapshots=False,
        hls=False,
    )

    @property
    def answers(self) -> bool:
        return self._upstream.answers

    async def close(self) -> None:
        await self._upstream.close()

    async def admit(self, room: RoomKey, peer: PeerKey, role: Role) -> Grant:
        # The token alone would do, but not tell who has to wait that the server is down.
        wanted = {"name": room, "empty_timeout": EMPTY_FOR, "departure_timeout": EMPTY_FOR}
        await self._call("CreateRoom", wanted, {"roomCreate": True})
        now = self._clock()
        token = self._tokens.for_client(room, peer, role, now)
        return Grant(self._public_url, token, now + CLIENT_TTL)

    async def remove(self, room: RoomKey, peer: PeerKey) -> None:
        await self._admin("RemoveParticipant", room, {"identity": peer})

    async def remove_person(self, room: RoomKey, person: str) -> None:
        for one in await self._participants(room):
            if one.identity.startswith(f"{person}:"):
                await self.remove(room, PeerKey(one.identity))

    async def silence(self, room: RoomKey, peer: PeerKey) -> None:
        """Nobody unmutes a microphone but who speaks into it (`enable_remote_unmute` is off)."""
        for one in await self._participants(room):
            if one.identity != peer:
                continue
            for track in one.tracks:
                if track.type == "AUDIO" and not track.muted:
                    wanted = {"identity": peer, "track_sid": track.sid, "muted": True}
                    await self._admin("MutePublishedTrack", room, wanted)

    async def close_room(self, room: RoomKey) -> None:
        await self._call("DeleteRoom", {"room": room}, {"roomCreate": True})

    async def rooms(self) -> Mapping[RoomKey, Sequence[Present]]:
        answer = await self._call("ListRooms", {}, {"roomList": True})
        names = [RoomKey(one.name) for one in _convert(answer, "rooms", _Room)]
        ours = [name for name in names if name.startswith(PREFIXES)]
        found = await asyncio.gather(*(self._present(room) for room in ours))
        return dict(zip(ours, found, strict=True))

    def read(self, authorization: str, body: bytes) -> Fact | None:
        self._tokens.check(authorization, body, self._clock())
        try:
            said = msgspec.json.decode(body, type=_Event)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BadRequest("media.bad_webhook", "읽을 수 없는 소식이에요.") from None
        if not said.room.name.startswith(PREFIXES):
            return None
        return _fact(said)

    def figures(self) -> dict[str, int]:
        return {
            "upstream_calls": self._upstream.calls,
            "upstream_failures": self._upstream.failures,
        }

    async def _present(self, room: RoomKey) -> list[Present]:
        async with self._listing:
            return [one for each in await self._participants(room) for one in _present(each)]

    async def _participants(self, room: RoomKey) -> list[_Participant]:
        answer = await self._admin("ListParticipants", room, {})
        return _convert(answer, "participants", _Participant)

    async def _admin(self, method: str, room: RoomKey, request: dict[str, Any]) -> Any:
        return await self._call(
            method, {"room": room, **request}, {"roomAdmin": True, "room": room}
        )

    async def _call(
        self, method: str, request: Mapping[str, Any], grants: Mapping[str, Any]
    ) -> Any:
        """The answer; None where the room or the participant is not there. Errors: Unavailable."""
        token = self._tokens.for_us(grants, self._clock())
        headers = {"Authorization": f"Bearer {token}"}
        reply = await self._upstream.call("POST", SERVICE + method, headers, request, what=method)
        if reply.status == 200:
            return reply.json()
        error = reply.json()
        code = error.get("code") if isinstance(error, dict) else None
        if code == "not_found":
            return None
        log.error("x media server refused", method=method, status=reply.status, code=code)
        raise unavailable()


def _convert(answer: Any, key: str, kind: type[T]) -> list[T]:
    """The list in an answer, whichever spelling it has; rows of another shape are dropped."""
    rows = answer.get(key) if isinstance(answer, dict) else None
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            found.append(msgspec.convert(row, kind, strict=False))
        except msgspec.ValidationError:
            log.warning("x dropped: a row of another shape", what=key)
    return found


def _present(one: _Participant) -> list[Present]:
    role = _role(one)
    if role is None or one.state == "DISCONNECTED":
        return []
    audible = any(track.type == "AUDIO" and not track.muted for track in one.tracks)
    return [Present(PeerKey(one.identity), role, one.sid, bool(one.tracks), audible)]


def _role(one: _Participant) -> Role | None:
    return cast("Role", one.metadata) if one.metadata in get_args(Role) else None


def _fact(said: _Event) -> Fact | None:
    """Of whom a track is, its event says nothing but the identity."""
    room, one = RoomKey(said.room.name), said.participant
    peer, role = PeerKey(one.identity), _role(one)
    match said.event:
        case "room_finished":
            return RoomClosed(room)
        case "participant_joined" if role is not None:
            return Joined(room, peer, role, one.sid)
        case "track_published":
            return Published(room, peer, one.sid)
        case "track_unpublished":
            return Look()  # there may be others
        case "participant_left" | "participant_connection_aborted":
            return Left(room, peer, one.sid, REASONS.get(one.disconnect_reason, "timeout"))
        case _:
            return None
