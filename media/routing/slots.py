"""Whose voice is heard in which slot: everyone while they fit, then those who speak."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def assign_slots(
    current: Sequence[K | None], others: Sequence[K], speaking: Sequence[K]
) -> tuple[K | None, ...]:
    """The new occupation of one listener's slots.

    `others` are all who could be heard, the one most worth hearing first; `speaking` those who
    speak now. A seat is kept as long as its holder is there: a free one goes to the best of those
    without, and only a speaker may take the seat of somebody who is silent (the least worth
    hearing of them), so that nobody is cut off in the middle of a word.
    """
    present = set(others)
    slots: list[K | None] = [key if key in present else None for key in current]
    seated = {key for key in slots if key is not None}
    waiting = [key for key in others if key not in seated]

    for index, holder in enumerate(slots):
        if holder is None and waiting:
            slots[index] = waiting.pop(0)

    talking = set(speaking)
    rank = {key: place for place, key in enumerate(others)}
    for key in waiting:
        if key not in talking:
            continue
        silent = [
            (rank[holder], index)
            for index, holder in enumerate(slots)
            if holder is not None and holder not in talking
        ]
        if not silent:
            break
        slots[max(silent)[1]] = key
    return tuple(slots)
