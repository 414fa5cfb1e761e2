"""A bound on what one sender may bring in: a token bucket in bytes (as in RFC 2697, with one rate).

What is beyond it is dropped and counted before anybody pays for it. The sender's congestion control
sees a narrow link, and a sender without any harms nobody but those who watch it.
"""

from __future__ import annotations

from collections.abc import Mapping

from media.codecs import Kind

MEDIA: Mapping[Kind, float] = {"audio": 1_000_000.0, "video": 10_000_000.0}
"""bit/s of one publication, all its layers, repairs and probes together. Opus ends at 510 kbit/s;
our client promises 2.35 Mbit/s of picture, and a good one of 1080 lines from a studio takes 6."""

RTCP = 600_000.0
"""bit/s of one peer: a viewer that asks a hundred times a second for what it lost takes a third."""

PACKET = 200
"""Bytes that a packet is charged beyond its own: most of what it costs us is the same for any."""

BURST = 1.0
"""Seconds at the full rate that may come at once: a keyframe, or a probe of the path."""


class Policer:
    """`passes` once per packet; the credit never grows beyond one burst."""

    __slots__ = ("_at", "_credit", "_most", "_rate")

    def __init__(self, bitrate: float) -> None:
        self._rate = bitrate / 8
        self._credit = self._most = self._rate * BURST
        self._at = float("-inf")

    def passes(self, length: int, now: float) -> bool:
        """Whether a packet of `length` bytes may go on."""
        credit = self._credit + (now - self._at) * self._rate
        self._at = now
        credit = min(credit, self._most)
        left = credit - length - PACKET
        self._credit = left if left >= 0 else credit
        return left >= 0
