"""Batches of packets out of one UDP socket: encrypted in place, sent by one system call.

`sendmmsg(2)` takes all messages of a wake-up at once, and packets of one receiver that have the
same size (only the last may be shorter) leave as one message, which the kernel cuts up
(UDP_SEGMENT, udp(7)). The arrays that the kernel reads lie ready; a batch writes what differs in
them by slices, never message by message.

For 64-bit Linux, little-endian. Elsewhere there is no Egress, and packets leave one by one.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from cffi import FFI
from pylibsrtp._binding import ffi, lib

from media.transport.counters import Counters, Drop
from media.transport.datagrams import MAX_DATAGRAM, Address
from media.transport.srtp import SPARE, SrtpContext

logger = logging.getLogger(__name__)

SLOTS = 256
"""Packets at most that are encrypted before the kernel takes them: a processor's second cache holds
them all. More of them cost no less, and memory that stays."""
LONGEST = MAX_DATAGRAM - 16
"""Of a packet before it gets its authentication tag, AES-GCM's being the longest we use."""
STRIDE = 1536 + SPARE
MOST_SEGMENTS, MOST_BYTES = 40, 60_000
"""In one message; the kernel allows 64, in 65,507 bytes."""
SOL_UDP, UDP_SEGMENT = 17, 103

_VECTOR, _MESSAGE = 2, 8
"""Machine words in struct iovec (base, len) and struct mmsghdr (name, namelen, iov, iovlen,
control, controllen, flags; len)."""
_CONTROL = struct.Struct("=QiiH6x")
_CONTROL_LENGTH = 18
"""struct cmsghdr and 16 bits, padded to the next; what it says of its own length."""
_NAME, _NAME_6 = struct.Struct("=HH4s8x"), struct.Struct("=HHI16sI")
_FULL = (errno.EAGAIN, errno.ENOBUFS)
_CANNOT_CUT = (errno.EIO, errno.EINVAL, errno.EOPNOTSUPP, errno.EMSGSIZE)

_system = FFI()
_system.cdef("int sendmmsg(int fd, void *messages, unsigned int count, int flags);")
_libc = _system.dlopen(None)


class Route:
    """One receiver behind a socket. Those of one `group` can share a batch. `name` is its address
    as the kernel wants it, and `place` where that lies."""

    __slots__ = ("_kept", "context", "egress", "group", "name", "place")

    def __init__(self, egress: Egress, context: SrtpContext, address: Address) -> None:
        self.egress = egress
        self.context = context
        self.group = (id(egress), context.profile)
        self.name = egress.name_of(address)
        self._kept = ffi.new("unsigned char[]", self.name)
        self.place = _place(self._kept)


class Table:
    """Receivers, one after the other. Holds on to their names and keys: libsrtp's sessions must
    live as long as somebody may encrypt with them."""

    __slots__ = ("_kept", "names", "sessions")

    def __init__(self, routes: Sequence[Route]) -> None:
        self._kept = tuple(routes)
        self.sessions = [route.context.tx for route in routes]
        self.names = array("Q", [route.place for route in routes])


