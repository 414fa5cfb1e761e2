"""GET /ws: from the upgrade request to frames of text, and whatever is wrong with either."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

import structlog
from aiohttp import WSMessage, WSMsgType, web

from wagu.cluster.arrivals import PASSPORT
from wagu.domain.person import Person, PersonId
from wagu.ephemeral.sessions import COOKIE
from wagu.errors import Forbidden, Unavailable
from wagu.origin import is_own
from wagu.realtime.client import CLOSE_WITHIN, FLOOD, MOVED, Client
from wagu.realtime.crowd import Crowd
from wagu.realtime.flood import Verdict
from wagu.realtime.hub import Hub
from wagu.realtime.line import upgrade
from wagu.realtime.reader import Reader

log = structlog.get_logger("wagu.realtime.endpoint")

FRAME_MAX = 64 * 1024
UNREAD_MAX = 1024 * 1024
SOCKETS_MAX = 10_000

_REFUSALS: Mapping[str, str] = {
    "message.binary": "글자로 된 메시지만 받아요.",
    "message.too_large": "메시지가 너무 커요.",
    "rate.limited": "너무 빨라요. 잠시 천천히 보내 주세요.",
}


class Endpoint:
    """`public_url` is the origin that links use: its pages may connect, too. `network_of` says
    where a request comes from; without a `crowd` nobody counts."""

    def __init__(
        self,
        hub: Hub,
        public_url: str | None = None,
        network_of: Callable[[web.Request], str | None] = lambda _request: None,
        crowd: Crowd | None = None,
    ) -> None:
        self._hub = hub
        self._public_url = public_url
        self._network_of = network_of
        self._crowd = crowd

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Errors: Forbidden request.cross_origin, Unavailable server.full, server.leaving and
        store.unavailable, RateLimited server.network_full."""
        self._check_origin(request)
        if self._hub.moves.leaving:
            raise Unavailable("server.leaving", "이 서버는 곧 멈춰요. 다시 이어 주세요.")
        if len(self._hub.delivery.clients()) >= SOCKETS_MAX:
            raise Unavailable("server.full", "지금은 자리가 없어요. 잠시 뒤에 다시 와 주세요.")
        passport = request.get(PASSPORT)
        if passport is not None:  # counted by the node that they came to
            return await self._upgrade(request, passport.address or None, passport.viewer)
        network = self._network_of(request)
        with self._seat(network):
            return await self._upgrade(request, network, None)

    def _seat(self, network: str | None) -> AbstractContextManager[None]:
        if self._crowd is None or network is None:
            return contextlib.nullcontext()
        return self._crowd.seat(network)

    async def _upgrade(
        self, request: web.Request, network: str | None, viewer: PersonId | None
    ) -> web.StreamResponse:
        token = request.cookies.get(COOKIE)
        person = await self._hub.sessions.resolve(token) if token else None
        socket = web.WebSocketResponse(
            max_msg_size=UNREAD_MAX + 1,  # aiohttp refuses a frame that is as large as this
            compress=False,
            autoping=False,
            timeout=CLOSE_WITHIN,
        )
        line = await upgrade(socket, request)
        client = Client(
            self._hub.next_socket(),
            person or _viewer(viewer),
            token if person else None,
            socket,
            line,
            self._hub.delivery.encode,
            self._hub.monotonic(),
            network,
        )
        client.passed_on = PASSPORT in request
        reader = line.read(partial(self._hub.looking.at_once, client))
        await self._serve(client, socket, reader)
        return socket

    async def _serve(self, client: Client, socket: web.WebSocketResponse, reader: Reader) -> None:
        log.info("< open", peer=client.id, person=client.person.id)
        self._hub.delivery.add(client)
        if self._hub.moves.leaving:  # since it asked
            client.close(MOVED, "moved")
        try:
            while (frame := await socket.receive()).type in _OPEN:
                client.heard(self._hub.monotonic())
                await self._on_frame(client, socket, frame)
                reader.handled()
        finally:
            client.line.turn_off()
            code = socket.close_code
            log.info("= closed", peer=client.id, code=None if code is None else int(code))
            await self._hub.disconnected(client)
            await client.stop()

    async def _on_frame(
        self, client: Client, socket: web.WebSocketResponse, frame: WSMessage
    ) -> None:
        if not await self._may_talk(client) or frame.type is WSMsgType.PONG:
            return
        if frame.type is WSMsgType.PING:
            with contextlib.suppress(ConnectionError):
                await socket.pong(frame.data)
        elif frame.type is WSMsgType.BINARY:
            self._refuse(client, "message.binary")
        elif _is_too_large(frame.data):
            self._refuse(client, "message.too_large")
        else:
            await self._hub.receive(client, frame.data)

    async def _may_talk(self, client: Client) -> bool:
        verdict = client.flood.take(self._hub.monotonic())
        if verdict is Verdict.CLOSE:
            # Waited for, so that nobody else reads and the rest of the flood is drained: a socket
            # that is closed with bytes unread is reset, and the code is lost.
            await client.close(FLOOD, "flood")
        elif verdict is Verdict.DROP_AND_TELL:
            log.warning(
                "x dropped: flood", peer=client.id, person=client.person.id, room=client.where
            )
            self._refuse(client, "rate.limited")
        return verdict is Verdict.PASS

    def _refuse(self, client: Client, code: str) -> None:
        self._hub.refuse(client, code, _REFUSALS[code])

    def _check_origin(self, request: web.Request) -> None:
        """A browser always says whose page it is; what says nothing is no browser and carries no
        cookie that somebody else could ride on."""
        origin = request.headers.get("Origin")
        if origin is not None and not is_own(origin, request.host, self._public_url):
            log.warning("x dropped: cross-origin", origin=origin[:100])
            raise Forbidden("request.cross_origin", "다른 사이트에서 보낸 요청이에요.")


_OPEN = frozenset({WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG})


def _viewer(known_as: PersonId | None) -> Person:
    return Person(known_as or PersonId(f"v_{secrets.token_urlsafe(9)}"), "viewer", "")


def _is_too_large(text: str) -> bool:
    """In bytes, encoded only where the number of characters leaves a doubt."""
    if len(text) * 4 <= FRAME_MAX:
        return False
    return len(text) > FRAME_MAX or len(text.encode()) > FRAME_MAX
