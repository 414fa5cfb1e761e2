"""What a probe receives: pictures as they are shown, and whether they stand still."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

REMEMBERED = 30


@dataclass(frozen=True, slots=True)
class Picture:
    """Times in seconds; `first` from the beginning, None before the first frame. `switches`: how
    often the size changed, as it does with the layer."""

    frames: int = 0
    width: int = 0
    height: int = 0
    first: float | None = None
    freezes: int = 0
    frozen: float = 0.0
    switches: int = 0


class Screen:
    """Frames in, figures out. A freeze is what the W3C's `freezeCount` says: a gap longer than
    three usual ones, and than a usual one by 150 ms."""

    def __init__(self, begun: float) -> None:
        self._begun = begun
        self._seen = Picture()
        self._last = 0.0
        self._gaps: deque[float] = deque(maxlen=REMEMBERED)

    def show(self, now: float, width: int, height: int) -> None:
        seen, gap = self._seen, now - self._last
        frozen = self._frozen(gap)
        if seen.frames:
            self._gaps.append(gap)
        self._last = now
        self._seen = Picture(
            seen.frames + 1,
            width,
            height,
            now - self._begun if seen.first is None else seen.first,
            seen.freezes + bool(frozen),
            seen.frozen + frozen,
            seen.switches + (seen.frames > 0 and (seen.width, seen.height) != (width, height)),
        )

    def read(self, now: float) -> Picture:
        """A freeze that goes on counts too."""
        seen = self._seen
        frozen = self._frozen(now - self._last)
        return replace(seen, freezes=seen.freezes + bool(frozen), frozen=seen.frozen + frozen)

    def _frozen(self, gap: float) -> float:
        if not self._gaps:
            return 0.0
        usual = sum(self._gaps) / len(self._gaps)
        return gap if gap > max(3 * usual, usual + 0.15) else 0.0