class Egress:
    """Of one socket. `pending` tells whether anything waits for `flush`."""

    def __init__(self, sock: socket.socket, counters: Counters) -> None:
        self.buffer = bytearray(SLOTS * STRIDE)
        self.stride, self.slots, self.longest = STRIDE, SLOTS, LONGEST
        self.pending = False
        self._socket = sock
        self._six = sock.family == socket.AF_INET6
        self._counters = counters
        self._used = self._messages = self._controls = 0
        self._named: list[Table] = []
        self._most = MOST_SEGMENTS if _cuts(sock) else 1
        place = _place(ffi.from_buffer(self.buffer))
        slots = [place + STRIDE * n for n in range(SLOTS)]
        self._pointers = [ffi.cast("void *", each) for each in slots]
        vectors = bytearray(8 * _VECTOR * SLOTS)
        memoryview(vectors).cast("Q")[::_VECTOR] = array("Q", slots)
        place = _place(ffi.from_buffer(vectors))
        self._vectors = array("Q", [place + 8 * _VECTOR * n for n in range(SLOTS)])
        # libsrtp reads and writes an int, which is the low half of iov_len.
        self._sizes = memoryview(vectors).cast("I")[2::4]
        self._lengths = [ffi.cast("int *", each + 8) for each in self._vectors]
        headers = bytearray(8 * _MESSAGE * SLOTS)
        self._headers_at = _place(ffi.from_buffer(headers))
        self._headers: Any = _system.cast("void *", self._headers_at)
        self._words = memoryview(headers).cast("Q")
        self._words[1::_MESSAGE] = array("Q", [28 if self._six else 16]) * SLOTS
        self._control = memoryview(bytearray(_CONTROL.size * SLOTS))
        self._controls_at = _place(ffi.from_buffer(self._control))

    def name_of(self, address: Address) -> bytes:
        """The address as struct sockaddr_in or sockaddr_in6."""
        host, port, *rest = address
        port = socket.htons(port)
        if not self._six:
            return _NAME.pack(socket.AF_INET, port, socket.inet_aton(host))
        flow, scope = (*rest, 0, 0)[:2]
        packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
        return _NAME_6.pack(socket.AF_INET6, port, socket.htonl(flow), packed, scope)

    def table(self, routes: Sequence[Any]) -> Table:
        """For `send`; of routes of this socket and of one group."""
        return Table(routes)

    def claim(self, slots: int) -> int:
        """Where in `buffer` the first of so many slots in a row begins."""
        if self._used + slots > SLOTS:
            self.flush()
        return self._used * STRIDE

    def send(self, table: Any, sizes: Sequence[int]) -> None:
        """Encrypt what was put into the claimed slots, and queue it."""
        sessions, names, each = table.sessions, table.names, len(sizes)
        first = self._used
        end = self._used = first + len(sessions) * each
        self._sizes[first:end] = array("I", sizes) * len(sessions)
        if each > 1:
            sessions = [session for session in sessions for _ in range(each)]
        # Each of them has to be encrypted, or it would leave as it is.
        failed = list(
            map(lib.srtp_protect, sessions, self._pointers[first:end], self._lengths[first:end])
        )
        self.pending = True
        self._named.append(table)  # the kernel reads the names later
        if any(failed):
            self._queue_those(failed, names, first, each)
            return
        for start, run in runs(sizes, self._most):
            self._queue(names, slice(first + start, end, each), run)

    def refuse(self, packets: int) -> None:
        """So many were not put into a slot, being longer than `longest`."""
        self._counters.dropped[Drop.SEND_REFUSED] += packets

    def flush(self) -> None:
        """Send everything. What the kernel has no room for is dropped and counted."""
        sent, messages = 0, self._messages
        while sent < messages:
            header = self._header(sent) if sent else self._headers
            taken = _libc.sendmmsg(
                self._socket.fileno(), header, messages - sent, socket.MSG_DONTWAIT
            )
            if taken > 0:
                self._count(sent, sent + taken)
                sent += taken
            elif _system.errno in _FULL:
                self._counters.dropped[Drop.SEND_FULL] += self._packets(sent, messages)
                break
            elif _system.errno != errno.EINTR:
                self._lose(sent, _system.errno)
                sent += 1
        self._used = self._messages = self._controls = 0
        self._named.clear()
        self.pending = False

    def _header(self, message: int) -> Any:
        return _system.cast("void *", self._headers_at + 8 * _MESSAGE * message)

    def _queue(self, names: array[int], slots: slice, run: int) -> None:
        """A message to each receiver, of `run` packets from each of these slots on."""
        count, begin = len(names), _MESSAGE * self._messages
        self._messages += count
        end = _MESSAGE * self._messages
        control = self._segmented(self._sizes[slots.start]) if run > 1 else 0
        words = self._words
        words[begin:end:_MESSAGE] = names
        words[begin + 2 : end : _MESSAGE] = self._vectors[slots]
        words[begin + 3 : end : _MESSAGE] = array("Q", [run]) * count
        words[begin + 4 : end : _MESSAGE] = array("Q", [control]) * count
        words[begin + 5 : end : _MESSAGE] = array("Q", [_CONTROL.size if control else 0]) * count

    def _queue_those(self, failed: Sequence[int], names: array[int], first: int, each: int) -> None:
        """As `_queue`, one packet a message, without those that could not be encrypted."""
        self._counters.dropped[Drop.SEND_REFUSED] += sum(map(bool, failed))
        for index, status in enumerate(failed):
            if not status:
                row, slot = index // each, first + index
                self._queue(names[row : row + 1], slice(slot, slot + 1), 1)

    def _segmented(self, size: int) -> int:
        """Where a control message lies that says how to cut."""
        at = _CONTROL.size * self._controls
        self._controls += 1
        _CONTROL.pack_into(self._control, at, _CONTROL_LENGTH, SOL_UDP, UDP_SEGMENT, size)
        return self._controls_at + at

    def _packets(self, begin: int, end: int) -> int:
        """Of these messages."""
        return sum(self._words[_MESSAGE * begin + 3 : _MESSAGE * end : _MESSAGE])

    def _count(self, begin: int, end: int) -> None:
        counters = self._counters
        counters.sent_packets += self._packets(begin, end)
        # The kernel tells in msg_len how much it took.
        counters.sent_bytes += sum(self._words[_MESSAGE * begin + 7 : _MESSAGE * end : _MESSAGE])

    def _lose(self, message: int, why: int) -> None:
        run = self._packets(message, message + 1)
        self._counters.dropped[Drop.SEND_FAILED] += run
        logger.debug("x dropped: %d packets, %s", run, os.strerror(why))
        if run > 1 and why in _CANNOT_CUT:
            # Some drivers cannot: what was in this message will be asked for again.
            logger.info("= no segmentation by the kernel: %s", os.strerror(why))
            self._most = 1


def runs(sizes: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """(start, length) of what can leave as one message: equal sizes, only the last may be less."""
    start, count = 0, len(sizes)
    while start < count:
        size, end = sizes[start], start + 1
        limit = min(count, start + max(1, min(most, MOST_BYTES // (size + SPARE))))
        while end < limit and sizes[end] == size:
            end += 1
        if end < limit and sizes[end] < size and end > start:
            end += 1
        yield start, end - start
        start = end


def can_batch() -> bool:
    """Whether this system has what an Egress needs, and lays it out as expected."""
    return (
        sys.platform == "linux"
        and sys.byteorder == "little"
        and struct.calcsize("P") == 8
        and hasattr(_libc, "sendmmsg")
    )


def _cuts(sock: socket.socket) -> bool:
    """Whether the kernel knows UDP_SEGMENT (Linux 4.18)."""
    try:
        sock.getsockopt(SOL_UDP, UDP_SEGMENT)
    except OSError:
        return False
    return True


def _place(data: Any) -> int:
    return int(ffi.cast("uintptr_t", data))
