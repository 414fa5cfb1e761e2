"""Who was let into a live just now: a player asks four times a second, the database need not be.

A block, or the end of a live, is heeded some seconds later.
"""

from __future__ import annotations

from wagu.domain.live import LiveId
from wagu.domain.person import MemberId

FOR = 5.0
"""Seconds."""
MOST = 10_000
"""Admissions; beyond, the oldest is forgotten, and asked for again. Guests share one a live."""

Key = tuple[LiveId, MemberId | None]


class Admissions:
    """`now` in seconds."""

    def __init__(self) -> None:
        self._until: dict[Key, float] = {}

    def has(self, live: LiveId, viewer: MemberId | None, now: float) -> bool:
        return self._until.get((live, viewer), now) > now

    def admit(self, live: LiveId, viewer: MemberId | None, now: float) -> None:
        key = live, viewer
        self._until.pop(key, None)  # so that the first of the dict is the oldest
        self._until[key] = now + FOR
        if len(self._until) > MOST:
            del self._until[next(iter(self._until))]
