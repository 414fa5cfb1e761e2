"""When packets of one publisher arrived, kept until the next transport-wide feedback is made."""

from __future__ import annotations

from media.packets import twcc
from media.packets.sequence import Unwrapper

MAX_PENDING = 1024
"""Arrivals between two feedbacks: 50 ms at 200 Mbit/s. What comes beyond goes unreported."""


class Arrivals:
    """Arrival times by transport-wide number: `record` per packet, `feedback` some times a second.

    A number that was missing in one feedback and straggles in later is left out of the next:
    browsers have counted it as lost by then.
    """

    __slots__ = ("_count", "_next", "_pending", "_sequences")

    def __init__(self) -> None:
        self._sequences = Unwrapper()
        self._pending: dict[int, float] = {}
        self._next: int | None = None
        self._count = 0

    def record(self, sequence: int, now: float) -> None:
        """A packet with this 16-bit number arrived."""
        number = self._sequences.unwrap(sequence)
        if len(self._pending) < MAX_PENDING and (self._next is None or number >= self._next):
            self._pending.setdefault(number, now)

    def feedback(self, sender_ssrc: int, media_ssrc: int) -> list[bytes]:
        """The RTCP packets that tell what arrived since the last call; none when nothing did."""
        if not self._pending:
            return []
        arrivals = sorted(self._pending.items())
        packets = twcc.build(
            arrivals,
            sender_ssrc=sender_ssrc,
            media_ssrc=media_ssrc,
            count=self._count,
            start=self._next,
        )
        self._count = (self._count + len(packets)) & 0xFF
        self._next = arrivals[-1][0] + 1
        self._pending.clear()
        return packets
