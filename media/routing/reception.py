"""How well one stream arrives: the numbers of a reception report (RFC 3550, 6.4.1 and A.1–A.8)."""

from __future__ import annotations

from media.packets.sequence import Unwrapper, distance

_MAX_DROPOUT = 3000
_MAX_MISORDER = 1000
RESTARTS_APART = 1.0
"""Seconds between two new beginnings of one stream: each costs every receiver a new epoch."""


class Reception:
    """Counts one incoming stream. `clock_rate` in Hz makes its timestamp units of seconds. `loss`
    is the share that the last report told, None before it."""

    __slots__ = (
        "_clock_rate",
        "_expected_prior",
        "_first",
        "_jump",
        "_received_prior",
        "_restarted_at",
        "_sequences",
        "_transit",
        "jitter",
        "loss",
        "received",
        "restarts",
    )

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._sequences = Unwrapper()
        self._first = 0
        self._jump: int | None = None
        self._transit: float | None = None
        self._expected_prior = 0
        self._received_prior = 0
        self._restarted_at = float("-inf")
        self.received = 0
        self.restarts = 0
        self.jitter = 0.0
        self.loss: float | None = None

    @property
    def highest(self) -> int:
        """The highest unwrapped sequence number so far, 0 before the first packet."""
        return self._sequences.highest or 0

    @property
    def lost(self) -> int:
        """Packets that never came (negative with duplicates)."""
        return self._expected() - self.received

    def receive(self, sequence: int, timestamp: int, now: float) -> int | None:
        """The packet's unwrapped sequence number, or None when it makes no sense (yet).

        A jump of thousands is a mistake unless the next packet follows it: then the sender has
        begun anew, `restarts` counts up, and the numbering goes on from there.
        """
        highest = self._sequences.highest
        if highest is None:
            self._first = self._sequences.unwrap(sequence)
            highest = self._first
        delta = ((sequence - highest + 0x8000) & 0xFFFF) - 0x8000
        if delta > _MAX_DROPOUT or delta < -_MAX_MISORDER:
            if sequence != self._jump or now - self._restarted_at < RESTARTS_APART:
                self._jump = (sequence + 1) & 0xFFFF
                return None
            self._restarted_at = now
            self._restart(sequence)
        self._jump = None
        self.received += 1
        self._measure(timestamp, now)
        return self._sequences.unwrap(sequence)

    def place(self, sequence: int) -> int:
        """The unwrapped number of a packet that is sent again; it counts neither as received nor
        as in time (RFC 4588, 6.3)."""
        return self.highest + distance(sequence, self.highest & 0xFFFF)

    def report(self) -> tuple[int, int]:
        """(fraction lost since the last call in 1/256, all that was lost as 24 signed bits)."""
        expected = self._expected()
        interval = expected - self._expected_prior
        lost = interval - (self.received - self._received_prior)
        self._expected_prior, self._received_prior = expected, self.received
        fraction = min(255, (lost << 8) // interval) if interval > 0 and lost > 0 else 0
        self.loss = fraction / 256
        return fraction, max(-0x800000, min(0x7FFFFF, self.lost))

    def _expected(self) -> int:
        highest = self._sequences.highest
        return 0 if highest is None else highest - self._first + 1

    def _restart(self, sequence: int) -> None:
        # Two turns further on, so that no number is given twice: NACKs are answered by them, and
        # an old number must never find a new packet (see rewrite.py).
        self.restarts += 1
        self._first = (self.highest | 0xFFFF) + 0x10001 + sequence
        self._sequences.highest = self._first
        self._expected_prior = self._received_prior = self.received = 0
        self._transit = None

    def _measure(self, timestamp: int, now: float) -> None:
        # A.8: the mean deviation of the spacing at arrival from the spacing of the timestamps.
        transit = (now * self._clock_rate - timestamp) % (1 << 32)
        if self._transit is not None:
            difference = abs(transit - self._transit)
            difference = min(difference, (1 << 32) - difference)
            self.jitter += (difference - self.jitter) / 16
        self._transit = transit
