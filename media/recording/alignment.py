"""Puts sound and picture on one time line: by their arrival at first, by sender reports once there.

Sound keeps its pace, since a listener hears a shift of milliseconds; the picture is moved.
"""

from __future__ import annotations

from media.packets import ntp
from media.packets.rtcp import SenderReport
from media.packets.sequence import timestamp_distance

BELIEVED = 2.0
"""Seconds that sender reports may differ from what the arrival says: beyond, a clock is wrong."""


class Timeline:
    """One stream's clock against the time of arrival, and against its sender's clock."""

    __slots__ = ("_clock_rate", "_first", "_report", "arrival", "last", "sender")

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self.arrival: float | None = None
        """Time of arrival of tick 0: the earliest that any frame says."""
        self.sender: float | None = None
        """The sender's time of tick 0."""
        self.last = float("-inf")

    def arrived(self, ticks: int, now: float) -> None:
        origin = now - ticks / self._clock_rate
        self.arrival = origin if self.arrival is None else min(self.arrival, origin)

    def reported(self, report: SenderReport, ticks: int) -> None:
        """`ticks` is any unwrapped time near the report's, which is 32 bits only."""
        at = ticks + timestamp_distance(report.rtp_time, ticks & 0xFFFFFFFF)
        self.sender = ntp.to_unix(report.ntp_time) - at / self._clock_rate

    def seconds(self, ticks: int) -> float:
        return ticks / self._clock_rate


class Alignment:
    """`place` gives each frame its second of the recording; per stream they only grow."""

    def __init__(self, sound: Timeline | None, picture: Timeline | None) -> None:
        self._sound = sound
        self._picture = picture
        self._begin: float | None = None
        self._origins: dict[Timeline, float] = {}

    def place(self, timeline: Timeline, ticks: int) -> float | None:
        """Seconds since the recording began; None for what lies before it."""
        if timeline.arrival is None:
            return None
        origin = self._origin(timeline)
        second = origin + timeline.seconds(ticks)
        if self._begin is None:
            self._begin = second
        second -= self._begin
        if second < 0:
            return None
        second = max(second, timeline.last + 0.001)
        timeline.last = second
        return second

    def _origin(self, timeline: Timeline) -> float:
        """On the clock of arrivals."""
        assert timeline.arrival is not None
        kept = self._origins.setdefault(timeline, timeline.arrival)
        sound = self._sound
        if timeline is sound or sound is None or sound.sender is None or timeline.sender is None:
            return kept
        if sound.arrival is None:
            return kept
        exact = self._origins.setdefault(sound, sound.arrival) + timeline.sender - sound.sender
        return exact if abs(exact - timeline.arrival) < BELIEVED else kept
