"""The bit rate of one incoming layer, smoothed, by temporal layer."""

from __future__ import annotations

WINDOW = 0.5
WEIGHT = 0.3
"""Of each window: a keyframe's burst shall not look like a richer layer."""
_LAYERS = 8


class LayerRates:
    """`count` once per packet; `upto` whenever somebody chooses. What stopped keeps its last rate:
    that is what it will take when it comes back."""

    __slots__ = ("_bytes", "_rates", "_since", "top")

    def __init__(self) -> None:
        self._bytes = [0] * _LAYERS
        self._rates = [0.0] * _LAYERS
        self._since = float("-inf")
        self.top = 0
        """The highest temporal layer seen."""

    def count(self, length: int, temporal: int, now: float) -> None:
        """A packet of this temporal layer (0 where the stream has none)."""
        elapsed = now - self._since
        if elapsed >= WINDOW:
            self._roll(elapsed, now)
        self._bytes[temporal] += length
        self.top = max(self.top, temporal)

    def upto(self, temporal: int) -> float:
        """bit/s of the layers 0..`temporal`; 0 while nothing was measured."""
        return sum(self._rates[: temporal + 1])

    @property
    def total(self) -> float:
        return sum(self._rates)

    def _roll(self, elapsed: float, now: float) -> None:
        # After a pause the window says nothing of the rate.
        if elapsed < 2 * WINDOW:
            first = not self.total
            for layer, size in enumerate(self._bytes):
                rate = size * 8 / elapsed
                self._rates[layer] += (rate - self._rates[layer]) * (1.0 if first else WEIGHT)
        self._bytes = [0] * _LAYERS
        self._since = now
