"""Which simulcast layer a viewer gets: the best that flows, up to what its link carries.

What the link carries is decided in viewing.py; the switch itself happens on a keyframe, elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

STALE = 1.0
"""Seconds without a packet after which a layer counts as paused by its publisher, where nothing
told it sooner (see pulse.py)."""

SETTLED = 0.4
"""Seconds a layer must have flowed before anyone is moved up to it."""

RICHER = 1.5
"""Times the bitrate that makes a layer of the same height better: bitrates waver, and each change
costs everybody a keyframe."""


class Layer(Protocol):
    """What the choice needs to know of a layer. `height` in pixels is 0 while unknown."""

    @property
    def height(self) -> int: ...

    @property
    def bitrate(self) -> float: ...

    @property
    def last_packet(self) -> float: ...

    @property
    def stopped(self) -> bool: ...

    @property
    def flowing_since(self) -> float: ...


L = TypeVar("L", bound=Layer)


def choose_layer(layers: Iterable[L], current: L | None, now: float, limit: int | None) -> L | None:
    """The layer to be on now. `limit` is the greatest height wanted, None for any.

    Stays on `current` while nothing better has settled; leaves it when it went stale.
    """
    flowing = [layer for layer in layers if flows(layer, now)]
    if not flowing:
        return current
    fitting = [layer for layer in flowing if limit is None or layer.height <= limit]
    if not fitting:
        return min(flowing, key=quality)
    best = max(fitting, key=quality)
    if current in fitting and (now - best.flowing_since < SETTLED or not _better(best, current)):
        return current
    return best


def flows(layer: Layer, now: float) -> bool:
    """Whether packets of it can be expected."""
    return not layer.stopped and now - layer.last_packet < STALE


def _better(layer: Layer, current: Layer) -> bool:
    if layer.height != current.height:
        return layer.height > current.height
    return layer.bitrate > current.bitrate * RICHER


def quality(layer: Layer) -> tuple[int, float]:
    """What layers are ordered by, the worst first."""
    return layer.height, layer.bitrate
