"""The server as a client sees it: links, sessions, tickets, WHIP and WHEP, the room's WebSocket."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, CookieJar, WSMsgType

from wagu.probe.errors import ProbeFailed

ANSWER_WITHIN = 15.0
LINK = re.compile(r"/(live|map)/([\w-]+)/?")

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """What people pass on: `https://wagu.example.org/live/…` or `…/map/…`."""

    site: str
    room: str

    @property
    def id(self) -> str:
        return self.room.partition("/")[2]

    @classmethod
    def read(cls, text: str, kind: str) -> Link:
        """Raises ProbeFailed."""
        parts = urlsplit(text)
        found = LINK.fullmatch(parts.path)
        if parts.scheme not in ("http", "https") or found is None or found[1] != kind:
            raise ProbeFailed(f"no link of a {kind}: it looks like https://<server>/{kind}/<id>")
        return cls(f"{parts.scheme}://{parts.netloc}", f"{kind}/{found[2]}")


@dataclass(frozen=True, slots=True)
class Ticket:
    url: str
    token: str = field(repr=False)
    ice_servers: tuple[Message, ...] = ()


class Site:
    """`async with Site.visit(url) as site`. Every method raises ProbeFailed."""

    def __init__(self, url: str, http: ClientSession) -> None:
        self.url = url
        self._http = http

    @classmethod
    @asynccontextmanager
    async def visit(cls, url: str) -> AsyncIterator[Site]:
        timeout = ClientTimeout(total=ANSWER_WITHIN)
        async with ClientSession(cookie_jar=CookieJar(unsafe=True), timeout=timeout) as http:
            yield cls(url, http)

    async def log_in(self, username: str, password: str) -> None:
        await self._api("POST", "/api/session", {"username": username, "password": password})

    async def be_guest(self, name: str) -> None:
        await self._api("POST", "/api/guests", {"name": name})

    async def ticket(self, live: str, role: str) -> Ticket:
        asked = {"role": role, "via": "webrtc"}  # it knows nothing else
        made = await self._api("POST", f"/api/lives/{live}/tickets", asked)
        return Ticket(made["url"], made["token"], tuple(made.get("ice_servers", ())))

    async def negotiate(self, ticket: Ticket, offer: str) -> tuple[str, str] | None:
        """The answer and its resource; None while nobody publishes there."""
        headers = {"Authorization": f"Bearer {ticket.token}", "Content-Type": "application/sdp"}
        try:
            async with self._http.post(
                self.url + ticket.url, data=offer.encode(), headers=headers
            ) as response:
                if response.status == 201:
                    return await response.text(), response.headers["Location"]
                code, message = await _refusal(response)
        except (ClientError, TimeoutError) as error:
            raise _unreached(self.url, error) from error
        if code == "media.no_publication":
            return None
        raise ProbeFailed(f"{ticket.url} refuses: {code}: {message}")

    async def release(self, ticket: Ticket, resource: str) -> None:
        """Say goodbye; the server finds out by itself when this is lost."""
        headers = {"Authorization": f"Bearer {ticket.token}"}
        try:
            await self._http.delete(urljoin(self.url, resource), headers=headers)
        except (ClientError, TimeoutError):
            return

    @asynccontextmanager
    async def room(self, room: str) -> AsyncIterator[Room]:
        try:
            socket = await self._http.ws_connect(self.url + "/ws", heartbeat=10)
        except (ClientError, TimeoutError) as error:
            raise _unreached(self.url, error) from error
        async with socket:
            yield await Room.enter(socket, room)

    async def _api(self, method: str, path: str, body: object) -> Message:
        try:
            async with self._http.request(method, self.url + path, json=body) as response:
                if response.status < 400:
                    found: Message = await response.json()
                    return found
                code, message = await _refusal(response)
        except (ClientError, TimeoutError) as error:
            raise _unreached(self.url, error) from error
        raise ProbeFailed(f"{path} refuses: {code}: {message}")


class Room:
    """One room's socket. `latest` has the newest message of each type."""

    def __init__(self, socket: Any) -> None:
        self.latest: dict[str, Message] = {}
        self._socket = socket

    @classmethod
    async def enter(cls, socket: Any, room: str) -> Room:
        made = cls(socket)
        await made.ask("joined", type="join", room=room)
        return made

    async def ask(self, answer: str, **message: Any) -> Message:
        """Raises ProbeFailed, also for the error that answers it."""
        await self._socket.send_str(json.dumps(message | {"n": 1}))
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                while True:
                    heard = await self._hear()
                    if heard["type"] == answer:
                        return heard
                    if heard["type"] == "error" and heard.get("n") == 1:
                        raise ProbeFailed(f"the room refuses: {heard['code']}: {heard['message']}")
        except TimeoutError as error:
            raise ProbeFailed(f"no {answer} from the room") from error

    async def listen(self) -> None:
        """Until the server closes it, which raises ProbeFailed."""
        while True:
            heard = await self._hear()
            if heard["type"] in ("ended", "voice_closed"):
                raise ProbeFailed(f"the room says {heard['type']}: {heard.get('reason', '')}")

    async def _hear(self) -> Message:
        frame = await self._socket.receive()
        if frame.type is not WSMsgType.TEXT:
            raise ProbeFailed(f"the room closed the connection: {self._socket.close_code}")
        message: Message = json.loads(frame.data)
        self.latest[message["type"]] = message
        return message


async def _refusal(response: ClientResponse) -> tuple[str, str]:
    try:
        error = (await response.json())["error"]
        return str(error["code"]), str(error["message"])
    except (ClientError, ValueError, KeyError, TypeError):
        return str(response.status), response.reason or ""


def _unreached(url: str, error: Exception) -> ProbeFailed:
    return ProbeFailed(f"{url} cannot be reached: {error or 'no answer in time'}")
