"""How fast one socket may talk: a token bucket, and what happens to those who ignore it."""

from __future__ import annotations

from collections import deque
from enum import Enum, auto

PER_SECOND = 50.0
BUCKET = 100.0
TELL_EVERY = 1.0
DROPPED_MAX = 500
WITHIN = 10.0


class Verdict(Enum):
    PASS = auto()
    DROP = auto()
    DROP_AND_TELL = auto()
    CLOSE = auto()


class Flood:
    """50 messages a second, 100 at once; 500 dropped within 10 s are too many."""

    def __init__(self, now: float) -> None:
        self._full_at = now * PER_SECOND
        """When the bucket is full again, in tokens: one number for what is in it and since when."""
        self._told_at = float("-inf")
        self._dropped: deque[float] = deque(maxlen=DROPPED_MAX)

    def passes(self, now: float) -> bool:
        """Whether a message that arrived now may be dealt with. If not, nothing is noted yet."""
        at, full_at = now * PER_SECOND, self._full_at
        full_at = (full_at if full_at > at else at) + 1
        if full_at - at > BUCKET:
            return False
        self._full_at = full_at
        return True

    def take(self, now: float) -> Verdict:
        """What to do with a message that arrived now."""
        if self.passes(now):
            return Verdict.PASS
        self._dropped.append(now)
        if len(self._dropped) == DROPPED_MAX and now - self._dropped[0] <= WITHIN:
            return Verdict.CLOSE
        if now - self._told_at < TELL_EVERY:
            return Verdict.DROP
        self._told_at = now
        return Verdict.DROP_AND_TELL
