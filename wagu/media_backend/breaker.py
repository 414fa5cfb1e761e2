"""When a server elsewhere is asked again, and when it is left alone. Pure: `now` is monotonic.

closed ──failures in a row──▶ open ──after a while──▶ one trial ──answer──▶ closed
                               ▲                           │
                               └────────── failure ────────┘
"""

from __future__ import annotations

OPENS_AFTER = 4
OPEN_FOR = 5.0
"""Failures in a row, and the seconds for which nobody waits for a server that is down."""

MOST_RETRIES = 10
ANSWERS_FOR_ONE = 10
"""Retries saved up at most, and the answered calls that earn one: in bad times they add a tenth to
the load."""


class Breaker:
    def __init__(self) -> None:
        self._failures = 0
        self._closed_again: float | None = None

    @property
    def is_closed(self) -> bool:
        return self._closed_again is None

    def allows(self, now: float) -> bool:
        """Whether to ask. After the wait it is for one caller at a time."""
        if self._closed_again is None:
            return True
        if now < self._closed_again:
            return False
        self._closed_again = now + OPEN_FOR  # the others wait for what comes of this trial
        return True

    def answered(self) -> None:
        self._failures = 0
        self._closed_again = None

    def failed(self, now: float) -> None:
        self._failures += 1
        if self._failures >= OPENS_AFTER:
            self._closed_again = now + OPEN_FOR


class Budget:
    """Of retries, over all calls together."""

    def __init__(self) -> None:
        self._saved = MOST_RETRIES * ANSWERS_FOR_ONE

    def earn(self) -> None:
        self._saved = min(MOST_RETRIES * ANSWERS_FOR_ONE, self._saved + 1)

    def spend(self) -> bool:
        if self._saved < ANSWERS_FOR_ONE:
            return False
        self._saved -= ANSWERS_FOR_ONE
        return True
