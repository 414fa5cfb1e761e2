"""A UDP socket: drained in one go per wake-up, handed on synchronously, never raising.

Not asyncio's DatagramProtocol, which costs 22–29 µs a packet where `add_reader` with
`recvfrom_into` costs 4–7, and recvmmsg less (transport/inbox.py). All datagrams of a wake-up share
one reading of the clock.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable

from media.transport.alarm import Alarm
from media.transport.counters import Counters, Drop
from media.transport.datagrams import MAX_DATAGRAM, Address, Sender
from media.transport.egress import Egress, can_batch
from media.transport.inbox import SLOTS, Inbox
from media.transport.srtp import PinnedBuffer

logger = logging.getLogger(__name__)

MAX_DRAIN = 256
"""Datagrams per wake-up; then timers, HTTP and WebSockets get their turn."""
MUCH = 8
"""Datagrams sent on from one wake-up that are worth waiting for company."""
PERIOD = 0.002
"""Seconds from one wake-up to the next where each sends on so much: packets that come a millisecond
apart then leave in pairs, of which the second costs little (UDP_SEGMENT). Network cards moderate
their interrupts alike. Where a socket sends less, or less often, nothing waits at it."""
STEADY = 3
"""Wake-ups with so much, each within a PERIOD of the one before, until there is a pause: of five
people who speak two packets come close together now and then, and most pauses would be empty."""
AT_LEAST = 0.00005
"""Seconds between two of them, for all else that the loop does."""
SOCKET_BUFFER = 8 << 20
"""Asked for; the kernel grants what net.core.{r,w}mem_max allow. 4 MiB holds 3000 video packets."""


Handler = Callable[[PinnedBuffer, int, Address, float, Sender], None]
"""(packet, length, source, now, via): the datagram lies at the head of the packet's buffer until it
returns; `via` is where an answer leaves by the address that the datagram came to."""


class UdpSocket:
    """Owns the socket. `open` needs a running loop (asyncio's or uvloop's). Sockets of one loop may
    share an inbox. `drained` is called at the end of each wake-up that brought something."""

    def __init__(
        self,
        handler: Handler,
        counters: Counters,
        clock: Callable[[], float],
        inbox: Inbox,
        drained: Callable[[], None] = lambda: None,
    ) -> None:
        self._inbox = inbox
        self._handler = handler
        self._counters = counters
        self._clock = clock
        self._drained = drained
        self._socket: socket.socket | None = None
        self._egress: Egress | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.draining = self._listening = False
        self._pause: Alarm | None = None
        self._worked_at = self._worked_until = float("-inf")
        self._in_a_row = 0

    @property
    def port(self) -> int:
        assert self._socket is not None, "the socket is not open"
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def egress(self) -> Egress | None:
        """Made when it is first wanted: its arrays take half a MB."""
        if self._egress is None and self._socket is not None and can_batch():
            self._egress = Egress(self._socket, self._counters)
        return self._egress

    def flush(self) -> None:
        """Send what batches collected."""
        if self._egress is not None and self._egress.pending:
            self._egress.flush()

    def open(self, host: str, port: int, *, shared: bool = False) -> None:
        """Bind and listen; port 0 takes a free one, `shared` beside a socket that lets us.

        Raises OSError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_DGRAM)
        try:
            opened.setblocking(False)
            if family == socket.AF_INET6:
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, shared)
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                opened.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
            opened.bind((host, port))
        except OSError:
            opened.close()
            raise
        self._socket = opened
        self._loop = asyncio.get_running_loop()
        self._pause = Alarm(self._look_again)
        self._loop.add_reader(opened.fileno(), self._drain)
        self._listening = True

    def share(self, shared: bool) -> None:
        """Let others bind the same port, or no more."""
        if self._socket is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, shared)

    def close(self) -> None:
        if self._socket is None or self._loop is None:
            return
        self._loop.remove_reader(self._socket.fileno())
        if self._pause is not None:
            self._pause.close()
        self._socket.close()
        self._socket = self._egress = self._pause = None

    def send(self, data: bytes | memoryview, address: Address) -> bool:
        """One `sendto`, after whatever batches collected: packets of one receiver stay in order."""
        sock = self._socket
        if sock is None:
            return False
        self.flush()
        try:
            sock.sendto(data, address)
        except OSError as error:
            full = error.errno in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS)
            self._counters.drop(Drop.SEND_FULL if full else Drop.SEND_FAILED)
            return False
        counters = self._counters
        counters.sent_packets += 1
        counters.sent_bytes += len(data)
        return True

    def glance(self) -> None:
        """As a wake-up, for who keeps the loop from it: what came waits no longer."""
        if self._socket is None or self.draining:
            return
        if self._pause is None or not self._pause.pending:
            self._drain()
        elif self._clock() - self._worked_at >= PERIOD:
            self._pause.cancel()
            self._look_again()

    def _drain(self) -> None:
        now, counters = self._clock(), self._counters
        received, sent = counters.received_packets, counters.sent_packets
        self.draining = True
        try:
            all_read = self._receive(now)
        finally:
            self.draining = False
            if counters.received_packets != received:
                self._drained()
        if counters.sent_packets - sent >= MUCH:
            # A pause of our own is none of theirs, however late it ended.
            followed = not self._listening or now - self._worked_until < PERIOD
            self._in_a_row = self._in_a_row + 1 if followed else 0
            self._worked_at, self._worked_until = now, self._clock()
            if self._in_a_row >= STEADY and all_read:
                self._rest(max(AT_LEAST, now + PERIOD - self._worked_until))

    def _rest(self, seconds: float) -> None:
        """Look again after a pause, and not when something comes."""
        if self._socket is None or self._loop is None or self._pause is None:
            return
        self._pause.set(seconds)
        if self._listening:
            self._loop.remove_reader(self._socket.fileno())
            self._listening = False

    def _look_again(self) -> None:
        try:
            self._drain()
        finally:
            resting = self._pause is not None and self._pause.pending
            if not resting and self._socket is not None and self._loop is not None:
                self._loop.add_reader(self._socket.fileno(), self._drain)
                self._listening = True

    def _receive(self, now: float) -> bool:
        """Hand on what is there; whether that was all."""
        counters, inbox, handler = self._counters, self._inbox, self._handler
        for _ in range(MAX_DRAIN // SLOTS):
            sock = self._socket
            if sock is None:
                return True
            try:
                found = inbox.receive(sock)
            except OSError as error:
                counters.drop(Drop.RECEIVE_FAILED)
                logger.debug("x receive failed: %s", error)
                continue
            for number in range(found):
                # Looked up anew: a handler may have closed the socket.
                if self._socket is None:
                    return True
                length, source = inbox.lengths[number], inbox.source(number)
                counters.received_packets += 1
                counters.received_bytes += length
                if not 0 < length <= MAX_DATAGRAM:
                    counters.drop(Drop.OVERSIZED if length else Drop.EMPTY)
                    continue
                try:
                    handler(inbox.packets[number], length, source, now, self)
                except Exception:
                    counters.drop(Drop.HANDLER_FAILED)
                    logger.exception("x dropped: handler failed, from %s:%d", *source[:2])
            if found < SLOTS:
                return True
        return False
