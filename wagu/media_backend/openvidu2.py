"""OpenVidu 2: sessions and connections by REST (docs.openvidu.io, "REST API"), clients by the token
of a connection. A session there is named after our room, a connection carries peer and role as
`data`.

Its webhooks are not signed and not sent again, so they only say that it is time to look at the
list; they must carry the header that OPENVIDU_WEBHOOK_HEADERS gives them. It cannot mute anybody.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from hmac import compare_digest
from typing import Any, TypeVar

import msgspec
import structlog

from wagu.errors import Unauthenticated
from wagu.media_backend.base import Capabilities, Grant, PeerKey, Role, RoomKey, unavailable
from wagu.media_backend.remote import Fact, Look, Present
from wagu.media_backend.upstream import Reply, Upstream

log = structlog.get_logger("wagu.media")
T = TypeVar("T")

API = "/openvidu/api/sessions"
USER = "OPENVIDUAPP"
TOKEN_TTL = 600.0
"""Seconds for which a client should try it; OpenVidu keeps it as long as the session."""

GRANTS_MOST = 20_000
ROLES: Mapping[Role, str] = {
    "talk": "PUBLISHER",
    "publish": "PUBLISHER",
    "guest": "PUBLISHER",
    "watch": "SUBSCRIBER",
}


class _Data(msgspec.Struct, frozen=True):
    """What a connection carries of us; its own client and those beside it can read it."""

    peer: PeerKey
    role: Role


class _Media(msgspec.Struct, frozen=True, rename="camel"):
    audio_active: bool = False


class _Publisher(msgspec.Struct, frozen=True, rename="camel"):
    media_options: _Media = _Media()


class _Connection(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    status: str = "active"
    server_data: str = ""
    publishers: list[_Publisher] | None = None


class _Connections(msgspec.Struct, frozen=True):
    content: list[_Connection] = []


class _Session(msgspec.Struct, frozen=True):
    id: str
    connections: _Connections = _Connections()


class _Sessions(msgspec.Struct, frozen=True):
    content: list[_Session] = []


class _Made(msgspec.Struct, frozen=True):
    id: str
    token: str


class OpenVidu2:
    """Implements Remote."""

    def __init__(
        self, upstream: Upstream, secret: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._upstream = upstream
        self._clock = clock
        credentials = base64.b64encode(f"{USER}:{secret}".encode()).decode()
        self._authorization = f"Basic {credentials}"
        self._granted: dict[tuple[RoomKey, PeerKey], str] = {}
        """The newest connection of each peer, which may not be in use yet."""

    capabilities = Capabilities(
        kind="openvidu2",
        simulcast=False,
        slots=0,
        negotiation="token",
        mute=False,
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
        name = _name(room)
        former = self._granted.pop((room, peer), None)
        if former is not None:
            await self._disconnect(room, former)  # which may end the session
        data = msgspec.json.encode(_Data(peer, role)).decode()
        wanted = {"type": "WEBRTC", "role": ROLES[role], "data": data, "record": False}
        await self._call("POST", "", {"customSessionId": name}, fine={409})
        reply = await self._call("POST", f"/{name}/connection", wanted, fine={404})
        if reply.status == 404:  # it was closed just now, as the last one left
            await self._call("POST", "", {"customSessionId": name}, fine={409})
            reply = await self._call("POST", f"/{name}/connection", wanted)
        made = _read(reply, _Made)
        self._granted[room, peer] = made.id
        if len(self._granted) > GRANTS_MOST:
            del self._granted[next(iter(self._granted))]
        return Grant(made.token, made.token, self._clock() + TOKEN_TTL)

    async def remove(self, room: RoomKey, peer: PeerKey) -> None:
        ids = {one.id for one in await self._connections(room) if _is(one, peer)}
        granted = self._granted.pop((room, peer), None)
        if granted is not None:
            ids.add(granted)
        for each in sorted(ids):
            await self._disconnect(room, each)

    async def remove_person(self, room: RoomKey, person: str) -> None:
        for one in await self._connections(room):
            data = _data(one)
            if data is not None and data.peer.startswith(f"{person}:"):
                await self._disconnect(room, one.id)

    async def silence(self, room: RoomKey, peer: PeerKey) -> None:
        """There is no such call: whoever asks has looked at `capabilities.mute`."""

    async def close_room(self, room: RoomKey) -> None:
        await self._call("DELETE", f"/{_name(room)}", fine={404})

    async def rooms(self) -> Mapping[RoomKey, Sequence[Present]]:
        found = _read(await self._call("GET", ""), _Sessions)
        named = ((_room(session.id), session) for session in found.content)
        return {
            room: [present for one in session.connections.content for present in _present(one)]
            for room, session in named
            if room is not None
        }

    def read(self, authorization: str, body: bytes) -> Fact | None:
        if not compare_digest(
            authorization.encode("utf-8", "surrogateescape"), self._authorization.encode()
        ):
            raise Unauthenticated("media.bad_webhook", "미디어 서버의 소식이 아니에요.")
        return Look()

    def figures(self) -> dict[str, int]:
        return {
            "upstream_calls": self._upstream.calls,
            "upstream_failures": self._upstream.failures,
        }

    async def _connections(self, room: RoomKey) -> list[_Connection]:
        reply = await self._call("GET", f"/{_name(room)}/connection", fine={404})
        return [] if reply.status == 404 else _read(reply, _Connections).content

    async def _disconnect(self, room: RoomKey, connection: str) -> None:
        """400: no such session; 404: no such connection."""
        path = f"/{_name(room)}/connection/{connection}"
        await self._call("DELETE", path, fine={400, 404})

    async def _call(
        self,
        method: str,
        path: str,
        json: Any = None,
        fine: frozenset[int] | set[int] = frozenset(),
    ) -> Reply:
        headers = {"Authorization": self._authorization}
        reply = await self._upstream.call(method, API + path, headers, json, what=method)
        if reply.status in (200, 204) or reply.status in fine:
            return reply
        log.error("x media server refused", method=method, status=reply.status)
        raise unavailable()


def _name(room: RoomKey) -> str:
    """Letters, digits, - and _ only; no id of ours begins before the first dash."""
    return room.replace("/", "-", 1)


def _room(name: str) -> RoomKey | None:
    kind, dash, id_ = name.partition("-")
    return RoomKey(f"{kind}/{id_}") if dash and kind in ("map", "live") else None


def _read(reply: Reply, kind: type[T]) -> T:
    try:
        return msgspec.convert(reply.json(), kind, strict=False)
    except msgspec.ValidationError:
        log.warning("x media server: an answer of another shape", status=reply.status)
        raise unavailable() from None


def _data(one: _Connection) -> _Data | None:
    try:
        return msgspec.json.decode(one.server_data, type=_Data)
    except (ValueError, RecursionError):
        return None


def _is(one: _Connection, peer: PeerKey) -> bool:
    data = _data(one)
    return data is not None and data.peer == peer


def _present(one: _Connection) -> list[Present]:
    data = _data(one)
    if data is None or one.status != "active":
        return []
    publishers = one.publishers or []
    audible = any(each.media_options.audio_active for each in publishers)
    return [Present(data.peer, data.role, one.id, bool(publishers), audible)]
