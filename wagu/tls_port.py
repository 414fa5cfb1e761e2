"""One TCP port for HTTPS, plain HTTP and media, told apart as in `shared_port`: TLS begins with 22.

The first byte is looked at and left where it is, as TLS has to begin on an untouched connection.
Plain HTTP is for this machine itself, to which browsers give microphone and camera anyway, and for
health checks; everybody else is led to https.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable
from typing import cast

import structlog

from wagu.shared_port import FRAME_AT_MOST, MakeProtocol

log = structlog.get_logger("wagu.tls_port")

TLS = 0x16
SAY_WITHIN = 30.0
"""Browsers open connections in advance, and say nothing until they need them."""
UNDECIDED_MAX = 512
"""Connections that said nothing yet, or whose handshake is not over; more are closed."""
HANDSHAKE_WITHIN = 10.0
GOODBYE_WITHIN = 1.0
PAUSE = 0.5
"""After an accept that failed, for want of open files as a rule."""
LONGEST_HEAD = 8 * 1024

TARGET = re.compile(rb"[A-Z]+ (/[\x21-\x7e]*) HTTP/1\.[01]\r\n")
HOST = re.compile(
    rb"\r\nhost:[ \t]*([A-Za-z0-9.\-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?)\r\n", re.I
)


def is_here(connection: socket.socket) -> bool:
    """Whether it comes from this machine."""
    peer, own = (_address(each) for each in (connection.getpeername(), connection.getsockname()))
    return peer.is_loopback or peer == own


class TlsPort:
    """Accepts until it is closed. `media` is None where its TCP port is another one."""

    def __init__(
        self,
        listener: socket.socket,
        http: MakeProtocol,
        media: MakeProtocol | None,
        context: ssl.SSLContext,
        is_here: Callable[[socket.socket], bool] = is_here,
    ) -> None:
        self._listener = listener
        self._http = http
        self._media = media
        self._context = context
        self._is_here = is_here
        self._undecided: set[asyncio.Task[None]] = set()
        self._accepting: asyncio.Task[None] | None = None

    def start(self, backlog: int) -> None:
        self._listener.setblocking(False)
        self._listener.listen(backlog)
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    def close(self) -> None:
        for task in (self._accepting, *self._undecided):
            if task is not None:
                task.cancel()
        self._listener.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self._listener)
            except OSError as error:
                log.warning("x not accepted", why=error.strerror)
                await asyncio.sleep(PAUSE)
                continue
            if len(self._undecided) >= UNDECIDED_MAX:
                connection.close()
                continue
            task = loop.create_task(self._decide(connection))
            self._undecided.add(task)
            task.add_done_callback(self._undecided.discard)

    async def _decide(self, connection: socket.socket) -> None:
        handed = False
        try:
            first = await _first_byte(connection)
            if first is not None:
                await self._hand_over(connection, first)
                handed = True
        except OSError as error:  # of TLS too: browsers hang up where a certificate is not trusted
            log.debug("x dropped: no connection came of it", why=repr(error))
        finally:
            if not handed:
                connection.close()

    async def _hand_over(self, connection: socket.socket, first: int) -> None:
        loop = asyncio.get_running_loop()
        if first == TLS:
            await loop.connect_accepted_socket(
                self._http,
                connection,
                ssl=self._context,
                ssl_handshake_timeout=HANDSHAKE_WITHIN,
                ssl_shutdown_timeout=GOODBYE_WITHIN,
            )
        elif first <= FRAME_AT_MOST and self._media is not None:
            await loop.connect_accepted_socket(self._media, connection)
        elif self._is_here(connection):
            await loop.connect_accepted_socket(self._http, connection)
        else:
            await loop.connect_accepted_socket(ToHttps, connection)


class ToHttps(asyncio.Protocol):
    """Answers one request, of whatever kind, with the way to https."""

    def __init__(self) -> None:
        self._head = b""
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._deadline = asyncio.get_running_loop().call_later(SAY_WITHIN, transport.close)

    def connection_lost(self, error: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        assert transport is not None
        self._head += data
        if b"\r\n\r\n" in self._head or len(self._head) > LONGEST_HEAD:
            transport.write(_answer(self._head))
            transport.close()


def _answer(head: bytes) -> bytes:
    target, host = TARGET.match(head), HOST.search(head)
    if target is None or host is None:
        status = b"400 Bad Request\r\n"
    else:
        status = b"308 Permanent Redirect\r\nLocation: https://%b%b\r\n" % (host[1], target[1])
    return b"HTTP/1.1 " + status + b"Content-Length: 0\r\nConnection: close\r\n\r\n"


async def _first_byte(connection: socket.socket) -> int | None:
    """Without taking it. None when there comes none; raises OSError (TimeoutError too)."""
    loop = asyncio.get_running_loop()
    said = asyncio.Event()
    connection.setblocking(False)
    loop.add_reader(connection, said.set)
    try:
        async with asyncio.timeout(SAY_WITHIN):
            await said.wait()
    finally:
        loop.remove_reader(connection)
    first = connection.recv(1, socket.MSG_PEEK)
    return first[0] if first else None


def _address(name: tuple[str, int]) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    parsed = ipaddress.ip_address(name[0])
    return getattr(parsed, "ipv4_mapped", None) or parsed
