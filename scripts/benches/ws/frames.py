"""WebSocket frames (RFC 6455, 5.2) for many clients at once: whole messages only where they are
wanted, a count of the rest."""

from __future__ import annotations

import struct

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_MASK = bytes(4)
"""A mask of zeros: legal, and nothing to do for it."""


def masked(payload: bytes, opcode: int = TEXT) -> bytes:
    """A client's frame."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    else:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    return head + _MASK + payload


class FrameReader:
    """Takes a server's bytes as they come. `texts` counts messages; `kept` holds what they and
    control frames say: all of it when `keeps`, else control frames only."""

    __slots__ = ("_body", "_head", "_left", "_opcode", "keeps", "kept", "texts")

    def __init__(self, *, keeps: bool = False) -> None:
        self.keeps = keeps
        self.kept: list[tuple[int, bytes]] = []
        self.texts = 0
        self._head = b""
        self._left = 0
        self._opcode = 0
        self._body: bytearray | None = None

    def feed(self, data: memoryview) -> None:
        at, end = 0, len(data)
        while True:
            if self._left:
                taken = min(self._left, end - at)
                if self._body is not None:
                    self._body += data[at : at + taken]
                at += taken
                self._left -= taken
                if self._left:
                    return
                self._complete()
            if at == end:
                return
            head = self._head + bytes(data[at : at + 10 - len(self._head)])
            size = _head_size(head)
            if len(head) < size:
                self._head = head
                return
            at += size - len(self._head)
            self._head = b""
            self._begin(head)

    def _begin(self, head: bytes) -> None:
        self._opcode = head[0] & 15
        length = head[1] & 127
        if length == 126:
            length = int.from_bytes(head[2:4], "big")
        elif length == 127:
            length = int.from_bytes(head[2:10], "big")
        self._left = length
        self._body = bytearray() if self.keeps or self._opcode >= CLOSE else None
        if not length:
            self._complete()

    def _complete(self) -> None:
        self.texts += self._opcode == TEXT
        if self._body is not None:
            self.kept.append((self._opcode, bytes(self._body)))
            self._body = None


def _head_size(head: bytes) -> int:
    if len(head) < 2:
        return 2
    return {126: 4, 127: 10}.get(head[1] & 127, 2)
