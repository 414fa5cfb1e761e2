"""Whether a layer still beats: noticed by its own rhythm, sooner than by a fixed time-out.

A publisher that stops one layer says so by BYE if it is polite; otherwise the other layers go on
while this one misses frame after frame. When all stand still it is the publisher or the network.
"""

from __future__ import annotations

from collections.abc import Iterable

MISSED = 5
"""Frames in a row; an encoder short of bits leaves out two or three."""
SHORTEST, LONGEST = 0.2, 1.0
"""Seconds of silence that tell something, whatever the rhythm."""
_WEIGHT = 0.1


class Pulse:
    """The rhythm of one layer. `stopped` holds until the next packet."""

    __slots__ = ("_frame_at", "_timestamp", "interval", "last_packet", "stopped")

    def __init__(self) -> None:
        self.interval = 1 / 30
        self.last_packet = float("-inf")
        self.stopped = False
        self._frame_at: float | None = None
        self._timestamp = -1

    def beat(self, timestamp: int, now: float) -> None:
        """A packet of the frame with this timestamp arrived."""
        self.last_packet = now
        self.stopped = False
        if timestamp == self._timestamp:
            return
        if self._frame_at is not None:
            self.interval += (min(now - self._frame_at, LONGEST) - self.interval) * _WEIGHT
        self._timestamp, self._frame_at = timestamp, now

    def check(self, others: Iterable[Pulse]) -> bool:
        """Whether it stopped, judged by how far the others have come since its last packet."""
        patience = min(max(MISSED * self.interval, SHORTEST), LONGEST)
        if any(other.last_packet - self.last_packet > patience for other in others):
            self.stopped = True
        return self.stopped
