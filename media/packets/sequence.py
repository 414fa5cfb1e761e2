"""Arithmetic on RTP's wrapping counters: 16-bit sequence numbers, 32-bit timestamps (RFC 3550 A.1).

Half of the number circle lies ahead of any value, half behind; the exact opposite counts as behind.
"""

from __future__ import annotations


def distance(newer: int, older: int) -> int:
    """Signed steps from `older` to `newer`, -32768..32767."""
    return ((newer - older + 0x8000) & 0xFFFF) - 0x8000


def is_newer(candidate: int, reference: int) -> bool:
    """Whether sequence number `candidate` comes after `reference`."""
    return 0 < ((candidate - reference) & 0xFFFF) < 0x8000


def timestamp_distance(newer: int, older: int) -> int:
    """Signed clock ticks from `older` to `newer`, modulo 2**32."""
    return ((newer - older + 0x80000000) & 0xFFFFFFFF) - 0x80000000


class Unwrapper:
    """Turns wrapping counters into integers that keep growing (and may start below zero).

    Each value is placed nearest to the highest one seen, so reordering across the wrap is safe.
    """

    __slots__ = ("_half", "_mask", "highest")

    def __init__(self, bits: int = 16) -> None:
        self._mask = (1 << bits) - 1
        self._half = 1 << (bits - 1)
        self.highest: int | None = None

    def unwrap(self, value: int) -> int:
        highest = self.highest
        if highest is None:
            self.highest = value
            return value
        unwrapped = highest + ((value - highest + self._half) & self._mask) - self._half
        if unwrapped > highest:
            self.highest = unwrapped
        return unwrapped
