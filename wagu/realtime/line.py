"""The sending end of one WebSocket: text frames that were made once, straight to the transport.

What goes to a whole room is the same bytes for everybody, since servers do not mask (RFC 6455,
5.1), so the frame is built once; aiohttp still opens, pings, reads and closes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import NewType

from aiohttp import web

from wagu.realtime.reader import Reader, TakeAtOnce

Frame = NewType("Frame", bytes)
"""A whole WebSocket frame, as it goes over the wire."""

AT_ONCE = 16 * 1024
"""Bytes that may wait in the transport before others wait for them: a reader who is that far behind
gets newer presence instead of more."""

_TEXT = 0x81  # FIN and opcode 1


def text_frame(text: bytes) -> Frame:
    """RFC 6455, 5.2: unfragmented, unmasked."""
    size = len(text)
    if size < 126:
        return Frame(bytes((_TEXT, size)) + text)
    if size < 1 << 16:
        return Frame(bytes((_TEXT, 126)) + size.to_bytes(2) + text)
    return Frame(bytes((_TEXT, 127)) + size.to_bytes(8) + text)


class Line:
    """`drain` waits while `AT_ONCE` or more is left, until most of it is gone; it may raise
    ConnectionError where the other side has left."""

    __slots__ = ("_listens", "_transport", "drain", "straight")

    def __init__(self, transport: asyncio.Transport, drain: Callable[[], Awaitable[None]]) -> None:
        self._transport = transport
        self._listens = False
        self.drain = drain
        self.straight: Callable[[Frame], object] | None = None
        """The transport's own `write`, while it is known that nothing stands in its way: to ask
        anew for each frame takes as long as to build one."""
        with contextlib.suppress(RuntimeError):  # closed meanwhile, says uvloop
            transport.set_write_buffer_limits(high=AT_ONCE)

    @property
    def is_free(self) -> bool:
        return self._transport.get_write_buffer_size() < AT_ONCE

    def write(self, frame: Frame) -> None:
        """Never waits; nothing happens where the other side has left, which the reader learns."""
        if not self._transport.is_closing():
            self._transport.write(frame)

    def write_if_free(self, frame: Frame) -> bool:
        """Whether it is not to wait. From then on `straight` does the same, until it cannot."""
        if not self.is_free:
            self.straight = None
            return False
        if self._listens and not self._transport.is_closing():
            self.straight = self._transport.write
        self.write(frame)  # which may find that it was one too many
        return True

    def read(self, at_once: TakeAtOnce) -> Reader:
        """Before the event loop runs again after the upgrade. From now on the line hears when it is
        full, or lost."""
        self._listens = True
        return Reader.before(self._transport, at_once, self.turn_off)

    def turn_off(self) -> None:
        """Nothing goes straight to the transport any more; `write_if_free` may change that."""
        self.straight = None

    def abort(self) -> None:
        self.turn_off()
        self._transport.abort()


async def upgrade(socket: web.WebSocketResponse, request: web.Request) -> Line:
    """Answer the request by opening the socket. ConnectionResetError: the client did not wait."""
    writer = await socket.prepare(request)
    if request.transport is None:
        raise ConnectionResetError
    return Line(request.transport, writer.drain)
