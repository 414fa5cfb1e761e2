"""A client whose room is on another node: its frames go there, and what that node says comes back.

The other node sees a socket like any other. When it is gone the client is closed with MOVED, comes
back by itself, and finds the room wherever it is then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from aiohttp import ClientWebSocketResponse, WSMsgType

from wagu.cluster.node import Node
from wagu.cluster.ownership import Alone, Ownership
from wagu.cluster.ways import Traveller, Unreachable, Ways
from wagu.ephemeral.banned import Visitor
from wagu.ephemeral.sessions import COOKIE
from wagu.errors import Unavailable
from wagu.media_backend.base import RoomKey
from wagu.realtime import messages as m
from wagu.realtime.client import MOVED, SHUTDOWN, Client
from wagu.realtime.line import text_frame

log = structlog.get_logger("wagu.realtime.passage")

PATH = "/ws"
FOUND_WITHIN = 3.5
"""Seconds, half of one less than a client waits for an answer before it tries anew."""
TRY_EVERY = 0.25
OURS = range(4000, 5000)
"""Close codes that the other node gives for a reason of the client's."""


class Passage:
    """Of one client, to one node."""

    def __init__(self, node: Node, socket: ClientWebSocketResponse, client: Client) -> None:
        self.node = node
        self._socket = socket
        self._client = client
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    async def send(self, frame: str) -> None:
        """A client that writes faster than the other node reads waits."""
        if not self._socket.closed:
            await self._socket.send_str(frame)

    async def ask(self, frame: str) -> str:
        """The first answer, before anything else is passed on. Raises Unreachable."""
        try:
            await self._socket.send_str(frame)
            answer = await self._socket.receive(timeout=FOUND_WITHIN)
        except (ConnectionError, TimeoutError) as error:
            raise Unreachable(repr(error)) from error
        if answer.type is not WSMsgType.TEXT:
            raise Unreachable(f"closed with {self._socket.close_code}")
        text: str = answer.data
        return text

    def begin(self) -> None:
        self._pump = asyncio.create_task(self._pass_on())

    async def close(self) -> None:
        """Idempotent. The other node takes it for a lost connection."""
        self._closed = True
        if self._pump is not None and self._pump is not asyncio.current_task():
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        await self._socket.close()

    async def _pass_on(self) -> None:
        """No faster than the client reads: then the other node merges what only the newest counts
        of."""
        async for message in self._socket:
            if message.type is WSMsgType.TEXT:
                await self._client.drained()
                self._client.send(text_frame(message.data.encode()))
        if self._closed:
            return
        code = self._socket.close_code
        if code in OURS:
            self._client.close(int(code or 0), "as the room's node says")
        else:
            self._client.close(MOVED, "the room's node is gone" if code != SHUTDOWN else "moved")


class Passages:
    """Finds the node of a room, and takes clients there."""

    def __init__(
        self,
        ownership: Ownership,
        ways: Ways | None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ownership = ownership
        self._ways = ways
        self._monotonic = monotonic

    async def join(
        self,
        client: Client,
        message: m.Join,
        admit: Callable[[Visitor, RoomKey], Awaitable[object]],
        leave: Callable[[], Awaitable[None]],
    ) -> bool:
        """False: the room is here. True: it is not, and the client is in it, having left the one
        before, or was told why it is not. Nobody's lease is taken for whom `admit` refuses.

        Errors: those of admit; Unavailable room.moving, room.nowhere, store.unavailable."""
        ways, ownership, key = self._ways, self._ownership, RoomKey(message.room)
        if ways is None or isinstance(ownership, Alone):
            return False
        if not ownership.holds(key) and await ownership.find(key) is None:
            await admit(client.visitor, key)
        until = self._monotonic() + FOUND_WITHIN
        while (node := await ownership.claim(key)) is not None:
            if client.passed_on:  # the node that it came to knows no better than we do
                raise _moving()
            try:
                await self._join_at(node, ways, client, message, leave)
            except Unreachable as gone:
                log.info("= node does not answer", node=node.id, reason=str(gone))
            else:
                return True
            if self._monotonic() >= until:
                raise _moving()
            await asyncio.sleep(TRY_EVERY)
        return False

    async def _join_at(
        self,
        node: Node,
        ways: Ways,
        client: Client,
        message: m.Join,
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        frame = msgspec.json.encode(message).decode()
        before = client.passage
        if isinstance(before, Passage) and before.node == node:
            await before.send(frame)
            return
        passage = Passage(node, await self._open(node, ways, client), client)
        try:
            answer = await passage.ask(frame)
        except Unreachable:
            await passage.close()
            raise
        if not answer.startswith('{"type":"joined"'):
            client.send(text_frame(answer.encode()))
            await passage.close()
            return
        log.info("> join elsewhere", peer=client.id, person=client.person.id, node=node.id)
        await leave()
        await client.pass_through(passage)
        client.send(text_frame(answer.encode()))
        passage.begin()

    async def _open(self, node: Node, ways: Ways, client: Client) -> ClientWebSocketResponse:
        headers = {} if client.token is None else {"Cookie": f"{COOKIE}={client.token}"}
        viewer = client.person.id if client.person.kind == "viewer" else None
        traveller = Traveller(client.network or "", viewer=viewer)
        return await ways.open(node, PATH, traveller, headers)


def _moving() -> Unavailable:
    return Unavailable("room.moving", "방이 옮겨 가고 있어요. 곧 다시 시도해 주세요.")
