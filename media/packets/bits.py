"""Reads bytes as bits, the most significant first, as codec headers are written."""

from __future__ import annotations

from media.errors import MalformedPacket


class BitReader:
    """A cursor over `data`; reading beyond its end raises MalformedPacket."""

    __slots__ = ("_left", "_value")

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    @property
    def left(self) -> int:
        """How many bits are unread."""
        return self._left

    def read(self, bits: int) -> int:
        """The next `bits` as an unsigned number."""
        self._left -= bits
        if self._left < 0:
            raise MalformedPacket("a header ends in the middle of a field")
        return self._value >> self._left & ((1 << bits) - 1)

    def flag(self) -> bool:
        return self.read(1) == 1

    def skip(self, bits: int) -> None:
        self.read(bits)

    def uvlc(self) -> int:
        """An unsigned Exp-Golomb number: leading zeros tell its length (AV1 4.10.3)."""
        zeros = 0
        while not self.flag():
            zeros += 1
            if zeros > 31:
                raise MalformedPacket("an Exp-Golomb number of more than 32 bits")
        return (1 << zeros) - 1 + self.read(zeros)

    def below(self, limit: int) -> int:
        """A number below `limit` in as few bits as it takes (`ns(n)` of AV1 4.10.7)."""
        width = limit.bit_length()
        short = (1 << width) - limit
        value = self.read(width - 1)
        if value < short:
            return value
        return (value << 1 | self.read(1)) - short
