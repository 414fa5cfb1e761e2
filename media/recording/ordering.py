"""Packets in the order of their numbers: a jitter buffer, bounded in time and in packets.

What is late may still come, as NACKs bring it; what does not come in time becomes a gap, and the
stream goes on behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from media.packets.sequence import Unwrapper

PATIENCE = 0.6
"""Seconds that a missing packet is waited for: three round trips of a bad mobile network."""
MAX_HELD = 1024
"""Packets held back behind a missing one: 0.6 s of 16 Mbit/s."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What assembling needs to know of one packet. `timestamp` is on the stream's clock, 32 bit."""

    timestamp: int
    marker: bool
    payload: bytes


class Gap:
    """Packets are missing here."""


GAP: Final = Gap()


class Ordering:
    """`put` what arrives, `take` what is in order. `lost` and `late` count packets."""

    __slots__ = ("_held", "_next", "_sequences", "late", "lost")

    def __init__(self) -> None:
        self._sequences = Unwrapper()
        self._held: dict[int, tuple[Packet, float]] = {}
        self._next: int | None = None
        self.lost = 0
        self.late = 0

    def __len__(self) -> int:
        return len(self._held)

    def put(self, sequence: int, packet: Packet, now: float) -> None:
        """A packet with this 16-bit number arrived; one that came before counts once."""
        number = self._sequences.unwrap(sequence)
        if self._next is None:
            self._next = number
        if number < self._next:
            self.late += 1
        else:
            self._held.setdefault(number, (packet, now))

    def take(self, now: float) -> Iterator[Packet | Gap]:
        """All that is in order by now, with a GAP wherever waiting was in vain."""
        held = self._held
        while held:
            assert self._next is not None
            found = held.pop(self._next, None)
            if found is not None:
                self._next += 1
                yield found[0]
                continue
            # The first of a dict is the one that has waited longest.
            waited = now - next(iter(held.values()))[1]
            if waited < PATIENCE and len(held) <= MAX_HELD:
                return
            nearest = min(held)
            self.lost += nearest - self._next
            self._next = nearest
            yield GAP
