"""Which packets a receiver may have again (RFC 4585, 6.2.1).

NACKs are bounded three ways: so many numbers are looked at in an interval, each is answered once
a round trip, and all answers together take no more than a share of what the stream itself took.
"""

from __future__ import annotations

from collections import OrderedDict

MAX_ASKED, INTERVAL = 1024, 0.05
"""Numbers looked at in so many seconds: a lying receiver costs a millisecond of CPU at most."""
SHARE = 0.5
"""Bytes of answers per byte of stream: enough for a third of all packets lost."""
FIRST_CREDIT, MAX_CREDIT = 64_000, 256_000
"""Bytes at the beginning, when a keyframe is all there was; and saved up, a lost burst of 2 Mbit/s
for a second."""
FIRST_RTT, MIN_RTT = 0.03, 0.01
_REMEMBERED = 512


class Allowance:
    """The bounds of one outgoing stream's answers; `octets` is always what the stream itself has
    sent so far."""

    __slots__ = ("_answered", "_asked", "_credit", "_octets", "_since")

    def __init__(self) -> None:
        self._answered: OrderedDict[int, float] = OrderedDict()
        self._asked = 0
        self._since = float("-inf")
        self._credit: float = FIRST_CREDIT
        self._octets = 0

    def look(self, now: float) -> bool:
        """Whether one more number may be looked at."""
        if now - self._since >= INTERVAL:
            self._since, self._asked = now, 0
        self._asked += 1
        return self._asked <= MAX_ASKED

    def grant(self, number: int, size: int, octets: int, now: float, rtt: float | None) -> bool:
        """Whether packet `number` of `size` bytes may go out again. `rtt` None: not known."""
        answered = self._answered.get(number)
        wait = FIRST_RTT if rtt is None else max(rtt, MIN_RTT)
        # A receiver that repeats itself before the answer can be there, asks for the same one.
        if answered is not None and now - answered < wait:
            return False
        self._credit = min(self._credit + (octets - self._octets) * SHARE, MAX_CREDIT)
        self._octets = octets
        if size > self._credit:
            return False
        self._credit -= size
        self._answered[number] = now
        self._answered.move_to_end(number)
        if len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        return True

    def exclude(self, octets: int) -> None:
        """These of the stream's octets are an answer themselves: they earn no others."""
        self._octets += octets
