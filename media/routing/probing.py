"""When to send more than there is to send, to learn whether a viewer's link carries the next layer.

A probe is a ramp: the total rate grows step by step towards its goal and ends at the first
complaint, so that a narrow link is overfilled by one step only, for a moment.
"""

from __future__ import annotations

STEP = 0.4
"""Seconds at each rate of the ramp."""
GROWTH = 1.25
"""From step to step: 300 kbit/s → 1.7 Mbit/s in 3.2 s."""
MARGIN = 1.1
"""Beyond the goal: a rate that wavers must be proven at its least."""
PATIENCE = 4.0
"""Seconds at the top of a ramp without it being proven."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 3.5
"""Seconds between a complaint or a failed probe and the next one; grows by half each time."""


class Probe:
    """The probes of one viewer. `rate` is the total to send now, 0 while there is no probe."""

    __slots__ = ("_at_top", "_begun", "_not_before", "_pause", "_stepped", "rate")

    def __init__(self) -> None:
        self.rate = 0.0
        self._begun = self._stepped = self._not_before = float("-inf")
        self._at_top: float | None = None
        self._pause = FIRST_PAUSE

    def plan(self, now: float, estimate: float | None, goal: float | None, trouble: float) -> float:
        """The total rate to send, in bit/s; 0 for no more than there is.

        `goal` is what the next better picture takes, None when there is none; `trouble` when the
        last complaint came.
        """
        if goal is None or estimate is None or estimate >= goal:
            if self.rate:
                self._pause = FIRST_PAUSE
            self._stop()
            return 0.0
        if self.rate:
            self._go_on(now, goal, trouble)
        elif now >= max(self._not_before, trouble + FIRST_PAUSE):
            self._begun = self._stepped = now
            self.rate = min(estimate * GROWTH, goal * MARGIN)
        return self.rate

    def _go_on(self, now: float, goal: float, trouble: float) -> None:
        top = goal * MARGIN
        if trouble > self._begun or (self._at_top is not None and now - self._at_top > PATIENCE):
            self._not_before = now + self._pause
            self._pause = min(self._pause * 1.5, LONGEST_PAUSE)
            self._stop()
        elif now - self._stepped >= STEP:
            self._stepped = now
            self.rate = min(self.rate * GROWTH, top)
            if self.rate >= top and self._at_top is None:
                self._at_top = now

    def _stop(self) -> None:
        self.rate = 0.0
        self._at_top = None
