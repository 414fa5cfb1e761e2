"""Temporal layers: which frames of a stream a viewer gets (RFC 7741, RFC 9628, AV1 RTP A.8).

Leaving out the highest temporal layer halves the frame rate and needs no keyframe. Going down is
possible at every frame, going up only where the stream says so.
"""

from __future__ import annotations

ALL = 7
"""More temporal layers than any format can name."""


class TemporalFilter:
    """`target` is the highest temporal layer wanted, `current` the highest that is let through."""

    __slots__ = ("current", "target")

    def __init__(self) -> None:
        self.current = self.target = ALL

    def restart(self) -> None:
        """A keyframe begins: all layers can be had from here."""
        self.current = self.target

    def passes(self, layer: int, reach: int, from_layer: int) -> bool:
        """Whether a frame of this temporal layer goes on (−1: the stream tells nothing).

        `reach` is the layer up to which one may move with this frame, if one has the layers up to
        `from_layer` already; −1 where it is no such frame.
        """
        if layer < 0:
            return True
        if self.target < self.current:
            self.current = self.target
        elif self.target > self.current and from_layer <= self.current < reach:
            self.current = min(reach, self.target)
        return layer <= self.current
