"""Which picture one receiver shall get: the best that its link carries, or none for a while."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from media.routing.layers import quality
from media.routing.temporal import ALL, TemporalFilter

if TYPE_CHECKING:
    from media.routing.encoding import Encoding
    from media.routing.publication import Rung

OVERFILL = 1.5
"""Times what the link carries that the best layer's base alone may take while a viewer waits for
the keyframe of a lower one; beyond it, going on would only lose that keyframe too."""


class Aim:
    """`best` is the best layer that the link carries (None: any), `temporal` what is let through of
    the layer that is forwarded. While `paused` the link carries no picture at all."""

    __slots__ = ("_wanted", "best", "paused", "temporal")

    def __init__(self) -> None:
        self.best: Encoding | None = None
        self.paused = False
        self.temporal = TemporalFilter()
        self._wanted = ALL

    def among(self, rungs: Sequence[Rung], layer: Encoding | None) -> int:
        """Which of these pictures a receiver on `layer` gets now, −1 for none of them."""
        found = -1
        for index, rung in enumerate(rungs):
            if rung.encoding is layer and rung.temporal <= self._wanted:
                found = index
        return found

    def take(self, rung: Rung, current: Encoding | None, pending: Encoding | None) -> bool:
        """Aim at this picture from now on; whether the link is so narrow that nothing should be
        sent of `current` until the keyframe of `pending` comes."""
        self.paused = False
        self.best = rung.encoding
        self._wanted = rung.temporal if rung.temporal < rung.encoding.rates.top else ALL
        if current is None or current is rung.encoding:
            self.temporal.target = self._wanted
        elif quality(current) < quality(rung.encoding):
            self.temporal.target = ALL
        else:
            self.temporal.target = 0
            return pending is rung.encoding and current.rates.upto(0) > OVERFILL * rung.rate
        return False

    def begin(self) -> None:
        """The keyframe of the layer aimed at is here."""
        self.temporal.target = self._wanted
        self.temporal.restart()
