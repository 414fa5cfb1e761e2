"""One viewer's bit rate among the videos it watches: sound first, then pictures, rung by rung.

A *rung* is a picture that can be had: a simulcast layer, perhaps without its highest temporal
layer (half the frames). Rungs are ordered by how good they are; only their rates are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PAUSED = -1

HEADROOM = 1.15
"""Times its rate that must be free before a rung is climbed. Stepping down needs no margin: the
difference between the two is the hysteresis."""

TOLERANCE = 1.05
"""Times the share that a rung may take and still be kept: measured rates waver."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one video as bit/s, the worst picture first; `current` is where it is now."""

    rates: tuple[float, ...]
    current: int = PAUSED


def allocate(budget: float, sound: float, ladders: Sequence[Ladder]) -> list[int]:
    """The rung for each video, PAUSED where not even the first fits beside the sound.

    Videos come in the order of their importance: each gets its first rung before any gets a
    second, and so on upwards.
    """
    free = budget - sound
    chosen = [PAUSED] * len(ladders)
    rung = 0
    while True:
        climbed = False
        for index, ladder in enumerate(ladders):
            if rung >= len(ladder.rates):
                continue
            climbed = True
            spent = ladder.rates[chosen[index]] if chosen[index] != PAUSED else 0.0
            if fits(ladder.rates[rung], free + spent, kept=rung <= ladder.current):
                free += spent - ladder.rates[rung]
                chosen[index] = rung
        if not climbed:
            return chosen
        rung += 1


def fits(rate: float, free: float, *, kept: bool) -> bool:
    """Whether a rung may be taken: one that is kept (or lies below it) needs no headroom."""
    return rate <= free * TOLERANCE if kept else rate * HEADROOM <= free


def next_goal(sound: float, ladders: Sequence[Ladder], chosen: Sequence[int]) -> float | None:
    """The total that the next better picture of any video takes; None when all are on top."""
    spent = sound + sum(
        ladder.rates[rung] for ladder, rung in zip(ladders, chosen, strict=True) if rung != PAUSED
    )
    steps = []
    for ladder, rung in zip(ladders, chosen, strict=True):
        now = ladder.rates[rung] if rung != PAUSED else 0.0
        better = [rate for rate in ladder.rates[rung + 1 :] if rate > now]
        if better:
            steps.append(spent - now + better[-1] * HEADROOM)
    return min(steps, default=None)
