"""Datagrams that wait at UDP sockets, taken in many at a time.

`recvmmsg(2)` takes all that is there by one call and says when that was all. Who asks once more
until the answer is EAGAIN, of which Python makes an exception, pays for a datagram more: 16 to 20
µs where a packet's way in takes 130 (a processor that slept, see the README of media). Elsewhere
than on 64-bit Linux they are taken one by one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import struct
import sys
from array import array
from collections.abc import Sequence
from typing import Any, Protocol

from cffi import FFI

from media.transport.datagrams import MAX_DATAGRAM, Address
from media.transport.srtp import PinnedBuffer

SLOTS = 32
"""Datagrams at a time."""
SLOT_LENGTH = 2048
"""Bytes; more than MAX_DATAGRAM, so that an oversized datagram shows as one."""
MOST_SOURCES = 4096
"""Addresses that are known by what the kernel calls them; then all are forgotten."""

_MESSAGE = 8
"""Machine words in struct mmsghdr (name, namelen, iov, iovlen, control, controllen, flags; len)."""
_NAME = 32
"""Bytes for struct sockaddr_in (16) or sockaddr_in6 (28)."""
_IPV4, _IPV6 = struct.Struct("=HH4s"), struct.Struct("=HHI16sI")
_UDP = socket.SOCK_DGRAM
_NOTHING = (errno.EAGAIN, errno.EINTR)

_system = FFI()
_system.cdef("int recvmmsg(int fd, void *messages, unsigned int count, int flags, void *timeout);")
_libc = _system.dlopen(None)

assert SLOT_LENGTH > MAX_DATAGRAM


class Inbox(Protocol):
    """Room for SLOTS datagrams, which sockets of one loop may share: what is in it is used up
    before the next are taken. `packets[n]` holds datagram n, in its first `lengths[n]` bytes."""

    @property
    def packets(self) -> Sequence[PinnedBuffer]: ...

    @property
    def lengths(self) -> Sequence[int]: ...

    def receive(self, sock: socket.socket) -> int:
        """Take in what waits at a socket that does not block; how many. Fewer than SLOTS: there was
        no more, or what came next was an error. Raises OSError, where nothing came before it."""

    def source(self, number: int) -> Address:
        """Where datagram `number` came from, as `recvfrom` says it."""


class BySingles:
    """A call for each datagram."""

    def __init__(self) -> None:
        self.packets = [PinnedBuffer(bytearray(SLOT_LENGTH)) for _ in range(SLOTS)]
        self.lengths = [0] * SLOTS
        self._sources: list[Address] = [("", 0)] * SLOTS

    def receive(self, sock: socket.socket) -> int:
        for number, packet in enumerate(self.packets):
            try:
                found = sock.recvfrom_into(packet.buffer)
            except BlockingIOError:
                return number
            except OSError:
                if number:
                    return number  # what came before it is not lost
                raise
            self.lengths[number], self._sources[number] = found
        return SLOTS

    def source(self, number: int) -> Address:
        return self._sources[number]


class ByMany:
    """A call for all of them."""

    def __init__(self) -> None:
        self.packets = [PinnedBuffer(bytearray(SLOT_LENGTH)) for _ in range(SLOTS)]
        self._names = memoryview(bytearray(_NAME * SLOTS))
        self._heads = self._names.cast("Q")[:: _NAME // 8]
        self._vectors = array("Q")
        for packet in self.packets:
            self._vectors += array("Q", [_place(packet.buffer), SLOT_LENGTH])
        headers = bytearray(8 * _MESSAGE * SLOTS)
        words = memoryview(headers).cast("Q")
        for slot in range(SLOTS):
            words[_MESSAGE * slot] = _place(self._names) + _NAME * slot
            words[_MESSAGE * slot + 2] = _place(self._vectors) + 16 * slot
            words[_MESSAGE * slot + 3] = 1
        self.lengths: Any = memoryview(headers).cast("I")[2 * 7 :: 2 * _MESSAGE]
        self._name_lengths = words[1::_MESSAGE]
        self._room = array("Q", [_NAME]) * SLOTS
        self._name_lengths[:] = self._room
        self._messages: Any = _system.cast("void *", _place(headers))
        self._known: dict[int | bytes, Address] = {}

    def receive(self, sock: socket.socket) -> int:
        taken = _libc.recvmmsg(
            sock.fileno(), self._messages, SLOTS, socket.MSG_DONTWAIT, _system.NULL
        )
        if taken > 0:
            # The kernel wrote there how long a name was, and the next one may be longer.
            self._name_lengths[:taken] = self._room[:taken]
            return int(taken)
        if _system.errno in _NOTHING:
            return 0
        raise OSError(_system.errno, os.strerror(_system.errno))

    def source(self, number: int) -> Address:
        head = self._heads[number]  # family, port and, by IPv4, the address
        is_four = head & 0xFFFF == socket.AF_INET
        begin = _NAME * number
        key = head if is_four else bytes(self._names[begin : begin + _IPV6.size])
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= MOST_SOURCES:
                self._known.clear()
            read = _read_four if is_four else _read_six
            known = self._known[key] = read(self._names[begin : begin + _NAME])
        return known


def _read_four(name: memoryview) -> Address:
    _, port, address = _IPV4.unpack_from(name)
    return socket.inet_ntoa(address), socket.ntohs(port)


def _read_six(name: memoryview) -> Address:
    _, port, flow, address, scope = _IPV6.unpack_from(name)
    host = socket.inet_ntop(socket.AF_INET6, address)
    return host, socket.ntohs(port), socket.ntohl(flow), scope


def best_inbox() -> Inbox:
    """The best that this system has: some sandboxes know fewer calls than Linux."""
    if sys.platform == "linux" and sys.byteorder == "little" and struct.calcsize("P") == 8:
        made = ByMany()
        with contextlib.suppress(OSError, AttributeError), socket.socket(type=_UDP) as probe:
            made.receive(probe)
            return made
    return BySingles()


def _place(data: Any) -> int:
    return int(_system.cast("uintptr_t", _system.from_buffer(data)))
