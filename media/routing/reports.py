"""What the receiver of one outgoing stream says of it (RFC 3550, 6.4.1), kept for statistics."""

from __future__ import annotations

from collections import OrderedDict

from media.packets import ntp
from media.packets.rtcp import ReportBlock

_REMEMBERED = 16
"""Sender reports whose time of sending is kept; a browser answers within one or two."""
_ONE_FREEZE = 1.0
"""Seconds within which a decoder repeats a request for the same keyframe."""
KEYFRAMES, KEYFRAMES_AGAIN = 8.0, 4.0
"""Freezes in a row for which a receiver gets keyframes, and seconds until it may have another.
Each takes quality from all who watch the same layer."""
_RATE_WINDOW = 1.0


class Reports:
    """Loss, jitter, round-trip time and freezes of one stream, as RTCP shows them.

    A round trip is timed by our own clock: the NTP times that we pass on are the publisher's.
    """

    __slots__ = (
        "_asked_at",
        "_bytes",
        "_clock_rate",
        "_credit",
        "_granted_at",
        "_measured_at",
        "_sent",
        "bitrate",
        "freezes",
        "jitter",
        "loss",
        "lost",
        "rtt",
    )

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._sent: OrderedDict[int, float] = OrderedDict()
        self._asked_at = self._granted_at = float("-inf")
        self._credit = KEYFRAMES
        self._bytes = 0
        self._measured_at = float("-inf")
        self.bitrate = 0.0
        self.freezes = 0
        self.lost: int | None = None
        self.loss: float | None = None
        self.jitter: float | None = None
        self.rtt: float | None = None
        """Seconds, as is `jitter`."""

    def sent(self, ntp_time: int, now: float) -> None:
        """A sender report with this NTP time goes out."""
        self._sent[ntp.middle(ntp_time)] = now
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)

    def received(self, block: ReportBlock, now: float) -> None:
        """The receiver reports. What it invents cannot be told from what is true, only bounded."""
        self.lost = block.lost
        self.loss = block.fraction_lost / 256
        self.jitter = block.jitter / self._clock_rate
        at = self._sent.get(block.last_sr)
        if at is not None:
            trip = now - at - block.delay / 65536
            if trip >= 0:
                self.rtt = trip

    def asked_for_keyframe(self, now: float) -> bool:
        """By PLI or FIR: its picture stands still. Whether it gets one."""
        if now - self._asked_at > _ONE_FREEZE:
            self.freezes += 1
        self._asked_at = now
        elapsed = now - self._granted_at
        if elapsed <= _ONE_FREEZE:
            return True
        credit = min(KEYFRAMES, self._credit + elapsed / KEYFRAMES_AGAIN)
        if credit < 1:
            return False
        self._credit, self._granted_at = credit - 1, now
        return True

    def measure(self, octets: int, now: float) -> None:
        """`octets` were sent so far; called twice a second or so."""
        elapsed = now - self._measured_at
        if elapsed >= _RATE_WINDOW:
            if elapsed != float("inf"):
                self.bitrate = (octets - self._bytes) * 8 / elapsed
            self._bytes, self._measured_at = octets, now
