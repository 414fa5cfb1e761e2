"""ICE-TCP, passive side (RFC 6544): frames of RFC 4571 on connections that peers open to us.

A connection is one more place where a link may sit; STUN decides, as with UDP. What it sends is
bounded by `MAX_BACKLOG`: a reader that is too slow loses packets, as on a narrow link, and NACK,
keyframes and the bandwidth estimate deal with that.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from struct import Struct
from typing import cast

from media.transport.counters import Counters, Drop
from media.transport.datagrams import MAX_DATAGRAM, Address
from media.transport.inbox import SLOT_LENGTH
from media.transport.srtp import PinnedBuffer
from media.transport.udp import Handler

logger = logging.getLogger(__name__)

MAX_PATHS = 1024
MAX_UNPROVEN = 128
"""Connections on which no valid check came yet; whoever comes then is refused."""
PROVE_WITHIN = 15.0
"""Seconds without a link before a connection is closed."""
MAX_BACKLOG = 128 * 1024
"""Bytes; half a second of a good picture. More would only be late."""
UNSENT = 32 * 1024
"""Bytes that the kernel may hold unsent (TCP_NOTSENT_LOWAT), or its own megabytes come on top."""

_LENGTH = Struct("!H")
_LOWAT = getattr(socket, "TCP_NOTSENT_LOWAT", 25)


def begins_ice(first: int) -> bool:
    """Whether a connection's first byte is that of a frame, whose length is 1500 at most: text
    (HTTP) and TLS begin with larger ones."""
    return first <= MAX_DATAGRAM >> 8


class TcpPaths:
    """All connections. `lost` hears of ended ones, and `drained` is called when all that came at
    once was handed on."""

    def __init__(
        self,
        handler: Handler,
        lost: Callable[[Address], None],
        drained: Callable[[], None],
        counters: Counters,
        clock: Callable[[], float],
    ) -> None:
        self.handler = handler
        self.lost = lost
        self.drained = drained
        self.counters = counters
        self.clock = clock
        self.packet = PinnedBuffer(bytearray(SLOT_LENGTH))
        self._open: set[TcpPath] = set()
        self._server: asyncio.Server | None = None

    def __len__(self) -> int:
        return len(self._open)

    async def listen(self, host: str | None, port: int) -> int:
        """A port of our own; its number. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self.accept, host, port)
        return cast("int", self._server.sockets[0].getsockname()[1])

    def accept(self) -> TcpPath:
        """The protocol for a new connection, whoever accepted it."""
        return TcpPath(self)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for path in tuple(self._open):
            path.abort()

    def opened(self, path: TcpPath) -> bool:
        unproven = sum(not each.proven for each in self._open)
        if len(self._open) >= MAX_PATHS or unproven >= MAX_UNPROVEN:
            self.counters.drop(Drop.TCP_REFUSED)
            return False
        self._open.add(path)
        return True

    def closed(self, path: TcpPath) -> None:
        self._open.discard(path)
        self.lost(path.address)

    def tick(self, now: float, holds: Callable[[Address], bool]) -> None:
        """Close connections on which nobody proved to be, or is any more."""
        for path in tuple(self._open):
            path.proven = holds(path.address)
            if path.proven:
                path.since = now
            elif now - path.since >= PROVE_WITHIN:
                path.abort()


class TcpPath(asyncio.Protocol):
    """One connection: a Sender whose only address is its other end."""

    egress = None

    def __init__(self, paths: TcpPaths) -> None:
        self.address: Address = ("", 0, "tcp")
        self.proven = False
        self.since = paths.clock()
        self._paths = paths
        self._transport: asyncio.Transport | None = None
        self._pending = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        host, port = transport.get_extra_info("peername")[:2]
        self.address = (host.removeprefix("::ffff:"), port, "tcp")
        if not self._paths.opened(self):
            self.abort()
            return
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, _LOWAT, UNSENT)

    def data_received(self, data: bytes) -> None:
        try:
            self._take(data)
        finally:
            self._paths.drained()

    def _take(self, data: bytes) -> None:
        pending = self._pending
        pending += data
        now = self._paths.clock()
        at = 0
        while len(pending) - at >= 2:
            (length,) = _LENGTH.unpack_from(pending, at)
            if not 0 < length <= MAX_DATAGRAM:
                self._paths.counters.drop(Drop.OVERSIZED if length else Drop.EMPTY)
                self.abort()
                return
            if len(pending) - at < 2 + length:
                break
            self._receive(memoryview(pending)[at + 2 : at + 2 + length], length, now)
            at += 2 + length
            if self._transport is None:
                return
        del pending[:at]

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._paths.closed(self)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        transport, counters = self._transport, self._paths.counters
        if transport is None:
            return False
        if transport.get_write_buffer_size() > MAX_BACKLOG:
            counters.drop(Drop.SEND_FULL)
            return False
        transport.write(b"".join((_LENGTH.pack(len(data)), data)))
        counters.sent_packets += 1
        counters.sent_bytes += len(data)
        return True

    def _receive(self, frame: memoryview, length: int, now: float) -> None:
        paths = self._paths
        paths.counters.received_packets += 1
        paths.counters.received_bytes += length
        paths.packet.view[:length] = frame
        frame.release()
        try:
            paths.handler(paths.packet, length, self.address, now, self)
        except Exception:
            paths.counters.drop(Drop.HANDLER_FAILED)
            logger.exception("x dropped: handler failed, from %s:%d", *self.address[:2])
