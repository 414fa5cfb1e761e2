"""Which packets of one incoming stream to ask for again, and when (generic NACK, RFC 4585, 6.2.1).

A gap is asked for once it can no longer be mere reordering, again after each round trip, and
given up after a bounded time and number of tries: then only a keyframe helps.
Numbers are unwrapped. A packet in order costs two comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass

REORDER_PACKETS = 3
REORDER_WAIT = 0.015
"""A gap is a loss after this many packets behind it, or seconds, whichever comes first."""
MAX_TRIES = 10
MAX_AGE = 1.0
"""Seconds; a receiver's jitter buffer has given the picture up by then."""
MAX_MISSING = 256
"""Packets missed at a time. Who misses more is on a link that resends would only fill further."""
FIRST_RTT, MIN_RTT, MAX_RTT = 0.1, 0.02, 0.5
BACKOFF = 1.25
"""Each interval is as many times the one before: retries must not fill a link that is full."""

REMEMBERED = 2048
"""Packets known to have come again; SRTP lets nothing older than 1024 through."""

_NEVER = float("inf")


@dataclass(slots=True)
class _Missing:
    since: float
    """When it was missed."""
    asked_at: float
    tries: int
    next_at: float


class Losses:
    """`next_at` is when `ask` has something to do, infinity while nothing is missing.

    `rtt` in seconds is measured on what comes again after one asking (`measured_rtt`: None before
    there was any). `hopeless` counts how often
    something was given up. `repaired` are the newest numbers that came by a retransmission: their
    originals may still straggle in, and must not go out a second time under the same number.
    """

    __slots__ = (
        "_highest",
        "_measured",
        "_missing",
        "hopeless",
        "next_at",
        "recovered",
        "repaired",
        "rtt",
    )

    def __init__(self) -> None:
        self._highest: int | None = None
        self._missing: dict[int, _Missing] = {}
        self.next_at = _NEVER
        self.rtt = FIRST_RTT
        self._measured = False
        self.recovered = self.hopeless = 0
        self.repaired: dict[int, None] = {}

    def __len__(self) -> int:
        return len(self._missing)

    @property
    def measured_rtt(self) -> float | None:
        return self.rtt if self._measured else None

    def misses(self, sequence: int) -> bool:
        """Whether this packet is still awaited."""
        return sequence in self._missing

    def received(self, sequence: int, now: float) -> bool:
        """A packet came, in whatever order. False when so much is missing that none is asked for:
        the picture needs a keyframe."""
        highest = self._highest
        if highest is None or sequence == highest + 1:
            self._highest = sequence
            if self._missing:
                self._hasten(sequence, now)
            return True
        if sequence <= highest:
            self._found(sequence, now)
            return True
        self._highest = sequence
        if sequence - highest - 1 + len(self._missing) > MAX_MISSING:
            self.forget()
            self.hopeless += 1
            return False
        first_at = now + REORDER_WAIT
        for number in range(highest + 1, sequence):
            self._missing[number] = _Missing(now, 0.0, 0, first_at)
        self.next_at = min(self.next_at, first_at)
        self._hasten(sequence, now)
        return True

    def admits(self, sequence: int, again: bool) -> bool:
        """Whether a packet may go on; not an original whose repair did (`again`: it is one)."""
        if not again:
            return sequence not in self.repaired
        self.repaired[sequence] = None
        if len(self.repaired) > REMEMBERED:
            del self.repaired[next(iter(self.repaired))]
        return True

    def ask(self, now: float) -> tuple[list[int], bool]:
        """(numbers to ask for now, in ascending order; whether something was given up)."""
        if now < self.next_at:
            return [], False
        due: list[int] = []
        lost: list[int] = []
        for number, missing in self._missing.items():
            if missing.tries >= MAX_TRIES or now - missing.since > MAX_AGE:
                lost.append(number)
            elif missing.next_at <= now:
                missing.asked_at = now
                missing.next_at = now + self.rtt * BACKOFF ** (missing.tries + 1)
                missing.tries += 1
                due.append(number)
        for number in lost:
            del self._missing[number]
        self.hopeless += bool(lost)
        self._plan()
        due.sort()
        return due, bool(lost)

    def forget(self, before: int | None = None) -> None:
        """Nothing missing is wanted any more, or nothing `before` a number (a keyframe's first)."""
        if before is None:
            self._missing.clear()
        else:
            for number in [each for each in self._missing if each < before]:
                del self._missing[number]
        self._plan()

    def restart(self) -> None:
        """The sender began anew: what was missing will never come."""
        self._highest = None
        self.forget()

    def _hasten(self, sequence: int, now: float) -> None:
        """What was overtaken by enough packets is lost, however little time went by."""
        # New gaps are last, and older ones were hastened before: the last few tell.
        for number in reversed(self._missing):
            missing = self._missing[number]
            if missing.tries or missing.next_at <= now:
                break
            if sequence - number >= REORDER_PACKETS:
                missing.next_at = self.next_at = now

    def _found(self, sequence: int, now: float) -> None:
        missing = self._missing.pop(sequence, None)
        if missing is None:
            return
        if missing.tries:
            self.recovered += 1
        if missing.tries == 1:
            # Karn: after a second asking nobody knows which was answered.
            trip = min(max(now - missing.asked_at, MIN_RTT), MAX_RTT)
            self.rtt += (trip - self.rtt) / 8
            self._measured = True
        if not self._missing:
            self.next_at = _NEVER

    def _plan(self) -> None:
        self.next_at = min((each.next_at for each in self._missing.values()), default=_NEVER)
