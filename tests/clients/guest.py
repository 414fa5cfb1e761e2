"""Somebody without a browser: the REST API and one WebSocket, as any client may use them."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import BaseConnector, ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from tests.clients.waiting import PATIENCE

PASSWORD = "naengmyeon-2-geureut"

Message = dict[str, Any]


class Refused(Exception):
    """An `error` frame or an HTTP error; `code` is the stable one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Guest:
    """`heard` keeps every message of the socket, in order. `connector`: another way there."""

    def __init__(self, url: str, name: str, connector: BaseConnector | None = None) -> None:
        self.url = url
        self.name = name
        self.id = ""
        self.heard: list[Message] = []
        self.closed_with: int | None = None
        self.http = ClientSession(
            connector=connector, cookie_jar=CookieJar(unsafe=True), headers={"Origin": url}
        )
        self._socket: ClientWebSocketResponse | None = None
        self._listening: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._last_n = 0

    # ----------------------------------------------------------------------------------------- HTTP

    async def api(self, method: str, path: str, body: object = None) -> Any:
        """JSON in, JSON out. Raises Refused."""
        async with self.http.request(method, self.url + path, json=body) as answer:
            found = await answer.json() if answer.content_type == "application/json" else None
            if answer.status >= 400:
                raise Refused(found["error"]["code"] if found else str(answer.status))
            return found

    async def become_guest(self) -> None:
        self.id = (await self.api("POST", "/api/guests", {"name": self.name}))["person"]["id"]

    async def become_member(self, **rest: str) -> None:
        username = f"m{secrets.token_hex(4)}"
        member = {"username": username, "password": PASSWORD, "name": self.name, **rest}
        self.id = (await self.api("POST", "/api/members", member))["person"]["id"]

    async def create_share_map(self, title: str = "저녁") -> str:
        """The room's key."""
        made = await self.api("POST", "/api/share-maps", {"title": title})
        return f"map/{made['share_map']['id']}"

    # ------------------------------------------------------------------------------------ WebSocket

    async def connect(self) -> None:
        """For the first time, or again after the socket was closed."""
        if self._listening is not None:
            await self.hear_close()
        self.closed_with = None
        self._socket = await self.http.ws_connect(self.url + "/ws", max_msg_size=0)
        self._listening = asyncio.create_task(self._listen(self._socket))

    async def join(self, room: str) -> Message:
        """The whole state of the room. Raises Refused."""
        if self._socket is None:
            await self.connect()
        return await self.ask("joined", type="join", room=room)

    async def send(self, **message: Any) -> int:
        """Without waiting; the number that an error would carry."""
        self._last_n += 1
        await self.send_text(json.dumps({**message, "n": self._last_n}))
        return self._last_n

    async def send_text(self, frame: str) -> None:
        assert self._socket is not None
        await self._socket.send_str(frame)

    async def send_bytes(self, frame: bytes, kind: WSMsgType = WSMsgType.BINARY) -> None:
        assert self._socket is not None
        await self._socket.send_frame(frame, kind)

    async def ask(self, answered_by: str, **message: Any) -> Message:
        """Send, and wait for the first message of a type after it. Raises Refused."""
        before = len(self.heard)
        n = await self.send(**message)

        def answer(heard: Message) -> bool:
            return heard["type"] == answered_by or (
                heard["type"] == "error" and heard.get("n") == n
            )

        found = await self.hear(answer, since=before)
        if found["type"] == "error" and answered_by != "error":
            raise Refused(found["code"])
        return found

    async def hear(self, wanted: Callable[[Message], bool], *, since: int = 0) -> Message:
        """The first message since then that is wanted, already here or still to come."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in self.heard[since:]:
                    if wanted(message):
                        return message
                since = len(self.heard)
                self._news.clear()
                assert self.closed_with is None, f"{self.name} was closed: {self.closed_with}"
                await self._news.wait()

    async def hear_close(self) -> int:
        """The code with which the server closed the socket."""
        assert self._listening is not None
        await asyncio.wait_for(asyncio.shield(self._listening), PATIENCE)
        assert self.closed_with is not None
        return self.closed_with

    def last(self, kind: str) -> Message:
        """The newest message of a type."""
        return next(each for each in reversed(self.heard) if each["type"] == kind)

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._listening is not None:
            await self._listening
        await self.http.close()

    async def _listen(self, socket: ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                self.heard.append(json.loads(frame.data))
                self._news.set()
        self.closed_with = socket.close_code
        self._news.set()
