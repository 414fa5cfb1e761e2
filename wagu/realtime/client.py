"""One open WebSocket: an outbox for what cannot go out at once, and a close that always ends.

Nobody ever waits for a client: `send` writes or puts into the outbox, and returns.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import structlog

from wagu.domain.person import Person
from wagu.ephemeral.banned import Visitor
from wagu.realtime.flood import Flood
from wagu.realtime.line import Frame, Line
from wagu.realtime.messages import ServerMessage
from wagu.realtime.outbox import Outbox
from wagu.realtime.room import Room, SocketId
from wagu.realtime.states import LookChange

log = structlog.get_logger("wagu.realtime.client")

ASK_AFTER = 20.0
"""A hidden tab's timers run once a minute, so its `ping`s are late; its browser answers a
WebSocket ping all the same."""
SILENT_MAX = 30.0
CLOSE_WITHIN = 5.0

SHUTDOWN = 1001
MOVED = 1012
"""Service restart (the IANA registry of RFC 6455's codes): come back, the room is elsewhere."""
SILENT = 4000
SIGNED_OUT = 4001
SLOW = 4008
FLOOD = 4029


class Socket(Protocol):
    """What of aiohttp's WebSocketResponse is used beside the line."""

    async def ping(self, message: bytes = b"") -> None: ...

    async def close(self, *, code: int, message: bytes, drain: bool) -> bool: ...


class Way(Protocol):
    """To the node that has the room this client is in."""

    async def send(self, frame: str) -> None: ...

    async def close(self) -> None: ...


class Client:
    """`room` is where it sits; whoever changes that also tells the room. `passage` is there instead
    while its room is on another node."""

    def __init__(
        self,
        socket_id: SocketId,
        person: Person,
        token: str | None,
        socket: Socket,
        line: Line,
        encode: Callable[[ServerMessage], Frame],
        now: float,
        network: str | None = None,
    ) -> None:
        self.id = socket_id
        self.person = person
        self.token = token
        self.network = network
        self.room: Room | None = None
        self.passage: Way | None = None
        self.passed_on = False
        """Whether another node sent it here."""

        self.flood = Flood(now)
        self._socket = socket
        self.line = line
        self._outbox = Outbox(encode)
        self._heard_at = now
        self._asked = False
        self._asker: asyncio.Task[None] | None = None
        self._writer: asyncio.Task[None] | None = None
        """There while something waits in the outbox."""
        self._closer: asyncio.Task[None] | None = None

    @property
    def where(self) -> str | None:
        """For logs."""
        return None if self.room is None else self.room.label

    @property
    def visitor(self) -> Visitor:
        """As a door sees it."""
        return Visitor(self.person, self.network, self.token)

    # -------------------------------------------------------------------------------------- sending

    def send(self, frame: Frame) -> None:
        straight = self.line.straight
        if straight is not None:
            straight(frame)
        elif self._closer is not None or self._goes_at_once(frame):
            pass
        elif self._outbox.put(frame):
            self._write_soon()
        else:
            self.close(SLOW, "too slow")

    def send_presence(self, people: Mapping[str, LookChange], frame: Frame) -> None:
        """Where the line's `straight` cannot."""
        if self._closer is None and not self._goes_at_once(frame):
            self._outbox.put_presence(people, frame)
            self._write_soon()

    def forget_presence(self) -> None:
        self._outbox.forget_presence()

    def _goes_at_once(self, frame: Frame) -> bool:
        return self._writer is None and self.line.write_if_free(frame)

    def _write_soon(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        """Until nothing waits any more."""
        with contextlib.suppress(ConnectionError):  # the reader learns of it, too
            await self.line.drain()
            while (frame := self._outbox.take()) is not None:
                self.line.write(frame)
                await self.line.drain()
        self._writer = None

    async def drained(self) -> None:
        """Until nothing waits in the outbox."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    async def pass_through(self, passage: Way | None) -> None:
        """From now on its room is there; None: here, or nowhere."""
        before, self.passage = self.passage, passage
        if before is not None:
            await before.close()

    # ---------------------------------------------------------------------------------- being alive

    def heard(self, now: float) -> None:
        self._heard_at, self._asked = now, False

    def tick(self, now: float) -> None:
        """Ask a silent client, close one that does not answer."""
        silent = now - self._heard_at
        if silent >= SILENT_MAX:
            self.close(SILENT, "silent")
        elif silent >= ASK_AFTER and not self._asked and self._closer is None:
            self._asked = True
            self._asker = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self._socket.ping()

    # -------------------------------------------------------------------------------------- closing

    def close(self, code: int, reason: str, *, within: float = CLOSE_WITHIN) -> asyncio.Task[None]:
        """Say why, wait a moment for the answer, then cut the line. Idempotent."""
        if self._closer is None:
            log.info("> close", peer=self.id, person=self.person.id, code=code, reason=reason)
            self.line.turn_off()
            self._closer = asyncio.create_task(self._close(code, reason, within))
        return self._closer

    async def _close(self, code: int, reason: str, within: float) -> None:
        """A client that reads again within that time learns the code."""
        await self.stop()
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(within):
                await self._socket.close(code=code, message=reason.encode(), drain=False)
                # A transport closes when all is written, which may be never.
                asyncio.get_running_loop().call_later(within, self.line.abort)
                return
        self.line.abort()

    async def stop(self) -> None:
        """End what writes to the socket."""
        writing = [task for task in (self._writer, self._asker) if task is not None]
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)


Handler = Callable[[Client, Any], Awaitable[None]]
"""What one message type does. It runs alone for its socket: the next message waits for it."""
