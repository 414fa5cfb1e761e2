"""The receiving end of one WebSocket, in front of aiohttp's: what can be dealt with where it comes
in needs no task that wakes up for it. All else goes on to aiohttp in order, which alone judges it.

Hot path: everybody who moves a pointer sends 20 of these a second. `scripts/bench hub` measures it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from wagu.realtime.masking import unmask

TakeAtOnce = Callable[[bytearray], bool]
"""False: nothing happened, aiohttp is to have the message."""

_TEXT = 0x81  # FIN and opcode 1
_MASKED = 0x80
_SHORT = 0xFD
"""MASK and 125 bytes, the longest that needs no further length (RFC 6455, 5.2)."""


class Reader(asyncio.Protocol):
    """Takes the place of the protocol behind it right after the upgrade, when a frame is what
    comes first. `handled` says that one more message of aiohttp's has been dealt with: while there
    are others, everything goes there, for the messages of one socket keep their order."""

    def __init__(
        self, behind: asyncio.Protocol, at_once: TakeAtOnce, stopped: Callable[[], None]
    ) -> None:
        """`stopped`: nothing more can be written now, or ever."""
        self._behind = behind
        self._at_once = at_once
        self._stopped = stopped
        self._waiting = 0
        """Messages that aiohttp got, whole or in part, and that are not handled yet."""
        self._left = 0
        """Bytes that a frame of aiohttp's still lacks."""
        self._header = b""
        """The beginning of one, which says too little to be passed on."""

    @classmethod
    def before(
        cls, transport: asyncio.Transport, at_once: TakeAtOnce, stopped: Callable[[], None]
    ) -> Reader:
        reader = cls(cast("asyncio.Protocol", transport.get_protocol()), at_once, stopped)
        transport.set_protocol(reader)
        return reader

    def handled(self) -> None:
        self._waiting -= 1

    def data_received(self, data: bytes) -> None:
        if self._header:
            data, self._header = self._header + data, b""
        at, end = 0, len(data)
        if not self._waiting:
            while at + 6 < end and data[at] == _TEXT and _MASKED < data[at + 1] <= _SHORT:
                after = at + 6 + data[at + 1] - _MASKED
                if after > end:
                    break
                text = bytearray(data[at + 6 : after])
                unmask(data[at + 2 : at + 6], text)
                if not self._at_once(text):
                    break
                at = after
            if at == end:
                return
        self._pass_on(data[at:])

    def _pass_on(self, data: bytes) -> None:
        at, end = self._left, len(data)
        while at < end:
            size = _frame_size(data[at : at + 10])
            if size is None:
                data, self._header = data[:at], data[at:]
                break
            if data[at] & 0x0F:  # no continuation: a message begins
                self._waiting += 1
            at += size
        self._left = max(0, at - end)
        if data:
            self._behind.data_received(data)

    # -------------------------------------------------------------------- what aiohttp is told, too

    def connection_lost(self, exc: Exception | None) -> None:
        self._stopped()
        self._behind.connection_lost(exc)

    def eof_received(self) -> bool | None:
        self._stopped()
        return self._behind.eof_received()

    def pause_writing(self) -> None:
        self._stopped()
        self._behind.pause_writing()

    def resume_writing(self) -> None:
        self._behind.resume_writing()


def _frame_size(header: bytes) -> int | None:
    """Of all of the frame that begins like this, or None while that cannot be known."""
    if len(header) < 2:
        return None
    mask, length = 4 * (header[1] >> 7), header[1] & 0x7F
    if length < 126:
        return 2 + mask + length
    further = 2 if length == 126 else 8
    if len(header) < 2 + further:
        return None
    return 2 + further + mask + int.from_bytes(header[2 : 2 + further])
